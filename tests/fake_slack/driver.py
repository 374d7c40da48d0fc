"""People of the workspace, as a test plays them: they talk, upload, click, leave; and see what is on their screen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_slack import payloads
from tests.fake_slack.blockkit import RefusedError, elements
from tests.fake_slack.delivery import Delivery
from tests.fake_slack.methods.people import new_view, view_json
from tests.fake_slack.records import Channel, File, Json, Message, User, View
from tests.fake_slack.seen import Seen, channel_of
from tests.fake_slack.web_api import show_response
from tests.fake_slack.workspace import ResponseUrl, Workspace

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack

Attachment = tuple[str, bytes]


@dataclass
class Invocation:
    """A command, click or submission, after the app acknowledged it or did not."""

    delivery: Delivery
    target: ResponseUrl
    errors: Mapping[str, str] | None = None
    """What a submitted modal shows beside its fields."""

    @property
    def acked(self) -> bool:
        return self.delivery.state == "acked"

    @property
    def answer(self) -> Any:
        """The payload of the ack."""
        return self.delivery.answer

    @property
    def posts(self) -> list[Json]:
        """What came over the ack and the response URL."""
        return self.target.posts


@dataclass(frozen=True)
class Place:
    """A channel, direct message or group message."""

    ws: Workspace
    record: Channel

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def messages(self) -> list[Message]:
        """What stands there now, ephemeral messages aside, in order."""
        return list(self.record.messages.values())

    def seen_by(self, person: Person) -> tuple[Seen, ...]:
        return channel_of(self.ws, self.record, person.id)


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace."""

    slack: FakeSlack
    record: User

    @property
    def ws(self) -> Workspace:
        return self.slack.ws

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    # Talking.

    async def says(
        self, where: Place, text: str, *, thread: Message | str | None = None, files: Sequence[Attachment] = ()
    ) -> Message:
        """Post a message; `thread` is a message of the thread or its timestamp."""
        uploaded = [self.ws.add_file(self.record, name, content) for name, content in files]
        return await self.shares(where, uploaded, text, thread=thread)

    async def uploads(
        self,
        where: Place,
        name: str,
        content: bytes,
        text: str = "",
        *,
        thread: Message | str | None = None,
        stub: bool = False,
    ) -> Message:
        """Upload one file with or without words; a `stub` must be asked for with `files.info`."""
        return await self.shares(where, [self.ws.add_file(self.record, name, content, stub=stub)], text, thread=thread)

    async def shares(
        self, where: Place, files: Sequence[File], text: str = "", *, thread: Message | str | None = None
    ) -> Message:
        """Post files that exist already, e.g. into a second channel."""
        assert self.id in where.record.members, f"{self.name} is not in {where.name}"
        number = self.ws.ids.new("")
        item = self.ws.post(
            where.record,
            self.record,
            text,
            subtype="file_share" if files else "",
            blocks=payloads.rich_text(text, f"c{number}"),
            client_msg_id=f"00000000-0000-0000-0000-{number}",
            thread_ts=_root(where, thread),
            files=list(files),
        )
        await asyncio.sleep(0)
        return item

    async def edits(self, message: Message, text: str) -> None:
        assert message.user == self.id, "people edit their own messages"
        self.ws.edit(message, self.record, text, payloads.rich_text(text, f"c{self.ws.ids.new('')}"))
        await asyncio.sleep(0)

    async def deletes(self, message: Message) -> None:
        assert message.user == self.id or self.record.is_admin, "people delete their own messages"
        self.ws.delete(message, self.record)
        await asyncio.sleep(0)

    async def deletes_file(self, file: File) -> None:
        self.ws.delete_file(file, self.record)
        await asyncio.sleep(0)

    # Commands, clicks, modals.

    async def command(self, name: str, text: str, where: Place) -> Invocation:
        """Run a slash command and wait for its ack."""
        url = self.ws.response_url("commands", where.record, self.record)
        urls = {"response_url": url, "trigger_id": self.ws.trigger(self.record)}
        body = payloads.command(
            text, name=name, who=self.record, where=where.record, urls=urls, team=self.ws.team, app_id=self.ws.app.id
        )
        self.ws.require("commands")
        return await self._invoke("slash_commands", body, url, answers=True)

    async def clicks(self, target: Message | View, action_id: str, value: str | None = None) -> Invocation:
        """Click a button, a thumb (`value` says which) or choose an option, in a message or a view."""
        body = self._interaction("block_actions")
        if isinstance(target, View):
            blocks, url = target.body["blocks"], ""
            body |= {"container": {"type": "view", "view_id": target.id}, "view": view_json(self.ws, target)}
        else:
            assert target.visible_to in ("", self.id), f"{self.name} does not see this message"
            blocks, channel = target.blocks, target.channel
            url = self.ws.response_url("actions", channel, self.record, target)
            body |= {
                "container": payloads.container(target),
                "channel": {"id": channel.id, "name": channel.name or "directmessage"},
                "state": {"values": {}},
                "response_url": url,
            }
            if not target.visible_to:
                body["message"] = self.ws.json(target)
        block, element = next(
            ((one, item) for one, item in elements(blocks) if item["action_id"] == action_id and _offers(item, value)),
            (None, None),
        )
        assert block is not None, f"nothing here has the action id {action_id!r} and the value {value!r}"
        assert element is not None
        body["actions"] = [payloads.action(block, element, value, self.ws.ids.ts())]
        return await self._invoke("interactive", body, url)

    async def submits(self, view: View, values: Mapping[str, Any] | None = None) -> Invocation:
        """Submit a modal with these values, by action id."""
        assert view.user == self.id
        body = self._interaction("view_submission")
        shown = view_json(self.ws, view)
        shown["state"] = {"values": _state(view, values or {})}
        invocation = await self._invoke("interactive", body | {"view": shown, "response_urls": []}, "", answers=True)
        if invocation.acked:
            self._close_or_replace(view, invocation)
        return invocation

    def _close_or_replace(self, view: View, invocation: Invocation) -> None:
        answer = invocation.answer or {}
        match answer.get("response_action"):
            case "errors":
                invocation.errors = answer["errors"]
            case "update":
                view.body, view.hash = answer["view"], self.ws.ids.ts()
            case "push":
                new_view(self.ws, self.id, answer["view"], view)
            case "clear":
                for one in [one for one in self.ws.views.values() if one.user == self.id and one.type == "modal"]:
                    del self.ws.views[one.id]
            case _:
                self.ws.views.pop(view.id, None)
        self.ws.changed()

    async def runs_shortcut(self, message: Message, callback_id: str) -> Invocation:
        """Choose a message shortcut from a message's menu; the app need not be in the channel."""
        channel = message.channel
        url = self.ws.response_url("actions", channel, self.record, None)
        body = self._interaction("message_action") | {
            "callback_id": callback_id,
            "action_ts": self.ws.ids.ts(),
            "response_url": url,
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "message": self.ws.json(message),
        }
        self.ws.require("commands")
        return await self._invoke("interactive", body, url)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app's home tab (or its messages tab)."""
        event = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.slack.direct(self).id,
            "tab": tab,
            "event_ts": self.ws.ids.ts(),
        }
        if self.home is not None:
            event["view"] = view_json(self.ws, self.home)
        self.ws.tell("app_home_opened", event)
        await asyncio.sleep(0)

    def _interaction(self, kind: str) -> Json:
        shared = payloads.interaction(kind, self.record, team=self.ws.team, app_id=self.ws.app.id)
        return shared | {"trigger_id": self.ws.trigger(self.record)}

    async def _invoke(self, kind: str, body: Json, url: str, *, answers: bool = False) -> Invocation:
        target = (
            self.ws.response_urls[url.rpartition("/")[2]]
            if url
            else ResponseUrl(Channel("", "", "", [], 0), self.record, 0)
        )

        def show(answer: Any) -> None:
            if kind == "slash_commands" and answer:
                show_response(self.ws, target, answer)

        delivery = self.ws.deliveries.send(kind, body, accepts_payload=answers, on_ack=show)
        await delivery.done.wait()
        if kind == "slash_commands" and delivery.state == "lost":
            said = f'{body["command"]} failed with the error "operation_timeout"'
            self.ws.whisper(target.channel, self.record, said, [], author="USLACKBOT")
        return Invocation(delivery, target)

    # Coming and going.

    async def joins(self, where: Place) -> None:
        if self.id not in where.record.members:
            where.record.members.append(self.id)

    async def leaves(self, where: Place) -> None:
        self.ws.leave(where.record, self.record)
        await asyncio.sleep(0)

    async def invites_app(self, where: Place) -> None:
        if self.ws.app.user.id not in where.record.members:
            where.record.members.append(self.ws.app.user.id)

    async def removes_app(self, where: Place) -> None:
        self.ws.leave(where.record, self.ws.app.user)
        await asyncio.sleep(0)

    async def deletes_channel(self, where: Place) -> None:
        self.ws.delete_channel(where.record)
        await asyncio.sleep(0)

    # Looking.

    def sees(self, where: Place) -> tuple[Seen, ...]:
        """Return this person's screen of a place: private places and others' ephemeral messages are not on it."""
        return where.seen_by(self)

    def whispers(self, where: Place) -> list[Message]:
        """Return the ephemeral messages that this person has on the screen there."""
        return [one for one in self.ws.ephemerals if one.visible_to == self.id and one.channel is where.record]

    @property
    def home(self) -> View | None:
        """The app's home tab as it was last published for this person."""
        return self.ws.homes.get(self.id)

    @property
    def modal(self) -> View | None:
        """The modal on top, if one is open."""
        return next(
            (one for one in reversed(self.ws.views.values()) if one.user == self.id and one.type == "modal"), None
        )


def _root(where: Place, thread: Message | str | None) -> str:
    if isinstance(thread, str):
        found = where.record.messages.get(thread)
        return found.root if found else thread
    return thread.root if thread else ""


def _offers(element: Json, value: str | None) -> bool:
    if value is None:
        return True
    if element["type"] == "feedback_buttons":
        return value in (element["positive_button"]["value"], element["negative_button"]["value"])
    if "options" in element:
        return any(one["value"] == value for one in element["options"])
    return bool(element.get("value") == value)


def _state(view: View, values: Mapping[str, Any]) -> Json:
    state: Json = {}
    for block, element in elements(view.body["blocks"]):
        kind, given = element["type"], values.get(element["action_id"])
        if kind in ("button", "overflow"):
            continue
        if kind == "plain_text_input":
            entry: Json = {"type": kind, "value": given}
        else:
            chosen = [
                one for one in element["options"] if one["value"] in (given if isinstance(given, list) else [given])
            ]
            several = kind == "checkboxes"
            entry = {
                "type": kind,
                "selected_options" if several else "selected_option": chosen if several else next(iter(chosen), None),
            }
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    unknown = set(values) - {name for entries in state.values() for name in entries}
    if unknown:
        raise RefusedError(f"the view has no {', '.join(sorted(unknown))}")
    return state
