"""What the words after the command mean."""

from __future__ import annotations

import pytest

from bot.commands import Ask, ForgetNamed, PageOf, ScopeOf, Simple, Unclear, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Simple("help"), id="nothing"),
        pytest.param("help", Simple("help"), id="help"),
        pytest.param("  DOCS ", Simple("docs"), id="any case"),
        pytest.param("status", Simple("status"), id="status"),
        pytest.param("watch", Simple("watch"), id="watch"),
        pytest.param("unwatch", Simple("unwatch"), id="unwatch"),
        pytest.param("why", Simple("why"), id="why"),
        pytest.param("help me find the travel form", Ask("help me find the travel form"), id="help that is a question"),
        pytest.param("why is the sky blue", Ask("why is the sky blue"), id="why that is a question"),
        pytest.param("watch out for what?", Ask("watch out for what?"), id="watch that is a question"),
        pytest.param("status of the merger?", Ask("status of the merger?"), id="status that is a question"),
        pytest.param("page handbook.pdf 12", PageOf("handbook.pdf", 12), id="page"),
        pytest.param('page "My Handbook 2026.pdf" 3', PageOf("My Handbook 2026.pdf", 3), id="page quoted"),
        pytest.param("page My Handbook 2026.pdf p. 3", PageOf("My Handbook 2026.pdf", 3), id="page with spaces"),
        pytest.param("page “Handbuch.pdf” 3", PageOf("Handbuch.pdf", 3), id="page in curly quotes"),
        pytest.param("page handbook.pdf", Unclear("page NAME N"), id="page without a number"),
        pytest.param("page", Unclear("page NAME N"), id="page alone"),
        pytest.param("page on which leave is?", Ask("page on which leave is?"), id="page that is a question"),
        pytest.param("forget handbook.pdf", ForgetNamed("handbook.pdf"), id="forget"),
        pytest.param('forget "My Handbook"', ForgetNamed("My Handbook"), id="forget quoted"),
        pytest.param("forget annual report 2026.pdf", ForgetNamed("annual report 2026.pdf"), id="forget with spaces"),
        pytest.param("forget", Unclear("forget NAME"), id="forget alone"),
        pytest.param(
            "forget about leave what is the notice period",
            Ask("forget about leave what is the notice period"),
            id="forget that is a question",
        ),
        pytest.param("scope handbook.pdf workspace", ScopeOf("handbook.pdf", True), id="scope workspace"),
        pytest.param("scope My Handbook.pdf channel", ScopeOf("My Handbook.pdf", False), id="scope channel"),
        pytest.param("scope handbook.pdf", Unclear("scope NAME workspace|channel"), id="scope without where"),
        pytest.param("how much leave do I get?", Ask("how much leave do I get?"), id="question"),
        pytest.param("leave", Ask("leave"), id="one word"),
    ],
)
def test_what_is_typed(text, expected):
    """A command is exactly that; everything else is a question."""
    assert parse(text) == expected
