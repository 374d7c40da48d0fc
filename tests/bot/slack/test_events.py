from __future__ import annotations

from typing import Any

import pytest

from bot.slack.events import is_by_bot

PERSON: dict[str, Any] = {"user": "U1", "text": "hello", "ts": "1.0"}
BOT = PERSON | {"bot_id": "B1"}
TOMBSTONE = {"subtype": "tombstone", "user": "USLACKBOT", "ts": "1.0"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({"type": "message", **BOT}, True, id="posted"),
        pytest.param({"type": "message", "subtype": "message_changed", "message": BOT}, True, id="changed"),
        pytest.param({"type": "message", "subtype": "message_deleted", "previous_message": BOT}, True, id="deleted"),
        pytest.param({"type": "message", **PERSON}, False, id="a person"),
        pytest.param({"type": "message", "subtype": "message_changed", "message": PERSON}, False, id="a person's edit"),
        pytest.param(
            {"type": "message", "subtype": "message_changed", "message": TOMBSTONE, "previous_message": PERSON},
            False,
            id="a person's question, deleted above its thread",
        ),
        pytest.param({"type": "app_mention", **BOT}, False, id="no message"),
        pytest.param({}, False, id="nothing"),
    ],
)
def test_echoes_are_known(event: dict[str, Any], expected: bool):
    """What tells of a bot's message is acknowledged at once, and of nothing else."""
    assert is_by_bot(event) is expected
