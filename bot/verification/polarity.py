"""Whether a passage denies what a claim states, or says the opposite; data and pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.verification.languages import fold, listed
from bot.verification.words import stem, words

_NEGATIONS = frozenset(
    fold(word)
    for word in listed(
        "not no never none neither nor cannot without nobody nothing nicht kein keine keinen keinem keiner"
        " nie niemals ohne weder ne pas jamais sans aucun aucune sin nunca jamás ningún ninguna ninguno non"
        " mai senza nessun nessuno nessuna não nem sem nenhum nenhuma niet geen nooit zonder"
    )
)
_EXCEPTIONS = frozenset(listed("unless except only until if when sauf salvo außer ausser nur sofern wenn"))
"""Words that turn a denial into a condition: `not … unless` and `only if` say the same."""

_OPPOSITES = (
    "increase decrease|increase decline|increase drop|increase reduce|increase fall|rise fall|"
    "rise decline|rise decrease|rise drop|rose fell|rose decreased|rose declined|rose dropped|"
    "grew fell|grew declined|grew decreased|grew shrank|grew dropped|grow decline|grow decrease|"
    "increased fell|increased dropped|fell increased|growth decline|growth decrease|gain loss|"
    "profit loss|higher lower|more less|more fewer|above below|maximum minimum|most least|"
    "improve worsen|improve deteriorate|allow prohibit|allow forbid|permit prohibit|permit forbid|"
    "allowed disallowed|allowed forbidden|permitted forbidden|mandatory optional|required optional|"
    "mandatory voluntary|include exclude|always never|accept reject|approve reject|approve deny|"
    "open closed|buy sell|assets liabilities|internal external|paid unpaid|limited unlimited|"
    "earlier later|early late|start end|begin end|inflow outflow|enable disable|encrypted unencrypted"
    "|authorised unauthorised|authorized unauthorized|taxable exempt|refundable nonrefundable|"
    "eligible ineligible|valid invalid|complete incomplete|active inactive|sufficient insufficient|"
    "fixed variable|domestic international|full part|win lose|won lost|strong weak|positive negative"
    "|upper lower|gross net|basic diluted|credit debit|monthly annual|annual quarterly|"
    "monthly quarterly|daily weekly|weekly monthly|monthly annually|daily monthly|hourly daily|"
    "hours days|days weeks|weeks months|months years|hours weeks|minutes hours|days months|"
    "days years|hours months|seconds minutes|working calendar|before after|steigen fallen|"
    "gestiegen gesunken|erhöht gesenkt|erlaubt verboten|zulässig unzulässig|gewinn verlust|"
    "augmenté diminué|hausse baisse|aumentó disminuyó|permitido prohibido|autorisé interdit"
)

OPPOSITES: dict[str, frozenset[str]] = {}
for _pair in _OPPOSITES.split("|"):
    _one, _other = (stem(_part) for _part in _pair.split())
    if _one != _other:
        OPPOSITES[_one] = OPPOSITES.get(_one, frozenset()) | {_other}
        OPPOSITES[_other] = OPPOSITES.get(_other, frozenset()) | {_one}

_AUXILIARIES = (
    r"(?:not|is|are|was|were|be|been|may|must|can|cannot|could|do|does|did|has|have|had|will|would|shall|should|never|no"
    r"|nicht|ist|sind|wird|werden|darf|dürfen|kann|können)\b"
)
_BOUNDARY = re.compile(
    r"[;,:()–—.!?](?=\s|$)|\s(?:but|while|whereas|because|since|aber|sondern|weil|mais|pero)\s"
    # `and are not covered` goes on about the same thing, `and filters are …` begins another.
    rf"|\s(?:and|or|und|oder|et|ou|y|o)\s(?!{_AUXILIARIES})",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^\W*(?:no|nein|non|yes|ja|oui|sí|si|não|sim)\s*[,.:–—-]\s*", re.IGNORECASE)

Weigh = Callable[[Iterable[str]], float]


@dataclass(frozen=True, slots=True)
class _Clause:
    stems: frozenset[str]
    denies: bool
    has_condition: bool


def contradicts(claim: str, passages: Sequence[str], weigh: Weigh) -> bool:
    """Whether the clause of the passages that is most like a clause of the claim denies it, or is its opposite."""
    theirs = [clause for passage in passages for clause in _clauses(passage)]
    return any(_is_contradicted(mine, theirs, weigh) for mine in _clauses(_REPLY.sub("", claim)))


def _is_contradicted(mine: _Clause, theirs: Sequence[_Clause], weigh: Weigh) -> bool:
    needed = weigh(mine.stems)
    if not theirs or not needed:
        return False
    shares = [(weigh(mine.stems & clause.stems) / needed, clause) for clause in theirs]
    most = max(share for share, _ in shares)
    likest = [clause for share, clause in shares if share > most - 0.03]
    if most >= 0.4 and all(clause.denies != mine.denies and not clause.has_condition for clause in likest):
        return not mine.has_condition
    return _is_opposite(mine, likest if most >= 0.4 else (), theirs) or _is_tied_to_opposite(mine, theirs, weigh)


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
        elsewhere = [clause.stems for clause in theirs if not (clause.stems & others and word not in clause.stems)]
        tied = frozenset[str]().union(*against) - frozenset[str]().union(*elsewhere)
        if (
            against
            and any(word in stems for stems in elsewhere)
            and weigh(mine.stems & tied) >= 0.3 * weigh(mine.stems)
        ):
            return not mine.stems & others
    return False


@lru_cache(maxsize=1024)
def _clauses(text: str) -> tuple[_Clause, ...]:
    found: list[_Clause] = []
    position = 0
    for end in (*(match.start() for match in _BOUNDARY.finditer(text)), len(text)):
        inside = list(words(text, position, end))
        position = end
        folded = [fold(word.text) for word in inside]
        denials = sum(word in _NEGATIONS or word.endswith("n't") for word in folded)
        if "ne" in folded and "pas" in folded:
            denials -= 1
        stems = frozenset(
            word.stem for word, plain in zip(inside, folded, strict=True) if word.stem and plain not in _NEGATIONS
        )
        if stems or denials:
            found.append(_Clause(stems, denials % 2 == 1, any(word in _EXCEPTIONS for word in folded)))
    return tuple(found)
