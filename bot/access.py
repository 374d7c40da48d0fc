"""Who may read what: which scopes a question may search, and which scope an upload gets. Pure; nothing is looked up.

The rules, all in this file:

- No question crosses the wall of its workspace.
- An answer that a whole channel sees reads the workspace's documents and that channel's own, nothing else: what is
  private to another channel never appears here, whoever asks.
- An answer that only the asker sees (a direct message, an ephemeral reply) reads also the channels the asker is in at
  this moment. Membership is passed in; when it is not known, it is empty, and nothing private is read.
- Where people from outside the workspace read along (a channel shared with another company), an answer that they see
  reads the channel's own documents only. A guest reads the channels they are in, never the whole workspace.
- Private uploads stay private: only what is uploaded in a public channel may become readable to the workspace.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from ingest.documents import WORKSPACE_SCOPE, Document, Scopes, channel_scope

PublicUploads = Literal["workspace", "channel"]


class PlaceKind(enum.StrEnum):
    """What sort of conversation something happens in."""

    PUBLIC = "public"
    """A channel that everybody in the workspace may join."""
    PRIVATE = "private"
    """A channel or group message with chosen members."""
    DIRECT = "direct"
    """A direct message between one person and the bot."""


class Audience(enum.StrEnum):
    """Who sees the answer."""

    CHANNEL = "channel"
    """Everybody in the place."""
    ASKER = "asker"
    """Only the asker: an ephemeral reply."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked or a file is uploaded. A thread is in its channel's place."""

    workspace: str
    channel: str
    kind: PlaceKind
    has_outsiders: bool = False
    """People from outside the workspace are in the channel, such as those of a company it is shared with."""

    def __post_init__(self) -> None:
        if not self.workspace or not self.channel:
            raise ValueError("a place has a workspace and a channel")


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, uploads or commands."""

    id: str
    is_admin: bool = False
    is_outsider: bool = False
    """A guest, or somebody of another company: belongs to channels, not to the workspace."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a person has an id")


def readable_scopes(place: Place, person: Person, audience: Audience, memberships: Collection[str] = ()) -> Scopes:
    """Return what a question may read; `memberships` are the ids of the channels that the person is in now."""
    names = {channel_scope(place.channel)}
    if _is_seen_by_asker_alone(place, audience):
        names |= {channel_scope(channel) for channel in memberships if channel}
        if not person.is_outsider:
            names.add(WORKSPACE_SCOPE)
    elif not (person.is_outsider or place.has_outsiders):
        names.add(WORKSPACE_SCOPE)
    return Scopes(place.workspace, frozenset(names))


def upload_scope(place: Place, person: Person, public_uploads: PublicUploads) -> str:
    """Return the scope of a PDF uploaded in `place`; `public_uploads` is what the team configured."""
    is_public = place.kind is PlaceKind.PUBLIC and not place.has_outsiders and not person.is_outsider
    return WORKSPACE_SCOPE if is_public and public_uploads == "workspace" else channel_scope(place.channel)


def may_read(document: Document, scopes: Scopes) -> bool:
    """Say whether a document is within the scopes: asked again wherever a button or a name leads to a document."""
    return document.workspace == scopes.workspace and document.scope in scopes.names


def may_manage(document: Document, person: Person, scopes: Scopes) -> bool:
    """Say whether a person may forget a document or change its scope: its uploader, or an admin who can read it."""
    if document.workspace != scopes.workspace:
        return False
    return document.uploader == person.id or (person.is_admin and may_read(document, scopes))


def _is_seen_by_asker_alone(place: Place, audience: Audience) -> bool:
    return audience is Audience.ASKER or place.kind is PlaceKind.DIRECT
