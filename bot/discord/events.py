"""What Discord's messages say, as values: which guild and channel, what was asked or attached. Nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass

import discord

_PERSON = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_COMMAND = re.compile(r"<(/[^:<>]+):\d+>")


def workspace(guild: int) -> str:
    return f"discord:{guild}"


def key(message: int) -> str:
    """The same message whatever events tell of it."""
    return f"discord:{message}"


def question_text(message: discord.Message, bot: int) -> str:
    """Return what was asked: without the mention of the bot, and with Discord's markup as people read it."""
    own = {role.id for role in message.role_mentions if role.is_bot_managed() and role.tags and role.tags.bot_id == bot}
    text = _PERSON.sub(lambda found: "" if int(found[1]) == bot else "@someone", message.content)
    text = _ROLE.sub(lambda found: "" if int(found[1]) in own else "@someone", text)
    names = {one.id: getattr(one, "name", "") for one in message.channel_mentions}
    text = _CHANNEL.sub(lambda found: f"#{names.get(int(found[1]), 'channel')}", text)
    return _COMMAND.sub(r"\1", _EMOJI.sub(r"\1", text)).strip()


def is_named(message: discord.Message, bot: int) -> bool:
    """Say whether a message names the bot, by itself or by the role that came with it; a reply that pings does, too."""
    if any(one.id == bot for one in message.mentions):
        return True
    return any(role.tags is not None and role.tags.bot_id == bot for role in message.role_mentions)


def names_others(message: discord.Message, bot: int) -> bool:
    return any(one.id != bot for one in message.mentions) or bool(message.role_mentions) or message.mention_everyone


def replied_to(message: discord.Message) -> int | None:
    """Return the message that this one replies to."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


@dataclass(frozen=True, slots=True)
class DiscordFile:
    """A file as a message or a command carries it."""

    id: str
    name: str
    size: int
    address: str
    """Signed, and good for a day or so."""
    is_pdf: bool


def discord_file(attached: discord.Attachment) -> DiscordFile:
    """Return a file under the name that its uploader gave it: Discord's own has no spaces or accents."""
    ending = attached.filename.rpartition(".")[2]
    name = f"{attached.title}.{ending}" if attached.title else attached.filename
    kind = (attached.content_type or "").partition(";")[0]
    is_pdf = kind == "application/pdf" or name.lower().endswith(".pdf")
    return DiscordFile(str(attached.id), name, attached.size, attached.url, is_pdf)


def files(message: discord.Message) -> tuple[DiscordFile, ...]:
    return tuple(discord_file(one) for one in message.attachments)


def shows_content(message: discord.Message) -> bool:
    """Say whether we are shown what a message holds: without the intent, most look empty, and none is."""
    return bool(message.content or message.attachments)


def is_ordinary(message: discord.Message) -> bool:
    """Say whether a person wrote it: no bot, no webhook, nothing of Discord's own."""
    if message.author.bot or message.webhook_id is not None:
        return False
    return message.type in (discord.MessageType.default, discord.MessageType.reply)
