"""How an answer reaches a message while it is being written: what is shown of a draft, and how often.

Nothing of a platform: each adapter implements `Reply` with its own way to send and to edit.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from types import TracebackType
from typing import Protocol

import structlog

from bot import notices
from bot.answer import Answer, AnswerEvent, Delta, Done, Restart, Waiting
from bot.errors import DeliveryError
from bot.markers import hidden

log = structlog.get_logger(__name__)

_OPEN_MARKER = re.compile(r"[ \t]*(?:\[[^\]\n]{0,24}|【[^】]*|\((?:[SQFRDsqfrd\d][^()\n]{0,14})?)$")


class Reply(Protocol):
    """One message being written on some platform. Every method returns when the platform has taken it."""

    @property
    def interval(self) -> float:
        """Seconds that have to pass between two calls of `show`, so that the platform's limits are kept."""
        ...

    async def show(self, text: str) -> None:
        """Show the draft so far (all of it), or a notice while nothing is written yet."""
        ...

    async def finish(self, answer: Answer) -> None:
        """Replace everything shown by the verified answer."""
        ...


def without_markers(draft: str) -> str:
    """Return a draft as it may be shown before it is verified: without markers, also a half-written last one."""
    return hidden(_OPEN_MARKER.sub("", draft))


class Showing:
    """Shows the newest text, at once when nothing was shown lately, and never more often than the reply allows.

    A context manager around the writing of one reply; when it is left, no call to the platform is under way.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._text = ""
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def follow(self, events: AsyncGenerator[AnswerEvent, None]) -> Answer:
        """Show the events of one question as they come, and return the answer; the reply is the caller's to finish."""
        draft = ""
        async with aclosing(events):
            async for event in events:
                match event:
                    case Delta(text):
                        draft += text
                        self.show(without_markers(draft))
                    case Restart():
                        draft = ""
                    case Waiting(position, seconds):
                        self.show(notices.waiting(position, seconds))
                    case Done(answer):
                        await self.stop()
                        return answer
        raise RuntimeError("the engine ended without an answer")

    def show(self, text: str) -> None:
        """Show `text` as soon as the pace allows; a newer one replaces it."""
        if text.strip():
            self._text = text
            self._changed.set()

    async def __aenter__(self) -> Showing:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End the showing. A call to the platform that is under way is waited for, so that edits stay in order."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            showing = asyncio.create_task(self._show(self._text))
            try:
                await asyncio.shield(showing)
            except asyncio.CancelledError:
                await showing
                raise
            await asyncio.sleep(self._reply.interval)

    async def _show(self, text: str) -> None:
        try:
            await self._reply.show(text)
        except DeliveryError as error:
            # A draft that cannot be shown is no loss; whether the answer can be is seen when it is finished.
            log.warning("draft_not_shown", error=type(error).__name__)
