"""Quality does not fall unnoticed: the general set against the figures that `tests.benchmarks.quality` stored."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.composition import answering
from bot.evaluation.cases import Case, read_cases
from bot.evaluation.figures import Figures, figures
from bot.evaluation.results import Run
from bot.evaluation.running import ask_all
from bot.ranking import DEFAULT_WEIGHTS, Weights
from bot.retrieval import PageRetriever
from bot.settings import Settings
from tests.benchmarks import quality, replies
from tests.benchmarks.general import make

SEARCHED = ("page_hit_1", "page_hit_5", "page_hit_10", "whole_hit_5", "document_hit_1", "mrr")
ANSWERED = ("refused", "citation_precision", "citation_recall", "answer_match", "false_refusals")
LEAST = 0.98
"""The share of a stored figure that is enough: processors differ in the last digits of a vector."""
SLACK = {"searched": 0.011, "answered": 0.05}
"""Two questions may always tip over."""


pytestmark = pytest.mark.timeout(600)
"""Half a minute on a quiet machine; on a busy one only the index takes that long."""


@dataclass(frozen=True)
class General:
    """The general set, indexed."""

    folder: Path
    cases: Sequence[Case]
    settings: Settings


@pytest.fixture(scope="module")
def general(tmp_path_factory: pytest.TempPathFactory) -> General:
    folder = tmp_path_factory.mktemp("general")
    make.main(folder)
    settings = Settings(data_dir=folder / "data", models=("extractive",))
    asyncio.run(quality.index(folder / "pdfs", settings))
    return General(folder, read_cases(folder / "all.jsonl"), settings)


def test_search_has_not_fallen(general: General) -> None:
    """All questions hold what is stored; where a figure rose for good, the command stores the new one."""
    run = asyncio.run(quality.ask(general.settings, located(general), with_answers=False))

    assert fallen(quality.searched(figures(run)), quality.stored()["general"], SEARCHED, SLACK["searched"]) == []


def test_answers_have_not_fallen(general: General) -> None:
    """A fourth of the questions, with and without an answer in the documents, hold what is stored for them."""
    run = asyncio.run(quality.ask(general.settings, general.cases[:: quality.SLICE]))

    stored = quality.stored()["general"]["slice"]
    assert fallen(quality.flat(figures(run)), stored, ANSWERED, SLACK["answered"]) == []


def test_fate_of_replies_has_not_fallen(general: General) -> None:
    """A fourth of a language model's recorded replies are cited and refused as they were."""
    measured = replies.shares(asyncio.run(replies.judge(general.folder, general.settings.data_dir, quality.SLICE)))

    stored = quality.stored()["replies"]["slice"]
    assert fallen(measured, stored, ("refused", "false_refusals", "kept"), SLACK["answered"]) == []


@pytest.mark.parametrize("broken", [pytest.param(replace(DEFAULT_WEIGHTS, text=0.0), id="words")])
def test_a_broken_weight_is_noticed(general: General, broken: Weights) -> None:
    """The guard can fail: a weight of the ranking that is broken costs more than it allows."""
    worse = asyncio.run(searched_with(general, broken))

    assert fallen(quality.searched(worse), quality.stored()["general"], SEARCHED, SLACK["searched"]) != []


def located(general: General) -> list[Case]:
    return [case for case in general.cases if case.evidence]


def fallen(
    measured: Mapping[str, float | None], before: Mapping[str, float], names: Sequence[str], slack: float
) -> list[str]:
    """Return the figures that are worse than the stored ones allow."""
    worse = []
    for name in names:
        now, was = measured[name] or 0.0, before[name]
        fell = now - was if name == "false_refusals" else was - now
        if fell > max(slack, (1 - LEAST) * was):
            worse.append(f"{name}: {now:.3f}, stored {was:.3f}")
    return worse


async def searched_with(general: General, weights: Weights) -> Figures:
    async with answering(general.settings) as parts:
        broken = PageRetriever(parts.index, parts.embedder, general.settings.retrieval, weights)
        asked = ask_all(replace(parts, retriever=broken), located(general), quality.SCOPES, with_answers=False)
        return figures(Run("", "", 8, tuple([result async for result, _ in asked])))


def test_the_documents_say_what_was_measured() -> None:
    """The tables of the README and of ARCHITECTURE.md are the stored figures, as the command prints them."""
    results = quality.stored()
    for name, text in (("README.md", quality.table(results)), ("ARCHITECTURE.md", quality.kinds(results))):
        document = Path(quality.ROOT / name).read_text("utf-8")

        assert quality.START in document, name
        assert quality.with_table(document, text) == document, name
