import asyncio
import dataclasses
import itertools

import numpy as np
import pytest

from ingest.documents import EmbeddingIdentity, Scopes
from ingest.errors import IndexMismatchError, IndexMissingError
from ingest.index import Index
from tests.ingest.index_values import (
    EVERYBODY,
    IDENTITY,
    filled,
    open_index,
    settings,
    store,
    texts_of,
    vectors,
)


@pytest.fixture
async def index(tmp_path):
    index = await open_index(tmp_path)
    yield index
    index.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """An index that is only read, made once."""
    folder = tmp_path_factory.mktemp("library")

    async def build():
        index = await open_index(folder)
        await store(index, filled(texts=WORDS))
        index.close()

    asyncio.run(build())
    return folder


@pytest.fixture
async def words(library):
    index = await open_index(library)
    yield index
    index.close()


WORDS = [
    "In 2018 revenue was $1,577 million, up 12.5%.",
    "FY2019 guidance",
    "H1N1 vaccination",
    "IT policies, and who owns them: write an e-mail",
    "Größe und naïve Annahmen",
    "Выручка выросла",
    "年間売上高は東京で増加しました。",
]


async def test_open_missing(tmp_path):
    """An index that is not there is an error with the command that makes one, and nothing is created."""
    with pytest.raises(IndexMissingError, match="askdocs ingest"):
        await Index.open(settings(tmp_path / "none"), IDENTITY, create=False)
    assert not (tmp_path / "none").exists()


async def test_open_again(tmp_path, index):
    """What one handle stored, the next one reads; creating an index that exists changes nothing."""
    await store(index, filled())
    again = await open_index(tmp_path)
    assert await again.documents(EVERYBODY) == (filled().document,)


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(IDENTITY, provider="google"),
        dataclasses.replace(IDENTITY, model="newer"),
        dataclasses.replace(IDENTITY, dimensions=32),
        dataclasses.replace(IDENTITY, convention="query-passage-1"),
    ],
    ids=["provider", "model", "dimensions", "convention"],
)
async def test_open_mismatch(tmp_path, index, other: EmbeddingIdentity):
    """An index of another embedding model is refused, naming both and the command that rebuilds it."""
    for create in (True, False):
        with pytest.raises(IndexMismatchError, match="askdocs reindex") as error:
            await Index.open(settings(tmp_path), other, create=create)
        assert str(IDENTITY) in str(error.value)
        assert str(other) in str(error.value)


async def test_open_for_administration(tmp_path, index):
    """Without an identity an index of any model can be listed."""
    await store(index, filled())
    admin = await Index.open(settings(tmp_path), None, create=False)
    assert [document.name for document in await admin.every_document()] == ["handbook.pdf"]


async def test_round_trip(index):
    """Every field of a document and of its chunks comes back as it was stored."""
    item = filled(texts=("The first passage.", "Der zweite Absatz: 12 €.", "第三段落。"))
    await store(index, item)
    assert await index.documents(EVERYBODY) == (item.document,)
    pages = [(item.document.id, page) for page in (3, 2, 1)]
    assert await index.page_chunks(EVERYBODY, pages) == item.chunks


async def test_replace_supersedes(index):
    """New bytes of the same name take the place of the old ones, with fewer or more chunks."""
    await store(index, filled(texts=["old one", "old two", "old three"], content="v1"))
    new = filled(texts=["new one"], content="v2")
    await store(index, new)
    assert await index.documents(EVERYBODY) == (new.document,)
    assert await index.search_text("old", EVERYBODY, 10) == ()
    assert texts_of(await index.search_vectors(new.vectors[0], EVERYBODY, 10)) == ["new one"]


async def test_replace_with_stable_chunk_ids(index):
    """Chunk ids may stay the same from one version to the next."""
    old, new = filled(texts=["old one", "old two"], content="v1"), filled(texts=["new one"], content="v2")
    await store(index, old)
    renamed = [dataclasses.replace(chunk, id=old.chunks[i].id) for i, chunk in enumerate(new.chunks)]
    await index.replace(new.document, renamed, new.vectors)
    hits = await index.search_vectors(new.vectors[0], EVERYBODY, 10)
    assert [hit.chunk for hit in hits] == renamed


async def test_replace_unchanged(index):
    """The same bytes again change nothing."""
    item = filled()
    assert await index.replace(item.document, item.chunks, item.vectors) is True
    assert await index.replace(item.document, item.chunks, item.vectors) is False


async def test_replace_without_chunks(index):
    """A version without any text takes the old one's chunks away."""
    await store(index, filled(content="v1"), filled(texts=(), content="v2"))
    assert [document.chunks for document in await index.documents(EVERYBODY)] == [0]
    assert await index.search_text("page", EVERYBODY, 10) == ()


async def test_replace_counts_chunks(index):
    """The number of chunks is counted here, whatever the document says."""
    item = filled()
    await index.replace(dataclasses.replace(item.document, chunks=99), item.chunks, item.vectors)
    assert [document.chunks for document in await index.documents(EVERYBODY)] == [2]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda item: (item.document, item.chunks, item.vectors[:1]),
        lambda item: (item.document, item.chunks, item.vectors[:, :8]),
        lambda item: (item.document, item.chunks, np.full_like(item.vectors, np.nan)),
        lambda item: (item.document, (item.chunks[0], item.chunks[0]), item.vectors),
        lambda item: (dataclasses.replace(item.document, content_sha256="v2"), item.chunks, item.vectors),
    ],
    ids=["too few vectors", "too short vectors", "not a number", "same id twice", "another version"],
)
async def test_replace_refuses(index, break_it):
    """What does not fit together is refused before anything is written."""
    with pytest.raises(ValueError, match=r"."):
        await index.replace(*break_it(filled()))
    assert await index.every_document() == ()


async def test_delete(index):
    """A deleted document is gone, with its chunks, and only that one."""
    item, other = filled(), filled("other.pdf")
    await store(index, item, other)
    assert await index.delete(item.document.id) is True
    assert await index.delete(item.document.id) is False
    assert await index.documents(EVERYBODY) == (other.document,)
    assert {hit.chunk.document_id for hit in await index.search_text("page", EVERYBODY, 10)} == {other.document.id}


async def test_set_scope(index):
    """A moved document is read where it is now, and nowhere else."""
    item = filled()
    await store(index, item)
    assert await index.set_scope(item.document.id, "channel:C1") is True
    members = Scopes("local", frozenset({"channel:C1"}))
    assert await index.documents(EVERYBODY) == ()
    assert await index.search_text("page", EVERYBODY, 10) == ()
    assert [document.scope for document in await index.documents(members)] == ["channel:C1"]
    assert len(await index.search_vectors(item.vectors[0], members, 10)) == 2
    assert await index.set_scope("unknown", "channel:C1") is False


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (Scopes("local", frozenset({"workspace"})), {"open.pdf"}),
        (Scopes("local", frozenset({"workspace", "channel:A"})), {"open.pdf", "a.pdf"}),
        (Scopes("local", frozenset({"channel:B"})), {"b.pdf"}),
        (Scopes("local", frozenset()), set()),
        (Scopes("slack:T1", frozenset({"workspace", "channel:A"})), {"foreign.pdf"}),
        (Scopes("local' OR '1'='1", frozenset({"workspace"})), set()),
    ],
    ids=["workspace", "member", "channel only", "nothing", "other workspace", "hostile"],
)
async def test_scopes_are_a_wall(index, scopes, expected):
    """Every read stays within the scopes of its reader."""
    items = [
        filled("open.pdf"),
        filled("a.pdf", scope="channel:A"),
        filled("b.pdf", scope="channel:B"),
        filled("foreign.pdf", workspace="slack:T1"),
    ]
    await store(index, *items)
    names = {item.document.id: item.document.name for item in items}

    def found(hits):
        return {names[hit.chunk.document_id] for hit in hits}

    assert {document.name for document in await index.documents(scopes)} == expected
    assert {document.name for name in names.values() for document in await index.find(name, scopes)} == expected
    assert found(await index.search_text("page", scopes, 100)) == expected
    assert found(await index.search_text("page", scopes, 100, document_ids=list(names))) == expected
    assert found(await index.search_vectors(items[0].vectors[0], scopes, 100)) == expected
    assert found(await index.search_vectors(items[0].vectors[0], scopes, 100, document_ids=list(names))) == expected
    chunks = await index.page_chunks(scopes, [(document_id, 1) for document_id in names])
    assert {names[chunk.document_id] for chunk in chunks} == expected


async def test_search_vectors(index):
    """Hits come best first; the score is the cosine similarity, and opposite vectors have none."""
    item = filled(texts=[f"passage {number}" for number in range(20)])
    await store(index, item)
    hits = await index.search_vectors(item.vectors[7], EVERYBODY, 20)
    assert hits[0].chunk == item.chunks[7]
    similarity = np.clip(item.vectors @ item.vectors[7], 0, 1)
    expected = [similarity[hit.chunk.ordinal] for hit in hits]
    assert np.allclose([hit.score for hit in hits], expected, atol=1e-5)
    assert expected == sorted(expected, reverse=True)


async def test_search_text_scores(index):
    """The score is BM25: rare words weigh more; and what none of the words of a search has counts against all."""
    texts = ["common rare", "common only", "common again", "common rare rare"]
    await store(index, filled(texts=texts))
    hits = await index.search_text("rare", EVERYBODY, 10)
    assert texts_of(hits) == ["common rare rare", "common rare"]
    both = {hit.chunk.text: hit.score for hit in await index.search_text("common rare", EVERYBODY, 10)}
    assert both["common rare"] > both["common rare rare"] / 2 > both["common only"] > 0
    (_, once) = await index.search_text("rare elsewhere nowhere", EVERYBODY, 10)
    assert once.score == pytest.approx(hits[1].score / 3)


async def test_search_text_finds_the_context_line(index):
    """The context line is searched, too, and is not part of the text."""
    await store(index, filled())
    hits = await index.search_text("title", EVERYBODY, 10)
    assert sorted(texts_of(hits)) == ["Another page.", "One page."]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("2018", True),
        ("1,577", True),
        ("1577", True),
        ("$1,577", True),
        ("577", False),
        ("12.5%", True),
        ("FY2019", True),
        ("2019", True),
        ("H1N1", True),
        ("IT", True),
        ("who", True),
        ("GRÖSSE", True),
        ("Größe", True),
        ("größe", True),
        ("naive", True),
        ("выручка", True),
        ("売上高", True),
        ("東京", True),
        ("policy", True),
        ("e-mail", True),
        ("absent", False),
    ],
)
async def test_search_text_words(words, question, found):
    """Numbers, short words and words of other languages are found in whatever form they are asked for."""
    assert bool(await words.search_text(question, EVERYBODY, 10)) is found


@pytest.mark.parametrize(
    "question",
    [
        'policy" OR (title:',
        "policy AND NOT policy",
        "+policy -handbook ^2 ~3",
        "policy*",
        "policy\0\ud800",
        "policy " + "and so on " * 2_000,
        " ".join(["policy", *("".join(letters) for letters in itertools.product("bcdfg", repeat=5))]),
    ],
    ids=["quotes", "boolean", "operators", "wildcard", "not unicode", "20,000 characters", "thousands of words"],
)
async def test_search_text_has_no_syntax(words, question):
    """Whatever people type is words, and the words are found."""
    assert texts_of(await words.search_text(question, EVERYBODY, 1)) == [WORDS[3]]


@pytest.mark.parametrize("question", ["", "   ", "***", '"', "\0", "?!", "\ud800"])
async def test_search_text_without_words(words, question):
    """A question without words finds nothing."""
    assert await words.search_text(question, EVERYBODY, 10) == ()


async def test_search_in_documents(index):
    """A search can be kept to some documents; to none of them finds nothing."""
    first, second = filled("first.pdf"), filled("second.pdf")
    await store(index, first, second)
    for document_ids, expected in [([first.document.id], {first.document.id}), ([], set()), (["unknown"], set())]:
        by_text = await index.search_text("page", EVERYBODY, 10, document_ids)
        by_vector = await index.search_vectors(first.vectors[0], EVERYBODY, 10, document_ids)
        assert {hit.chunk.document_id for hit in by_text} == expected
        assert {hit.chunk.document_id for hit in by_vector} == expected


@pytest.mark.parametrize("limit", [0, 1, 3])
async def test_search_limit(index, limit):
    """No more hits than asked for."""
    item = filled(texts=[f"page {number}" for number in range(5)])
    await store(index, item)
    assert len(await index.search_text("page", EVERYBODY, limit)) == limit
    assert len(await index.search_vectors(item.vectors[0], EVERYBODY, limit)) == limit


async def test_page_chunks(index):
    """Exactly the chunks of the given pages, by document and in reading order."""
    first, second = filled("first.pdf", texts=["a", "b", "c"]), filled("second.pdf", texts=["d", "e"])
    await store(index, first, second)
    pages = [(first.document.id, 3), (first.document.id, 1), (second.document.id, 2), ("unknown", 1)]
    expected = [first.chunks[0], first.chunks[2], second.chunks[1]]
    assert await index.page_chunks(EVERYBODY, pages) == tuple(sorted(expected, key=lambda c: (c.document_id, c.page)))
    assert await index.page_chunks(EVERYBODY, []) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Handbook.pdf", ["Handbook.pdf"]),
        ("handbook.pdf", ["handbook.pdf"]),
        ("HANDBOOK", ["Handbook.pdf", "handbook.pdf"]),
        ("hand", []),
        ("", []),
    ],
    ids=["exact", "other exact", "any case", "part", "empty"],
)
async def test_find(index, name, expected):
    """A document is found by its exact name first, else in any case and without its ending."""
    await store(index, filled("Handbook.pdf"), filled("handbook.pdf"))
    assert [document.name for document in await index.find(name, EVERYBODY)] == expected


async def test_names_that_are_not_unicode(index):
    """A file name that is not valid Unicode is stored with `?`, and found by itself."""
    name = "caf\udce9.pdf"
    await store(index, filled(name, texts=["a lone \ud800 surrogate"]))
    assert [document.name for document in await index.find(name, EVERYBODY)] == ["caf?.pdf"]
    assert texts_of(await index.search_text("surrogate", EVERYBODY, 1)) == ["a lone ? surrogate"]


async def test_zero_vector_is_no_hit(index):
    """A vector without a direction is similar to nothing, and takes nobody's place."""
    item = filled(texts=["empty", "full"])
    await index.replace(item.document, item.chunks, np.stack([np.zeros(16, np.float32), item.vectors[1]]))
    hits = await index.search_vectors(vectors(["full"])[0], EVERYBODY, 10)
    assert texts_of(hits)[0] == "full"
    assert all(0 <= hit.score <= 1 for hit in hits)
