"""What `askdocs doctor` checks of Discord: token, intent, and permissions; it also tells the invite link."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import aiohttp
import discord
from sqlalchemy.exc import SQLAlchemyError

from bot.database import open_state
from bot.discord import permissions
from bot.discord.connection import intents, prepare
from bot.discord.events import workspace
from bot.discord.lenient import make_lenient
from bot.doctor import Finding
from bot.settings import Settings
from bot.watched import Watched

UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
MOST_GUILDS = 100
PORTAL = "discord.com/developers/applications"


async def check_discord(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is in order and what is not."""
    token = settings.discord_bot_token.get_secret_value()
    if not token:
        yield Finding("discord", None, "DISCORD_BOT_TOKEN is not set; the README says how to get one.")
        return
    prepare(settings)
    async with discord.Client(intents=intents(sees_content=False)) as client:
        make_lenient(client)
        try:
            await client.login(token)
            async for finding in _look(client, settings):
                yield finding
        except discord.LoginFailure:
            yield Finding("discord token", False, f"DISCORD_BOT_TOKEN is refused. Copy it anew at {PORTAL}, under Bot.")
        except UNREACHABLE as error:
            yield Finding("discord", False, f"Discord cannot be reached ({type(error).__name__}).")


async def _look(client: discord.Client, settings: Settings) -> AsyncIterator[Finding]:
    assert client.application is not None
    yield Finding("discord token", True, str(client.user))
    yield _content(client.application, settings)
    link = permissions.invite(client.application.id)
    yield Finding("discord invite", True, link)
    guilds = [guild async for guild in client.fetch_guilds(limit=MOST_GUILDS)]
    if not guilds:
        yield Finding("discord servers", False, f"The bot is in none. Open the invite link: {link}")
    for wanted in settings.discord.guilds:
        if wanted not in {str(guild.id) for guild in guilds}:
            yield Finding(f"discord server {wanted}", False, "is in discord.guilds, but the bot is not in it.")
    watched: set[str] = set()
    for guild in guilds:
        async for finding in _guild(client, guild.id, settings, watched):
            yield finding
    for name in settings.discord.watched:
        if name.removeprefix("#").casefold() not in watched:
            text = "is not there, or hidden from the bot. Check discord.watched, or let the bot see it."
            yield Finding(f"discord channel {name}", False, text)


def _content(application: discord.AppInfo, settings: Settings) -> Finding:
    flags = application.flags
    if not settings.discord.message_content:
        return Finding("discord message content", None, "is not asked for (discord.message_content)")
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Finding("discord message content", True, "PDFs and follow-ups are seen without a mention")
    advice = f"Switch Message Content Intent on at {PORTAL}, under Bot; or set discord.message_content to false."
    return Finding("discord message content", False, f"The intent is off, so watched channels are not seen. {advice}")


async def _guild(
    client: discord.Client, guild_id: int, settings: Settings, watched: set[str]
) -> AsyncIterator[Finding]:
    """Check permissions in a server and in its watched channels, whose names and ids are added to `watched`."""
    assert client.user is not None
    guild = await client.fetch_guild(guild_id)
    me = await guild.fetch_member(client.user.id)
    channels = await guild.fetch_channels()
    yield _permissions(f"discord server {guild.name}", me.guild_permissions)
    chosen = await _watched(settings, guild_id, channels)
    for finding, channel in _channels(me, channels, chosen):
        watched |= {channel.name.casefold(), str(channel.id)}
        yield finding


async def _watched(settings: Settings, guild: int, channels: Sequence[discord.abc.GuildChannel]) -> frozenset[str]:
    try:
        database = await open_state(settings.resolved_database_url)
    except (SQLAlchemyError, OSError):  # has a finding of its own
        return frozenset()
    try:
        names = {str(channel.id): channel.name for channel in channels}
        return await Watched(database, {"discord": settings.discord.watched}).which(workspace(guild), names)
    finally:
        await database.close()


def _channels(
    me: discord.Member, channels: Sequence[discord.abc.GuildChannel], chosen: frozenset[str]
) -> Iterator[tuple[Finding, discord.abc.GuildChannel]]:
    for channel in channels:
        if str(channel.id) in chosen:
            yield _permissions(f"discord channel #{channel.name}", channel.permissions_for(me), "is watched"), channel


def _permissions(subject: str, granted: discord.Permissions, text: str = "") -> Finding:
    if lacking := permissions.missing(granted):
        advice = "Grant it in the channel's or role's settings, or open the invite link again."
        return Finding(subject, False, f"The bot lacks {', '.join(lacking)}. {advice}")
    return Finding(subject, True, text or f"all {len(permissions.NEEDED)} permissions")
