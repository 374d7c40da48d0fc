"""What a Discord client sends for a command typed or a modal filled in; it lets nobody send what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fake_discord import payloads
from tests.fake_discord.bodies import TEXT_INPUT, modal_fields
from tests.fake_discord.records import DM, Channel, Json, Message, User
from tests.fake_discord.world import World

CHAT, MESSAGE_MENU = 1, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)


def command_data(
    world: World,
    user: User,
    where: Channel,
    name: str,
    options: Mapping[str, Any],
    *,
    focused: str = "",
    target: Message | None = None,
) -> Json:
    """Return the data of a command's interaction; `focused` is the option being typed, `target` a menu's message."""
    root, *rest = [name] if target else name.split(" ")
    command = find_command(world, where, root, MESSAGE_MENU if target else CHAT)
    _check_allowed(world, user, where, command)
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    if target:
        shown = world.message_json(target)
        return data | {"target_id": target.id, "resolved": {"messages": {target.id: shown}}}
    resolved: Json = {}
    data["options"] = _options(world, where, command, rest, options, resolved, focused)
    return data | ({"resolved": resolved} if resolved else {})


def find_command(world: World, where: Channel, name: str, kind: int) -> Json:
    """Return a command by its name: the guild's own ones come before the global ones."""
    of_guild = world.app.commands.get(where.guild.id, []) if where.guild else []
    for one in (*of_guild, *world.app.commands.get("", [])):
        if (one["name"], one["type"]) == (name, kind):
            return one
    raise AssertionError(f"there is no command {name!r} here")


def _check_allowed(world: World, user: User, where: Channel, command: Json) -> None:
    if where.type == DM:
        contexts = command.get("contexts")
        in_dm = 1 in contexts if contexts is not None else command.get("dm_permission") is not False
        assert in_dm, f"{command['name']!r} is not offered in direct messages"
        return
    needed = int(command.get("default_member_permissions") or 0)
    assert world.can(user, where, needed), f"{user.name} is not offered {command['name']!r}"


def _options(
    world: World,
    where: Channel,
    command: Json,
    path: list[str],
    options: Mapping[str, Any],
    resolved: Json,
    focused: str,
) -> list[Json]:
    offered = command.get("options") or []
    if path:
        inner = next((one for one in offered if one["name"] == path[0] and one["type"] <= GROUP), None)
        assert inner is not None, f"{command['name']!r} has no {path[0]!r}"
        chosen = _options(world, where, inner, path[1:], options, resolved, focused)
        return [{"name": inner["name"], "type": inner["type"], "options": chosen}]
    assert not any(one["type"] <= GROUP for one in offered), f"{command['name']!r} needs a subcommand"
    known = {one["name"]: one for one in offered}
    assert set(options) <= set(known), f"{command['name']!r} has no {sorted(set(options) - set(known))}"
    missing = [one["name"] for one in offered if one.get("required") and one["name"] not in options]
    assert focused or not missing, f"{command['name']!r} needs {missing}"
    return [
        {"name": name, "type": known[name]["type"], "value": _value(world, where, known[name], value, resolved)}
        | ({"focused": True} if name == focused else {})
        for name, value in options.items()
    ]


def _value(world: World, where: Channel, option: Json, value: Any, resolved: Json) -> Any:
    kind, name = option["type"], option["name"]
    if kind == FILE:
        file = world.attach(where, *value, ephemeral=True)
        resolved.setdefault("attachments", {})[file.id] = payloads.attachment(file, world.cdn.sign)
        return file.id
    if kind == USER:
        resolved.setdefault("users", {})[value.id] = payloads.user(value.record)
        if where.guild and value.id in where.guild.members:
            member = payloads.member(where.guild.members[value.id], with_user=False, permissions=0)
            resolved.setdefault("members", {})[value.id] = member
        return value.id
    if kind == CHANNEL:
        resolved.setdefault("channels", {})[value.id] = payloads.partial_channel(value.record, 0)
        return value.id
    types: dict[int, type | tuple[type, ...]] = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}
    assert isinstance(value, types[kind]), f"{name} is not {value!r}"
    if kind == STRING:
        assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6_000), f"{name} is too long"
    elif kind != BOOLEAN:
        assert option.get("min_value", value) <= value <= option.get("max_value", value), f"{name} is out of range"
    if option.get("choices"):
        assert value in [one["value"] for one in option["choices"]], f"{name} is not one of the choices"
    return value


def submitted(modal: Json, values: Mapping[str, Any]) -> Json:
    """Return the data of a submitted modal, in the shape its rows have."""
    fields = {one["custom_id"]: one for _, one in modal_fields(modal["components"])}
    assert set(values) <= set(fields), f"the modal has no {sorted(set(values) - set(fields))}"
    for name, one in fields.items():
        given = values.get(name, one.get("value") or "")
        assert given or not one.get("required", True), f"{name} must be filled in"
    rows = [_row(row, values) for row in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": rows}


def _row(row: Json, values: Mapping[str, Any]) -> Json:
    if "component" in row:
        return {"type": row["type"], "id": row.get("id", 1), "component": _filled(row["component"], values)}
    if "components" in row:
        return {"type": row["type"], "id": 1, "components": [_filled(one, values) for one in row["components"]]}
    return row


def _filled(one: Json, values: Mapping[str, Any]) -> Json:
    given = values.get(one["custom_id"], one.get("value") or "")
    body: Json = {"type": one["type"], "custom_id": one["custom_id"], "id": one.get("id", 1)}
    if one["type"] == TEXT_INPUT:
        assert one.get("min_length", 0) <= len(given) <= one.get("max_length", 4_000)
        return body | {"value": given}
    chosen = [given] if isinstance(given, str) and given else list(given)
    assert set(chosen) <= {each["value"] for each in one.get("options") or []}
    if one["type"] == 21:
        return body | {"value": chosen[0] if chosen else None}
    return body | {"values": chosen}
