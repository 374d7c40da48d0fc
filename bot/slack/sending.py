"""Messages on their way: in plainer forms where Slack refuses the blocks; streams that are ended, messages deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.errors import DeliveryError
from bot.slack import plainer
from bot.slack.api import Api, Json, SlackRefusedError
from bot.slack.render import SlackMessage
from bot.tasks import to_its_end

T = TypeVar("T")

log = structlog.get_logger(__name__)

REFUSED_BLOCKS = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_arguments", "msg_blocks_too_long",
        "msg_too_long", "too_many_blocks", "unsupported_block_type",
    }
)  # fmt: skip


async def send(api: Api, method: str, arguments: Json, message: SlackMessage, *, is_patient: bool = True) -> Json:
    """Post or edit a message."""
    return await in_some_form(
        message, lambda form: api.call(method, is_patient=is_patient, **arguments, **form.arguments())
    )


async def in_some_form(message: SlackMessage, deliver: Callable[[SlackMessage], Awaitable[T]]) -> T:
    """Deliver a message; where its blocks are refused, in older ones, and at last in words alone."""
    first, *others = plainer.forms(message)
    for form in (first, *others):
        try:
            return await deliver(form)
        except SlackRefusedError as error:
            if error.code not in REFUSED_BLOCKS or form is others[-1]:
                raise
            log.warning("blocks_refused", code=error.code)
    raise AssertionError("unreachable")


async def stop_stream(api: Api, channel: str, ts: str) -> None:
    try:
        await to_its_end(api.call("chat.stopStream", channel=channel, ts=ts))
    except SlackRefusedError as error:
        # Closed by Slack, or deleted by a person, is as good; of all else the next edit tells.
        log.info("stream_not_stopped", code=error.code)
    except DeliveryError as error:
        log.warning("stream_not_stopped", error=type(error).__name__)


async def delete(api: Api, channel: str, ts: str) -> None:
    try:
        await api.call("chat.delete", channel=channel, ts=ts)
    except SlackRefusedError as error:
        if error.code == "cant_delete_message":
            await stop_stream(api, channel, ts)
            await api.call("chat.delete", channel=channel, ts=ts)
        elif error.code != "message_not_found":
            raise
