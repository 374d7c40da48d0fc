"""The slash command: a question that only its asker sees answered, or one of `bot.commands`."""

from __future__ import annotations

import time

from bot import commands, notices
from bot.access import Audience
from bot.boundary import guarded
from bot.commands import Caller, Picture, Result
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.memory import Thread
from bot.results import written
from bot.slack import render
from bot.slack.api import Api
from bot.slack.directory import Directory
from bot.slack.events import Identity, Json, question_text, workspace
from bot.slack.pictures import whisper_picture
from bot.slack.questions import Questions
from bot.slack.render import SlackMessage
from bot.slack.whisper import Whisper, WhisperedReply


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

        async def tell(text: str) -> None:
            await whisper.show(render.notice(text))

        if isinstance(command, commands.Ask):
            event = f"slack:{self._team}:command:{body.get('trigger_id') or time.time_ns()}"
            await self._core.events.claim(event, {"kind": "command", "url": whisper.url})
            work = self._answer(event, body, command.text, whisper, identifier)
            await guarded("command", identifier, work, tell)
            await self._core.events.finish(event)
        else:
            await guarded("command", identifier, self._carry_out(command, body, whisper), tell)

    async def _carry_out(self, command: commands.Command, body: Json, whisper: Whisper) -> None:
        caller = await self.caller(str(body["channel_id"]), str(body["user_id"]))
        await self.show(await self._core.commands.run(command, caller, render.COMMAND), whisper)

    async def show(self, result: Result, whisper: Whisper) -> None:
        if isinstance(result, Picture):
            await whisper_picture(self._api, whisper, result.page)
        else:
            await whisper.show(self.message(result))

    def message(self, result: Result) -> SlackMessage:
        """Return the result of a command as a message."""
        return written(result, render, self._mention)

    async def caller(self, channel: str, user: str, thread: str = "") -> Caller:
        """Return who gives a command, with what they may read now: the result is seen by them alone."""
        scopes = await self._questions.scopes(channel, user, Audience.ASKER)
        place, person = await self._directory.place(channel), await self._directory.person(user)
        is_here = await self._directory.is_ours(channel)
        return Caller(place, person, scopes, Thread(workspace(self._team), channel, thread, user), is_here)

    async def _answer(self, event: str, body: Json, text: str, whisper: Whisper, identifier: str) -> None:
        channel, user = str(body["channel_id"]), str(body["user_id"])
        ask = Ask(
            event=event,
            thread=Thread(workspace(self._team), channel, channel, user),
            scopes=await self._questions.scopes(channel, user, Audience.ASKER),
            asker=user,
            text=text,
        )
        reply = WhisperedReply(whisper, identifier, can_share=not channel.startswith("D"))
        await self._core.conversation.answer(ask, reply, question_id=identifier)
