"""Who people are, what kind of place a channel is, and who is in which: asked of Slack, remembered for a short while.

What Slack does not tell is taken for the narrowest: a private place, an outsider, no memberships. Only a server that
has no such thing as `users.info` has no outsiders either.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from typing import Any

import structlog

from bot.access import Person, Place, PlaceKind
from bot.remembered import Remembered
from bot.slack.api import NO_SUCH_METHOD, Api, Json, SlackRefusedError
from bot.slack.events import workspace

log = structlog.get_logger(__name__)


class Standing(enum.Enum):
    """How we stand to a channel."""

    INSIDE = enum.auto()
    OUTSIDE = enum.auto()
    GONE = enum.auto()
    """Deleted, or private and closed to us."""


class Directory:
    """Looks up people and places of one workspace."""

    def __init__(self, api: Api, team: str, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._team = team
        self._persons = Remembered[str, Person](seconds, clock)
        self._places = Remembered[str, Place](seconds, clock)
        self._names = Remembered[str, str](seconds, clock)
        self._memberships = Remembered[str, frozenset[str]](seconds, clock)

    async def person(self, user: str) -> Person:
        async def look_up() -> Person:
            try:
                body = (await self._api.call("users.info", user=user)).get("user") or {}
            except SlackRefusedError as error:
                if error.retry_after:
                    raise
                log.warning("person_not_told", code=error.code)
                return Person(user, is_admin=False, is_outsider=error.code != NO_SUCH_METHOD)
            is_stranger = bool(body.get("is_stranger")) or (body.get("team_id") or self._team) != self._team
            is_guest = bool(body.get("is_restricted") or body.get("is_ultra_restricted"))
            is_admin = bool(body.get("is_admin") or body.get("is_owner")) and not is_stranger
            return Person(user, is_admin, is_outsider=is_guest or is_stranger)

        return await self._persons.get(user, look_up)

    async def place(self, channel: str) -> Place:
        async def look_up() -> Place:
            try:
                body = await self._info(channel)
            except SlackRefusedError as error:
                if error.retry_after:
                    raise
                body = {}  # a group message, for which there is no scope, or a channel that the bot is not in
            return _place(self._team, channel, body)

        return await self._places.get(channel, look_up)

    async def is_ours(self, channel: str) -> bool:
        """Say whether the bot is in a channel; asked each time, for people invite it and try again at once."""
        try:
            body = await self._info(channel)
        except SlackRefusedError:
            return False
        return bool(body.get("is_member") or body.get("is_im"))

    async def standing(self, channel: str) -> Standing:
        """Say how we stand to a channel now.

        Raises:
            DeliveryError: Slack does not tell; nothing may be concluded from that.
        """
        try:
            body = await self._info(channel)
        except SlackRefusedError as error:
            if error.code != "channel_not_found":
                raise
            return Standing.GONE
        if not body:
            raise SlackRefusedError("conversations.info", "no_channel")
        return Standing.INSIDE if body.get("is_member") or body.get("is_im") else Standing.OUTSIDE

    async def name(self, channel: str) -> str:
        """Return a channel's name; empty where it has none, or none that the bot may know."""

        async def look_up() -> str:
            try:
                return str((await self._info(channel)).get("name") or "")
            except SlackRefusedError:
                return ""

        return await self._names.get(channel, look_up)

    async def _info(self, channel: str) -> Json:
        return dict((await self._api.call("conversations.info", channel=channel)).get("channel") or {})

    async def memberships(self, user: str) -> frozenset[str]:
        """Return the channels that a person is in, as far as the bot sees them."""

        async def look_up() -> frozenset[str]:
            found: set[str] = set()
            cursor = ""
            while True:
                arguments: Json = {"user": user, "types": "public_channel,private_channel", "limit": 200}
                if cursor:
                    arguments["cursor"] = cursor
                try:
                    body = await self._api.call("users.conversations", **arguments)
                except SlackRefusedError as error:
                    if error.retry_after:
                        raise
                    log.warning("memberships_not_told", code=error.code)
                    return frozenset()
                found |= {str(one["id"]) for one in body.get("channels", ())}
                cursor = str((body.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    return frozenset(found)

        return await self._memberships.get(user, look_up)

    def forget(self, user: str = "", channel: str = "") -> None:
        """Look up anew what an event has just changed."""
        self._memberships.forget(user)
        self._persons.forget(user)
        self._places.forget(channel)
        self._names.forget(channel)


def _place(team: str, channel: str, body: dict[str, Any]) -> Place:
    if body.get("is_im") or channel.startswith("D"):
        kind = PlaceKind.DIRECT
    elif body and not (body.get("is_private") or body.get("is_mpim") or body.get("is_group")):
        kind = PlaceKind.PUBLIC
    else:
        kind = PlaceKind.PRIVATE
    has_outsiders = bool(body.get("is_ext_shared") or body.get("is_pending_ext_shared"))
    return Place(workspace(team), channel, kind, has_outsiders)
