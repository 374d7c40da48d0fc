"""A document or pages that a question names outright: "in handbook.pdf, p. 10–20". Pure.

A question that only alludes to a document ("the 2022 handbook") is for `naming`: that is a matter of degree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.documents import Document

_PAGES = re.compile(r"\b(?:pp?\.|pages?|Seiten?|S\.)\s*(\d{1,5})(?:\s*(?:-|–|—|to|bis)\s*(\d{1,5}))?", re.IGNORECASE)
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the question is confined to; None: not confined."""

    document_ids: frozenset[str] | None = None
    pages: range | None = None

    def holds(self, page: int, label: str) -> bool:
        """Say whether a page is meant: by what is printed on it, or by its physical number."""
        return self.pages is None or page in self.pages or (label.isdecimal() and int(label) in self.pages)


def mentions(question: str, documents: Iterable[Document]) -> Mentions:
    """Find names with their ending (`handbook.pdf`), or names of several words or with digits, written in full.

    Pages count only beside such a name: "what is on page 3" may be about anything.
    """
    folded = question.casefold()
    named = frozenset(document.id for document in documents if _is_named(document.name.casefold(), folded))
    if not named:
        return Mentions()
    return Mentions(named, _pages(question))


def _is_named(name: str, question: str) -> bool:
    stem = name.removesuffix(".pdf")
    if _stands_in(name, question) and name != stem:
        return True
    return _stands_in(stem, question) and len(stem) >= 6 and re.search(r"[\d_-]| ", stem) is not None


def _stands_in(name: str, question: str) -> bool:
    # Of thousands of names next to none is worth a pattern.
    return name in question and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", question) is not None


def _pages(question: str) -> range | None:
    match = _PAGES.search(question)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2] or first)
    return range(first, min(last, first + MOST_PAGES) + 1) if last >= first else range(first, first + 1)
