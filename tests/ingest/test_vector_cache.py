"""A text is embedded once: after a failure, after a kill, for two documents at the same time."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from ingest.database import Database
from ingest.documents import EmbeddingIdentity
from ingest.embedding import Vectors
from ingest.errors import EmbeddingError
from ingest.vector_cache import CachedEmbedder, VectorCache, text_key
from tests.ingest.embedders import IDENTITY, HashEmbedder


@pytest.fixture
async def cache(database: Database) -> VectorCache:
    await database.migrate("ingest")
    return VectorCache(database, IDENTITY)


def expected(texts: Sequence[str]) -> Vectors:
    return np.array([HashEmbedder.vector(text) for text in texts], dtype=np.float32)


async def test_vectors_come_back_to_the_bit(database: Database, cache: VectorCache) -> None:
    """What was written is read, for the same identity only."""
    vectors = {text_key(text): HashEmbedder.vector(text) for text in ("a", "ä", "\ud800")}
    await cache.write(vectors)
    await cache.write(vectors)
    found = await cache.read([*vectors, text_key("other")])
    other = VectorCache(database, EmbeddingIdentity("test", "hash", 8, "plain-2"))

    assert {key: vector.tolist() for key, vector in found.items()} == {k: v.tolist() for k, v in vectors.items()}
    assert await other.read(list(vectors)) == {}


async def test_many_texts_are_more_than_one_statement(cache: VectorCache) -> None:
    """No number of texts is too many for the database."""
    texts = [str(number) for number in range(1_201)]
    await cache.write({text_key(text): HashEmbedder.vector(text) for text in texts})

    assert len(await cache.read([text_key(text) for text in texts])) == len(texts)


async def test_deleted_vectors_are_gone(cache: VectorCache) -> None:
    """Who deletes a text deletes its vector."""
    await cache.write({text_key(text): HashEmbedder.vector(text) for text in "ab"})
    await cache.delete([text_key("a"), text_key("never there")])

    assert list(await cache.read([text_key("a"), text_key("b")])) == [text_key("b")]


async def test_with_a_file_go_the_vectors_computed_for_it(cache: VectorCache) -> None:
    """An indexing that never came to its end leaves vectors: they go with the file, unless another one uses them."""
    embedder = CachedEmbedder(HashEmbedder(), cache)
    await embedder.of_file("first").embed_documents(["a", "b"])
    await embedder.of_file("second").embed_documents(["b", "c"])
    await embedder.forget_file("first")

    assert set(await cache.read([text_key(text) for text in "abc"])) == {text_key("b"), text_key("c")}


async def test_a_text_is_embedded_once(cache: VectorCache) -> None:
    """Equal texts, in one document or a later one, are embedded once; each has its vector in its place."""
    embedder = HashEmbedder()
    done: list[int] = []

    async def on_batch(positions: Sequence[int], vectors: Vectors) -> None:
        done.extend(positions)
        assert (vectors == expected([texts[position] for position in positions])).all()

    texts = list("abacabadefg")
    first = await CachedEmbedder(embedder, cache).embed_documents(texts, on_batch)
    second = await CachedEmbedder(embedder, cache).embed_documents([*texts, "new"])

    assert (first == expected(texts)).all()
    assert (second == expected([*texts, "new"])).all()
    assert embedder.calls == [*"abcdefg", "new"]
    assert sorted(done) == list(range(len(texts)))


async def test_what_was_embedded_before_a_failure_is_kept(cache: VectorCache) -> None:
    """After an error only the rest is embedded."""
    embedder = HashEmbedder()
    embedder.fail_at, embedder.failure = "e", EmbeddingError("The model is away.")
    with pytest.raises(EmbeddingError):
        await CachedEmbedder(embedder, cache).embed_documents(list("abcdefg"))
    embedder.failure = None
    vectors = await CachedEmbedder(embedder, cache).embed_documents(list("abcdefg"))

    assert embedder.calls == list("abcdefg")
    assert (vectors == expected("abcdefg")).all()


async def test_two_documents_at_once_share_their_texts(cache: VectorCache) -> None:
    """A text that is on its way for one document is waited for by the other."""
    embedder = HashEmbedder(seconds=0.01)
    cached = CachedEmbedder(embedder, cache)
    results = await asyncio.gather(*(cached.embed_documents(list(text)) for text in ("abcdef", "fedxyz", "zzzabc")))

    assert sorted(embedder.calls) == sorted("abcdefxyz")
    for text, result in zip(("abcdef", "fedxyz", "zzzabc"), results, strict=True):
        assert (result == expected(text)).all()


async def test_one_documents_failure_is_not_the_others(cache: VectorCache) -> None:
    """Who waited for a text whose embedding failed embeds it itself."""
    embedder = HashEmbedder(seconds=0.01)
    embedder.fail_at, embedder.failure = "c", EmbeddingError("The model is away.")
    cached = CachedEmbedder(embedder, cache)

    async def first() -> None:
        with pytest.raises(EmbeddingError):
            await cached.embed_documents(list("abc"))
        embedder.failure = None

    _, vectors = await asyncio.gather(first(), cached.embed_documents(list("ab")))

    assert (vectors == expected("ab")).all()


async def test_questions_are_not_cached_on_disk(cache: VectorCache) -> None:
    """What people ask is kept nowhere."""
    cached = CachedEmbedder(HashEmbedder(), cache)

    assert (await cached.embed_query("why?") == HashEmbedder.vector("query why?")).all()
    assert await cache.read([text_key("why?"), text_key("query why?")]) == {}
