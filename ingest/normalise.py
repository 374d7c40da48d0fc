"""Text in the form in which it is compared: for search, quotes and verification. Pure functions, no I/O.

What people and models read keeps the document's own characters. Here typographic variants, line breaks and
hyphenation disappear, so that the same words compare equal wherever they come from.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.documents import Span

_LETTER = r"[^\W\d_]"

_CJK = "\u2e80-\u303f\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003fffd"
"""Scripts written without spaces: a line break between two of these characters stands for nothing."""

_JOINS = re.compile(
    # PDFium puts U+FFFE (once U+0002) for a hyphen at a line's end, and leaves the line break out.
    rf"(?:[\u0002\ufffe]|[-\u00ad\u2010](?=[ \t]*[\r\n]))(?<={_LETTER}.)[-\u00ad\u2010\u0002\ufffe]*\s*(?={_LETTER})"
    rf"|[\r\n](?<=[{_CJK}].)\s*(?=[{_CJK}])"
    r"|\.(?:[ \u00a0]?\.){4,}",
    re.DOTALL,
)
"""Words broken over two lines, line breaks that stand for nothing, and dots that lead the eye to a figure."""

_MAY_BREAK = re.compile(r"[-\u00ad\u2010\u0002\ufffe](?:(?<=[\u0002\ufffe])|[ \t]*[\r\n])")
_MAY_WRAP = re.compile(rf"[{_CJK}][\r\n]")
"""A text in which neither is found has no joins: most have none, and this is ten times as fast."""

_UNCOMMON = re.compile(r"[ -~]?[^\s -~]+")
"""Characters outside printable ASCII, with the character that an accent may belong to."""

_IS_UNCOMMON = re.compile(r"[^\s -~]")

_SPACES = re.compile(r"\s\s+|[^\S ]")
"""White space that is not one plain space."""

_REPLACED = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc", "\u2022"),  # bullets of the Symbol and Wingdings fonts
    "\u2044": "/",
}

_KEPT = ("<super>", "<sub>", "<fraction>", "<circle>")
"""Decompositions that change what is said: 10² is not 102, nor is a footnote's mark a digit of the number before it."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories without a visible character of their own: control, format, surrogate, private use, unassigned."""

_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))

_LONGEST_CLUSTER = 32
"""More marks on one letter than any language has; without a limit a page full of them takes for ever."""

Cluster = tuple[str, int, int]
"""A new text, and the range of old characters that it stands for."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text that knows where each of its characters comes from."""

    text: str
    offsets: array[int]
    """Where character i starts in the original."""
    ends: array[int]
    """Where character i ends in the original."""

    def span(self, start: int, end: int) -> Span:
        """Return where the normalised characters `start` to `end` (not empty) stand in the original."""
        return Span(self.offsets[start], self.ends[end - 1])


def normalise(text: str) -> str:
    """Return `text` without typographic variants, line breaks and hyphenation; case is kept. Idempotent."""
    if _may_join(text):
        text = _JOINS.sub(_joint, text)
    if _IS_UNCOMMON.search(text) is not None:
        text = _UNCOMMON.sub(_common, text)
    return " ".join(text.split())


_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def letters(text: str) -> str:
    """Return only letters and digits, without case: lines that read alike have the same."""
    if text.isascii():  # nothing in it has a variant, and this is six times as quick
        return text.lower().encode().translate(None, _NO_ASCII_LETTERS).decode()
    return _NO_LETTERS.sub("", normalise(text).casefold())


def _may_join(text: str) -> bool:
    if "..." in text or ". ." in text or ".\u00a0." in text or _MAY_BREAK.search(text) is not None:
        return True
    return not text.isascii() and _MAY_WRAP.search(text) is not None


def normalise_with_offsets(text: str) -> Normalised:
    """Return `normalise(text)` with the place of every character in `text`."""
    source = Normalised(text, array("I", range(len(text))), array("I", range(1, len(text) + 1)))
    joined = _rewrite(source, ((_joint(match), *match.span()) for match in _JOINS.finditer(text)))
    common = _rewrite(joined, _uncommon_clusters(joined.text))
    spaced = _rewrite(common, ((" ", *match.span()) for match in _SPACES.finditer(common.text)))
    start = len(spaced.text) - len(spaced.text.lstrip())
    end = max(start, len(spaced.text.rstrip()))
    return Normalised(spaced.text[start:end], spaced.offsets[start:end], spaced.ends[start:end])


def find(quote: str, text: str) -> Span | None:
    """Return where `quote` stands in `text`, whatever the case, line breaks, hyphenation and spacing of either.

    Whole words are preferred to a place inside words. Digits are never pushed together: "12" is not in "1 2".
    """
    exact = _occurrence(quote.strip(), text)
    if exact >= 0:
        return Span(exact, exact + len(quote.strip()))
    needle, haystack = _folded(normalise_with_offsets(quote)), _folded(normalise_with_offsets(text))
    position = _occurrence(needle.text, haystack.text)
    if position < 0:
        needle, haystack = _squeezed(needle), _squeezed(haystack)
        position = haystack.text.find(needle.text) if needle.text else -1
    return haystack.span(position, position + len(needle.text)) if position >= 0 else None


def _joint(match: re.Match[str]) -> str:
    """Return what stands between the halves of a word: a hyphen before a capital (Anglo-Saxon), else nothing.

    Between a label and its figure it is a space.
    """
    if match[0][0] == ".":
        return " "
    if match[0][0] in "\r\n" or set(match[0]) & {"\u00ad"}:
        return ""
    return "-" if match.string[match.end()].isupper() else ""


def _common(match: re.Match[str]) -> str:
    return "".join(new for new, _, _ in _clusters(match[0]))


def _uncommon_clusters(text: str) -> Iterator[Cluster]:
    for match in _UNCOMMON.finditer(text):
        for new, start, end in _clusters(match[0]):
            yield new, match.start() + start, match.start() + end


def _clusters(run: str) -> tuple[Cluster, ...]:
    """Split a run of uncommon characters into pieces that change together."""
    if len(run) <= 3:
        return _compute_short(run)
    if unicodedata.is_normalized("NFKC", run) and not any(map(_is_changed, run)):
        return ((run, 0, len(run)),)
    return _compute(run)


def _is_changed(character: str) -> bool:
    return _variant(character) != character


def _compute(run: str) -> tuple[Cluster, ...]:
    clusters: list[Cluster] = []
    for position, character in enumerate(run):
        new = unicodedata.normalize("NFC", _variant(character))
        last, start, _ = clusters[-1] if clusters else ("", 0, 0)
        both = unicodedata.normalize("NFC", last + new)
        if 0 < len(last) <= _LONGEST_CLUSTER and (not new or both != last + new or unicodedata.combining(new[0])):
            clusters[-1] = both, start, position + 1
        else:
            clusters.append((new, position, position + 1))
    return tuple(clusters)


_compute_short = lru_cache(maxsize=4096)(_compute)


@lru_cache(maxsize=4096)
def _variant(character: str) -> str:
    """Return the plain form of one character, empty when it has none."""
    if character in _REPLACED:
        return _REPLACED[character]
    if unicodedata.category(character) in _DROPPED or character in _VARIATION_SELECTORS:
        return ""
    if unicodedata.decomposition(character).startswith(_KEPT):
        return character
    plain = unicodedata.normalize("NFKC", character)
    # Some accents and whole words in one sign would bring a space in: those stay as they are.
    return character if " " in plain else "".join(_REPLACED.get(part, part) for part in plain)


def _rewrite(source: Normalised, clusters: Iterable[Cluster]) -> Normalised:
    """Put new text for ranges of `source`, in order, and keep account of where every character came from."""
    pieces: list[str] = []
    offsets, ends = array("I"), array("I")
    position = 0
    for new, start, end in clusters:
        pieces += (source.text[position:start], new)
        offsets += source.offsets[position:start]
        ends += source.ends[position:start]
        if len(new) == end - start:
            offsets += source.offsets[start:end]
            ends += source.ends[start:end]
        else:
            offsets += array("I", [source.offsets[start]] * len(new))
            ends += array("I", [source.ends[end - 1]] * len(new))
        position = end
    pieces.append(source.text[position:])
    offsets += source.offsets[position:]
    ends += source.ends[position:]
    return Normalised("".join(pieces), offsets, ends)


def _folded(source: Normalised) -> Normalised:
    """Fold case; the few letters that become two (ß) keep their place."""
    folded = source.text.casefold()
    if len(folded) == len(source.text):
        return Normalised(folded, source.offsets, source.ends)
    letters = ((character.casefold(), i, i + 1) for i, character in enumerate(source.text) if not character.isascii())
    longer = _rewrite(source, letters)
    return Normalised(longer.text.casefold(), longer.offsets, longer.ends)


_LOOSE = re.compile(rf"(?<={_LETTER}) ?-+ ?(?={_LETTER})| (?!\d)|(?<!\d) ")
"""What two renderings of the same words may differ in: spaces, but between digits, and hyphens between letters."""

_TWINS = re.compile(r"(?<=f)f+")
"""PDFium loses the second f of a pair in slanted type, and puts a space there."""


def _squeezed(source: Normalised) -> Normalised:
    for pattern in (_LOOSE, _TWINS):
        source = _rewrite(source, [("", *match.span()) for match in pattern.finditer(source.text)])
    return source


def _occurrence(needle: str, haystack: str) -> int:
    """Return where `needle` stands as whole words, else where it stands at all, else -1."""
    first = position = haystack.find(needle) if needle else -1
    while position >= 0:
        end = position + len(needle)
        if not _is_inside_word(haystack, position) and not _is_inside_word(haystack, end):
            return position
        position = haystack.find(needle, position + 1)
    return first


def _is_inside_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum()
