"""What stands in for meaning when the bundled embedding model does not know the language of a question. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.likeness import likeness
from bot.verification.asked import content
from bot.verification.languages import ENGLISH, asked_in, language
from ingest.index import Hit

COMPARED = 150
"""Chunks whose words are compared letter by letter: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What is known of each hit besides its similarity."""

    alike: Sequence[float]
    """How alike its words are to the question's, 0…1."""
    languages: Sequence[str]
    """Of its document."""


def foreign_words(question: str, about: str) -> tuple[str, ...]:
    """Return the words of what a question is about; none where the model knows its language."""
    if asked_in(question) in ("", ENGLISH):
        return ()
    return tuple(word.text for word in content(about))


def foreign_to(wanted: Sequence[str], hits: Sequence[Hit]) -> Foreign:
    """Compare the question's words with those of the likeliest hits, and tell each document's language."""
    closest = sorted(range(len(hits)), key=lambda position: -hits[position].similarity)[:COMPARED]
    alike = [0.0] * len(hits)
    for position, how in zip(closest, likeness(wanted, [hits[one].chunk.text for one in closest]), strict=True):
        alike[position] = how
    languages: dict[str, str] = {}
    for hit in hits:
        document = hit.chunk.document_id
        languages[document] = languages.get(document) or language(hit.chunk.text)
    return Foreign(alike, [languages[hit.chunk.document_id] for hit in hits])
