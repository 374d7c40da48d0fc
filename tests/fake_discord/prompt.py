"""A line prompt at which a developer plays the people of the fake Discord, and sees what they see."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fake_discord.bodies import TEXT_INPUT, modal_fields
from tests.fake_discord.choices import BOOLEAN, CHAT, FILE, GROUP, INTEGER, find_command
from tests.fake_discord.driver import File, Person
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.interactions import Interaction
from tests.fake_discord.place import Place
from tests.fake_discord.records import Json, Message
from tests.fake_discord.seen import Seen, buttons
from tests.fake_discord.server import FakeDiscord

HELP = """What you type is said; @askdocs names the bot; /askdocs ask question: WORDS private: true runs a command.
:in #CHANNEL [private]   go to a channel, made if it is new    :dm   talk to the bot directly
:as NAME                 be somebody else                      :thread   go into the last message's thread, or out
:reply WORDS             to the last message                   :upload FILE…   post files
:edit WORDS, :delete     what you said last                    :click LABEL   press a button
:menu NAME               of the last message of a person       :suggest /COMMAND OPTION: WORDS   autocomplete
:send WORDS              fill and send the open modal          :quit"""

NAMES = re.compile(r"(?:^|\s)(\w+):\s*")


class Prompt:
    """What a line does, for whoever is speaking wherever they are."""

    def __init__(self, discord: FakeDiscord, write: Callable[[str], None]) -> None:
        self._discord = discord
        self._write = write
        self._shown: dict[str, Seen] = {}
        self._above: Place | None = None
        self._modal: Interaction | None = None
        self.person: Person = discord.user("ann", admin=True)
        self.place: Place = discord.channel("general")

    @property
    def label(self) -> str:
        name = self.place.name
        where = f"thread {name!r}" if self._above else f"#{name}" if name else "a direct message"
        return f"{self.person.name} in {where}> "

    async def take(self, text: str) -> bool:
        """Do what one line says; return False when it ends the session."""
        word, _, rest = text.strip().partition(" ")
        if word in (":quit", ":q"):
            return False
        try:
            await self._do(word, rest.strip(), text.strip())
        except (AssertionError, OSError, IndexError, ValueError, RefusedError) as error:
            self._write(f"! {error or type(error).__name__}")
        return True

    async def _do(self, word: str, rest: str, text: str) -> None:
        match word:
            case "":
                return
            case ":help" | ":h":
                self._write(HELP)
            case ":in" | ":dm" | ":as" | ":thread":
                await self._go(word, rest)
            case ":reply":
                await self.person.says(self.place, self._mentions(rest), reply_to=self._last())
            case ":upload":
                await self.person.says(self.place, attachments=[_file(name) for name in shlex.split(rest)])
            case ":edit":
                await self.person.edits(self._last(of=self.person), self._mentions(rest))
            case ":delete":
                await self.person.deletes(self._last(of=self.person))
            case ":click":
                self._told(await self.person.clicks(self._with_button(rest), self._button(rest)))
            case ":menu":
                about = next(one for one in reversed(self.place.messages) if not one.author.is_bot)
                self._told(await self.person.runs_context_menu(rest, about))
            case ":suggest":
                name, options = self._command(rest.removeprefix("/"))
                found = await self.person.autocompletes(name, self.place, **options)
                self._write(f"suggested: {', '.join(found) or 'nothing'}")
            case ":send":
                await self._send(rest)
            case _ if word.startswith("/"):
                name, options = self._command(text.removeprefix("/"))
                self._told(await self.person.command(name, self.place, **options))
            case _:
                await self.person.says(self.place, self._mentions(text))

    async def _go(self, word: str, rest: str) -> None:
        if word == ":thread":
            await self._thread()
            return
        self._above = None
        if word == ":as":
            self.person = self._discord.user(rest)
        if word == ":dm":
            self.place = self._discord.direct(self.person)
        elif word == ":in":
            name, _, kind = rest.removeprefix("#").partition(" ")
            self.place = self._discord.channel(name, private=kind == "private", members=[self.person])

    async def _thread(self) -> None:
        if self._above is not None:
            self.place, self._above = self._above, None
            return
        root = self._last()
        above = self.place
        if root.thread is None:
            self.place = await self.person.starts_thread(above, root.content[:50] or "thread", on=root)
        else:
            self.place = self._discord.place(root.thread.id)
        self._above = above

    def _mentions(self, text: str) -> str:
        return re.sub(f"@{self._discord.bot.name}", self._discord.mention, text, flags=re.IGNORECASE)

    def _last(self, *, of: Person | None = None) -> Message:
        return [one for one in self.place.messages if of is None or one.author is of.record][-1]

    def _with_button(self, label: str) -> Message:
        seen = [one for one in self.place.record.messages.values() if one.visible_to in ("", self.person.id)]
        for one in reversed(seen):
            if any(_label(each).startswith(label) for each in buttons(one)):
                return one
        raise AssertionError(f"no button begins with {label!r}")

    def _button(self, label: str) -> str:
        found = (each for each in buttons(self._with_button(label)) if _label(each).startswith(label))
        return str(next(found)["custom_id"])

    def _command(self, text: str) -> tuple[str, dict[str, Any]]:
        """Read `askdocs ask question: How long? private: true`; words without a name are the first option."""
        words = text.split()
        command = find_command(self._discord.world, self.place.record, words[0], CHAT)
        path, offered = [words[0]], command.get("options") or []
        for word in words[1:]:
            inner = next((one for one in offered if one["type"] <= GROUP and one["name"] == word), None)
            if inner is None:
                break
            path, offered = [*path, word], inner.get("options") or []
        rest = text.split(None, len(path))[len(path) :]
        known = {one["name"]: one for one in offered}
        given = _named(rest[0] if rest else "", known)
        return " ".join(path), {name: _value(known[name], value) for name, value in given.items()}

    async def _send(self, words: str) -> None:
        assert self._modal is not None, "no modal is open"
        values: dict[str, Any] = {}
        for _, one in modal_fields(self._modal.modal["components"] if self._modal.modal else []):
            values[one["custom_id"]] = words if one["type"] == TEXT_INPUT else one["options"][0]["value"]
        self._told(await self.person.submits(self._modal, values))

    def _told(self, act: Interaction) -> None:
        """Write what came of it beyond messages."""
        self._modal = act if act.modal else None
        if act.has_failed:
            self._write("! The application did not respond")
        if act.modal:
            labels = [label for label, _ in modal_fields(act.modal["components"])]
            self._write(f"[modal] {act.modal['title']}: {', '.join(labels)}")

    def look(self) -> None:
        """Write what is new or different on this person's screen since the last look."""
        for seen in self.person.sees(self.place):
            before = self._shown.get(seen.id)
            if seen == before:
                continue
            self._shown[seen.id] = seen
            if seen.author != self.person.name or before is not None:
                self._write(_line(seen, "~" if before else "+"))


def _label(button: Json) -> str:
    return str(button.get("label") or button["emoji"]["name"])


def _file(name: str) -> File:
    return Path(name).name, Path(name).read_bytes()


def _named(text: str, known: dict[str, Json]) -> dict[str, str]:
    marks = [one for one in NAMES.finditer(text) if one[1] in known]
    if not marks:
        return {next(iter(known)): text} if text and known else {}
    ends = [one.start() for one in marks[1:]] + [len(text)]
    return {one[1]: text[one.end() : end].strip() for one, end in zip(marks, ends, strict=True)}


def _value(option: Json, text: str) -> Any:
    if option["type"] == FILE:
        return _file(text)
    if option["type"] == BOOLEAN:
        return text.lower() in ("true", "yes", "1")
    return int(text) if option["type"] == INTEGER else text


def _line(seen: Seen, sign: str) -> str:
    marks = [
        *(["only you see this"] if seen.ephemeral else []),
        *([f"files: {', '.join(seen.files)}"] if seen.files else []),
        *([f"reactions: {' '.join(seen.reactions)}"] if seen.reactions else []),
    ]
    tail = f"  ({'; '.join(marks)})" if marks else ""
    return f"{sign} {seen.author}: " + seen.shown.replace("\n", "\n  ") + tail
