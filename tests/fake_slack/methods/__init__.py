"""The Web API methods, one module a family; each takes the workspace and the arguments and returns the answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_slack.blockkit import RefusedError
from tests.fake_slack.records import Channel, Json, Message

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace

Handler = Callable[["Workspace", Json], Json]


@dataclass(frozen=True)
class Method:
    """One Web API method: its code, the scope it always needs, its rate limit, and the kind of token it takes."""

    name: str
    handler: Handler
    scope: str
    tier: str
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, *, scope: str = "", tier: str = "tier3", token: str = "bot") -> Callable[[Handler], Handler]:
    """Register the decorated function as a Web API method."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scope, tier, token)
        return handler

    return register


def need(args: Json, name: str) -> Any:
    """Return a required argument."""
    if args.get(name) in (None, ""):
        raise RefusedError("invalid_arguments", f"[ERROR] missing required field: {name}")
    return args[name]


def flag(args: Json, name: str, default: bool = False) -> bool:
    value = args.get(name, default)
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true")


def page(items: Sequence[Any], args: Json, default: int = 100) -> tuple[list[Any], Json]:
    """Return one page of items by `cursor` and `limit`, and the metadata that leads to the next."""
    limit = int(args.get("limit") or default)
    try:
        start = int(base64.b64decode(args.get("cursor") or "", validate=True) or b"0")
    except (ValueError, binascii.Error):
        raise RefusedError("invalid_cursor") from None
    following = base64.b64encode(str(start + limit).encode()).decode() if start + limit < len(items) else ""
    return list(items[start : start + limit]), {"next_cursor": following}


def find_channel(ws: Workspace, channel_id: Any) -> Channel:
    """Return a channel that the app can see; private ones it is not in do not exist for it."""
    channel = ws.channels.get(str(channel_id))
    if channel is None or channel.deleted:
        raise RefusedError("channel_not_found")
    if channel.kind != "public" and ws.app.user.id not in channel.members:
        raise RefusedError("channel_not_found")
    return channel


def find_message(channel: Channel, ts: Any) -> Message:
    message = channel.messages.get(str(ts))
    if message is None:
        raise RefusedError("message_not_found")
    return message
