"""Which commands there are: `/askdocs` with its subcommands and the menu of a message, as they are told to Discord."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import discord
import structlog
from discord import app_commands

from bot.commands import ForgetNamed, PageOf, ScopeOf, Simple
from bot.discord import render
from bot.discord.asking import AskCommand
from bot.discord.commands import SlashCommands
from bot.discord.interactions import RESPONDED, Interaction
from bot.discord.sending import delivering
from bot.discord.suggestions import Suggestions
from bot.errors import DeliveryError
from bot.marks import Marks
from bot.tasks import Tasks
from ingest.logs import where

log = structlog.get_logger(__name__)

_SIMPLE = {
    "help": "How to use me",
    "docs": "List the documents that you may ask about",
    "status": "What is indexed and what is under way",
    "watch": "Index every PDF that is posted here",
    "unwatch": "Index no more of what is posted here",
    "why": "How the last answer here came about",
}


class Tree:
    """What people may type after `/askdocs`."""

    def __init__(
        self,
        client: discord.Client,
        marks: Marks,
        slash: SlashCommands,
        asking: AskCommand,
        suggestions: Suggestions,
        tasks: Tasks,
    ) -> None:
        self._client = client
        self._marks = marks
        self._slash = slash
        self._asking = asking
        self._suggestions = suggestions
        self._tasks = tasks
        self._tree = app_commands.CommandTree(client)
        self._tree.error(_broke)
        self._tree.add_command(self._group())
        self._tree.add_command(self._menu())

    def _group(self) -> app_commands.Group:
        group = app_commands.Group(name=render.COMMAND.removeprefix("/"), description="Ask the team's documents")
        self._add_ask(group)
        self._add_named(group)
        self._add_upload(group)
        for word, description in _SIMPLE.items():
            self._add_simple(group, word, description)
        return group

    def _add_ask(self, group: app_commands.Group) -> None:
        @group.command(name="ask", description="Ask the documents that you may read")
        @app_commands.describe(
            question="What you want to know", document="Only in this one", private="Only you see the answer"
        )
        async def ask(
            interaction: Interaction, question: str, document: str | None = None, private: bool = False
        ) -> None:
            responded = await interaction.response.defer(ephemeral=private, thinking=True)
            deferred = (responded.message_id if responded else None) or 0
            work = self._asking.answer(interaction, deferred, question, document or "", is_private=private)
            self._tasks.start(work)

        ask.autocomplete("document")(self._suggestions.offer)

    def _add_upload(self, group: app_commands.Group) -> None:
        @group.command(name="upload", description="Add a PDF to the documents of this place")
        @app_commands.describe(file="The PDF")
        async def upload(interaction: Interaction, file: discord.Attachment) -> None:
            await self._slash.upload(interaction, file)

    def _menu(self) -> app_commands.ContextMenu:
        async def index(interaction: Interaction, message: discord.Message) -> None:
            await self._slash.index(interaction, message)

        return app_commands.ContextMenu(name=render.INDEX_MENU, callback=index)

    def _add_simple(self, group: app_commands.Group, word: str, description: str) -> None:
        @group.command(name=word, description=description)
        async def simple(interaction: Interaction) -> None:
            await self._slash.run(interaction, Simple(word))

    def _add_named(self, group: app_commands.Group) -> None:
        @group.command(name="page", description="Show a page of a document")
        async def page(interaction: Interaction, document: str, page: app_commands.Range[int, 1, 100_000]) -> None:
            await self._slash.run(interaction, PageOf(document, page))

        @group.command(name="forget", description="Forget a document")
        async def forget(interaction: Interaction, document: str) -> None:
            await self._slash.run(interaction, ForgetNamed(document))

        @group.command(name="scope", description="Say who may read a document")
        @app_commands.choices(
            readers=[
                app_commands.Choice(name="everybody here", value="workspace"),
                app_commands.Choice(name="this channel", value="channel"),
            ]
        )
        async def scope(interaction: Interaction, document: str, readers: str) -> None:
            await self._slash.run(interaction, ScopeOf(document, readers == "workspace"))

        page.autocomplete("document")(self._suggestions.offer)
        forget.autocomplete("document")(self._suggestions.offer)
        scope.autocomplete("document")(self._suggestions.offer)

    async def sync(self, guilds: tuple[str, ...], application: int) -> None:
        """Tell Discord our commands, if they have changed since we did; without it, those of before are there."""
        ours = [one.to_dict(self._tree) for one in self._tree.get_commands()]
        version = float(crc32(str(ours).encode()))
        beginning = f"discord:commands:{application}:"
        wanted = {f"{beginning}{guild}" for guild in guilds or ("",)}
        known = await self._marks.moments(beginning)
        for mark in sorted(wanted | known.keys()):
            guild = mark.removeprefix(beginning)
            try:
                if mark not in wanted:
                    await self._tell(application, guild, [])
                    await self._marks.forget(mark)
                elif known.get(mark) != version:
                    await self._tell(application, guild, ours)
                    await self._marks.set(mark, version)
            except DeliveryError as error:
                log.warning("commands_not_synced", guild=guild, error=type(error).__name__)

    async def _tell(self, application: int, guild: str, told: list[dict[str, Any]]) -> None:
        """Put these in the place of all commands, of one guild or of all."""
        http = self._client.http
        with delivering():
            if guild:
                await http.bulk_upsert_guild_commands(application, int(guild), told)
            else:
                await http.bulk_upsert_global_commands(application, told)
        log.info("commands_synced", guild=guild, count=len(told))


async def _broke(_: Interaction, error: app_commands.AppCommandError) -> None:
    """A command broke before it was deferred; one that another process responded to is that one's."""
    cause = error.__cause__ or error
    if isinstance(cause, discord.HTTPException) and cause.code in RESPONDED:
        log.debug("command_is_anothers")
    elif isinstance(cause, Exception):
        log.error("command_broke", error=type(cause).__name__, at=where(cause))
