"""PDFs that people put into Discord: which are taken, how their bytes are fetched, and how their progress is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import aiohttp
import discord
import structlog

from bot import notices
from bot.access import upload_scope
from bot.core import Core
from bot.discord import render
from bot.discord.directory import Directory
from bot.discord.directs import directly
from bot.discord.events import DiscordFile, discord_file, files, is_named, workspace
from bot.discord.sending import DiscordRefusedError, arguments, delivering
from bot.download import Keeper, download, lies_beside, lies_with
from bot.errors import DeliveryError, DownloadError, FileRefusedError, TooLargeError, UploadError
from bot.upload_table import Upload
from ingest.documents import IngestStatus, Origin

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

PLATFORM = "discord"
EDIT_SECONDS = 1.5
UPLOAD_AGAIN = "Upload it again."
DONE_MARK, FAILED_MARK = "✅", "⚠️"
HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
GONE = frozenset({10003, 10008})
"""The channel, or the message."""
MAY_NOT_WRITE = frozenset({50001, 50013, 50083, 160002})


class DiscordUploads:
    """Takes uploads in guilds and direct messages, and announces them: `bot.announcements.Announcer`."""

    def __init__(
        self, core: Core, client: discord.Client, directory: Directory, session: aiohttp.ClientSession
    ) -> None:
        self._core = core
        self._client = client
        self._directory = directory
        self._session = session
        self._stand_in = core.settings.discord_api_base
        self.max_bytes = core.settings.extraction.max_megabytes * 1_000_000

    # Taking.

    async def concerns_us(self, message: discord.Message) -> bool:
        """Say whether the files of a message are for us: sent to us, or posted where we watch."""
        found = files(message)
        if not any(file.is_pdf for file in found):
            return bool(found) and message.guild is None
        assert self._client.user is not None
        if message.guild is None or is_named(message, self._client.user.id):
            return True
        return await self.is_watched(message.channel)

    async def is_watched(self, channel: Somewhere) -> bool:
        """Say whether a channel is watched; threads and posts are with theirs, and may be by themselves."""
        if channel.guild is None:
            return False
        home = _home(channel)
        names = {str(channel.id): "", str(home.id): getattr(home, "name", "") or ""}
        return bool(await self._core.watched.which(workspace(channel.guild.id), names))

    async def take(self, message: discord.Message) -> int:
        """Take the PDFs of a message; return how many it has."""
        found = _pdfs(message)
        for upload in await self._uploads(found, message.channel, message.author.id, message):
            await self._core.uploads.accept(upload)
        return len(found)

    async def take_pointed_at(self, message: discord.Message, channel: Somewhere, by: int) -> list[str]:
        """Take the PDFs of a message that somebody pointed at; return their names."""
        found = _pdfs(message)
        uploader = by if message.author.bot else message.author.id
        for upload in await self._uploads(found, channel, uploader, message):
            await self._core.uploads.accept(upload, again=True)
        return [file.name for file in found]

    async def take_given(self, given: discord.Attachment, answer: discord.Message, channel: Somewhere, by: int) -> None:
        """Take a file that came with a command, of which the command's answer tells from now on."""
        for upload in await self._uploads([discord_file(given)], channel, by, answer):
            await self._core.uploads.accept(upload, announcement=f"{channel.id}:{answer.id}")

    async def _uploads(
        self, found: Sequence[DiscordFile], channel: Somewhere, uploader: int, message: discord.Message
    ) -> list[Upload]:
        if not found:
            return []
        place = await self._directory.place(channel, uploader)
        person = await self._directory.person(await self._directory.guild(channel, uploader), uploader)
        scope = upload_scope(place, person, self._core.settings.access.public_uploads)
        home, thread = str(_home(channel).id), str(channel.id) if isinstance(channel, discord.Thread) else ""
        return [
            Upload(
                Origin(place.workspace, scope, file.name, file.id, uploader=str(uploader), link=message.jump_url),
                home,
                str(message.id),
                thread,
                file.address,
            )
            for file in found
        ]

    async def tell(self, message: discord.Message, text: str) -> None:
        """Say something below a message."""
        with delivering():
            await message.channel.send(**arguments(render.notice(text)), reference=message, mention_author=False)

    # Fetching.

    async def fetch(self, upload: Upload, target: Path, max_bytes: int) -> None:
        """Download from Discord's own hosts; where the address has expired, from the one that the message has now."""
        try:
            await self._download(upload.address, target, max_bytes)
        except FileRefusedError:
            await self._download(await self._address_now(upload, max_bytes), target, max_bytes)

    async def _download(self, address: str, target: Path, max_bytes: int) -> None:
        keeper = Keeper("Discord", lambda url: self._is_discord(url, told=address))
        await download(self._session, keeper, address, target, max_bytes, UPLOAD_AGAIN)

    async def _address_now(self, upload: Upload, max_bytes: int) -> str:
        try:
            with delivering():
                message = await self._where(upload).fetch_message(int(upload.message))
        except DiscordRefusedError as error:
            raise UploadError(f"Discord does not let me read it ({error.code}). {UPLOAD_AGAIN}") from error
        except DeliveryError as error:
            raise DownloadError(f"Discord did not hand over the file. {UPLOAD_AGAIN}") from error
        for file in files(message):
            if file.id == upload.origin.source:
                if file.size > max_bytes:
                    raise TooLargeError(max_bytes)
                return file.address
        raise UploadError(f"Discord no longer hands over the file. {UPLOAD_AGAIN}")

    def _is_discord(self, url: str, *, told: str) -> bool:
        """Say whether a file may be fetched there. What stands in for Discord may have its CDN on another port."""
        return lies_with(url, self._stand_in, HOSTS.__contains__) or (url == told and lies_beside(url, self._stand_in))

    # Announcing.

    @property
    def interval(self) -> float:
        return EDIT_SECONDS

    async def announce(self, upload: Upload, text: str) -> str:
        """Reply to the message; where we may not, tell the uploader directly."""
        where = self._where(upload)
        reference = discord.MessageReference(
            message_id=int(upload.message), channel_id=where.id, fail_if_not_exists=False
        )
        try:
            return await self._send(where, upload, text, reference=reference, mention_author=False)
        except DiscordRefusedError as error:
            if error.code not in MAY_NOT_WRITE:
                raise
        uploader = await directly(self._client, int(upload.origin.uploader))
        return await self._send(uploader, upload, text)

    async def _send(self, where: Somewhere, upload: Upload, text: str, **more: Any) -> str:  # noqa: ANN401 - as in `send`
        """Send a message of which a repetition, by whatever process, is known to Discord as one by its nonce."""
        nonce = f"{upload.id[:16]}{crc32(upload.address.encode()):08x}"
        with delivering():
            sent = await where.send(**arguments(render.notice(text)), nonce=nonce, **more)
        return f"{sent.channel.id}:{sent.id}"

    async def edit(self, upload: Upload, announcement: str, text: str) -> None:
        try:
            with delivering():
                await self._message(announcement).edit(**arguments(render.notice(text)))
        except DiscordRefusedError as error:
            if error.code not in GONE:
                raise
            log.info("announcement_gone", upload=upload.id)

    async def conclude(self, upload: Upload, announcement: str, text: str, status: IngestStatus) -> None:
        await self.edit(upload, announcement, text)
        mark = FAILED_MARK if status is IngestStatus.FAILED else DONE_MARK
        try:
            with delivering():
                await self._where(upload).get_partial_message(int(upload.message)).add_reaction(mark)
        except DiscordRefusedError as error:
            log.info("not_marked", code=error.code)

    async def retract(self, upload: Upload, announcement: str) -> None:
        await _unless_gone(self._message(announcement).delete())
        assert self._client.user is not None
        message = self._where(upload).get_partial_message(int(upload.message))
        for mark in (DONE_MARK, FAILED_MARK):
            await _unless_gone(message.remove_reaction(mark, self._client.user))

    def _where(self, upload: Upload) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(upload.thread or upload.channel))

    def _message(self, announcement: str) -> discord.PartialMessage:
        channel, _, message = announcement.partition(":")
        return self._client.get_partial_messageable(int(channel)).get_partial_message(int(message))


def _pdfs(message: discord.Message) -> list[DiscordFile]:
    return [file for file in files(message) if file.is_pdf]


def refusal(given: discord.Attachment, max_bytes: int) -> str:
    """Say why a file is not taken, as far as that is known before a byte of it is; nothing where it may be."""
    if not discord_file(given).is_pdf:
        return notices.NO_PDF_FILE
    return str(TooLargeError(max_bytes)) if given.size > max_bytes else ""


def _home(channel: Somewhere) -> Somewhere | discord.ForumChannel:
    """Return the channel that a thread or post is in; any other is its own."""
    return channel.parent or channel if isinstance(channel, discord.Thread) else channel


async def _unless_gone(call: Any) -> None:  # noqa: ANN401 - a call of whatever kind
    try:
        with delivering():
            await call
    except DiscordRefusedError as error:
        log.debug("not_retracted", code=error.code)
