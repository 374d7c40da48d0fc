"""Where Discord is, and what the bot asks to be told of."""

from __future__ import annotations

import logging

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.settings import Settings


def prepare(settings: Settings) -> None:
    """Point discord.py at Discord, or at what stands in for it; keep it from logging what people write."""
    if settings.discord_api_base:
        Route.BASE = settings.discord_api_base.rstrip("/")  # paths begin with one
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)
    logging.getLogger("discord").setLevel(logging.CRITICAL)  # it logs bodies of messages at times


def intents(*, sees_content: bool) -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.message_content = sees_content
    return wanted
