"""Which messages are questions, what each is asked with, and what stands in Slack as its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.access import Audience, readable_scopes
from bot.addressed import is_question
from bot.answering import Answering, Asked, earlier_turns
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.memory import Thread
from bot.question import Turn
from bot.slack.api import Api, SlackRefusedError
from bot.slack.directory import Directory
from bot.slack.events import Identity, Posted, mentions, posted, question_text
from bot.slack.reply import Found, SlackReply, Streaming, find
from bot.slack.sending import delete
from bot.uploads import MessageUploads
from ingest.documents import Scopes

log = structlog.get_logger(__name__)


class Questions:
    """Answers messages of one workspace."""

    def __init__(self, core: Core, api: Api, directory: Directory, identity: Identity) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._bot = identity.bot
        self._mention = identity.mention
        self._streaming = Streaming(core.settings.slack.edit_seconds)
        self._answering = Answering[SlackReply](core.conversation, core.events, core.locks)

    # Which messages are questions.

    async def is_for_us(self, message: Posted) -> bool:
        """Say whether a message asks us: it names us, it is direct, or it goes on with a thread that we are in."""
        text = question_text(message.text, self._bot)
        if message.is_direct:
            return bool(text) or not message.files
        named = mentions(message.text)
        if self._bot in named:
            return bool(text) or not message.files
        return bool(message.thread_ts) and not named and is_question(text) and await self.takes_part(message)

    async def takes_part(self, message: Posted) -> bool:
        """Say whether we have answered in the message's thread, are doing so, or have announced an upload there."""
        if not message.thread_ts:
            return False
        thread = self.thread(message)
        if await self._answering.takes_part(_line(thread), thread):
            return True
        return bool((await self._core.uploads.came_with(message.workspace, message.channel, message.root)).documents)

    def thread(self, message: Posted) -> Thread:
        """Return where turns belong together: a direct message is one conversation, whatever threads it has."""
        return Thread(message.workspace, message.channel, message.channel if message.is_direct else message.root)

    # Answering.

    async def answer(self, message: Posted, event: str, parts: Sequence[str] = ()) -> None:
        """Answer a message, in `parts` where something of the answer stands already.

        Raises:
            asyncio.CancelledError: the process stops; somebody else goes on.
        """
        asked = Asked(
            message=message.key,
            event=event,
            found_at=reference(message, "posted" if event == message.key else "edited"),
            line=_line(self.thread(message)),
            reply=SlackReply(self._api, self._streaming, message, new_question_id(), self._mention, list(parts)),
            ask=lambda: self._ask(message),
            tell_asker=lambda notice: self._tell(message.user, notice),
            version=message.edited,
        )
        await self._answering.answer(asked)

    async def answer_anew(self, message: Posted, event: str) -> None:
        """The question was edited: what stands there, or is being written, becomes the answer to what it is now."""
        await self._answering.answer_anew(
            message.key,
            event,
            message.edited,
            find=lambda: self._parts(message),
            answer=lambda parts: self.answer(message, event, parts),
        )

    async def _parts(self, message: Posted) -> Sequence[str]:
        return (await self.found(message)).parts

    async def withdraw(self, message: Posted) -> None:
        """The question was deleted: stop its answer, and take away what is there of it."""
        await self._answering.withdraw(message.key)
        for part in await self._parts(message):
            await delete(self._api, message.channel, part)

    async def found(self, message: Posted) -> Found:
        return await find(self._api, message)

    async def _tell(self, user: str, notice: str) -> None:
        await self._api.call("chat.postMessage", channel=await self._api.direct(user), text=notice)

    async def _ask(self, message: Posted) -> Ask:
        thread = self.thread(message)
        about = await self._about(message)
        return Ask(
            event=message.key,
            thread=thread,
            scopes=await self.scopes(message.channel, message.user, Audience.CHANNEL),
            asker=message.user,
            text=question_text(message.text, self._bot),
            document_ids=about.documents or None,
            unread=about.unread,
            earlier=await self._earlier(message, thread),
        )

    async def _about(self, message: Posted) -> MessageUploads:
        """Return the files that came with a question, else with the message that its thread began with."""
        uploads, about = self._core.uploads, MessageUploads()
        if message.files:
            about = await uploads.came_with(message.workspace, message.channel, message.ts)
        if message.thread_ts and not about.documents:
            about = await uploads.came_with(message.workspace, message.channel, message.root)
        return about

    async def scopes(self, channel: str, user: str, audience: Audience) -> Scopes:
        """Return what may be read, as things stand now, by who sees what is shown here."""
        place, person = await asyncio.gather(self._directory.place(channel), self._directory.person(user))
        is_alone = audience is Audience.ASKER or channel.startswith("D")
        memberships = await self._directory.memberships(user) if is_alone else ()
        return readable_scopes(place, person, audience, memberships)

    async def _earlier(self, message: Posted, thread: Thread) -> tuple[Turn, ...]:
        """Return what people wrote in the thread before we were called into it."""
        if not message.thread_ts or await self._core.memory.has_answered(thread):
            return ()
        try:
            body = await self._api.call(
                "conversations.replies", channel=message.channel, ts=message.root, latest=message.ts, limit=100
            )
        except SlackRefusedError as error:
            log.info("thread_not_read", code=error.code)
            return ()
        said = [one for raw in body.get("messages", ()) if (one := posted(raw, message.team, message.channel))]
        texts = [question_text(one.text, self._bot) for one in said if float(one.ts) < float(message.ts)]
        return earlier_turns(texts)


def _line(thread: Thread) -> str:
    return f"{thread.channel}:{thread.thread}"


def reference(message: Posted, kind: str = "posted") -> dict[str, str]:
    """Return where a message is found again."""
    return {"kind": kind, "channel": message.channel, "ts": message.ts, "thread": message.thread_ts}
