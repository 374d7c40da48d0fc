"""`python -m tests.fake_llm --port 8081`: a server to drive by hand; it prints the variables to set."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from tests.fake_llm import FakeLlm, Quota, model
from tests.fake_llm.script import Reply


async def serve(options: argparse.Namespace) -> None:
    reply = Reply(options.reply, token_seconds=options.token_seconds) if options.reply else None
    llm = FakeLlm(port=options.port, key=options.key, reply=reply)
    for name in options.model:
        llm.models["groq"].append(model(name))
    if options.tokens_per_minute:
        for entry in llm.models["groq"]:
            llm.quotas[str(entry["id"])] = Quota(tokens_per_minute=options.tokens_per_minute)
    async with llm:
        print(f"export GROQ_BASE_URL={llm.url} GROQ_API_KEY={options.key or 'any'}")
        print(f"export OPENAI_BASE_URL={llm.openai_url}")
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--key", default="", help="refuse every other API key")
    parser.add_argument("--model", action="append", default=[], help="also serve this id on Groq's wire")
    parser.add_argument("--tokens-per-minute", type=int, default=0, help="count an allowance, as the free plan does")
    parser.add_argument("--reply", default="", help="say this always, instead of answering from the Sources")
    parser.add_argument("--token-seconds", type=float, default=0.0)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
