"""Precision and recall of kept citations over the labelled table.

`python -m tests.benchmarks.verification [--verbose]`
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answer import Source
from bot.citations import Verified, verify
from bot.markers import shown
from bot.settings import AnswerSettings
from bot.wording import IN_ENGLISH
from ingest.documents import Document
from tests.bot.verification_cases import FLAG, HELD_OUT, NOTHING, PAGES, TUNING, Case, PageText

STRICTNESS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def source(number: int, page: PageText) -> Source:
    document = Document(
        id=page.name,
        workspace="local",
        scope="workspace",
        name=page.name,
        title=page.title,
        source=page.name,
        content_sha256="",
        pages=100,
        pages_without_text=(),
        pages_by_ocr=(),
        chunks=1,
        opening="",
        uploader="",
        link="",
        indexed_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    return Source(number, document, page.page, str(page.page), page.text, page.text, score=0.9)


def sources(case: Case) -> tuple[Source, ...]:
    return tuple(source(number, PAGES[key]) for number, key in enumerate(case.pages, 1))


@dataclass(slots=True)
class Score:
    """Counts of citations: kept and right, kept and wrong, missing; and of flags."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    flags_right: int = 0
    flags_wrong: int = 0
    flags_missing: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0

    def add(self, other: Score) -> None:
        for name in ("right", "wrong", "missing", "flags_right", "flags_wrong", "flags_missing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures += other.failures


def lines(case: Case, verified: Verified) -> Iterator[tuple[set[str], bool]]:
    """Yield, for every line of the answer that is not empty, the pages it cites and whether it is flagged."""
    names = {citation.number: case.pages[citation.source.number - 1] for citation in verified.citations}
    places = list(shown(verified.text))
    position = 0
    for line in verified.text.split("\n"):
        end = position + len(line)
        is_rule = bool(line.strip()) and not line.strip(" |-:")
        if line.strip() and not is_rule:
            yield {names[number] for start, _, number in places if position <= start < end}, IN_ENGLISH.flag in line
        position = end + 1


def score(case: Case, strictness: float) -> Score:
    verified = verify(case.draft, sources(case), strictness, case.question)
    result = Score()
    found = list(lines(case, verified))
    want = case.want
    if len(found) != len(want):
        result.failures.append(f"{case.id}: {len(found)} lines instead of {len(want)}")
        found += [(set(), False)] * (len(want) - len(found))
    for label, (cited, flagged) in zip(want, found, strict=False):
        expected = set() if label in (FLAG, NOTHING) else set(label.split())
        result.right += len(cited & expected)
        result.wrong += len(cited - expected)
        result.missing += len(expected - cited)
        result.flags_right += flagged and label == FLAG
        result.flags_wrong += flagged and label != FLAG
        result.flags_missing += label == FLAG and not flagged
        if cited != expected or flagged != (label == FLAG):
            why = "; ".join(f"[{removed.marker}] {removed.reason}" for removed in verified.removed)
            result.failures.append(f"{case.id}: wanted {label}, got {' '.join(sorted(cited))}{FLAG * flagged} {why}")
    return result


def total(cases: Iterable[Case], strictness: float) -> Score:
    result = Score()
    for case in cases:
        result.add(score(case, strictness))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="name every case that comes out wrong")
    parser.add_argument("--tuning", action="store_true", help="leave the held-out cases alone")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--strictness", type=float, default=AnswerSettings().strictness)
    options = parser.parse_args()
    cases = TUNING if options.tuning else (*TUNING, *HELD_OUT)
    sets = {"tuning": TUNING} if options.tuning else {"tuning": TUNING, "held out": HELD_OUT, "all": cases}
    if options.json:
        print(json.dumps({name: _figures(total(chosen, options.strictness)) for name, chosen in sets.items()}))
        return
    print(f"{len(cases)} cases; strictness {options.strictness}")
    for name, chosen in sets.items():
        _print(name, total(chosen, options.strictness))
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    print("\nby kind")
    for kind, chosen_kind in kinds.items():
        _print(kind, total(chosen_kind, options.strictness))
    print("\nby strictness")
    for strictness in STRICTNESS:
        _print(f"{strictness:.1f}", total(cases, strictness))
    if options.verbose:
        print("\nwrong", *total(cases, options.strictness).failures, sep="\n  ")


def _figures(result: Score) -> dict[str, float]:
    return {"precision": result.precision, "recall": result.recall, "kept": result.right + result.wrong}


def _print(name: str, result: Score) -> None:
    print(
        f"{name:>12}  precision {result.precision:.3f}  recall {result.recall:.3f}"
        f"  kept {result.right} right {result.wrong} wrong {result.missing} missing"
        f"  flags {result.flags_right} right {result.flags_wrong} wrong {result.flags_missing} missing"
    )


if __name__ == "__main__":
    main()
