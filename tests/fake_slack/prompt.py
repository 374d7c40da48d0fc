"""A line prompt at which a developer plays the people of the fake workspace, and sees what they see."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.fake_slack.blockkit import elements, words
from tests.fake_slack.driver import Person, Place
from tests.fake_slack.records import Message, View
from tests.fake_slack.seen import Seen
from tests.fake_slack.server import FakeSlack

HELP = """What you type is said; @askdocs names the app; /askdocs WORDS is the slash command.
:in #CHANNEL [private]   go to a channel, made if it is new    :dm   talk to the app directly
:as NAME                 be somebody else                      :thread   reply to the last message, or stop
:upload FILE…            post files                            :home   open the app's home tab
:edit WORDS, :delete     what you said last                    :click LABEL   press a button
:shortcut [ID]           on the last message                   :send WORDS   fill and send the open modal
:quit"""


class Prompt:
    """What a line does, for whoever is speaking wherever they are."""

    def __init__(self, slack: FakeSlack, write: Callable[[str], None]) -> None:
        self._slack = slack
        self._write = write
        self._shown: dict[str, Seen] = {}
        self._thread: Message | None = None
        self.person: Person = slack.user("ann", admin=True)
        self.place: Place = slack.channel("general", members=[self.person])

    @property
    def label(self) -> str:
        where = f"#{self.place.name}" if self.place.name else "a direct message"
        return f"{self.person.name} in {where}{', in a thread' if self._thread else ''}> "

    async def take(self, text: str) -> bool:
        """Do what one line says; return False when it ends the session."""
        word, _, rest = text.strip().partition(" ")
        if word in (":quit", ":q"):
            return False
        try:
            await self._do(word, rest.strip(), text.strip())
        except (AssertionError, OSError, IndexError, StopIteration) as error:
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
            case ":upload":
                files = [(Path(name).name, Path(name).read_bytes()) for name in shlex.split(rest)]
                await self.person.says(self.place, "", files=files, thread=self._thread)
            case ":edit":
                await self.person.edits(self._own(), self._mentions(rest))
            case ":delete":
                await self.person.deletes(self._own())
            case ":click":
                await self._click(rest)
            case ":send":
                await self._send(rest)
            case ":home":
                await self._home()
            case ":shortcut":
                await self.person.runs_shortcut(self.place.messages[-1], rest or "index_pdf")
            case _ if word.startswith("/"):
                await self.person.command(word, rest, self.place)
            case _:
                await self.person.says(self.place, self._mentions(text), thread=self._thread)

    async def _go(self, word: str, rest: str) -> None:
        if word == ":thread":
            self._thread = None if self._thread else self.place.messages[-1]
            return
        self._thread = None
        if word == ":as":
            self.person = self._slack.user(rest)
        if word == ":dm":
            self.place = self._slack.direct(self.person)
        elif word == ":in":
            name, _, kind = rest.removeprefix("#").partition(" ")
            self.place = self._slack.channel(name, private=kind == "private", members=[self.person])
        await self.person.joins(self.place)

    def _mentions(self, text: str) -> str:
        return text.replace(f"@{self._slack.bot.name}", self._slack.mention)

    def _own(self) -> Message:
        return next(one for one in reversed(self.place.messages) if one.user == self.person.id)

    async def _click(self, label: str) -> None:
        """Press the newest button that begins with these words, in a message or the home tab."""
        seen: list[Message | View] = [*self.place.messages, *self.person.whispers(self.place)]
        for target in reversed([*([self.person.home] if self.person.home else []), *seen]):
            for action_id, value, name in _buttons(target):
                if name.startswith(label):
                    await self.person.clicks(target, action_id, value)
                    return
        self._write(f"! no button begins with {label!r}")

    async def _home(self) -> None:
        before = self.person.home
        await self.person.opens_home()
        with suppress(TimeoutError):
            await self._slack.until(lambda: self.person.home is not before, 2)
        self._write(words(self.person.home.body["blocks"]) if self.person.home else "! the home tab is empty")

    async def _send(self, text: str) -> None:
        modal = self.person.modal
        assert modal is not None, "no modal is open"
        fields = [block["element"] for block in modal.body["blocks"] if block["type"] == "input"]
        values = {one["action_id"]: text for one in fields if one["type"] == "plain_text_input"}
        values |= {one["action_id"]: one["options"][0]["value"] for one in fields if "options" in one}
        result = await self.person.submits(modal, values)
        self._write(f"! {dict(result.errors)}" if result.errors else "(sent)")

    def look(self) -> None:
        """Write what is new or different on this person's screen since the last look."""
        for seen in self.person.sees(self.place):
            before = self._shown.get(seen.ts)
            if seen == before or (seen.streaming and before is not None):
                continue
            self._shown[seen.ts] = seen
            if seen.author != self.person.name or before is not None:
                self._write(_line(seen, "~" if before else "+"))


def _line(seen: Seen, sign: str) -> str:
    marks = [
        *(["only you see this"] if seen.ephemeral else []),
        *(["writing…"] if seen.streaming else []),
        *([f"files: {', '.join(seen.files)}"] if seen.files else []),
        *([f"reactions: {' '.join(seen.reactions)}"] if seen.reactions else []),
    ]
    indent = "\n    " if seen.thread_ts else "\n  "
    tail = f"  ({'; '.join(marks)})" if marks else ""
    return f"{sign}{indent[1:]}{seen.author}: " + seen.shown.replace("\n", indent) + tail


def _buttons(target: Message | View) -> list[tuple[str, str | None, str]]:
    found: list[tuple[str, str | None, str]] = []
    for _, one in elements(target.body["blocks"] if isinstance(target, View) else target.blocks):
        if one["type"] == "button":
            found.append((one["action_id"], None, one["text"]["text"]))
        elif one["type"] == "feedback_buttons":
            sides = (one["positive_button"], one["negative_button"])
            found += [(one["action_id"], side["value"], side["text"]["text"]) for side in sides]
    return found
