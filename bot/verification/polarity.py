"""Whether a passage denies what a claim states, or says the opposite; data and pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.verification.languages import fold, listed
from bot.verification.words import Word, stem, words

_NEGATIONS = frozenset(
    fold(word)
    for word in listed(
        "not no never none neither nor cannot without nobody nothing impossible nicht kein keine keinen keinem keiner"
        " nie niemals ohne weder ne pas jamais sans aucun aucune sin nunca jamás ningún ninguna ninguno non"
        " mai senza nessun nessuno nessuna não nem sem nenhum nenhuma niet geen nooit zonder"
    )
)
_EXCEPTIONS = frozenset(listed("unless except only until if when sauf salvo außer ausser nur sofern wenn"))
"""Words that turn a denial into a condition: `not … unless` and `only if` say the same."""
_SUPPOSING = frozenset(listed("if wenn sofern"))

_UP = "increase rise rose risen grow grew grown improve gain climb higher growth expand raise hausse augmenté gestiegen"
_DOWN = (
    "decrease decline fall fell fallen drop shrink shrank reduce worsen deteriorate lower loss baisse diminué gesunken"
)
_PAIRS = (
    "profit loss|income loss|more less|more fewer|above below|maximum minimum|most least|allow prohibit|allow forbid"
    "|permit prohibit|permit forbid|allowed disallowed|allowed forbidden|permitted forbidden|mandatory optional"
    "|required optional|mandatory voluntary|include exclude|always never|accept reject|approve reject|approve deny"
    "|open closed|buy sell|assets liabilities|internal external|paid unpaid|limited unlimited|earlier later|early late"
    "|start end|begin end|inflow outflow|enable disable|encrypted unencrypted|authorised unauthorised"
    "|authorized unauthorized|taxable exempt|refundable nonrefundable|eligible ineligible|valid invalid"
    "|complete incomplete|active inactive|sufficient insufficient|fixed variable|domestic international|full part"
    "|win lose|won lost|strong weak|positive negative|upper lower|gross net|basic diluted|credit debit|monthly annual"
    "|annual quarterly|monthly quarterly|daily weekly|weekly monthly|monthly annually|daily monthly|hourly daily"
    "|hours days|days weeks|weeks months|months years|hours weeks|minutes hours|days months|days years|hours months"
    "|seconds minutes|working calendar|before after|prohibited exempt|agree disagree|connect disconnect"
    "|erlaubt verboten|zulässig unzulässig|gewinn verlust|aumentó disminuyó|permitido prohibido|autorisé interdit"
)

OPPOSITES: dict[str, frozenset[str]] = {}
for _pair in (*(f"{_up} {_down}" for _up in _UP.split() for _down in _DOWN.split()), *_PAIRS.split("|")):
    _one, _other = (stem(_part) for _part in _pair.split())
    if _one != _other:
        OPPOSITES[_one] = OPPOSITES.get(_one, frozenset()) | {_other}
        OPPOSITES[_other] = OPPOSITES.get(_other, frozenset()) | {_one}

_AUXILIARIES = frozenset(
    listed(
        "is are was were be been may must can cannot could do does did has have had will would shall should"
        " ist sind war waren wird werden wurde darf dürfen kann können muss müssen soll est sont peut doit es son puede"
    )
)
_BOUNDARY = re.compile(
    r"[;:,()–—.!?](?=\s|$)|\s(?:but|while|whereas|because|since|so|and|or|aber|sondern|weil|und|oder|mais|et|ou|pero|y|o)\s",
    re.IGNORECASE,
)
_SENTENCE = frozenset(".!?;")
_NO_DENIAL = re.compile(
    r"\b(?:no|not)\s+(?:more|less|fewer|later|earlier|longer|sooner)\s+than\b|\bnot only\b"
    r"|\bno\.\s?(?=\d)|\bnot exceed\w*",
    re.IGNORECASE,
)
"""Bounds, not denials."""
_COMPOUND = re.compile(r"\bnon-(?=\w)", re.IGNORECASE)
"""`Non-mandatory` denies nothing."""
_REPLY = re.compile(r"^\W*(?:no|nein|non|yes|ja|oui|sí|si|não|sim)\s*[,.:–—-]\s*", re.IGNORECASE)

Weigh = Callable[[Iterable[str]], float]


@dataclass(frozen=True, slots=True)
class _Clause:
    stems: frozenset[str]
    denials: int
    denied: frozenset[str]
    """The stems next to a denial: of a long clause it denies only those."""
    conditions: frozenset[str]

    @property
    def denies(self) -> bool:
        return self.denials % 2 == 1


def contradicts(claim: str, passages: Sequence[str], weigh: Weigh) -> bool:
    """Whether the clause of the passages that is most like a clause of the claim denies it, or is its opposite."""
    theirs = [clause for passage in passages for clause in _clauses(passage)]
    return any(_is_contradicted(mine, theirs, weigh) for mine in _clauses(_REPLY.sub("", claim)))


def has_auxiliary(text: str) -> bool:
    return any(fold(word.text) in _AUXILIARIES for word in words(text))


def _is_contradicted(mine: _Clause, theirs: Sequence[_Clause], weigh: Weigh) -> bool:
    needed = weigh(mine.stems)
    if not theirs or not needed:
        return False
    shares = [(weigh(mine.stems & clause.stems) / needed, clause) for clause in theirs]
    most = max(share for share, _ in shares)
    likest = [clause for share, clause in shares if share > most - 0.03]
    if most >= 0.4 and all(_denies_otherwise(mine, clause, weigh) for clause in likest):
        # `not … unless` and `only if` say the same; `only if` and `not only if` do not.
        return not any(mine.conditions and clause.conditions - mine.conditions for clause in likest)
    return _is_opposite(mine, likest if most >= 0.4 else (), theirs) or _is_tied_to_opposite(mine, theirs, weigh)


def _denies_otherwise(mine: _Clause, theirs: _Clause, weigh: Weigh) -> bool:
    """Whether one of two clauses denies what the other one states."""
    if mine.denies == theirs.denies or (mine.conditions & _SUPPOSING and not mine.denies):
        return False  # `if you do it` does not say that you may
    denied, stated = (mine.denied, theirs.stems) if mine.denies else (theirs.denied, mine.stems)
    if any(OPPOSITES.get(word, frozenset()) & stated for word in denied):
        return False  # what is not included is excluded
    return weigh(denied & stated) > _DENIED_SHARE * weigh(denied)


def _is_opposite(mine: _Clause, likest: Sequence[_Clause], theirs: Sequence[_Clause]) -> bool:
    """Whether the likest clauses have the opposite of a word that the claim has and the passages do not."""
    everywhere = frozenset[str]().union(*(clause.stems for clause in theirs))
    opposites = frozenset[str]().union(*(OPPOSITES.get(word, frozenset()) for word in mine.stems - everywhere))
    return bool(likest) and all(
        bool(opposites & clause.stems - mine.stems) and clause.denies == mine.denies for clause in likest
    )


def _is_tied_to_opposite(mine: _Clause, theirs: Sequence[_Clause], weigh: Weigh) -> bool:
    """Whether words of the claim stand only in clauses with the opposite: optional for the portal, not mandatory."""
    for word in mine.stems & OPPOSITES.keys():
        others = OPPOSITES[word]
        against = [clause.stems for clause in theirs if clause.stems & others and word not in clause.stems]
        agreeing = [clause.stems for clause in theirs if word in clause.stems]
        if not against or not agreeing or mine.stems & others:
            continue
        elsewhere = frozenset[str]().union(*(clause.stems for clause in theirs if clause.stems not in against))
        tied = mine.stems & frozenset[str]().union(*against) - elsewhere
        right = mine.stems & frozenset[str]().union(*agreeing) - frozenset[str]().union(*against) - {word}
        if weigh(tied) >= 0.3 * weigh(mine.stems) and weigh(tied) > 1.3 * weigh(right):
            return True
    return False


@lru_cache(maxsize=1024)
def _clauses(text: str) -> tuple[_Clause, ...]:
    """Divide a text into clauses, each with the words that it leaves unsaid.

    `… and are not covered` goes on about the subject before it; `groundwater, flooding or condensation` is one clause
    with what is said of them; `not with salt` denies what came before for the salt alone.
    """
    text = _NO_DENIAL.sub(" ", _COMPOUND.sub("non", text))
    found: list[_Clause] = []
    subject: frozenset[str] = frozenset()
    position, is_first = 0, True
    for end in (*(match.start() for match in _BOUNDARY.finditer(text)), len(text)):
        inside = list(words(text, position, end))
        ends_sentence = text[end : end + 1] in _SENTENCE
        position = end
        if inside:
            clause, has_verb, own_subject = _read_clause(inside)
            starts = (
                fold(inside[0].text) if len(inside) < 2 or fold(inside[0].text) not in _JOINTS else fold(inside[1].text)
            )
            if is_first or (has_verb and starts not in _AUXILIARIES and not _is_denial(starts)):
                found.append(clause)
                subject = own_subject
            elif starts in _AUXILIARIES or _is_denial(starts):
                found.append(replace(clause, stems=clause.stems | subject))
            elif len(clause.stems) <= 2 and found and not clause.denies:
                found[-1] = replace(found[-1], stems=found[-1].stems | clause.stems)
            else:
                found.append(clause)
            is_first = False
        if ends_sentence:
            is_first = True
    return tuple(clause for clause in found if clause.stems)


_JOINTS = frozenset(listed("and or but while whereas because since so und oder aber sondern weil et ou mais y o pero"))


def _is_denial(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _read_clause(inside: Sequence[Word]) -> tuple[_Clause, bool, frozenset[str]]:
    """Return a clause, whether it has an auxiliary, and the stems of its subject: those before the auxiliary."""
    folded = [fold(word.text) for word in inside]
    denials = sum(map(_is_denial, folded)) - ("ne" in folded and "pas" in folded)
    stems = [word.stem for word, plain in zip(inside, folded, strict=True) if word.stem and plain not in _NEGATIONS]
    verb = next((i for i, plain in enumerate(folded) if plain in _AUXILIARIES), None)
    before = (
        [word.stem for word in inside[:verb] if word.stem and fold(word.text) not in _NEGATIONS] if verb else stems[:1]
    )
    clause = _Clause(frozenset(stems), denials, _denied(inside, folded), _EXCEPTIONS.intersection(folded))
    return clause, verb is not None, frozenset(before)


def _denied(inside: Sequence[Word], folded: Sequence[str]) -> frozenset[str]:
    """The next words with content behind each denial; where none follows, as in German, those before it."""
    found: set[str] = set()
    for at in (i for i, plain in enumerate(folded) if _is_denial(plain)):
        behind = [word.stem for word in inside[at + 1 :] if word.stem][:_DENIED_WORDS]
        found.update(behind or [word.stem for word in inside[:at] if word.stem][-_DENIED_WORDS:])
    return frozenset(found)


_DENIED_WORDS, _DENIED_SHARE = 2, 0.3
"""Of so many words next to a denial, the share that the other clause must have."""
