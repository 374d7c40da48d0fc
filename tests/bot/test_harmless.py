from __future__ import annotations

import re

import pytest

from bot.harmless import JOINER, cut, line, parted


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("short", 10, "short", id="fits"),
        pytest.param("one two three", 10, "one two…", id="between-words"),
        pytest.param("a" * 20, 5, "aaaa…", id="one-word"),
        pytest.param("a " + "b" * 20, 10, "a bbbbbbb…", id="late-space"),
    ],
)
def test_cutting(text: str, limit: int, shown: str):
    """Between words if that leaves enough, else anywhere; never longer than the limit."""
    assert cut(text, limit) == shown


def test_one_line():
    """Control characters, line breaks and tricks with the writing direction do not get into a line."""
    assert line("invoice\u202efdp.exe\n\x00 2024\u2028x", 100) == "invoicefdp.exe 2024 x"


def test_parting():
    """An invisible character stands at each place; the words stay."""
    assert parted("@all @one", re.compile("(?<=@)(?=a)")) == f"@{JOINER}all @one"
