"""A sentence of the draft as something to be shown: its words, numbers and names, and each number's clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.verification.languages import STOP_WORDS, fold, listed
from bot.verification.measures import unit_stem
from bot.verification.numbers import Number, decimal_comma, numbers
from bot.verification.words import Word, words

_CLAUSE = re.compile(
    r"[;,:()–—](?=\s|$)|\s[(–—-](?=\S)|\s(?:and|while|whereas|but|versus|vs\.?|compared (?:to|with)|than|out of|und"
    r"|während|aber|et|mais|y|pero)\s",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s\([^\d()]{0,25}\)")
"""`spent 5 (in thousands) on equipment` is one clause."""
_APPROXIMATE = re.compile(
    r"(?P<about>about|approximately|approx\.?|around|roughly|nearly|almost|some|circa|ca\.?|~|≈|etwa|rund|ungefähr|environ|unos|aproximadamente|circa)"
    r"|(?P<above>over|(?<!no )(?<!not )more than|above|just over|exceed(?:ing|ed|s)?|mehr als|über|plus de|más de)"
    r"|(?P<below>under|(?<!no )(?<!not )(?:less|fewer) than|below|just under|weniger als|unter|moins de|menos de)",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(rf"(?:{_APPROXIMATE.pattern})\s*(?:the\s|a\s)?[$€£¥]?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:\*\*[^*]+\*\*|__[^_]+__|[^:.!?]{1,60}:)")
_QUOTATION = re.compile(
    r"“(?P<curved>[^“”]{15,})”|„(?P<low>[^„“”]{15,})[“”]|«(?P<angle>[^«»]{15,})»|\"(?P<plain>[^\"]{15,})\""
)
_GENERIC_NAMES = frozenset(
    listed(
        "company board management committee policy section table note notes group team department fiscal year"
        " quarter annual chapter article appendix employees employee staff figure item part january february"
        " march april may june july august september october november december monday tuesday wednesday"
        " thursday friday saturday sunday usd eur gbp chf yes no english german french spanish item i a the in"
        " it mr mrs ms dr cagr ebit ebitda roa roe roi eps fcf capex opex dio dso dpo ccc nwc yoy"
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence states."""

    text: str
    words: tuple[Word, ...]
    """With content, in order; words inside numbers (million, percent, March) left out."""
    stems: frozenset[str]
    bounds: tuple[int, ...]
    """Where clauses end."""
    numbers: tuple[Number, ...]
    names: tuple[str, ...]
    """Folded words that can only be names: each must be on the page."""
    full_names: tuple[str, ...]
    """Those that stand beside another: all that can be told where nouns have capitals, or names are translated."""
    language: str
    quotations: tuple[tuple[int, int], ...] = ()
    """Ranges of the text that are said to be somebody's own words."""
    context: frozenset[str] = frozenset()
    """Stems of the heading or of the line that introduces a list: the claim is about these too."""
    scale: int = 0
    """What a table or list says of all its numbers: in millions."""
    operands: frozenset[int] = frozenset()
    """Where numbers of a formula stand: its labels may be anywhere in the sentence."""
    loose: dict[int, str] = field(default_factory=dict)
    """Index of a number → about, above or below: how it may differ from the page."""

    def clause(self, number: Number) -> frozenset[str]:
        """The stems of the clause that a number stands in."""
        low, high = self._clause_range(number)
        said = frozenset(word.stem for word in self.words if low <= word.start < high)
        said -= {unit_stem(self.text, number)}
        # `Expenses rose, from 5 to 6, …` says before the comma of what.
        before = max((bound for bound in self.bounds if bound < low), default=0)
        return said or frozenset(word.stem for word in self.words if before <= word.start < low)

    def numbers_beside(self, number: Number) -> tuple[Number, ...]:
        """The numbers of the same clause; all, where it has no words: a formula names its lines first."""
        low, high = self._clause_range(number)
        if not any(low <= word.start < high for word in self.words):
            return self.numbers
        return tuple(other for other in self.numbers if low <= other.start < high)

    def _clause_range(self, number: Number) -> tuple[int, int]:
        low = max((bound for bound in self.bounds if bound < number.start), default=0)
        return low, min((bound for bound in self.bounds if bound >= number.end), default=len(self.text))

    @property
    def states_something(self) -> bool:
        return bool(self.numbers) or len({word.stem for word in self.words}) >= 2


def read(
    text: str,
    language: str,
    *,
    context: frozenset[str] = frozenset(),
    subject: frozenset[str] = frozenset(),
    scale: int = 0,
    title_case: bool = False,
) -> Claim:
    """Read a sentence without its markers; `subject` is what the sentence before is about, where it goes on."""
    plain = _plain(text)
    comma = decimal_comma(plain, language)
    found = numbers(plain, language, decimal_comma=comma if language == "en" or comma else None)
    content = tuple(
        word for word in words(plain) if word.stem and not any(n.start <= word.start < n.end for n in found)
    )
    return Claim(
        plain,
        content,
        frozenset(word.stem for word in content) | subject,
        tuple(match.start() for match in _CLAUSE.finditer(_REMARK.sub(lambda found: " " * len(found[0]), plain))),
        found,
        *(((), ()) if title_case else _names(plain, content)),
        language,
        tuple(match.span(match.lastgroup or 0) for match in _QUOTATION.finditer(plain)),
        context,
        scale,
        loose={i: _looseness(plain, number) for i, number in enumerate(found) if _looseness(plain, number)},
    )


_LATEX = (
    (re.compile(r"\\(?:text|mathrm|textbf|operatorname)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}"), r"(\1) / (\2)"),
    (re.compile(r"\\times|\\cdot"), "×"),
    (re.compile(r"\\approx"), "≈"),
    (re.compile(r"\\[%$&#_,;! ]|\\\\"), lambda match: match[0][1] if match[0][1] in "%$&#_" else " "),
    (re.compile(r"\\[()\[\]]"), " "),
    (re.compile(r"\{,\}"), ","),
)


def _plain(text: str) -> str:
    """Drop emphasis, code marks and formula syntax."""
    if "\\" in text:
        for pattern, new in _LATEX:
            text = pattern.sub(new, text)
        text = re.sub(r"\\([*_`~\[\]()#>|+.!-])", r"\1", text)
    return re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", text)


def _looseness(text: str, number: Number) -> str:
    match = _BEFORE_NUMBER.search(text, max(0, number.start - 24), number.start)
    return (match.lastgroup or "") if match else ""


def _names(text: str, content: Sequence[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that only names have capitals for, and those of them that stand beside another one.

    The first word of a sentence or of what follows a label has its capital for another reason. Where most words have
    one, capitals tell nothing.
    """
    label = _LABEL.match(text)
    begin = label.end() if label else 0
    capitals = sum(map(str.isupper, re.findall(r"(?<![^\W_])[^\W\d_]", text[begin:])))
    if capitals > 0.6 * max(4, len(text[begin:].split())):
        return (), ()
    lower = {fold(word.text) for word in content if not word.text[0].isupper()}
    names = dict.fromkeys(match[0].lower() for match in _ADDRESS.finditer(text))
    full = dict(names)
    for word in content:
        if _CODE.fullmatch(word.text):
            full[fold(word.text)] = names[fold(word.text)] = None  # one code is not another, wherever it stands
        elif word.text[0].isupper() and word.start > begin:
            name = fold(word.text).removesuffix("'s")
            before = text[max(0, word.start - 40) : word.start]
            if name not in lower and name not in _GENERIC_NAMES and not _STARTS.search(before):
                names[name] = None
                if not _COUNTED.search(before) and _is_beside_capital(before, text[word.end : word.end + 2]):
                    full[name] = None
    return tuple(names), tuple(full)


_STARTS = re.compile(r"(?:[.!?:]\s*|^\s*)[\"“„'(]*$")
_CODE = re.compile(r"[A-Z]{1,4}-?\d{2,5}[A-Za-z]?|[a-z]{1,3}\d{2,5}")
"""An error, a form, a model: `E02`."""
_COUNTED = re.compile(r"[\d%]\s(?:[A-ZÄÖÜ][^\W_]*\s)?$")
"""`25 Tage Urlaub`: two German nouns, not a name."""
_BESIDE_CAPITAL = re.compile(r"(?P<before>\b[A-ZÄÖÜÅØÉ][^\W_]*)\.?\s$")
_ARTICLES = frozenset({"Die", "War", "Hat"})
"""At the beginning of a German sentence; in English they are words with content."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _is_beside_capital(before: str, after: str) -> bool:
    match = _BESIDE_CAPITAL.search(before)
    if match and fold(match["before"]) not in STOP_WORDS and match["before"] not in _ARTICLES:
        return True
    return after[:1].isspace() and after[1:].isupper()
