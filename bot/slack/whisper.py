"""Messages that one person sees, over the `response_url` of what they did: good for five posts in half an hour."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import structlog

from bot.answer import Answer
from bot.errors import DeliveryError
from bot.slack import render
from bot.slack.api import Json, SlackRefusedError
from bot.slack.render import SlackMessage
from bot.slack.sending import REFUSED_BLOCKS, in_some_form

log = structlog.get_logger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=15)
MOST_POSTS = 4
"""One of the five is kept for what may go wrong."""
PAUSES = (0.5, 2.0)
"""Before a post that Slack could not take is made again: here nobody can look whether it did."""
LONGEST_PAUSE = 60.0
HELD_UP = 429


@dataclass(frozen=True, slots=True)
class Whisper:
    """Shows messages to whoever ran a command or clicked."""

    session: aiohttp.ClientSession
    url: str

    async def show(self, message: SlackMessage, *, to_all: bool = False) -> None:
        """Post a message below."""
        kind = "in_channel" if to_all else "ephemeral"
        await self._send(message, {"response_type": kind, "replace_original": False})

    async def replace(self, message: SlackMessage) -> None:
        """Put a message in place of the one that was clicked."""
        await self._send(message, {"replace_original": True})

    async def remove(self) -> None:
        """Take the clicked message away."""
        await self._post({"delete_original": True})

    async def _send(self, message: SlackMessage, how: Json) -> None:
        await in_some_form(message, lambda form: self._post({**form.arguments(), **how}))

    async def show_picture(self, message: SlackMessage) -> None:
        """Post a picture, or nothing: a refusal may only mean that Slack is not done with it."""
        await self._post({**message.arguments(), "response_type": "ephemeral", "replace_original": False})

    async def _post(self, body: Json) -> None:
        for pause in PAUSES:
            told = await self._post_once(body)
            if told is None:
                return
            await asyncio.sleep(told or pause)
        if await self._post_once(body) is not None:
            raise DeliveryError("Slack cannot be reached.")

    async def _post_once(self, body: Json) -> float | None:
        """Post; return how long to wait before the next try, 0 where Slack does not say, and None where none is due."""
        try:
            async with self.session.post(self.url, json=body, timeout=TIMEOUT) as response:
                if response.status == 200:
                    return None
                code = _code(await response.text())
                if response.status == HELD_UP:
                    return _told_pause(response)
                if response.status >= 500 and code not in REFUSED_BLOCKS:
                    return 0.0
                raise SlackRefusedError("response_url", code or str(response.status))
        except aiohttp.ClientConnectionError:
            return 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError("Slack cannot be reached.") from error


def _told_pause(response: aiohttp.ClientResponse) -> float:
    """Return how long Slack wants to be left alone, at most as long as somebody waits for an answer."""
    with suppress(ValueError):
        return min(float(response.headers.get("Retry-After", 0.0)), LONGEST_PAUSE)
    return 0.0


def _code(answer: str) -> str:
    """Return Slack's word for why, which comes as JSON or as it is."""
    with suppress(ValueError, TypeError, KeyError):
        answer = str(json.loads(answer)["error"])
    return answer if answer.isidentifier() else ""


@dataclass(frozen=True, slots=True)
class WhisperedReply:
    """An answer that only its asker sees. Slack shows such a message once: there is no draft."""

    whisper: Whisper
    question_id: str
    can_share: bool

    @property
    def interval(self) -> float:
        return 3_600.0

    async def show(self, text: str) -> None:
        """Nothing: five posts are all there are."""

    async def finish(self, answer: Answer) -> None:
        await self._show(render.answer(answer, self.question_id, can_share=self.can_share))

    async def fail(self, notice: str) -> None:
        await self._show([render.failure(notice)])

    async def withdraw(self) -> None:
        """A command cannot be deleted."""

    async def _show(self, messages: Sequence[SlackMessage]) -> None:
        for message in messages[:MOST_POSTS]:
            await self.whisper.show(message)
