from __future__ import annotations

import discord
import pytest

from tests.fake_discord import FakeDiscord
from tests.fake_discord.conftest import Bot
from tests.fake_discord.seen import LINKS, MENTIONS


@pytest.mark.parametrize(
    ("text", "link"),
    [
        pytest.param("[click](https://a.example)", "https://a.example", id="masked"),
        pytest.param("[click](<https://a.example>)", "https://a.example", id="masked-quiet"),
        pytest.param("see https://a.example/b?c=1.", "https://a.example/b?c=1.", id="bare"),
        pytest.param("HTTPS://A.example", "HTTPS://A.example", id="shouted"),
        pytest.param("<https://a.example>", "https://a.example", id="brackets"),
        pytest.param("<me@a.example>", "me@a.example", id="mail"),
        pytest.param("discord.gg/abc", "discord.gg/abc", id="invitation"),
    ],
)
def test_what_opens_at_a_click(text: str, link: str):
    """Addresses in every form that a client makes a link of."""
    assert [next(filter(None, one.groups())) for one in LINKS.finditer(text)] == [link]


@pytest.mark.parametrize(
    "text", ["<@1>", "<@!1>", "<@&1>", "<#1>", "</askdocs ask:1>", "<id:home>", "@everyone", "@here"]
)
def test_what_looks_like_a_mention(text: str):
    """Of people, roles, channels, commands and everybody."""
    assert [one[0] for one in MENTIONS.finditer(f"so {text}!")] == [text]


async def test_what_a_reader_has_on_the_screen(fake: FakeDiscord, bot: Bot):
    """Text, embeds, buttons and links; of two embeds that lead to one address only the first is shown."""
    ann, general = fake.user("ann"), fake.channel("general")
    one, two = (discord.Embed(title=name, url="https://a.example", description="<@1>") for name in ("one", "two"))
    one.add_field(name="n", value="[v](https://b.example)").set_footer(text="https://c.example")
    view = discord.ui.View().add_item(discord.ui.Button(label="Open", url="https://d.example"))

    await bot.get_channel(int(general.id)).send("hi", embeds=[one, two], view=view)

    (seen,) = ann.sees(general)
    assert seen.shown.split("\n") == ["hi", "one", "<@1>", "n", "[v](https://b.example)", "https://c.example", "[Open]"]
    assert seen.links == {"https://a.example", "https://b.example", "https://d.example"}
    assert (seen.mentions, seen.pings, seen.buttons) == ({"<@1>"}, frozenset(), ("Open",))


async def test_screens_differ(fake: FakeDiscord):
    """Who cannot see a channel, or left the guild, sees nothing of it."""
    ann, bob, eve = fake.user("ann"), fake.user("bob"), fake.user("eve", guilds=[])
    plans = fake.channel("plans", private=True, members=[ann])
    await ann.says(plans, "secret")
    await ann.says(fake.channel("general"), "open")

    assert [len(one.sees(plans)) for one in (ann, bob, eve)] == [1, 0, 0]
    assert [len(one.sees(fake.channel("general"))) for one in (ann, bob, eve)] == [1, 1, 0]
    with pytest.raises(AssertionError, match="may not"):
        await bob.says(plans, "let me in")
