"""Sentences begin where a reader would say so."""

import time
from itertools import pairwise

import pytest

from ingest.sentences import sentence_starts


def split(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise([*sentence_starts(text), len(text)])]


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["He left.", "She stayed."], id="full-stops"),
        pytest.param(["Really?", "Yes!", "Good…", "Then go."], id="other-marks"),
        pytest.param(["Dr. Smith paid $3.5 million to Adobe Inc. in 2015.", "He left."], id="abbreviations"),
        pytest.param(["J. R. Smith lives in the U.S. now.", "He works."], id="initials"),
        pytest.param(["See Fig. 3 and No. 5, e.g. Table 2.", "Then stop."], id="references"),
        pytest.param(["It grew by 4.2% in fiscal 2015.", "It shrank after."], id="numbers-at-the-end"),
        pytest.param(['He said "Stop."', "Then he left (it was late.)", "It rained."], id="quotes-and-brackets"),
        pytest.param(["we use iPhone v. 2 here and etc. and so on."], id="lower-case-follows"),
        pytest.param(["第一句。", "第二句！", "「引用。」", "没有空格的句子"], id="without-spaces"),
        pytest.param(["Das gilt z. B. für Nr. 5 bzw. Nr. 6.", "Mehr nicht."], id="german"),
        pytest.param(["Keys are numbered.²", 'He said "Stop."¹²', "Boats are not."], id="footnotes"),
        pytest.param(["Fees . . . . . . . . .", "12 Races . . . . . .", "14"], id="dots-that-lead-to-a-number"),
        pytest.param(["no full stop at all"], id="no-end"),
        pytest.param([""], id="empty"),
    ],
)
def test_a_sentence_begins_after_the_end_of_the_one_before(sentences: list[str]) -> None:
    """Full stops of abbreviations, initials, decimals and list numbers end no sentence."""
    assert split(" ".join(sentences)) == sentences


def test_a_list_number_belongs_to_its_item() -> None:
    """`1.` at the start of a line is not a sentence."""
    assert split("Steps follow.\n1. Open it.\n(2.) Close it.") == ["Steps follow.", "1. Open it.", "(2.) Close it."]


@pytest.mark.parametrize("unit", [".", ". ", ".\n", "a.", '"', '."" ', "A. ", "。", "(((", "No. "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """A long page of nothing but marks is split in a moment."""
    began = time.perf_counter()
    sentence_starts(unit * (200_000 // len(unit)))

    assert time.perf_counter() - began < 5
