"""What happened while nobody listened: what is gone is forgotten, uploads and recent questions are taken."""

from __future__ import annotations

import asyncio
import datetime
import functools
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import discord
import structlog

from bot.core import Core
from bot.discord import permissions
from bot.discord.directs import Directs
from bot.discord.events import files, shows_content, workspace
from bot.discord.inbox import Inbox
from bot.discord.sending import DiscordRefusedError, delivering
from bot.discord.uploads import GONE, DiscordUploads
from bot.errors import DeliveryError
from bot.upkeep import Listening, Reconcile
from bot.upload_table import Upload

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

QUESTION_SECONDS = 900.0
"""A question that was asked longer ago, and not answered, has been asked elsewhere by now."""
PAGE = 100
"""Messages that Discord lists at once."""


class Upkeep:
    """Compares what we know with what Discord has, guild by guild: at the start, after every break, and once a day."""

    def __init__(
        self, core: Core, client: discord.Client, uploads: DiscordUploads, inbox: Inbox, directs: Directs
    ) -> None:
        self._core = core
        self._client = client
        self._uploads = uploads
        self._inbox = inbox
        self._directs = directs
        self._listening: dict[str, Listening] = {}
        self._looking = asyncio.Lock()

    def missed_something(self) -> None:
        """A session began in which nothing of the time before is told."""
        self._listening.clear()

    async def look(self) -> None:
        """Note that we listen; reconcile what is due. A guild that fails is looked at again the next time."""
        async with self._looking:
            await self._forget_left()
            for guild in self._client.guilds:
                if not guild.unavailable:
                    reconcile = functools.partial(self.reconcile, guild)
                    await self._look_at(f"{self._mark}{guild.id}", reconcile)
            await self._look_at(self._directs.mark, self._reconcile_directs)

    async def _look_at(self, name: str, reconcile: Reconcile) -> None:
        listening = self._listening.setdefault(name, Listening(self._core.marks, name, reconcile))
        try:
            await listening.look()
        except DeliveryError as error:
            log.warning("not_reconciled", error=type(error).__name__)

    @property
    def _mark(self) -> str:
        return f"discord:{self._client.application_id}:"

    async def _forget_left(self) -> None:
        """Forget the guilds that this application listened to once, and is not in any more."""
        known = {name.split(":")[2]: name for name in await self._core.marks.moments(self._mark)}
        left = known.keys() - {str(one.id) for one in self._client.guilds}
        if not left:
            return
        try:
            with delivering():  # another process may serve it
                joined = {str(one.id) async for one in self._client.fetch_guilds(limit=None)}
        except DeliveryError as error:
            log.warning("guilds_not_listed", error=type(error).__name__)
            return
        for guild in left - joined:
            await self._inbox.forget_guild(int(guild))
            await self._core.marks.forget(known[guild])

    async def reconcile(self, guild: discord.Guild, since: float, began: float) -> None:
        """Forget what is gone, and take what is new since somebody last listened."""
        name = workspace(guild.id)
        places: defaultdict[str, list[Upload]] = defaultdict(list)
        for stored in await self._core.uploads.known(name, began):
            places[stored.upload.thread or stored.upload.channel].append(stored.upload)
        present = {source for place, known in places.items() for source in await self._present(int(place), known)}
        gone = await self._core.uploads.reconcile(name, present, began)
        looked_at = 0
        async for channel, is_watched in self._places(guild, since):
            recent = max(since, began - QUESTION_SECONDS)
            looked_at += await self._take_missed(channel, since, recent, is_watched=is_watched)
        log.info("discord_reconciled", gone=gone, looked_at=looked_at)

    async def _reconcile_directs(self, since: float, began: float) -> None:
        """Take what people said to us alone since somebody last listened."""
        for direct in await self._directs.lately():
            channel = await self._inbox.channel(direct)
            if channel is not None:
                await self._take_missed(channel, since, max(since, began - QUESTION_SECONDS), is_watched=True)

    async def _present(self, place: int, known: Sequence[Upload]) -> set[str]:
        """Return which of a place's uploads are there; all where that cannot be seen."""
        found: dict[int, discord.Message] = {}
        wanted = sorted({int(one.message) for one in known})
        looked_up_to = 0
        where = self._client.get_partial_messageable(place)
        try:
            for message in wanted:
                if message > looked_up_to:
                    after = discord.Object(message - 1)
                    with delivering():
                        page = [one async for one in where.history(limit=PAGE, after=after, oldest_first=True)]
                    found |= {one.id: one for one in page}
                    looked_up_to = page[-1].id if len(page) == PAGE else wanted[-1]
        except DiscordRefusedError as error:
            if error.code in GONE:
                return set()
            log.info("place_not_read", code=error.code)
            return {one.origin.source for one in known}
        if wanted and not found and not await self._is_readable(place):
            return {one.origin.source for one in known}
        return {one.origin.source for one in known if self._carries(found.get(int(one.message)), one)}

    async def _is_readable(self, place: int) -> bool:
        """Say whether an empty history means that nothing is there: without the permission, it always is."""
        channel = await self._inbox.channel(place)
        if channel is None or channel.guild is None:
            return channel is not None
        return permissions.may_read_history(channel)

    def _carries(self, message: discord.Message | None, upload: Upload) -> bool:
        if message is None:
            return False
        is_ours = message.author == self._client.user  # the answer to a command; its file is kept elsewhere
        return is_ours or not shows_content(message) or upload.origin.source in {one.id for one in files(message)}

    async def _places(self, guild: discord.Guild, since: float) -> AsyncIterator[tuple[Somewhere, bool]]:
        """Yield the channels and threads where something was posted since, and whether each is watched."""
        names = {str(one.id): one.name for one in (*guild.channels, *guild.threads)}
        watched = await self._core.watched.which(workspace(guild.id), names)
        if not self._client.intents.message_content:
            watched = frozenset()  # what is posted there is not shown to us
        for channel in guild.channels:
            if not isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel):
                continue
            if not permissions.may_read_history(channel):
                continue
            is_watched = str(channel.id) in watched
            if not isinstance(channel, discord.ForumChannel) and _has_news(channel, since):
                yield channel, is_watched
            if not isinstance(channel, discord.VoiceChannel):
                async for thread in self._threads(channel, since, is_watched=is_watched):
                    yield thread, is_watched or str(thread.id) in watched

    async def _threads(
        self, channel: discord.TextChannel | discord.ForumChannel, since: float, *, is_watched: bool
    ) -> AsyncIterator[discord.Thread]:
        for thread in channel.threads:
            if _has_news(thread, since):
                yield thread
        if not is_watched:
            return
        with delivering():
            async for thread in channel.archived_threads(limit=None):
                if thread.archive_timestamp.timestamp() < since:
                    return
                yield thread

    async def _take_missed(self, channel: Somewhere, since: float, recent: float, *, is_watched: bool) -> int:
        """Take files posted since one moment, and anything posted since another; return how many messages that were."""
        after = datetime.datetime.fromtimestamp(since if is_watched else recent, datetime.UTC)
        count = 0
        try:
            with delivering():
                async for message in channel.history(limit=None, after=after, oldest_first=True):
                    count += 1
                    if files(message) or message.created_at.timestamp() >= recent:
                        await self._inbox.take(message)
        except DiscordRefusedError as error:
            log.info("place_not_read", code=error.code)
        return count


def _has_news(channel: discord.TextChannel | discord.VoiceChannel | discord.Thread, since: float) -> bool:
    last = channel.last_message_id
    return last is not None and discord.utils.snowflake_time(last).timestamp() >= since
