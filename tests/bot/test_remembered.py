"""What a platform told is remembered for a while."""

from __future__ import annotations

from bot import remembered
from bot.remembered import Remembered


async def test_asked_again_when_the_time_is_over_or_it_was_forgotten():
    """A value is looked up once in so many seconds, and anew once it is forgotten."""
    now, asked = [0.0], []
    values = Remembered[str, int](10, lambda: now[0])

    async def look_up() -> int:
        asked.append(now[0])
        return len(asked)

    found = [await values.get("ann", look_up), await values.get("ann", look_up)]
    now[0] = 10.0
    found.append(await values.get("ann", look_up))
    values.forget("ann")
    found.append(await values.get("ann", look_up))

    assert found == [1, 1, 2, 3]


async def test_no_more_than_a_bound_is_kept(monkeypatch):
    """What was looked up first is forgotten first."""
    monkeypatch.setattr(remembered, "MOST_REMEMBERED", 2)
    values = Remembered[int, int](10, lambda: 0.0)
    asked = []

    async def look_up() -> int:
        asked.append(1)
        return len(asked)

    for key in (1, 2, 3, 2, 1):
        await values.get(key, look_up)

    assert len(asked) == 4
