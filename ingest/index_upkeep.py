"""What keeps searches quick: making indexes, and tidying up after many small commits. Never part of a query."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lance import LanceDataset
    from lancedb.index import FTS, IvfFlat, IvfRq
    from lancedb.table import AsyncTable

READERS_NEED = timedelta(seconds=45)
"""How long files of older versions stay at least. A reader looks for a newer version before every query, and no query
takes longer: it is given up after thirty seconds."""
WRITERS_NEED = timedelta(minutes=10)
"""The same where a writer of another machine may still build on an older version."""
REBUILD_FACTOR = 4
"""So many times as many rows as the vector index was made for, and its partitions are too few."""
ATTEMPTS = 5
TEXT_INDEX = "search_text_idx"
SMALL_PARTS = 8
LARGE_PART = 4_000
MOST_PARTS = 4
"""Of the full-text index, each of which costs every search half a millisecond; joining them costs 15 µs a row."""


async def create_indexes(chunks: AsyncTable, documents: AsyncTable) -> None:
    """Index what is searched and filtered. Rows that come later are found without, and join with `optimize`."""
    from lancedb.index import Bitmap, BTree

    filters = {"id": BTree(), "document_id": BTree(), "workspace": Bitmap(), "scope": Bitmap()}
    for table, configs in (
        (chunks, {"search_text": _text_config(), **filters}),
        (documents, {"key": BTree(), "id": BTree()}),
    ):
        done = {column for index in await table.list_indices() for column in index.columns}
        for column, config in configs.items():
            if column not in done:
                await table.create_index(column, config=config)


async def catch_up(chunks: AsyncTable) -> None:
    """Put new rows into the full-text index, and do nothing else: a search reads those that are not in it word by word.

    Measured: 0.1 s for 330 rows, each of which costs every search 0.08 ms until then; `compact` takes ten times that.
    """

    async def once() -> None:
        dataset = await _dataset(chunks)
        await asyncio.to_thread(_index_new_words, dataset)
        await chunks.checkout_latest()

    await _again_after_conflicts(chunks, once)


async def _again_after_conflicts(table: AsyncTable, once: Callable[[], Awaitable[None]]) -> None:
    """Do what may have to be done again: on an object store, another process's commit may come in between."""
    for attempt in range(1, ATTEMPTS):
        try:
            return await once()
        except (RuntimeError, OSError) as error:
            if "conflict" not in str(error).casefold():
                raise
        await asyncio.sleep(random.random() * attempt)  # noqa: S311  # only to part the two
        await table.checkout_latest()
    return await once()


async def _dataset(table: AsyncTable) -> LanceDataset:
    """Open a table with Lance itself, in a thread: `to_lance` would hold the event loop up for 40 ms."""
    import lance

    storage = await table.latest_storage_options()
    return await asyncio.to_thread(
        lance.dataset, await table.uri(), version=await table.version(), storage_options=storage
    )


def _index_new_words(dataset: LanceDataset) -> None:
    """Make a part of the index for the new rows; when there are many small parts, make them one."""
    small = len(list(takewhile(lambda count: count < LARGE_PART, reversed(_parts(dataset)))))
    merged = small if small >= SMALL_PARTS else 0
    dataset.optimize.optimize_indices(index_names=[TEXT_INDEX], num_indices_to_merge=merged)


def _join_parts(dataset: LanceDataset) -> None:
    parts = _parts(dataset)
    if len(parts) > MOST_PARTS:
        dataset.optimize.optimize_indices(index_names=[TEXT_INDEX], num_indices_to_merge=len(parts))


def _parts(dataset: LanceDataset) -> list[int]:
    """Return how many rows each part of the full-text index has, the oldest first."""
    rows: list[int] = dataset.stats.index_stats(TEXT_INDEX)["num_indexed_rows_per_delta"]
    return rows


async def compact(table: AsyncTable, *, keep: timedelta, erase: bool = False) -> None:
    """Join small files and parts of indexes, bring these up to date and remove files that no reader uses any more.

    `erase` rewrites every file that holds a deleted row; without it, a file's deleted rows stay in it until they are a
    tenth.
    """

    async def once() -> None:
        if erase:
            await _erase(table)
        await table.optimize(cleanup_older_than=keep)
        if TEXT_INDEX in {index.name for index in await table.list_indices()}:
            await asyncio.to_thread(_join_parts, await _dataset(table))
            await table.checkout_latest()

    await _again_after_conflicts(table, once)


async def _erase(table: AsyncTable) -> None:
    """Rewrite files with deleted rows, which LanceDB's own API leaves to a threshold, and indexes with their words."""
    dataset = await _dataset(table)
    if any(fragment.num_deletions for fragment in dataset.get_fragments()):
        await asyncio.to_thread(dataset.optimize.compact_files, materialize_deletions_threshold=0.0)
        await table.checkout_latest()
    if await asyncio.to_thread(_has_dead_words, dataset):
        await _index_anew(table)


def _has_dead_words(dataset: LanceDataset) -> bool:
    """Whether the full-text index still has words of deleted rows: LanceDB leaves those of files that are gone.

    Chunks without a word are not counted in it, so that there it is made anew without need.
    """
    if TEXT_INDEX not in {index.name for index in dataset.describe_indices()}:
        return False
    stats = dataset.stats.index_stats(TEXT_INDEX)
    return bool(sum(index.get("num_docs", 0) for index in stats["indices"]) != stats["num_indexed_rows"])


async def _index_anew(chunks: AsyncTable) -> None:
    """Make the indexes that hold something of the text from the rows that there are."""
    schema = await chunks.schema()
    for index in await chunks.list_indices():
        if index.columns == ["search_text"]:
            await chunks.create_index("search_text", config=_text_config(), name=index.name, replace=True)
        elif index.columns == ["vector"]:
            config = _vector_config(schema.field("vector").type.list_size)
            await chunks.create_index("vector", config=config, name=index.name, replace=True)


def _text_config() -> FTS:
    from lancedb.index import FTS

    return FTS(
        base_tokenizer="icu/split",  # cuts at punctuation, and words out of Chinese, Japanese and Thai
        language="English",
        stem=True,
        remove_stop_words=False,  # IT, US and WHO are words
        ascii_folding=True,
        lower_case=True,
    )


def _vector_config(dimensions: int) -> IvfRq | IvfFlat:
    from lancedb.index import IvfFlat, IvfRq

    return IvfRq(distance_type="cosine") if dimensions % 8 == 0 else IvfFlat(distance_type="cosine")


async def index_vectors(chunks: AsyncTable, dimensions: int, from_rows: int) -> None:
    """Make the vector index when there are rows enough, and again when they have become many more.

    IVF_RQ, measured with 100,000 vectors of 384 dimensions on two cores, the fifty nearest within a scope: made in 2 s
    (IVF_PQ: 100 s), searched in 8 ms, and with the true distances of five times as many candidates nothing is missed.
    """
    await _again_after_conflicts(chunks, lambda: _index_vectors(chunks, dimensions, from_rows))


async def _index_vectors(chunks: AsyncTable, dimensions: int, from_rows: int) -> None:
    rows = await chunks.count_rows()
    names = [index.name for index in await chunks.list_indices() if index.columns == ["vector"]]
    made_for = max((int(name.removeprefix("vector_")) for name in names), default=0)
    if rows < (from_rows if not names else REBUILD_FACTOR * made_for):
        return
    await chunks.create_index("vector", config=_vector_config(dimensions), name=f"vector_{rows}")
    for name in names:
        if name != f"vector_{rows}":
            await chunks.drop_index(name)
