"""Which Sources support a claim: the cited ones, else any; alone, else together; or numbers shown before. Pure.

Holds what one run over a draft has shown so far: quotes, and numbers that later sentences compute with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.verification import arithmetic
from bot.verification.claims import Claim
from bot.verification.equations import is_mistaken
from bot.verification.numbers import Kind, Number
from bot.verification.support import (
    OPPOSITE,
    Finding,
    Shelf,
    examine,
    is_contradicted,
    may_support,
    objection,
    passages,
)

LOOKED_AT = 4
"""Pages examined for a sentence without a marker, the most promising ones."""
WORDS_BESIDE_RESULT = 0.5
"""Of the words that a claim needs otherwise: what it says of a result is seldom on the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of a supported sentence, and what the sentence is about."""

    number: Number
    sources: tuple[int, ...]
    is_result: bool
    stems: frozenset[str]

    @property
    def value(self) -> tuple[tuple[int, int], ...]:
        return self.number.readings


@dataclass(frozen=True, slots=True)
class Support:
    """The Sources that support a claim, none where nothing does."""

    claim: Claim
    proven: Claim
    """The claim without the numbers that were recomputed."""
    findings: tuple[Finding, ...]
    sources: tuple[int, ...]
    rejected: tuple[tuple[int, str], ...]
    """Cited Sources that do not support it, and why."""
    results: frozenset[int]
    """Numbers of the claim that are on no page, but come out of others."""


@dataclass(frozen=True, slots=True)
class _Recomputed:
    """Which numbers of a claim need not be on its pages: they come out of others, or were shown before."""

    results: frozenset[int]
    known: frozenset[int]
    operands: frozenset[int]
    words: float
    """Share of the words that are needed beside it."""
    sources: tuple[int, ...]
    """Of the numbers shown before."""


class Citing:
    """Finds the Sources of one claim after the other; `before` ran over the same draft, and knows all its results."""

    def __init__(self, shelf: Shelf, before: Citing | None = None) -> None:
        self._shelf = shelf
        self._order = tuple(shelf.sources)
        self._before = before
        self._announced = before.results if before else []
        self._shown: list[Shown] = []
        self._quotes: dict[int, dict[str, None]] = {}

    def quotes(self, source: int) -> tuple[str, ...]:
        """Return what has been quoted of a Source; that of a result only announced was quoted where it came out."""
        own = tuple(self._quotes.get(source, ()))
        return own or (self._before.quotes(source) if self._before else ())

    @property
    def results(self) -> list[Shown]:
        return [shown for shown in self._shown if shown.is_result]

    def support(self, claim: Claim, cited: Sequence[int], *, others: bool = True) -> Support:
        """Look for the Sources that support a claim; only among the cited ones, unless `others` may be added."""
        if is_mistaken(claim):
            wrong = tuple((number, "it comes out otherwise") for number in cited)
            return Support(claim, claim, (), (), wrong, frozenset())
        examined: list[Finding] = []
        findings = self._found(claim, cited, 1.0, others, examined)
        if findings:
            return self._supported(claim, claim, findings, cited, frozenset())
        missing = [i for i in range(len(claim.numbers)) if not any(finding.has(i) for finding in examined)]
        computed = self._recompute(claim, missing)
        if not computed.results:
            return self._supported(claim, claim, (), cited, frozenset())
        proven = _without(claim, computed)
        if all(number.is_date for number in proven.numbers):
            sources = self._from_before(claim, proven, computed, cited)
            return self._supported(claim, proven, (), cited, computed.results, sources)
        findings = self._found(proven, cited, computed.words, others, [])
        return self._supported(claim, proven, findings, cited, computed.results, computed.sources if findings else ())

    def _found(
        self, claim: Claim, cited: Sequence[int], words: float, others: bool, examined: list[Finding]
    ) -> tuple[Finding, ...]:
        """Return the findings among the cited Sources, else among all; `examined` collects what was looked at."""
        findings = self._choose(claim, cited, words, examined)
        if findings or not others or any(self._is_denied(claim, finding, words) for finding in examined):
            return findings
        beside: list[Finding] = []
        findings = self._choose(claim, self._promising(claim), words, beside, only_best=True)
        examined += beside
        return findings or self._with_context(claim, examined, words)

    def _supported(
        self,
        claim: Claim,
        proven: Claim,
        findings: tuple[Finding, ...],
        cited: Sequence[int],
        results: frozenset[int],
        before: tuple[int, ...] = (),
    ) -> Support:
        carried = [source for source in before if source in cited] or before
        sources = tuple(finding.source for finding in findings)
        if carried:
            sources = tuple(source for source in self._order if source in {*sources, *carried})
        rejected = tuple((number, self._reason(proven, number)) for number in cited if number not in sources)
        return Support(claim, proven, findings, sources, rejected, results)

    def commit(self, support: Support) -> None:
        """Keep what a supported claim shows: its quotes, and its numbers for the sentences after it."""
        for finding in support.findings:
            for text in passages(finding, support.proven, self._shelf):
                self._quotes.setdefault(finding.source, {})[text] = None
        self._shown += (
            Shown(number, support.sources, i in support.results, support.claim.stems)
            for i, number in enumerate(support.claim.numbers)
            if number.kind in (Kind.AMOUNT, Kind.PERCENT) and not number.spelled
        )

    def announces(self, claim: Claim) -> bool:
        """Whether a claim gives a result that is computed elsewhere in the draft."""
        return any(_is_same_result(number, claim, shown) for number in claim.numbers for shown in self.results)

    # Computed numbers

    def _recompute(self, claim: Claim, missing: Sequence[int]) -> _Recomputed:
        if not claim.numbers:
            return _Recomputed(frozenset(), frozenset(), frozenset(), 1.0, ())
        found = arithmetic.derived(claim, missing, [shown.number for shown in self._shown])
        operands = {i for needed in found.needs.values() for i in needed} - found.needs.keys()
        before = {shown.value: shown.sources for shown in self._shown}
        sources: dict[int, None] = {}
        if found.needs and all(claim.numbers[i].readings in before for i in operands):
            # Everything it is computed from was shown before: it rests on the same pages.
            found_before = [before[claim.numbers[i].readings] for i in operands]
            found_before += [shown.sources for shown in self._shown[-2:]] if found.uses_earlier else []
            sources = dict.fromkeys(source for pages in found_before for source in pages)
        results = {i for i, needed in found.needs.items() if needed or found.uses_earlier}
        known = (found.needs.keys() | operands) - results if sources else found.needs.keys() - results
        for i, number in enumerate(claim.numbers):
            earlier = (*self._shown, *self._announced)
            again = next((s for s in earlier if _is_same_result(number, claim, s, is_operand=i in operands)), None)
            if again and i not in results:
                results.add(i)
                sources |= dict.fromkeys(again.sources)
        words = 0.0 if found.is_formula else WORDS_BESIDE_RESULT if results else 1.0
        open_operands = operands - known - results
        return _Recomputed(frozenset(results), frozenset(known), frozenset(open_operands), words, tuple(sources))

    def _from_before(self, claim: Claim, proven: Claim, computed: _Recomputed, cited: Sequence[int]) -> tuple[int, ...]:
        """A result of nothing but numbers shown before rests on the Sources that those rest on."""
        sources = [source for source in computed.sources if source in cited] or list(computed.sources)
        findings = [examine(claim, self._shelf, source) for source in sources]
        has_names = all(any(name in finding.names for finding in findings) for name in claim.names)
        dates = [i for i, number in enumerate(claim.numbers) if number in proven.numbers]
        has_dates = all(any(finding.has(i) for finding in findings) for i in dates)
        if not (has_names and has_dates):
            return ()
        # `30 - 26 = 4 days more` is right if it comes out.
        said = [] if "=" in claim.text else [examine(proven, self._shelf, source) for source in sources]
        return () if any(is_contradicted(proven, one, self._shelf) for one in said) else tuple(sources)

    # Pages

    def _promising(self, claim: Claim) -> tuple[int, ...]:
        """Return the Sources worth a close look: those with the claim's figures and most of its words, best first."""
        promise = {source: may_support(claim, self._shelf, source) for source in self._order}
        return tuple(s for s in sorted(self._order, key=lambda source: -promise[source])[:LOOKED_AT] if promise[s])

    def _reason(self, claim: Claim, source: int) -> str:
        why = objection(claim, [examine(claim, self._shelf, source)], self._shelf, is_cited=True)
        return why or "another page says more of it"

    def _choose(
        self,
        claim: Claim,
        sources: Iterable[int],
        words: float,
        examined: list[Finding],
        *,
        only_best: bool = False,
    ) -> tuple[Finding, ...]:
        """Return the findings that support a claim each by itself, else the fewest that do together."""
        findings: list[Finding] = []
        alone: list[Finding] = []
        for source in sources:
            findings.append(examine(claim, self._shelf, source))
            examined.append(findings[-1])
            if not objection(claim, findings[-1:], self._shelf, words=words, is_cited=not only_best):
                alone.append(findings[-1])
                if only_best and self._score(claim, findings[-1]) >= self._most(claim):
                    break
        if alone:
            return (max(alone, key=lambda finding: self._score(claim, finding)),) if only_best else tuple(alone)
        return () if only_best else self._together(claim, findings, words)

    def _is_denied(self, claim: Claim, finding: Finding, words: float) -> bool:
        """Whether a page tells all of a claim, and the opposite: then no page that has its words makes it right."""
        return objection(claim, [finding], self._shelf, words=words, is_cited=True) == OPPOSITE

    def _with_context(self, claim: Claim, findings: Sequence[Finding], words: float) -> tuple[Finding, ...]:
        """Add pages that the draft does not cite to one that tells all but when, and of whom: of the same document.

        Figures of several pages or editions would make a sentence that none of them says.
        """
        bare = _bare(claim)
        known = {finding.source: finding for finding in findings}
        for document in dict.fromkeys(self._document(finding.source) for finding in findings):
            sources = [source for source in self._order if self._document(source) == document]
            if not bare.numbers or any(
                not objection(bare, [examine(bare, self._shelf, s)], self._shelf, words=words) for s in sources
            ):
                same = [known.get(source) or examine(claim, self._shelf, source) for source in sources]
                chosen = self._together(claim, same, words)
                if chosen:
                    return chosen
        return ()

    def _together(self, claim: Claim, findings: Sequence[Finding], words: float) -> tuple[Finding, ...]:
        useful = self._useful(claim, findings)
        useful = sorted(useful, key=lambda finding: -self._score(claim, finding))[:4]
        if len(useful) < 2 or objection(claim, useful, self._shelf, words=words):
            return ()
        for finding in reversed(tuple(useful)):
            fewer = [other for other in useful if other is not finding]
            if len(fewer) > 1 and not objection(claim, fewer, self._shelf, words=words):
                useful = fewer
        return tuple(sorted(useful, key=lambda finding: self._order.index(finding.source)))

    def _useful(self, claim: Claim, findings: Sequence[Finding]) -> list[Finding]:
        """Return what has figures of the claim; and, of the same documents, what names its date, or whom it is about.

        The first page of minutes tells on which day the board met that decided something on the third.
        """
        telling = [finding for finding in findings if _has_figure(finding, claim)]
        if not any(number.kind is Kind.AMOUNT or number.kind is Kind.PERCENT for number in claim.numbers):
            telling = [finding for finding in findings if finding.units]
        documents = {self._document(finding.source) for finding in telling}
        names = frozenset[str]().union(*(finding.names for finding in telling))
        dates = {i for finding in telling for i in finding.places if finding.has(i)}
        return telling + [
            finding
            for finding in findings
            if finding not in telling
            and self._document(finding.source) in documents
            and (finding.names - names or any(finding.has(i) and i not in dates for i in finding.places))
        ]

    def _document(self, source: int) -> str:
        return self._shelf.sources[source].document.id

    def _most(self, claim: Claim) -> float:
        """A score that hardly any page can beat: then the others need not be looked at."""
        return 0.8 * (len(claim.numbers) + self._shelf.weigh(claim.stems))

    def _score(self, claim: Claim, finding: Finding) -> float:
        found = sum(1.0 for i in finding.places if finding.on_page(i))
        return found + self._shelf.weigh(finding.stems & claim.stems)


def _is_same_result(number: Number, claim: Claim, shown: Shown, *, is_operand: bool = False) -> bool:
    """Whether a claim repeats a result that was computed for the same thing, or computes with it."""
    if not shown.is_result or number.kind is not shown.number.kind or number.readings != shown.value:
        return False
    return (
        is_operand or number.significant >= 3 or not claim.stems or not shown.stems or bool(claim.stems & shown.stems)
    )


def _has_figure(finding: Finding, claim: Claim) -> bool:
    return any(finding.on_page(i) and not claim.numbers[i].year for i in finding.places)


def _without(claim: Claim, computed: _Recomputed) -> Claim:
    if not computed.results | computed.known:
        return claim
    kept = [i for i in range(len(claim.numbers)) if i not in computed.results | computed.known]
    return replace(_only(claim, kept), operands=frozenset(claim.numbers[i].start for i in computed.operands))


def _bare(claim: Claim) -> Claim:
    """The claim without its names and dates."""
    kept = [i for i, number in enumerate(claim.numbers) if not number.is_date]
    return replace(_only(claim, kept), names=(), full_names=())


def _only(claim: Claim, kept: Sequence[int]) -> Claim:
    return replace(
        claim,
        numbers=tuple(claim.numbers[i] for i in kept),
        loose={new: claim.loose[old] for new, old in enumerate(kept) if old in claim.loose},
    )
