"""A question as the extractive model reads it: what is asked, apart from definitions, instructions and role play."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from bot.verification.languages import fold, listed
from bot.verification.numbers import numbers
from bot.verification.sentences import sentences
from bot.verification.words import Word, words


class Wanted(enum.StrEnum):
    """What kind of thing answers the question."""

    AMOUNT = "amount"
    TIME = "time"
    PERSON = "person"
    REASON = "reason"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for."""

    text: str
    """The question without definitions, instructions and role play."""
    stems: tuple[str, ...]
    """Stems of what is asked, in order."""
    items: tuple[tuple[str, ...], ...]
    """Stems of the quantities that a definition in the question is made of, one tuple each."""
    years: frozenset[int]
    wanted: Wanted


_INSTRUCTION = re.compile(
    r"(?:please\s+|kindly\s+)?(?:round|answer|give|base|use|utili[sz]e|provide|respond|address|assume|express|state|write"
    r"|explain your|calculate|we (?:need|want)|you are|imagine|help us|here(?:['’]s| is) the question"
    r"|if .{0,80}\b(?:not|isn['’]t)\b.{0,40}\b(?:metric|measure|relevant|useful|available)|if (?:you|the answer)|think"
    r"|show your)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"\b(?:is|are|be|here is) (?:defined|calculated|computed) as\b|^\W*defin(?:e|ed|ing)\b|\bdefined as\b"
    r"|\bcalculated (?:as|by)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^[^,?]{0,160}\b(?:bas(?:ing|ed)|judg(?:e)?ments?|according|conclusions|agreement|utili[sz]ing|using|assuming"
    r"|reference)\b[^,?]{0,160},\s*(?=(?:what|which|who|when|where|how|is|are|was|were|did|does|do|has|have)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\(?\b(?:in (?:units of |usd |us dollars|eur )|rounded? to|as a %|please (?:round|answer)"
    r"|by (?:using|basing|utili[sz]ing|relying|primarily)|basing)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_QUESTION_WORDS = frozenset(
    fold(word)
    for word in listed(
        "what which who whom whose when where why how many much long often old far do does did is are was were be can"
        " could should would will may might must have has had there any some please tell me explain describe list find"
        " show give name want need know like exactly happens happen say says said mean means apply"
        " applies thing things kind type much year years between difference differences differ compare compared"
        " comparison versus vs"
        " wie was wer wen wem wessen wann wo wohin woher wozu wofür womit warum wieso weshalb wieviel viele viel welche"
        " welcher welches welchen welchem gibt combien quel quelle quels quelles quand où comment pourquoi quoi lequel"
        " laquelle cuánto cuánta cuántos cuántas cuál cuáles quién quiénes cuándo dónde cómo qué quanto quanta quanti"
        " quante quale quali chi quando dove come perché cosa quantos quantas qual quais quem onde como wanneer waar"
        " waarom hoe hoeveel welk welke wie wat"
    )
)
_AMOUNT = re.compile(
    r"\bhow (?:much|many|long|high|far|often|large|big|old|heavy|fast|hot|loud|wide|tall|quickly|soon|deep|late)\b"
    r"|\b(?:amount|total|ratio|rate|margin|percent\w*|cost|price|fee|limit|number of|revenue|income|profit|salary"
    r"|budget|size|weight|length|height|temperature|maximum|minimum|average|deadline|premium|allowance|period|duration|dividends?"
    r"|capex|ebitda?|assets|liabilit\w+|cash)\b|%|\bwie ?viele?\b|\bcombien\b|\bcuánt[oa]s?\b|\bquant[oiae]\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:when|what (?:date|time|day|year)|which (?:date|day|year)|wann|quand|cuándo|quando|deadline|until|since)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:who|whom|whose|wer|wen|wem|qui|quién|chi|quem|wie is)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:why|what drove|what caused|reasons?|because|warum|pourquoi|por qué|perché)\b", re.IGNORECASE
)
_PARTS = re.compile(
    r"[/()+×*:=]|\s[-–−]\s|\b(?:divided by|minus|plus|less|times|and|between|average|multiplied by|change in|over)\b",
    re.IGNORECASE,
)
_YEAR_END = re.compile(r"\byear[- ]?end\b|\bend of (?:the )?(?:fiscal )?(?:year\b|(?=FY|(?:19|20)\d\d))", re.IGNORECASE)
_YEAR_WORDS = re.compile(r"\b(?:FY|fiscal year|fiscal|year)\s?['’]?(?:\d{4}|\d\d)?\b|\b(?:19|20)\d\d\b", re.IGNORECASE)


def asked(question: str) -> Asked:
    """Read a question."""
    core: list[str] = []
    items: list[tuple[str, ...]] = []
    for sentence in _sentences(question):
        definition = _DEFINITION.search(sentence)
        if definition:
            items += _items(sentence[definition.end() :])
        before = sentence[: definition.start()] if definition else sentence
        if "?" in before or not (definition or _INSTRUCTION.match(before)):
            core.append(_TAIL.sub("", _LEAD_IN.sub("", before)))
    text = _YEAR_END.sub(" ", " ".join(core)).strip() or question
    return Asked(
        text,
        _stems(text),
        tuple(dict.fromkeys(item for item in items if item)),
        frozenset(number.year for number in numbers(question) if number.year),
        _wanted(text),
    )


def as_statement(question: str, answer: str) -> str:
    """Return what a bare answer says: `28` to `How many days of leave do I get?` is `days of leave is 28`."""
    return f"{' '.join(_NOT_STATED.sub(' ', question.lower()).split())} is {answer}"


_NOT_STATED = re.compile(
    r"[?？¿!]|\b(?:what(?:['’]s)?|which|who|whom|whose|when|where|why|how|many|much|long|often|far|please|tell|me|do|does|did|i"
    r"|we|you|my|our|your|is|are|was|were|wie|was|wer|wann|wo|warum|viele?|welche[rsn]?|ist|sind|beträgt|combien|quel(?:le)?s?"
    r"|est|sont|cuánt[oa]s?|cuál(?:es)?|quién|cuándo|dónde)\b",
    re.IGNORECASE,
)


MOST_PARTS = 3
_AND = re.compile(
    r"(?:\?\s+(?:and\s+)?|,?\s+and\s+)"
    r"(?=(?:how|what|which|who|whose|when|where|why|is|are|was|were|does|did|do|can|may)\b)",
    re.IGNORECASE,
)


def parts(question: str) -> tuple[str, ...]:
    """Divide `How loud is it, and what does it cost?`; a question with a definition or instructions stays whole."""
    found = [part for part in _AND.split(question) if _stems(part)]
    is_plain = not (_DEFINITION.search(question) or any(map(_INSTRUCTION.match, found)) or len(question) > 300)
    return tuple(found) if is_plain and 1 < len(found) <= MOST_PARTS else (question,)


def _sentences(question: str) -> list[str]:
    begin = re.search(
        r"here(?:['’]s| is) the question:\s*|(?:answer|following) (?:the following )?question:\s*",
        question,
        re.IGNORECASE,
    )
    text = question[begin.end() :] if begin else question
    return [text[start:end] for start, end in sentences(text)]


def content(text: str) -> list[Word]:
    """Return the words of a question that say what it is about."""
    return [word for word in words(text) if word.stem and fold(word.text) not in _QUESTION_WORDS]


def _stems(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.stem for word in content(text)))


def _items(definition: str) -> list[tuple[str, ...]]:
    return [_stems(_YEAR_WORDS.sub(" ", part)) for part in _PARTS.split(definition) if re.search(r"[^\W\d_]{3}", part)]


def _wanted(text: str) -> Wanted:
    if _REASON.search(text):
        return Wanted.REASON
    if _PERSON.search(text):
        return Wanted.PERSON
    if _TIME.search(text):
        return Wanted.TIME
    return Wanted.AMOUNT if _AMOUNT.search(text) else Wanted.ANYTHING
