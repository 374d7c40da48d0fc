"""Which questions lean on their thread, and how they are completed without a model. Pure; knows five languages.

A rule cannot know what "it" is. It puts the words of the earlier question beside those of the new one, so that both are
searched for, and replaces only what is plainly alike: a year, a quarter, a month, a code, a name behind a preposition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.question import Turn

_EARLIER_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class _Language:
    """The small words of one language."""

    telling: str
    """Words that tell the language."""
    leads: str
    """What a fragment may open with, as alternatives of a regular expression: "and", "what about"."""
    clause: str
    """Words without which there is hardly a whole question: question words, auxiliaries, requests."""
    pronouns: str
    small: str
    """Prepositions and articles."""
    more: str
    """Whole questions that say nothing by themselves."""
    grammar: str
    """Pronouns that refer to nothing: "is it allowed to", "is there"."""


_ENGLISH = _Language(
    telling="the of to in is are for and what how does do who when which on with about there it",
    leads=r"and|or|but|so|also|then|ok|okay|only|just|even|what about|how about|what if it is",
    clause=(
        "who whom whose what when where which why how is are am was were do does did can could should shall will would "
        "may must has have had list name show tell give explain describe summarise summarize compare find need get gets"
    ),
    pronouns=(
        "it its they them their theirs he she his him these those this that there thereof such same former latter one "
        "ones both neither either other others then"
    ),
    small="in for of at on to the a an by from with during as about per year fiscal fy quarter month our my",
    more="|".join(
        (
            r"why|why not|why so|how so|how come|how (?:many|much|long|often|far)(?: \w+ly)?|since when|until when",
            r"says who|for example|more|more details?|tell me more|go on|and then|explain(?: more| further)?",
            r"can you (?:elaborate|explain)|elaborate|in short|shorter|anything else|(?:what|who) else|really",
            r"in (?:english|german|french|spanish|italian)(?: please)?|are you sure|is that (?:all|right|true)",
        )
    ),
    grammar="|".join(
        (
            r"\b(?:is|was|would|will|be|does|do) it (?:be )?(?:\w+ly )?(?:allowed|possible|ok|okay|permitted|necessary"
            r"|required|mandatory|compulsory|true|legal|safe|better|worth|important|common|mean|take|cost)"
            r"(?= (?:to|for|that|if|when)\b)",
            r"\b(?:is|are|was|were|will|would|can|could|should) there\b|\bthere (?:is|are|was|were|will)\b",
            r"\b(?!(?:is|was|does|did|do|can|will|would|has|of|for|about|like|by|with|from|after|before|than|to)\b)"
            r"\w+ that\b(?!\W*$)",
            r"\b(?:this|these|those|the same) (?:year|month|week|quarter|day|time)s?\b|\bthe \w+ (?:they|he|she|it) ",
            r"\bone of\b|\bone (?:day|week|month|year|hour|person|employee)\b|\bother than\b",
            r"\b(?:any|all|some|the|of|and|or|between|from|in) others? \w{3,}",
            r"\bsuch as\b|\beach other\b|\bboth \w+ and\b|\beither \w+ or\b|\bneither \w+ nor\b",
        )
    ),
)
_GERMAN = _Language(
    telling="der die das und ist in wie was für den mit von bei ein eine gibt wird werden auf zu nicht sie wann wer",
    leads=r"und|oder|aber|also|dann|ok|nur|was ist mit|wie (?:sieht es|ist es|ist das|steht es) (?:bei|mit|für)",
    clause=(
        "wer wen wem was wann wo wie welche welcher welches welchen warum wieso wofür ist sind war waren kann können "
        "darf dürfen muss müssen soll hat haben gibt gilt gelten bekommt bekommen bekomme erhält erhalten wird werden "
        "zeige nenne erkläre liste brauche"
    ),
    pronouns=(
        "er sie es ihn ihm ihr ihre ihrer ihren deren dessen diese dieser dieses diesen dies dort dafür davon darin "
        "damit dazu daran das"
    ),
    small="in im für von am bei mit seit zum zur den der das dem die ab nach pro jahr quartal monat",
    more=r"warum|wieso|warum nicht|seit wann|mehr|mehr dazu|und dann|zum beispiel|wirklich|auf deutsch|kürzer|was noch",
    grammar=(
        r"\b(?:gibt|dauert|kostet|heißt) es\b|\bes gibt\b|\bist es (?:erlaubt|möglich|nötig|zulässig|verboten)\b"
        r"|\bdas (?!auch\b|noch\b|immer\b|denn\b|eigentlich\b)(?=\w{4,})|\bdies\w+ jahr\b"
        r"|\bkönnen sie\b|\bwissen sie\b|\bdie sie\b"
    ),
)
_FRENCH = _Language(
    telling="le la les de des du est et pour un une que quel quelle en dans sont qui il à au combien",
    leads=r"et|mais|ou|alors|qu['’]en est-il (?:de la|de l['’]|des|du|de|pour)",
    clause="qui que quoi quand où comment combien pourquoi quel quelle quels quelles est sont peut doit faut a ont",
    pronouns="il elle ils elles cela ça celui celle ceux celles leur leurs y ceci",
    small="en pour de du des la le les au aux dans par un une année",
    more=r"pourquoi|depuis quand|par exemple|plus de détails|et ensuite|vraiment",
    grammar=r"\bil y a\b|\by a-t-il\b|\bil faut\b|\best-il (?:possible|permis|nécessaire|obligatoire)\b",
)
_SPANISH = _Language(
    telling="el la los las de del es y en para un una que qué cuál por con son cómo cuántos cuántas hay",
    leads=r"y|pero|o|entonces|(?:y )?(?:qué|que) (?:hay|pasa) (?:de|con|en)",
    clause=(
        "quién quien qué cuándo cuando dónde donde cómo como cuánto cuántos cuántas cuál cuáles es son puede pueden "
        "debe hay tiene tienen"
    ),
    pronouns="eso esto ellos ellas esos esas él ella ello",
    small="en para de del la el los las al por un una año",
    more=r"por qué|desde cuándo|por ejemplo|más|más detalles|de verdad",
    grammar=r"(?!)",
)
_ITALIAN = _Language(
    telling="il lo gli di del della è e per un una che quale con sono come quanti quante nel",
    leads=r"e|ma|o|allora|e per|che ne è (?:di|del|della)",
    clause="chi cosa che quando dove come quanto quanti quante perché quale quali è sono può possono deve ha hanno",
    pronouns="esso essa essi questo questi quello quelli loro lui lei ciò",
    small="in per di del della dei la il lo le gli i nel nella un una anno",
    more=r"perché|da quando|per esempio|di più|davvero",
    grammar=r"(?!)",
)
_LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN)

_THANKS = re.compile(
    r"^\W*(?:(?:thanks?(?: you)?|ok|okay|danke|merci|gracias|grazie)(?: \w+){0,2}|thx|ty|great|perfect|cool|nice)\W*$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"[,;:]|\b(?:and|or|if|when|while|after|before|because|but|than|und|oder|wenn|falls|bevor|nachdem|et|si|quand|y|e)\b"
)
_INSIDE = re.compile(
    r"\b(?:the|a|an|my|our|your|each|every|any|der|die|das|den|ein|eine|mein\w*|jede\w*|le|la|les|un|une|el|los|il)"
    r"\s+\w{3,}|\b[a-z]{5,}s\b|\b[A-ZÄÖÜ]\w{3,}",
)
_POSSESSIVE = frozenset(("its", "their", "theirs", "his", "her", "ihr", "ihre", "ihrer", "ihren", "leur", "leurs"))
_ALIKE = (
    re.compile(r"\b(?:19|20)\d\d\b"),
    re.compile(r"\bQ[1-4]\b", re.IGNORECASE),
    re.compile(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
        r"|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b"
    ),
    re.compile(r"\b(?!Q[1-4]\b)[A-Z]{1,5}-?\d{1,5}[A-Za-z]?\b", re.IGNORECASE),
)
"""Kinds of words that take each other's place in a question: years, quarters, months, codes such as AJ300."""
_ALONG = frozenset(["after", "before", "next", "following", "previous", "prior", "earlier", "later"])
"""Words that say no more than the time they stand with."""
_NAMED = re.compile(r"(?P<small>[a-zà-ÿ]+)\s+(?:(?:the|le|la|les|el|los|las|il|gli)\s+)?(?P<name>[A-ZÀ-Þ][\w&.'’-]*)")
"""A name behind a preposition: `in the Americas`."""


def leans_on_thread(text: str) -> bool:
    """Tell whether a question in a thread is incomplete without what was said before."""
    text = text.strip()
    if _THANKS.match(text):
        return False
    language = _language_of(text)
    return _is_more(text, language) or _is_fragment(text, language) or _refers_back(text, language)


def is_incomplete(text: str) -> bool:
    """Tell whether a text is no whole question, whatever came before: "and in 2019?", "why?"."""
    language = _language_of(text.strip())
    return _is_more(text, language) or _is_fragment(text.strip(), language)


def content_of(text: str) -> frozenset[str]:
    """Return the beginnings of the words that carry a question's own content."""
    language = _language_of(text)
    empty = {*language.clause.split(), *language.pronouns.split(), *language.telling.split(), *_small_words()}
    words = (word.casefold() for word in _words(text[_lead(text, language) :]))
    return frozenset(word[:4] for word in words if len(word) > 3 and word not in empty)


def by_rule(text: str, turns: Sequence[Turn]) -> str:
    """Return the question completed from the questions before it, each of which may lean on the one before that."""
    previous = ""
    for asked in (*(turn.question for turn in turns), text):
        current = asked.strip()
        previous = _completed(current, previous) if previous and leans_on_thread(current) else current
    return previous


def _completed(text: str, previous: str) -> str:
    earlier = " ".join(previous.split())[:_EARLIER_CHARACTERS].rstrip(" ?.!")
    language = _language_of(text)
    if _is_more(text, language) or not _is_fragment(text, language):
        return f"{text} ({earlier})"
    rest = text[_lead(text, language) :].strip(" ?.!¿¡")
    replaced, left = earlier, rest
    for kind in _ALIKE:
        old, new = kind.findall(earlier), kind.findall(rest)
        if len(set(old)) == 1 and len(new) == 1:
            replaced, left = kind.sub(new[0], replaced), kind.sub(" ", left)
    if left != rest:
        empty = _small_words() | _ALONG | set(language.pronouns.split())
        others = [word for word in _words(left) if word.casefold() not in empty]
        return f"{replaced}, {rest}?" if others else f"{replaced}?"
    return _with_other_name(rest, earlier) or f"{earlier}, {rest}?"


def _with_other_name(rest: str, earlier: str) -> str:
    """Put a name into the place of the one that stood behind the same preposition; empty where that is not plain."""
    new = _NAMED.fullmatch(rest)
    if new is None or new["small"] not in _small_words() or _language_of(earlier) is _GERMAN:
        return ""
    old = [named for named in _NAMED.finditer(earlier) if named["small"] == new["small"]]
    if len(old) != 1:
        return ""
    return f"{earlier[: old[0].start('name')]}{new['name']}{earlier[old[0].end('name') :]}?"


def _is_more(text: str, language: _Language) -> bool:
    return any(re.match(rf"^\W*(?:{one.more})\W*$", text, re.IGNORECASE) for one in {language, _ENGLISH})


def _is_fragment(text: str, language: _Language) -> bool:
    """Tell whether a text is too little for a question: no verb, and few words or a lead like "what about"."""
    lead = _lead(text, language)
    rest = text[lead:]
    words = _words(rest)
    if lead and re.match(r"(?:if|when|wenn|falls|si|se)\b[^,]*$", rest, re.IGNORECASE):
        return True
    if not words or any(word.casefold() in set(language.clause.split()) for word in words):
        return False
    if len(words) == 1 and len(words[0]) > 8 and not words[0].isascii() and not lead:
        return False  # a script without spaces: this is a sentence
    starts_small = words[0].casefold() in _small_words()
    return len(words) <= (8 if lead or starts_small else 2)


def _refers_back(text: str, language: _Language) -> bool:
    """Tell whether a pronoun has nothing to refer to inside the question itself."""
    bare = re.sub(language.grammar, lambda found: "." * len(found[0]), text, flags=re.IGNORECASE)
    for found in re.finditer(rf"\b(?:{'|'.join(language.pronouns.split())})\b", bare, re.IGNORECASE):
        if found[0] != "IT" and not _has_antecedent(bare[: found.start()], found[0].casefold()):
            return True
    return False


def _has_antecedent(before: str, pronoun: str) -> bool:
    """Look for a noun: anywhere before a possessive ("employees … their"), else before the last clause begins."""
    if pronoun not in _POSSESSIVE:
        ends = [match.start() for match in _BOUNDARY.finditer(before)]
        before = before[: ends[-1]] if ends else ""
    without_first = re.sub(r"^\W*\w+", "", before)
    return bool(_INSIDE.search(without_first))


def _lead(text: str, language: _Language) -> int:
    """Return where the text goes on after "and", "what about" and the like; 0 where it has none."""
    found = re.match(rf"^[\s¿¡]*(?:(?:{language.leads})[\s,]+)+", text, re.IGNORECASE)
    return found.end() if found else 0


def _language_of(text: str) -> _Language:
    """Return the language with most of its small words in the text; English where none tells."""
    words = {word.casefold() for word in _words(text)}

    def known(language: _Language) -> int:
        return len(words & {*language.telling.split(), *language.clause.split(), *language.small.split()})

    leading = [language for language in _LANGUAGES if _lead(text, language)]
    return max(_LANGUAGES, key=lambda language: (known(language) + (language in leading), language is _ENGLISH))


def _small_words() -> frozenset[str]:
    return frozenset(word for language in _LANGUAGES for word in language.small.split())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_][\w'’&./-]*", text)
