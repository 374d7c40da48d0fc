"""`python -m tests.fake_slack`: a Slack to drive the bot by hand; prints what the bot needs in its environment."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path

from tests.by_hand import talk
from tests.fake_slack.prompt import HELP, Prompt
from tests.fake_slack.server import FakeSlack

MANIFEST = Path(__file__).parents[2] / "bot" / "slack" / "manifest.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--http", default="", metavar="URL", help="deliver signed requests there, not over Socket Mode")
    parser.add_argument("--limits", action="store_true", help="apply Slack's rate limits")
    parser.add_argument("--no-streaming", action="store_true", help="be a workspace without chat.startStream")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(options))


async def run(options: argparse.Namespace) -> None:
    async with FakeSlack(manifest=MANIFEST, port=options.port) as slack:
        slack.limits.enforced = options.limits
        slack.deliveries.retry_delays = (1.0, 5.0, 15.0)
        if options.http:
            await slack.use_http(options.http)
        if options.no_streaming:
            slack.disable_streaming()
        print("\n".join(f"export {name}={value}" for name, value in slack.environ.items()), flush=True)
        print(f"\n{HELP}\n", flush=True)
        await talk(Prompt(slack, lambda line: print(line, flush=True)))


if __name__ == "__main__":
    main()
