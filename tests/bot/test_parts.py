"""A reply of several messages is made anew in the place of an older one."""

from __future__ import annotations

import pytest

from bot.parts import settle


@pytest.mark.parametrize(
    ("standing", "gone", "wanted"),
    [
        pytest.param("", "", "AB", id="nothing stands there"),
        pytest.param("ab", "", "AB", id="as many"),
        pytest.param("abc", "", "A", id="fewer"),
        pytest.param("a", "", "ABC", id="more"),
        pytest.param("abc", "b", "ABC", id="one was deleted"),
        pytest.param("ab", "a", "A", id="the first was deleted"),
    ],
)
async def test_these_messages_are_the_whole_reply(standing: str, gone: str, wanted: str):
    """What stands there is edited; from one that is gone on, messages are posted below, in their order."""
    channel = {part: part for part in standing if part not in gone}
    parts = list(standing)

    async def edit(number: int, message: str) -> bool:
        if parts[number] not in channel:
            return False
        channel[parts[number]] = message
        return True

    async def post(_: int, message: str) -> None:
        parts.append(f"new {message}")
        channel[parts[-1]] = message

    async def delete(part: str) -> None:
        channel.pop(part, None)

    await settle(parts, wanted, edit=edit, post=post, delete=delete)

    assert [channel.pop(part) for part in parts] == list(wanted)
    assert channel == {}
