"""Function words of a few languages: they tell which language a text is in, and carry no content of their own."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

LETTER = r"[^\W\d_]"
ENGLISH = "en"


def listed(words: str) -> list[str]:
    """Return the words of a list that is written as prose."""
    return words.split()


_BREAK = re.compile(rf"[-\u00ad\u2010\u0002\ufffe]\s*(?={LETTER})")


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word without case, accents, ligatures and line-end hyphens."""
    if word.isascii() and word.isalpha():
        return word.lower()
    folded = unicodedata.normalize("NFKD", _BREAK.sub("", word).replace("’", "'")).casefold()
    return "".join(
        character for character in folded if not unicodedata.combining(character) and character.isprintable()
    )


_ACCENTS = re.compile("[\u0300-\u036f\u3099\u309a]+")


def fold_text(text: str) -> str:
    """Return a text without case and accents; nothing else is changed."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()


_FUNCTION_WORDS = {
    "en": (
        "a an the and or but if then than that this these those of in on at to for from by with as is are was were be"
        " been being it its they their them he she his her we our us you your i my me which who whom whose what when"
        " where how why there here do does did done has have had having will would shall should can could may might"
        " must also such so into about over under per each any all both other same own very just up out off s t re"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und oder aber wenn als wie dass daß dies diese dieser"
        " dieses in im an am auf zu zum zur für von vom mit bei nach aus um ist sind war waren wird werden wurde wurden"
        " es sie er wir ihr ihre sein seine hat haben hatte kann können muss müssen soll auch sich über unter pro je"
        " bis beim ins dürfen darf beträgt betrug liegt gilt"
    ),
    "fr": (
        "le la les l un une des du de d et ou mais si que qui quoi dont où ce cet cette ces en dans sur à au aux pour"
        " par avec est sont était étaient sera seront être il elle ils elles on nous vous leur leurs son sa ses se s"
        " a ont avait peut peuvent doit doivent aussi plus comme entre chaque jusqu qu n y"
    ),
    "es": (
        "el la los las un una unos unas y o pero si que quien cual de del al en sobre a para por con es son era eran"
        " fue fueron será ser se su sus lo le les este esta estos estas ese esa ha han había puede pueden debe deben"
        " también más como entre cada hasta"
    ),
    "it": (
        "il lo la i gli le un uno una e o ma se che chi cui di del della dei delle dello al alla ai alle in nel nella"
        " su sul sulla per con da dal dalla è sono era erano sarà essere si suo sua suoi loro questo questa questi ha"
        " hanno può possono deve devono anche più tra fra ogni fino"
    ),
    "pt": (
        "o a os as um uma uns umas e ou mas se que quem qual de do da dos das em no na nos nas ao aos à para por pelo"
        " pela com é são era eram foi foram será ser seu sua seus este esta isso há tem têm pode podem deve devem"
        " também mais como entre cada até"
    ),
    "nl": (
        "de het een en of maar als dan dat die dit deze van in op aan te tot voor door met bij naar uit om is zijn was"
        " waren wordt worden werd werden er ze zij hij wij hun haar heeft hebben had kan kunnen moet moeten zal ook"
        " over onder per elk"
    ),
}
_FREQUENT_WORDS = {
    "en": "day days year years month months week weeks percent employees not no receive received million thousand",
    "de": "tag tage tagen jahr jahre woche monat monate prozent nicht kein keine erhalten mitarbeiter uhr euro",
    "fr": "jours jour an ans année années semaine semaines mois pas euros",
    "es": "días día año años semana semanas mes meses euros",
    "it": "giorni giorno anno anni settimana mese mesi non euro",
    "pt": "dias dia ano anos semana mês meses não euros",
    "nl": "dagen dag jaar jaren week weken maand maanden procent niet geen",
}
_REPORTING_WORDS = (
    # What answers say about what pages say; none of it need be on the page.
    "according amount amounts amounted totaled totalled totaling report reports reported reporting state states stated"
    " stating mention mentions mentioned indicate indicates indicated show shows shown showed describe describes"
    " described note notes noted list lists listed specify specifies specified approximately about around roughly"
    " nearly almost respectively following follows based given provided provides provide document documents source"
    " sources page pages text excerpt section therefore thus hence however additionally furthermore moreover overall"
    " specifically namely meaning means yes equal equals compared versus vs approx ca circa eg ie etc calculated"
    " calculate calculation result results resulting stood come comes came see answer"
    " laut gemäß insgesamt etwa rund ungefähr dokument dokumente dokumenten quelle quellen seite ja selon environ oui"
    " según aproximadamente documento documentos fuente fuentes página sí"
)

STOP_WORDS = frozenset(
    fold(word) for text in (*_FUNCTION_WORDS.values(), _REPORTING_WORDS) for word in text.split()
) - {"may", "no", "not", "war", "die", "hat", "come", "son"}
"""`may` is a month as well, the negations have a sense of their own, and the others are content in English."""

_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _words_of in (_FUNCTION_WORDS, _FREQUENT_WORDS):
    for _language, _text in _words_of.items():
        for _word in _text.split():
            _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)

_ASKING_WORDS = {
    "en": "what when where which who whose whom why how much many does can was come comment thanks",
    "de": (
        "wann wo warum wieso was wer wen wem welche welcher welches welchen welchem wieviel viel viele lange kostet"
        " kosten gibt steht stehen darf kann bekomme bekommt brauche erlaubt passiert danke vielen"
    ),
    "fr": "combien quand pourquoi comment quel quelle quels quelles coûte coûtent merci bonjour",
    "es": (
        "cuánto cuánta cuántos cuántas cuanto cuanta cuantos cuantas cuándo cuando dónde donde cómo qué quién quiénes"
        " quien cuál cuáles cuales cuesta cuestan puedo hay gracias hola"
    ),
    "it": "quanto quanta quanti quante quale quali quando dove chi cosa come perché costa costano posso l grazie ciao",
    "pt": (
        "quanto quanta quantos quantas qual quais quando onde quem porque custa custam fica posso peço olá obrigado"
        " obrigada"
    ),
    "nl": "hoe hoeveel waar wanneer waarom welk welke wat mag bedankt",
}
"""Of a question these tell more than the little words; in a page they may stand by chance."""
_ASKED_IN: dict[str, tuple[str, ...]] = dict(_LANGUAGES_OF)
for _language, _text in _ASKING_WORDS.items():
    for _word in _text.split():
        _ASKED_IN[_word] = (*_ASKED_IN.get(_word, ()), _language, _language)

_SCRIPTS = (
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("greek", re.compile(r"[\u0370-\u03ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("kana", re.compile(r"[\u3041-\u30ff]")),
    ("hangul", re.compile(r"[\uac00-\ud7af]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
    ("thai", re.compile(r"[\u0e00-\u0e7f]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
)
_LETTERS_OF = (
    ("de", re.compile(r"[äöüß]", re.IGNORECASE)),
    ("fr", re.compile(r"[çœèêàù]", re.IGNORECASE)),
    ("es", re.compile(r"[ñ¿¡]", re.IGNORECASE)),
    ("pt", re.compile(r"[ãõ]", re.IGNORECASE)),
)
_SAMPLE = 1_000
_TOKEN = re.compile(rf"{LETTER}+")


@lru_cache(maxsize=256)
def language(text: str) -> str:
    """Return the language (or, outside Latin script, the script) of a text; empty where it cannot be told."""
    return _told(text, _LANGUAGES_OF)


@lru_cache(maxsize=256)
def asked_in(question: str) -> str:
    """Return the language of a question, also of one too short for `language`: it has words that ask."""
    return _told(question, _ASKED_IN) or language(question)


def _told(text: str, languages_of: Mapping[str, tuple[str, ...]]) -> str:
    sample = text[:_SAMPLE]
    if not sample.isascii():
        letters = sum(map(str.isalpha, sample))
        for name, pattern in _SCRIPTS:
            if letters and len(pattern.findall(sample)) > 0.3 * letters:
                return name
    tokens = _TOKEN.findall(sample)
    counts = Counter(name for token in tokens for name in languages_of.get(token.lower(), ()))
    for name, pattern in _LETTERS_OF:
        if counts["en"] < 0.2 * len(tokens):
            counts[name] += len(pattern.findall(sample))
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < max(2, 0.1 * len(tokens)):
        return ""
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > 1.15 * ranked[1][1] else ""
