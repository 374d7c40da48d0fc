"""How much of a question stands in one place of a page."""

from __future__ import annotations

import pytest

from bot.one_place import in_one_place
from bot.verification.asked import asked


def shares(question: str, *pages: str) -> list[float]:
    return in_one_place(frozenset(asked(question).stems), [[page] for page in pages])


def test_one_sentence_that_has_the_words_beats_a_page_that_has_them_all_over() -> None:
    together, apart = shares(
        "How long must the crane be inspected before lifting?",
        "The crane must be inspected before lifting.",
        "The crane is yellow.\nIt was bought in May.\nWe inspected the hall.\nAll is well.\nLifting is for riggers.",
    )

    assert together == 1.0
    assert apart < 0.6


@pytest.mark.parametrize(
    ("beside", "apart"),
    [
        pytest.param("Oh. Gifts are rare. Their limit is 50", "Oh. Gifts are rare. A b. Their limit is 50", id="next"),
        pytest.param("Gifts\nWho may accept them\nThe limit is 50", "Who\nGifts\nOh\nThe limit is 50", id="heading"),
        pytest.param("Gifts\n•\nThe limit is 50", "Who\nGifts\nOh\nThe limit is 50", id="bullet on its own line"),
    ],
)
def test_what_stands_beside_or_above_counts_in_part(beside: str, apart: str) -> None:
    near, far, whole = shares("What is the limit of gifts?", beside, apart, "The limit of gifts is 50.")

    assert whole > near > far > 0


def test_every_passage_of_a_page_is_read() -> None:
    first, second = in_one_place(frozenset(asked("parking fee").stems), [["nothing", "The parking fee"], ["parking"]])

    assert first == 1.0 > second


def test_words_of_few_pages_count_more() -> None:
    rare, common = shares("deposit of the lease", "The deposit.\nOther.", "The lease.\nOther.", "The lease.\nMore.")[:2]

    assert rare > common


@pytest.mark.parametrize(
    ("question", "page", "other"),
    [
        pytest.param("What is the length of it?", "It is 3 m long.", "It is blue.", id="noun and adjective"),
        pytest.param("battery", "Two batteries", "A battalion", id="plural"),
        pytest.param("What is an RF-12?", "The RF12 is a relay.", "The RF13 is a relay.", id="code without its hyphen"),
        pytest.param("What is an RF12?", "The RF-12 is a relay.", "The RF-13 is a relay.", id="code with a hyphen"),
        pytest.param("indemnité journalière", "Son indemnité journalière", "Le journal", id="French"),
        pytest.param("Quelle est l'indemnité ?", "une indemnité de 42 euros", "rien de tel", id="elided article"),
        pytest.param("Geräuschpegel", "GERÄUSCHPEGEL: 71 dB", "Geräte", id="capital umlaut"),
        pytest.param(
            "有給休暇は何日ですか", "社員の有給休暇は二十日です", "会議は月曜日です", id="Japanese, within a run"
        ),
        pytest.param("ガス料金", "毎月のガス料金", "電気代", id="Japanese with voiced signs"),
        pytest.param("연차 휴가", "직원의 연차 휴가는 20일", "회의는 월요일", id="Korean"),
        pytest.param("отпуск по уходу", "Отпуск по уходу", "Собрание", id="Russian"),
    ],
)
def test_words_are_found_as_verification_would(question: str, page: str, other: str) -> None:
    found, not_found = shares(question, page, other)

    assert found > 0
    assert found > not_found


def test_the_middle_of_a_word_is_no_word() -> None:
    assert shares("rent", "The current parent", "The rent")[0] == 0


def test_signs_of_a_question_are_no_pattern() -> None:
    """Folding takes some characters apart into brackets: ⑵ into (2)."""
    found, not_found = shares("What is x⑵?", "See x⑵ here", "x2 and x")

    assert found > not_found == 0


def test_nothing_to_look_for() -> None:
    assert in_one_place(frozenset(), [["text"], []]) == [0.0, 0.0]
    assert in_one_place(frozenset({"word"}), []) == []
