"""Prompts for the tests of models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

from bot.answer import Source
from bot.models import ChatModel, ModelEvent, Prompt, Switched, Token
from bot.question import Question, Turn
from ingest.documents import Document, Scopes

LEAVE = "Employees get 30 days of annual leave. The notice period is two weeks."


def source(number: int, text: str, name: str = "handbook.pdf", title: str = "Employee Handbook") -> Source:
    """A Source of one page; its page is its number."""
    document = Document(
        id=f"d{number}",
        workspace="local",
        scope="workspace",
        name=name,
        title=title,
        source=f"/{name}",
        content_sha256="0" * 64,
        pages=40,
        pages_without_text=(),
        pages_by_ocr=(),
        chunks=80,
        opening="",
        uploader="",
        link="",
        indexed_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    return Source(number, document, number, str(number), text, text, 0.9)


def question(text: str = "How many days of annual leave do employees get?", *turns: Turn) -> Question:
    return Question("q1", text, Scopes("local", frozenset({"workspace"})), turns=turns)


def prompt(*texts: str, asked: Question | None = None) -> Prompt:
    """The question about leave, with these Sources or the page that answers it."""
    return Prompt(asked or question(), [source(number, text) for number, text in enumerate(texts or (LEAVE,), 1)])


class Quotations:
    """Stands where the extractive model does: quotes the first Source."""

    name = "extractive"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        yield Token(f"{prompt.sources[0].text} [{prompt.sources[0].number}]")


async def events_of(model: ChatModel, asked: Prompt | None = None) -> list[ModelEvent]:
    """Everything that a model says about a prompt."""
    async with aclosing(model.stream(asked or prompt())) as events:
        return [event async for event in events]


def text_of(events: Sequence[ModelEvent]) -> str:
    """The text that is left after every restart."""
    text = ""
    for event in events:
        if isinstance(event, Switched):
            text = ""
        elif isinstance(event, Token):
            text += event.text
    return text
