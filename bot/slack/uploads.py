"""PDFs that people put into Slack: which are taken, how their bytes are fetched, and how their progress is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from bot.access import upload_scope
from bot.core import Core
from bot.download import Keeper, download, lies_with
from bot.errors import DeliveryError, DownloadError, TooLargeError, UploadError
from bot.slack import render
from bot.slack.api import NO_SUCH_METHOD, Api, Json, SlackRefusedError, UncertainError
from bot.slack.directory import Directory
from bot.slack.events import Posted, SlackFile, mentions, slack_file
from bot.slack.sending import delete, send
from bot.upload_table import Upload
from ingest.documents import IngestStatus, Origin

log = structlog.get_logger(__name__)

POST_AGAIN = "Post it again."
MARKS = {IngestStatus.FAILED: "warning"}
DONE_MARK = "white_check_mark"
METADATA = "askdocs_upload"
NO_SCOPE = "Slack does not let me read files: an admin has to give me the scope files:read."
FINAL = frozenset({"file_not_found", "file_deleted", "access_denied", "no_permission", "not_visible"})
"""Refusals that do not change when the file is asked for again."""


class SlackUploads:
    """Takes uploads of one workspace, and announces them: `bot.announcements.Announcer`."""

    def __init__(self, core: Core, api: Api, directory: Directory, bot: str) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._bot = bot
        self._stand_in = core.settings.slack_api_url

    # Taking.

    async def concerns_us(self, message: Posted) -> bool:
        """Say whether the files of a message are for us: sent to us, or posted where we watch."""
        if not message.files or not any(file.is_pdf or file.is_stub for file in message.files):
            return bool(message.files) and message.is_direct
        if message.is_direct or self._bot in mentions(message.text):
            return True
        return await self.is_watched(message.channel, message.workspace)

    async def is_watched(self, channel: str, workspace: str) -> bool:
        name = await self._directory.name(channel) if self._core.watched.needs_names else ""
        return await self._core.watched.is_watched(workspace, channel, name)

    async def take(self, message: Posted) -> int:
        """Take the PDFs of a message; return how many it has."""
        files = [await self._whole(file) for file in message.files]
        pdfs = [file for file in files if file is not None and file.is_pdf]
        if not pdfs:
            return 0
        place, person = await self._directory.place(message.channel), await self._directory.person(message.user)
        scope = upload_scope(place, person, self._core.settings.access.public_uploads)
        link = await self._link(message)
        for file in pdfs:
            origin = Origin(message.workspace, scope, file.name, file.id, uploader=message.user, link=link)
            await self._core.uploads.accept(Upload(origin, message.channel, message.ts, message.thread_ts))
        return len(pdfs)

    async def tell(self, message: Posted, text: str) -> None:
        """Say something in a message's thread."""
        where = {"channel": message.channel, "thread_ts": message.root}
        await send(self._api, "chat.postMessage", where, render.notice(text))

    async def _whole(self, file: SlackFile) -> SlackFile | None:
        """Ask for what a stub leaves out."""
        if not file.is_stub:
            return file
        try:
            return replace(slack_file((await self._api.call("files.info", file=file.id))["file"]), is_stub=False)
        except SlackRefusedError as error:
            log.info("file_not_seen", code=error.code)
            return None

    async def _link(self, message: Posted) -> str:
        try:
            body = await self._api.call("chat.getPermalink", channel=message.channel, message_ts=message.ts)
        except SlackRefusedError:
            return ""
        return str(body.get("permalink") or "")

    # Announcing.

    @property
    def interval(self) -> float:
        return self._core.settings.slack.edit_seconds

    async def fetch(self, upload: Upload, target: Path, max_bytes: int) -> None:
        """Download with our token, from Slack's own hosts only."""
        try:
            file = await self._file(upload)
        except DeliveryError as error:
            raise _not_told(error) from error
        if int(file.get("size") or 0) > max_bytes:
            raise TooLargeError(max_bytes)
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        keeper = Keeper("Slack", self._is_slack, {"Authorization": f"Bearer {self._api.token}"})
        kind = await download(self._api.session, keeper, url, target, max_bytes, POST_AGAIN)
        if kind == "text/html":
            raise UploadError(NO_SCOPE)

    async def _file(self, upload: Upload) -> Json:
        """Ask for a file; where a server has no such question, take what the message that carries it says."""
        try:
            return dict((await self._api.call("files.info", file=upload.origin.source))["file"])
        except SlackRefusedError as error:
            if error.code != NO_SUCH_METHOD:
                raise
            root = upload.thread or upload.message
            arguments: Json = {"channel": upload.channel, "ts": root, "oldest": upload.message, "inclusive": True}
            body = await self._api.call("conversations.replies", **arguments, latest=upload.message, limit=10)
            files = [file for message in body.get("messages", ()) for file in message.get("files") or ()]
            found = next((file for file in files if file.get("id") == upload.origin.source), None)
            if found is None:
                raise
            return dict(found)

    def _is_slack(self, url: str) -> bool:
        return lies_with(url, self._stand_in, lambda host: host == "slack.com" or host.endswith(".slack.com"))

    async def announce(self, upload: Upload, text: str) -> str:
        """Post in the message's thread; where we may not, tell the uploader directly."""
        where = {"channel": upload.channel, "thread_ts": upload.thread or upload.message}
        try:
            return await self._post(where, upload, text)
        except SlackRefusedError as error:
            if not error.is_no_place:
                raise
            return await self._post({"channel": await self._api.direct(upload.origin.uploader)}, upload, text)

    async def _post(self, where: Json, upload: Upload, text: str) -> str:
        metadata = {"event_type": METADATA, "event_payload": {"file": upload.origin.source}}
        try:
            body = await send(self._api, "chat.postMessage", {**where, "metadata": metadata}, render.notice(text))
        except UncertainError:
            return await self._posted(where, upload)
        return f"{where['channel']}:{body['ts']}"

    async def _posted(self, where: Json, upload: Upload) -> str:
        """Return the announcement that may have been posted when the connection broke."""
        root = where.get("thread_ts", "0")
        body = await self._api.call(
            "conversations.replies", channel=where["channel"], ts=root, include_all_metadata=True, limit=200
        )
        for message in body.get("messages", ()):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("file") == upload.origin.source:
                return f"{where['channel']}:{message['ts']}"
        raise DeliveryError("Slack cannot be reached.")

    async def edit(self, upload: Upload, announcement: str, text: str) -> None:
        channel, _, ts = announcement.partition(":")
        await send(self._api, "chat.update", {"channel": channel, "ts": ts}, render.notice(text))

    async def conclude(self, upload: Upload, announcement: str, text: str, status: IngestStatus) -> None:
        await self.edit(upload, announcement, text)
        name = MARKS.get(status, DONE_MARK)
        try:
            await self._api.call("reactions.add", channel=upload.channel, timestamp=upload.message, name=name)
        except SlackRefusedError as error:
            log.info("not_marked", code=error.code)

    async def retract(self, upload: Upload, announcement: str) -> None:
        channel, _, ts = announcement.partition(":")
        await delete(self._api, channel, ts)
        for name in (DONE_MARK, *MARKS.values()):
            try:
                await self._api.call("reactions.remove", channel=upload.channel, timestamp=upload.message, name=name)
            except SlackRefusedError as error:
                log.debug("not_unmarked", code=error.code)

    # What is there.

    async def present(self, since: float = 0.0) -> list[Json]:
        """Return every PDF that we can see, or those since a moment, newest first.

        Raises:
            DeliveryError: the list is not complete; nothing may be concluded from it.
        """
        found: list[Json] = []
        page, pages = 1, 1
        while page <= pages:
            arguments: Json = {"types": "pdfs", "count": 200, "page": page} | ({"ts_from": int(since)} if since else {})
            body = await self._api.call("files.list", **arguments)
            if "files" not in body:
                raise SlackRefusedError("files.list", "no_files")
            found += body["files"]
            pages = int((body.get("paging") or {}).get("pages") or 1)
            page += 1
        return found

    async def carriers(self, file: Json) -> Sequence[tuple[str, str]]:
        """Return the messages that carry a file, as channel and timestamp."""
        if "shares" not in file:
            file = (await self._api.call("files.info", file=file["id"]))["file"]
        shares = file.get("shares") or {}
        return [
            (channel, str(one["ts"]))
            for kind in ("public", "private")
            for channel, messages in (shares.get(kind) or {}).items()
            for one in messages
        ]


def _not_told(error: DeliveryError) -> UploadError:
    """Return why a file cannot be fetched, in a sentence."""
    code = error.code if isinstance(error, SlackRefusedError) else ""
    if code == "missing_scope":
        return UploadError(NO_SCOPE)
    if code in FINAL:
        return UploadError(f"Slack does not let me read it ({code}).")
    return DownloadError(f"Slack did not hand over the file. {POST_AGAIN}")
