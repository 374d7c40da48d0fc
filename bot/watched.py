"""Which channels are watched: every PDF that is posted in one is indexed. By configuration, or as people asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Boolean, Column, Float, String, Table, Text, select

from bot.database import metadata
from ingest.database import Database

watched_channels = Table(
    "watched_channels",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("is_watched", Boolean, nullable=False),
    Column("by", String(255), nullable=False),
    Column("changed_at", Float, nullable=False),
)


class Watched:
    """What people said last about a channel; where nobody did, what is configured for the platform.

    Configured are ids, or names with or without #.
    """

    def __init__(
        self, database: Database, configured: Mapping[str, Collection[str]], clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._configured = {
            platform: frozenset(one.removeprefix("#").casefold() for one in channels) - {""}
            for platform, channels in configured.items()
        }
        self._clock = clock

    @property
    def needs_names(self) -> bool:
        """Whether a channel's name matters at all."""
        return any(self._configured.values())

    async def is_watched(self, workspace: str, channel: str, name: str = "") -> bool:
        return bool(await self.which(workspace, {channel: name}))

    async def which(self, workspace: str, channels: Mapping[str, str]) -> frozenset[str]:
        """Return which of some channels are watched: ids with their names, as far as those are known."""
        query = select(watched_channels.c.channel, watched_channels.c.is_watched).where(
            watched_channels.c.workspace == workspace
        )
        if len(channels) == 1:
            query = query.where(watched_channels.c.channel.in_(channels))
        async with self._database.read() as connection:
            said: dict[str, bool] = {row.channel: row.is_watched for row in await connection.execute(query)}
        configured = self._configured.get(workspace.partition(":")[0], frozenset())
        return frozenset(
            channel
            for channel, name in channels.items()
            if said.get(channel, bool({channel.casefold(), name.casefold()} & configured))
        )

    async def set(self, workspace: str, channel: str, by: str, *, is_watched: bool) -> None:
        values = {"is_watched": is_watched, "by": by, "changed_at": self._clock()}
        insert = self._database.insert(watched_channels).values(workspace=workspace, channel=channel, **values)
        async with self._database.write() as connection:
            await connection.execute(insert.on_conflict_do_update(index_elements=["workspace", "channel"], set_=values))

    async def forget(self, workspace: str, channel: str = "") -> None:
        """The channel is gone, or we are; without one, from the whole workspace."""
        gone = watched_channels.delete().where(watched_channels.c.workspace == workspace)
        async with self._database.write() as connection:
            await connection.execute(gone.where(watched_channels.c.channel == channel) if channel else gone)
