"""Documents that are offered while somebody types a name."""

from __future__ import annotations

import structlog
from discord import app_commands

from bot.access import Audience
from bot.core import Core
from bot.discord import render
from bot.discord.directory import Directory
from bot.discord.interactions import Interaction, channel_of
from bot.errors import BotError
from bot.tasks import Tasks
from ingest.documents import Document
from ingest.errors import IngestError

log = structlog.get_logger(__name__)


class Suggestions:
    """Looks up what may be meant."""

    def __init__(self, core: Core, directory: Directory, tasks: Tasks) -> None:
        self._core = core
        self._directory = directory
        self._tasks = tasks

    async def offer(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Offer documents that the asker may read; nothing where that cannot be said now."""
        try:
            return await self._tasks.result(self._fitting(interaction, current))
        except (BotError, IngestError) as error:
            log.info("nothing_suggested", error=type(error).__name__)
            return []

    async def _fitting(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        channel, user = channel_of(interaction), interaction.user.id
        guilds = await self._directory.guilds(channel, user)
        found: list[Document] = []
        places: dict[str, str] = {}
        for guild in guilds:
            scopes = await self._directory.scopes(channel, user, Audience.ASKER, guild)
            for one in await self._core.index.documents(scopes):
                if current.casefold() in one.name.casefold():
                    found.append(one)
                    readers = self._directory.readers(one.scope)
                    places[one.id] = readers if len(guilds) == 1 else f"{guild.name}, {readers}"
        found.sort(key=lambda one: one.name)
        return [app_commands.Choice(name=one.label, value=one.value) for one in render.suggestions(found, places)]
