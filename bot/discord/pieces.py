"""What a Discord message is made of, as plain values: its limits, how text is made harmless, embeds and buttons. Pure.

Text that comes from documents or models can mention nobody, link nowhere and hide nothing. In an answer, whose Markdown
is wanted, an invisible character parts whatever would; text of documents is escaped on top, and reads as it is.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.buttons import LONGEST_ID, Button, encode
from bot.harmless import fitted, line, parted

CONTENT = 2_000
EMBED = 4_096
"""Of one embed's description."""
EMBEDS = 10
EMBEDS_TEXT = 6_000
"""Of all embeds of a message together."""
EMBED_TITLE = 256
EMBED_FOOTER = 2_048
ROWS = 5
BUTTONS_A_ROW = 5
BUTTON_LABEL = 80
CUSTOM_ID = LONGEST_ID
ALT_TEXT = 1_024
CHOICE = 100
"""Name or value of a suggestion, or of an option to choose."""
CHOICES = 25
MODAL_TITLE = 45
INPUT_LABEL = 45
THREAD_NAME = 100
LINK = 500
"""Ours are jump links, far shorter."""

_TRIGGER = re.compile(
    r"(?<=<)(?=[@#/:+!\w])"  # <@1>, <#1>, </command:1>, <:emoji:1>, <https://…>, <me@…>, <+1…>
    r"|(?<=\])(?=\()"  # [text](address)
    r"|(?<=@)(?=\w)"  # @everyone
    r"|(?<=\|)(?=\|)"  # ||spoiler||
    r"|(?i:(?<=https)|(?<=http)|(?<=ftp)|(?<=discord)|(?<=mailto)|(?<=tel)|(?<=sms)|(?<=steam))(?=:)"
    r"|(?i:(?<=discord)|(?<=discordapp))(?=\.)"  # discord.gg/… is an invitation without any scheme
)
_FORMAT = re.compile(
    r"[\\*~`|<\[\]]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # a name like annual_report.pdf needs none
)
_BLOCK = re.compile(r"(?m)^(?P<before>[ \t]*(?:\d+(?=[.)]\s))?)(?P<sign>[#>+.)-])")
"""What begins a heading, a quote, a list or small print."""


class Style(enum.IntEnum):
    """Discord's numbers for the looks of a button."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4


@dataclass(frozen=True, slots=True)
class Clickable:
    """A button."""

    label: str
    custom_id: str
    style: Style = Style.SECONDARY
    emoji: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.custom_id) <= CUSTOM_ID:
            raise ValueError(f"a button carries 1 to {CUSTOM_ID} characters, not {self.custom_id!r}")


Row = tuple[Clickable, ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """A box under a message. `text` is Markdown; title and footer are plain words."""

    text: str = ""
    title: str = ""
    footer: str = ""

    @property
    def size(self) -> int:
        """What it takes of EMBEDS_TEXT."""
        return len(self.text) + len(self.title) + len(self.footer)


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """One message. It is always sent without any allowed mention."""

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several to choose from."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Modal:
    """A form with reasons to choose from and room for words."""

    title: str
    custom_id: str
    reason_label: str
    reasons: tuple[Choice, ...]
    comment_label: str
    comment_limit: int


def markdown_text(text: str) -> str:
    """Part what would mention, link or hide in Markdown; the other formatting stays."""
    return parted(text, _TRIGGER)


def escaped(text: str, limit: int) -> str:
    """Return text that reads as it is, in Markdown of at most this length."""

    def escape(text: str) -> str:
        inline = _FORMAT.sub(r"\\\g<0>", text)
        return markdown_text(_BLOCK.sub(r"\g<before>\\\g<sign>", inline))

    return fitted(text, limit, escape)


def escaped_line(text: str, limit: int) -> str:
    """Return untrusted text as one line that reads as it is; `limit` counts it before it is escaped."""
    shown = line(text, limit)
    return escaped(shown, 3 * len(shown) + 1)


def link(text: str, url: str) -> str:
    """Return a link of our own to Discord; nothing where the address is no web address."""
    if not re.fullmatch(r"https?://[^\s<>()\[\]]+", url) or len(url) > LINK:
        return ""
    return f"[{text}]({url})"


def subtext(text: str) -> str:
    """Small grey words on a line of their own."""
    return f"-# {text}"


def button(label: str, click: Button, style: Style = Style.SECONDARY, *, emoji: str = "") -> Clickable:
    return Clickable(line(label, BUTTON_LABEL), encode(click), style, emoji)


def rows(buttons: Sequence[Clickable]) -> list[Row]:
    return [tuple(buttons[at : at + BUTTONS_A_ROW]) for at in range(0, len(buttons), BUTTONS_A_ROW)]


def boxes(lines: Iterable[str], title: str = "") -> list[Embed]:
    """Put lines into as few embeds as hold them; the first has the title."""
    texts: list[str] = []
    for one in lines:
        if texts and len(texts[-1]) + 1 + len(one) <= EMBED:
            texts[-1] += f"\n{one}"
        else:
            texts.append(one)
    return [Embed(text, "" if place else line(title, EMBED_TITLE)) for place, text in enumerate(texts)]


Piece = str | Embed | Row
"""Text of a message, an embed, or a row of buttons."""


def fits(pieces: Sequence[Piece]) -> bool:
    """Say whether one message holds these pieces; its text is one of them at most."""
    embeds = [one for one in pieces if isinstance(one, Embed)]
    return (
        sum(isinstance(one, str) for one in pieces) <= 1
        and len(embeds) <= EMBEDS
        and sum(one.size for one in embeds) <= EMBEDS_TEXT
        and sum(isinstance(one, tuple) for one in pieces) <= ROWS
    )


def message(pieces: Sequence[Piece], otherwise: str) -> DiscordMessage:
    """Return the message of these pieces; where it would be buttons alone, with other words."""
    texts = [one for one in pieces if isinstance(one, str)]
    embeds = tuple(one for one in pieces if isinstance(one, Embed))
    buttons = tuple(one for one in pieces if isinstance(one, tuple))
    return DiscordMessage(texts[0] if texts else "" if embeds else otherwise, embeds, buttons)
