"""What happens to messages: they are posted, edited, deleted, reacted to, and they mention people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fake_discord import payloads
from tests.fake_discord.application import (
    DIRECT_MESSAGE_REACTIONS,
    DIRECT_MESSAGE_TYPING,
    DIRECT_MESSAGES,
    GUILD_MESSAGE_REACTIONS,
    GUILD_MESSAGE_TYPING,
    GUILD_MESSAGES,
)
from tests.fake_discord.bodies import Body, Upload
from tests.fake_discord.permissions import MENTION_EVERYONE
from tests.fake_discord.records import (
    EPHEMERAL,
    HAS_THREAD,
    LOADING,
    SUPPRESS_EMBEDS,
    Attachment,
    Channel,
    Guild,
    Json,
    Message,
    Role,
    User,
    Version,
)
from tests.fake_discord.world import World

REPLY, THREAD_CREATED, STARTER = 19, 18, 21
CHAT_COMMAND, CONTEXT_MENU = 20, 23
"""Message types."""

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")


@dataclass
class Draft:
    """What goes into a message."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: Sequence[Upload] = ()
    flags: int = 0
    allowed_mentions: Json | None = None
    """None: whatever the text mentions."""
    reply_to: Message | None = None
    nonce: str = ""
    type: int = 0
    interaction: Json | None = None
    visible_to: str = ""


def draft_of(body: Body) -> Draft:
    """Return what a request wants to say."""
    return Draft(
        content=str(body.get("content") or ""),
        embeds=body.get("embeds") or [],
        components=body.get("components") or [],
        files=body.new_files,
        flags=int(body.get("flags") or 0),
        allowed_mentions=body.get("allowed_mentions"),
        nonce=str(body.get("nonce") or ""),
    )


def post(world: World, where: Channel, author: User, draft: Draft, *, message_id: str = "") -> Message:
    """Post a message; whoever may see it is told."""
    one = Message(message_id or world.ids.new(), where, author, draft.content.strip(), draft.type)
    one.flags = draft.flags & (SUPPRESS_EMBEDS | EPHEMERAL | LOADING)
    one.nonce, one.visible_to, one.interaction = draft.nonce, draft.visible_to, draft.interaction
    if draft.interaction:
        one.application_id = one.webhook_id = world.app.id
    if draft.reply_to is not None:
        one.type = draft.type or REPLY
        one.referenced = draft.reply_to
        one.reference = _reference(draft.reply_to)
    one.attachments = [_attach(world, where, upload, draft.visible_to) for upload in draft.files]
    one.embeds, one.components = _embeds(world, one, draft.embeds), draft.components
    mention(world, one, draft.allowed_mentions)
    if where.is_thread and where.is_archived and not draft.visible_to:
        where.is_archived = False
        world.update_channel(where)
    where.messages[one.id] = one
    world.watch(one)
    world.send_message_event("MESSAGE_CREATE", one)
    world.happen("posted", one, pings=one.pings)
    return one


def _reference(one: Message) -> Json:
    body: Json = {"type": 0, "channel_id": one.channel.id, "message_id": one.id}
    return body | ({"guild_id": one.channel.guild.id} if one.channel.guild else {})


def _attach(world: World, where: Channel, upload: Upload, visible_to: str) -> Attachment:
    one = world.attach(where, upload.name, upload.content, ephemeral=bool(visible_to))
    one.description = upload.description
    return one


def _embeds(world: World, message: Message, embeds: list[Json]) -> list[Json]:
    """Return embeds as Discord keeps them; files that they show leave the attachments."""
    kept = []
    for one in embeds:
        shown = {name: value for name, value in one.items() if value not in (None, "", [])} | {"type": "rich"}
        for name in ("image", "thumbnail"):
            address = (shown.get(name) or {}).get("url", "")
            if address.startswith("attachment://"):
                wanted = address.removeprefix("attachment://")
                file = next(each for each in message.attachments if each.filename == wanted)
                message.attachments.remove(file)
                message.embedded.append(file)
                url = world.cdn.sign(file)
                width, height = payloads.png_size(file.content) or (0, 0)
                shown[name] = {"url": url, "proxy_url": url, "width": width, "height": height}
        kept.append(shown)
    return kept


def mention(world: World, one: Message, allowed: Json | None) -> None:
    """Find whom a message mentions, and leave out whom its author does not want to, or may not, notify."""
    guild = one.channel.guild
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    users = [world.users[id_] for id_ in _USER.findall(one.content) if id_ in world.users]
    one.mentions = [each for each in users if "users" in parse or _named(allowed, "users", each)]
    if one.referenced is not None and one.type == REPLY:
        is_pinged = allowed is None or bool(allowed.get("replied_user"))
        one.mentions += [one.referenced.author] if is_pinged else []
    one.mentions = list(dict.fromkeys(one.mentions))
    may_ping_all = guild is not None and world.can(one.author, one.channel, MENTION_EVERYONE)
    roles = [guild.roles[id_] for id_ in _ROLE.findall(one.content) if id_ in guild.roles] if guild else []
    one.mention_roles = [
        each
        for each in dict.fromkeys(roles)
        if (each.mentionable or may_ping_all) and ("roles" in parse or _named(allowed, "roles", each))
    ]
    one.mention_everyone = may_ping_all and "everyone" in parse and bool(_EVERYONE.search(one.content))


def _named(allowed: Json | None, kind: str, one: User | Role) -> bool:
    return one.id in [str(id_) for id_ in (allowed or {}).get(kind) or ()]


def edit(world: World, one: Message, draft: Draft, *, changes: set[str], kept: set[str] | None = None) -> None:
    """Edit a message; `changes` names what of the draft counts, `kept` the attachments that stay."""
    one.versions.append(Version(one.content, tuple(one.embeds), tuple(one.components), world.clock.now()))
    was_loading = one.is_loading
    one.flags &= ~LOADING
    if "flags" in changes:
        one.flags = one.flags & ~SUPPRESS_EMBEDS | draft.flags & SUPPRESS_EMBEDS
    if "content" in changes:
        one.content = draft.content.strip()
    if kept is not None:
        world.cdn.forget([each for each in one.attachments if each.id not in kept])
        one.attachments = [each for each in one.attachments if each.id in kept]
    one.attachments += [_attach(world, one.channel, upload, one.visible_to) for upload in draft.files]
    if "embeds" in changes:
        one.embeds = _embeds(world, one, draft.embeds)
    if "components" in changes:
        one.components = draft.components
    if "content" in changes:
        mention(world, one, draft.allowed_mentions)
    if not was_loading:
        one.edited = world.clock.now()
    world.watch(one)
    world.send_message_event("MESSAGE_UPDATE", one)
    world.happen("edited", one)


def delete(world: World, one: Message, by: User) -> None:
    """Delete a message; the app is told its ids and nothing else. A thread on it stays."""
    _forget(world, one)
    guild = one.channel.guild
    body = {"id": one.id, "channel_id": one.channel.id} | ({"guild_id": guild.id} if guild else {})
    _tell(world, "MESSAGE_DELETE", one, body)
    world.happen("deleted", one, by=by.id)


def bulk_delete(world: World, messages: Sequence[Message], by: User) -> None:
    """Delete several messages of a channel at once: one event for all."""
    for one in messages:
        _forget(world, one)
    where = messages[0].channel
    assert where.guild is not None
    body = {"ids": [one.id for one in messages], "channel_id": where.id, "guild_id": where.guild.id}
    _tell(world, "MESSAGE_DELETE_BULK", messages[0], body)
    for one in messages:
        world.happen("deleted", one, by=by.id)


def _forget(world: World, one: Message) -> None:
    one.is_deleted = True
    one.channel.messages.pop(one.id, None)
    world.cdn.forget([*one.attachments, *one.embedded])


def _tell(world: World, name: str, one: Message, body: Json) -> None:
    world.tell_of_message(name, one, guild_intent=GUILD_MESSAGES, direct_intent=DIRECT_MESSAGES, data=body)


def react(world: World, one: Message, by: User, emoji: str, *, add: bool = True) -> None:
    """Add or take away a reaction."""
    users = one.reactions.setdefault(emoji, [])
    if (by.id in users) is add:
        return
    users.append(by.id) if add else users.remove(by.id)
    guild = one.channel.guild
    body: Json = {
        "user_id": by.id,
        "channel_id": one.channel.id,
        "message_id": one.id,
        "emoji": {"id": None, "name": emoji, "animated": False},
        "burst": False,
        "type": 0,
    }
    if guild:
        body["guild_id"] = guild.id
    if add:
        body["message_author_id"] = one.author.id
        if guild and by.id in guild.members:
            body["member"] = payloads.member(guild.members[by.id])
    name = f"MESSAGE_REACTION_{'ADD' if add else 'REMOVE'}"
    intents = {"guild_intent": GUILD_MESSAGE_REACTIONS, "direct_intent": DIRECT_MESSAGE_REACTIONS}
    world.tell_of_message(name, one, **intents, data=body)
    world.happen("reacted" if add else "unreacted", one, by=by.id, text=emoji)


def type_in(world: World, where: Channel, by: User) -> None:
    """Show that somebody is typing; it lasts ten seconds."""
    body: Json = {"channel_id": where.id, "user_id": by.id, "timestamp": int(world.clock.now())}
    guild: Guild | None = where.guild
    if guild and by.id in guild.members:
        body |= {"guild_id": guild.id, "member": payloads.member(guild.members[by.id])}
    about = Message("0", where, by)
    intents = {"guild_intent": GUILD_MESSAGE_TYPING, "direct_intent": DIRECT_MESSAGE_TYPING}
    world.tell_of_message("TYPING_START", about, **intents, data=body)
    world.happen("typing", channel=where.id, by=by.id)


def start_thread(world: World, where: Channel, name: str, by: User, source: Message | None = None) -> Channel:
    """Start a thread in a text channel, on a message or by itself, with the messages that Discord adds."""
    thread = world.add_thread(where, name, by, source=source)
    if source is None:
        note = Draft(name, type=THREAD_CREATED)
        post(world, where, by, note)
        return thread
    source.thread, source.flags = thread, source.flags | HAS_THREAD
    world.send_message_event("MESSAGE_UPDATE", source)
    post(world, thread, by, Draft(reply_to=source, type=STARTER, allowed_mentions={}))
    return thread


def start_post(world: World, forum: Channel, title: str, by: User, draft: Draft) -> tuple[Channel, Message]:
    """Start a post in a forum: a thread whose first message, in the thread itself, has the thread's id."""
    thread = world.add_thread(forum, title, by)
    return thread, post(world, thread, by, draft, message_id=thread.id)
