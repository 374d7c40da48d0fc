"""Interactions: commands, autocompletes, clicks and submitted modals, from the user's act to the app's last word."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from tests.fake_discord import messages, payloads
from tests.fake_discord.bodies import COMPONENTS_V2, Body, check_message, check_modal, check_not_empty
from tests.fake_discord.errors import Form, RefusedError
from tests.fake_discord.messages import CHAT_COMMAND, CONTEXT_MENU, REPLY, draft_of
from tests.fake_discord.records import EPHEMERAL, LOADING, Channel, Json, Message, User
from tests.fake_discord.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Interaction types."""

SAY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 4, 5, 6, 7, 8, 9
"""Callback types."""

SUGGESTIONS = 25


@dataclass(eq=False)
class Interaction:
    """One act of a user, and what came of it."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    created: float
    source: Message | None = None
    """The message with the clicked component."""
    response: int = 0
    """The callback's type, once there is one."""
    original: Message | None = None
    """What `@original` means."""
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    responded_after: float | None = None
    has_failed: bool = False
    """The user read that the application did not respond."""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acked(self) -> bool:
        return self.response != 0

    @property
    def messages(self) -> list[Message]:
        """Everything that was said in answer, in order."""
        return [*([self.original] if self.original and self.original is not self.source else []), *self.followups]

    @property
    def allowed_responses(self) -> set[int]:
        if self.kind == AUTOCOMPLETE:
            return {SUGGEST}
        allowed = {SAY, DEFER} | ({MODAL} if self.kind != MODAL_SUBMIT else set())
        if self.kind == MODAL_SUBMIT:
            allowed.add(DEFER_UPDATE)  # discord.py defers every modal so, and Discord takes it
        return allowed | ({DEFER_UPDATE, UPDATE} if self.source else set())


class Interactions:
    """All interactions so far, and the tokens that answer them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seconds = 3.0
        """The app has so long to respond."""
        self.lifetime = 900.0
        """A token is good for so long."""
        self.all: list[Interaction] = []

    # From people.

    def start(self, kind: int, user: User, where: Channel, data: Json, source: Message | None = None) -> Interaction:
        """Tell the app what a user does."""
        one = Interaction(
            self.world.ids.new(), secrets.token_urlsafe(120), kind, user, where, data, self.world.clock.now(), source
        )
        self.all.append(one)
        guild_id = where.guild.id if where.guild else ""
        self.world.sessions.tell("INTERACTION_CREATE", guild_id, 0, self._payload(one))
        return one

    def _payload(self, one: Interaction) -> Json:
        world, where = self.world, one.channel
        body: Json = {
            "id": one.id,
            "application_id": world.app.id,
            "type": one.kind,
            "data": one.data,
            "token": one.token,
            "version": 1,
            "channel_id": where.id,
            "channel": payloads.partial_channel(where, world.permissions(one.user, where)),
            "app_permissions": str(world.permissions(world.bot, where)),
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": where.guild.id if where.guild else "0"},
            "context": 0 if where.guild else 1,
            "attachment_size_limit": 10 * 2**20,
        }
        if where.guild:
            guild = where.guild
            body |= {"guild_id": guild.id, "guild_locale": guild.locale}
            body["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
            body["member"] = payloads.member(guild.members[one.user.id], permissions=world.permissions(one.user, where))
        else:
            body["user"] = payloads.user(one.user)
        if one.source:
            body["message"] = world.message_json(one.source)
        return body

    async def outcome(self, one: Interaction) -> None:
        """Wait until the app responds, or until it is too late; then the user reads so."""
        try:
            async with asyncio.timeout(max(0.0, self.seconds - (self.world.clock.now() - one.created))):
                await one.done.wait()
        except TimeoutError:
            one.has_failed = True
            text = "The application did not respond"
            self.world.happen("failed", channel=one.channel.id, by=self.world.bot.id, text=text)

    # From the app.

    def respond(self, interaction_id: str, token: str, body: Body) -> Interaction:
        """Take the app's first response."""
        one = next((each for each in self.all if each.id == interaction_id and each.token == token), None)
        late = one is not None and self.world.clock.now() - one.created > self.seconds
        if one is None or (late and not one.acked):
            raise RefusedError(10062)
        if one.acked:
            raise RefusedError(40060)
        kind = int(body.get("type") or 0)
        if kind not in one.allowed_responses:
            form = Form()
            allowed = ", ".join(str(each) for each in sorted(one.allowed_responses))
            form.wrong("type", code="BASE_TYPE_CHOICES", message=f"Value must be one of {{{allowed}}}.")
            form.check()
        self._carry_out(one, kind, body.at("data"))
        one.response = kind
        one.responded_after = self.world.clock.now() - one.created
        one.done.set()
        self.world.changed()
        return one

    def _carry_out(self, one: Interaction, kind: int, data: Body) -> None:
        match kind:
            case 4:
                check_message(data)
                check_not_empty(data)
                one.original = self._say(one, data, int(data.get("flags") or 0))
            case 5:
                flags = int(data.get("flags") or 0) & EPHEMERAL
                one.original = self._say(one, Body({}), flags | LOADING)
            case 6:
                one.original = one.source
            case 7:
                one.original = one.source
                assert one.source is not None
                self._edit(one.source, data)
            case 8:
                one.choices = _checked_choices(data.get("choices") or [])
            case 9:
                check_modal(data.json)
                one.modal = data.json
                self.world.happen("modal", channel=one.channel.id, by=self.world.bot.id, text=data.get("title"))

    def _say(self, one: Interaction, data: Body, flags: int) -> Message:
        draft = draft_of(data)
        draft.flags = flags
        draft.visible_to = one.user.id if flags & EPHEMERAL else ""
        draft.interaction = self._metadata(one)
        if one.source is None:
            draft.type = CHAT_COMMAND if one.data.get("type", 1) == 1 else CONTEXT_MENU
        else:
            draft.type, draft.reply_to = REPLY, one.source
            draft.allowed_mentions = {"replied_user": False} | (draft.allowed_mentions or {"parse": ["users"]})
        return messages.post(self.world, one.channel, self.world.bot, draft)

    def _metadata(self, one: Interaction) -> Json:
        guild = one.channel.guild
        body: Json = {
            "id": one.id,
            "type": one.kind,
            "user": payloads.user(one.user),
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
        }
        if one.source:
            body["interacted_message_id"] = one.source.id
        elif one.kind == COMMAND:
            body |= {"name": one.data["name"], "command_type": one.data.get("type", 1)}
        if one.kind == MODAL_SUBMIT:
            body["triggering_interaction_metadata"] = {**body, "type": COMPONENT if one.source else COMMAND}
        return body

    def _edit(self, target: Message, data: Body) -> None:
        check_message(data)
        changes = {name for name in ("content", "embeds", "components", "flags") if data.has(name)}
        messages.edit(self.world, target, draft_of(data), changes=changes, kept=data.kept_files)

    # By token.

    def by_token(self, application_id: str, token: str) -> Interaction:
        """Return the interaction whose token this is, while it is good."""
        one = next((each for each in self.all if each.token == token), None)
        if one is None or application_id != self.world.app.id:
            raise RefusedError(50027)
        if self.world.clock.now() - one.created > self.lifetime:
            raise RefusedError(50027)
        if not one.acked:
            raise RefusedError(10015)
        return one

    def followup(self, one: Interaction, body: Body) -> Message:
        """Say more; the first time after a deferral, that is what was deferred."""
        check_message(body)
        check_not_empty(body)
        if one.response == DEFER and one.original and one.original.is_loading:
            self._edit(one.original, body)
            return one.original
        said = self._say(one, body, int(body.get("flags") or 0) & ~COMPONENTS_V2)
        one.followups.append(said)
        return said

    def message(self, one: Interaction, message_id: str) -> Message:
        """Return one of the interaction's messages."""
        found = one.original if message_id == "@original" else one.channel.messages.get(message_id)
        mine = found is not None and (found is one.original or found in one.followups)
        if found is None or not mine or found.is_deleted:
            raise RefusedError(10008)
        return found

    def edit(self, one: Interaction, message_id: str, body: Body) -> Message:
        found = self.message(one, message_id)
        self._edit(found, body)
        return found

    def delete(self, one: Interaction, message_id: str) -> None:
        messages.delete(self.world, self.message(one, message_id), self.world.bot)


def _checked_choices(choices: list[Json]) -> list[Json]:
    form = Form()
    if len(choices) > SUGGESTIONS:
        message = f"Must be {SUGGESTIONS} or fewer in length."
        form.wrong("data", "choices", code="BASE_TYPE_MAX_LENGTH", message=message)
    for index, one in enumerate(choices):
        form.between(one.get("name") or "", 1, 100, "data", "choices", index, "name")
        if isinstance(one.get("value"), str):
            form.between(one["value"], 1, 100, "data", "choices", index, "value")
    form.check()
    return choices
