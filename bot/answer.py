"""What is answered: numbered Sources, verified Citations, the Answer, and the events of answering."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from ingest.documents import Document


@dataclass(frozen=True, slots=True)
class Source:
    """One retrieved page, numbered as the model sees it. Two Sources of one question never share a page."""

    number: int
    """1-based: the `n` of the marker `[n]`."""
    document: Document
    page: int
    label: str
    text: str
    """What was retrieved of the page, in reading order; the model reads this."""
    page_text: str
    """All indexed text of the page; verification and quotes use this."""
    score: float
    """Calibrated relevance 0…1."""
    by_ocr: bool = False


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What retrieval found, best first. `sources` is empty when nothing found is likely to hold an answer."""

    sources: tuple[Source, ...]
    nearest: tuple[Source, ...] = ()
    """The best pages whatever their score, for "not in your documents, the nearest pages are …"."""
    likelihood: float = 1.0
    """That the pages hold an answer, 0…1."""
    unknown: tuple[str, ...] = ()
    """Names of the question that none of the documents has; looked for where an answer is unlikely."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A Source that verification found to support the sentences that carry its marker."""

    number: int
    source: Source
    quote: str
    """Stands verbatim (normalised) on the page."""
    more_quotes: tuple[str, ...] = ()
    """Further passages of the page that other sentences with this marker rest on."""


class Outcome(enum.StrEnum):
    """How far the documents answered the question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds, measured from the moment the engine was asked; provider figures where the provider gives them."""

    retrieve: float = 0.0
    queue: float = 0.0
    """Waiting for our own quota pacing and the provider's queue."""
    first_token: float | None = None
    total: float = 0.0
    tokens_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an answer cost, as the provider counted; None where it gives no figure, or where no model was asked."""

    prompt: int | None = None
    completion: int | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that verification took out of the draft, and why: shown by `why`, never in the answer."""

    sentence: str
    marker: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer: every marker in `text` names one of `citations`, and every citation is named."""

    text: str
    outcome: Outcome
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Source, ...] = ()
    """For NOT_FOUND and PARTIAL: the pages that came closest."""
    model: str = ""
    note: str = ""
    """Why this model, when it is not the first of the chain."""
    removed: tuple[Removed, ...] = ()
    timings: Timings = field(default_factory=Timings)
    tokens: Tokens = field(default_factory=Tokens)
    is_chat: bool = False
    """It says nothing of what the documents say: a greeting, or which documents there are."""
    language: str = ""
    """Of the question, as far as it was told: what we say ourselves is said in it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question waits for the model's quota: `position` in the queue, about `seconds` to go."""

    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the draft: unverified, shown without markers."""

    text: str


@dataclass(frozen=True, slots=True)
class Restart:
    """What was streamed so far is void: another model (or the same one, again) starts over."""


@dataclass(frozen=True, slots=True)
class Done:
    """The verified answer; it replaces everything shown so far."""

    answer: Answer


AnswerEvent = Waiting | Delta | Restart | Done
