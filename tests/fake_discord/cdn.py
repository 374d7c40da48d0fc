"""Discord's CDN: attachments at signed addresses that expire."""

from __future__ import annotations

import hashlib
import hmac
import mimetypes
import re
import secrets
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.clock import Clock
from tests.fake_discord.records import Attachment, Json

GONE = "This content is no longer available."


class Cdn:
    """Every attachment ever uploaded, and who fetched what."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self.site = "http://127.0.0.1"
        self.files: dict[str, Attachment] = {}
        self.lifetime = 86_400.0
        """Seconds that an address is good for."""
        self.requests: list[dict[str, str]] = []
        """The headers of every download."""
        self.failures = 0
        """How many of the next downloads are answered 503."""
        self.replacement: bytes | None = None
        """Served instead of any file, e.g. a sign-in page."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/{kind:attachments|ephemeral-attachments}/{channel}/{id}/{name}", self.serve)]

    def add(self, file_id: str, channel_id: str, name: str, content: bytes, *, ephemeral: bool = False) -> Attachment:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        safe = safe_name(name)
        title = "" if safe == name else name.rpartition(".")[0] or name
        one = Attachment(file_id, safe, content, kind, channel_id, title, is_ephemeral=ephemeral)
        self.files[file_id] = one
        return one

    def forget(self, files: Iterable[Attachment]) -> None:
        for one in files:
            one.is_deleted = True

    def sign(self, one: Attachment) -> str:
        """Return an address of a file that is good for a while from now."""
        kind = "ephemeral-attachments" if one.is_ephemeral else "attachments"
        path = f"/{kind}/{one.channel_id}/{one.id}/{one.filename}"
        now = int(self._clock.now())
        expires, issued = f"{int(now + self.lifetime):x}", f"{now:x}"
        return f"{self.site}{path}?ex={expires}&is={issued}&hm={self._signature(path, expires, issued)}&"

    def rekey(self) -> None:
        """Let every address that was given out expire."""
        self._key = secrets.token_bytes(16)

    def _signature(self, path: str, expires: str, issued: str) -> str:
        return hmac.new(self._key, f"{path}|{expires}|{issued}".encode(), hashlib.sha256).hexdigest()

    def is_good(self, url: str) -> bool:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        given = (query.get("ex", ""), query.get("is", ""))
        if not hmac.compare_digest(query.get("hm", ""), self._signature(parts.path, *given)):
            return False
        return int(given[0], 16) >= self._clock.now()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(dict(request.headers))
        if self.failures:
            self.failures -= 1
            raise web.HTTPServiceUnavailable
        one = self.files.get(request.match_info["id"])
        if one is None or one.is_deleted or not self.is_good(request.path_qs):
            return web.Response(status=404, text=GONE)
        body = one.content if self.replacement is None else self.replacement
        return web.Response(body=body, content_type=one.content_type)

    def refreshed(self, url: str) -> Json:
        """Answer one address of `POST /attachments/refresh-urls`."""
        parts = urlsplit(url).path.split("/")
        one = self.files.get(parts[3]) if len(parts) == 5 else None
        return {"original": url, "refreshed": self.sign(one) if one and not one.is_deleted else None}


def safe_name(name: str) -> str:
    """Name a file as Discord does: no white space, and of signs only dots, dashes and underscores."""
    kept = re.sub(r"[^\w.-]", "", re.sub(r"\s", "_", name), flags=re.ASCII)
    return kept or "unknown"
