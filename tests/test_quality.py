"""Quality does not fall unnoticed: the general set against the figures that `tests.benchmarks.quality` stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.composition import answering
from bot.evaluation.cases import Case, read_cases
from bot.evaluation.figures import RetrievalFigures, figures
from bot.evaluation.results import Run
from bot.evaluation.running import ask_all
from bot.ranking import DEFAULT_WEIGHTS, Weights
from bot.retrieval import PageRetriever
from bot.settings import Settings
from tests.benchmarks import quality
from tests.benchmarks.general import make

LEAST = {
    "page_hit_1": 0.98,
    "page_hit_5": 0.98,
    "page_hit_10": 0.98,
    "whole_hit_5": 0.98,
    "document_hit_1": 0.98,
    "mrr": 0.985,
    "refused": 0.95,
    "citation_precision": 0.95,
    "citation_recall": 0.95,
    "answer_match": 0.95,
}
"""The share of the stored figure that is enough: processors differ in the last digits of a vector."""
MOST = {"false_refusals": 1.1}
RETRIEVAL = ("page_hit_1", "page_hit_5", "page_hit_10", "whole_hit_5", "document_hit_1", "mrr")
SLACK = 0.011
"""Two questions of the general set may always tip over."""


@dataclass(frozen=True)
class General:
    """The general set, indexed."""

    cases: Sequence[Case]
    settings: Settings


@pytest.fixture(scope="module")
def general(tmp_path_factory: pytest.TempPathFactory) -> General:
    folder = tmp_path_factory.mktemp("general")
    make.main(folder)
    settings = Settings(data_dir=folder / "data", models=("extractive",))
    asyncio.run(quality.index(folder / "pdfs", settings))
    return General(read_cases(folder / "all.jsonl"), settings)


@pytest.fixture(scope="module")
def measured(general: General) -> dict[str, float | None]:
    return quality.flat(figures(asyncio.run(quality.ask(general.settings, general.cases, "general"))))


@pytest.mark.parametrize("figure", [*LEAST, *MOST])
def test_quality_has_not_fallen(measured: dict[str, float | None], figure: str) -> None:
    """Each figure holds what is stored; where it rose for good, the command stores the new one."""
    assert fallen(measured, [figure]) == []


def fallen(measured: dict[str, float | None], names: Sequence[str]) -> list[str]:
    """Return the figures that are worse than the stored ones allow."""
    before = quality.stored()["general"]
    low = [
        name
        for name in names
        if name in LEAST and measured[name] < min(before[name] * LEAST[name], before[name] - SLACK)
    ]
    high = [
        name for name in names if name in MOST and measured[name] > max(before[name] * MOST[name], before[name] + SLACK)
    ]
    return low + high


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(replace(DEFAULT_WEIGHTS, document=0.0, sure=99.0), id="documents' names"),
        pytest.param(replace(DEFAULT_WEIGHTS, text=0.0), id="words"),
    ],
)
def test_a_broken_weight_is_noticed(general: General, broken: Weights) -> None:
    """The guard can fail: a weight of the ranking that is broken costs more than it allows."""
    worse = asyncio.run(searched(general, broken))

    measured = {
        "page_hit_1": worse.page_hit[0],
        "page_hit_5": worse.page_hit[2],
        "page_hit_10": worse.page_hit[3],
        "whole_hit_5": worse.whole_hit[2],
        "document_hit_1": worse.document_hit[0],
        "mrr": worse.mrr,
    }
    assert fallen(measured, RETRIEVAL) != []


async def searched(general: General, weights: Weights) -> RetrievalFigures:
    async with answering(general.settings) as parts:
        broken = PageRetriever(parts.index, parts.embedder, general.settings.retrieval, weights)
        asked = ask_all(replace(parts, retriever=broken), general.cases, quality.SCOPES, with_answers=False)
        results = [result async for result, _ in asked]
    return figures(Run("", "", 8, tuple(results))).retrieval


def test_the_documents_say_what_was_measured() -> None:
    """The tables of the README and of ARCHITECTURE.md are the stored figures, as the command prints them."""
    results = quality.stored()
    for name, text in (("README.md", quality.table(results)), ("ARCHITECTURE.md", quality.kinds(results))):
        document = Path(quality.ROOT / name).read_text("utf-8")

        assert quality.START in document, name
        assert quality.with_table(document, text) == document, name
