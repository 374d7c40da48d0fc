"""FakeSlack: the server on loopback with its workspace, and the handles by which a test drives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml
from aiohttp import web

from tests.fake_slack.delivery import Delivery, HttpMode, Socket
from tests.fake_slack.driver import Person, Place
from tests.fake_slack.limits import RateLimits
from tests.fake_slack.records import Happening, Message, User
from tests.fake_slack.seen import Seen, see
from tests.fake_slack.web_api import Call, Fault, WebApi
from tests.fake_slack.workspace import Workspace


class FakeSlack:
    """A whole Slack on 127.0.0.1: one workspace with one app installed."""

    def __init__(self, *, manifest: Path | None = None, port: int = 0) -> None:
        self.ws = Workspace()
        if manifest is not None:
            self._configure(yaml.safe_load(manifest.read_text(encoding="utf-8")))
        self.clock = self.ws.clock
        self.limits = RateLimits(self.ws.clock)
        self.web = WebApi(self.ws, self.limits)
        self.deliveries = self.ws.deliveries
        self.sockets = self.ws.sockets
        self.app = self.ws.app
        self.elsewhere: list[dict[str, str]] = []
        """The headers of every request to `elsewhere_url`: a host that is not Slack's."""
        self.elsewhere_url = ""
        self._port = port
        self._runners: list[web.AppRunner] = []
        self._http: HttpMode | None = None

    def _configure(self, manifest: dict[str, Any]) -> None:
        self.ws.app.scopes = set(manifest["oauth_config"]["scopes"]["bot"])
        self.ws.app.events = set(manifest["settings"]["event_subscriptions"]["bot_events"])

    # Running.

    async def __aenter__(self) -> FakeSlack:
        self.ws.site = await self._serve(self.web.routes(), self._port)
        elsewhere = await self._serve([web.route("*", "/{path:.*}", self._not_slack)], 0)
        self.elsewhere_url = f"{elsewhere.replace('127.0.0.1', 'localhost')}/file.pdf"
        return self

    async def _serve(self, routes: Iterable[web.RouteDef], port: int) -> str:
        application = web.Application(client_max_size=2**30)
        application.add_routes(routes)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, number = runner.addresses[0][:2]
        return f"http://{host}:{number}"

    async def _not_slack(self, request: web.Request) -> web.Response:
        self.elsewhere.append(dict(request.headers))
        return web.Response(body=b"%PDF-1.4 not from Slack", content_type="application/pdf")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.deliveries.close()
        await self.sockets.close()
        if self._http is not None:
            await self._http.close()
        for runner in self._runners:
            await runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base URL for `AsyncWebClient(base_url=…)`, and the value of SLACK_API_URL."""
        return f"{self.ws.site}/api/"

    @property
    def environ(self) -> dict[str, str]:
        """What to set for a bot in a process of its own."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_APP_TOKEN": self.app.app_token,
            "SLACK_SIGNING_SECRET": self.app.signing_secret,
        }

    async def use_http(self, url: str) -> HttpMode:
        """Deliver to a request URL, signed, instead of over Socket Mode."""
        self._http = HttpMode(url, self.app.signing_secret)
        self.deliveries.transport = self._http
        return self._http

    # Who and where.

    @property
    def bot(self) -> User:
        return self.app.user

    @property
    def mention(self) -> str:
        """What a person types to name the app."""
        return f"<@{self.bot.id}>"

    def user(self, name: str, *, admin: bool = False, guest: bool = False, is_bot: bool = False) -> Person:
        """Return the person of this name, who is added when new."""
        found = next((one for one in self.ws.users.values() if one.name == name), None)
        if found is None:
            found = User(self.ws.ids.new("U"), name, is_bot=is_bot, is_admin=admin, is_guest=guest)
            found.bot_id = self.ws.ids.new("B") if is_bot else ""
            self.ws.users[found.id] = found
        return Person(self, found)

    def channel(
        self,
        name: str,
        *,
        private: bool = False,
        shared: bool = False,
        members: Iterable[Person] = (),
        app: bool = True,
    ) -> Place:
        """Return the channel of this name; a new one has these members, and the app unless `app` is False."""
        for one in self.ws.channels.values():
            if one.name == name and one.kind in ("public", "private") and not one.deleted:
                return Place(self.ws, one)
        ids = [*(person.id for person in members), *([self.bot.id] if app else [])]
        added = self.ws.add_channel(name, "private" if private else "public", ids)
        added.shared = shared
        return Place(self.ws, added)

    def direct(self, *people: Person) -> Place:
        """Return the conversation of these people with the app: direct with one, a group message with several."""
        return Place(self.ws, self.ws.direct(self.bot, *(one.record for one in people)))

    # What happened.

    @property
    def calls(self) -> list[Call]:
        return self.web.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def happenings(self) -> list[Happening]:
        """Everything people could notice, in order, with its moment."""
        return self.ws.happenings

    def see(self, message: Message) -> Seen:
        return see(self.ws, message)

    def replies(self, message: Message) -> list[Message]:
        """Return what the app said in this message's thread after it (in a direct message: after it, anywhere)."""
        direct = message.channel.kind == "im"
        found: list[Message] = []
        for one in reversed(message.channel.messages.values()):
            if one.ts <= message.ts:
                break
            if one.user == self.bot.id and (one.thread_ts == message.root or direct):
                found.append(one)
        return found[::-1]

    async def until(self, condition: Callable[[], Any], within: float = 30.0) -> Any:
        """Wait until the condition gives something true; return that."""
        return await self.ws.until(condition, within)

    async def reply(self, message: Message, containing: str = "", within: float = 30.0) -> Message:
        """Wait for the app's reply that shows these words and is not being streamed any more."""

        def found() -> Message | None:
            for one in self.replies(message):
                seen = self.see(one)
                if containing in seen.shown and not seen.streaming:
                    return one
            return None

        answer: Message = await self.until(found, within)
        return answer

    # Trouble.

    def fail(self, method: str, error: str = "internal_error", *, status: int = 200, times: int = 1) -> None:
        """Make the next calls of a method answer this error."""
        self.web.faults[method].append(Fault(error=error, status=status, times=times))

    def limit(self, method: str, retry_after: float = 1.0, *, times: int = 1) -> None:
        """Make the next calls of a method answer 429."""
        self.web.faults[method].append(Fault(retry_after=retry_after, times=times))

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        self.web.faults[method].append(Fault(delay=seconds, times=times))

    def break_off(self, method: str, *, times: int = 1) -> None:
        """Carry out the next calls of a method (or `download`), but break the connection before answering."""
        self.web.faults[method].append(Fault(drop=True, times=times))

    def disable_streaming(self, error: str = "unknown_method") -> None:
        """Be a workspace without the streaming feature."""
        self.ws.streaming = error

    def redeliver(self, delivery: Delivery | None = None) -> Delivery:
        """Deliver an event again, with the same `event_id`; without an argument, the last one."""
        events = [one for one in self.deliveries.sent if one.kind == "events_api"]
        return self.deliveries.again(delivery or events[-1])

    async def settled(self, within: float = 30.0) -> None:
        """Wait until every event is acknowledged or given up."""
        await self.deliveries.settled(within)

    async def connected(self, count: int = 1, within: float = 30.0) -> list[Socket]:
        """Wait for this many sockets."""
        await self.until(lambda: len(self.sockets.sockets) >= count, within)
        return list(self.sockets.sockets)
