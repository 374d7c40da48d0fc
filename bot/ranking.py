"""Chunks that searches found → ranked pages. Pure.

A page is as good as its best chunk, plus its document. The first ones are then read: whether the question's words stand
in one place, and whether there is a quantity of the kind that is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.foreign import Foreign
from bot.one_place import in_one_place
from bot.quantities import Quantity, quantities_told
from ingest.documents import EmbeddingIdentity
from ingest.index import Hit


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts, in the middle of plateaus.

    `python -m tests.benchmarks.retrieval` prints what each is worth.
    """

    text: float = 0.7
    """Words beside meaning, as far as one passage has the words of the question at all: people who do not know the
    document ask in other words."""
    place: float = 1.0
    """Words of the question that stand together, in one sentence or row."""
    quantity: float = 0.2
    """A quantity of the kind that is asked for: a duration, an amount of money."""
    topic: float = 0.65
    """Share of the topic in the question's vector; the rest is the question as it was asked."""
    alike: float = 2.0
    """Words that are alike letter by letter, for questions in a language that the embedding model was not made for."""
    apart: float = 1.0
    """For the same questions: share of the meaning that is compared within each language only."""
    statement: float = 0.5
    """A financial statement of the kind that is asked for."""
    document: float = 0.65
    """Which document the question names."""
    contents: float = 0.5
    """Taken off tables of contents: they hold every word and answer nothing."""
    stub: float = 0.5
    """Taken off pages with next to no words."""
    sure: float = 1.2
    """A card score that says: named, and of the right year. Then nothing else is searched."""


DEFAULT_WEIGHTS = Weights()
MULTILINGUAL_WEIGHTS = replace(DEFAULT_WEIGHTS, alike=0.0, apart=0.0)
"""For embedding models that know other languages than English: letters and languages would only disturb."""


def weights_for(embedding: EmbeddingIdentity) -> Weights:
    """Return the weights that fit an embedding model; any but the bundled one is taken to know other languages."""
    return DEFAULT_WEIGHTS if embedding.provider == "local" else MULTILINGUAL_WEIGHTS


STUB_WORDS = 25
FULL_TABLE_ROWS = 5
PAGES_READ = 12
"""Pages in which the question's words are looked for sentence by sentence: a millisecond."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One page, with the hit that it is ranked by. `score` orders pages of one question, nothing more."""

    hit: Hit
    score: float


@dataclass(frozen=True, slots=True)
class Sought:
    """What the likeliest pages are read for."""

    stems: frozenset[str]
    """Of what is asked, to be found in one place."""
    quantities: frozenset[Quantity]
    """Kinds of quantity of which one answers."""


NOTHING_SOUGHT = Sought(frozenset(), frozenset())


def rank_pages(
    hits: Sequence[Hit],
    documents: Mapping[str, float],
    statements: Mapping[str, float],
    weights: Weights,
    foreign: Foreign | None = None,
    sought: Sought = NOTHING_SOUGHT,
) -> list[Ranked]:
    """Rank each page once, best first.

    Args:
        hits: distinct chunks; `similarity` is set on all, `score` on those that the search by words found.
        documents: card score by document id.
        statements: financial statements that the question stands on, with their weight.
        weights: what each kind of evidence counts.
        foreign: what is known of the hits when the question is in another language than the embedding model's.
        sought: what the first pages are read for.
    """
    if not hits:
        return []
    similarity = np.array([hit.similarity for hit in hits])
    meaning, alike = _stretched(similarity), np.zeros(len(hits))
    if foreign is not None:
        apart = _stretched_by(similarity, foreign.languages)
        meaning, alike = (1 - weights.apart) * meaning + weights.apart * apart, np.array(foreign.alike)
    text = np.array([hit.score for hit in hits])
    text = min(1.0, float(text.max())) * (text / max(1e-9, float(text.max()))) ** 2
    likeliest = max(documents.values(), default=0.0)
    best: dict[tuple[str, int], Ranked] = {}
    matching = (meaning + weights.text * text + weights.alike * alike).tolist()
    for hit, matches in zip(hits, matching, strict=True):
        named = weights.document * (documents.get(hit.chunk.document_id, 0.0) - likeliest)
        score = matches + named + _kind(hit, statements, weights)
        key = (hit.chunk.document_id, hit.chunk.page)
        if key not in best or score > best[key].score:
            best[key] = Ranked(hit, score)
    return _read(_best_first(best.values()), hits, sought, weights)


def _read(ranked: Sequence[Ranked], hits: Sequence[Hit], sought: Sought, weights: Weights) -> list[Ranked]:
    """Read the first pages, as far as they were found, and order them anew."""
    passages: dict[tuple[str, int], list[str]] = defaultdict(list)
    for hit in hits:
        passages[hit.chunk.document_id, hit.chunk.page].append(hit.chunk.text)
    first = ranked[:PAGES_READ]
    shares = in_one_place(sought.stems, [passages[page.hit.chunk.document_id, page.hit.chunk.page] for page in first])
    read = (
        replace(page, score=page.score + weights.place * share**2 + weights.quantity * _told(page, sought.quantities))
        for page, share in zip(first, shares, strict=True)
    )
    return [*_best_first(read), *ranked[PAGES_READ:]]


def _told(page: Ranked, asked: frozenset[Quantity]) -> float:
    """Return which share of the kinds of quantity that are asked for a page's best passage tells."""
    return len(asked & quantities_told(page.hit.chunk.text)) / len(asked) if asked else 0.0


def _best_first(pages: Iterable[Ranked]) -> list[Ranked]:
    return sorted(pages, key=lambda ranked: -ranked.score)


def _kind(hit: Hit, statements: Mapping[str, float], weights: Weights) -> float:
    """What the kind of text is worth, whatever it says."""
    traits = hit.traits
    asked = min(1.0, sum(weight for name, weight in statements.items() if name in traits.statements))
    score = weights.statement * asked * min(1.0, traits.table_rows / FULL_TABLE_ROWS)
    score -= weights.contents * traits.is_contents
    return score - weights.stub * max(0.0, 1 - traits.words / STUB_WORDS)


def _stretched(similarity: np.ndarray) -> np.ndarray:
    """Bring the similarities of one question, which lie close together, to about 0…1."""
    low = float(np.percentile(similarity, 5))
    stretched: np.ndarray = (similarity - low) / max(1e-9, float(similarity.max()) - low)
    return stretched


def _stretched_by(similarity: np.ndarray, languages: Sequence[str]) -> np.ndarray:
    """Stretch each language by itself: whatever is in the question's language looks alike to the embedding model."""
    stretched = np.zeros(len(similarity))
    groups = np.array(languages)
    for language in set(languages):
        stretched[groups == language] = _stretched(similarity[groups == language])
    return stretched
