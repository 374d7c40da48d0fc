"""What a document is called, beyond its name: made once, when it is indexed, for questions that name a document. Pure.

People write "the General Mills report of 2019" for `GENERALMILLS_2019_10K.pdf`: a file name is cut into its pieces, and
a glued piece into words that the document's own text knows.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ingest.documents import Card, Chunk, ExtractedPdf
from ingest.traits import has_statements

KEYWORDS = 160
"""Frequent words kept of each document; which of them tell documents apart is known only beside the others."""
FIRST_WORDS = 120
"""Of the first page."""

_STOP = """
    a about all also am an and any are as at be been being but by can could did do does doing done each end far for
    from had has have he her him his how i if in into is it its long many may me might much must my no not of often on
    or our per please shall she should so some soon such than that the their them then there these they this those to
    us was we were what when where which who whom whose why will with would year years you your
"""
STOP = frozenset(_STOP.split())
"""Words of a question that say nothing about which document or page is meant."""

_MONTHS = "january february march april may june july august september october november december"
MONTHS = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"\bFY[ '’]?(\d\d)\b", re.IGNORECASE)
_NUMBERING = re.compile(r"(?:19|20)\d\d|fy\d\d|\d{1,2}|q[1-4]|fy")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d[-_. ]?(0[1-9]|1[0-2])(?!\d)")
_CODE = re.compile(r"[A-Z]+\d+[A-Z]*|\d+[A-Z]+|[A-Za-z]{1,2}\d+")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+\d*[A-Z]?|\d+[A-Za-z]{0,2}(?![a-z])")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_AROUND_YEARS = re.compile(r"(?<=[^\W\d_])(?=(?:19|20)\d\d(?!\d))|(?<=(?:19|20)\d\d)(?=[^\W\d_])")


def make_card(name: str, pdf: ExtractedPdf, chunks: Sequence[Chunk]) -> Card:
    """Build the card of a document from its file name and its text."""
    text = "\n".join(page.text for page in pdf.pages)
    first_page = next((page.text for page in pdf.pages if page.has_text), "")
    counts = Counter(re.findall(r"[^\W_]+", text.lower()))
    raw = name_pieces(name)
    pieces = tuple(piece for piece in dict.fromkeys(raw) if not _NUMBERING.fullmatch(piece))
    flat = " ".join(text.lower().replace("&", "").split())
    return Card(
        pieces=pieces,
        parts={piece: parts for piece in pieces if (parts := _parts(piece, counts, flat))},
        years=_years_of(raw, pdf.title, first_page),
        quarters=frozenset(piece for piece in raw if re.fullmatch("q[1-4]", piece)),
        months=frozenset(int(month) for month in _YEAR_AND_MONTH.findall(name))
        | {MONTHS[piece] for piece in raw if piece in MONTHS},
        title=frozenset(
            fold(word) for word in words(pdf.title) if word not in STOP and len(word) > 1 and word[0].isalpha()
        ),
        opening=frozenset([fold(word) for word in words(first_page) if word not in STOP][:FIRST_WORDS]),
        frequent=_frequent(counts),
        has_statements=has_statements(chunks),
    )


def name_pieces(name: str) -> list[str]:
    """Return the parts of a file name in lower case.

    Camel case and letters before a year are cut; codes such as `10K`, `Q2` and `AJ300` are kept whole.
    """
    pieces: list[str] = []
    for word in re.findall(r"[^\W_]+(?:&[^\W_]+)*", re.sub(r"\.[A-Za-z]{2,4}$", "", name)):
        for part in _AROUND_YEARS.sub(" ", word).split():
            if _CODE.fullmatch(part):
                pieces.append(part)
            else:
                pieces += (_CAMEL if part.isascii() else _RUNS).findall(part)
    return [piece.lower() for piece in pieces]


def words(text: str) -> list[str]:
    """Return lower-case words; possessives lose their s, and `&` joins: AT&T is one word."""
    text = re.sub(r"'s\b|(?<=s)'", "", text.lower().replace("’", "'"))
    return re.findall(r"[^\W_]+", re.sub(r"(?<=\w)&(?=\w)", "", text))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word without its plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def often_said(card: Card) -> frozenset[str]:
    """Return the frequent words of a document's text, folded as those of its title and first page are."""
    return frozenset(map(fold, card.frequent))


def years(text: str) -> list[int]:
    """Return the years that a text names: 2018, FY2018, FY18."""
    return [int(year) for year in _YEAR.findall(text)] + [2000 + int(year) for year in _SHORT_YEAR.findall(text)]


def _parts(piece: str, counts: Counter[str], flat: str) -> dict[str, float]:
    if not piece.isalpha():
        return _parts_of_code(piece, counts)
    if len(piece) < 6:
        return {}
    parts: dict[str, float] = {}
    for cut in range(3, len(piece) - 2):
        head, tail = piece[:cut], piece[cut:]
        if f"{head} {tail}" in flat or f"{head}-{tail}" in flat:
            _at_least(parts, head, 0.8)
            _at_least(parts, tail, 0.6)
        elif not counts[piece] and counts[head] and _is_made_of(tail, counts):
            _at_least(parts, head, 0.4)
        elif not counts[piece] and counts[tail] and _is_made_of(head, counts):
            _at_least(parts, tail, 0.4)
        if cut <= 5 and counts[head] >= 3 and head not in STOP:  # JPM for JPMORGAN
            _at_least(parts, head, 0.5)
    return parts


def _parts_of_code(piece: str, counts: Counter[str]) -> dict[str, float]:
    """Find what is inside AQUAJETAJ500UM: codes and beginnings that the text uses."""
    inside = {
        word: 0.6
        for run in re.findall(r"[a-z]{4,}", piece)
        for word in counts
        if len(word) >= 4 and run.startswith(word)
    }
    codes = (word for word in counts if len(word) >= 3 and word != piece and word in piece)
    return inside | {word: 0.9 for word in codes if not word.isalpha() and not word.isdigit()}


def _at_least(parts: dict[str, float], part: str, sure: float) -> None:
    parts[part] = max(parts.get(part, 0.0), sure)


def _is_made_of(word: str, counts: Mapping[str, int]) -> bool:
    """Say whether a glued word can be cut into words that occur; short ones have to occur often."""
    reached = [True] + [False] * len(word)
    for end in range(1, len(word) + 1):
        reached[end] = any(
            reached[start] and counts.get(word[start:end], 0) >= (1 if end - start >= 3 else 3)
            for start in range(max(0, end - 20), end - 1)
        )
    return reached[-1]


def _years_of(pieces: list[str], title: str, first_page: str) -> tuple[int, ...]:
    """Return the years of the file name, else of the title, else the one that the first page names most."""
    named = {int(piece) for piece in pieces if _YEAR.fullmatch(piece)}
    named |= {2000 + int(piece[2:]) for piece in pieces if re.fullmatch(r"fy\d\d", piece)}
    named |= {2000 + int(b) for a, b in itertools.pairwise(pieces) if a == "fy" and re.fullmatch(r"\d\d", b)}
    named = named or set(years(title))
    if not named:
        plausible = Counter(year for year in years(first_page) if 1990 <= year <= 2040)
        named = {year for year, _ in plausible.most_common(1)}
    return tuple(sorted(named))


def _frequent(counts: Counter[str]) -> dict[str, int]:
    often: Iterable[tuple[str, int]] = (
        (word, count) for word, count in counts.items() if count >= 3 and word.isalpha() and word not in STOP
    )
    return dict(sorted(often, key=lambda item: -item[1])[:KEYWORDS])
