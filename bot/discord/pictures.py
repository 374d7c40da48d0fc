"""Pages as pictures in Discord."""

from __future__ import annotations

import io
from typing import Any

import discord

from bot.discord import render
from bot.discord.sending import arguments
from bot.pages import PagePicture


def picture_arguments(picture: PagePicture) -> dict[str, Any]:
    """Return what sending a page takes: the picture, with words for whoever does not see it."""
    file = discord.File(io.BytesIO(picture.png), render.PAGE_FILE, description=render.alt_text(picture.place))
    return {**arguments(render.page_picture(picture.place)), "file": file}
