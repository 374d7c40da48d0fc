"""Sets of documents with questions, as benchmarks are given them: folders with `pdfs/` and `questions.jsonl`."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.settings import Settings
from ingest.command import run_ingest
from ingest.documents import Scopes
from ingest.embedding import Embedder, build_embedder
from ingest.index import Index
from tests.benchmarks.general import make

SCOPES = Scopes("local", frozenset({"workspace"}))


@contextmanager
def sets(arguments: Sequence[str]) -> Iterator[list[tuple[Path, Path]]]:
    """Give the folders of each SET or SET=DATA, where DATA keeps its index; of the general set where none is named."""
    with tempfile.TemporaryDirectory() as scratch:
        if not arguments:
            make.main(Path(scratch) / "general")
            arguments = [str(Path(scratch) / "general")]
        parted = [argument.partition("=") for argument in arguments]
        yield [
            (Path(folder), Path(data or f"{scratch}/data{number}")) for number, (folder, _, data) in enumerate(parted)
        ]


@asynccontextmanager
async def opened(folder: Path, data: Path) -> AsyncIterator[tuple[Index, Embedder]]:
    """Open the index of a set, which is made where it is not there yet."""
    settings = Settings(data_dir=data)
    if not (data / "index").exists():
        await run_ingest([str(folder / "pdfs")], settings)
    embedder = build_embedder(settings)
    index = await Index.open(settings, embedder.identity, create=False)
    try:
        yield index, embedder
    finally:
        index.close()
        await embedder.close()
