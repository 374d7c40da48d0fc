"""What of the pages found becomes a Source, and what becomes of an index that does not answer, on a real one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import RetrievalError
from bot.question import Question
from bot.ranking import weights_for
from bot.retrieval import PageRetriever
from bot.settings import RetrievalSettings
from tests.ingest.index_values import EVERYBODY, IDENTITY, Filled, filled, open_index, store, vectors

PAGES, PASSAGES = 7, 5
LINE = "Some sixty characters of text about nothing that is asked.\n"
FOUND = "The kestrel lands here"


class SameVector:
    async def embed_query(self, text: str) -> NDArray[np.float32]:
        same: NDArray[Any] = vectors(["question"])[0]
        return same


def long_pages() -> Filled:
    """Every page has the word that is asked for in the middle of its passages."""
    texts = [
        LINE * 7 + (f"{FOUND} on page {page}.\n" if passage == PASSAGES // 2 else "") + LINE * 7
        for page in range(1, PAGES + 1)
        for passage in range(PASSAGES)
    ]
    whole = filled(texts=texts)
    chunks = tuple(replace(chunk, page=1 + chunk.ordinal // PASSAGES) for chunk in whole.chunks)
    return replace(whole, chunks=chunks)


async def test_later_pages_are_read_in_part(tmp_path: Path) -> None:
    """The first ones nearly whole; of the others what stands around the passage, which is never cut."""
    index = await open_index(tmp_path)
    await store(index, long_pages())
    retriever = PageRetriever(index, SameVector(), RetrievalSettings())

    sources = (await retriever.retrieve(Question("q", "Where does the kestrel land?", EVERYBODY))).sources

    sizes = [len(source.text) for source in sources]
    assert len(sizes) == PAGES
    assert all(3_300 < size <= 3_600 for size in sizes[:2])
    assert all(2_000 < size <= 2_400 for size in sizes[2:4])
    assert all(900 < size <= 1_300 for size in sizes[4:])
    assert all(f"{FOUND} on page {source.page}." in source.text for source in sources)
    assert all(source.text in source.page_text and len(source.page_text) > 4_000 for source in sources)
    index.close()


@pytest.mark.parametrize("what", ["retrieve", "search", "documents"])
async def test_an_index_that_does_not_answer_is_told(tmp_path: Path, what: str) -> None:
    """Whatever of the index cannot be read, the error is one of answering, with the index's own sentence."""
    index = await open_index(tmp_path)
    retriever = PageRetriever(index, SameVector(), RetrievalSettings())
    await (await index.begin_generation(replace(IDENTITY, model="another"))).switch()
    question = Question("q", "Where does the kestrel land?", EVERYBODY)

    with pytest.raises(RetrievalError, match="askdocs reindex"):
        await (retriever.search(question, 3) if what == "search" else getattr(retriever, what)(question))
    index.close()


async def test_letters_count_for_an_english_model_only(tmp_path: Path) -> None:
    """A model that knows the question's language is believed; of one that does not the letters in common are asked."""
    near, alike = "Am Montag ist niemand hier.", "Das Betriebssommerfest ist im Juni."
    index = await open_index(tmp_path)
    await store(index, filled(texts=[near, alike, "Der Hof bleibt frei."]))

    class BelievesNear:
        async def embed_query(self, text: str) -> NDArray[np.float32]:
            vector: NDArray[Any] = vectors([near])[0]
            return vector

    async def first(provider: str) -> str:
        weights = weights_for(replace(IDENTITY, provider=provider))
        retriever = PageRetriever(index, BelievesNear(), RetrievalSettings(), weights)
        return (await retriever.search(Question("q", "Wann ist das Sommerfest?", EVERYBODY), 2))[0].text

    assert await first("local") == alike
    assert await first("google") == near
    index.close()
