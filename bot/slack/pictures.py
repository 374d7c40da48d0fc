"""Pages as pictures in Slack: uploaded into a thread, or shown to one person."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.errors import SlackClientError

from bot.errors import DeliveryError
from bot.pages import PagePicture
from bot.slack import render
from bot.slack.api import Api, Json
from bot.slack.blocks import ALT_TEXT
from bot.slack.whisper import Whisper

PROCESSING_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Slack takes a moment until a picture that was just uploaded can be shown in a message."""


async def post_picture(api: Api, channel: str, thread_ts: str, picture: PagePicture) -> None:
    """Post a page into a thread."""
    await _upload(api, picture, channel=channel, thread_ts=thread_ts)


async def whisper_picture(api: Api, whisper: Whisper, picture: PagePicture) -> None:
    """Show a page to one person: files are never ephemeral, so the message only refers to it."""
    file_id = await _upload(api, picture)
    message = render.page_picture(picture.place, file_id)
    for attempt, seconds in enumerate(PROCESSING_SECONDS, 1):
        await asyncio.sleep(seconds)
        try:
            await whisper.show_picture(message)
        except DeliveryError:
            if attempt == len(PROCESSING_SECONDS):
                raise
        else:
            return


async def _upload(api: Api, picture: PagePicture, *, channel: str | None = None, thread_ts: str | None = None) -> str:
    alt = picture.place[:ALT_TEXT]
    upload: Json = {"filename": picture.file_name, "content": picture.png, "title": picture.place, "alt_txt": alt}
    try:
        response = await api.client.files_upload_v2(**upload, channel=channel, thread_ts=thread_ts)
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DeliveryError("Slack did not take the picture of the page. Try again in a moment.") from error
    return str(response["files"][0]["id"])
