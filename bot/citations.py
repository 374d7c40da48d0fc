"""verify(draft, sources): every marker that an answer keeps is one that its page supports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.answer import Citation, Outcome, Removed, Source
from bot.markers import Mark, put_in
from bot.verification.asides import (
    absent_tail,
    denies,
    goes_on,
    is_bare_reply,
    is_of_unit,
    is_pleasantry,
    rest_after_absence,
    says_absent,
    seems_absent,
    without_not_given,
)
from bot.verification.asked import as_statement
from bot.verification.citing import Citing, Support
from bot.verification.claims import Claim, read
from bot.verification.drafts import Part, parts
from bot.verification.languages import language
from bot.verification.links import Addresses, defuse, may_have_links
from bot.verification.numbers import Kind
from bot.verification.passages import scale_hint
from bot.verification.polarity import has_auxiliary
from bot.verification.sentences import Block, sentences
from bot.verification.support import Shelf, Thresholds
from bot.wording import IN_ENGLISH, WORDINGS


@dataclass(frozen=True, slots=True)
class Verified:
    """A draft after verification: every marker in `text` names one of `citations`, and every citation is named."""

    text: str
    citations: tuple[Citation, ...]
    removed: tuple[Removed, ...]
    claims: int
    """Sentences that state something."""
    supported: float
    """Share of the claims that a Source supports; 0 where nothing is claimed."""
    absent: bool
    """The draft says of something that the documents do not say it."""
    is_chat: bool = False
    """The draft says nothing of any document: `You're welcome!`."""

    @property
    def outcome(self) -> Outcome:
        """ANSWERED where at least three quarters of what is claimed is supported, and nothing is said to be missing."""
        if not self.citations:
            return Outcome.NOT_FOUND
        return Outcome.PARTIAL if self.absent or self.supported < 0.75 else Outcome.ANSWERED


def verify(
    draft: str, sources: Sequence[Source], strictness: float, question: str = "", flag: str = IN_ENGLISH.flag
) -> Verified:
    """Check every sentence of a draft against the Sources, and keep, correct, add or remove its markers.

    A kept marker proves that the page holds every number and name of the sentence (or operands that give its result),
    that each number stands near the words that it is about and not in a row, column or year that fits others better,
    that enough of the sentence's words lie in one passage, the quote, and that this passage does not say the opposite.
    The day, and whom it is about, another page of the same document may tell, which is then cited, too. In another
    language than the page's, only numbers, names and long words that begin alike are compared: a lower certainty. A
    bare answer, such as `28`, is checked as what it says of the question. A sentence that nothing supports is followed
    by the flag.

    It does not prove that the sentence follows from the page. Words can be the same and the sense different: who did
    what to whom, a condition left out, a cause for a sequence. It does not know synonyms, so a true paraphrase in other
    words is marked as not found; nor can it see that something true is missing from the answer.

    Pure and deterministic; no model is asked. Numbers of Sources become 1, 2, 3 … in the order of first use.
    """
    shelf = Shelf(sources, Thresholds.at(strictness))
    links = _Links(shelf)
    draft_parts = parts(draft, links.defuse)
    told = (part.text for part in draft_parts if part.block is not Block.VERBATIM and not _is_ours(part))
    tongue = language(" ".join(told))
    stated = question if _is_bare(draft_parts) else ""
    if stated:
        tongue = language(f"{stated} {draft}")
    run = _Run(shelf, tongue, stated)
    checked = run.check(draft_parts)
    if run.has_announced:
        # The answer gives its result first, and shows how it comes out below.
        run = _Run(shelf, tongue, stated, run)
        checked = run.check(draft_parts)
    return run.verified(checked, links.removed, flag)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What becomes of one sentence: markers at places of the text without markers, and whether it is flagged."""

    marks: tuple[Mark, ...] = ()
    is_claim: bool = False
    is_supported: bool = False


@dataclass(slots=True)
class _Setting:
    """What the lines above say of the lines below: headings, introductions of lists, heads of tables."""

    heading: frozenset[str] = frozenset()
    introduction: frozenset[str] = frozenset()
    head: frozenset[str] = frozenset()
    scales: dict[str, int] = field(default_factory=dict)

    @property
    def stems(self) -> frozenset[str]:
        return self.heading | self.introduction | self.head

    @property
    def scale(self) -> int:
        return next((scale for scale in self.scales.values() if scale), 0)


class _Links:
    """The links of a draft: unknown ones are taken out, and kept account of."""

    def __init__(self, shelf: Shelf) -> None:
        self._known = Addresses([page.text for page in shelf.pages.values()])
        self.removed: list[Removed] = []

    def defuse(self, text: str) -> str:
        if not may_have_links(text):
            return text
        text, removed = defuse(text, self._known)
        self.removed += (Removed(address, None, "a link that the documents do not contain") for address in removed)
        return text


class _Run:
    """One run over the parts of a draft, from the first sentence to the last."""

    def __init__(self, shelf: Shelf, tongue: str, stated: str = "", before: _Run | None = None) -> None:
        self._shelf = shelf
        self._language = tongue
        self._stated = stated
        """The question, where the draft only makes sense together with it."""
        self._citing: Citing = Citing(shelf, before._citing if before else None)
        self._setting = _Setting()
        self._said = frozenset[str]()
        """What the sentence before is about."""
        self._removed: list[Removed] = []
        self._missed: list[Claim] = []
        self._claims = self._supported = 0
        self._absent = False
        self._is_chat = False

    @property
    def has_announced(self) -> bool:
        """Whether a sentence that no page supports gives a result of the draft."""
        return any(map(self._citing.announces, self._missed))

    def check(self, draft_parts: Sequence[Part]) -> list[Part]:
        return [self._check(part) for part in draft_parts]

    def verified(self, checked: Sequence[Part], removed_links: Sequence[Removed], flag: str) -> Verified:
        used = dict.fromkeys(number for part in checked for mark in part.marks for number in mark.numbers)
        renumbered = {number: i for i, number in enumerate(used, 1)}
        return Verified(
            "".join(_render(part, renumbered, flag) for part in checked).strip(),
            tuple(self._citation(number, renumbered[number]) for number in used),
            (*removed_links, *self._removed),
            self._claims,
            self._supported / self._claims if self._claims else 0.0,
            self._absent,
            is_chat=self._is_chat and not (self._claims or self._absent),
        )

    def _citation(self, number: int, shown_as: int) -> Citation:
        quotes = self._citing.quotes(number)
        first, *more = (one for one in quotes if not any(one != other and one in other for other in quotes))
        return Citation(shown_as, self._shelf.sources[number], first, tuple(more))

    def _check(self, part: Part) -> Part:
        """Check the sentences of a piece, in order; return it with the markers that stay, and what to flag."""
        block = part.block
        if block is Block.VERBATIM:
            return part
        if _is_ours(part):
            self._absent = True
            return replace(part, marks=())
        kept: list[Mark] = []
        flags: list[int] = []
        for start, end, own in _assign(block, part.text, part.marks):
            result = self._sentence(block, part.text[start:end], start, own)
            kept += result.marks
            self._claims += result.is_claim
            self._supported += result.is_claim and result.is_supported
            if result.is_claim and not result.is_supported:
                flags.append(end)
        self._remember_setting(block, part.text)
        return replace(part, marks=tuple(kept), flags=tuple(flags))

    def _remember_setting(self, block: Block, clean: str) -> None:
        stripped = clean.strip(" \t\r\n*_|")
        if block is Block.HEADING:
            self._setting = _Setting(
                heading=read(stripped, self._language).stems, scales={"heading": scale_hint(stripped)}
            )
        elif block is Block.HEADER_ROW:
            self._setting.head = read(stripped.replace("|", " "), self._language).stems
            self._setting.scales["head"] = scale_hint(stripped)
        elif block is Block.TEXT:
            is_introduction = stripped.endswith(":")
            last = stripped[[start for start, _ in sentences(stripped)][-1] :] if stripped else ""
            self._setting.introduction = read(last, self._language).stems if is_introduction else frozenset()
            self._setting.scales["introduction"] = scale_hint(last) if is_introduction else 0
            self._setting.head, self._setting.scales["head"] = frozenset(), 0

    # One sentence

    def _sentence(self, block: Block, text: str, start: int, marks: Sequence[Mark]) -> _Sentence:
        text = self._without_remarks(text)
        claim = self._read(block, text)
        self._said = claim.stems if not goes_on(text) else self._said | claim.stems
        cited = tuple(dict.fromkeys(number for mark in marks for number in mark.numbers))
        known = tuple(number for number in cited if number in self._shelf.sources)
        self._removed += (Removed(text, number, "there is no such Source") for number in cited if number not in known)
        if says_absent(text):
            return self._absence(claim, text, start, known)
        if seems_absent(text) or (is_of_unit(text) and denies(text)):
            return self._absence(claim, text, start, known, others=True)
        rest = rest_after_absence(text)
        if rest:
            self._absent = True
            claim = self._read(block, rest)
        if not _is_claim(block, text, claim):
            self._is_chat = self._is_chat or is_pleasantry(text)
            return self._aside(claim, text, start, known)
        segments = () if rest else _segments(block, text, [Mark(mark.position - start, mark.numbers) for mark in marks])
        return self._by_segment(block, text, start, segments) or self._whole(block, claim, text, start, known)

    def _without_remarks(self, text: str) -> str:
        """Blank out what a sentence says, beside what it states, of what is missing."""
        text = without_not_given(text)
        tail = absent_tail(text)
        if tail < 0:
            return text
        self._absent |= not is_of_unit(text[tail:])
        return text[:tail] + " " * (len(text) - tail)

    def _by_segment(self, block: Block, text: str, start: int, segments: Sequence[_Segment]) -> _Sentence | None:
        """`A [1] and B [2]`: each marker answers for its own part, and all parts must stand."""
        if len(segments) < 2:
            return None
        label = text.strip(" |").split("|")[0] + ": " if block is Block.ROW else ""
        supports: list[Support] = []
        for i, segment in enumerate(segments):
            claim = self._read(block, (label if i else "") + text[segment.start : segment.end])
            known = [number for number in dict.fromkeys(segment.numbers) if number in self._shelf.sources]
            support = self._citing.support(claim, known)
            if not support.sources:
                return None
            supports.append(support)
        for support in supports:
            self._citing.commit(support)
            self._note_removed(text, support)
        marks = [
            Mark(start + segment.end, support.sources) for support, segment in zip(supports, segments, strict=True)
        ]
        return _Sentence(tuple(marks), True, True)

    def _whole(self, block: Block, claim: Claim, text: str, start: int, known: Sequence[int]) -> _Sentence:
        # Half of a bare answer's statement is the question's: that the model pointed at a page says less.
        support = self._citing.support(claim, () if self._stated else known)
        self._note_removed(text, support)
        if not support.sources:
            self._missed.append(claim)
            return _Sentence((), True, False)
        self._citing.commit(support)
        return _Sentence((Mark(start + _before_stop(text, block), support.sources),), True, True)

    def _read(self, block: Block, text: str) -> Claim:
        setting = self._setting
        listed = block in (Block.ROW, Block.ITEM)
        if self._stated and not says_absent(text):
            text = as_statement(self._stated, text)
        return read(
            text.replace("|", " , ") if block in (Block.ROW, Block.HEADER_ROW) else text,
            self._language,
            context=setting.stems if listed else setting.heading,
            subject=self._said if goes_on(text) else frozenset(),
            scale=scale_hint(text) or (setting.scale if listed else 0),
            title_case=block in (Block.HEADING, Block.HEADER_ROW, Block.ROW),
        )

    def _absence(self, claim: Claim, text: str, start: int, known: Sequence[int], *, others: bool = False) -> _Sentence:
        """`The plan does not cover dental care` reads like `the documents do not cover it`, but a page may say it."""
        support = self._citing.support(claim, known, others=others)
        if support.sources:
            self._citing.commit(support)
            return _Sentence((Mark(start + _before_stop(text, Block.TEXT), support.sources),), True, True)
        self._absent |= not is_of_unit(text)
        self._removed += (Removed(text, number, "says that the documents do not say it") for number in known)
        return _Sentence()

    def _aside(self, claim: Claim, text: str, start: int, known: Sequence[int]) -> _Sentence:
        """Headings, greetings, introductions: a marker stays where it is right; none is added, none is missed."""
        support = self._citing.support(claim, known if claim.stems else (), others=False)
        self._note_removed(text, support)
        if not support.sources:
            return _Sentence()
        self._citing.commit(support)
        return _Sentence((Mark(start + _before_stop(text, Block.TEXT), support.sources),))

    def _note_removed(self, text: str, support: Support) -> None:
        self._removed += (Removed(text, number, reason) for number, reason in support.rejected)


_NOT_SURE = frozenset(words.not_sure for words in WORDINGS.values())


def _is_ours(part: Part) -> bool:
    """Whether a part is what stands above quotes that may be near only: it tells nothing of their language."""
    return part.text.strip() in _NOT_SURE


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a sentence, with the markers at its end."""

    start: int
    end: int
    numbers: tuple[int, ...]


def _is_claim(block: Block, text: str, claim: Claim) -> bool:
    """Whether a sentence states something that a page must say. Figures always do."""
    figures = any(
        number.kind in (Kind.AMOUNT, Kind.PERCENT, Kind.MOMENT, Kind.IDENTIFIER) and not number.spelled
        for number in claim.numbers
    )
    stripped = text.rstrip(' \t\r\n*_"”|')
    if block is Block.HEADER_ROW or stripped.endswith(("?", "？")) or is_bare_reply(stripped):
        return False
    if block is Block.HEADING or stripped.endswith((":", "：")) or is_pleasantry(text):
        return (figures and block is not Block.HEADING) or (figures and not re.match(r"\W*(?:\w+\s+)?[\d.]+\W", text))
    return claim.states_something


def _assign(block: Block, clean: str, marks: Sequence[Mark]) -> list[tuple[int, int, tuple[Mark, ...]]]:
    """Give each marker to its sentence. Markers after the full stop belong to the sentence before them.

    Where a block begins with a marker, the markers stand before their sentences.
    """
    if block in (Block.TEXT, Block.ITEM):
        ranges = list(sentences(clean))
    else:
        ranges = [(0, len(clean.rstrip()))] if clean.strip() else []
    if not ranges:
        return []
    before = bool(marks) and marks[0].position <= ranges[0][0] and len(ranges) > 1
    own: list[list[Mark]] = [[] for _ in ranges]
    for mark in marks:
        at = next((i for i, (_, end) in enumerate(ranges) if mark.position <= end), len(ranges) - 1)
        start, end = ranges[at]
        if mark.position <= start and at and not before:
            at -= 1
        elif mark.position == end and before and at + 1 < len(ranges):
            at += 1
        start, end = ranges[at]
        own[at].append(Mark(min(max(mark.position, start), end), mark.numbers))
    return [(start, end, tuple(found)) for (start, end), found in zip(ranges, own, strict=True)]


_MOST_BARE_WORDS = 5


def _is_bare(draft_parts: Sequence[Part]) -> bool:
    """Whether a draft is one answer in a word or a number, and no sentence."""
    said = [part for part in draft_parts if part.text.strip()]
    return (
        len(said) == 1
        and said[0].block in (Block.TEXT, Block.ITEM)
        and len(said[0].text.split()) <= _MOST_BARE_WORDS
        and not (is_pleasantry(said[0].text) or has_auxiliary(said[0].text))
    )


_JOINT = re.compile(
    r"\s*(?:[,;:–—|(]|(?:and|while|whereas|but|compared|versus|vs|und|während|aber|et|mais|y|pero|e|en)\b)",
    re.IGNORECASE,
)


def _segments(block: Block, text: str, marks: Sequence[Mark]) -> tuple[_Segment, ...]:
    """Divide a sentence after each group of markers that ends a part of it."""
    found: list[_Segment] = []
    start = 0
    waiting: tuple[int, ...] = ()
    for mark in marks:
        waiting += mark.numbers
        if (
            _has_content(text[start : mark.position])
            and _JOINT.match(text, mark.position)
            and _has_content(text[mark.position :])
        ):
            found.append(_Segment(start, mark.position, waiting))
            start, waiting = mark.position, ()
    return (*found, _Segment(start, _before_stop(text, block), waiting))


def _has_content(text: str) -> bool:
    return any(map(str.isdigit, text)) or len(re.findall(r"[^\W\d_]{3,}", text)) >= 3


_STOP = re.compile(r"\s*[.!?…。！？:;]*[*_~]*\s*$")
_ROW_STOP = re.compile(r"\s*\|?\s*$")


def _before_stop(text: str, block: Block) -> int:
    """Where a marker goes: before the full stop, inside the last cell of a row."""
    match = (_ROW_STOP if block in (Block.ROW, Block.HEADER_ROW) else _STOP).search(text)
    return match.start() if match and match.start() else len(text.rstrip())


def _render(part: Part, numbers: dict[int, int], flag: str) -> str:
    """Return a piece with its markers, renumbered, and its flags."""
    if part.block is Block.VERBATIM:
        return part.prefix + part.text
    clean, marks = part.text, list(part.marks)
    for end in reversed(part.flags):
        at = _before_stop(clean[:end], Block.ROW) if part.block is Block.ROW else end
        added = f" {flag}"
        clean = clean[:at] + added + clean[at:]
        marks = [replace(mark, position=mark.position + (len(added) if mark.position > at else 0)) for mark in marks]
    shown = (Mark(mark.position, tuple(sorted(numbers[number] for number in mark.numbers))) for mark in marks)
    return part.prefix + put_in(clean, shown)
