from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import discord
import pytest
from discord import app_commands

from tests.fake_discord import FakeDiscord
from tests.fake_discord.conftest import Bot, refusal

PDF = b"%PDF-1.7"


class Feedback(discord.ui.Modal, title="What was wrong?"):
    comment = discord.ui.TextInput(label="Comment", style=discord.TextStyle.paragraph, max_length=50)
    sent: ClassVar[list[str]] = []

    async def on_submit(self, interaction: discord.Interaction) -> None:
        self.sent.append(self.comment.value)
        await interaction.response.send_message("Thank you", ephemeral=True)


class Buttons(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.clicks: list[discord.Interaction] = []

    @discord.ui.button(label="Show page", custom_id="page:1")
    async def show(self, interaction: discord.Interaction, _button: Any) -> None:
        self.clicks.append(interaction)
        await interaction.response.defer()
        await interaction.followup.send("the page", ephemeral=True)

    @discord.ui.button(label="Bad", custom_id="bad:1")
    async def bad(self, interaction: discord.Interaction, _button: Any) -> None:
        await interaction.response.send_modal(Feedback())

    @discord.ui.button(label="Done", custom_id="done")
    async def done(self, interaction: discord.Interaction, _button: Any) -> None:
        await interaction.response.edit_message(content="done", view=None)


@pytest.fixture
async def commands(bot: Bot, fake: FakeDiscord) -> dict[str, Any]:
    """`/askdocs ask`, `/askdocs upload` and a message menu, whose interactions are kept."""
    kept: dict[str, Any] = {}
    group = app_commands.Group(name="askdocs", description="Ask the team's documents")

    @group.command(name="ask", description="Ask")
    async def ask(
        interaction: discord.Interaction, question: str, document: str | None = None, private: bool = False
    ) -> None:
        kept["ask"] = interaction
        kept["options"] = (question, document, private)
        await asyncio.sleep(kept.get("delay", 0))
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.edit_original_response(content=f"You asked: {question}")

    @ask.autocomplete("document")
    async def names(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        kept["current"] = (current, interaction.namespace.question)
        known = ["handbook.pdf", "manual.pdf"]
        return [app_commands.Choice(name=one, value=one) for one in known if one.startswith(current)]

    @group.command(name="upload", description="Upload")
    async def upload(interaction: discord.Interaction, file: discord.Attachment) -> None:
        kept["file"] = (file.filename, await file.read())
        await interaction.response.send_message("got it")

    @group.command(name="admin", description="For admins")
    async def admin(interaction: discord.Interaction, user: discord.Member) -> None:
        kept["user"] = user
        await interaction.response.send_message("ok", ephemeral=True)

    async def index(interaction: discord.Interaction, message: discord.Message) -> None:
        kept["message"] = message
        await interaction.response.send_message("indexing")

    bot.tree.add_command(group)
    bot.tree.add_command(app_commands.ContextMenu(name="Index this PDF", callback=index))
    guild = discord.Object(int(fake.home.id))
    bot.tree.copy_global_to(guild=guild)
    await bot.tree.sync(guild=guild)
    return kept


async def test_a_command_is_deferred_and_answered(fake: FakeDiscord, commands: dict[str, Any]):
    """Everybody sees that the bot thinks, then the answer in its place."""
    ann, bob = fake.user("ann"), fake.user("bob")
    general = fake.channel("general")

    act = await ann.command("askdocs ask", general, question="How long?")
    thinking = fake.happenings[-1].kind
    answer = await fake.until(lambda: act.original and act.original.content)

    assert commands["options"] == ("How long?", None, False)
    assert (thinking, answer) == ("posted", "You asked: How long?")
    assert [one.shown for one in bob.sees(general)] == ["You asked: How long?"]
    assert not bob.sees(general)[0].loading
    assert commands["ask"].user.id == int(ann.id)


async def test_a_private_answer_is_seen_by_one(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """It exists for the asker alone, and only the interaction's token reaches it."""
    ann, bob = fake.user("ann"), fake.user("bob")
    general = fake.channel("general")

    act = await ann.command("askdocs ask", general, question="How long?", private=True)
    await fake.until(lambda: act.original.content)
    refused = await refusal(bot.get_channel(int(general.id)).fetch_message(int(act.original.id)))

    assert [(one.shown, one.ephemeral) for one in ann.sees(general)] == [("You asked: How long?", True)]
    assert (bob.sees(general), general.messages, refused.code) == ((), [], 10008)
    assert ann.whispers(general) == [act.original]


async def test_an_ephemeral_message_looks_like_a_direct_one_to_its_app(
    fake: FakeDiscord, bot: Bot, commands: dict[str, Any]
):
    """Its event has no guild: an app that takes it for a direct message would answer itself."""
    await fake.user("ann").command("askdocs ask", question="x", private=True)

    message = await bot.next("message")

    assert (message.guild, message.author.id, message.flags.ephemeral) == (None, bot.user.id, True)


async def test_who_is_late_is_unknown(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """After three seconds the user reads that nothing came, and the app gets 10062."""
    fake.interactions.seconds = 0.1
    commands["delay"] = 0.2

    act = await fake.user("ann").command("askdocs ask", question="x")
    error = await bot.next("error", within=0.5) if bot.all("error") else None
    callbacks = await fake.until(lambda: fake.calls_of("POST /interactions/{interaction}/{token}/callback"))

    assert (act.acked, act.has_failed, error) == (False, True, None)
    assert (callbacks[0].status, callbacks[0].answer["code"]) == (404, 10062)
    assert fake.happenings[-1].text == "The application did not respond"


async def test_who_answers_twice_is_told(fake: FakeDiscord, commands: dict[str, Any]):
    """40060, also when two processes answer one interaction."""
    await fake.user("ann").command("askdocs ask", question="x")
    interaction = commands["ask"]
    adapter = discord.webhook.async_.async_context.get()
    params = discord.webhook.async_.interaction_response_params(5)

    refused = await refusal(
        adapter.create_interaction_response(
            interaction.id, interaction.token, session=interaction._session, params=params
        )
    )

    assert (refused.status, refused.code) == (400, 40060)


async def test_a_token_is_good_for_fifteen_minutes(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """Then 50027; the message can still be edited as any other."""
    ann, general = fake.user("ann"), fake.channel("general")
    act = await ann.command("askdocs ask", general, question="x")
    await fake.until(lambda: act.original.content)
    fake.clock.advance(901)

    refused = await refusal(commands["ask"].edit_original_response(content="late"))
    channel = bot.get_channel(int(general.id))
    await channel.get_partial_message(int(act.original.id)).edit(content="all the same")

    assert (refused.status, refused.code) == (401, 50027)
    assert ann.sees(general)[0].shown == "all the same"


async def test_followups_and_deletions(fake: FakeDiscord, commands: dict[str, Any]):
    """The first after a deferral takes its place; each can be edited and deleted."""
    ann, general = fake.user("ann"), fake.channel("general")
    act = await ann.command("askdocs ask", general, question="x")
    await fake.until(lambda: act.original.content)
    interaction = commands["ask"]

    more = await interaction.followup.send("more", wait=True)
    await more.edit(content="much more")
    await interaction.delete_original_response()

    assert [one.shown for one in ann.sees(general)] == ["much more"]
    assert (await refusal(interaction.edit_original_response(content="gone"))).code == 10008


async def test_a_followup_ends_the_thinking(fake: FakeDiscord, bot: Bot):
    """Deferred for one, answered by a followup: it is that message, and as private."""
    ann, general = fake.user("ann"), fake.channel("general")

    @bot.tree.command(name="think", description="Think")
    async def think(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("thought")

    await bot.tree.sync()
    act = await ann.command("think", general)
    await fake.until(lambda: not act.original.is_loading)

    assert [(one.shown, one.ephemeral) for one in ann.sees(general)] == [("thought", True)]


async def test_autocomplete(fake: FakeDiscord, commands: dict[str, Any]):
    """The option being typed is focused; the others are known, too."""
    ann = fake.user("ann")

    suggested = await ann.autocompletes("askdocs ask", question="How long?", document="han")

    assert suggested == ["handbook.pdf"]
    assert commands["current"] == ("han", "How long?")


async def test_a_file_comes_with_a_command(fake: FakeDiscord, commands: dict[str, Any]):
    """It can be read whatever the intents."""
    act = await fake.user("ann").command("askdocs upload", file=("handbook.pdf", PDF))

    assert (commands["file"], act.original.content) == (("handbook.pdf", PDF), "got it")


async def test_a_message_menu(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """The message comes whole, in a channel the bot does not see, too."""
    ann = fake.user("ann")
    hidden = fake.channel("hidden", private=True, members=[ann], bot=False)
    message = await ann.uploads(hidden, "handbook.pdf", PDF, "look")

    act = await ann.runs_context_menu("Index this PDF", message)

    given = commands["message"]
    assert (given.id, given.content, await given.attachments[0].read()) == (int(message.id), "look", PDF)
    assert [one.shown for one in ann.sees(hidden)] == ["look", "indexing"]
    assert act.acked


async def test_commands_are_offered_to_whom_they_are_for(fake: FakeDiscord, bot: Bot):
    """By permission; nobody else can run them. What does not exist, or lacks an option, cannot be sent."""

    @bot.tree.command(name="watch", description="Watch")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def watch(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"watching {member.name}")

    await bot.tree.sync()
    ann, bob = fake.user("ann", admin=True), fake.user("bob")

    act = await ann.command("watch", member=bob)

    assert act.original.content == "watching bob"
    with pytest.raises(AssertionError, match="is not offered"):
        await bob.command("watch", member=bob)
    with pytest.raises(AssertionError, match="not offered in direct messages"):
        await ann.command("watch", fake.direct(ann), member=bob)
    with pytest.raises(AssertionError, match="needs"):
        await ann.command("watch")
    with pytest.raises(AssertionError, match="no command"):
        await ann.command("nothing")


async def test_a_command_in_a_direct_message(fake: FakeDiscord, bot: Bot):
    """Global commands work there; the interaction has a user and no member."""
    users = []

    @bot.tree.command(name="docs", description="List")
    async def docs(interaction: discord.Interaction) -> None:
        users.append((interaction.user, interaction.guild))
        await interaction.response.send_message("none")

    await bot.tree.sync()
    ann = fake.user("ann")
    await ann.command("docs", fake.direct(ann))

    assert [(type(user), guild) for user, guild in users] == [(discord.User, None)]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param({"name": "Bad Name", "description": "x"}, "APPLICATION_COMMAND_INVALID_NAME", id="name"),
        pytest.param({"name": "x", "description": "x" * 101}, "BASE_TYPE_BAD_LENGTH", id="description"),
        pytest.param(
            {
                "name": "x",
                "description": "x",
                "options": [
                    {"type": 3, "name": "a", "description": "a"},
                    {"type": 3, "name": "b", "description": "b", "required": True},
                ],
            },
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            id="required-last",
        ),
    ],
)
async def test_commands_have_limits(fake: FakeDiscord, bot: Bot, command: dict, code: str):
    """What breaks them is refused, and the commands stay as they were."""
    with pytest.raises(discord.HTTPException) as caught:
        await bot.http.bulk_upsert_global_commands(bot.application_id, [command])

    (call,) = fake.calls_of("PUT /applications/{application}/commands")
    assert caught.value.code == 50035
    assert code in str(call.answer["errors"])
    assert fake.app.commands == {}


async def test_overwriting_keeps_ids(fake: FakeDiscord, bot: Bot):
    """A command of the same name is the same command; the others go."""
    one, two = ({"name": name, "description": "x"} for name in ("one", "two"))
    first = await bot.http.bulk_upsert_global_commands(bot.application_id, [one, two])
    second = await bot.http.bulk_upsert_global_commands(bot.application_id, [two])

    assert second[0]["id"] == first[1]["id"]
    assert [each["name"] for each in fake.app.commands[""]] == ["two"]


# Buttons and modals.


async def test_a_click_carries_its_message(fake: FakeDiscord, bot: Bot):
    """Deferred without a sign; the followup is a reply that only the clicker sees."""
    ann, bob, general = fake.user("ann"), fake.user("bob"), fake.channel("general")
    await bot.get_channel(int(general.id)).send("An answer", view=(view := Buttons()))
    message = general.messages[0]

    act = await ann.clicks(message, "page:1")
    await fake.until(lambda: act.followups)

    assert ann.sees(general)[0].buttons == ("Show page", "Bad", "Done")
    assert (view.clicks[0].message.id, view.clicks[0].user.id) == (int(message.id), int(ann.id))
    assert [one.shown for one in ann.sees(general)][1:] == ["the page"]
    assert len(bob.sees(general)) == 1
    with pytest.raises(AssertionError, match="nothing here"):
        await ann.clicks(message, "page:9")


async def test_a_click_edits_its_message(fake: FakeDiscord, bot: Bot):
    """In one step, for everybody."""
    ann, general = fake.user("ann"), fake.channel("general")
    await bot.get_channel(int(general.id)).send("An answer", view=Buttons())

    await ann.clicks(general.messages[0], "Done")

    assert (ann.sees(general)[0].shown, ann.sees(general)[0].buttons) == ("done", ())


async def test_a_modal_is_opened_filled_and_sent(fake: FakeDiscord, bot: Bot):
    """A click opens it; the submission is an interaction of its own."""
    Feedback.sent.clear()
    ann, general = fake.user("ann"), fake.channel("general")
    await bot.get_channel(int(general.id)).send("An answer", view=Buttons())

    opened = await ann.clicks(general.messages[0], "Bad")
    name = opened.modal["components"][0]["components"][0]["custom_id"]
    sent = await ann.submits(opened, {name: "the wrong year"})

    assert opened.modal["title"] == "What was wrong?"
    assert (Feedback.sent, sent.original.content) == (["the wrong year"], "Thank you")
    assert sent.original.visible_to == ann.id
    with pytest.raises(AssertionError, match="must be filled in"):
        await ann.submits(opened)


async def test_labels_and_choices_in_a_modal(fake: FakeDiscord, bot: Bot):
    """The newer shape: labels around inputs and select menus."""

    class Labelled(discord.ui.Modal, title="Why?"):
        reason = discord.ui.Label(
            text="Reason",
            component=discord.ui.Select(
                custom_id="reason",
                options=[discord.SelectOption(label=one, value=one) for one in ("wrong", "missing")],
            ),
        )
        words = discord.ui.Label(text="Words", component=discord.ui.TextInput(custom_id="words", required=False))

        async def on_submit(self, interaction: discord.Interaction) -> None:
            said.append((self.reason.component.values, self.words.component.value))
            await interaction.response.defer()

    said: list[Any] = []

    @bot.tree.command(name="why", description="Why")
    async def why(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Labelled())

    await bot.tree.sync()
    ann = fake.user("ann")
    opened = await ann.command("why")
    sent = await ann.submits(opened, {"reason": "missing"})

    assert said == [(["missing"], "")]
    assert sent.acked


async def test_a_modal_has_limits(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """A title of at most 45 characters."""
    await fake.user("ann").command("askdocs ask", question="x")
    body = {"type": 9, "data": {"custom_id": "x", "title": "x" * 46, "components": []}}
    act = fake.interactions.start(2, fake.user("ann").record, fake.channel("general").record, {"name": "x", "type": 1})
    route = discord.http.Route("POST", f"/interactions/{act.id}/{act.token}/callback")

    refused = await refusal(bot.http.request(route, json=body))

    assert "In data.title: Must be between 1 and 45 in length." in refused.text


@pytest.mark.parametrize(
    ("kind", "response"),
    [pytest.param(4, 5, id="autocomplete-deferred"), pytest.param(2, 7, id="command-updates-nothing")],
)
async def test_a_response_must_fit(fake: FakeDiscord, bot: Bot, kind: int, response: int):
    """Suggestions for autocompletes; updates for clicks only."""
    act = fake.interactions.start(
        kind, fake.user("ann").record, fake.channel("general").record, {"name": "x", "type": 1, "id": "1"}
    )
    route = discord.http.Route("POST", f"/interactions/{act.id}/{act.token}/callback")

    assert (await refusal(bot.http.request(route, json={"type": response}))).code == 50035


async def test_tokens_answer_for_their_own_messages(fake: FakeDiscord, bot: Bot, commands: dict[str, Any]):
    """Not before the first response, not with a wrong token, not for other messages."""
    general = fake.channel("general")
    act = fake.interactions.start(2, fake.user("ann").record, general.record, {"name": "x", "type": 1})
    base = f"/webhooks/{fake.app.id}"

    async def code(path: str) -> int:
        return (await refusal(bot.http.request(discord.http.Route("PATCH", path), json={"content": "x"}))).code

    early = await code(f"{base}/{act.token}/messages/@original")
    wrong = await code(f"{base}/nonsense/messages/@original")
    done = await fake.user("ann").command("askdocs ask", question="x")
    other = await fake.user("ann").says(general, "mine")
    foreign = await code(f"{base}/{done.token}/messages/{other.id}")

    assert (early, wrong, foreign) == (10015, 50027, 10008)
