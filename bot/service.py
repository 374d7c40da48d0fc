"""What `askdocs run` runs: every adapter whose token is set; with none, the terminal chat."""

from __future__ import annotations

from bot.settings import Settings
from bot.terminal.session import run_chat
from ingest.documents import WORKSPACE_SCOPE, Scopes


async def run_service(settings: Settings) -> None:
    await run_chat(settings, Scopes("local", frozenset({WORKSPACE_SCOPE})))
