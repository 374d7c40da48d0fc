from __future__ import annotations

from typing import Any

import pytest

from tests.fake_slack.blockkit import RefusedError, check_message, check_view, words


def text(length: int, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": text(4, "plain_text"), "action_id": "go"} | fields


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([{"type": "divider"}] * 50, id="fifty-blocks"),
        pytest.param([{"type": "section", "text": text(3_000)}], id="section"),
        pytest.param([{"type": "markdown", "text": "x" * 12_000}], id="markdown"),
        pytest.param([actions(button(value="v" * 2_000))], id="button-value"),
        pytest.param([{"type": "header", "text": text(150, "plain_text")}], id="header"),
        pytest.param([{"type": "context", "elements": [text(100)] * 10}], id="context"),
    ],
)
def test_what_just_fits_is_taken(blocks: list[dict[str, Any]]):
    """A limit is the last length that is allowed."""
    check_message(blocks)


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        pytest.param([{"type": "divider"}] * 51, "invalid_blocks", id="too-many-blocks"),
        pytest.param([{"type": "section", "text": text(3_001)}], "invalid_blocks", id="section-too-long"),
        pytest.param([{"type": "section", "text": text(0)}], "invalid_blocks", id="empty-text"),
        pytest.param([{"type": "markdown", "text": "x" * 12_001}], "invalid_blocks", id="markdown-too-long"),
        pytest.param([{"type": "markdown", "text": "x" * 6_001}] * 2, "invalid_blocks", id="markdown-together"),
        pytest.param([actions(button(value="v" * 2_001))], "invalid_blocks", id="button-value-too-long"),
        pytest.param([actions(button(), button())], "invalid_blocks", id="action-id-twice"),
        pytest.param([actions(*[button()] * 26)], "invalid_blocks", id="too-many-buttons"),
        pytest.param([{"type": "markdown", "text": "a", "block_id": "b"}] * 2, "invalid_blocks", id="block-id-twice"),
        pytest.param([{"type": "carousel"}], "invalid_blocks", id="unknown-type"),
        pytest.param([{"type": "rich_text", "elements": []}], "invalid_blocks", id="empty-rich-text"),
        pytest.param([{"type": "image", "alt_text": "x"}], "invalid_blocks", id="image-without-source"),
        pytest.param([{"type": "section", "text": text(3_000)}] * 5, "msg_blocks_too_long", id="too-much-in-all"),
    ],
)
def test_what_does_not_fit_is_refused(blocks: list[dict[str, Any]], error: str):
    """Slack refuses the whole message, by this error."""
    with pytest.raises(RefusedError) as caught:
        check_message(blocks)
    assert caught.value.error == error


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": text(25, "plain_text")}, id="long-title"),
        pytest.param({"submit": None}, id="input-without-submit"),
        pytest.param({"private_metadata": "x" * 3_001}, id="long-metadata"),
        pytest.param({"blocks": [{"type": "markdown", "text": "x"}]}, id="markdown-in-a-modal"),
    ],
)
def test_views_have_limits_of_their_own(change: dict[str, Any]):
    """A modal that Slack would not open is refused."""
    element = {"type": "plain_text_input", "action_id": "words"}
    view = {
        "type": "modal",
        "title": text(24, "plain_text"),
        "submit": text(4, "plain_text"),
        "blocks": [{"type": "input", "label": text(6, "plain_text"), "element": element}],
    }
    check_view(view)

    with pytest.raises(RefusedError):
        check_view({key: value for key, value in (view | change).items() if value is not None})


def test_words_are_what_a_reader_sees():
    """Texts, quotes and labels, in order."""
    blocks = [
        {"type": "markdown", "text": "**Twelve** days [1]"},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://x", "text": "a.pdf"}]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "twelve days"}]},
            ],
        },
        actions(button()),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "model"}]},
    ]

    assert words(blocks) == "**Twelve** days [1]\na.pdf\n> twelve days\n[xxxx]\nmodel"
