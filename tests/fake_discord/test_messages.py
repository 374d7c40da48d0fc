from __future__ import annotations

import asyncio
import io
import time

import discord
import pytest

from tests.fake_discord import FakeDiscord, Rate
from tests.fake_discord.conftest import Bot, intents, refusal
from tests.fake_discord.permissions import EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES

POST = "POST /channels/{channel}/messages"
PATCH = "PATCH /channels/{channel}/messages/{message}"
PDF = b"%PDF-1.7 twelve days"


def text_channel(bot: Bot, name: str = "general") -> discord.TextChannel:
    return discord.utils.get(bot.get_all_channels(), name=name)


async def test_sending_editing_deleting(fake: FakeDiscord, bot: Bot):
    """What the bot says is seen as it is now, and earlier versions are kept."""
    ann, general = fake.user("ann"), fake.channel("general")

    message = await text_channel(bot).send("one")
    await message.edit(content="two", embed=discord.Embed(title="t", description="d"))
    (seen,) = ann.sees(general)
    record = general.messages[0]
    await message.delete()

    assert (seen.shown, seen.edited, seen.author) == ("two\nt\nd", True, "AskDocs")
    assert [one.content for one in record.versions] == ["one"]
    assert ann.sees(general) == ()
    assert [one.kind for one in fake.happenings] == ["posted", "edited", "deleted"]


async def test_people_edit_and_delete(fake: FakeDiscord, bot: Bot):
    """Edits come whole; of what was deleted only ids are told, one event for a bulk."""
    ann, general = fake.user("ann", admin=True), fake.channel("general")
    first, second, third = [await ann.says(general, word) for word in ("a", "b", "c")]

    await ann.edits(first, "aa")
    await ann.deletes(first)
    await ann.bulk_deletes([second, third])
    bulk = await bot.next("raw_bulk_message_delete")

    (edit,), (deletion,) = bot.all("raw_message_edit"), bot.all("raw_message_delete")
    assert (edit.message.content, edit.message.edited_at is not None) == ("aa", True)
    assert (deletion.message_id, deletion.guild_id) == (int(first.id), int(fake.home.id))
    assert bulk.message_ids == {int(second.id), int(third.id)}


async def test_replies(fake: FakeDiscord, bot: Bot):
    """A reply names its message; one to a message that is gone is refused, unless that does not matter."""
    ann, general = fake.user("ann"), fake.channel("general")
    question = await ann.says(general, "how long?")
    message = await bot.next("message")

    await message.reply("twelve days", mention_author=False)
    answer = await fake.reply(question, "twelve")
    await ann.deletes(question)
    refused = await refusal(message.reply("again"))
    anyway = discord.MessageReference.from_message(message, fail_if_not_exists=False)
    await message.channel.send("again", reference=anyway)

    assert (answer.pings, fake.see(answer).reply_to) == (frozenset(), question.id)
    assert (refused.code, "Unknown message" in refused.text) == (50035, True)
    assert general.messages[-1].content == "again"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        pytest.param({"content": "x" * 2_001}, "In content: Must be 2000 or fewer in length.", id="content"),
        pytest.param(
            {"embed": discord.Embed(description="x" * 4_097)},
            "In embeds.0.description: Must be 4096 or fewer in length.",
            id="description",
        ),
        pytest.param(
            {"embeds": [discord.Embed(description="x" * 3_001)] * 2},
            "In embeds: Embed size exceeds maximum size of 6000",
            id="all-embeds",
        ),
        pytest.param(
            {"embed": discord.Embed(title="x" * 257)}, "In embeds.0.title: Must be 256 or fewer in length.", id="title"
        ),
        pytest.param({"embed": discord.Embed()}, "In embeds.0.description: This field is required", id="empty-embed"),
        pytest.param(
            {"embed": discord.Embed(description="x", url="javascript:x")},
            "In embeds.0.url: Scheme \"javascript:x\" is not supported. Scheme must be one of ('http', 'https').",
            id="address",
        ),
    ],
)
async def test_limits_are_named_by_path(fake: FakeDiscord, bot: Bot, what: dict, text: str):
    """50035 says what is wrong where."""
    refused = await refusal(text_channel(bot).send(**what))

    assert (refused.status, refused.code, refused.text) == (400, 50035, f"Invalid Form Body\n{text}")


async def test_too_many_fields(fake: FakeDiscord, bot: Bot):
    """An embed has at most 25, none of them empty."""
    many, empty = discord.Embed(title="t"), discord.Embed(title="t").add_field(name="n", value=" ")
    for _ in range(26):
        many.add_field(name="n", value="v")

    refused = [await refusal(text_channel(bot).send(embed=one)) for one in (many, empty)]

    assert "In embeds.0.fields: Must be 25 or fewer in length." in refused[0].text
    assert "In embeds.0.fields.0.value: This field is required" in refused[1].text


@pytest.mark.parametrize(
    ("buttons", "text"),
    [
        pytest.param([{"custom_id": "x" * 101, "label": "a"}], "Must be between 1 and 100 in length.", id="custom-id"),
        pytest.param([{"custom_id": "x", "label": "a" * 81}], "Must be 80 or fewer in length.", id="label"),
        pytest.param(
            [{"custom_id": "x", "label": "a"}] * 2, "Component custom id cannot be duplicated", id="duplicated"
        ),
        pytest.param([{"custom_id": "x"}], "A button must have a label or emoji", id="bare"),
        pytest.param(
            [{"custom_id": str(number), "label": "a"} for number in range(6)],
            "Must be between 1 and 5 in length.",
            id="six-in-a-row",
        ),
    ],
)
async def test_buttons_have_limits(fake: FakeDiscord, bot: Bot, buttons: list[dict], text: str):
    """discord.py checks some of them itself; the others, and other libraries, meet Discord's."""
    row = {"type": 1, "components": [{"type": 2, "style": 1} | one for one in buttons]}
    body = {"content": "x", "components": [row]}

    refused = await refusal(bot.http.request(discord.http.Route("POST", _path(fake)), json=body))

    assert (refused.code, text in refused.text) == (50035, True)


def _path(fake: FakeDiscord) -> str:
    return f"/channels/{fake.channel('general').id}/messages"


async def test_an_empty_message_is_refused(fake: FakeDiscord, bot: Bot):
    """Also one that would become empty."""
    channel = text_channel(bot)
    message = await channel.send("x")

    assert (await refusal(channel.send("  "))).code == 50006
    assert (await refusal(message.edit(content=""))).code == 50006


async def test_a_file_of_more_than_ten_mebibytes_is_refused(fake: FakeDiscord, bot: Bot):
    """413, code 40005."""
    refused = await refusal(text_channel(bot).send(file=discord.File(io.BytesIO(b"0" * (10 * 2**20 + 1)), "a.bin")))

    assert (refused.status, refused.code) == (413, 40005)


async def test_allowed_mentions_are_honoured(fake: FakeDiscord, bot: Bot):
    """Who is notified depends on the text, on what is allowed, and on what the author may do."""
    ann, general = fake.user("ann"), fake.channel("general")
    role = fake.role("staff", mentionable=True)
    text = f"{ann.mention} <@&{role.id}> @everyone"

    for allowed in (None, discord.AllowedMentions.none(), discord.AllowedMentions(roles=True, users=False)):
        await text_channel(bot).send(text, allowed_mentions=allowed)

    assert [one.pings for one in general.messages] == [{ann.id, role.id}, frozenset(), {role.id}]
    assert [len(one.mentions) for one in ann.sees(general)] == [3, 3, 3]
    assert [one.pings for one in fake.happenings] == [one.pings for one in general.messages]


async def test_the_same_nonce_is_one_message(fake: FakeDiscord, bot: Bot):
    """A repeated request does not post twice."""
    first = await text_channel(bot).send("once", nonce="n1")
    second = await text_channel(bot).send("once", nonce="n1")

    assert first.id == second.id
    assert len(fake.channel("general").messages) == 1


async def test_history_is_paged(fake: FakeDiscord, bot: Bot):
    """Before, after and around; discord.py fetches page by page."""
    ann, general = fake.user("ann"), fake.channel("general")
    said = [await ann.says(general, str(number)) for number in range(250)]
    channel = text_channel(bot)

    newest = [one.content async for one in channel.history(limit=230)]
    since = [one.content async for one in channel.history(after=discord.Object(int(said[99].id)), limit=None)]
    around = [one.content async for one in channel.history(around=discord.Object(int(said[50].id)), limit=3)]

    assert newest == [str(number) for number in range(249, 19, -1)]
    assert since == [str(number) for number in range(100, 250)]
    assert sorted(around) == ["49", "50", "51"]
    assert (await refusal(bot.http.logs_from(channel.id, 101))).code == 50035


async def test_where_the_bot_may_not(fake: FakeDiscord, bot: Bot):
    """50001 where it sees nothing, 50013 where it may not do this; without history there is none."""
    general = fake.channel("general")
    hidden = fake.channel("hidden", private=True, bot=False)
    channel = text_channel(bot)
    other = await fake.user("ann").says(general, "hello")

    general.deny(bits=EMBED_LINKS)
    embed = await refusal(channel.send(embed=discord.Embed(title="t")))
    general.deny(bits=READ_MESSAGE_HISTORY)
    none = [one async for one in channel.history()]
    reply = await refusal(channel.send("x", reference=channel.get_partial_message(int(other.id))))
    general.deny(bits=SEND_MESSAGES)

    assert (await refusal(bot.fetch_channel(int(hidden.id)))).code == 50001
    assert (await refusal(bot.fetch_channel(1))).code == 10003
    assert (await refusal(channel.send("x"))).code == embed.code == 50013
    assert (none, reply.code) == ([], 160002)
    assert (await refusal(channel.get_partial_message(int(other.id)).delete())).code == 50013
    assert (await refusal(channel.get_partial_message(int(other.id)).edit(content="x"))).code == 50005
    assert (await refusal(channel.get_partial_message(5).edit(content="x"))).code == 10008


async def test_what_happens_where_the_bot_is_not_is_not_told(fake: FakeDiscord, bot: Bot):
    """Messages of a hidden channel do not reach it; the channel itself is known."""
    ann = fake.user("ann")
    hidden = fake.channel("hidden", private=True, members=[ann], bot=False)

    await ann.says(hidden, "secret")
    await ann.says(fake.channel("general"), "open")
    await bot.next("message")

    assert [one.content for one in bot.all("message")] == ["open"]
    assert "hidden" in [one.name for one in bot.guilds[0].text_channels]


async def test_bulk_delete(fake: FakeDiscord, bot: Bot):
    """Of two to a hundred messages, none older than two weeks, by who may."""
    general = fake.channel("general")
    ann = fake.user("ann")
    old = await ann.says(general, "old")
    fake.clock.advance(15 * 86_400)
    two = [await ann.says(general, "x") for _ in range(2)]
    channel = text_channel(bot)
    ids = [discord.Object(int(one.id)) for one in two]

    assert (await refusal(channel.delete_messages(ids))).code == 50013
    general.allow(fake.role("cleaners"), MANAGE_MESSAGES)
    fake.world.set_roles(fake.home, fake.bot, [*fake.home.members[fake.bot.id].roles, fake.role("cleaners")])
    assert (await refusal(channel.delete_messages([*ids, discord.Object(int(old.id))]))).code == 50034
    await channel.delete_messages(ids)

    assert [one.content for one in general.messages] == ["old"]


async def test_reactions_and_typing(fake: FakeDiscord, bot: Bot):
    """Both ways."""
    ann, general = fake.user("ann"), fake.channel("general")
    message = await ann.says(general, "hello")
    heard = await bot.next("message")

    await heard.add_reaction("👀")
    seen = ann.sees(general)[0].reactions
    await heard.remove_reaction("👀", bot.user)
    await ann.reacts(message, "👍")
    reaction = await bot.next("raw_reaction_add", 2)
    async with heard.channel.typing():
        pass
    await ann.types(general)
    await bot.next("typing")

    assert (seen, ann.sees(general)[0].reactions) == (("👀",), ("👍",))
    assert (str(reaction.emoji), reaction.user_id) == ("👍", int(ann.id))
    assert [one.by for one in fake.happenings if one.kind == "typing"] == [fake.bot.id, ann.id]


async def test_direct_messages(fake: FakeDiscord, bot: Bot):
    """They have no guild, show everything, and may be closed."""
    ann = fake.user("ann")
    place = fake.direct(ann)
    await ann.says(place, "hello")
    message = await bot.next("message")
    await message.channel.send("hello yourself")

    ann.record.accepts_direct_messages = False
    user = await bot.fetch_user(int(ann.id))
    refused = await refusal(user.send("still there?"))

    assert (message.guild, message.content) == (None, "hello")
    assert [one.shown for one in ann.sees(place)] == ["hello", "hello yourself"]
    assert refused.code == 50007


async def test_threads_on_messages(fake: FakeDiscord, bot: Bot):
    """A thread on a message has its id; there is one; deleting it tells only its id."""
    ann, general = fake.user("ann", admin=True), fake.channel("general")
    question = await ann.says(general, "how long?")
    message = await bot.next("message")

    thread = await message.create_thread(name="how long?")
    await thread.send("twelve days")
    place = fake.place(str(thread.id))
    await ann.says(place, "and then?")
    followup = await bot.next("message", 4)
    second = await refusal(message.create_thread(name="again"))
    await ann.deletes_thread(place)
    deletion = await bot.next("raw_thread_delete")

    assert thread.id == message.id == deletion.thread_id
    assert [one.shown for one in place.seen_by(ann)] == []
    assert (followup.content, followup.channel.id, followup.channel.parent_id) == (
        "and then?",
        thread.id,
        int(general.id),
    )
    assert second.code == 160004
    assert [one.type.name for one in bot.all("message")] == ["default", "thread_starter_message", "default", "default"]
    assert question.thread is not None


async def test_forum_posts(fake: FakeDiscord, bot: Bot):
    """A post is a thread; its first message stands in it and has its id."""
    ann = fake.user("ann")
    forum = fake.forum("help")

    post = await ann.posts(forum, "How long?", "How long is leave?")
    message = await bot.next("message")
    made = await bot.get_channel(int(forum.id)).create_thread(name="Answers", content="All of them.")

    assert message.id == message.channel.id == int(post.id)
    assert message.channel.parent.name == "help"
    assert made.thread.id == made.message.id
    assert [one.name for one in forum.threads] == ["How long?", "Answers"]
    assert (await refusal(bot.http.send_message(int(forum.id), params=_content("x")))).code == 50008


def _content(text: str) -> discord.http.MultipartParameters:
    return discord.http.handle_message_parameters(text)


async def test_an_archived_thread(fake: FakeDiscord, bot: Bot):
    """Sending opens it again; editing in it is refused."""
    ann = fake.user("ann")
    place = await ann.starts_thread(fake.channel("general"), "talk")
    thread = await bot.next("thread_create")
    message = await thread.send("one")
    place.record.is_archived = True

    refused = await refusal(message.edit(content="two"))
    await thread.send("three")

    assert (refused.code, place.record.is_archived) == (50083, False)


async def test_channels_change_and_go(fake: FakeDiscord, bot: Bot):
    """Overwrites decide who sees what at once; a deleted channel is gone with its threads."""
    ann, bob = fake.user("ann", admin=True), fake.user("bob")
    place = fake.channel("plans")
    await ann.says(place, "hello")

    open_to_bob = len(bob.sees(place))
    place.close([ann])
    await bot.next("guild_channel_update")
    channel = text_channel(bot, "plans")
    sees = [channel.permissions_for(channel.guild.get_member(int(one.id))).view_channel for one in (ann, bob)]
    closed_to_bob = len(bob.sees(place))
    await ann.deletes_channel(place)
    gone = await bot.next("guild_channel_delete")

    assert (open_to_bob, closed_to_bob, sees) == (1, 0, [True, False])
    assert gone.name == "plans"


async def test_roles_and_members(fake: FakeDiscord, bot: Bot):
    """A role opens a channel; taking it away, or leaving, closes it."""
    ann = fake.user("ann")
    staff = fake.role("staff")
    place = fake.channel("plans", private=True, roles=[staff])

    await ann.gets(staff)
    await bot.next("member_update")
    channel, member = text_channel(bot, "plans"), bot.guilds[0].get_member(int(ann.id))
    inside = channel.permissions_for(member).view_channel
    staff.permissions = SEND_MESSAGES
    fake.world.save_role(fake.home, staff)
    await bot.next("guild_role_update")
    await ann.loses(staff)
    await bot.next("member_update", 2)
    await ann.leaves(fake.home)
    await bot.next("raw_member_remove")

    assert (inside, channel.permissions_for(member).view_channel) == (True, False)
    assert (await refusal(bot.guilds[0].fetch_member(int(ann.id)))).code == 10007
    assert place.seen_by(ann) == ()


# Attachments.


async def test_attachments_expire(fake: FakeDiscord, bot: Bot):
    """An address is signed for a day; a fresh one comes with the message; deleting ends all."""
    ann, general = fake.user("ann"), fake.channel("general")
    message = await ann.uploads(general, "Überblick (1).pdf", PDF)
    (attachment,) = (await bot.next("message")).attachments

    at_once = await attachment.read()
    fake.clock.advance(86_401)
    with pytest.raises(discord.NotFound):
        await attachment.read()
    (fresh,) = (await text_channel(bot).fetch_message(int(message.id))).attachments
    again = await fresh.read()
    await ann.deletes(message)
    with pytest.raises(discord.NotFound):
        await fresh.read()

    assert at_once == again == PDF
    assert (attachment.filename, attachment.title) == ("berblick_1.pdf", "Überblick (1)")
    assert (attachment.content_type, attachment.size) == ("application/pdf", len(PDF))
    assert not any("Authorization" in one for one in fake.cdn.requests)


async def test_a_tampered_address_is_no_good(fake: FakeDiscord, bot: Bot):
    """The signature covers file and time."""
    await fake.user("ann").uploads(fake.channel("general"), "a.pdf", PDF)
    (attachment,) = (await bot.next("message")).attachments

    with pytest.raises(discord.NotFound):
        await bot.http.get_from_cdn(attachment.url.replace("a.pdf", "b.pdf"))


async def test_files_of_the_bot(fake: FakeDiscord, bot: Bot):
    """Several at once, with alt text; one shown by an embed is no attachment; edits keep what they name."""
    general = fake.channel("general")
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
    files = [
        discord.File(io.BytesIO(png), "page.png", description="page 4"),
        discord.File(io.BytesIO(b"shown"), "shown.png"),
    ]
    embed = discord.Embed(title="t").set_image(url="attachment://shown.png")

    message = await text_channel(bot).send(files=files, embed=embed)
    (attachment,) = message.attachments
    shown = await bot.http.get_from_cdn(message.embeds[0].image.url)
    edited = await message.edit(content="none", attachments=[discord.File(io.BytesIO(b"2"), "two.txt")])

    assert (attachment.description, attachment.width, attachment.height) == ("page 4", 640, 480)
    assert shown == b"shown"
    assert [one.filename for one in edited.attachments] == ["two.txt"]
    assert general.messages[0].attachments[0].content == b"2"


# Rate limits and trouble.


async def test_a_bucket_runs_dry(fake: FakeDiscord, bot: Bot):
    """Headers tell what is left, so the client waits by itself and is never refused."""
    fake.limits.enforced = True
    fake.limits.rates[POST] = Rate(3, 0.4)
    channel = text_channel(bot)

    start = time.monotonic()
    for number in range(5):
        await channel.send(str(number))

    assert time.monotonic() - start > 0.35
    assert {one.status for one in fake.calls_of(POST)} == {200}


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_429_is_waited_for(fake: FakeDiscord, bot: Bot, scope: str):
    """The client comes back after the time it was told."""
    fake.limit(POST, 0.2, scope=scope)

    start = time.monotonic()
    await text_channel(bot).send("hello")

    assert time.monotonic() - start > 0.19
    assert [one.status for one in fake.calls_of(POST)] == [429, 200]
    assert fake.calls_of(POST)[0].answer["global"] is (scope == "global")


async def test_more_than_the_bucket_holds_is_refused(fake: FakeDiscord, bot: Bot):
    """Whoever does not read the headers meets 429."""
    message = await text_channel(bot).send("hello")
    others = [discord.Client(intents=intents()) for _ in range(2)]
    for one in others:
        await one.login(fake.app.token)
    fake.limits.enforced = True
    fake.limits.rates[PATCH] = Rate(1, 0.2)

    edits = [one.http.edit_message(message.channel.id, message.id, params=_content("edited")) for one in others]
    await asyncio.gather(*edits)
    for one in others:
        await one.close()

    assert [one.status for one in fake.calls_of(PATCH)] == [200, 429, 200]


async def test_trouble_can_be_planned(fake: FakeDiscord, bot: Bot):
    """Errors by code or status, slowness, and answers that never arrive."""
    channel = text_channel(bot)
    fake.fail(POST, 50013)
    fake.slow(POST, 0.1)
    refused = await refusal(channel.send("a"))
    start = time.monotonic()
    await channel.send("b")
    took = time.monotonic() - start
    fake.break_off(POST)
    with pytest.raises(Exception, match="disconnected"):
        await channel.send("c")

    assert (refused.code, took > 0.09) == (50013, True)
    assert [one.content for one in fake.channel("general").messages] == ["b", "c"]


async def test_waiting_ends(fake: FakeDiscord, bot: Bot):
    """`until` gives up in time, and `delivered` says that the client has it all."""
    await fake.user("ann").says(fake.channel("general"), "hello")
    await fake.delivered()

    with pytest.raises(TimeoutError):
        await fake.until(lambda: False, within=0.01)
