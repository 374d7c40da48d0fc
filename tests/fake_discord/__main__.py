"""`python -m tests.fake_discord`: a Discord to drive the bot by hand; prints what the bot needs in its environment."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from tests.by_hand import talk
from tests.fake_discord.prompt import HELP, Prompt
from tests.fake_discord.server import FakeDiscord


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--limits", action="store_true", help="apply Discord's rate limits")
    parser.add_argument("--no-content", action="store_true", help="switch the message-content intent off")
    parser.add_argument("--no-members", action="store_true", help="switch the members intent off")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(options))


async def run(options: argparse.Namespace) -> None:
    async with FakeDiscord(port=options.port) as discord:
        discord.limits.enforced = options.limits
        discord.app.intents -= {"message_content"} if options.no_content else set()
        discord.app.intents -= {"members"} if options.no_members else set()
        print("\n".join(f"export {name}={value}" for name, value in discord.environ.items()), flush=True)
        print(f"\n{HELP}\n", flush=True)
        await talk(Prompt(discord, lambda line: print(line, flush=True)))


if __name__ == "__main__":
    main()
