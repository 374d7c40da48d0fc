"""From when on something may have been missed: after a start, a day, a silence."""

from __future__ import annotations

from bot.database import open_state
from bot.marks import Marks
from bot.upkeep import DAY, LONGEST_AWAY, OVERLAP, SILENCE, Listening


class Place:
    """What is listened to, and its clock."""

    def __init__(self, marks: Marks) -> None:
        self.now = 1_700_000_000.0
        self.marks = marks
        self.looked: list[tuple[float, float]] = []

    def listening(self) -> Listening:
        return Listening(self.marks, "slack:T1", self._reconcile, lambda: self.now)

    async def _reconcile(self, since: float, began: float) -> None:
        self.looked.append((since, began))


async def test_from_when_on_something_may_have_been_missed(state_url):
    """The first time ever nothing; a day later all since the last look; after a silence, too; and across a restart."""
    database = await open_state(state_url)
    place = Place(Marks(database))
    began = place.now
    listening = place.listening()
    await listening.look()
    listening.heard()
    place.now += 60
    await listening.look()
    place.now = began + DAY
    await listening.look()
    listening.heard()
    heard = place.now
    place.now += SILENCE + 1
    listening.heard()
    await listening.look()
    place.now += 3_600
    await listening.look()
    place.now += 10 * LONGEST_AWAY
    await place.listening().look()
    await database.close()

    assert place.looked[0] == (began, began)
    assert place.looked[1] == (began - OVERLAP, began + DAY)
    assert place.looked[2] == (began + DAY - OVERLAP, heard + SILENCE + 1)
    assert place.looked[3] == (place.now - LONGEST_AWAY, place.now)
    assert len(place.looked) == 4
