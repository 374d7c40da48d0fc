"""The Discord client: which events, commands and clicks go where, and how it starts and stops."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import aiohttp
import discord
import structlog

from bot.claims import TAKE_OVER_SECONDS
from bot.core import Core
from bot.discord.asking import AskCommand
from bot.discord.clicks import Clicks
from bot.discord.commands import SlashCommands
from bot.discord.connection import intents, prepare
from bot.discord.directory import Directory
from bot.discord.directs import Directs
from bot.discord.inbox import Inbox
from bot.discord.interactions import RESPONDED
from bot.discord.lenient import make_lenient
from bot.discord.questions import Questions
from bot.discord.suggestions import Suggestions
from bot.discord.tree import Tree
from bot.discord.upkeep import Upkeep
from bot.discord.uploads import PLATFORM, DiscordUploads
from bot.tasks import Tasks
from bot.upkeep import LISTENING_SECONDS
from ingest.logs import where
from ingest.periodic import repeat
from ingest.settings import SettingsError

log = structlog.get_logger(__name__)

GUILDS_SECONDS = 0.3
"""How long a start waits for one more guild; none of our work needs all of them."""
REDUCED = (
    "The message-content intent is off for this bot, so I hear only mentions, commands and direct messages. Switch it "
    "on at discord.com/developers (Bot, Privileged Gateway Intents), or set discord.message_content to false."
)


async def run_discord(core: Core) -> None:
    """Serve the guilds that the bot is in, until cancelled; then finish or hand over answers.

    Raises:
        SettingsError: the token is refused.
    """
    prepare(core.settings)
    try:
        await _serve(core, wants_content=core.settings.discord.message_content)
    except discord.PrivilegedIntentsRequired:
        log.warning("discord_reduced", notice=REDUCED)
        await _serve(core, wants_content=False)


async def _serve(core: Core, *, wants_content: bool) -> None:
    async with aiohttp.ClientSession() as session:
        adapter = DiscordAdapter(core, session, wants_content=wants_content)
        make_lenient(adapter)
        await adapter.run()


class DiscordAdapter(discord.AutoShardedClient):
    """The parts that serve one application, wired to the gateway, over as many connections as Discord recommends."""

    def __init__(self, core: Core, session: aiohttp.ClientSession, *, wants_content: bool) -> None:
        super().__init__(
            intents=intents(sees_content=wants_content),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=GUILDS_SECONDS,
        )
        self._core = core
        self._tasks = Tasks()
        self._is_stopping = False
        directory = Directory(self, core.index, core.settings.access.membership_seconds)
        questions = Questions(core, self, directory)
        uploads = DiscordUploads(core, self, directory, session)
        directs = Directs(core.marks, self)
        self._inbox = Inbox(core, self, questions, uploads, directs, self._tasks)
        self._upkeep = Upkeep(core, self, uploads, self._inbox, directs)
        slash = SlashCommands(core, self, directory, uploads, self._tasks)
        asking, suggestions = AskCommand(core, directory), Suggestions(core, directory, self._tasks)
        self._commands = Tree(self, core.marks, slash, asking, suggestions, self._tasks)
        self._clicks = Clicks(core, directory, slash, self._inbox, self._tasks)
        core.uploads.register(PLATFORM, uploads)
        core.health.watch("discord", self._is_listening)

    async def _is_listening(self) -> bool:
        return self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())

    async def launch_shards(self) -> None:
        """An address that is configured counts, and not the one that Discord tells with how many shards it wants."""
        if self._core.settings.discord_gateway_url and self.shard_count is None:
            try:
                self.shard_count, _, _ = await self.http.get_bot_gateway()
            except discord.GatewayNotFound:
                self.shard_count = 1  # a server that stands in for Discord may not say
        await super().launch_shards()

    async def run(self) -> None:  # type: ignore[override]  # discord.py's own blocks and owns the loop
        """Serve until cancelled."""
        token = self._core.settings.discord_bot_token.get_secret_value()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.start(token))
                tasks.create_task(repeat(TAKE_OVER_SECONDS, self._take_over))
                tasks.create_task(repeat(LISTENING_SECONDS, self._look))
        except* discord.LoginFailure as group:
            raise SettingsError("DISCORD_BOT_TOKEN is refused: copy it anew from the developer portal.") from group
        except* discord.PrivilegedIntentsRequired as group:
            raise _first(group) from None
        finally:
            self._is_stopping = True
            await self._tasks.stop(self._core.settings.discord.stop_seconds)
            await self.close()

    async def _take_over(self) -> None:
        await self.wait_until_ready()
        await self._inbox.take_over()

    async def _look(self) -> None:
        if await self._is_listening():
            await self._upkeep.look()

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """discord.py goes on for a moment after its end, when nobody is there to take events."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    # From Discord.

    async def setup_hook(self) -> None:
        """Say once which commands there are."""
        assert self.application_id is not None
        await self._commands.sync(self._core.settings.discord.guilds, self.application_id)

    async def on_ready(self) -> None:
        """A session began; what happened before it is not told."""
        log.info("discord_connected", guilds=len(self.guilds), sees_content=self.intents.message_content)
        self._upkeep.missed_something()
        self._tasks.start(self._upkeep.look())

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self._do(self._inbox.take(message))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        if event.message.author != self.user:
            self._do(self._inbox.take_edit(event.message, event.cached_message))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._do(self._inbox.take_deletions(event.channel_id, [event.message_id]))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self._do(self._inbox.take_deletions(event.channel_id, event.message_ids))

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        self._do(self._inbox.forget_thread(event.guild_id, event.thread_id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Its threads go with it, without a word of their own."""
        self._do(self._inbox.forget_channel(channel.guild.id, channel.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._do(self._inbox.forget_guild(guild.id))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Work apart from discord.py, so that a stop waits for it; what comes during a stop is the next process's."""
        if self._is_stopping:
            work.close()
        else:
            self._tasks.start(work)

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Commands have their own way; this is for buttons and forms."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self._clicks.take(interaction)

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """The boundary of an event: one that breaks is logged, without a word of it, and stops no other."""
        error = sys.exc_info()[1]
        if isinstance(error, discord.HTTPException) and error.code in RESPONDED:
            log.debug("interaction_is_anothers")
        elif isinstance(error, Exception):
            log.error("event_broke", name=event_method, error=type(error).__name__, at=where(error))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
