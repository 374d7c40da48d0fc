"""Who may read what, through the real index: ten thousand questions of random people in random places, and no leak."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.access import Audience, Person, Place, PlaceKind, readable_scopes
from ingest.documents import Document, Scopes
from ingest.index import Index
from tests.bot.test_access import HOSTILE, people_who_see
from tests.ingest.index_values import filled, open_index, store, vectors

QUESTIONS = 10_000
AT_ONCE = 64
TEXTS = ("The secret plan is here.", "Nobody knows the plan' OR 1=1 --")


@dataclass
class Team:
    """One workspace: who is in which channel."""

    workspace: str
    staff: set[str]
    guests: set[str]
    private: set[str]
    members: dict[str, set[str]] = field(default_factory=dict)

    def readers_of(self, scope: str) -> set[str]:
        """Say who may read a document of a scope, from the point of view of people."""
        if scope == "workspace":
            return self.staff
        channel = scope.removeprefix("channel:")
        return self.members[channel] if channel in self.private else self.members[channel] | self.staff


@dataclass(frozen=True)
class Asked:
    team: Team
    place: Place
    asker: str
    audience: Audience
    scopes: Scopes

    @property
    def readers(self) -> set[str]:
        return people_who_see(self.place, self.audience, self.asker, self.team.members, self.team.staff)


def make_team(rng: random.Random, workspace: str) -> Team:
    channels = [*rng.sample(HOSTILE, 5), "C1", "C2"]
    team = Team(workspace, {f"U{n}" for n in range(6)}, {"X1", "X2"}, private=set(rng.sample(channels, 4)))
    people = sorted(team.staff | team.guests)
    team.members = {channel: set(rng.sample(people, rng.randint(1, 5))) for channel in channels}
    return team


def ask(rng: random.Random, team: Team) -> Asked:
    asker = rng.choice(sorted(team.staff | team.guests))
    mine = [channel for channel in team.members if asker in team.members[channel]]
    channel = rng.choice([*mine, ""])
    kind = PlaceKind.DIRECT if not channel else PlaceKind.PRIVATE if channel in team.private else PlaceKind.PUBLIC
    place = Place(team.workspace, channel or f"D-{asker}", kind)
    audience = rng.choice(list(Audience))
    person = Person(asker, is_outsider=asker in team.guests)
    return Asked(team, place, asker, audience, readable_scopes(place, person, audience, mine))


async def read(rng: random.Random, index: Index, documents: Sequence[Document], scopes: Scopes) -> Collection[str]:
    """Read in one of the ways there are, asking for more than is allowed; return the ids of what came back."""
    anything = {document.id for document in rng.sample(documents, 10)}
    match rng.randrange(6):
        case 0:
            return {document.id for document in await index.documents(scopes)}
        case 1:
            return {document.id for document in await index.find(rng.choice(HOSTILE), scopes)}
        case 2:
            chunks = await index.page_chunks(scopes, [(identifier, rng.randint(1, 2)) for identifier in anything])
            return {chunk.document_id for chunk in chunks}
        case 3:
            hits = await index.search_vectors(vectors([rng.choice(TEXTS)])[0], scopes, 200)
        case 4:
            hits = await index.search_vectors(vectors([TEXTS[0]])[0], scopes, 200, document_ids=anything)
        case _:
            hits = await index.search_text(rng.choice([*TEXTS, *HOSTILE]), scopes, 200)
    return {hit.chunk.document_id for hit in hits}


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    index = await open_index(tmp_path, read_consistency_seconds=60.0)
    yield index
    index.close()


@pytest.mark.slow
async def test_nobody_sees_what_they_may_not_read(index):
    """Whoever sees an answer may read every document that any way of reading the index gave for it."""
    rng = random.Random(16)
    teams = {
        workspace: make_team(rng, workspace)
        for workspace in ("slack:T1", "slack:'", "discord:T1", "slack:" + HOSTILE[6])
    }
    for team in teams.values():
        scopes = ["workspace", *(f"channel:{channel}" for channel in team.members)]
        await store(
            index,
            *(
                filled(rng.choice(HOSTILE), TEXTS, workspace=team.workspace, scope=scope, content=scope)
                for scope in scopes
            ),
        )
    await index.optimize()
    documents = {document.id: document for document in await index.every_document()}
    seen = 0

    async def check(asked: Asked) -> int:
        ids = await read(rng, index, list(documents.values()), asked.scopes)
        for document in (documents[identifier] for identifier in ids):
            assert document.workspace == asked.team.workspace
            if document.scope == "workspace":
                assert asked.asker in asked.team.staff
            else:
                assert asked.readers <= asked.team.readers_of(document.scope)
        return len(ids)

    for _ in range(0, QUESTIONS, AT_ONCE):
        questions = [ask(rng, rng.choice(list(teams.values()))) for _ in range(AT_ONCE)]
        seen += sum(await asyncio.gather(*(check(asked) for asked in questions)))

    assert seen > QUESTIONS, "the questions have to find something, or this proves nothing"
