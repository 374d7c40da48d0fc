"""How our messages are put into discord.py's arguments, and what its errors mean."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp
import discord

from bot.discord.pieces import Clickable, DiscordMessage, Embed
from bot.errors import DeliveryError

T = TypeVar("T")

PAUSES = (0.2, 1.0, 3.0)
TOKEN_OVER = frozenset({50027, 10015})
"""What was done with a command or a click may be said by its token for fifteen minutes."""


class DiscordRefusedError(DeliveryError):
    """Discord answered, and said no: `code` is its own number for why."""

    is_refusal = True

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"Discord refused the message ({code or status}).")
        self.status = status
        self.code = code


@contextmanager
def delivering() -> Iterator[None]:
    """Turn what discord.py raises into our own errors."""
    try:
        yield
    except discord.HTTPException as error:
        raise DiscordRefusedError(error.status, error.code) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise DeliveryError("Discord cannot be reached.") from error


async def persistently(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that may be made twice, again where the connection broke; discord.py does that for some breaks."""
    for pause in PAUSES:
        try:
            with delivering():
                return await call()
        except DiscordRefusedError:
            raise
        except DeliveryError:
            await asyncio.sleep(pause)
    with delivering():
        return await call()


def arguments(message: DiscordMessage) -> dict[str, Any]:
    """Return what sending and editing take, with everything that an earlier version may have had replaced."""
    return {
        "content": message.content,
        "embeds": [_embed(one) for one in message.embeds],
        "view": _view(message),
        "allowed_mentions": discord.AllowedMentions.none(),
    }


def _embed(one: Embed) -> discord.Embed:
    embed = discord.Embed(title=one.title or None, description=one.text or None)
    return embed.set_footer(text=one.footer) if one.footer else embed


def _view(message: DiscordMessage) -> discord.ui.View:
    """Return the buttons. Clicks are understood by what the button carries, so nobody has to listen to the view."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(message.rows):
        for one in row:
            view.add_item(_button(one, number))
    view.stop()
    return view


def _button(one: Clickable, row: int) -> discord.ui.Button[discord.ui.View]:
    style = discord.ButtonStyle(int(one.style))
    return discord.ui.Button(
        label=one.label or None, custom_id=one.custom_id, style=style, emoji=one.emoji or None, row=row
    )
