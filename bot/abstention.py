"""How likely it is that the pages found hold an answer, and how unlikely is too unlikely. Pure.

A page on the right topic without the fact looks much like one with it: that is for the model, which may say so, and for
verification. What can be told before is whether the pages are about the question's topic, company, model and year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.answer import Source
from bot.naming import STATEMENT_YEARS
from bot.subjects import CAPITALISES_NOUNS, Subjects, is_about, stands_in, subjects
from bot.verification.asked import asked
from bot.verification.languages import language

LEAST_FOR_A_MODEL = 0.05
"""Below, no model is asked: it could only say no."""
LEAST_FOR_QUOTES = 0.2
"""Below, the extractive model quotes nothing: it cannot see that a page on the right topic does not answer."""
SURE_OF_QUOTES = 0.4
"""Below, what it quotes is said to be near the question, not to answer it."""
JUDGED = 3
"""Pages looked at; the best of them counts."""
LEADS_OVER = 4
"""The page that the first ones are compared with: it was found as well, and hardly ever answers."""
LARGEST_LEAD = 0.7
"""Among few pages everything else is far off."""
USUAL_LEAD = 0.35
"""Where so few pages were found that there is none to compare with."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page that was found, best first."""

    source: Source
    similarity: float
    """Of the question to the page's best passage."""
    card_score: float
    """How surely the question names the document."""
    is_anothers: bool = False
    """The document is somebody's, by name, and the question names them in no way."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression, rounded, fitted on the general set, on filings, and on manuals of many kinds.

    The similarities are those of the bundled model; `python -m tests.benchmarks.abstention` prints the curve.
    """

    similarity: float = 5.5
    lead: float = 3.8
    card: float = 1.0
    missing_names: float = -1.2
    """Names of the question, at most two, that the page does not have, and its document is not about."""
    names_of_others: float = -1.3
    """Share of the names that the document is not about, though the page may mention them."""
    missing_codes: float = -4.0
    missing_years: float = -4.6
    of_another: float = -3.6
    """A report with statements, of somebody whom the question does not name."""
    statements: float = -1.2
    """Any report with statements: it has a page on every topic of business, whether or not that page has the fact."""
    constant: float = -4.6


DEFAULT_WEIGHTS = Weights()


def likelihood(question: str, found: Sequence[Found], weights: Weights = DEFAULT_WEIGHTS) -> float:
    """Return how likely it is (0…1) that one of the best pages answers the question."""
    if not found:
        return 0.0
    least = LEAST_FOR_A_MODEL if _OVERVIEW.search(question) else 0.0
    if not asked(question).stems:
        return least
    return max(least, *(1 / (1 + math.exp(-_score(evidence, weights))) for evidence in evidence_of(question, found)))


_OVERVIEW = re.compile(
    r"\b(?:summari[sz]\w*|summary|overview|tl;?dr|main (?:points|topics)"
    r"|what (?:is|are|does)\b.{0,60}\b(?:about|cover)\b|zusammenfass\w*|worum geht|r[ée]sum\w*)",
    re.IGNORECASE,
)
"""What asks for a document as a whole: no page is like it, and a model can tell from any of them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is counted for and against one page; the fields stand in the order of Weights."""

    similarity: float
    lead: float
    card: float
    missing_names: float
    names_of_others: float
    missing_codes: float
    missing_years: float
    of_another: float
    statements: float


def evidence_of(question: str, found: Sequence[Found]) -> list[Evidence]:
    """Return the evidence of each page that is judged."""
    named = _named(question, found)
    compared = found[LEADS_OVER].source.score if len(found) > LEADS_OVER else None
    nowhere = _nowhere(named, found)
    return [_evidence(page, named, nowhere, compared) for page in found[:JUDGED]]


def unknown_names(question: str, found: Sequence[Found]) -> tuple[str, ...]:
    """Return the names and codes of a question that no page found has, and no document of one is about."""
    named = _named(question, found)
    return tuple(word for word in named.codes + named.names if not any(_has(page.source, word) for page in found))


def _score(evidence: Evidence, weights: Weights) -> float:
    counted = zip(astuple(evidence), astuple(weights), strict=False)
    score: float = weights.constant + sum(value * weight for value, weight in counted)
    return score


def _nowhere(named: Subjects, found: Sequence[Found]) -> Subjects:
    """Leave what none of the pages has."""
    return Subjects(
        tuple(name for name in named.names if not any(_has(page.source, name) for page in found)),
        tuple(code for code in named.codes if not any(_has(page.source, code) for page in found)),
        tuple(year for year in named.years if not any(_tells_of(page.source, year) for page in found)),
    )


def _evidence(page: Found, named: Subjects, nowhere: Subjects, compared: float | None) -> Evidence:
    source = page.source
    others = [name for name in named.names if not is_about(source.document, name)]
    names = [name for name in named.names if not _has(source, name)]
    codes = [code for code in named.codes if not _has(source, code)]
    years = [year for year in named.years if not _tells_of(source, year)]
    # What a question compares stands on several pages: then only what none of them has is missing.
    codes = codes if len(named.codes) < 2 else list(nowhere.codes)
    years = years if len(named.years) < 2 else list(nowhere.years)
    return Evidence(
        similarity=page.similarity,
        lead=USUAL_LEAD if compared is None else min(LARGEST_LEAD, source.score - compared),
        card=min(2.0, page.card_score),
        missing_names=min(2, len(names if len(named.names) < 2 else nowhere.names)),
        names_of_others=len(others) / len(named.names) if named.names else 0.0,
        missing_codes=len(codes),
        missing_years=len(years) / max(1, len(named.years)),
        of_another=float(page.is_anothers and source.document.card.has_statements),
        statements=float(source.document.card.has_statements),
    )


def _named(question: str, found: Sequence[Found]) -> Subjects:
    """Read what a question names; what the pages write small is no name: `Free cash flow`."""
    named = subjects(asked(question).text)
    if not named.names:
        return named
    if language(found[0].source.page_text) == CAPITALISES_NOUNS:
        return Subjects((), named.codes, named.years)
    texts = [page.source.page_text for page in found]
    names = (name for name in named.names if not any(re.search(rf"\b{re.escape(name.lower())}\b", t) for t in texts))
    return Subjects(tuple(names), named.codes, named.years)


def _has(source: Source, word: str) -> bool:
    return stands_in(word, source.page_text) or is_about(source.document, word)


def _tells_of(source: Source, year: int) -> bool:
    card, text = source.document.card, source.page_text
    before = STATEMENT_YEARS - 1 if card.has_statements else 0
    is_of_it = any(of - before <= year <= of for of in card.years)
    return is_of_it or str(year) in text or f"FY{year % 100:02}" in text
