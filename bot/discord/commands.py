"""The slash command `/askdocs` with its subcommands, and how its answers are shown."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import discord
import structlog
from discord import app_commands

from bot import commands, notices
from bot.access import Audience
from bot.boundary import guarded
from bot.commands import Caller, Confirm, HelpText, Listing, Notice, PageOf, Picture, Result, ScopeOf, Simple
from bot.conversation import new_question_id
from bot.core import Core
from bot.discord import permissions, render
from bot.discord.asking import AskCommand
from bot.discord.directory import Directory
from bot.discord.events import discord_file
from bot.discord.interactions import RESPONDED, Interaction, channel_of, found_at, say
from bot.discord.pictures import picture_arguments
from bot.discord.pieces import DiscordMessage
from bot.discord.sending import arguments, delivering
from bot.discord.uploads import DiscordUploads, refusal
from bot.errors import BotError, DeliveryError
from bot.memory import Thread
from bot.tasks import Tasks
from ingest.documents import Document
from ingest.errors import IngestError
from ingest.logs import where

log = structlog.get_logger(__name__)

COMMAND = render.COMMAND


class SlashCommands:
    """What people type after `/askdocs`."""

    def __init__(
        self, core: Core, client: discord.Client, directory: Directory, uploads: DiscordUploads, tasks: Tasks
    ) -> None:
        self._core = core
        self._client = client
        self._directory = directory
        self._uploads = uploads
        self._asking = AskCommand(core, directory)
        self._tasks = tasks
        self.tree = app_commands.CommandTree(client)
        self.tree.error(_broke)
        self.tree.add_command(self._group())
        self.tree.add_command(self._menu())

    def _group(self) -> app_commands.Group:
        group = app_commands.Group(name=COMMAND.removeprefix("/"), description="Ask the team's documents")
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

        ask.autocomplete("document")(self._suggest)

    def _add_upload(self, group: app_commands.Group) -> None:
        @group.command(name="upload", description="Add a PDF to the documents of this place")
        @app_commands.describe(file="The PDF")
        async def upload(interaction: Interaction, file: discord.Attachment) -> None:
            why = refusal(file, self._uploads.max_bytes)
            if interaction.guild is not None and not interaction.app_permissions.view_channel:
                why = notices.NOT_IN_CHANNEL
            if why:
                await interaction.response.send_message(**arguments(render.notice(why)), ephemeral=True)
                return
            await interaction.response.defer(thinking=True)
            self._tasks.start(self.guarded(interaction, self._take_given(interaction, file)))

    def _menu(self) -> app_commands.ContextMenu:
        async def index(interaction: Interaction, message: discord.Message) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            self._tasks.start(self.guarded(interaction, self._index(interaction, message)))

        return app_commands.ContextMenu(name=render.INDEX_MENU, callback=index)

    def _add_simple(self, group: app_commands.Group, word: str, description: str) -> None:
        @group.command(name=word, description=description)
        async def simple(interaction: Interaction) -> None:
            await self._run(interaction, Simple(word))

    def _add_named(self, group: app_commands.Group) -> None:
        @group.command(name="page", description="Show a page of a document")
        async def page(interaction: Interaction, document: str, page: app_commands.Range[int, 1, 100_000]) -> None:
            await self._run(interaction, PageOf(document, page))

        @group.command(name="forget", description="Forget a document")
        async def forget(interaction: Interaction, document: str) -> None:
            await self._run(interaction, commands.ForgetNamed(document))

        @group.command(name="scope", description="Say who may read a document")
        @app_commands.choices(
            readers=[
                app_commands.Choice(name="everybody here", value="workspace"),
                app_commands.Choice(name="this channel", value="channel"),
            ]
        )
        async def scope(interaction: Interaction, document: str, readers: str) -> None:
            await self._run(interaction, ScopeOf(document, readers == "workspace"))

        page.autocomplete("document")(self._suggest)
        forget.autocomplete("document")(self._suggest)
        scope.autocomplete("document")(self._suggest)

    async def sync(self, guilds: tuple[str, ...], application: int) -> None:
        """Tell Discord our commands, if they have changed since we did; without it, those of before are there."""
        ours = [one.to_dict(self.tree) for one in self.tree.get_commands()]
        version = float(crc32(str(ours).encode()))
        beginning = f"discord:commands:{application}:"
        wanted = {f"{beginning}{guild}" for guild in guilds or ("",)}
        known = await self._core.marks.moments(beginning)
        for mark in sorted(wanted | known.keys()):
            guild = mark.removeprefix(beginning)
            try:
                if mark not in wanted:
                    await self._tell(application, guild, [])
                    await self._core.marks.forget(mark)
                elif known.get(mark) != version:
                    await self._tell(application, guild, ours)
                    await self._core.marks.set(mark, version)
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

    async def _suggest(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
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

    # Carrying out.

    async def _run(self, interaction: Interaction, command: commands.Command) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._tasks.start(self.guarded(interaction, self._carry_out(interaction, command)))

    async def _carry_out(self, interaction: Interaction, command: commands.Command) -> None:
        guilds = await self._directory.guilds(channel_of(interaction), interaction.user.id)
        result = await self._result(interaction, command, guilds)
        if command == Simple("watch") and isinstance(result, Notice):
            result = Notice(" ".join([result.text, *self._obstacles(interaction)]))
        await self.show(interaction, result)

    async def _result(
        self, interaction: Interaction, command: commands.Command, guilds: Sequence[discord.Guild]
    ) -> Result:
        """Carry a command out; in a direct message, for all guilds that it may mean."""

        async def run(guild: discord.Guild) -> Result:
            return await self._core.commands.run(command, await self.caller(interaction, guild), COMMAND)

        if len(guilds) > 1 and command == Simple("docs"):
            listings = [result for guild in guilds if isinstance(result := await run(guild), Listing)]
            return Listing(tuple(document for listing in listings for document in listing.documents))
        if len(guilds) > 1 and command == Simple("status"):
            told = [
                f"{guild.name}: {result.text}" for guild in guilds if isinstance(result := await run(guild), Notice)
            ]
            return Notice("\n".join(told))
        if len(guilds) > 1 and command == Simple("why"):
            threads = [(await self.caller(interaction, guild)).thread for guild in guilds]
            last = [await self._core.memory.last_answer(thread) for thread in threads]
            newest = max(range(len(guilds)), key=lambda at: found.created_at if (found := last[at]) else 0.0)
            return await run(guilds[newest])
        return await self._directory.wherever(channel_of(interaction), interaction.user.id, run)

    def _obstacles(self, interaction: Interaction) -> list[str]:
        """Say what stands in the way of indexing what is posted in a channel."""
        if interaction.guild is None:
            return []
        lacking = permissions.missing(interaction.app_permissions)
        return [
            *([] if self._client.intents.message_content else [notices.CONTENT_HIDDEN]),
            *([notices.permissions_missing(lacking)] if lacking else []),
        ]

    async def _take_given(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Take a file that came with the command; the command's answer tells everybody how far it is."""
        event = f"discord:command:{interaction.id}"
        await self._core.events.claim(event, found_at(interaction))
        with delivering():
            received = render.notice(notices.upload_received(discord_file(file).name))
            answer = await interaction.edit_original_response(**arguments(received))
        await self._uploads.take_given(file, answer, channel_of(interaction), interaction.user.id)
        await self._core.events.finish(event)

    async def _index(self, interaction: Interaction, message: discord.Message) -> None:
        """Take the PDFs of a message that somebody pointed at."""
        names = ", ".join(await self._uploads.take_pointed_at(message, channel_of(interaction), interaction.user.id))
        await say(interaction, notices.upload_received(names) if names else notices.NO_PDF_IN_MESSAGE)

    async def guarded(self, interaction: Interaction, work: Awaitable[None]) -> None:
        """Do what was deferred, or say why not."""
        await guarded("command", new_question_id(), work, lambda text: say(interaction, text))

    async def show(self, interaction: Interaction, result: Result) -> None:
        """Show the result of a command to whoever gave it."""
        with delivering():
            if isinstance(result, Picture):
                await interaction.followup.send(**picture_arguments(result.page), ephemeral=True)
                return
            messages = self._messages(result)
            for message in messages:
                await interaction.followup.send(**arguments(message), ephemeral=True)

    def _messages(self, result: Result) -> tuple[DiscordMessage, ...]:
        match result:
            case Listing(documents):
                return (render.documents(documents, datetime.now(UTC)),)
            case Confirm(document):
                return (render.confirm_forget(document),)
            case HelpText():
                mention = self._client.user.mention if self._client.user else "@AskDocs"
                return (render.help_message(COMMAND, mention),)
            case Notice(text):
                return render.notice_in_full(text)
            case Picture():
                raise ValueError("a picture is a file")

    async def caller(self, interaction: Interaction, guild: discord.Guild) -> Caller:
        """Return who gives a command, with what they may read now: the result is seen by them alone."""
        channel, user = channel_of(interaction), interaction.user.id
        place = await self._directory.place(channel, user, guild)
        person = await self._directory.person(guild, user)
        scopes = await self._directory.scopes(channel, user, Audience.ASKER, guild)
        thread = Thread(place.workspace, place.channel, "", str(user))
        is_here = interaction.guild is None or interaction.app_permissions.view_channel
        return Caller(place, person, scopes, thread, is_here=is_here, may_watch=person.is_admin)


async def _broke(_: Interaction, error: app_commands.AppCommandError) -> None:
    """A command broke before it was deferred; one that another process responded to is that one's."""
    cause = error.__cause__ or error
    if isinstance(cause, discord.HTTPException) and cause.code in RESPONDED:
        log.debug("command_is_anothers")
    elif isinstance(cause, Exception):
        log.error("command_broke", error=type(cause).__name__, at=where(cause))


_SIMPLE = {
    "help": "How to use me",
    "docs": "List the documents that you may ask about",
    "status": "What is indexed and what is under way",
    "watch": "Index every PDF that is posted here",
    "unwatch": "Index no more of what is posted here",
    "why": "How the last answer here came about",
}
