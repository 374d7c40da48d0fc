from __future__ import annotations

import re

import pytest

from bot.models.tokens import TokenEstimator

PROSE = (
    "The notice period is two weeks during probation and four weeks afterwards, counted from the end of the month. "
    "Contractors may end their contract at any time, unless the statement of work names a fixed term."
)
TABLE = (
    "Revenue 1,204,331 1,187,902 1,023,117\nCost of sales 640,218 655,002 571,430\nGross margin 564,113 532,900 451,687"
)
GERMAN = "Die Kündigungsfrist beträgt während der Probezeit zwei Wochen; Überstunden werden größtenteils ausbezahlt."
JAPANESE = "従業員は毎年三十日の有給休暇を取得する権利があります。試用期間中の解約予告期間は二週間です。"
RUSSIAN = "Сотрудники имеют право на тридцать дней оплачиваемого отпуска в календарном году."


@pytest.mark.parametrize(
    ("text", "actual"),
    [(PROSE, 40), (TABLE, 50), (GERMAN, 23), (JAPANESE, 37), (RUSSIAN, 20)],
    ids=["prose", "table", "German", "Japanese", "Russian"],
)
def test_an_estimate_is_near_what_the_o200k_vocabulary_counts(text, actual):
    """Without any tokenizer the estimate is at most a third too high and hardly too low."""
    estimator = TokenEstimator(tokens_per_digit=0.5)

    assert actual * 0.93 <= estimator.estimate(text) * estimator.margin <= actual * 1.7


def every_digit_is_a_token(text: str) -> int:
    return len(re.findall(r"[A-Za-z]{1,5}|\d|[^\w\s]|\n", text))


def every_character_is_two(text: str) -> int:
    return 2 * len(text)


@pytest.mark.parametrize(
    ("text", "counter"),
    [(TABLE, every_digit_is_a_token), (JAPANESE, every_character_is_two), (PROSE, every_digit_is_a_token)],
    ids=["table", "Japanese", "prose"],
)
def test_the_usage_that_comes_back_corrects_the_estimate(text, counter):
    """After a few answers the estimate is within 6 % of what this model's tokenizer counts."""
    estimator = TokenEstimator(tokens_per_digit=0.5, overhead=0)
    for _ in range(6):
        estimator.learn([text], counter(text))

    assert estimator.estimate_all([text]) == pytest.approx(counter(text), rel=0.06)


def test_what_tables_teach_does_not_spoil_prose():
    """Digits that cost three times as much leave the estimate of text without digits nearly where it was."""
    estimator = TokenEstimator(tokens_per_digit=0.33, overhead=0)
    before = estimator.estimate(PROSE)
    for _ in range(8):
        estimator.learn([TABLE], every_digit_is_a_token(TABLE))

    assert estimator.estimate(TABLE) == pytest.approx(every_digit_is_a_token(TABLE), rel=0.1)
    assert estimator.estimate(PROSE) == pytest.approx(before, rel=0.25)


def test_nonsense_usage_cannot_ruin_the_estimate():
    """A host that reports one token, or a billion, moves the estimate within bounds."""
    estimator = TokenEstimator()
    before = estimator.estimate(PROSE)
    for actual in (0, -5, 1, 1, 1, 10**9, 10**9, 10**9, 1):
        estimator.learn([PROSE], actual)

    assert before / 10 < estimator.estimate(PROSE) < before * 10


def test_an_empty_prompt_teaches_nothing():
    """Usage for no text divides by nothing."""
    TokenEstimator().learn([""], 10)
