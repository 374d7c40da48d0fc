"""What is done about a command, and how its result is shown; which commands there are says `tree`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

import discord

from bot import notices
from bot.access import Audience
from bot.boundary import guarded
from bot.commands import Caller, Command, Listing, Notice, Picture, Result, Simple
from bot.conversation import new_question_id
from bot.core import Core
from bot.discord import permissions, render
from bot.discord.directory import Directory
from bot.discord.events import discord_file
from bot.discord.interactions import Interaction, channel_of, found_at, say
from bot.discord.pictures import picture_arguments
from bot.discord.pieces import DiscordMessage
from bot.discord.sending import arguments, delivering
from bot.discord.uploads import DiscordUploads, refusal
from bot.memory import Thread
from bot.results import written
from bot.tasks import Tasks


class SlashCommands:
    """What people type after `/askdocs`."""

    def __init__(
        self, core: Core, client: discord.Client, directory: Directory, uploads: DiscordUploads, tasks: Tasks
    ) -> None:
        self._core = core
        self._client = client
        self._directory = directory
        self._uploads = uploads
        self._tasks = tasks

    async def upload(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Take a file that came with the command."""
        why = refusal(file, self._uploads.max_bytes)
        if interaction.guild is not None and not interaction.app_permissions.view_channel:
            why = notices.NOT_IN_CHANNEL
        if why:
            await interaction.response.send_message(**arguments(render.notice(why)), ephemeral=True)
            return
        await interaction.response.defer(thinking=True)
        self._tasks.start(self.guarded(interaction, self._take_given(interaction, file)))

    async def index(self, interaction: Interaction, message: discord.Message) -> None:
        """Take the PDFs of a message that somebody pointed at."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._tasks.start(self.guarded(interaction, self._index(interaction, message)))

    async def run(self, interaction: Interaction, command: Command) -> None:
        """Carry out one of `bot.commands`, or say why not."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._tasks.start(self.guarded(interaction, self._carry_out(interaction, command)))

    async def _carry_out(self, interaction: Interaction, command: Command) -> None:
        guilds = await self._directory.guilds(channel_of(interaction), interaction.user.id)
        result = await self._result(interaction, command, guilds)
        if command == Simple("watch") and isinstance(result, Notice):
            result = Notice(" ".join([result.text, *self._obstacles(interaction)]))
        await self.show(interaction, result)

    async def _result(self, interaction: Interaction, command: Command, guilds: Sequence[discord.Guild]) -> Result:
        """Carry a command out; in a direct message, for all guilds that it may mean."""

        async def run(guild: discord.Guild) -> Result:
            return await self._core.commands.run(command, await self.caller(interaction, guild), render.COMMAND)

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
        if isinstance(result, Notice):
            return render.notice_in_full(result.text)
        mention = self._client.user.mention if self._client.user else "@AskDocs"
        return (written(result, render, mention),)

    async def caller(self, interaction: Interaction, guild: discord.Guild) -> Caller:
        """Return who gives a command, with what they may read now: the result is seen by them alone."""
        channel, user = channel_of(interaction), interaction.user.id
        place = await self._directory.place(channel, user, guild)
        person = await self._directory.person(guild, user)
        scopes = await self._directory.scopes(channel, user, Audience.ASKER, guild)
        thread = Thread(place.workspace, place.channel, "", str(user))
        is_here = interaction.guild is None or interaction.app_permissions.view_channel
        return Caller(place, person, scopes, thread, is_here=is_here, may_watch=person.is_admin)
