"""The slash command: a question that only its asker sees answered, or one of `bot.commands`."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import structlog

from bot import commands, notices
from bot.access import Audience
from bot.commands import Caller, Confirm, HelpText, Listing, Notice, Picture, Result
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.errors import BotError
from bot.memory import Thread
from bot.slack import render
from bot.slack.api import Api
from bot.slack.directory import Directory
from bot.slack.events import Identity, Json, question_text, workspace
from bot.slack.pictures import whisper_picture
from bot.slack.questions import Questions
from bot.slack.render import SlackMessage
from bot.slack.whisper import Whisper, WhisperedReply
from ingest.errors import IngestError
from ingest.logs import where

log = structlog.get_logger(__name__)


class SlashCommands:
    """What people type after `/askdocs`."""

    def __init__(self, core: Core, api: Api, directory: Directory, questions: Questions, identity: Identity) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._questions = questions
        self._team = identity.team
        self._bot = identity.bot
        self._mention = identity.mention

    def sign_of_life(self, text: str) -> str:
        """Return what is shown at once; nothing where the result itself comes at once."""
        command = commands.parse(question_text(text, self._bot))
        return notices.LOOKING if isinstance(command, commands.Ask | commands.PageOf) else ""

    async def run(self, body: Json) -> None:
        """Carry out one command, or say why not."""
        whisper = Whisper(self._api.session, str(body["response_url"]))
        command = commands.parse(question_text(str(body.get("text") or ""), self._bot))
        identifier = new_question_id()
        try:
            if isinstance(command, commands.Ask):
                await self._answer(body, command.text, whisper, identifier)
            else:
                caller = await self.caller(str(body["channel_id"]), str(body["user_id"]))
                await self.show(await self._core.commands.run(command, caller, render.COMMAND), whisper)
        except (BotError, IngestError) as error:
            log.info("command_refused", id=identifier, error=type(error).__name__)
            await whisper.show(render.notice(str(error)))
        except Exception as error:  # noqa: BLE001 - the boundary of a command: whoever gave it is told, under an id
            log.error("command_broke", id=identifier, error=type(error).__name__, at=where(error))
            await whisper.show(render.notice(notices.with_id(notices.INTERNAL_ERROR, identifier)))

    async def show(self, result: Result, whisper: Whisper) -> None:
        if isinstance(result, Picture):
            await whisper_picture(self._api, whisper, result.page)
        else:
            await whisper.show(self.message(result))

    def message(self, result: Result) -> SlackMessage:
        """Return the result of a command as a message."""
        match result:
            case Listing(documents):
                return render.documents(documents, datetime.now(UTC))
            case Confirm(document):
                return render.confirm_forget(document)
            case HelpText():
                return render.help_message(render.COMMAND, self._mention)
            case Notice(text):
                return render.notice(text)
            case Picture():
                raise ValueError("a picture is uploaded, not written")

    async def caller(self, channel: str, user: str, thread: str = "") -> Caller:
        """Return who gives a command, with what they may read now: the result is seen by them alone."""
        scopes = await self._questions.scopes(channel, user, Audience.ASKER)
        place, person = await self._directory.place(channel), await self._directory.person(user)
        is_here = await self._directory.is_ours(channel)
        return Caller(place, person, scopes, Thread(workspace(self._team), channel, thread, user), is_here)

    async def _answer(self, body: Json, text: str, whisper: Whisper, identifier: str) -> None:
        channel, user = str(body["channel_id"]), str(body["user_id"])
        event = f"slack:{self._team}:command:{body.get('trigger_id') or time.time_ns()}"
        await self._core.events.claim(event, {"kind": "command", "url": whisper.url})
        try:
            ask = Ask(
                event=event,
                thread=Thread(workspace(self._team), channel, channel, user),
                scopes=await self._questions.scopes(channel, user, Audience.ASKER),
                asker=user,
                text=text,
            )
            can_share = not channel.startswith("D")
            reply = WhisperedReply(whisper, identifier, can_share)
            await self._core.conversation.answer(ask, reply, question_id=identifier)
        except (BotError, IngestError):
            await self._core.events.finish(event)
            raise
        await self._core.events.finish(event)
