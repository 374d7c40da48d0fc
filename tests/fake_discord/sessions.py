"""Gateway sessions: what each has asked for, what was sent to it, and what it can have again. No I/O."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.clock import Clock
from tests.fake_discord.records import Json

REMEMBERED = 10_000
"""Events a session can have again."""


@dataclass(eq=False)
class Session:
    """One identified connection, or what is left of it until it resumes."""

    intents: int
    shard: tuple[int, int]
    version: int = 10
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    """Events in order; those a connection has not taken yet are among them."""
    taken: int = 0
    """The last event that a connection took."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    lost_at: float | None = None
    """When its connection broke; None while it has one."""
    is_over: bool = False

    def push(self, name: str, data: Json) -> None:
        self.sequence += 1
        self.sent.append({"op": 0, "s": self.sequence, "t": name, "d": data})
        self.wake.set()

    def after(self, sequence: int) -> list[Json]:
        return [one for one in self.sent if one["s"] > sequence]

    def serves(self, guild_id: str) -> bool:
        """Say whether this shard is the guild's; direct messages belong to the first one."""
        number = int(guild_id) >> 22 if guild_id else 0
        return number % self.shard[1] == self.shard[0]

    def wants(self, intent: int) -> bool:
        return not intent or bool(self.intents & intent)


class Sessions:
    """All sessions of the application, and how events reach them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.all: list[Session] = []
        self.resume_within = 180.0
        """Seconds in which a broken connection may be resumed."""

    def add(self, intents: int, shard: tuple[int, int]) -> Session:
        session = Session(intents, shard)
        self.all.append(session)
        return session

    @property
    def alive(self) -> list[Session]:
        return [one for one in self.all if not one.is_over]

    @property
    def connected(self) -> list[Session]:
        return [one for one in self.alive if one.lost_at is None]

    def find(self, session_id: str) -> Session | None:
        """Return a session that may be resumed now."""
        for one in self.alive:
            too_late = one.lost_at is not None and self.clock.now() - one.lost_at > self.resume_within
            if one.id == session_id and not too_late:
                return one
        return None

    def tell(self, name: str, guild_id: str, intent: int, data: Json | Callable[[Session], Json]) -> None:
        """Send an event to each session whose shard and intents it concerns; `data` may depend on the session."""
        for session in self.alive:
            if session.serves(guild_id) and session.wants(intent):
                session.push(name, data(session) if callable(data) else data)
