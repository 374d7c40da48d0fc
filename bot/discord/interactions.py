"""Commands and clicks as discord.py gives them: where they were given, how they are answered, what a crash leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord import render
from bot.discord.sending import arguments, delivering
from bot.errors import BotError

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

Interaction = discord.Interaction[Any]

RESPONDED = frozenset({40060, 10062})
"""Every process hears of a click or a command; who responds first has it."""


def channel_of(interaction: Interaction) -> Somewhere:
    """Return where a command was given or a button clicked."""
    channel = interaction.channel
    if channel is None or isinstance(channel, discord.ForumChannel | discord.CategoryChannel):
        raise BotError("I cannot work in this place.")
    return channel


def found_at(interaction: Interaction) -> dict[str, str]:
    """Return how whoever gave a command is told that it was cut off: its token is good for fifteen minutes."""
    where = {"channel": str(interaction.channel_id), "user": str(interaction.user.id)}
    return {"kind": "command", "token": interaction.token, **where}


async def say(interaction: Interaction, text: str) -> None:
    """Tell one person something, after a deferral."""
    with delivering():
        await interaction.followup.send(**arguments(render.notice(text)), ephemeral=True)
