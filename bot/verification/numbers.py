"""Numbers of a text in a form that can be compared: amounts with scale, currency and percent, years, dates, ordinals.

A number keeps how exactly it was written: 2.2 billion may stand for 2,213,556 thousand, but not for 2,300,000 thousand.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.verification.dates import MONTHS, Moment, moments
from bot.verification.languages import fold, listed


class Kind(enum.StrEnum):
    """What a number is said to be; numbers of different kinds are never the same."""

    AMOUNT = "amount"
    PERCENT = "percent"
    YEAR = "year"
    MOMENT = "moment"
    ORDINAL = "ordinal"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True)
class Number:
    """One number as written. The value is mantissa x 10 ** exponent in one of `readings`, times 10 ** `scale`."""

    start: int
    end: int
    kind: Kind
    readings: tuple[tuple[int, int], ...] = ()
    scale: int = 0
    """3 for thousand, 6 for million …, where it is written beside the number."""
    negative: bool = False
    currency: str = ""
    text: str = ""
    moment: Moment | None = None
    spelled: bool = False
    """Written as a word: twelve."""

    @property
    def value(self) -> float:
        mantissa, exponent = self.readings[0] if self.readings else (0, 0)
        size = mantissa * 10.0 ** (exponent + self.scale)
        return -size if self.negative else size

    @property
    def year(self) -> int:
        """The year of a year or a date; 0 where there is none."""
        if self.kind is Kind.YEAR:
            return self.readings[0][0]
        return self.moment.dates[0][0] if self.moment and self.moment.dates else 0

    @property
    def is_date(self) -> bool:
        """A year or a date; a time of day is none."""
        return self.kind is Kind.YEAR or bool(self.moment and self.moment.dates)

    @property
    def significant(self) -> int:
        """How many digits say something: trailing zeros of a whole number do not."""
        return max((len(str(mantissa).rstrip("0")) for mantissa, _ in self.readings), default=0)


_DIGITS = re.compile(
    r"(?<![^\W_])(?P<prefix>(?:FY|CY|Q|H|USD|EUR|GBP|CHF|JPY|CAD|AUD|INR|Rs)\s?['’]?)?"
    r"(?P<digits>\d{1,3}(?:([,.'’\u00a0\u202f\u2009])\d{3})(?:\3\d{3})*(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|(?<![\d.])\.\d+)"
    r"(?P<ordinal>(?:st|nd|rd|th|º|ª)\b)?"
)
CURRENCY_SIGNS = {
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "u.s. dollars", "cad", "aud", "c$", "a$"), "$"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "€"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "pounds sterling"), "£"),
    **dict.fromkeys(("¥", "jpy", "yen", "cny", "rmb", "yuan"), "¥"),
    **dict.fromkeys(("chf", "francs", "franken"), "CHF"),
    **dict.fromkeys(("₹", "inr", "rs", "rupees"), "₹"),
}
_CURRENCY = "|".join(sorted(map(re.escape, CURRENCY_SIGNS), key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?P<open>\(\s?)?(?P<minus>(?<![\w)%])[-−–])?(?:(?P<currency>(?<![^\W_])(?:{_CURRENCY}))\s?(?P<inner>[-−–]|\(\s?)?)?$",
    re.IGNORECASE,
)
_SCALES = {
    **dict.fromkeys(listed("thousand thousands tausend tsd mille mil k"), 3),
    **dict.fromkeys(listed("million millions millionen mio mn mln millón millones milioni milhões miljoen"), 6),
    **dict.fromkeys(listed("billion billions bn milliarde milliarden mrd milliards miliardi miljard"), 9),
    **dict.fromkeys(["trillion", "trillions", "tn"], 12),
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_AFTER = re.compile(
    r"\)?(?:[\s\u00a0\u202f-]{0,2}(?P<percent>%|％|percent(?:age)?(?:\spoints?)?\b|per\s?cents?\b|pct\b|prozent(?:punkte)?\b|pour\s?cent\b"
    r"|por\s?cento?\b|por\s?ciento\b|per\s?cento\b|procent\b|(?P<basis>basis\spoints?\b|bps\b)))"
    rf"|\)?[\s\u00a0-]?(?P<scale>(?:{_SCALE})\b\.?|(?<=\d)[KMB]\b)(?:\s(?:of\s|de\s)?(?P<currency2>(?:{_CURRENCY})(?![^\W_])))?"
    rf"|\s?(?P<currency>(?:{_CURRENCY})(?![^\W_]|\s?[\d(—–-]))",
    re.IGNORECASE,
)
_SIGNS = frozenset("$€£¥₹(-−–")
_UNIT = re.compile(r"\)?[\s\u00a0\u202f-]{0,2}([%％$€£¥₹]|[^\W\d_]+)")
_UNITS = frozenset(
    {
        *_SCALES,
        *CURRENCY_SIGNS,
        *listed("% ％ k m b u c a per percent percentage pct prozent prozentpunkte pour por procent basis bps"),
    }
)
"""How a unit begins: what is not here need not be looked at closely, and hardly anything is."""
_SEASON = re.compile(r"\s?[/–-]\s?(\d\d)(?!\d)")

_SPACED_LANGUAGES = frozenset({"fr", "cyrillic"})
_SPACED = re.compile(r"(?<=(?<!\d)\d) (?=\d{3}(?!\d))|(?<=(?<!\d)\d\d) (?=\d{3}(?!\d))|(?<=\d{3}) (?=\d{3}(?!\d))")
"""1 850 is one number there; each replacement is as long as what it replaces, so that places stay."""
_COMMA_LANGUAGES = frozenset({"de", "fr", "es", "it", "pt", "nl"})

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_WORD_VALUES = {word: value for value, word in enumerate(_ONES.split())}
_WORD_VALUES |= {w: 10 * i for i, w in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
_WORD_VALUES |= {"dozen": 12}
_FOREIGN_VALUES = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
}
_VALUES_IN = {
    name: _WORD_VALUES | {fold(word): value for value, word in enumerate(text.split(), 2)}
    for name, text in _FOREIGN_VALUES.items()
}
_MULTIPLIERS = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        listed(
            "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
            " fifteenth"
        ),
        2,
    )
}
_JOINT = re.compile(r"[\s-]+(?:and\s+)?")
_WORD = re.compile(r"[^\W\d_]+")


_TELLING = {
    name: frozenset({*MONTHS, *_ORDINALS, *_MULTIPLIERS, *_VALUES_IN.get(name, _WORD_VALUES)})
    for name in ("en", *_VALUES_IN)
}
"""The words that are numbers or months, by language."""


def numbers(text: str, language: str = "", *, decimal_comma: bool | None = None) -> tuple[Number, ...]:
    """Return the numbers of a text in order. `decimal_comma` None allows both readings of 1.234."""
    if language in _SPACED_LANGUAGES:
        text = _SPACED.sub("\u202f", text)
    values = _VALUES_IN.get(language, _WORD_VALUES)
    telling = _TELLING.get(language, _TELLING["en"])
    months, spelled = [], []
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if folded not in telling:
            continue
        if folded not in MONTHS:
            spelled.append((*match.span(), folded))
        elif match[0] != "may":
            months.append(match.span())
    found = _written(text, moments(text, months), decimal_comma)
    if spelled:
        found += _spelled(text, [(number.start, number.end) for number in found], spelled, values)
        found.sort(key=lambda number: number.start)
    return _share_units(text, found)


def spelled_values(language: str) -> dict[str, int]:
    """Return the number words of a language (and of English), the words for hundred and more, and ordinals."""
    return _VALUES_IN.get(language, _WORD_VALUES) | _MULTIPLIERS | _ORDINALS


def number_words() -> frozenset[str]:
    """Return the words for small numbers in all languages, folded."""
    return frozenset(word for values in (_WORD_VALUES, *_VALUES_IN.values()) for word in values)


def _written(text: str, times: Sequence[Moment], comma: bool | None) -> list[Number]:
    """Everything that is written with digits."""
    found: list[Number] = []
    position = at = 0
    for match in _DIGITS.finditer(text):
        while at < len(times) and times[at].start <= match.start("digits"):
            moment = times[at]
            found.append(
                Number(moment.start, moment.end, Kind.MOMENT, text=text[moment.start : moment.end], moment=moment)
            )
            position, at = moment.end, at + 1
        if match.start("digits") >= position and (new := _read(text, match, comma)):
            found += new
            position = new[-1].end
    for moment in times[at:]:
        found.append(Number(moment.start, moment.end, Kind.MOMENT, text=text[moment.start : moment.end], moment=moment))
    return found


def decimal_comma(text: str, language: str = "") -> bool | None:
    """Tell how a text writes fractions, from its own numbers first; None where nothing tells."""
    commas = len(re.findall(r"\d,\d{1,2}(?![\d,])|\d\.\d{3},\d", text))
    points = len(re.findall(r"\d\.\d{1,2}(?![\d.])|\d,\d{3}[.,](?=\d)", text))
    if commas != points:
        return commas > points
    return (language in _COMMA_LANGUAGES) if language else None


def _read(text: str, match: re.Match[str], comma: bool | None) -> list[Number]:
    start, end = match.span("digits")
    digits, prefix = match["digits"], (match["prefix"] or "").strip(" '’").upper()
    if match["ordinal"] or prefix in ("Q", "H"):
        return [
            Number(
                match.start(),
                match.end(),
                Kind.ORDINAL,
                ((int(re.sub(r"\D", "", digits)[:12] or 0), 0),),
                text=match[0],
            )
        ]
    if re.fullmatch(r"\d+(?:\.\d+){2,}", digits) and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        return [Number(start, end, Kind.IDENTIFIER, text=digits)]
    if _is_part_of_name(text, start, end):
        return []
    before = (
        None if _SIGNS.isdisjoint(text[max(0, start - 3) : start]) else _BEFORE.search(text, max(0, start - 8), start)
    )
    unit = _UNIT.match(text, end)
    after = _AFTER.match(text, end) if unit and unit[1].lower() in _UNITS else None
    if prefix in ("FY", "CY") or (len(digits) == 4 and digits.isdigit() and 1900 <= int(digits) <= 2100):
        year = _year(digits)
        if year and not (after or (before and before["currency"])):
            return _years(text, match, start, end, year)
    return [_amount(text, match, before, after, comma)]


def _is_part_of_name(text: str, start: int, end: int) -> bool:
    """A320, 10-K, 777X, COVID-19: names, which are compared as words."""
    if start >= 2 and text[start - 1] == "-" and text[start - 2].isalpha():
        return not text[start:end].isdigit() or end - start < 4
    tail = text[end : end + 2]
    if tail[:1].isupper() and not (tail[0] in "KMB" and not tail[1:].isalnum()):
        return True
    return len(tail) == 2 and tail[0] == "-" and tail[1].isupper()


def _year(digits: str) -> int:
    if not digits.isdigit():
        return 0
    year = int(digits)
    return year + 2000 if len(digits) == 2 else year if 1900 <= year <= 2100 else 0


def _years(text: str, match: re.Match[str], start: int, end: int, year: int) -> list[Number]:
    found = [Number(match.start(), end, Kind.YEAR, ((year, 0),), text=text[start:end])]
    season = _SEASON.match(text, end)
    if season and int(season[1]) == (year + 1) % 100:
        found.append(Number(*season.span(1), Kind.YEAR, ((year + 1, 0),), text=season[1]))
    return found


def _amount(
    text: str, match: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None, comma: bool | None
) -> Number:
    start, end = match.span("digits")
    currency = _currency(match, before, after)
    scale = (after["scale"] or "").rstrip(".") if after else ""
    if after and scale in ("m", "b") and not currency:
        after, scale = None, ""  # 100 m is a length
    readings = _readings(match["digits"], comma)
    if after and after["basis"]:
        readings = tuple((mantissa, exponent - 2) for mantissa, exponent in readings)
    negative = before is not None and _is_negative(before, closed=text[end : end + 1] == ")")
    left = start
    if before and before[0].strip():
        left = before.start() if negative or not before["open"] else before.start() + len(before["open"])
    return Number(
        min(left, match.start()),
        after.end() if after else end,
        Kind.PERCENT if after and after["percent"] else Kind.AMOUNT,
        readings,
        _SCALES.get(scale.lower()) or {"k": 3, "m": 6, "b": 9}.get(scale.lower(), 0),
        negative,
        currency,
        match["digits"],
    )


def _currency(match: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None) -> str:
    signs = (
        before["currency"] if before else "",
        (match["prefix"] or "").strip(" '’"),
        (after["currency2"] or after["currency"]) if after else "",
    )
    return CURRENCY_SIGNS.get(next(filter(None, signs), "").lower(), "")


def _is_negative(before: re.Match[str], *, closed: bool) -> bool:
    return bool(
        before["minus"] or (before["inner"] and (closed or "(" not in before["inner"])) or (before["open"] and closed)
    )


def _readings(digits: str, comma: bool | None) -> tuple[tuple[int, int], ...]:
    """Return the values that the digits may stand for, the likeliest first."""
    digits = digits[:40]
    if not any(mark in digits for mark in ",."):
        return ((int(re.sub(r"\D", "", digits)), 0),)
    last = max(digits.rfind(","), digits.rfind("."))
    mark, fraction = digits[last], digits[last + 1 :]
    whole = int(re.sub(r"\D", "", digits[:last]) or 0)
    as_fraction = (int(f"{whole}{fraction}"), -len(fraction))
    as_whole = (int(f"{whole}{fraction}"), 0)
    if digits.count(mark) > 1:
        return (as_whole,)
    if any(other in digits[:last] for other in ",.'’\u00a0\u202f\u2009".replace(mark, "")):
        return (as_fraction,)
    if len(fraction) != 3 or last > 3 or digits[0] == "0" or last == 0:
        return (as_fraction,)
    if comma is None:
        return (as_whole, as_fraction) if mark == "," else (as_fraction, as_whole)
    return (as_fraction,) if (mark == ",") == comma else (as_whole,)


def _spelled(
    text: str, taken: Sequence[tuple[int, int]], spelled: Iterable[tuple[int, int, str]], values: dict[str, int]
) -> list[Number]:
    """Number words. `one` and `first` count nothing more often than something, and are left alone."""
    found: list[Number] = []
    for start, end, word in spelled:
        position = bisect_right(taken, (start, len(text))) - 1
        if position >= 0 and taken[position][1] > start:
            continue
        if word in _ORDINALS:
            found.append(Number(start, end, Kind.ORDINAL, ((_ORDINALS[word], 0),), text=text[start:end], spelled=True))
        else:
            _append_spelled(text, found, (start, end, word), values)
    found = [_as_percent(text, number) for number in found]
    return [number for number in found if number.readings[0][0] > 1 or number.kind is Kind.PERCENT]


_PERCENT_WORD = re.compile(
    r"[\s-]+(?:percent|per cent|prozent|pour ?cent|por ciento|per cento|procent)\b", re.IGNORECASE
)


def _as_percent(text: str, number: Number) -> Number:
    match = _PERCENT_WORD.match(text, number.end) if number.kind is Kind.AMOUNT else None
    return (
        replace(number, kind=Kind.PERCENT, end=match.end(), text=text[number.start : match.end()]) if match else number
    )


def _append_spelled(text: str, found: list[Number], word: tuple[int, int, str], values: dict[str, int]) -> None:
    """Continue the number word before this one (twenty-five, two hundred), or begin a new one."""
    start, end, folded = word
    last = found[-1] if found else None
    if last and last.kind is Kind.AMOUNT and _JOINT.fullmatch(text, last.end, start):
        before, factor = last.readings[0][0], _MULTIPLIERS.get(folded)
        if factor or (values.get(folded, 0) < 10 <= before and before % 10 == 0) or before % 100 == 0:
            value = before * factor if factor else before + values[folded]
            found[-1] = replace(last, end=end, readings=((value, 0),), text=text[last.start : end])
            return
    if folded in values:
        found.append(Number(start, end, Kind.AMOUNT, ((values[folded], 0),), text=text[start:end], spelled=True))


def _share_units(text: str, found: Sequence[Number]) -> tuple[Number, ...]:
    """In `5 to 10 %` and `$2 or 3 million` the first number has the unit of the second."""
    shared = list(found)
    for i in range(len(shared) - 2, -1, -1):
        this, after = shared[i], shared[i + 1]
        is_bare = this.kind is Kind.AMOUNT and not this.scale
        has_unit = after.kind is Kind.PERCENT or (after.kind is Kind.AMOUNT and after.scale)
        if is_bare and has_unit and _is_range(text, this, after):
            shared[i] = replace(this, kind=after.kind, scale=after.scale)
    return tuple(shared)


def _is_range(text: str, this: Number, after: Number) -> bool:
    joint = _RANGE.fullmatch(text, this.end, after.start)
    return joint is not None and (not joint["and"] or bool(_BETWEEN.search(text, max(0, this.start - 10), this.start)))


_RANGE = re.compile(r"\s?(?:-|–|—|to|or|bis|à|a|(?P<and>and|und|et|y))\s?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|zwischen|entre|tra)\s$", re.IGNORECASE)
