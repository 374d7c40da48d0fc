"""From a message that asks to the answer below it: once, in order, anew when edited, gone when deleted.

The same on every platform. An adapter says which messages ask, and how one is replied to.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog

from bot import notices
from bot.commands import asks_for_help
from bot.conversation import Ask, Conversation, WithdrawableReply
from bot.errors import BotError, DeliveryError
from bot.events import Events
from bot.memory import Thread
from bot.question import Turn
from ingest.errors import IngestError
from ingest.locks import Locks
from ingest.logs import where
from ingest.periodic import repeat

log = structlog.get_logger(__name__)

WATCH_SECONDS = 1.0
"""How soon it is noticed that another process took a deletion or an edit of what is being answered here."""
LEAVE_POLLS = 100
"""How often it is looked whether another process has left an answer, until it is taken for stuck."""
UNREAD_SECONDS = 1_800.0
"""How long a question waits for the files that came with it."""
POLL_SECONDS = 0.3
EARLIER_MESSAGES = 12
EARLIER_CHARACTERS = 600


def earlier_turns(texts: Sequence[str]) -> tuple[Turn, ...]:
    """Return what people wrote before we were called in, oldest first, as far as a question may lean on it."""
    return tuple(Turn(text[:EARLIER_CHARACTERS], "") for text in texts[-EARLIER_MESSAGES:] if text)


class MessageReply(WithdrawableReply, Protocol):
    """The messages that answer one message, the first of which is there before the answer is."""

    question_id: str

    @property
    def first(self) -> str:
        """The platform's id of the first message."""
        ...

    @property
    def parts(self) -> Sequence[Any]:
        """The platform's ids of all messages that stand there so far."""
        ...

    async def open(self) -> None:
        """Show that the question was seen; a message that is there already is used."""
        ...

    async def help(self) -> None:
        """Say how the bot is used instead of an answer."""
        ...

    async def fail(self, notice: str, *, can_retry: bool) -> None:
        """Say what went wrong instead of an answer."""
        ...

    async def close(self) -> None:
        """Nothing more comes, however it ended."""
        ...


R = TypeVar("R", bound=MessageReply)


@dataclass(frozen=True, slots=True)
class Asked(Generic[R]):
    """A message that asks, as an adapter hands it over."""

    message: str
    """Its key, the same whatever events tell of it."""
    event: str
    """The claimed event because of which it is answered."""
    found_at: Mapping[str, str]
    """Where the message is found again after a crash."""
    line: str
    """Messages that stand in the same line (a thread, a direct conversation) are answered in their order."""
    reply: R
    ask: Callable[[], Awaitable[Ask]]
    """Looks up what the question is asked with; begun at once, while the sign of life is on its way."""
    tell_asker: Callable[[str], Awaitable[None]]
    """Says something to the asker alone, where nothing can be said below the question."""
    version: str = ""
    """When the message was edited last, as text that grows; empty if never."""


@dataclass(slots=True)
class _Writing(Generic[R]):
    """An answer that this process is writing."""

    task: asyncio.Task[object]
    asked: Asked[R]
    is_superseded: bool = False
    is_stopped: bool = False

    def stop(self) -> None:
        """Cancel it, once: whoever is cancelled twice cannot tidy up."""
        if not self.is_stopped:
            self.is_stopped = True
            self.task.cancel()


class Answering(Generic[R]):
    """Answers the messages of one platform."""

    def __init__(self, conversation: Conversation, events: Events, locks: Locks) -> None:
        self._conversation = conversation
        self._events = events
        self._locks = locks
        self._writing: dict[str, _Writing[R]] = {}
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._watching: asyncio.Task[None] | None = None

    def is_writing(self, message: str) -> bool:
        """Say whether this process is writing the answer to a message."""
        return message in self._writing

    def is_writing_in(self, line: str) -> bool:
        return any(one.asked.line == line for one in self._writing.values())

    async def answer(self, asked: Asked[R]) -> None:
        """Answer a message; whatever goes wrong is told to who asked.

        Raises:
            asyncio.CancelledError: the process stops; somebody else goes on.
        """
        task = asyncio.current_task()
        assert task is not None
        writing = _Writing(task, asked)
        self._writing[asked.message] = writing
        if self._watching is None:
            self._watching = asyncio.create_task(repeat(WATCH_SECONDS, self._watch))
        try:
            await self._write(asked)
        except asyncio.CancelledError:
            if writing.is_superseded:
                return
            if not await self._events.is_withdrawn(asked.message):
                raise
            await self._conversation.forget(asked.message)  # it may have been remembered after others had forgotten it
            await asked.reply.withdraw()
        finally:
            await asked.reply.close()
            if self._writing.get(asked.message) is writing:
                del self._writing[asked.message]
            if not self._writing and (watching := self._watching) is not None:
                self._watching = None
                watching.cancel()
                await asyncio.wait([watching])  # it holds a connection to the database

    async def takes_part(self, line: str, thread: Thread) -> bool:
        """Say whether we have answered in a thread, or are doing so."""
        return self.is_writing_in(line) or await self._conversation.has_answered(thread)

    async def answer_anew(
        self,
        message: str,
        event: str,
        version: str,
        find: Callable[[], Awaitable[Sequence[Any]]],
        answer: Callable[[Sequence[Any]], Awaitable[None]],
    ) -> None:
        """A message was edited: what stands there, or is being written, becomes the answer to what it is now.

        Where this process is not writing, `find` looks for what stands there.
        """
        if not await self._supersede(message, event, version):
            return
        interrupted = await self._interrupt(message)
        await self._conversation.forget(message)
        await answer((interrupted.parts if interrupted else ()) or await find())

    async def _supersede(self, message: str, event: str, version: str) -> bool:
        """Make way for the answer to a newer version of a message, whoever is writing; False if it is not the newest.

        What this process was writing is stopped by `_interrupt`, which knows the reply.
        """
        before = await self._events.supersede(message, event, version)
        if before is None or await self._events.is_withdrawn(message):
            return False
        for _ in range(LEAVE_POLLS):
            if not await self._events.is_open_elsewhere(before):
                break
            await asyncio.sleep(POLL_SECONDS)
        return True

    async def _interrupt(self, message: str) -> R | None:
        """Stop writing the answer to an earlier version of a message; return the reply as far as it stands."""
        if (writing := self._writing.get(message)) is None:
            return None
        writing.is_superseded = True
        writing.stop()
        await asyncio.wait([writing.task])
        return writing.asked.reply

    async def withdraw(self, message: str) -> None:
        """The message was deleted: stop its answer, in whichever process it is being written."""
        await self._events.withdraw(message)
        if (writing := self._writing.get(message)) is not None:
            writing.stop()
            await asyncio.wait([writing.task])
        await self._conversation.forget(message)

    async def _watch(self) -> None:
        """Stop what another process knows to be deleted or edited."""
        writing = {message: one for message, one in self._writing.items() if not one.is_stopped}
        overtaken = await self._events.overtaken({message: one.asked.version for message, one in writing.items()})
        for message in overtaken:
            writing[message].is_superseded = not await self._events.is_withdrawn(message)
            writing[message].stop()

    async def _write(self, asked: Asked[R]) -> None:
        reply = asked.reply
        asking = asyncio.ensure_future(asked.ask())
        opening = self._opening.setdefault(asked.line, asyncio.Lock())
        try:
            async with opening:  # who comes out of here first, waits first for its turn
                await reply.open()
                await self._events.refer(asked.event, {**asked.found_at, "reply": reply.first})
                ask = await asking
            ask = await self._until_read(asked, ask)
            if asks_for_help(ask.text):
                await reply.help()
                return
            async with self._locks.hold(f"thread:{ask.thread.channel}:{ask.thread.thread}"):
                await self._conversation.answer(ask, reply, question_id=reply.question_id)
        except (BotError, IngestError) as error:
            log.info("not_answered", question=reply.question_id, error=type(error).__name__)
            await self._fail(asked, str(error), can_retry=error.retryable)
        except Exception as error:  # noqa: BLE001 - the boundary of a question: its asker is told, under an id
            log.error("answer_broke", id=reply.question_id, error=type(error).__name__, at=where(error))
            await self._fail(asked, notices.with_id(notices.INTERNAL_ERROR, reply.question_id), can_retry=True)
        finally:
            asking.cancel()

    async def _until_read(self, asked: Asked[R], ask: Ask) -> Ask:
        """Wait for the files that a question is about."""
        if ask.unread:
            with suppress(DeliveryError):
                await asked.reply.show(notices.reading_first(ask.unread))
        give_up = time.monotonic() + UNREAD_SECONDS
        while ask.unread and time.monotonic() < give_up:
            await asyncio.sleep(POLL_SECONDS)
            ask = await asked.ask()
        return ask

    async def _fail(self, asked: Asked[R], notice: str, *, can_retry: bool) -> None:
        """Say what went wrong, below the question; if nothing can be said there, to the asker directly."""
        try:
            await asked.reply.fail(notice, can_retry=can_retry)
        except DeliveryError as error:
            log.warning("failure_not_shown", question=asked.reply.question_id, error=type(error).__name__)
            try:
                await asked.tell_asker(notices.CANNOT_WRITE)
            except DeliveryError as refused:
                log.warning("asker_not_told", error=type(refused).__name__)
