"""From a message that asks to its answer in the thread: once, in order, anew when edited, gone when deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from bot import notices
from bot.access import Audience, readable_scopes
from bot.addressed import is_question
from bot.buttons import AskAgain
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.errors import BotError, DeliveryError
from bot.memory import Thread
from bot.question import Turn
from bot.slack.api import Api, SlackRefusedError
from bot.slack.directory import Directory
from bot.slack.events import Posted, mentions, posted, question_text
from bot.slack.reply import Found, SlackReply, Streaming, delete, find
from ingest.documents import Scopes
from ingest.errors import IngestError
from ingest.logs import where

log = structlog.get_logger(__name__)

EARLIER_MESSAGES = 12
EARLIER_CHARACTERS = 600


@dataclass(slots=True)
class _Writing:
    """An answer that this process is writing."""

    task: asyncio.Task[object]
    reply: SlackReply
    thread: Thread
    is_superseded: bool = False


class Questions:
    """Answers messages of one workspace."""

    def __init__(self, core: Core, api: Api, directory: Directory, bot: str) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._bot = bot
        self._streaming = Streaming()
        self._writing: dict[str, _Writing] = {}
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

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
        if any(one.thread == thread for one in self._writing.values()):
            return True
        if await self._core.memory.has_answered(thread):
            return True
        return bool(await self._core.uploads.documents_of(message.workspace, message.channel, message.root))

    def thread(self, message: Posted) -> Thread:
        """Return where turns belong together: a direct message is one conversation, whatever threads it has."""
        return Thread(message.workspace, message.channel, message.channel if message.is_direct else message.root)

    # Answering.

    async def answer(self, message: Posted, event: str, parts: Sequence[str] = ()) -> None:
        """Answer a message, in `parts` where something of the answer stands already.

        Raises:
            asyncio.CancelledError: the process stops; somebody else goes on.
        """
        task = asyncio.current_task()
        assert task is not None
        reply = SlackReply(self._api, self._streaming, message, new_question_id(), list(parts))
        writing = _Writing(task, reply, self.thread(message))
        self._writing[message.key] = writing
        try:
            await self._write(message, event, reply)
        except asyncio.CancelledError:
            if writing.is_superseded:
                return
            if not await self._core.events.is_withdrawn(message.key):
                raise
            await reply.withdraw()
        finally:
            if self._writing.get(message.key) is writing:
                del self._writing[message.key]

    async def answer_anew(self, message: Posted, event: str) -> None:
        """The question was edited: what stands there, or is being written, becomes the answer to what it is now."""
        if await self._core.events.is_withdrawn(message.key):
            return
        await self.answer(message, event, await self._interrupt(message) or (await self.found(message)).parts)

    async def withdraw(self, message: Posted) -> None:
        """The question was deleted: stop its answer, and take away what is there of it."""
        await self._core.events.withdraw(message.key)
        if (writing := self._writing.get(message.key)) is not None:
            writing.task.cancel()
            await asyncio.wait([writing.task])
        for part in (await self.found(message)).parts:
            await delete(self._api, message.channel, part)

    async def found(self, message: Posted) -> Found:
        return await find(self._api, message)

    async def _interrupt(self, message: Posted) -> list[str]:
        """Stop writing the answer to an earlier version; return the messages it was written into."""
        if (writing := self._writing.get(message.key)) is None:
            return []
        writing.is_superseded = True
        writing.task.cancel()
        await asyncio.wait([writing.task])
        return writing.reply.parts

    async def _write(self, message: Posted, event: str, reply: SlackReply) -> None:
        asking = asyncio.create_task(self._ask(message))
        opening = self._opening.setdefault(message.root, asyncio.Lock())
        thread = self.thread(message)
        try:
            async with opening:  # who comes out of here first, waits first for its turn
                await reply.open()
                kind = "posted" if event == message.key else "edited"
                await self._core.events.refer(event, {**reference(message, kind), "reply": reply.parts[0]})
            async with self._core.locks.hold(f"thread:{thread.channel}:{thread.thread}"):
                await self._core.conversation.answer(await asking, reply, question_id=reply.question_id)
        except (BotError, IngestError) as error:
            log.info("not_answered", question=reply.question_id, error=type(error).__name__)
            again = AskAgain(message.ts) if error.retryable else None
            await self._fail(reply, str(error), again)
        except Exception as error:  # noqa: BLE001 - the boundary of a question: its asker is told, under an id
            log.error("answer_broke", id=reply.question_id, error=type(error).__name__, at=where(error))
            await self._fail(reply, notices.with_id(notices.INTERNAL_ERROR, reply.question_id), AskAgain(message.ts))
        finally:
            asking.cancel()

    async def _fail(self, reply: SlackReply, notice: str, again: AskAgain | None) -> None:
        """Say what went wrong, in the thread; if nothing can be said there, to the asker directly."""
        try:
            await reply.fail(notice, again)
        except DeliveryError as error:
            log.warning("failure_not_shown", question=reply.question_id, error=type(error).__name__)
            await self._tell(reply.asked.user, notices.CANNOT_WRITE)

    async def _tell(self, user: str, notice: str) -> None:
        try:
            opened = await self._api.call("conversations.open", users=user)
            await self._api.call("chat.postMessage", channel=opened["channel"]["id"], text=notice)
        except DeliveryError as error:
            log.warning("asker_not_told", error=type(error).__name__)

    async def _ask(self, message: Posted) -> Ask:
        core = self._core
        thread = self.thread(message)
        about = await core.uploads.documents_of(message.workspace, message.channel, message.root)
        return Ask(
            event=message.key,
            thread=thread,
            scopes=await self.scopes(message.channel, message.user, Audience.CHANNEL),
            asker=message.user,
            text=question_text(message.text, self._bot),
            document_ids=about or None,
            earlier=await self._earlier(message, thread),
        )

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
        return tuple(Turn(text[:EARLIER_CHARACTERS], "") for text in texts[-EARLIER_MESSAGES:] if text)


def reference(message: Posted, kind: str = "posted") -> dict[str, str]:
    """Return where a message is found again."""
    return {"kind": kind, "channel": message.channel, "ts": message.ts, "thread": message.thread_ts}
