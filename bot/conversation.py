"""From a message that asks to the answer in its thread: admission, turns, queue, engine, memory. The same everywhere.

An adapter turns its platform's event into an `Ask`, and gives a `Reply` to write into. What may be read was decided
before, by `access`; nothing here knows a platform.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from bot.answer import Answer
from bot.engine import QueryEngine
from bot.errors import BotError
from bot.events import Events
from bot.follow_ups import leans_on_thread
from bot.limits import AnswerQueue, Limits
from bot.memory import Memory, Thread
from bot.notices import waiting
from bot.question import Question, Turn
from bot.reply import Reply, Showing
from bot.small_talk import asks_no_page
from ingest.documents import Scopes

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """One message with a question, as an adapter hands it over."""

    event: str
    """The claimed event, or the message: what a deletion of the message names."""
    thread: Thread
    scopes: Scopes
    asker: str
    text: str
    """Without the mention of the bot."""
    document_ids: frozenset[str] | None = None
    """Set for a reply to an upload: the question is about that file."""
    unread: tuple[str, ...] = ()
    """Names of files that the question is about and that are still being indexed."""
    earlier: tuple[Turn, ...] = ()
    """What people said in the thread before the bot took part; used where memory holds no turns."""
    called: str = ""
    """What people call the workspace, where the place does not say which one is meant."""
    everywhere: tuple[tuple[str, Scopes], ...] = ()
    """Set by `likeliest`: see Question."""


class WithdrawableReply(Reply, Protocol):
    """A reply that can be taken back, when the question was deleted meanwhile."""

    async def withdraw(self) -> None: ...


class Conversation:
    """Answers messages. One object serves every platform."""

    def __init__(self, engine: QueryEngine, memory: Memory, events: Events, limits: Limits, queue: AnswerQueue) -> None:
        self._engine = engine
        self._memory = memory
        self._events = events
        self._limits = limits
        self._queue = queue
        self.on_answer: Callable[[Answer], None] = lambda _: None
        """Told of every answer that was given, e.g. to count it."""
        self.on_refusal: Callable[[BotError], None] = lambda _: None
        """Told why an asker got none."""
        self.explained: Callable[[Answer, Scopes], Awaitable[Answer]] = _as_it_is
        """Adds why nothing may have been found."""

    async def answer(self, ask: Ask, reply: WithdrawableReply, *, question_id: str = "") -> Answer | None:
        """Write the verified answer into `reply`; None when the question was deleted meanwhile.

        Raises:
            BotError: its text is for the asker; nothing final has been written yet.
            asyncio.CancelledError: the question was deleted, or the process stops.
        """
        try:
            answer = await self._answer(ask, reply, question_id)
        except BotError as error:
            self.on_refusal(error)
            raise
        if answer is not None:
            self.on_answer(answer)
        return answer

    async def _answer(self, ask: Ask, reply: WithdrawableReply, question_id: str) -> Answer | None:
        self._limits.admit(ask.scopes.workspace, ask.asker)
        turns = await self._memory.turns(ask.thread, ask.scopes) or ask.earlier
        question = Question(
            question_id or new_question_id(), ask.text, ask.scopes, ask.asker, turns, ask.document_ids, ask.everywhere
        )
        async with (
            Showing(reply) as showing,
            self._queue.place(lambda position, seconds: showing.show(waiting(position, seconds))),
        ):
            answer = await showing.follow(self._engine.ask(question))
            answer = await self.explained(answer, ask.scopes)
        if await self._events.is_withdrawn(ask.event):
            await reply.withdraw()
            return None
        # Remembered first: the buttons under the answer lead to what is remembered.
        await self._memory.remember(ask.thread, question, answer, ask.event)
        await reply.finish(answer)
        _log_answer(question, answer)
        return answer

    async def likeliest(self, asks: Sequence[Ask]) -> Ask:
        """Of one question that may be asked in several workspaces, return where it is answered most likely.

        Each workspace is searched by itself. What leans on what was said before, or no page answers, goes on where that
        was.
        """
        everywhere = tuple((ask.called, ask.scopes) for ask in asks if ask.called)
        return replace(await self._likeliest(asks), everywhere=everywhere)

    async def _likeliest(self, asks: Sequence[Ask]) -> Ask:
        if len(asks) == 1:
            return asks[0]
        is_told_by_none = asks_no_page(asks[0].text)
        if is_told_by_none or leans_on_thread(asks[0].text):
            last = [(answer.created_at, ask) for ask in asks if (answer := await self._memory.last_answer(ask.thread))]
            if last:
                return max(last, key=lambda one: one[0])[1]
        if is_told_by_none:
            return asks[0]
        questions = [Question("", ask.text, ask.scopes, ask.asker, (), ask.document_ids) for ask in asks]
        likely = await asyncio.gather(*map(self._engine.likelihood, questions))
        return max(zip(likely, asks, strict=True), key=lambda one: one[0])[1]

    async def has_answered(self, thread: Thread) -> bool:
        return await self._memory.has_answered(thread)

    async def forget(self, message: str) -> None:
        """A message that asked was deleted or edited: what it said is not kept."""
        await self._memory.forget_message(message)


async def _as_it_is(answer: Answer, _: Scopes) -> Answer:
    return answer


def new_question_id() -> str:
    """Short enough to read out; the log has it beside everything that happened to the question."""
    return secrets.token_hex(4)


def _log_answer(question: Question, answer: Answer) -> None:
    """One line an answer, without a word of question or answer."""
    log.info(
        "answered",
        question=question.id,
        workspace=question.scopes.workspace,
        outcome=answer.outcome.value,
        cited=len(answer.citations),
        removed=len(answer.removed),
        model=answer.model,
        ms=round(answer.timings.total * 1000),
    )
