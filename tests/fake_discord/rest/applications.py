"""The application itself, where its gateway is, and the commands it registers."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_discord.errors import Form, RefusedError
from tests.fake_discord.records import Json
from tests.fake_discord.rest import Request, route

CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
COMMANDS = {CHAT: 100, USER: 15, MESSAGE: 15}
OPTIONS = CHOICES = 25
DESCRIPTION = CHOICE = 100
TEXT = 8_000
"""Of names, descriptions and values of one command together."""
_NAME = re.compile(r"^[-_'\w]{1,32}$")


@route("GET /gateway", token=False)
def gateway(request: Request) -> Json:
    return {"url": request.world.gateway_url}


@route("GET /gateway/bot")
def gateway_bot(request: Request) -> Json:
    limits = {"total": 1_000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {
        "url": request.world.gateway_url,
        "shards": request.world.recommended_shards,
        "session_start_limit": limits,
    }


@route("GET /applications/@me")
def own(request: Request) -> Json:
    return request.world.app.json()


@route("GET /oauth2/applications/@me")
def own_by_oauth(request: Request) -> Json:
    return request.world.app.json()


@route("GET /applications/{application}/commands")
def global_commands(request: Request) -> list[Json]:
    return _commands(request, "")


@route("GET /applications/{application}/guilds/{guild}/commands")
def guild_commands(request: Request) -> list[Json]:
    return _commands(request, _guild(request))


@route("PUT /applications/{application}/commands")
def put_global(request: Request) -> list[Json]:
    return _overwrite(request, "")


@route("PUT /applications/{application}/guilds/{guild}/commands")
def put_guild(request: Request) -> list[Json]:
    return _overwrite(request, _guild(request))


def _guild(request: Request) -> str:
    guild = request.world.guilds.get(request.path["guild"])
    if guild is None or request.world.bot.id not in guild.members:
        raise RefusedError(50001)
    return guild.id


def _commands(request: Request, guild_id: str) -> list[Json]:
    if request.path["application"] != request.world.app.id:
        raise RefusedError(20012)
    return request.world.app.commands.get(guild_id, [])


def _overwrite(request: Request, guild_id: str) -> list[Json]:
    before = {(one["type"], one["name"]): one for one in _commands(request, guild_id)}
    given = request.body.json
    commands: list[Json] = list(given) if isinstance(given, list) else []
    check_commands(commands)
    kept = [_command(request, one, guild_id, before) for one in commands]
    request.world.app.commands[guild_id] = kept
    request.world.changed()
    return kept


def _command(request: Request, given: Json, guild_id: str, before: dict[Any, Json]) -> Json:
    kind = given.get("type", CHAT)
    old = before.get((kind, given["name"]), {})
    return {
        "id": old.get("id") or request.world.ids.new(),
        "application_id": request.world.app.id,
        "version": request.world.ids.new(),
        "type": kind,
        "name": given["name"],
        "name_localizations": given.get("name_localizations"),
        "description": given.get("description") or "",
        "description_localizations": given.get("description_localizations"),
        "default_member_permissions": given.get("default_member_permissions"),
        "dm_permission": given.get("dm_permission", True),
        "contexts": given.get("contexts"),
        "integration_types": given.get("integration_types") or [0],
        "nsfw": bool(given.get("nsfw")),
        **({"options": given["options"]} if given.get("options") else {}),
        **({"guild_id": guild_id} if guild_id else {}),
    }


def check_commands(commands: list[Json]) -> None:
    """Raise what Discord answers to commands that break its limits."""
    form = Form()
    seen: set[tuple[int, str]] = set()
    for index, one in enumerate(commands):
        kind, name = one.get("type", CHAT), str(one.get("name") or "")
        if kind == CHAT:
            _check_chat(form, one, index)
        else:
            form.between(name, 1, 32, index, "name")
            if one.get("description"):
                message = "Context menu commands cannot have description"
                form.wrong(index, code="APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_EXIST", message=message)
        if (kind, name) in seen:
            message = "Application command names must be unique"
            form.wrong(index, "name", code="APPLICATION_COMMANDS_DUPLICATE_NAME", message=message)
        seen.add((kind, name))
    for kind, limit in COMMANDS.items():
        if sum(one.get("type", CHAT) == kind for one in commands) > limit:
            raise RefusedError(30032, message=f"Maximum number of application commands reached ({limit})")
    form.check()


def _check_chat(form: Form, one: Json, index: int) -> None:
    _check_named(form, one, index)
    _check_options(form, one.get("options") or [], index, "options")
    if sum(len(text) for text in _texts(one)) > TEXT:
        message = f"Command exceeds maximum size ({TEXT})"
        form.wrong(index, code="APPLICATION_COMMAND_TOO_LARGE", message=message)


def _check_named(form: Form, one: Json, *path: str | int) -> None:
    name = str(one.get("name") or "")
    if not _NAME.match(name) or name != name.lower():
        message = "Command name is invalid"
        form.wrong(*path, "name", code="APPLICATION_COMMAND_INVALID_NAME", message=message)
    form.between(one.get("description") or "", 1, DESCRIPTION, *path, "description")


def _check_options(form: Form, options: list[Json], *path: str | int) -> None:
    if len(options) > OPTIONS:
        form.wrong(*path, code="BASE_TYPE_MAX_LENGTH", message=f"Must be {OPTIONS} or fewer in length.")
    was_optional = False
    for index, one in enumerate(options):
        _check_named(form, one, *path, index)
        if one["type"] in (SUBCOMMAND, GROUP):
            _check_options(form, one.get("options") or [], *path, index, "options")
            continue
        if one.get("required") and was_optional:
            message = "Required options must be placed before non-required options"
            form.wrong(*path, index, code="APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message=message)
        was_optional = was_optional or not one.get("required")
        choices = one.get("choices") or []
        if len(choices) > CHOICES:
            form.wrong(*path, index, "choices", code="BASE_TYPE_MAX_LENGTH", message="Must be 25 or fewer in length.")
        for place, choice in enumerate(choices):
            form.between(choice["name"], 1, CHOICE, *path, index, "choices", place, "name")


def _texts(one: Json) -> list[str]:
    found = [str(one.get("name") or ""), str(one.get("description") or "")]
    for option in one.get("options") or []:
        found += _texts(option)
    return found + [f"{choice['name']}{choice['value']}" for choice in one.get("choices") or []]


@route("GET /applications/{application}/emojis")
def emojis(request: Request) -> Json:
    return {"items": []}
