"""Which kinds of quantity a question asks for, and which a passage tells: durations, lengths, money … Pure.

Whether it is the right quantity is for others to find out: what answers `how often` says how often something happens.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from bot.verification.languages import fold_text, listed
from bot.verification.numbers import CURRENCY_SIGNS, number_words


class Quantity(enum.StrEnum):
    """What a number can be a number of."""

    DURATION = "duration"
    """Also how often something happens."""
    LENGTH = "length"
    MONEY = "money"
    TEMPERATURE = "temperature"
    COUNT = "count"
    """Of whatever: any number."""


_ASKED = {
    Quantity.DURATION: (
        "how (?:long|often|soon|quickly|old|late|early|frequent(?:ly)?)",
        r"how (?:many|much) (?:\w+ )?(?:seconds|minutes|hours|days|weeks|months|years|time)",
        "duration|deadline|frequency|period",
        "wie (?:lange?|oft|viele? (?:minuten|stunden|tage|wochen|monate|jahre|zeit))|dauer|frist",
        "combien de (?:temps|minutes|heures|jours|semaines|mois|ans|annees|fois)|duree|delai",
        "cuant[oa]s? (?:tiempo|dura|minutos|horas|dias|semanas|meses|anos|veces)|plazo",
        "quant[oaie]s? (?:tempo|dura|minut[io]s?|ore|giorni|settimane|mesi|anni|volte|horas|dias|semanas|anos|vezes)",
        "hoe (?:lang|vaak)",
    ),
    Quantity.LENGTH: (
        "how (?:long|far|high|wide|deep|tall|big|large|thick|close)",
        "length|height|width|depth|distance|thickness|diameter",
        "wie (?:lang|weit|hoch|breit|tief|gross|dick)|lange|hohe|breite|tiefe|abstand|entfernung",
        "longueur|hauteur|largeur|profondeur|longitud|altura|anchura|profundidad|distancia|lunghezza|altezza|larghezza",
    ),
    Quantity.MONEY: (
        "costs?|prices?|fees?|charges?|rent|salar(?:y|ies)|wages?|allowance|budget|fine|penalty|deductible|per diem",
        r"deposit|reimburse\w*|subsidy|bonus|revenues?|sales|income|profit|earnings|capex|ebitda?|dividends?|cash|assets|liabilit\w+",
        "expenditures?|spend|spent|pay|paid|kostet|kosten|preis|gebuhr|miete|gehalt|lohn|betrag|wie teuer",
        "coute|cout|prix|frais|loyer|salaire|montant|indemnite|cuesta|coste?|costo|precio|tarifa|alquiler|salario|importe",
        "costa|prezzo|affitto|stipendio|importo|preco|aluguel",
    ),
    Quantity.TEMPERATURE: (r"temperatur\w*", "how (?:hot|warm|cold)", "wie (?:heiss|warm|kalt)"),
    Quantity.COUNT: (
        "how (?:much|many|fast|loud|heavy|large|big|old|strong)|number of|amount|total|limit|maximum|minimum|average",
        "size|weight|capacity|speed|wie ?viele?|wie (?:hoch|schwer|laut|schnell|gross)|combien|hoeveel",
        "cuant[oa]s?|quant[oiae]s?",
    ),
}
_ASKS = {kind: re.compile(rf"\b(?:{'|'.join(patterns)})\b") for kind, patterns in _ASKED.items()}

_TIMES = frozenset(
    listed(
        "second seconds sec secs s minute minutes min mins hour hours hr hrs h day days week weeks month months year"
        " years quarter quarters night nights fortnight sekunde sekunden minuten stunde stunden tag tage tagen werktage"
        " werktagen woche wochen monat monate monaten jahr jahre jahren quartal nacht nachte nachten seconde secondes"
        " heure heures jour jours semaine semaines mois an ans annee annees trimestre trimestres nuit nuits segundo"
        " segundos minuto minutos hora horas dia dias semana semanas mes meses ano anos secondo secondi minuti ora ore"
        " giorno giorni settimana settimane mese mesi anno anni minuut uur dag dagen weken maand maanden jaar jaren"
    )
)
_RATES = frozenset(
    listed(
        "hourly daily weekly fortnightly monthly quarterly yearly annually annual once twice permanently indefinitely"
        " overnight stundlich taglich wochentlich monatlich vierteljahrlich jahrlich quotidien quotidienne hebdomadaire"
        " mensuel mensuelle annuel annuelle diario diaria semanal mensual anual giornaliero settimanale mensile annuale"
        " mensal dagelijks wekelijks maandelijks jaarlijks"
    )
)
_LENGTHS = frozenset(
    listed("mm cm m km ft feet foot inch inches in mile miles metre metres meter meters metro metros metri")
)
_CURRENCIES = frozenset(word for word in CURRENCY_SIGNS if word.isalpha()) | {"cent", "cents"}
_SIGNS = frozenset(sign for sign in CURRENCY_SIGNS if len(sign) == 1)
_DEGREES = frozenset(listed("degree degrees celsius fahrenheit grad degre degres grado grados gradi graus graden"))
_SMALL = number_words() | frozenset(listed("half none unlimited"))
_EACH = frozenset(listed("every each per pro je jede jeden jeder par chaque por al cada ogni"))
_WORD = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN = 2
"""Words looked at before a unit: `10 working days`."""


def quantities_asked(question: str) -> frozenset[Quantity]:
    """Return what answers a question; nothing where it does not ask for a quantity."""
    text = fold_text(question)
    return frozenset(kind for kind, pattern in _ASKS.items() if pattern.search(text))


def quantities_told(passage: str) -> frozenset[Quantity]:
    """Return which kinds of quantity a passage has."""
    text = fold_text(passage)
    words = _WORD.findall(text)
    known = frozenset(words)
    has_digits = any(word[0].isdigit() for word in known)
    told = {
        Quantity.DURATION: not known.isdisjoint(_RATES) or _counted(words, known & _TIMES, _BETWEEN),
        Quantity.LENGTH: _counted(words, known & _LENGTHS, 1),
        Quantity.MONEY: has_digits and not (known.isdisjoint(_CURRENCIES) and _SIGNS.isdisjoint(passage)),
        Quantity.TEMPERATURE: has_digits and ("°" in passage or not known.isdisjoint(_DEGREES)),
        Quantity.COUNT: has_digits or not known.isdisjoint(_SMALL),
    }
    return frozenset(kind for kind, is_told in told.items() if is_told)


def _counted(words: Sequence[str], units: frozenset[str], reach: int) -> bool:
    """Whether a number stands before one of the units."""
    if not units:
        return False
    before = (words[max(0, place - reach) : place] for place, word in enumerate(words) if word in units)
    return any(word[0].isdigit() or word in _SMALL or word in _EACH for near in before for word in near)
