"""LlamaIndex's pipeline runs our chunking and our embedders, and gives back our own values."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
from llama_index.core.ingestion import IngestionPipeline

from ingest.chunking import ChunkPlan, chunk
from ingest.documents import ExtractedPdf, Heading, Page, Span
from ingest.embedding import as_llama_index, build_embedder
from ingest.nodes import chunk_to_node, document_to_page, node_to_chunk, nodes_to_chunks, page_to_document
from ingest.settings import IngestSettings
from ingest.tokens import BUNDLED_TOKENIZER, token_counter
from ingest.transformations import EmbedderAsLlamaIndex, PageChunker
from ingest.workers import Workers

TEXT = "Leave\nEverybody has 25 days of leave. " + "The rest is in the appendix of this handbook. " * 30
PAGES = (
    Page(1, "i", TEXT, (Span(0, 2),), (Heading(0, 1, "Leave"), Heading(60, 2, "Details"))),
    Page(2, "1", TEXT, ocr_confidence=0.5),
    Page(3, "2", TEXT),
)
PLAN = ChunkPlan("Handbook", "document", "sha", 100)
CHUNKS = chunk(ExtractedPdf("Handbook", PAGES), "document", "sha", 100, token_counter(BUNDLED_TOKENIZER))


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1) as workers:
        yield workers


def test_pages_and_chunks_survive_the_way_there_and_back() -> None:
    """Nothing is lost in LlamaIndex's types."""
    assert [document_to_page(page_to_document("document", page)) for page in PAGES] == list(PAGES)
    assert [node_to_chunk(chunk_to_node(piece)) for piece in CHUNKS] == list(CHUNKS)


def test_llamaindex_would_embed_what_we_embed() -> None:
    """The context line and the text, nothing else of the metadata; for a model the text alone."""
    node = chunk_to_node(CHUNKS[1])

    assert " ".join(node.get_content(metadata_mode="embed").split()) == CHUNKS[1].embedded_text
    assert node.get_content(metadata_mode="llm").strip() == CHUNKS[1].text
    assert node.ref_doc_id == "document"


@pytest.mark.parametrize("slices", [[3], [1, 1, 1], [2, 1]], ids=["at-once", "page-by-page", "uneven"])
async def test_the_pipeline_cuts_pages_in_workers(workers: Workers, slices: list[int]) -> None:
    """However the pages are handed over, the chunks are the same."""
    pipeline = IngestionPipeline(transformations=[PageChunker(PLAN, BUNDLED_TOKENIZER, workers)], disable_cache=True)
    found, pages = [], list(PAGES)
    for count in slices:
        documents = [page_to_document("document", pages.pop(0)) for _ in range(count)]
        found += nodes_to_chunks(await pipeline.arun(documents=documents))

    assert tuple(found) == CHUNKS


def test_the_synchronous_pipeline_cuts_the_same() -> None:
    """LlamaIndex's `run` works too."""
    pipeline = IngestionPipeline(transformations=[PageChunker(PLAN, BUNDLED_TOKENIZER)], disable_cache=True)
    nodes = pipeline.run(documents=[page_to_document("document", page) for page in PAGES])

    assert nodes_to_chunks(nodes) == CHUNKS


async def test_nodes_get_the_embedders_vectors() -> None:
    """Through the pipeline and directly, a chunk's vector is that of its embedded text."""
    embedder = build_embedder(IngestSettings())
    pipeline = IngestionPipeline(transformations=[EmbedderAsLlamaIndex(embedder)], disable_cache=True)
    nodes = await pipeline.arun(nodes=[chunk_to_node(piece) for piece in CHUNKS[:2]])
    expected = await embedder.embed_documents([piece.embedded_text for piece in CHUNKS[:2]])

    assert np.array_equal(np.array([node.embedding for node in nodes], dtype=np.float32), expected)


async def test_questions_and_passages_stay_apart() -> None:
    """LlamaIndex's own methods, synchronous or not, reach the right one of ours."""
    embedder = build_embedder(IngestSettings())
    model = as_llama_index(embedder)
    question = (await embedder.embed_query("leave?")).tolist()

    assert await model.aget_query_embedding("leave?") == question
    assert model.get_query_embedding("leave?") == question
    assert await model.aget_text_embedding_batch(["leave?"]) == [question]
    assert model.get_text_embedding("leave?") == question
    assert model.model_name == str(embedder.identity)
