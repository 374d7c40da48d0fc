"""verify(): what stays, what goes, what is added; over the labelled table, and for any text at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Outcome, Source
from bot.citations import Verified, verify
from bot.markers import code_spans, shown
from bot.settings import AnswerSettings
from bot.wording import IN_ENGLISH, WORDINGS
from ingest.normalise import find
from tests.benchmarks.verification import STRICTNESS, score, source, sources, total
from tests.bot.verification_cases import FLAG, HELD_OUT, PAGES, TUNING, Case, PageText

CASES = (*TUNING, *HELD_OUT)
STRICT = AnswerSettings().strictness
HANDBOOK = tuple(source(n, PAGES[name]) for n, name in enumerate(("leave", "travel", "security"), 1))
FLAGGED = f" {IN_ENGLISH.flag}"


def test_case_ids_are_unique():
    """Every case of the table can be named."""
    ids = [case.id for case in CASES]

    assert len(ids) == len(set(ids))


def test_kept_citations_are_right():
    """Of the citations kept over the table 97 % are right, and of the right ones 90 % are kept."""
    result = total(CASES, STRICT)

    assert result.precision >= 0.97, result.failures
    assert result.recall >= 0.90, result.failures


@pytest.mark.parametrize("strictness", STRICTNESS)
@pytest.mark.parametrize("case", [c for c in CASES if c.kind in ("fabricated", "wrong number")], ids=lambda c: c.id)
def test_fabricated_number_is_never_cited(case: Case, strictness: float):
    """A number or name that no page has is never kept as cited, however lax the setting."""
    result = score(case, strictness)

    assert result.wrong == 0, result.failures


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_holds_for_case(case: Case):
    """Markers and citations name each other, quotes stand on their page, and verifying again changes nothing."""
    assert_holds(case.draft, sources(case), case.question)


def assert_holds(draft: str, given_sources: tuple[Source, ...], question: str = "") -> None:
    verified = verify(draft, given_sources, STRICT, question)
    numbers = [number for _, _, number in shown(verified.text)]

    assert list(dict.fromkeys(numbers)) == [citation.number for citation in verified.citations]
    assert [citation.number for citation in verified.citations] == list(range(1, len(verified.citations) + 1))
    for citation in verified.citations:
        quotes = (citation.quote, *citation.more_quotes)
        assert not any(one in other for one in quotes for other in quotes if one is not other), "said twice"
        for quote in quotes:
            assert quote
            assert len(quote) <= 300
            assert find(quote, citation.source.page_text) is not None
    again = verify(verified.text, renumbered(given_sources, verified), STRICT, question)
    assert again.text == verified.text
    assert [c.quote for c in again.citations] == [c.quote for c in verified.citations]


def renumbered(given_sources: tuple[Source, ...], verified: Verified) -> tuple[Source, ...]:
    """The same Sources under the numbers that the answer shows."""
    new = {citation.source.number: citation.number for citation in verified.citations}
    rest = [item for item in given_sources if item.number not in new]
    new |= {item.number: len(verified.citations) + i for i, item in enumerate(rest, 1)}
    return tuple(replace(item, number=new[item.number]) for item in given_sources)


MARKS = (
    *("[1] ", "[2][3]", "【1†source】", "(Source 2)", "[1-3]", "[9]", "[0]", "**", "__", "`", "```", "~~~", "|", "\n"),
    *(
        " \n\n",
        "\n# ",
        "\n> ",
        "\n- ",
        "\n1. ",
        "(",
        ")",
        "[",
        "]",
        "!",
        "https://x.example",
        "<sup>",
        "\\",
        ". ",
        "? ",
    ),
)
PIECES = st.sampled_from(
    [
        *(line for page in PAGES.values() for line in page.text.splitlines()),
        *(case.draft for case in CASES),
        *MARKS,
        IN_ENGLISH.flag,
        "$5 million",
        "770,835",
        "not ",
        " = ",
        " / ",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES, max_size=6).map(" ".join)
)


@settings(max_examples=150, deadline=None)
@given(draft=TEXTS, pages=st.lists(TEXTS, max_size=3))
def test_holds_for_any_text(draft: str, pages: list[str]):
    """Whatever the model writes and whatever the pages hold."""
    assert_holds(draft, tuple(source(n, PageText("a.pdf", "A", n, text)) for n, text in enumerate(pages, 1)))


@settings(max_examples=100, deadline=None)
@given(draft=TEXTS)
def test_code_is_never_changed(draft: str):
    """Fenced blocks and inline code come out as they went in."""
    draft = draft.strip()
    before = [draft[start:end].rstrip() for start, end in code_spans(draft) if "```" in draft[start:end]]

    text = verify(draft, HANDBOOK, STRICT).text

    for code in before:
        assert code in text


@pytest.mark.parametrize(
    ("draft", "outcome"),
    [
        pytest.param("Full-time employees receive 25 days of annual leave [1].", Outcome.ANSWERED, id="supported"),
        pytest.param("The documents do not say what the canteen costs.", Outcome.NOT_FOUND, id="absent"),
        pytest.param("Employees receive 99 days of leave [1].", Outcome.NOT_FOUND, id="nothing-supported"),
        pytest.param(
            "The documents do not say what lunch costs. Meals are limited to 60 EUR per day [2].",
            Outcome.PARTIAL,
            id="partly-absent",
        ),
        pytest.param(
            "Meals are limited to 60 EUR per day [2]. Lunch costs 12 EUR.", Outcome.PARTIAL, id="half-supported"
        ),
        pytest.param("", Outcome.NOT_FOUND, id="empty"),
    ],
)
def test_outcome(draft: str, outcome: Outcome):
    """The outcome follows from what is supported and from what the draft says to be missing."""
    assert outcome == verify(draft, HANDBOOK, STRICT).outcome


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        pytest.param(
            "Full-time employees receive 25 days of annual leave [3].",
            "Full-time employees receive 25 days of annual leave [1].",
            id="wrong-page-corrected",
        ),
        pytest.param(
            "Employees receive 99 days of leave [1].",
            f"Employees receive 99 days of leave.{FLAGGED}",
            id="flagged-after-full-stop",
        ),
        pytest.param(
            "Meals are limited to 60 EUR per day [2]. Full-time employees receive 25 days of annual leave [1].",
            "Meals are limited to 60 EUR per day [1]. Full-time employees receive 25 days of annual leave [2].",
            id="renumbered-by-first-use",
        ),
        pytest.param("See [the shop](https://evil.example/x) for 1 thing.", None, id="unknown-link-removed"),
        pytest.param(
            "| Expense | Limit |\n|---|---|\n| Meals per day | 75 EUR [2] |",
            f"| Expense | Limit |\n|---|---|\n| Meals per day | 75 EUR{FLAGGED} |",
            id="flag-inside-the-cell",
        ),
    ],
)
def test_text(draft: str, text: str | None):
    """The text that people read."""
    verified = verify(draft, HANDBOOK, STRICT)

    assert "evil" not in verified.text
    assert text in (None, verified.text)


def test_removed_says_why():
    """Whatever is taken out is kept with its reason."""
    removed = verify("Employees receive 99 days of leave [1][8].", HANDBOOK, STRICT).removed

    assert {item.marker: item.reason for item in removed} == {1: "99 is not on the page", 8: "there is no such Source"}


def test_flag_is_the_label():
    """The table's label for flagged lines is not a page."""
    assert FLAG not in PAGES


@pytest.mark.parametrize("language", WORDINGS)
def test_a_flag_that_the_model_copied_is_not_kept(language: str):
    """Earlier answers of the thread have flags, in whatever language they were asked: ours are set anew."""
    text = verify(
        f"Full-time employees receive 25 days of annual leave. {WORDINGS[language].flag}", HANDBOOK, STRICT
    ).text

    assert text == "Full-time employees receive 25 days of annual leave [1]."


@pytest.mark.parametrize(
    ("draft", "outcome"),
    [
        ("58 people wait for a plot [1].", Outcome.ANSWERED),
        ("58 people wait for a plot (the year is not stated) [1].", Outcome.ANSWERED),
        ("58 people wait for a plot [1]. The Sources do not state the currency.", Outcome.ANSWERED),
        ("58 people wait for a plot [1]. The list does not name a currency.", Outcome.ANSWERED),
        ("58 people wait for a plot [1]; how long they wait is not given.", Outcome.PARTIAL),
        ("58 people wait for a plot [1]. The Sources give no reason.", Outcome.PARTIAL),
        ("58 people wait for a plot [1]. A reason is missing from the Sources.", Outcome.PARTIAL),
        ("The reason is missing from the Sources [1].", Outcome.NOT_FOUND),
    ],
)
def test_outcome_where_something_is_missing(draft: str, outcome: Outcome):
    """What a draft says to be missing makes an answer partial, wherever it says it; a remark in brackets does not."""
    assert verify(draft, (source(1, PAGES["meeting"]),), STRICT).outcome is outcome


def test_result_before_its_sum():
    """A result that a sentence gives first rests on the pages of the sum below, and is quoted from there."""
    pages = (source(1, PAGES["balance"]), source(2, PAGES["income"]))
    draft = (
        "The asset turnover was about 0.68 [1][2]. Average assets are (1,428,790 thousand [1] + 1,388,906 thousand [1])"
        " / 2 = 1,408,848 thousand [1]. The turnover is 954.1 million [2] / 1,408,848 thousand [1] = 0.68 [1][2]."
    )

    verified = verify(draft, pages, STRICT)

    assert verified.supported == 1
    assert [citation.source.number for citation in verified.citations] == [1, 2]
    assert all(citation.quote for citation in verified.citations)
