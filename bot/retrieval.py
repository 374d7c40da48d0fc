"""Question → ranked pages → numbered Sources, within the asker's scopes: the one place where ranking is decided."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.abstention import LEAST_FOR_A_MODEL, LEAST_FOR_QUOTES, SURE_OF_QUOTES, Found, likelihood, unknown_names
from bot.answer import Retrieved, Source
from bot.comparing import dealt, parts
from bot.errors import RetrievalError
from bot.foreign import foreign_to, foreign_words
from bot.mentions import Mentions, mentions
from bot.naming import Names
from bot.quantities import quantities_asked
from bot.question import Question
from bot.ranking import DEFAULT_WEIGHTS, Ranked, Sought, Weights, rank_pages
from bot.settings import RetrievalSettings
from bot.subjects import is_called, stands_in
from bot.topic import NOTHING_WANTED, Wanted, content_words, topic, wanted
from bot.verification.asked import Asked, asked
from bot.verification.words import words
from ingest.documents import Chunk, Document, Scopes
from ingest.errors import IngestError
from ingest.index import Hit, Index

T = TypeVar("T")

NAMED_DOCUMENTS = 8
"""So many of the documents that a question may mean are searched by themselves."""
ON_NAMED_PAGES = 1_000
"""Chunks looked at when a question names pages."""
NEAREST = 3
"""Pages that are named when the documents do not answer."""
MOST_UNKNOWN = 3
"""Names of a question that are looked for in all documents when an answer is unlikely."""
SOURCE_CHARACTERS = (3_600, 3_600, 2_400, 2_400)
"""Of a page's text, around what was found, that the model reads, by rank."""
LATER_CHARACTERS = 1_200
"""The same of the pages after those: one in ten answers stands there, and every token is paid and waited for.
`python -m tests.benchmarks.prompts` prints what it saves and costs."""
MOST_STEMS = 64
"""More than a question has: pages are read for each of them."""
LINES_AROUND = 300
"""Characters that are left around a passage at least."""


class QueryEmbedder(Protocol):
    async def embed_query(self, text: str) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class RankedPage:
    """One page as search found it. `text` is its best passage; `score` is 0…1."""

    document: Document
    page: int
    label: str
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one question searches for, and where."""

    documents: Mapping[str, Document]
    confined: frozenset[str] | None
    """The documents that the question is confined to; None: whatever its asker may read."""
    card_scores: Mapping[str, float]
    named: frozenset[str]
    """The documents that the question most likely means."""
    others: frozenset[str]
    """Documents of somebody whom the question does not name."""
    is_sure: bool
    mentions: Mentions
    wanted: Wanted
    terms: str
    sought: Sought
    foreign: tuple[str, ...]
    """The words of a question that is not in the embedding model's language."""
    compared: tuple[str, ...]
    """A question for each part of a comparison; none for other questions."""
    vector: asyncio.Future[NDArray[np.float32]]
    """Still being made: what searches by words does not wait for it."""

    def holds(self, hit: Hit) -> bool:
        return hit.chunk.document_id in self.documents and self.mentions.holds(hit.chunk.page, hit.chunk.label)


class _NamesOfDocuments:
    """Keeps the cards of the last few sets of documents ready: most questions of a channel read the same set."""

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._ready: OrderedDict[tuple[str, ...], asyncio.Task[Names]] = OrderedDict()

    async def of(self, documents: Sequence[Document]) -> Names:
        """Return the names of documents, made once however many questions wait for them."""
        key = tuple(f"{document.id}{document.content_sha256}" for document in documents)
        # Not on the event loop: thousands of cards take a second.
        cards = [document.card for document in documents]
        names = self._ready.pop(key, None) or _begun(asyncio.to_thread(Names, cards))
        self._ready[key] = names
        if len(self._ready) > self._size:
            self._ready.popitem(last=False)
        return await asyncio.shield(names)


class PageRetriever:
    """Searches by meaning and by words at once, and ranks the pages that the hits lie on."""

    def __init__(
        self, index: Index, embedder: QueryEmbedder, settings: RetrievalSettings, weights: Weights = DEFAULT_WEIGHTS
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings
        self._weights = weights
        self._names = _NamesOfDocuments()

    async def retrieve(self, question: Question) -> Retrieved:
        """Return Sources for the model, best first.

        Raises:
            RetrievalError: the index or the embedding model did not answer.
        """
        with _translated():
            plan = await self._plan(question)
            if plan is None:
                return Retrieved(())
            best = (await self._pages(question, plan))[: self._settings.sources]
            keys = [(page.document.id, page.page) for page in best]
            hits = await self._index.page_hits(question.scopes, keys, await plan.vector)
            found = _found(plan, best, hits)
            likely = 1.0 if question.document_ids is not None else _likelihood(question.text, plan, found)
            unknown = await self._unknown(question, plan, found) if likely < LEAST_FOR_QUOTES else ()
        sources = tuple(page.source for page in found)
        return Retrieved(sources if likely >= LEAST_FOR_A_MODEL else (), sources[:NEAREST], likely, unknown)

    async def documents(self, question: Question) -> tuple[Document, ...]:
        """Return what may be read for a question, by name."""
        with _translated():
            documents = await self._index.documents(question.scopes)
        confined = question.document_ids
        return tuple(document for document in documents if confined is None or document.id in confined)

    async def search(self, question: Question, count: int) -> tuple[RankedPage, ...]:
        """Return the `count` best distinct pages."""
        with _translated():
            plan = await self._plan(question)
            return tuple((await self._pages(question, plan))[:count]) if plan else ()

    async def _pages(self, question: Question, plan: _Plan) -> list[RankedPage]:
        """Rank the pages, for each part of a comparison by itself."""
        plans = await asyncio.gather(*(self._plan(replace(question, text=part)) for part in plan.compared))
        ranked = await asyncio.gather(*(self._ranked(part, question.scopes) for part in plans or [plan] if part))
        return dealt(ranked, lambda page: (page.document.id, page.page)) if plans else ranked[0]

    async def _ranked(self, plan: _Plan, scopes: Scopes) -> list[RankedPage]:
        hits = [hit for hit in await self._hits(plan, scopes) if plan.holds(hit)]
        foreign = foreign_to(plan.foreign, hits) if plan.foreign else None
        ranked = rank_pages(hits, plan.card_scores, plan.wanted.statements, self._weights, foreign, plan.sought)
        documents = plan.documents
        return [_page(page, documents[page.hit.chunk.document_id]) for page in ranked]

    async def _unknown(self, question: Question, plan: _Plan, found: Sequence[Found]) -> tuple[str, ...]:
        """Return the names of the question that none of the documents has, as far as a search for each can tell."""
        unknown: list[str] = []
        for name in unknown_names(question.text, found)[:MOST_UNKNOWN]:
            if not any(is_called(document, name) for document in plan.documents.values()):
                hits = await self._index.search_text(name, question.scopes, 1, plan.confined)
                if not any(stands_in(name, hit.chunk.text) for hit in hits):
                    unknown.append(name)
        return tuple(unknown)

    async def _plan(self, question: Question) -> _Plan | None:
        """Decide what to search for, and where; None when there is nothing to read."""
        documents = await self.documents(question)
        named_outright = mentions(question.text, documents)
        if named_outright.document_ids is not None:
            documents = tuple(document for document in documents if document.id in named_outright.document_ids)
        if not documents:
            return None
        is_confined = question.document_ids is not None or named_outright.document_ids is not None
        named = (await self._names.of(documents)).score(question.text)
        order = np.argsort(-named.scores, kind="stable")[:NAMED_DOCUMENTS]
        best = [documents[position] for position in order]
        known = wanted(question.text) if any(document.card.has_statements for document in best) else NOTHING_WANTED
        about = topic(question.text, named.words, known.added)
        # Instructions and definitions hold words to look for; to the embedding model they are noise, and take time.
        read = asked(question.text)
        return _Plan(
            documents={document.id: document for document in documents},
            confined=frozenset(document.id for document in documents) if is_confined else None,
            card_scores={document.id: float(score) for document, score in zip(documents, named.scores, strict=True)},
            named=frozenset(document.id for document in best),
            others=frozenset(documents[position].id for position in named.others),
            is_sure=float(named.scores.max()) >= self._weights.sure or len(best) == len(documents),
            mentions=named_outright,
            wanted=known,
            terms=" ".join(content_words(about)),
            sought=_sought(read, known),
            foreign=foreign_words(question.text, about) if self._weights.alike or self._weights.apart else (),
            compared=parts(question.text, named.compared, named.years),
            vector=_begun(self._vector(read.text, topic(read.text, named.words, known.added))),
        )

    async def _vector(self, question: str, about: str) -> NDArray[np.float32]:
        """One search with the weighted mean finds what two searches find."""
        if about == question:
            return await self._embedder.embed_query(question)
        # Two calls, not one with both: padding the short text to the long one costs more.
        full, short = await asyncio.gather(self._embedder.embed_query(question), self._embedder.embed_query(about))
        share = self._weights.topic
        mean: NDArray[np.float32] = (1 - share) * full + share * short
        return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-9))

    async def _hits(self, plan: _Plan, scopes: Scopes) -> list[Hit]:
        """Search by meaning and by words, in the named documents and everywhere; each chunk once."""
        everywhere_limit = self._settings.candidates // 4
        limit = ON_NAMED_PAGES if plan.mentions.pages else self._settings.candidates
        within = plan.named
        by_words = [self._index.search_text(plan.terms, scopes, limit, within, vector=plan.vector)]
        by_meaning = [self._nearest(plan, scopes, limit, within)]
        if not plan.is_sure:
            by_words.append(
                self._index.search_text(plan.terms, scopes, everywhere_limit, plan.confined, vector=plan.vector)
            )
            by_meaning.append(self._nearest(plan, scopes, everywhere_limit, plan.confined))
        if plan.wanted.statements:
            by_meaning.append(self._nearest(plan, scopes, limit, within, frozenset(plan.wanted.statements)))
        matching, nearest = await asyncio.gather(asyncio.gather(*by_words), asyncio.gather(*by_meaning))
        found = {hit.chunk.id: hit for hits in matching for hit in hits}
        for hit in itertools.chain(*nearest):
            # Its score is a similarity, and says nothing of words.
            found.setdefault(hit.chunk.id, Hit(hit.chunk, 0.0, hit.similarity, hit.traits))
        return list(found.values())

    async def _nearest(
        self, plan: _Plan, scopes: Scopes, limit: int, within: Collection[str] | None, statements: Collection[str] = ()
    ) -> tuple[Hit, ...]:
        return await self._index.search_vectors(await plan.vector, scopes, limit, within, statements=statements)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the index and the embedding model raise into an error of answering."""
    try:
        yield
    except IngestError as error:
        raise RetrievalError(error.user_notice) from error


def _begun(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Begin something. Whoever waits for it gets its error; where nobody does any more, it is no news."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


def _sought(read: Asked, known: Wanted) -> Sought:
    """The stems of what is asked, and of what the glossary calls it."""
    called = (word.stem for text in known.added for word in words(text) if word.stem)
    stems = dict.fromkeys((*read.stems, *called))
    return Sought(frozenset(list(stems)[:MOST_STEMS]), quantities_asked(read.text))


def _page_texts(hits: Sequence[Hit]) -> Mapping[tuple[str, int], str]:
    """Return the text of each page; its chunks come in reading order."""
    chunks: dict[tuple[str, int], list[Chunk]] = defaultdict(list)
    for hit in hits:
        chunks[hit.chunk.document_id, hit.chunk.page].append(hit.chunk)
    return {key: "\n".join(chunk.text for chunk in of_page) for key, of_page in chunks.items()}


def _page(ranked: Ranked, document: Document) -> RankedPage:
    chunk = ranked.hit.chunk
    return RankedPage(document, chunk.page, chunk.label, ranked.score, chunk.text)


def _found(plan: _Plan, pages: Sequence[RankedPage], hits: Sequence[Hit]) -> list[Found]:
    """Make Sources of the best pages, with what tells how likely they hold an answer."""
    texts = _page_texts(hits)
    similarity: dict[tuple[str, int], float] = defaultdict(float)
    for hit in hits:
        key = (hit.chunk.document_id, hit.chunk.page)
        similarity[key] = max(similarity[key], hit.similarity)
    return [
        Found(
            _source(number, page, texts, _characters(number, len(plan.compared))),
            similarity[page.document.id, page.page],
            plan.card_scores[page.document.id],
            page.document.id in plan.others,
        )
        for number, page in enumerate(pages, 1)
    ]


def _likelihood(question: str, plan: _Plan, found: Sequence[Found]) -> float:
    """Whoever names a document or a page outright gets to see what it says."""
    least = 0.0
    if found and plan.mentions.pages:
        least = SURE_OF_QUOTES
    elif found and plan.mentions.document_ids is not None:
        least = LEAST_FOR_QUOTES
    return max(likelihood(question, found), least)


def _characters(number: int, parts: int) -> int:
    """Return how much of the page of this number is read; the parts of a comparison have their pages in turn."""
    rank = (number - 1) // max(1, parts)
    return SOURCE_CHARACTERS[rank] if rank < len(SOURCE_CHARACTERS) else LATER_CHARACTERS


def _source(number: int, page: RankedPage, texts: Mapping[tuple[str, int], str], characters: int) -> Source:
    page_text = texts.get((page.document.id, page.page), page.text)
    return Source(
        number=number,
        document=page.document,
        page=page.page,
        label=page.label,
        text=_around(page.text, page_text, max(characters, len(page.text) + LINES_AROUND)),
        page_text=page_text,
        score=page.score,
        by_ocr=page.page in page.document.pages_by_ocr,
    )


def _around(passage: str, page_text: str, characters: int) -> str:
    """Return all of a page, or so much of it around the passage, cut at line ends."""
    if len(page_text) <= characters:
        return page_text
    middle = max(0, page_text.find(passage)) + len(passage) // 2
    start = min(max(0, middle - characters // 2), len(page_text) - characters)
    start = page_text.rfind("\n", 0, start) + 1 if start else 0
    end = page_text.rfind("\n", start, start + characters)
    return page_text[start : end if end > start else start + characters]
