from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.split import SMALLEST_LIMIT, split

words = st.text(alphabet="abc .,\n[]1x", max_size=60)
lines = st.one_of(
    st.text(alphabet="ab c[1]`~|#->\t", max_size=40),
    st.sampled_from(
        ["", "```", "```python", "~~~", "- item [1]", "1. first", "| a | b |", "|---|---|", "> ```", "- ```"]
    ),
    st.text(max_size=30),
    st.text(alphabet="x", min_size=200, max_size=400),
    st.text(alphabet="`", min_size=1, max_size=300),
)
texts = st.lists(lines, max_size=40).map("\n".join)


def ink(text: str) -> str:
    """Everything a reader sees but white space and what cutting adds."""
    return re.sub(r"[\s\u200b]", "", text)


def open_fence(text: str) -> str:
    """Return the fence that a part leaves open, by the rules of Markdown for fences at the margin or in lists."""
    fence = ""
    for line in text.split("\n"):
        found = re.match(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})([^`]*)$", line)
        if fence:
            if re.match(rf"^[\s>]*{fence[0]}{{{len(fence)},}}\s*$", line):
                fence = ""
        elif found:
            fence = found[1]
    return fence


@given(text=texts, limit=st.integers(SMALLEST_LIMIT, 400))
@settings(max_examples=300, deadline=None)
@example(text="```" + "\nx" * 300, limit=100)
@example(text="`" * 1_000, limit=100)
@example(text="x ```" * 100, limit=100)
@example(text="```\nx\n" + "`" * 300, limit=100)
def test_parts_are_short_whole_and_balanced(text: str, limit: int):
    """Every part keeps the limit and leaves no code open, whatever the text is, and no ink is lost."""
    parts = split(text, limit)

    assert all(0 < len(part) <= limit for part in parts)
    assert [open_fence(part) for part in parts] == [""] * len(parts)
    remaining = iter("".join(ink(part) for part in parts))
    assert all(character in remaining for character in ink(text)), "ink is lost"


@given(text=words, limit=st.integers(SMALLEST_LIMIT, 400))
@settings(max_examples=100, deadline=None)
def test_prose_is_only_cut_never_changed(text: str, limit: int):
    """Without code and tables, the parts are the text."""
    assert "".join(ink(part) for part in split(text * 10, limit)) == ink(text * 10)


@given(
    sentences=st.lists(
        st.tuples(st.integers(1, 150), st.sampled_from(["[7]", "[12]", "[1, 12]"])), min_size=1, max_size=40
    ),
    space=st.sampled_from([" ", ""]),
    limit=st.integers(SMALLEST_LIMIT, 300),
)
@settings(max_examples=100, deadline=None)
@example(sentences=[(89, "[1, 12]")], space=" ", limit=100)
def test_markers_stay_whole_and_with_their_word(sentences: list[tuple[int, str]], space: str, limit: int):
    """`[n]` is never cut, and a part never begins with the marker of the sentence before."""
    text = " ".join(f"{('word' + space) * (count // 5)}{'x' * (count % 40)} {marker}." for count, marker in sentences)

    parts = split(text, limit)

    markers = re.compile(r"\[\d[\d, ]*\]")
    assert [found for part in parts for found in markers.findall(part)] == markers.findall(text)
    assert not (space and any(part.startswith("[") for part in parts))


def test_a_short_text_is_one_part():
    """What fits is not touched."""
    text = "# Title\n\nOne [1].\n\n- a\n- b\n\n```\ncode\n```"

    assert split(text, 2_000) == [text]


def test_nothing_gives_nothing():
    """Empty text has no parts."""
    assert split(" \n\n ", 100) == []


def test_it_cuts_between_paragraphs_first():
    """A paragraph that fits the next part is not begun in this one."""
    first, second = "First. " * 10, "Second. " * 10

    assert split(f"{first}\n\n{second}", 100) == [first.strip(), second.strip()]


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("- one\n- two\n  more of two\n- three", id="list"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", id="table"),
        pytest.param("```python\nprint(1)\n\nprint(2)\n```", id="code"),
    ],
)
def test_what_fits_a_part_stays_whole(whole: str):
    """Lists, tables and code are moved rather than cut."""
    assert split(f"{'Words. ' * 14}\n\n{whole}", 120)[-1] == whole


def test_long_code_is_opened_again():
    """Each part is code of the same language."""
    code = "\n".join(f"line_{number} = {number}" for number in range(40))

    parts = split(f"```python\n{code}\n```", 200)

    assert len(parts) > 2
    assert all(part.startswith("```python\n") and part.endswith("\n```") for part in parts)
    assert "\n".join(part.removeprefix("```python\n").removesuffix("\n```") for part in parts) == code


def test_a_long_table_repeats_its_header():
    """Each part reads as a table."""
    rows = [f"| row {number} | value |" for number in range(20)]

    parts = split("\n".join(["| name | value |", "|---|---|", *rows]), 150)

    assert len(parts) > 2
    assert all(part.startswith("| name | value |\n|---|---|\n| row") for part in parts)


def test_a_heading_goes_with_what_follows():
    """A heading never ends a part."""
    parts = split(f"{'Words. ' * 11}\n\n## Next\n\n{'More. ' * 10}", 120)

    assert parts[1].startswith("## Next\n\nMore.")


def test_a_limit_nobody_can_read_is_refused():
    """Below a hundred characters nothing can be kept whole."""
    with pytest.raises(ValueError, match="too short"):
        split("text", 10)
