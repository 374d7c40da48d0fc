"""In which language a question is asked."""

from __future__ import annotations

import pytest

from bot.verification.languages import asked_in

ASKED = {
    "en": "How high is the rent in Paris?|Who pays?|Was lunch free?|What is la dolce vita?|Does die casting pay?",
    "de": (
        "Wie hoch ist die Miete in Paris?|Was kostet das Mittagessen?|Wo steht die Kaffeemaschine?|Und in Berlin?"
        "|Was geht beim Import der großen Dateien schief?|Was passiert mit Rücksendungen?"
        "|Welche Dokumente gibt es?|Wer genehmigt Spesen?|Ist Homeoffice erlaubt?|Vielen Dank!"
    ),
    "fr": (
        "Quel est le loyer à Paris ?|Combien coûte Slack ?|Quand ferme la cantine ?|Où est le parking ?|Merci"
        "|Comment ferme la cantine ?"
    ),
    "es": "¿Cuánto cuesta el alquiler en París?|cuanto cuesta el parking|¿Dónde puedo aparcar?|¿Hay cantina?",
    "it": "Quanto costa l'affitto a Parigi?|Chi approva le spese?|Dove posso parcheggiare?|Come si chiedono le ferie?",
    "pt": "Quanto custa o aluguel em Paris?|Quem aprova as despesas?|Onde fica a cantina?|Como peço férias?",
    "nl": "Hoe hoog is de huur in Parijs?|Waar staat het koffiezetapparaat?|Wat kost de lunch?|Mag ik thuiswerken?",
    "": "rent in Paris|parental leave|Comment section location?|Urlaubstage?|San Jose rent|Hallo|",
    "cyrillic": "Сколько стоит аренда в Париже?",
}


@pytest.mark.parametrize(
    ("language", "question"), [(language, one) for language, all_ in ASKED.items() for one in all_.split("|")]
)
def test_the_language_of_a_question_is_told_by_a_few_words(language: str, question: str) -> None:
    """And left open where no word tells it, or as many tell another."""
    assert asked_in(question) == language
