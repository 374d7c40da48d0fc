"""What `askdocs doctor` checks of Slack: tokens, each scope, how events come, and the watched channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor import Finding
from bot.settings import Settings
from bot.slack.api import SLACK, TIMEOUT_SECONDS, Json

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "questions that name the app",
    "channels:history": "follow-ups and uploads in public channels",
    "groups:history": "follow-ups and uploads in private channels",
    "im:history": "direct messages",
    "mpim:history": "group messages",
    "channels:read": "which channels are public",
    "groups:read": "who is in which private channel",
    "im:read": "direct messages",
    "im:write": "a direct message where a channel cannot be written to",
    "chat:write": "answers",
    "commands": "/askdocs",
    "files:read": "reading PDFs",
    "files:write": "pictures of pages",
    "reactions:write": "marks on uploads",
    "users:read": "who is an admin or a guest",
}
"""Every scope that the code uses, and for what; the manifest asks for exactly these."""

UNREACHABLE = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


async def check_slack(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is in order and what is not."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield Finding("slack", None, "SLACK_BOT_TOKEN is not set; the README says how to get one.")
        return
    client = AsyncWebClient(token, settings.slack_api_url or SLACK, TIMEOUT_SECONDS)
    try:
        response = await client.auth_test()
    except SlackApiError as error:
        text = f"SLACK_BOT_TOKEN is refused ({error.response['error']}). Install the app again and copy its bot token."
        yield Finding("slack token", False, text)
        return
    except UNREACHABLE as error:
        yield Finding("slack token", False, f"Slack cannot be reached ({type(error).__name__}).")
        return
    yield Finding("slack token", True, f"{response['user']} in {response['team']}")
    for finding in _scopes(response.headers):
        yield finding
    yield await _delivery(settings, client)
    async for finding in _channels(settings, client):
        yield finding


def _scopes(headers: Mapping[str, str]) -> list[Finding]:
    granted = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    missing = SCOPES.keys() - {one.strip() for one in granted.split(",")}
    if not missing:
        return [Finding("slack scopes", True, f"all {len(SCOPES)}")]
    advice = "Add it under OAuth & Permissions, and install the app again."
    return [Finding(f"slack scope {one}", False, f"is missing: {SCOPES[one]}. {advice}") for one in sorted(missing)]


async def _delivery(settings: Settings, client: AsyncWebClient) -> Finding:
    """Check how events reach us."""
    if settings.slack.mode == "http":
        has_secret = bool(settings.slack_signing_secret.get_secret_value())
        where = f"{settings.slack.host}:{settings.slack.port}/slack/events"
        text = where if has_secret else "SLACK_SIGNING_SECRET is missing: Basic Information → Signing Secret."
        return Finding("slack http mode", has_secret, text)
    app_token = settings.slack_app_token.get_secret_value()
    if not app_token:
        return Finding("slack socket mode", False, "SLACK_APP_TOKEN is missing: Basic Information → App-Level Tokens.")
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        code = error.response["error"]
        text = f"is refused ({code}). The app-level token needs the scope connections:write, and Socket Mode to be on."
        return Finding("slack socket mode", False, text)
    except UNREACHABLE as error:
        return Finding("slack socket mode", False, f"Slack cannot be reached ({type(error).__name__}).")
    return Finding("slack socket mode", True, "a socket can be opened")


async def _channels(settings: Settings, client: AsyncWebClient) -> AsyncIterator[Finding]:
    """Check that the bot is in the channels that are configured to be watched."""
    if not settings.slack.watched:
        return
    try:
        known = await _all_channels(client)
    except UNREACHABLE as error:
        yield Finding("slack channels", False, f"cannot be listed ({type(error).__name__}).")
        return
    for wanted in settings.slack.watched:
        name = wanted.removeprefix("#").casefold()
        found = next((one for one in known if name in (one["id"].casefold(), one.get("name", "").casefold())), None)
        if found is None:
            text = "is not there, or private without the bot in it. Check slack.watched, or /invite the bot there."
            yield Finding(f"slack channel {wanted}", False, text)
        elif not found.get("is_member"):
            yield Finding(f"slack channel {wanted}", False, "The bot is not in it. Type /invite @AskDocs there.")
        else:
            yield Finding(f"slack channel {wanted}", True, "is watched")


async def _all_channels(client: AsyncWebClient) -> list[Json]:
    found: list[Json] = []
    cursor = ""
    while True:
        body = await client.conversations_list(types="public_channel,private_channel", limit=200, cursor=cursor)
        found += body.get("channels", [])
        cursor = (body.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found
