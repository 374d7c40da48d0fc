"""`files.*`: looking at, deleting and uploading files (the three steps of `files_upload_v2`)."""

from __future__ import annotations

import json
import mimetypes
from typing import TYPE_CHECKING

from tests.fake_slack import payloads
from tests.fake_slack.blockkit import RefusedError
from tests.fake_slack.methods import find_channel, method, need
from tests.fake_slack.records import File, Json

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace


def _file(ws: Workspace, file_id: str) -> File:
    file = ws.files.get(file_id)
    if file is None or not (file.complete and ws.readable(file)):
        raise RefusedError("file_not_found")
    if file.deleted:
        raise RefusedError("file_deleted")
    return file


@method("files.info", scope="files:read", tier="tier4")
def info(ws: Workspace, args: Json) -> Json:
    return {"file": _full(ws, _file(ws, str(need(args, "file")))), "comments": [], "response_metadata": {}}


def _full(ws: Workspace, file: File) -> Json:
    places: Json = {"public": {}, "private": {}}
    for channel_id, timestamps in file.shares.items():
        kind = "public" if ws.channels[channel_id].kind == "public" else "private"
        places[kind][channel_id] = [{"ts": ts, "channel_name": ws.channels[channel_id].name} for ts in timestamps]
    lists = {"channels": [], "groups": [], "ims": []}
    for channel_id in file.shares:
        key = {"public": "channels", "im": "ims"}.get(ws.channels[channel_id].kind, "groups")
        lists[key].append(channel_id)
    return payloads.file(file, ws.team, ws.site, full=True) | lists | {"shares": {k: v for k, v in places.items() if v}}


@method("files.list", scope="files:read", tier="tier3")
def listing(ws: Workspace, args: Json) -> Json:
    """List what the app can see, newest first, by number of page as this method still does."""
    channel, since = str(args.get("channel") or ""), float(args.get("ts_from") or 0)
    kinds = {"pdfs": "pdf", "images": "png"}
    wanted = {kinds.get(one, one) for one in str(args.get("types") or "all").split(",")}
    found = [
        one
        for one in reversed(ws.files.values())
        if one.complete
        and not one.deleted
        and ws.readable(one)
        and (not channel or channel in one.shares)
        and one.created >= int(since)
        and (wanted == {"all"} or one.filetype in wanted)
    ]
    count, number = int(args.get("count") or 100), int(args.get("page") or 1)
    paging = {"count": count, "total": len(found), "page": number, "pages": -(-len(found) // count)}
    return {"files": [_full(ws, one) for one in found[(number - 1) * count : number * count]], "paging": paging}


@method("files.delete", scope="files:write", tier="tier3")
def delete(ws: Workspace, args: Json) -> Json:
    file = _file(ws, str(need(args, "file")))
    if file.user != ws.app.user.id:
        raise RefusedError("cant_delete_file")
    ws.delete_file(file, ws.app.user)
    return {}


@method("files.getUploadURLExternal", scope="files:write", tier="tier4")
def get_upload_url(ws: Workspace, args: Json) -> Json:
    name, length = str(need(args, "filename")), int(need(args, "length"))
    if length <= 0:
        raise RefusedError("invalid_arguments", "[ERROR] length must be positive")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = ws.add_file(ws.app.user, name, b"\0" * length, kind, complete=False)
    return {"upload_url": f"{ws.site}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", scope="files:write", tier="tier4")
def complete_upload(ws: Workspace, args: Json) -> Json:
    given = need(args, "files")
    given = json.loads(given) if isinstance(given, str) else given
    files = [ws.files.get(one["id"]) for one in given]
    if not files or any(file is None or file.user != ws.app.user.id for file in files):
        raise RefusedError("file_not_found")
    uploaded = [file for file in files if file is not None]
    targets = [one for one in [args.get("channel_id"), *str(args.get("channels") or "").split(",")] if one]
    channels = [find_channel(ws, one) for one in targets]
    if any(ws.app.user.id not in one.members for one in channels):
        raise RefusedError("not_in_channel")
    for file, wanted in zip(uploaded, given, strict=True):
        file.complete, file.title = True, wanted.get("title") or file.name
        file.ready_at = ws.clock.now() + ws.file_processing_seconds
    for channel in channels:
        ws.post(
            channel,
            ws.app.user,
            str(args.get("initial_comment") or ""),
            subtype="file_share",
            thread_ts=str(args.get("thread_ts") or ""),
            files=list(uploaded),
        )
    return {"files": [_full(ws, file) for file in uploaded]}
