"""The App Home: how to ask, what is being indexed, and the documents that this person may read."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.access import Audience
from bot.core import Core
from bot.slack import render
from bot.slack.api import Api
from bot.slack.events import Identity, workspace
from bot.slack.questions import Questions


class Home:
    """Publishes a person's home tab, as things stand at that moment."""

    def __init__(self, core: Core, api: Api, questions: Questions, identity: Identity) -> None:
        self._core = core
        self._api = api
        self._questions = questions
        self._team = identity.team
        self._mention = identity.mention

    async def publish(self, user: str, *, without: str = "") -> None:
        """Show the home tab; `without` a document that is being forgotten just now."""
        scopes = await self._questions.scopes(await self._api.direct(user), user, Audience.ASKER)
        found = [one for one in await self._core.index.documents(scopes) if one.id != without]
        found.sort(key=lambda one: one.indexed_at, reverse=True)
        under_way = await self._core.uploads.under_way(workspace(self._team))
        indexing = [one.origin.name for one in under_way if one.origin.scope in scopes.names]
        own = [one.id for one in found if one.uploader == user]
        view = render.home(found, own, indexing, datetime.now(UTC), command=render.COMMAND, mention=self._mention)
        await self._api.call("views.publish", user_id=user, view=view)
