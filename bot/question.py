"""What is asked: a question with who may read what, and the thread's earlier turns."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.documents import Scopes


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of the thread with its answer as shown."""

    question: str
    answer: str
    document_ids: tuple[str, ...] = ()
    """Documents that the answer cited, most cited first: what "it" and "there" may refer to."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, complete: everything the engine needs, nothing of the platform it came from."""

    id: str
    """Short and random; the same id stands in the log, in error notices and under the answer."""
    text: str
    scopes: Scopes
    asker: str = ""
    turns: tuple[Turn, ...] = ()
    document_ids: frozenset[str] | None = None
    """Set when the question is about certain documents, e.g. a reply to an upload; None searches all."""
    everywhere: tuple[tuple[str, Scopes], ...] = ()
    """By what people call them, the workspaces that may be meant, where the place does not say which one is.

    Only what there is is listed for all of them; searched are `scopes`.
    """
    language: str = ""
    """In which it is asked, as far as the engine can tell; it stays where the text is condensed or translated."""
