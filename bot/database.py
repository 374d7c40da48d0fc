"""The bot's part of the state database: metadata and migrations. Each table is defined in the room that uses it."""

from __future__ import annotations

from sqlalchemy import MetaData

from ingest.database import Database

metadata = MetaData()


async def open_state(url: str) -> Database:
    """Open the state database with all tables of ingest and bot up to date."""
    database = Database.open(url)
    try:
        await database.migrate("ingest")
        await database.migrate("bot")
    except BaseException:  # also when cancelled: nothing stays open
        await database.close()
        raise
    return database
