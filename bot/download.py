"""Fetches a file that a platform keeps: from the platform's own hosts only, and never more than may be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.errors import DownloadError, FileRefusedError, TooLargeError, UploadError

DOWNLOAD_SECONDS = 300.0
BLOCK = 1 << 16
MOST_REDIRECTS = 3
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps files: its name for people, its hosts, and what it wants to be told with each request."""

    name: str
    is_own: Callable[[str], bool]
    """Says whether an address is the platform's: nothing is sent to any other, nor asked of it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


async def download(
    session: aiohttp.ClientSession, keeper: Keeper, url: str, target: Path, max_bytes: int, advice: str
) -> str:
    """Write the file at `url` to `target`; return its content type. `advice` says what helps where it is not there.

    Raises:
        DownloadError: trying again may help.
        UploadError: it does not.
    """
    failed = f"{keeper.name} did not hand over the file. {advice}"
    try:
        async with asyncio.timeout(DOWNLOAD_SECONDS):
            return await _download(session, keeper, url, target, max_bytes, failed)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DownloadError(failed) from error


async def _download(
    session: aiohttp.ClientSession, keeper: Keeper, url: str, target: Path, max_bytes: int, failed: str
) -> str:
    for _ in range(MOST_REDIRECTS):
        if not keeper.is_own(url):
            raise UploadError(f"It does not lie with {keeper.name} itself, so I do not fetch it. Upload the file here.")
        async with session.get(url, headers=keeper.headers, allow_redirects=False) as response:
            if response.status in MOVED:
                url = urljoin(url, response.headers.get("Location", ""))
                continue
            if response.status >= 500 or response.status == 429:
                raise DownloadError(failed)
            if response.status != 200:
                raise FileRefusedError(f"{keeper.name} does not let me read it ({response.status}).")
            await _write(response, target, max_bytes)
            return response.content_type
    raise UploadError(f"{keeper.name} sends me from one place to another for it. Upload the file again.")


async def _write(response: aiohttp.ClientResponse, target: Path, max_bytes: int) -> None:
    if (response.content_length or 0) > max_bytes:
        raise TooLargeError(max_bytes)
    size = 0
    with target.open("wb") as file:
        async for block in response.content.iter_chunked(BLOCK):
            size += len(block)
            if size > max_bytes:
                raise TooLargeError(max_bytes)
            file.write(block)


def lies_beside(url: str, configured: str) -> bool:
    """Say whether an address is on the machine that stands in for a platform: it may keep its files on another port.

    Good enough only for what is asked for without a secret.
    """
    ours, theirs = urlsplit(configured).hostname, urlsplit(url).hostname
    return bool(ours and theirs) and (ours == theirs or {ours, theirs} <= LOOPBACK)


def lies_with(url: str, configured: str, is_own: Callable[[str], bool]) -> bool:
    """Say whether an address is on one of a platform's own hosts, or on the configured one that stands in for them."""
    parts = urlsplit(url)
    if parts.hostname and (parts.hostname, parts.port) == host_of(configured):
        return True
    return parts.scheme == "https" and parts.port is None and is_own(parts.hostname or "")


def host_of(url: str) -> tuple[str, int | None] | None:
    """Return host and port of a configured address: files of a stand-in for the platform lie there, too."""
    parts = urlsplit(url)
    return (parts.hostname, parts.port) if parts.hostname else None
