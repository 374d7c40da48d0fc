"""What Slack's events say, as values. Pure: payloads in, values out; nothing is looked up."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

ORDINARY = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that people write; the others are Slack's own or a bot's."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!(?:subteam\^\w+(?:\|([^>]*))?|(here|channel|everyone)[^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto|ftp|tel|slack):[^|>]*)(?:\|([^>]*))?>")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace."""

    team: str
    bot: str
    name: str

    @property
    def mention(self) -> str:
        """How people name us."""
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file as a message carries it."""

    id: str
    name: str
    size: int
    is_pdf: bool
    is_stub: bool
    """Only its id is known: `files.info` has the rest."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that a person wrote."""

    team: str
    channel: str
    kind: str
    """Slack's `channel_type`: channel, group, im, mpim; empty where the event does not say."""
    ts: str
    thread_ts: str
    """The root of the thread it is in; empty outside of threads."""
    user: str
    text: str
    files: tuple[SlackFile, ...] = ()
    edited: str = ""
    """When it was edited last; empty if never."""

    @property
    def key(self) -> str:
        """The same message whatever events tell of it."""
        return f"slack:{self.team}:{self.channel}:{self.ts}"

    @property
    def root(self) -> str:
        return self.thread_ts or self.ts

    @property
    def is_direct(self) -> bool:
        return self.kind == "im"

    @property
    def workspace(self) -> str:
        return workspace(self.team)


def workspace(team: str) -> str:
    return f"slack:{team}"


def posted(message: Json, team: str, channel: str = "", kind: str = "") -> Posted | None:
    """Return a person's message; None for what a bot wrote, or Slack itself."""
    if message.get("bot_id") or message.get("subtype") not in ORDINARY or message.get("hidden"):
        return None
    user, ts = str(message.get("user") or ""), str(message.get("ts") or "")
    channel = channel or str(message.get("channel") or "")
    if not (user and ts and channel) or user == "USLACKBOT":
        return None
    thread_ts = str(message.get("thread_ts") or "")
    return Posted(
        team=team,
        channel=channel,
        kind=kind or str(message.get("channel_type") or "") or ("im" if channel.startswith("D") else ""),
        ts=ts,
        thread_ts="" if thread_ts == ts else thread_ts,
        user=user,
        text=str(message.get("text") or ""),
        files=tuple(slack_file(one) for one in message.get("files") or () if one.get("mode") != "tombstone"),
        edited=str((message.get("edited") or {}).get("ts") or ""),
    )


def is_by_bot(event: Json) -> bool:
    """Say whether an event tells of a bot's message: mostly the echo of what we just wrote."""
    told = event.get("message") or event.get("previous_message") or event
    return event.get("type") == "message" and bool(told.get("bot_id"))


def slack_file(body: Json) -> SlackFile:
    name = str(body.get("name") or "")
    is_pdf = body.get("mimetype") == "application/pdf" or body.get("filetype") == "pdf" or name.lower().endswith(".pdf")
    is_known = bool(name or body.get("mimetype") or body.get("filetype"))
    is_stub = body.get("file_access") == "check_file_info" or body.get("mode") == "file_access" or not is_known
    return SlackFile(str(body.get("id") or ""), name or "document.pdf", int(body.get("size") or 0), is_pdf, is_stub)


def mentions(text: str) -> frozenset[str]:
    """Return the ids of the people that a text names, and the name of every group."""
    groups = {found[1] or found[2] or "group" for found in _GROUP.finditer(text)}
    return frozenset(found[1] for found in _MENTION.finditer(text)) | groups


def question_text(text: str, bot: str) -> str:
    """Return what was asked: without the mention of the bot, and with Slack's markup as people read it."""
    text = _MENTION.sub(lambda found: "" if found[1] == bot else "@someone", text)
    text = _CHANNEL.sub(lambda found: f"#{found[1]}" if found[1] else "", text)
    text = _GROUP.sub(lambda found: f"@{(found[1] or found[2] or 'group').lstrip('@')}", text)
    text = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:"), text)
    return html.unescape(text).strip()
