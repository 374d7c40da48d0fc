"""A message that somebody posted: whether it is for us, its files taken, then answered. The same on every platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from bot import notices
from bot.errors import AccessError

M = TypeVar("M")
M_contra = TypeVar("M_contra", contravariant=True)
P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class TakesFiles(Protocol[M_contra]):
    """What is needed of a platform's uploads."""

    async def concerns_us(self, message: M_contra) -> bool:
        """Say whether the files of a message are for us: sent to us, or posted where we watch."""
        ...

    async def take(self, message: M_contra) -> int:
        """Take the PDFs of a message; return how many it has."""
        ...

    async def tell(self, message: M_contra, text: str) -> None:
        """Say something below a message."""
        ...


class Answers(Protocol[M_contra, P_contra]):
    """What is needed of a platform's questions."""

    async def is_for_us(self, message: M_contra) -> bool:
        """Say whether a message asks us."""
        ...

    async def answer(self, message: M_contra, event: str, parts: Sequence[P_contra] = ()) -> None:
        """Answer a message, in `parts` where something of the answer stands already."""
        ...


class Incoming(Generic[M, P]):
    """The messages of one platform; `P` is what it calls one of our messages."""

    def __init__(self, uploads: TakesFiles[M], questions: Answers[M, P]) -> None:
        self._uploads = uploads
        self._questions = questions

    async def concerns_us(self, message: M) -> bool:
        return await self._uploads.concerns_us(message) or await self._questions.is_for_us(message)

    async def work_on(self, message: M, event: str, parts: Sequence[P] = ()) -> None:
        """Take the files of a message, then answer it."""
        is_question = await self._questions.is_for_us(message)
        if await self._uploads.concerns_us(message):
            try:
                pdfs = await self._uploads.take(message)
            except AccessError as error:
                await self._uploads.tell(message, str(error))
                return
            if not pdfs and not is_question:
                await self._uploads.tell(message, notices.NO_PDF_IN_MESSAGE)
        if is_question or parts:
            await self._questions.answer(message, event, parts)
