"""`python -m tests.fake_google --port 8082`: a server to drive by hand; it prints the variables to set."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from tests.fake_google.server import FakeGoogle


async def serve(options: argparse.Namespace) -> None:
    google = FakeGoogle(
        port=options.port,
        requests_per_minute=options.requests_per_minute,
        tokens_per_minute=options.tokens_per_minute,
        requests_per_day=options.requests_per_day,
        minute=options.minute,
    )
    async with google:
        print(f"export GOOGLE_API_BASE={google.url} GOOGLE_API_KEY={google.key}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--requests-per-minute", type=int, default=100)
    parser.add_argument("--tokens-per-minute", type=int, default=30_000)
    parser.add_argument("--requests-per-day", type=int, default=1_000)
    parser.add_argument("--minute", type=float, default=60.0, help="seconds that a minute of the allowance lasts")
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
