"""Moments that outlive a process: until when somebody listened to a platform."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, select

from bot.database import metadata
from ingest.database import Database

marks = Table(
    "marks",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("moment", Float, nullable=False),
)


class Marks:
    """Reads and writes moments by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def moment(self, name: str) -> float | None:
        async with self._database.read() as connection:
            moment: float | None = await connection.scalar(select(marks.c.moment).where(marks.c.name == name))
        return moment

    async def moments(self, beginning: str) -> dict[str, float]:
        """Return the moments whose names begin like this."""
        query = select(marks.c.name, marks.c.moment).where(marks.c.name.startswith(beginning, autoescape=True))
        async with self._database.read() as connection:
            return {row.name: row.moment for row in await connection.execute(query)}

    async def forget(self, name: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(marks.delete().where(marks.c.name == name))

    async def set(self, name: str, moment: float) -> None:
        insert = self._database.insert(marks).values(name=name, moment=moment)
        async with self._database.write() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"moment": moment}))
