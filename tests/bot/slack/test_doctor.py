"""`askdocs doctor` on Slack: what is missing is named, with what to do."""

from __future__ import annotations

import pytest
import yaml

from bot.slack.doctor import SCOPES, check_slack
from tests.bot.slack.playing import MANIFEST, SAMPLES, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack

MANUAL = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()


async def found(slack: FakeSlack, tmp_path, **more: str) -> dict[str, bool | None]:
    settings = settings_for(slack, tmp_path, None, **more)
    return {finding.subject: finding.is_ok async for finding in check_slack(settings)}


async def test_all_is_well(slack, tmp_path):
    """Tokens, scopes, Socket Mode, and the channels that are to be watched."""
    slack.channel("in")
    slack.channel("out", app=False)

    findings = await found(slack, tmp_path, ASKDOCS_SLACK__WATCHED="['#in', out, nowhere]")

    assert findings == {
        "slack token": True,
        "slack scopes": True,
        "slack socket mode": True,
        "slack channel #in": True,
        "slack channel out": False,
        "slack channel nowhere": False,
    }


@pytest.mark.parametrize(
    ("break_it", "more", "subject"),
    [
        pytest.param(lambda slack: slack.app.scopes.discard("files:read"), {}, "slack scope files:read", id="scope"),
        pytest.param(lambda slack: None, {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "slack token", id="token"),
        pytest.param(lambda slack: None, {"SLACK_APP_TOKEN": "xapp-wrong"}, "slack socket mode", id="app token"),
        pytest.param(
            lambda slack: None,
            {"ASKDOCS_SLACK__MODE": "http", "SLACK_SIGNING_SECRET": ""},
            "slack http mode",
            id="signing secret",
        ),
    ],
)
async def test_what_is_wrong_is_named(slack, tmp_path, break_it, more, subject):
    """One thing is wrong, and exactly that is found."""
    break_it(slack)

    findings = await found(slack, tmp_path, **more)

    assert [name for name, is_ok in findings.items() if is_ok is False] == [subject]


@pytest.mark.slow
async def test_the_manifest_asks_for_what_the_code_uses(slack, tmp_path):
    """Everything that people can do is done once: the scopes used are those of the manifest and of doctor."""
    ann, bob = slack.user("ann"), slack.user("bob")
    async with playing(slack, settings_for(slack, tmp_path, None), saying(*ANSWER), works=True):
        direct = await ann.uploads(slack.direct(ann), "k2.pdf", MANUAL)
        await slack.reply(direct, "is ready", within=60)
        for place in (
            slack.channel("open", members=[ann]),
            slack.channel("closed", private=True, members=[ann]),
            slack.direct(ann, bob),
        ):
            asked = await ann.says(place, f"{slack.mention} How is it cleaned?")
            await slack.reply(asked, "s")
            await ann.leaves(place)
        await ann.opens_home()
        await slack.until(lambda: ann.home)
        await ann.command("/askdocs", "page k2.pdf 2", slack.direct(ann))
        await slack.until(lambda: len(ann.whispers(slack.direct(ann))) > 1)

    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"]
    assert set(manifest) == set(SCOPES)
    assert slack.ws.scopes_used - {"mpim:read"} == set(SCOPES)
