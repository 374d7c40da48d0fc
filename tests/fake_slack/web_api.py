"""The HTTP side: Web API calls with tokens, scopes, rate limits and planned faults; files; response URLs."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from tests.fake_slack.blockkit import RefusedError, parse
from tests.fake_slack.limits import RateLimits, too_many
from tests.fake_slack.methods import METHODS, Method, chat, conversations, files, people
from tests.fake_slack.records import Json
from tests.fake_slack.workspace import ResponseUrl, Workspace

__all__ = ["Call", "Fault", "WebApi", "chat", "conversations", "files", "people"]

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to AskDocs Test</body></html>"


@dataclass(frozen=True)
class Call:
    """One Web API call, with its answer."""

    method: str
    args: Json
    at: float
    status: int
    answer: Json

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass
class Fault:
    """What goes wrong with the next calls of one method."""

    error: str = ""
    status: int = 200
    retry_after: float | None = None
    delay: float = 0.0
    times: int = 1
    drop: bool = False
    """The connection breaks, after the call was carried out."""


@dataclass(frozen=True)
class Unknown:
    """How a server answers the methods that it does not have."""

    status: int = 200
    body: str = '{"ok": false, "error": "unknown_method"}'
    content_type: str = "application/json"


@dataclass
class WebApi:
    """Answers HTTP requests from the workspace's state."""

    ws: Workspace
    limits: RateLimits
    calls: list[Call] = field(default_factory=list)
    faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    implemented: frozenset[str] = frozenset(METHODS)
    """What this server has; for the rest it answers `unknown`."""
    unknown: Unknown = field(default_factory=Unknown)
    redirect_downloads_to: str = ""
    downloads: list[Json] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self.call),
            web.get("/link/", self.ws.sockets.serve),
            web.get("/files-pri/{ids}/download/{name}", self.download),
            web.get("/files-pri/{ids}/{name}", self.download),
            web.post("/upload/v1/{file}", self.upload),
            web.post("/{path:actions|commands}/{team}/{token}", self.respond),
        ]

    async def call(self, request: web.Request) -> web.Response:
        """Carry out one Web API call."""
        name = request.match_info["method"]
        if name not in self.implemented:
            return web.Response(
                status=self.unknown.status, text=self.unknown.body, content_type=self.unknown.content_type
            )
        args = await _arguments(request)
        headers = {"x-slack-req-id": self.ws.ids.new("R")}
        fault = self._fault(name)
        try:
            if fault and fault.delay:
                await asyncio.sleep(fault.delay)
            if fault and fault.retry_after is not None:
                raise too_many(fault.retry_after)
            if fault and fault.error:
                raise RefusedError(fault.error, status=fault.status)
            answer = {"ok": True} | self._carry_out(name, args, headers)
            status = 200
        except RefusedError as refused:
            answer, status = _refusal(refused), refused.status
            headers |= refused.headers
        self.calls.append(Call(name, args, self.ws.clock.now(), status, answer))
        self.ws.changed()
        if fault and fault.drop and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer, status=status, headers=headers)

    def _fault(self, name: str) -> Fault | None:
        planned = self.faults.get(name)
        if not planned:
            return None
        planned[0].times -= 1
        return planned[0] if planned[0].times else planned.pop(0)

    def _carry_out(self, name: str, args: Json, headers: dict[str, str]) -> Json:
        method = METHODS[name]
        self._authorise(method, str(args.pop("token", "")))
        headers["x-oauth-scopes"] = ",".join(sorted(self.ws.app.scopes))
        headers["x-accepted-oauth-scopes"] = method.scope
        if method.scope:
            self.ws.require(method.scope)
        self.limits.check(name, method.tier, str(args.get("channel", "")))
        return method.handler(self.ws, args)

    def _authorise(self, method: Method, token: str) -> None:
        app = self.ws.app
        if method.token == "none":
            return
        if not token:
            raise RefusedError("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise RefusedError("invalid_auth")
        if token != (app.app_token if method.token == "app" else app.bot_token):
            raise RefusedError("not_allowed_token_type")
        if method.token == "app" and not app.app_token_scopes:
            raise RefusedError("missing_scope", needed="connections:write", provided="")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand over a file to whom may see it; others get Slack's sign-in page, with status 200."""
        token = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
        file = self.ws.files.get(request.match_info["ids"].partition("-")[2])
        self.downloads.append({"file": file.id if file else "", "token": token})
        self.ws.changed()
        fault = self._fault("download")
        if fault:
            await asyncio.sleep(fault.delay)
            if fault.drop and request.transport is not None:
                request.transport.abort()
            if fault.status >= 400:
                return web.Response(status=fault.status)
        if self.redirect_downloads_to:
            raise web.HTTPFound(self.redirect_downloads_to)
        allowed = token == self.ws.app.bot_token and "files:read" in self.ws.app.scopes
        if not allowed or file is None or not self.ws.readable(file):
            return web.Response(text=SIGN_IN, content_type="text/html")
        if file.deleted:
            return web.Response(status=404, text="file not found")
        self.ws.scopes_used.add("files:read")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes of a file that `files.getUploadURLExternal` announced."""
        file = self.ws.files.get(request.match_info["file"])
        body = await request.read()
        if file is None or file.complete or len(file.content) != len(body):
            return web.Response(status=400, text="upload does not match")
        file.content = body
        return web.Response(text=f"OK - {len(body)}")

    async def respond(self, request: web.Request) -> web.Response:
        """Take a post to a `response_url`."""
        target = self.ws.response_urls.get(request.match_info["token"])
        if target is None or self.ws.clock.now() > target.expires:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if target.uses >= 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        target.uses += 1
        fault = self._fault("response_url")
        if fault and fault.retry_after is not None:
            return web.Response(status=429, headers={"Retry-After": f"{fault.retry_after:g}"})
        if fault and fault.error:
            return web.Response(status=fault.status, text=fault.error)
        body = await request.json()
        try:
            show_response(self.ws, target, body)
        except RefusedError as refused:
            return web.json_response(_refusal(refused), status=500)
        return web.Response(text="ok")


def show_response(ws: Workspace, target: ResponseUrl, body: Json) -> None:
    """Show what an ack or a `response_url` post carries: a new message, or another face of the clicked one."""
    target.posts.append(body)
    original = target.message
    if body.get("delete_original") and original is not None:
        if original.visible_to:
            ws.ephemerals.remove(original)
            ws.happen("deleted", original, ws.app.user.id)
        else:
            ws.delete(original, ws.app.user)
        return
    text, blocks = str(body.get("text") or ""), parse(body.get("blocks"))
    if not text and not blocks:
        raise RefusedError("no_text")
    chat.check_blocks(ws, blocks)
    if body.get("replace_original") and original is not None:
        ws.edit(original, ws.app.user, text, blocks)
        return
    thread_ts = str(body.get("thread_ts") or "")
    if body.get("response_type") == "in_channel":
        ws.post(target.channel, ws.app.user, text, blocks=blocks, thread_ts=thread_ts)
    else:
        ws.whisper(target.channel, target.user, text, blocks, thread_ts=thread_ts)


def _refusal(refused: RefusedError) -> Json:
    answer: Json = {"ok": False, "error": refused.error} | refused.extra
    if refused.messages:
        answer["response_metadata"] = {"messages": list(refused.messages)}
    return answer


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, from wherever the client put them, with the token."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= json.loads(await request.text() or "{}")
    elif request.can_read_body:
        args |= dict(await request.post())
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    if header.startswith("Bearer "):
        args["token"] = header.removeprefix("Bearer ")
    return args
