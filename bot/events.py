"""Which events of the platforms were taken, by whom, and whether they are finished: each is handled exactly once.

Platforms deliver an event several times, and to several processes. Whoever inserts its id first handles it. A process
that is killed in the middle leaves the event open: another one takes it over with its `reference`, the few ids from
which the adapter fetches the message again. No text is stored.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, Column, Float, String, Table, bindparam, delete, select, update

from bot.database import metadata
from ingest.database import Database
from ingest.locks import Locks
from ingest.seats import Seat, gone
from ingest.together import Together

KEPT_SECONDS = 7 * 86_400
"""Longer than any platform redelivers."""

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"

seen_events = Table(
    "seen_events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reference", JSON(none_as_null=True)),
    Column("created_at", Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event whose process ended before it was finished; it is ours now."""

    id: str
    reference: Mapping[str, str]


class Events:
    """Claims of one process, by its seat."""

    def __init__(self, database: Database, locks: Locks, seat: Seat, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._locks = locks
        self._seat = seat
        self._clock = clock
        self._referring = Together(self._refer_all)
        self._finishing = Together(self._finish_all)

    async def claim(self, event: str, reference: Mapping[str, str] | None = None) -> bool:
        """Take an event; False when it was taken before, by whomever.

        Args:
            event: the platform with its id of the event, or of the message: `slack:Ev…`.
            reference: what an adapter needs to handle it after a crash; without one it is finished at once.
        """
        row = {
            "id": _hash(event),
            "owner": self._seat.token,
            "state": OPEN if reference is not None else DONE,
            "reference": {**reference, "event": event} if reference is not None else None,
            "created_at": self._clock(),
        }
        insert = self._database.insert(seen_events).values(row).on_conflict_do_nothing(index_elements=["id"])
        async with self._database.write() as connection:
            return await connection.scalar(insert.returning(seen_events.c.id)) is not None

    async def claim_all(self, events: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
        """Take several events, each with its reference, in one commit; return those that nobody took before."""
        rows = [
            {
                "id": _hash(event),
                "owner": self._seat.token,
                "state": OPEN,
                "reference": {**reference, "event": event},
                "created_at": self._clock(),
            }
            for event, reference in events.items()
        ]
        if not rows:
            return frozenset()
        insert = self._database.insert(seen_events).values(rows).on_conflict_do_nothing(index_elements=["id"])
        async with self._database.write() as connection:
            taken = set((await connection.execute(insert.returning(seen_events.c.id))).scalars())
        return frozenset(event for event in events if _hash(event) in taken)

    async def refer(self, event: str, reference: Mapping[str, str]) -> None:
        """Write more about an open event, e.g. where its answer is being written."""
        await self._referring.add((event, reference))

    async def finish(self, event: str) -> None:
        """The event is handled; what was withdrawn stays so."""
        await self._finishing.add(event)

    async def withdraw(self, event: str) -> None:
        """The message is deleted: whichever process is answering it must not show the answer."""
        row = {"id": _hash(event), "owner": self._seat.token, "state": WITHDRAWN, "created_at": self._clock()}
        insert = self._database.insert(seen_events).values(row)
        values = {"state": WITHDRAWN, "reference": None}
        async with self._database.write() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))

    async def is_withdrawn(self, event: str) -> bool:
        query = select(seen_events.c.state).where(seen_events.c.id == _hash(event))
        async with self._database.read() as connection:
            return await connection.scalar(query) == WITHDRAWN

    async def known(self, events: Collection[str]) -> frozenset[str]:
        """Return which events somebody took, or withdrew, as far back as events are kept."""
        hashes = {_hash(event): event for event in events}
        query = select(seen_events.c.id).where(seen_events.c.id.in_(hashes))
        async with self._database.read() as connection:
            return frozenset(hashes[found] for found in (await connection.execute(query)).scalars())

    async def supersede(self, message: str, event: str, version: str) -> str | None:
        """A newer version of a message is answered because of `event`; return the event that was the newest before.

        None when a version at least as new is known. Versions are compared as text.
        """
        values = {"reference": {"event": event, "version": version}, "created_at": self._clock()}
        row = {"id": _hash(f"{message}:newest"), "owner": self._seat.token, "state": DONE, **values}
        insert = self._database.insert(seen_events).values(row)
        async with self._database.write() as connection:
            before = await connection.scalar(select(seen_events.c.reference).where(seen_events.c.id == row["id"]))
            if before is not None and before["version"] >= version and before["event"] != event:
                return None
            await connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))
        return before["event"] if before is not None else message

    async def is_open_elsewhere(self, event: str) -> bool:
        """Say whether another process works on an event, or has left it open."""
        query = select(seen_events.c.owner).where(seen_events.c.id == _hash(event), seen_events.c.state == OPEN)
        async with self._database.read() as connection:
            owner = await connection.scalar(query)
        return owner is not None and owner != self._seat.token

    async def overtaken(self, answering: Mapping[str, str]) -> frozenset[str]:
        """Return which of these messages, answered in these versions, were deleted or have a newer version."""
        messages = {_hash(message): message for message in answering}
        newest = {_hash(f"{message}:newest"): message for message in answering}
        columns = (seen_events.c.id, seen_events.c.state, seen_events.c.reference)
        query = select(*columns).where(seen_events.c.id.in_([*messages, *newest]))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        gone = {messages[row.id] for row in rows if row.id in messages and row.state == WITHDRAWN}
        known = {newest[row.id]: row.reference["version"] for row in rows if row.id in newest}
        return frozenset(gone | {message for message, version in known.items() if version > answering[message]})

    async def orphans(self, platform: str = "") -> tuple[OpenEvent, ...]:
        """Take over a platform's open events of processes that have ended; each is given to one process only."""
        query = select(seen_events.c.id, seen_events.c.owner, seen_events.c.reference).where(
            seen_events.c.state == OPEN, seen_events.c.owner != self._seat.token
        )
        async with self._database.read() as connection:
            found = (await connection.execute(query)).all()
        rows = [row for row in found if row.reference and row.reference["event"].startswith(platform)]
        ended = await gone(self._database, self._locks, {row.owner for row in rows})
        taken = [await self._take_over(row.id, row.owner) for row in rows if row.owner in ended]
        return tuple(event for event in taken if event is not None)

    async def expire(self) -> int:
        """Forget events that no platform delivers again."""
        async with self._database.write() as connection:
            limit = self._clock() - KEPT_SECONDS
            return (await connection.execute(delete(seen_events).where(seen_events.c.created_at <= limit))).rowcount

    async def _take_over(self, identifier: str, owner: str) -> OpenEvent | None:
        statement = (
            update(seen_events)
            .where(seen_events.c.id == identifier, seen_events.c.owner == owner, seen_events.c.state == OPEN)
            .values(owner=self._seat.token)
            .returning(seen_events.c.reference)
        )
        async with self._database.write() as connection:
            reference = await connection.scalar(statement)
        if reference is None:
            return None
        return OpenEvent(reference["event"], {key: value for key, value in reference.items() if key != "event"})

    async def _refer_all(self, references: Sequence[tuple[str, Mapping[str, str]]]) -> list[None]:
        rows = [{"event": _hash(event), "found_at": {**found_at, "event": event}} for event, found_at in references]
        statement = update(seen_events).where(seen_events.c.id == bindparam("event"), seen_events.c.state == OPEN)
        async with self._database.write(is_brief=True) as connection:
            await connection.execute(statement.values(reference=bindparam("found_at")), rows)
        return [None] * len(references)

    async def _finish_all(self, events: Sequence[str]) -> list[None]:
        ids = [_hash(event) for event in events]
        statement = update(seen_events).where(seen_events.c.id.in_(ids), seen_events.c.state == OPEN)
        async with self._database.write(is_brief=True) as connection:
            await connection.execute(statement.values(state=DONE, reference=None))
        return [None] * len(events)


def _hash(event: str) -> str:
    return hashlib.sha256(event.encode("utf-8", "surrogatepass")).hexdigest()
