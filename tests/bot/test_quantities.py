"""Kinds of quantity: which a question asks for, and which a passage tells."""

from __future__ import annotations

import pytest

from bot.quantities import Quantity, quantities_asked, quantities_told

DURATION, LENGTH, MONEY = Quantity.DURATION, Quantity.LENGTH, Quantity.MONEY
TEMPERATURE, COUNT = Quantity.TEMPERATURE, Quantity.COUNT


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        pytest.param("How often is the filter cleaned?", {DURATION}, id="frequency"),
        pytest.param("How long is the cord?", {DURATION, LENGTH}, id="how long may mean either"),
        pytest.param("How many working days of notice?", {DURATION, COUNT}, id="a number of days"),
        pytest.param("What does parking cost?", {MONEY}, id="cost"),
        pytest.param("At which temperature is it stored?", {TEMPERATURE}, id="temperature"),
        pytest.param("How many shops are there?", {COUNT}, id="number"),
        pytest.param("Wie lange dauert es?", {DURATION, LENGTH}, id="German"),
        pytest.param("Combien de jours de congé ?", {DURATION, COUNT}, id="French"),
        pytest.param("¿Cuánto dura la garantía?", {DURATION, COUNT}, id="Spanish"),
        pytest.param("Quanti giorni di ferie?", {DURATION, COUNT}, id="Italian"),
        pytest.param("Who approves travel?", set(), id="a person"),
        pytest.param("Summarise the handbook", set(), id="nothing of the kind"),
    ],
)
def test_what_a_question_asks_for(question: str, kinds: set[Quantity]) -> None:
    assert quantities_asked(question) == kinds


@pytest.mark.parametrize(
    ("passage", "kinds"),
    [
        pytest.param("within 10 working days", {DURATION, COUNT}, id="words between number and unit"),
        pytest.param("cleaned every week", {DURATION}, id="no number"),
        pytest.param("two weeks", {DURATION, COUNT}, id="number in words"),
        pytest.param("The filter is cleaned monthly.", {DURATION}, id="rate"),
        pytest.param("three days later we met on the last day", {DURATION, COUNT}, id="one of two units counted"),
        pytest.param("the days of old", set(), id="unit without a number"),
        pytest.param("a cord of 1.5 m", {LENGTH, COUNT}, id="length"),
        pytest.param("in March of 12 people", {COUNT}, id="`in` is no inch without a number before it"),
        pytest.param("£40 per guest", {MONEY, COUNT}, id="sign"),
        pytest.param("40 Euro", {MONEY, COUNT}, id="currency in words"),
        pytest.param("paid in euros", set(), id="currency without a number"),
        pytest.param("between 10 and 20 °C", {TEMPERATURE, COUNT}, id="degrees"),
        pytest.param("dreißig Tage, also 4 Wochen", {DURATION, COUNT}, id="German"),
        pytest.param("pendant six mois", {DURATION, COUNT}, id="French"),
        pytest.param("Nothing to count here.", set(), id="nothing"),
    ],
)
def test_what_a_passage_tells(passage: str, kinds: set[Quantity]) -> None:
    assert quantities_told(passage) == kinds
