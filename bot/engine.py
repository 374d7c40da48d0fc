"""The query engine: question → Sources → draft → verified answer, the whole flow on one screen."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.answer import (
    Answer,
    AnswerEvent,
    Citation,
    Delta,
    Done,
    Outcome,
    Restart,
    Retrieved,
    Source,
    Timings,
    Tokens,
    Waiting,
)
from bot.citations import verify
from bot.errors import QuestionError
from bot.models import ChatModel, Prompt, Remark, Switched, Token, Usage
from bot.notices import documents_there
from bot.question import Question
from bot.settings import AnswerSettings
from bot.small_talk import asks_what_there_is, is_small_talk, is_thanks
from bot.translating import is_in_another_language
from bot.verification.languages import asked_in
from bot.wording import Wording, wording
from ingest.documents import Document


class Retriever(Protocol):
    """Finds the pages and documents for a question, within the question's scopes."""

    async def retrieve(self, question: Question) -> Retrieved: ...
    async def documents(self, question: Question) -> Sequence[Document]: ...


class Condenser(Protocol):
    """Makes a follow-up stand on its own, with what the thread said before."""

    async def condense(self, question: Question) -> Question: ...


class Translator(Protocol):
    """Puts a question into the language of documents that are not in the question's."""

    async def translate(self, question: Question, documents: Sequence[Document]) -> Question | None: ...


class QueryEngine:
    """Answers questions. One engine serves every platform; it keeps nothing between two questions."""

    def __init__(
        self,
        retriever: Retriever,
        model: ChatModel,
        condenser: Condenser,
        translator: Translator,
        settings: AnswerSettings,
    ) -> None:
        self._retriever = retriever
        self._model = model
        self._condenser = condenser
        self._translator = translator
        self._settings = settings

    async def ask(self, question: Question) -> AsyncGenerator[AnswerEvent, None]:
        """Yield Waiting, Delta and Restart events as they come, then exactly one Done.

        Raises:
            QuestionError: the question is empty or too long.
            RetrievalError: the index did not answer.
            GenerationError: no model answered.
        """
        started = time.perf_counter()
        self._check(question)
        question = replace(question, language=_language(question))
        run = _Run(started, question.language)
        if is_small_talk(question.text):
            yield Done(run.reply(run.words.welcome if is_thanks(question.text) else run.words.greeting))
            return
        if asks_what_there_is(question.text):
            yield Done(run.reply(documents_there(await self._documents(question))))
            return
        standalone = await self._condenser.condense(question)
        found = await self._found(standalone)
        run.retrieved()
        if found.sources:
            async with aclosing(self._model.stream(Prompt(standalone, found.sources, found.likelihood))) as events:
                async for event in events:
                    if (shown := run.take(event)) is not None:
                        yield shown
        yield Done(run.answer(standalone.text, found, self._settings.strictness))

    async def _documents(self, question: Question) -> list[tuple[str, Sequence[Document]]]:
        """Return what there is in each workspace that may be meant, by what people call it."""
        everywhere = question.everywhere or (("", question.scopes),)
        return [(name, await self._retriever.documents(replace(question, scopes=one))) for name, one in everywhere]

    async def _found(self, question: Question) -> Retrieved:
        """Search, and once more in the documents' language where that is not the question's."""
        found = await self._retriever.retrieve(question)
        if not is_in_another_language(question.text, found):
            return found
        translated = await self._translator.translate(question, await self._retriever.documents(question))
        again = await self._retriever.retrieve(translated) if translated else found
        return again if again.likelihood >= found.likelihood else found

    async def likelihood(self, question: Question) -> tuple[float, float]:
        """Say how likely a question is answered from what it may read; then how close the best page comes."""
        found = await self._retriever.retrieve(question)
        return found.likelihood, max((page.score for page in found.sources or found.nearest), default=0.0)

    def _check(self, question: Question) -> None:
        limit = self._settings.max_question_characters
        if not question.text.strip():
            raise QuestionError("There was no question. Ask something like: how many days of leave do I have?")
        if len(question.text) > limit:
            raise QuestionError(f"That question is too long for me. Please ask it in at most {limit:,} characters.")


@dataclass(slots=True)
class _Run:
    """What one call of `ask` has gathered so far."""

    started: float
    language: str
    draft: list[str] = field(default_factory=list)
    model: str = ""
    notes: list[str] = field(default_factory=list)
    usage: Usage | None = None
    retrieve: float = 0.0
    first_token: float | None = None

    @property
    def words(self) -> Wording:
        return wording(self.language)

    def elapsed(self) -> float:
        return time.perf_counter() - self.started

    def retrieved(self) -> None:
        self.retrieve = self.elapsed()

    def take(self, event: Token | Usage | Waiting | Switched | Remark) -> AnswerEvent | None:
        """Keep one event of the model, and return what the reader should see of it."""
        match event:
            case Token(text):
                self.first_token = self.first_token or self.elapsed()
                self.draft.append(text)
                return Delta(text)
            case Waiting():
                return event
            case Switched(model, reason):
                had_text = bool(self.draft)
                self.draft.clear()
                self.model = model
                self.notes = [reason] if reason else []
                return Restart() if had_text else None
            case Remark(text):
                self.notes.append(text)
            case Usage():
                self.usage = event
                self.model = event.model
        return None

    def reply(self, text: str) -> Answer:
        """Say something that stands on no page."""
        timings = Timings(total=self.elapsed())
        return Answer(text, Outcome.NOT_FOUND, timings=timings, is_chat=True, language=self.language)

    def answer(self, question: str, found: Retrieved, strictness: float) -> Answer:
        verified = verify("".join(self.draft), found.sources, strictness, question, self.words.flag)
        # What no page supports is not shown as if it were an answer; `removed` keeps account of it.
        is_shown = bool(verified.citations) or verified.is_chat
        return Answer(
            text=verified.text.strip() if is_shown else self.words.nothing_found(found.unknown),
            outcome=verified.outcome,
            citations=verified.citations,
            nearest=() if verified.outcome is Outcome.ANSWERED else _others(found.nearest, verified.citations),
            model=self.model,
            note=" ".join(self.notes),
            removed=verified.removed,
            timings=self._timings(),
            tokens=Tokens(self.usage.prompt_tokens, self.usage.completion_tokens) if self.usage else Tokens(),
            is_chat=verified.is_chat and not verified.citations,
            language=self.language,
        )

    def _timings(self) -> Timings:
        timings = Timings(retrieve=self.retrieve, first_token=self.first_token, total=self.elapsed())
        if (usage := self.usage) is None:
            return timings
        speed = None
        if usage.completion_tokens and usage.completion_seconds:
            speed = usage.completion_tokens / usage.completion_seconds
        return replace(timings, queue=usage.paced + (usage.queue or 0.0), tokens_per_second=speed)


def _language(question: Question) -> str:
    """Tell a question's language; where it has no word that tells it, that of what was asked before it."""
    asked = (question.text, *(turn.question for turn in reversed(question.turns)))
    return next((told for text in asked if (told := asked_in(text))), "")


def _others(pages: Sequence[Source], cited: Sequence[Citation]) -> tuple[Source, ...]:
    """Leave out the pages that the answer cites."""
    shown = {(citation.source.document.id, citation.source.page) for citation in cited}
    return tuple(page for page in pages if (page.document.id, page.page) not in shown)
