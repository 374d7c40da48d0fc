"""What happens when somebody clicks: pages, feedback, asking again, sharing, forgetting. Allowed or not, as of now."""

from __future__ import annotations

from dataclasses import dataclass

from bot import notices
from bot.access import Audience
from bot.boundary import guarded
from bot.buttons import AskAgain, Button, Cancel, Forget, OpenPage, Rate, Share, ShowPage, decode
from bot.conversation import new_question_id
from bot.core import Core
from bot.errors import AccessError
from bot.sharing import to_share
from bot.slack import render
from bot.slack.api import Api
from bot.slack.commands import SlashCommands
from bot.slack.events import Json
from bot.slack.home import Home
from bot.slack.inbox import Inbox
from bot.slack.pictures import post_picture, whisper_picture
from bot.slack.questions import Questions
from bot.slack.sending import send
from bot.slack.whisper import Whisper


@dataclass(frozen=True, slots=True)
class Click:
    """A click, and where it happened; in the App Home there is neither channel nor anything to answer to."""

    user: str
    channel: str
    message: str
    thread: str
    is_ephemeral: bool
    trigger: str
    moment: str
    whisper: Whisper | None


class Clicks:
    """Buttons under messages and in the App Home, and the modal behind a thumb that points down."""

    def __init__(
        self, core: Core, api: Api, questions: Questions, slash: SlashCommands, inbox: Inbox, home: Home
    ) -> None:
        self._core = core
        self._api = api
        self._questions = questions
        self._slash = slash
        self._inbox = inbox
        self._home = home

    async def take(self, body: Json) -> None:
        """Do what a button offers, or say why not."""
        action = (body.get("actions") or [{}])[0]
        button = decode(str(action.get("value") or ""))
        if button is None:
            return
        click = self._click(body, str(action.get("action_ts") or ""))
        await guarded("click", new_question_id(), self._do(button, click), lambda text: self._say(click, text))

    async def submitted(self, body: Json) -> None:
        """Keep what somebody wrote about an answer that was wrong."""
        view = body["view"]
        rated = decode(str(view.get("private_metadata") or ""))
        fields = {name: field for block in view["state"]["values"].values() for name, field in block.items()}
        chosen = (fields.get(render.FEEDBACK_REASON) or {}).get("selected_option") or {}
        comment = (fields.get(render.FEEDBACK_COMMENT) or {}).get("value") or ""
        if isinstance(rated, Rate):
            words = ": ".join(part for part in (str(chosen.get("value") or ""), str(comment)) if part)
            await self._core.memory.rate(rated.question_id, str(body["user"]["id"]), -1, words)

    def _click(self, body: Json, moment: str) -> Click:
        container = body.get("container") or {}
        url = str(body.get("response_url") or "")
        return Click(
            user=str(body["user"]["id"]),
            channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
            message=str(container.get("message_ts") or ""),
            thread=str(container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""),
            is_ephemeral=bool(container.get("is_ephemeral")),
            trigger=str(body.get("trigger_id") or ""),
            moment=moment,
            whisper=Whisper(self._api.session, url) if url else None,
        )

    async def _do(self, button: Button, click: Click) -> None:
        match button:
            case ShowPage() | OpenPage():
                await self._show_page(button, click)
            case Rate(question_id, is_good):
                await self._core.memory.rate(question_id, click.user, 1 if is_good else -1)
                if is_good:
                    await self._say(click, notices.THANKS)
                else:
                    view = render.feedback_modal(question_id)
                    await self._api.call("views.open", trigger_id=click.trigger, view=view)
            case AskAgain(message):
                await self._inbox.ask_again(click.channel, message, click.thread, click.message, click.moment)
            case Share(question_id):
                await self._share(question_id, click)
            case Forget(document_id, is_confirmed):
                await self._forget(document_id, click, is_confirmed=is_confirmed)
            case Cancel():
                if click.whisper is not None:
                    await click.whisper.remove()

    async def _show_page(self, button: ShowPage | OpenPage, click: Click) -> None:
        audience = Audience.ASKER if click.is_ephemeral else Audience.CHANNEL
        scopes = await self._questions.scopes(click.channel, click.user, audience)
        if isinstance(button, ShowPage):
            picture = await self._core.pages.cited(button.question_id, button.number, scopes)
        else:
            picture = await self._core.pages.page(button.document_id, button.page, scopes)
        if click.is_ephemeral and click.whisper is not None:
            await whisper_picture(self._api, click.whisper, picture)
        else:
            await post_picture(self._api, click.channel, click.thread or click.message, picture)

    async def _share(self, question_id: str, click: Click) -> None:
        """Post an answer for everybody, if everybody may read what it rests on."""
        if click.whisper is None:
            raise AccessError(notices.NOTHING_TO_SHARE)
        scopes = await self._questions.scopes(click.channel, click.user, Audience.CHANNEL)
        answer, question = await to_share(self._core.memory, self._core.index, question_id, click.user, scopes)
        for message in render.shared(answer, question_id, click.user, question):
            await click.whisper.show(message, to_all=True)

    async def _forget(self, document_id: str, click: Click, *, is_confirmed: bool) -> None:
        channel = click.channel or await self._api.direct(click.user)
        caller = await self._slash.caller(channel, click.user)
        result = await self._core.commands.forget(document_id, caller, is_confirmed=is_confirmed)
        if click.whisper is None:
            await self._home.publish(click.user, without=document_id)
        elif is_confirmed and click.is_ephemeral:
            await click.whisper.replace(self._slash.message(result))
        else:
            await self._slash.show(result, click.whisper)

    async def _say(self, click: Click, text: str) -> None:
        if click.whisper is not None:
            await click.whisper.show(render.notice(text))
        else:
            where = {"channel": await self._api.direct(click.user)}
            await send(self._api, "chat.postMessage", where, render.notice(text))
