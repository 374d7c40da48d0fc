from __future__ import annotations

import discord
import pytest

from tests.fake_discord import FakeDiscord
from tests.fake_discord.conftest import Bot, intents


async def test_a_client_gets_ready(fake: FakeDiscord, bots: list[Bot]):
    """Guilds are unavailable first, then come whole: channels, roles, members, threads."""
    ann = fake.user("ann")
    fake.channel("secret", private=True, members=[ann], bot=False)
    thread = await ann.starts_thread(fake.channel("general"), "a talk")
    bots.append(client := Bot())

    await client.go(fake)

    (guild,) = client.guilds
    assert (guild.name, guild.member_count, client.user.name) == ("Acme", 3, "AskDocs")
    assert {one.name for one in guild.members} == {"owner", "AskDocs", "ann"}
    assert [one.name for one in guild.text_channels] == ["general", "secret"]
    assert [one.id for one in guild.threads] == [int(thread.id)]
    assert fake.gateway.connections[0].compression == "zlib-stream"


async def test_a_wrong_token_is_refused(fake: FakeDiscord, bots: list[Bot]):
    """By REST with 401, and by the gateway with 4004."""
    bots.append(client := Bot())

    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")


async def test_an_intent_that_is_off_closes_the_gateway(fake: FakeDiscord, bots: list[Bot]):
    """4014, which discord.py names."""
    fake.app.intents = {"members"}
    bots.append(client := Bot())

    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(fake.app.token)


@pytest.mark.parametrize(
    ("how", "reads"),
    [
        pytest.param("plain", False, id="plain"),
        pytest.param("mention", True, id="mention"),
        pytest.param("reply", True, id="reply-with-ping"),
        pytest.param("quiet-reply", False, id="reply-without-ping"),
        pytest.param("direct", True, id="direct-message"),
    ],
)
async def test_without_the_content_intent_words_and_files_are_missing(
    fake: FakeDiscord, bots: list[Bot], how: str, reads: bool
):
    """Except in direct messages and where the bot is mentioned; a reply that pings is a mention."""
    ann = fake.user("ann")
    bots.append(client := Bot(intents(content=False)))
    await client.go(fake)
    own = await client.get_channel(int(fake.channel("general").id)).send("mine")
    place = fake.direct(ann) if how == "direct" else fake.channel("general")
    reply_to = fake.channel("general").record.messages[str(own.id)] if "reply" in how else None
    text = f"{fake.mention} look" if how == "mention" else "look"

    await ann.says(place, text, attachments=[("a.pdf", b"%PDF-")], reply_to=reply_to, ping=how != "quiet-reply")

    message = await client.next("message", 2)
    assert (bool(message.content), len(message.attachments)) == (reads, int(reads))
    assert message.author.id == int(ann.id)
    assert client.all("message")[0].content == "mine"


async def test_rest_hides_content_by_what_the_portal_says(fake: FakeDiscord, bots: list[Bot]):
    """History is as empty as events are, unless the intent is switched on."""
    fake.app.intents = set()
    ann, general = fake.user("ann"), fake.channel("general")
    message = await ann.says(general, "hello", attachments=[("a.pdf", b"%PDF-")])
    bots.append(client := Bot(intents(content=False, members=False)))
    await client.go(fake)

    hidden = await client.get_channel(int(general.id)).fetch_message(int(message.id))
    fake.app.intents = {"message_content"}
    shown = await client.get_channel(int(general.id)).fetch_message(int(message.id))

    assert (hidden.content, hidden.attachments) == ("", [])
    assert (shown.content, len(shown.attachments)) == ("hello", 1)


async def test_without_the_members_intent_nobody_else_is_there(fake: FakeDiscord, bots: list[Bot]):
    """Only the bot itself is in the guild's list, and comings and goings are not told."""
    ann = fake.user("ann")
    bots.append(client := Bot(intents(members=False)))
    await client.go(fake)

    await ann.leaves(fake.home)
    await fake.user("bob").says(fake.channel("general"), "done")
    await client.next("message")

    assert [one.id for one in client.guilds[0].members] == [client.user.id]
    assert client.all("raw_member_remove") == []


async def test_what_was_missed_comes_after_a_resume(fake: FakeDiscord, bot: Bot):
    """A cut connection is resumed with its session; nothing is lost or repeated."""
    ann, general = fake.user("ann"), fake.channel("general")
    await ann.says(general, "before")
    await bot.next("message")

    fake.gateway.cut()
    await fake.until(lambda: not fake.gateway.connections)
    await ann.says(general, "meanwhile")
    await bot.next("resumed")
    await ann.says(general, "after")
    await bot.next("message", 3)

    assert [one.content for one in bot.all("message")] == ["before", "meanwhile", "after"]
    assert (len(fake.gateway.resumes), len(fake.gateway.identifies)) == (1, 1)
    assert len(bot.all("ready")) == 1


async def test_reconnect_is_obeyed(fake: FakeDiscord, bot: Bot):
    """Op 7 makes the client come back and resume."""
    await fake.gateway.reconnect()

    await bot.next("resumed")

    assert len(fake.gateway.resumes) == 1


async def test_a_session_that_is_over_is_identified_anew(fake: FakeDiscord, bot: Bot):
    """The resume is refused with op 9; what happened while nobody had a session is lost."""
    ann, general = fake.user("ann"), fake.channel("general")
    fake.gateway.invalid_resumes = 1
    fake.gateway.cut()
    await fake.until(lambda: not fake.gateway.connections)
    await ann.says(general, "lost")

    await bot.next("ready", 2)
    await ann.says(general, "heard")
    await bot.next("message")

    assert [one.content for one in bot.all("message")] == ["heard"]
    assert len(fake.gateway.identifies) == 2


async def test_an_invalid_session_that_may_be_resumed(fake: FakeDiscord, bot: Bot):
    """Op 9 with true leads to a resume."""
    await fake.gateway.invalidate(resumable=True)

    await bot.next("resumed")


async def test_a_zombie_is_left(fake: FakeDiscord, bots: list[Bot]):
    """A connection on which nothing comes any more is closed by the client, and the session resumed."""
    fake.gateway.heartbeat_interval = 0.2
    bots.append(client := Bot(heartbeat_timeout=0.5))
    await client.go(fake)

    fake.gateway.connections[0].is_deaf = True
    await fake.user("ann").says(fake.channel("general"), "hello")
    await client.next("message")

    assert len(fake.gateway.resumes) == 1


async def test_heartbeats_are_answered(fake: FakeDiscord, bots: list[Bot]):
    """Each with an ack; Discord may ask for one."""
    bots.append(client := Bot())
    await client.go(fake)
    (connection,) = fake.gateway.connections

    before = len([one for one in connection.received if one["op"] == 1])
    await fake.gateway.ask_heartbeat()
    await fake.until(lambda: len([one for one in connection.received if one["op"] == 1]) > before)

    assert client.latency < 5


async def test_shards_share_the_guilds(fake: FakeDiscord, bots: list[Bot]):
    """Each shard has its own guilds; direct messages go to the first."""
    fake.guild("Globex")
    ann = fake.user("ann")
    for number in range(2):
        bots.append(client := Bot(shard_id=number, shard_count=2))
        await client.go(fake)

    await ann.says(fake.direct(ann), "psst")
    await bots[0].next("message")

    assert sorted(len(one.guilds) for one in bots) == [1, 1] or {len(one.guilds) for one in bots} == {0, 2}
    assert bots[1].all("message") == []


async def test_two_processes_hear_the_same(fake: FakeDiscord, bots: list[Bot]):
    """Two sessions without shards both get every event."""
    for _ in range(2):
        bots.append(client := Bot())
        await client.go(fake)

    await fake.user("ann").says(fake.channel("general"), "hello")

    assert [(await one.next("message")).content for one in bots] == ["hello", "hello"]


async def test_guilds_come_and_go(fake: FakeDiscord, bot: Bot):
    """Joining, an outage, its end, and being thrown out are told apart."""
    ann = fake.user("ann")
    globex = fake.guild("Globex", bot=False)
    await ann.adds_bot(globex)
    joined = await bot.next("guild_join")
    fake.set_available(globex, available=False)
    await bot.next("guild_unavailable")
    fake.set_available(globex, available=True)
    await bot.next("guild_available", 2)
    await ann.removes_bot(globex)
    removed = await bot.next("guild_remove")

    assert joined.id == removed.id == int(globex.id)
    assert [one.name for one in bot.guilds] == ["Acme"]


async def test_members_can_be_asked_for(fake: FakeDiscord, bot: Bot):
    """By id and by the beginning of their names."""
    ann = fake.user("ann")
    fake.user("bob")
    guild = bot.guilds[0]

    by_name = await guild.query_members("an")
    by_id = await guild.query_members(user_ids=[int(ann.id)])

    assert [one.name for one in by_name] == [one.name for one in by_id] == ["ann"]


async def test_too_many_commands_close_the_connection(fake: FakeDiscord, bot: Bot):
    """120 a minute: the 121st is answered with 4008, and the session resumed."""
    for _ in range(121):
        await bot.ws.send_heartbeat({"op": 1, "d": None})
    await fake.until(lambda: fake.gateway.resumes)

    assert len(fake.gateway.resumes) == 1
