from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.slack import render
from tests.fake_slack import FakeSlack
from tests.fake_slack.workspace import DEFAULT_EVENTS, DEFAULT_SCOPES, EVENT_SCOPES

MANIFEST = Path(render.__file__).with_name("manifest.yaml")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load(MANIFEST.read_text(encoding="utf-8")))


def test_every_event_has_its_scope(manifest: dict[str, Any]):
    """Slack refuses a manifest that subscribes to what it has no scope for."""
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert {EVENT_SCOPES[event] for event in events if event in EVENT_SCOPES} <= scopes


def test_the_fake_is_set_up_as_the_manifest_says(manifest: dict[str, Any]):
    """Tests that do not pass the manifest run with the same scopes and events."""
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == DEFAULT_SCOPES
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == DEFAULT_EVENTS


def test_the_fake_reads_the_manifest():
    """A test of the adapter installs the app as a team does."""
    app = FakeSlack(manifest=MANIFEST).app

    assert (app.scopes, app.events) == (DEFAULT_SCOPES, DEFAULT_EVENTS)


def test_it_offers_what_the_code_answers(manifest: dict[str, Any]):
    """The shortcut's id, Socket Mode, the home tab, messages in it, and buttons."""
    (shortcut,) = manifest["features"]["shortcuts"]

    assert (shortcut["type"], shortcut["callback_id"]) == ("message", render.INDEX_SHORTCUT)
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == ["/askdocs"]
    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["features"]["app_home"]["home_tab_enabled"]
    assert not manifest["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_its_texts_fit(manifest: dict[str, Any]):
    """Slack cuts off none of them."""
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(manifest["features"]["slash_commands"][0]["usage_hint"]) <= 1_000
    assert len(manifest["features"]["shortcuts"][0]["name"]) <= 24
