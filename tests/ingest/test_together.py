"""One commit for all who wait: nothing is lost, nothing is written twice, and what fails fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from ingest.together import Together


class Written:
    """Keeps what was written, commit by commit."""

    def __init__(self) -> None:
        self.commits: list[list[int]] = []
        self.may_go = asyncio.Event()
        self.may_go.set()

    async def write(self, items: Sequence[int]) -> list[int]:
        await self.may_go.wait()
        if 0 in items:
            raise ValueError("0 cannot be written")
        if -1 in items:
            raise OperationalError("INSERT", {}, Exception("locked"))
        self.commits.append(list(items))
        return [10 * one for one in items]


async def test_what_comes_meanwhile_shares_the_next_commit() -> None:
    """Fifty at once make two commits, in the order of their coming."""
    written = Written()
    together = Together(written.write)

    results = await asyncio.gather(*map(together.add, range(1, 51)))

    assert results == list(range(10, 501, 10))
    assert [one for commit in written.commits for one in commit] == list(range(1, 51))
    assert len(written.commits) <= 2


async def test_a_commit_has_a_bound() -> None:
    """Statements have a limit of parameters."""
    written = Written()
    together = Together(written.write, most=20)

    await asyncio.gather(*map(together.add, range(1, 60)))

    assert max(map(len, written.commits)) == 20
    assert sum(map(len, written.commits)) == 59


async def test_several_at_once_share_what_waits() -> None:
    """Two that come together are done side by side, not one after the other."""
    written = Written()
    together = Together(written.write, at_once=2)

    await asyncio.gather(together.add(1), together.add(2))
    await asyncio.gather(*map(together.add, range(3, 13)))

    assert written.commits[:2] == [[1], [2]]
    assert sorted(one for commit in written.commits for one in commit) == list(range(1, 13))


async def test_what_cannot_be_written_fails_alone() -> None:
    """The others are written without it."""
    written = Written()
    together = Together(written.write)

    results = await asyncio.gather(*map(together.add, (1, 0, 2)), return_exceptions=True)

    assert [type(one) for one in results] == [int, ValueError, int]
    assert sorted(one for commit in written.commits for one in commit) == [1, 2]


async def test_a_database_that_is_away_is_told_to_all_at_once() -> None:
    """Nobody waits for it once more for each of the others; later ones are written."""
    written = Written()
    together = Together(written.write)
    written.may_go.clear()
    tasks = [asyncio.create_task(together.add(one)) for one in (1, -1, 2)]
    await asyncio.sleep(0)
    written.may_go.set()

    results = await asyncio.gather(*tasks, return_exceptions=True)
    await together.add(3)

    assert [type(one) for one in results] == [OperationalError] * 3
    assert written.commits == [[3]]


async def test_who_is_cancelled_takes_it_back() -> None:
    """What is not begun is not done; what others wait for is."""
    written = Written()
    together = Together(written.write)
    written.may_go.clear()
    under_way = asyncio.create_task(together.add(1))
    await asyncio.sleep(0.01)
    first, second = (asyncio.create_task(together.add(one)) for one in (2, 3))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.wait([first])
    written.may_go.set()

    assert await asyncio.wait_for(asyncio.gather(under_way, second), 5) == [10, 30]
    assert first.cancelled()
    assert written.commits == [[1], [3]]


async def test_who_is_cancelled_in_the_middle_waits_for_its_end() -> None:
    """After that nothing is written any more that a later deletion would miss."""
    written = Written()
    together = Together(written.write)
    written.may_go.clear()
    task = asyncio.create_task(together.add(1))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done()
    written.may_go.set()

    await asyncio.wait([task])
    assert task.cancelled()
    assert written.commits == [[1]]
