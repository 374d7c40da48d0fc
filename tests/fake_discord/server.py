"""FakeDiscord: the server on loopback with its world, and the handles by which a test drives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.fake_discord.api import Api, Call, Fault, rate_limited
from tests.fake_discord.driver import Person
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.gateway import Connection, Gateway
from tests.fake_discord.greeting import set_available
from tests.fake_discord.interactions import Interactions
from tests.fake_discord.limits import RateLimits
from tests.fake_discord.permissions import (
    BOT,
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    VIEW_CHANNEL,
    Overwrite,
)
from tests.fake_discord.place import Place
from tests.fake_discord.records import FORUM, TEXT, Guild, Happening, Message, Role, User
from tests.fake_discord.seen import Seen, see
from tests.fake_discord.world import World

ADMIN = MANAGE_GUILD | MANAGE_MESSAGES | MANAGE_THREADS | MANAGE_CHANNELS


class FakeDiscord:
    """A whole Discord on 127.0.0.1: one application, whose bot is in one guild with one channel."""

    def __init__(self, *, port: int = 0, allowed: int = BOT, home: str = "") -> None:
        """`home` is the id of its guild, where a test needs to know that before."""
        self.world = World()
        self.clock = self.world.clock
        self.app = self.world.app
        self.cdn = self.world.cdn
        self.interactions = Interactions(self.world)
        self.limits = RateLimits(self.clock)
        self.api = Api(self.world, self.interactions, self.limits)
        self.gateway = Gateway(self.world)
        self.home = self.world.add_guild("Acme", self.app.owner, known_id=home)
        self.world.add_bot(self.home, allowed)
        self.world.add_channel(self.home, "general")
        self._port = port
        self._runner: web.AppRunner | None = None
        self.site = ""

    # Running.

    async def __aenter__(self) -> FakeDiscord:
        application = web.Application(client_max_size=2**30)
        application.add_routes([*self.api.routes(), *self.cdn.routes(), web.get("/gateway/", self.gateway.serve)])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.site = self.cdn.site = f"http://{host}:{port}"
        self.world.gateway_url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        """What `discord.http.Route.BASE` is pointed at, and the value of DISCORD_API_BASE."""
        return f"{self.site}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` is pointed at, and the value of DISCORD_GATEWAY_URL."""
        return f"{self.site.replace('http', 'ws', 1)}/gateway/"

    @property
    def environ(self) -> dict[str, str]:
        """What to set for a bot in a process of its own."""
        return {
            "DISCORD_API_BASE": self.api_base,
            "DISCORD_GATEWAY_URL": self.gateway_url,
            "DISCORD_BOT_TOKEN": self.app.token,
        }

    # Who and where.

    @property
    def bot(self) -> User:
        return self.app.bot

    @property
    def mention(self) -> str:
        """What a person types to name the bot."""
        return f"<@{self.bot.id}>"

    def guild(self, name: str, *, bot: bool = True) -> Guild:
        """Return the guild of this name; a new one has the bot unless told otherwise."""
        for one in self.world.guilds.values():
            if one.name == name:
                return one
        guild = self.world.add_guild(name, self.app.owner)
        if bot:
            self.world.add_bot(guild)
        return guild

    def user(self, name: str, *, admin: bool = False, guilds: Iterable[Guild] | None = None) -> Person:
        """Return the person of this name; a new one is in the home guild, or in these. Admins can Manage Server."""
        found = next((one for one in self.world.users.values() if one.name == name), None)
        if found is None:
            found = self.world.add_user(name)
            for guild in [self.home] if guilds is None else guilds:
                self.world.add_member(guild, found)
        if admin:
            for guild in [one for one in self.world.guilds.values() if found.id in one.members]:
                self.world.set_roles(guild, found, [self.role("admins", permissions=ADMIN, guild=guild)])
        return Person(self, found)

    def role(self, name: str, *, permissions: int = 0, guild: Guild | None = None, mentionable: bool = False) -> Role:
        """Return the role of this name, which is added when new."""
        where = guild or self.home
        found = next((one for one in where.roles.values() if one.name == name), None)
        if found is None:
            found = Role(self.world.ids.new(), name, permissions, len(where.roles), mentionable)
            self.world.save_role(where, found)
        return found

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Iterable[Person] = (),
        roles: Iterable[Role] = (),
        guild: Guild | None = None,
        bot: bool = True,
        kind: int = TEXT,
    ) -> Place:
        """Return the channel of this name; a private one is seen by these people, roles and (unless told) the bot."""
        where = guild or self.home
        for one in where.channels.values():
            if one.name == name and not one.is_thread:
                return Place(self.world, one)
        overwrites = []
        if private:
            seeing = [(one.id, 1) for one in members] + [(one.id, 0) for one in roles]
            seeing += [(self.bot.id, 1)] if bot else []
            overwrites = [Overwrite(where.id, 0, deny=VIEW_CHANNEL)]
            overwrites += [Overwrite(id_, kind_, allow=VIEW_CHANNEL) for id_, kind_ in seeing]
        elif not bot:
            overwrites = [Overwrite(self.bot.id, 1, deny=VIEW_CHANNEL)]
        return Place(self.world, self.world.add_channel(where, name, kind, overwrites=overwrites))

    def forum(self, name: str, **how: Any) -> Place:
        return self.channel(name, kind=FORUM, **how)

    def direct(self, person: Person) -> Place:
        """Return the direct messages between a person and the bot."""
        return Place(self.world, self.world.direct(person.record))

    def place(self, channel_id: str) -> Place:
        """Return any channel or thread by its id."""
        return Place(self.world, self.world.channels[channel_id])

    # What happened.

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    def calls_of(self, route: str) -> list[Call]:
        """Return the calls of one route: `calls_of("POST /channels/{channel}/messages")`."""
        return [one for one in self.calls if one.route == route]

    @property
    def happenings(self) -> list[Happening]:
        """Everything people could notice, in order, with its moment."""
        return self.world.happenings

    def see(self, message: Message) -> Seen:
        return see(message)

    def replies(self, message: Message) -> list[Message]:
        """Return what the bot said to a message: replies, and what is in its thread, or in a thread it is in."""
        threads = [one for one in self.world.channels.values() if one.id == message.id and one.is_thread]
        spoken = message.channel.is_thread or message.channel.guild is None
        return [
            one
            for where in [message.channel, *threads]
            for one in where.messages.values()
            if one.author is self.bot
            and int(one.id) > int(message.id)
            and not one.visible_to
            and one.type != 21
            and (one.referenced is message or where is not message.channel or spoken)
        ]

    async def until(self, condition: Callable[[], Any], within: float = 60.0) -> Any:
        """Wait until the condition gives something true; return that."""
        return await self.world.until(condition, within)

    async def reply(self, message: Message, containing: str = "", within: float = 60.0) -> Message:
        """Wait for the bot's reply that shows these words."""

        def found() -> Message | None:
            return next((one for one in self.replies(message) if containing in see(one).shown), None)

        answer: Message = await self.until(found, within)
        return answer

    async def connected(self, count: int = 1, within: float = 60.0) -> list[Connection]:
        """Wait for this many identified connections."""
        await self.until(lambda: len(self._identified()) >= count, within)
        return self._identified()

    def _identified(self) -> list[Connection]:
        return [one for one in self.gateway.connections if one.session is not None]

    async def delivered(self, within: float = 60.0) -> None:
        """Wait until every connected session has taken every event so far."""
        await self.until(
            lambda: all(one.session is None or one.session.taken >= one.session.sequence for one in self._identified()),
            within,
        )

    # Trouble.

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Let a guild have an outage, or end it."""
        set_available(self.world, guild, available=available)

    def fail(self, route: str, code: int = 0, *, status: int = 0, times: int = 1) -> None:
        """Make the next calls of a route answer an error, by Discord's code or by HTTP status."""
        error = RefusedError(code, status=status, message="" if code else f"{status}: Internal Server Error")
        self.api.faults[route].append(Fault(error=error, times=times))

    def limit(self, route: str, retry_after: float = 1.0, *, times: int = 1, scope: str = "user") -> None:
        """Make the next calls of a route answer 429; `scope` is `user`, `shared` or `global`."""
        self.api.faults[route].append(Fault(error=rate_limited(retry_after, scope), times=times))

    def slow(self, route: str, seconds: float, *, times: int = 1) -> None:
        self.api.faults[route].append(Fault(delay=seconds, times=times))

    def break_off(self, route: str, *, times: int = 1) -> None:
        """Carry out the next calls of a route, but break the connection before answering."""
        self.api.faults[route].append(Fault(drop=True, times=times))
