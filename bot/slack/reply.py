"""The answer to one message, as Slack shows it: streamed where the workspace has that, else edited; then final.

A stream can only grow. What does not continue it, and every stream that Slack refuses or closes, goes on as edits of
the same message: nothing that was shown is lost. Final messages carry in their metadata which message they answer, so
that whoever comes later (an edit, a deletion, the next process) finds them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot import notices
from bot.answer import Answer
from bot.buttons import AskAgain
from bot.parts import settle
from bot.slack import render
from bot.slack.api import Api, Json, SlackRefusedError, UncertainError
from bot.slack.events import Posted
from bot.slack.render import SlackMessage
from bot.slack.sending import delete, send, stop_stream
from bot.tasks import to_its_end

log = structlog.get_logger(__name__)

STREAM_SECONDS = 0.6
FEATURE_SECONDS = 3_600.0
"""After that it is tried again whether the workspace has streams."""
LONGEST_STREAM = 11_000
POSTS_AT_MOST = 4
SHORT = 200
"""A text that may stay above what takes its place, such as a place in the queue."""
METADATA = "askdocs_answer"
NOT_FOR_THEM = frozenset(
    {
        "team_not_found", "user_not_found", "user_not_in_channel", "invalid_recipient",
        "missing_recipient_team_id", "missing_recipient_user_id", "channel_type_not_supported",
    }
)  # fmt: skip
"""Refusals of a stream that say nothing about other people's."""


@dataclass(slots=True)
class Streaming:
    """Whether this workspace has streams, as far as we know; where it has none, how often a message is edited."""

    edit_seconds: float = 3.0
    off_until: float = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() >= self.off_until

    def refused(self) -> None:
        self.off_until = time.monotonic() + FEATURE_SECONDS


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a thread as the answer to a message."""

    parts: tuple[str, ...] = ()
    is_final: bool = False


@dataclass(slots=True)
class SlackReply:
    """Our messages in the thread of one question, the first of which is there before the answer is."""

    api: Api
    streaming: Streaming
    asked: Posted
    question_id: str
    mention: str
    """How people name us, for the help."""
    parts: list[str] = field(default_factory=list)
    """The timestamps of our messages."""
    _edited_at: float = float("-inf")
    _is_streaming: bool = False
    _streamed: int = 0
    _segment: str = ""

    @property
    def interval(self) -> float:
        return STREAM_SECONDS if self._is_streaming else self.streaming.edit_seconds

    @property
    def first(self) -> str:
        return self.parts[0]

    async def open(self) -> None:
        """Show that the question was seen; a message that is there already is used."""
        if self.parts:
            return
        if self.streaming.is_on and await to_its_end(self._start_stream()):
            return
        await self._post(render.notice(notices.LOOKING), 0)

    async def show(self, text: str) -> None:
        if self._is_streaming:
            await self._grow(text)
        else:
            await self._edit(0, render.draft_message(text), {}, is_patient=False)

    async def finish(self, answer: Answer) -> None:
        await self._settle(render.answer(answer, self.question_id))

    async def help(self) -> None:
        """Say how we are used instead of an answer."""
        await self._settle([render.help_message(render.COMMAND, self.mention)])

    async def fail(self, notice: str, *, can_retry: bool) -> None:
        """Say what went wrong instead of an answer."""
        await self._settle([render.failure(notice, AskAgain(self.asked.ts) if can_retry else None)])

    async def close(self) -> None:
        """Nothing runs beside the calls."""

    async def withdraw(self) -> None:
        """Take everything back."""
        await self._stop_stream()
        while self.parts:
            await delete(self.api, self.asked.channel, self.parts.pop())

    async def _settle(self, messages: Sequence[SlackMessage]) -> None:
        """Make these messages the whole reply."""
        await self._stop_stream()
        await settle(
            self.parts,
            messages,
            edit=lambda number, message: self._is_edited(number, message, len(messages)),
            post=lambda number, message: self._post(message, number, _metadata(self.asked.ts, number, len(messages))),
            delete=self._remove,
        )

    async def _is_edited(self, number: int, message: SlackMessage, of: int) -> bool:
        """Edit a message for the last time; False where that is refused, and it has to be posted anew.

        It was deleted meanwhile, say, or is a stream that does not end, or edits are not allowed here.
        """
        try:
            await self._edit(number, message, _metadata(self.asked.ts, number, of))
        except SlackRefusedError as error:
            if error.is_no_place or error.retry_after:
                raise
            log.info("posted_anew", code=error.code)
            await self._remove(self.parts[number])
            return False
        return True

    async def _remove(self, part: str) -> None:
        """Delete a message that something else takes the place of; where that is refused, it stays."""
        if part:
            with suppress(SlackRefusedError):
                await delete(self.api, self.asked.channel, part)

    # Streams.

    async def _start_stream(self) -> bool:
        opening = f"_{notices.LOOKING}_\n\n"
        arguments: Json = {
            "channel": self.asked.channel,
            "thread_ts": self.asked.root,
            "recipient_team_id": self.asked.team,
            "recipient_user_id": self.asked.user,
            "markdown_text": opening,
        }
        try:
            body = await self.api.call("chat.startStream", is_patient=False, **arguments)
        except SlackRefusedError as error:
            if error.is_no_place:
                raise
            if not error.retry_after and error.code not in NOT_FOR_THEM:
                log.info("no_streams", code=error.code)
                self.streaming.refused()
            return False
        except UncertainError:
            found = await find(self.api, self.asked, own="")
            if not found.parts:
                return False
            self.parts.append(found.parts[0])
        else:
            if not (ts := _ts(body)):
                self.streaming.refused()
                return False
            self.parts.append(ts)
        self._is_streaming, self._streamed = True, len(opening)
        return True

    async def _grow(self, text: str) -> None:
        shown = render.draft(text).rstrip()
        more = shown.removeprefix(self._segment)
        if not shown.startswith(self._segment):
            if len(self._segment) > SHORT:
                await self._go_on_as_edits(text)
                return
            more = f"\n\n{shown}"
        if not more or self._streamed + len(more) > LONGEST_STREAM:
            return
        try:
            arguments = {"channel": self.asked.channel, "ts": self.parts[0], "markdown_text": more}
            await to_its_end(self.api.call("chat.appendStream", is_patient=False, **arguments))
        except SlackRefusedError as error:
            if error.retry_after:
                raise
            await self._go_on_as_edits(text)
        except UncertainError:
            await self._go_on_as_edits(text)  # it may be there or not: an edit is right either way
        else:
            self._segment, self._streamed = shown, self._streamed + len(more)

    async def _go_on_as_edits(self, text: str) -> None:
        await self._stop_stream()
        await self.show(text)

    async def _stop_stream(self) -> None:
        """End the stream: Slack edits and deletes no message that is still being streamed."""
        if not self._is_streaming:
            return
        self._is_streaming = False
        await stop_stream(self.api, self.asked.channel, self.parts[0])

    # Messages.

    async def _post(self, message: SlackMessage, number: int, metadata: Json | None = None) -> None:
        await to_its_end(self._post_once(message, number, metadata or _metadata(self.asked.ts, number, 0)))

    async def _post_once(self, message: SlackMessage, number: int, metadata: Json) -> None:
        arguments: Json = {"channel": self.asked.channel, "thread_ts": self.asked.root, "metadata": metadata}
        for attempt in range(1, POSTS_AT_MOST + 1):
            try:
                body = await send(self.api, "chat.postMessage", arguments, message)
            except UncertainError:
                found = await find(self.api, self.asked)
                if number >= len(found.parts):
                    if attempt == POSTS_AT_MOST:
                        raise
                    continue
                self.parts.append(found.parts[number])
            else:
                self.parts.append(_ts(body))
            return

    async def _edit(self, number: int, message: SlackMessage, metadata: Json, *, is_patient: bool = True) -> None:
        arguments: Json = {"channel": self.asked.channel, "ts": self.parts[number]}
        if metadata:
            arguments["metadata"] = metadata
        if not self.parts[number]:
            raise SlackRefusedError("chat.update", "message_not_found")
        await self._pause(number)
        try:
            await send(self.api, "chat.update", arguments, message, is_patient=is_patient)
        except SlackRefusedError as error:
            if error.code != "streaming_state_conflict":
                raise
            await stop_stream(self.api, self.asked.channel, self.parts[number])
            await send(self.api, "chat.update", arguments, message, is_patient=is_patient)

    async def _pause(self, number: int) -> None:
        """Keep edits of the first message apart; the others are edited once."""
        if number == 0:
            await asyncio.sleep(self._edited_at + self.streaming.edit_seconds - time.monotonic())
            self._edited_at = time.monotonic()


async def find(api: Api, asked: Posted, own: str | None = None) -> Found:
    """Return what stands in the thread as the answer to a message.

    A stream that is not finished has no metadata: it is known by how it begins. `own` leaves out what has any.
    """
    try:
        body = await api.call(
            "conversations.replies",
            channel=asked.channel,
            ts=asked.root,
            oldest=asked.ts,
            include_all_metadata=True,
            limit=200,
        )
    except SlackRefusedError as error:
        if error.code in ("thread_not_found", "message_not_found"):
            return Found()
        raise
    numbered: dict[int, str] = {}
    streams: list[str] = []
    total = 0
    for message in body.get("messages", ()):
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == METADATA and payload.get("question") == asked.ts:
            numbered[int(payload.get("part", 0))] = str(message["ts"])
            total = max(total, int(payload.get("of", 0)))
        elif message.get("bot_id") and not metadata and notices.LOOKING in str(message.get("text", "")):
            streams.append(str(message["ts"]))
    if numbered and own is None:
        parts = tuple(numbered[number] for number in sorted(numbered))
        return Found(parts, is_final=0 < total <= len(parts))
    return Found(tuple(streams[:1]))


def _ts(body: Json) -> str:
    """Return the timestamp of what was posted; empty where a server does not tell it, and it cannot be edited."""
    return str(body.get("ts") or (body.get("message") or {}).get("ts") or "")


def _metadata(question: str, part: int, of: int) -> Json:
    return {"event_type": METADATA, "event_payload": {"question": question, "part": part, "of": of}}
