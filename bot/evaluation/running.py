"""Asks every question of a file, one after the other, so that the times are those of a quiet bot."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import replace

from bot.answer import Answer, Done
from bot.composition import Answering
from bot.condense import ModelCondenser
from bot.conversation import new_question_id
from bot.errors import BotError, CaseFileError
from bot.evaluation.cases import Case
from bot.evaluation.results import DEPTH, Result, answered, failed, found
from bot.question import Question
from ingest.documents import Scopes


async def not_indexed(parts: Answering, cases: Iterable[Case], scopes: Scopes) -> tuple[str, ...]:
    """Return the documents that answer questions, but that whoever asks them cannot read: those count as not found.

    Raises:
        CaseFileError: that is all of them, so nothing would be measured.
    """
    missing: set[str] = set()
    named: set[str] = set()
    for case in cases:
        readable = {document.name for document in await parts.index.documents(case.scopes or scopes)}
        missing |= {one.document for one in case.evidence} - readable
        named |= {one.document for one in case.evidence}
    if missing and missing == named:
        raise CaseFileError(f"None of the questions' documents is indexed, e.g. {min(missing)}. Run `askdocs ingest`.")
    return tuple(sorted(missing))


async def ask_all(
    parts: Answering, cases: Iterable[Case], scopes: Scopes, *, with_answers: bool
) -> AsyncIterator[tuple[Result, str]]:
    """Yield the result of each case, with the model that answered.

    Raises:
        BotError: the very first question cannot be answered: nor will the others.
    """
    has_answered = False
    for case in cases:
        question = Question(new_question_id(), case.question, case.scopes or scopes, turns=case.turns)
        result = await _searched(parts, case, question)
        if not with_answers:
            yield result, ""
            continue
        began = time.perf_counter()
        try:
            answer = await _answer(parts, question)
        except BotError as error:
            if not has_answered:
                raise
            yield replace(result, answered=failed(error, time.perf_counter() - began)), ""
            continue
        has_answered = True
        yield replace(result, answered=answered(case, answer)), answer.model


async def _searched(parts: Answering, case: Case, question: Question) -> Result:
    began = time.perf_counter()
    standalone = await ModelCondenser(parts.models).condense(question)
    pages = await parts.retriever.search(standalone, DEPTH)
    searched = found(case, pages, time.perf_counter() - began)
    return Result(case.id, case.kind, case.is_answerable, bool(case.evidence), searched)


async def _answer(parts: Answering, question: Question) -> Answer:
    async with aclosing(parts.engine.ask(question)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("the engine ends with Done")
