"""Who may read what: a table of every rule, and random workspaces in which nothing may leak."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from bot.access import Audience, Person, Place, PlaceKind, may_manage, may_read, readable_scopes, upload_scope
from ingest.documents import Document, Scopes

PUBLIC = Place("slack:T1", "C1", PlaceKind.PUBLIC)
PRIVATE = Place("slack:T1", "G1", PlaceKind.PRIVATE)
DIRECT = Place("slack:T1", "D1", PlaceKind.DIRECT)
SHARED = Place("slack:T1", "S1", PlaceKind.PUBLIC, has_outsiders=True)
MEMBER = Person("U1")
GUEST = Person("U2", is_outsider=True)


@pytest.mark.parametrize(
    ("place", "person", "audience", "memberships", "expected"),
    [
        pytest.param(PUBLIC, MEMBER, Audience.CHANNEL, {"G1"}, {"workspace", "channel:C1"}, id="public-channel"),
        pytest.param(
            PRIVATE, MEMBER, Audience.CHANNEL, {"G1", "G2"}, {"workspace", "channel:G1"}, id="private-channel"
        ),
        pytest.param(
            PUBLIC, MEMBER, Audience.ASKER, {"G1"}, {"workspace", "channel:C1", "channel:G1"}, id="only-the-asker-sees"
        ),
        pytest.param(
            DIRECT, MEMBER, Audience.CHANNEL, {"G1"}, {"workspace", "channel:D1", "channel:G1"}, id="direct-message"
        ),
        pytest.param(DIRECT, MEMBER, Audience.ASKER, (), {"workspace", "channel:D1"}, id="membership-unknown"),
        pytest.param(SHARED, MEMBER, Audience.CHANNEL, {"G1"}, {"channel:S1"}, id="outsiders-read-along"),
        pytest.param(
            SHARED,
            MEMBER,
            Audience.ASKER,
            {"G1"},
            {"workspace", "channel:S1", "channel:G1"},
            id="outsiders-see-nothing",
        ),
        pytest.param(PUBLIC, GUEST, Audience.CHANNEL, {"G1"}, {"channel:C1"}, id="guest-in-a-channel"),
        pytest.param(DIRECT, GUEST, Audience.ASKER, {"G1"}, {"channel:D1", "channel:G1"}, id="guest-alone"),
        pytest.param(DIRECT, MEMBER, Audience.ASKER, {""}, {"workspace", "channel:D1"}, id="empty-channel-id"),
    ],
)
def test_readable_scopes(place, person, audience, memberships, expected):
    """A question reads exactly the scopes that everybody who sees its answer may read."""
    scopes = readable_scopes(place, person, audience, memberships)

    assert scopes == Scopes("slack:T1", frozenset(expected))


@pytest.mark.parametrize(
    ("place", "person", "configured", "expected"),
    [
        pytest.param(PUBLIC, MEMBER, "workspace", "workspace", id="public"),
        pytest.param(PUBLIC, MEMBER, "channel", "channel:C1", id="public-kept-in-the-channel"),
        pytest.param(PRIVATE, MEMBER, "workspace", "channel:G1", id="private"),
        pytest.param(DIRECT, MEMBER, "workspace", "channel:D1", id="direct"),
        pytest.param(SHARED, MEMBER, "workspace", "channel:S1", id="shared-with-outsiders"),
        pytest.param(PUBLIC, GUEST, "workspace", "channel:C1", id="uploaded-by-a-guest"),
    ],
)
def test_upload_scope(place, person, configured, expected):
    """Only an upload in a public channel can become readable to the whole workspace."""
    assert expected == upload_scope(place, person, configured)


ADMIN = Person("U9", is_admin=True)


@pytest.mark.parametrize(
    ("person", "workspace", "names", "expected"),
    [
        pytest.param(MEMBER, "slack:T1", {"workspace"}, True, id="uploader-who-left-the-channel"),
        pytest.param(MEMBER, "slack:T2", {"channel:G1"}, False, id="uploader-from-another-workspace"),
        pytest.param(GUEST, "slack:T1", {"channel:G1"}, False, id="reader"),
        pytest.param(ADMIN, "slack:T1", {"channel:G1"}, True, id="admin-who-can-read-it"),
        pytest.param(ADMIN, "slack:T1", {"workspace"}, False, id="admin-who-cannot-read-it"),
    ],
)
def test_may_manage(person, workspace, names, expected):
    """A document is forgotten or moved by its uploader, or by an admin who can read it."""
    document = make_document("slack:T1", "channel:G1", uploader="U1")

    assert expected == may_manage(document, person, Scopes(workspace, frozenset(names)))


@pytest.mark.parametrize(
    "make", [lambda: Place("slack:T1", "", PlaceKind.PUBLIC), lambda: Person("")], ids=["place", "person"]
)
def test_nameless_are_refused(make):
    """A place without a channel or a person without an id is a mistake of the adapter, never a reader of everything."""
    with pytest.raises(ValueError, match="has a"):
        make()


def make_document(workspace: str, scope: str, *, name: str = "a.pdf", uploader: str = "U1") -> Document:
    return Document(
        id=f"{workspace}|{scope}|{name}",
        workspace=workspace,
        scope=scope,
        name=name,
        title=name,
        source="F1",
        content_sha256="0" * 64,
        pages=1,
        pages_without_text=(),
        pages_by_ocr=(),
        chunks=1,
        opening="",
        uploader=uploader,
        link="",
        indexed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


HOSTILE = ("'", "--", "x' OR 1=1 --", "workspace", "channel:", "%", "a" * 10_000, "ß\u202e\u0000字", '"', "\\")


def people_who_see(
    place: Place, audience: Audience, asker: str, members: dict[str, set[str]], staff: set[str]
) -> set[str]:
    """Say who reads an answer: written from the platforms' point of view, not from `access.py`."""
    if audience is Audience.ASKER or place.kind is PlaceKind.DIRECT:
        return {asker}
    if place.kind is PlaceKind.PUBLIC:
        return staff | members[place.channel]
    return members[place.channel]


def test_nothing_leaks_in_random_workspaces():
    """Whoever sees an answer, in whatever place, each of them was allowed to read each document it may be made of."""
    rng = random.Random(4)
    questions = 0
    for _ in range(200):
        workspace = f"slack:{rng.choice(HOSTILE)}"
        channels = [*rng.sample(HOSTILE, 6), "C1", "C2"]
        private = set(rng.sample(channels, 5))
        staff = {f"U{number}" for number in range(5)}
        guests = {f"X{number}" for number in range(2)}
        members = {channel: set(rng.sample(sorted(staff | guests), 3)) for channel in channels}
        documents = [
            make_document(w, s)
            for w in (workspace, "slack:other")
            for s in ("workspace", *(f"channel:{c}" for c in channels))
        ]
        for _ in range(50):
            asker = rng.choice(sorted(staff | guests))
            channel = rng.choice([c for c in channels if asker in members[c]] or ["D"])
            kind = PlaceKind.DIRECT if channel == "D" else PlaceKind.PRIVATE if channel in private else PlaceKind.PUBLIC
            audience = rng.choice(list(Audience))
            place = Place(workspace, channel, kind)
            own = [c for c in channels if asker in members[c]]
            scopes = readable_scopes(place, Person(asker, is_outsider=asker in guests), audience, own)
            readers = people_who_see(place, audience, asker, members, staff)
            for document in documents:
                if not may_read(document, scopes):
                    continue
                home = document.scope.removeprefix("channel:")
                assert document.workspace == workspace
                if document.scope == "workspace":
                    assert asker not in guests
                elif home in private:
                    assert readers <= members[home]
                else:
                    assert home in {channel, *own}
            questions += 1

    assert questions == 10_000
