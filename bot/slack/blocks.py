"""Slack's building blocks: its limits, how text is made harmless in each kind of block, the blocks themselves. Pure.

Text that comes from documents or models can mention nobody and link nowhere: in `rich_text` and plain text Slack reads
no formatting at all; in Markdown an invisible character parts whatever would be a mention or a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot import notices
from bot.buttons import Button, encode
from bot.harmless import cut, fitted, line, parted

Block = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN = 12_000
"""Of all `markdown` blocks of a message together."""
FALLBACK = 3_000
"""Of a message's `text`; `chat.update` refuses more than 4,000, and what notifications show is shorter still."""
SECTION = 3_000
CONTEXT = 2_000
HEADER = 150
BUTTON_LABEL = 75
BUTTONS_A_BLOCK = 25
ALT_TEXT = 2_000
CONFIRM = 300
LINK = 500
"""Ours are permalinks, far shorter."""
MESSAGE_JSON = 12_500
"""Of all blocks together. From about 13,200 on Slack answers `msg_blocks_too_long` (slackapi/bolt-js#2509)."""

_TRIGGER = re.compile(
    r"(?<=<)(?=[!@#/a-zA-Z])"  # <!channel>, <@U1>, <#C1>, <https://…>, <html>
    r"|(?<=\])(?=[(:])"  # [text](address), [name]: address
    r"|(?<=@)(?=\w)"  # @everyone, mail addresses
    r"|(?i:(?<=https)|(?<=http)|(?<=ftp)|(?<=mailto)|(?<=slack)|(?<=tel))(?=:)"
    r"|(?i:(?<=www))(?=\.)"
)


def markdown_text(text: str) -> str:
    """Part what would be a mention or a link in standard Markdown.

    Whether a character is parted from the one before depends on what stands before it only: of a text that grows, what
    was sent already never changes, so a stream can append.
    """
    return parted(text, _TRIGGER)


def escaped(text: str, limit: int = FALLBACK) -> str:
    """Return text for Slack's own format (mrkdwn), in which it reads as it is and mentions nobody."""

    def escape(text: str) -> str:
        return markdown_text(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

    return fitted(text, limit, escape)


def size(blocks: Iterable[Block]) -> int:
    """Return what a message's blocks take of MESSAGE_JSON."""
    return len(json.dumps(list(blocks), ensure_ascii=False, separators=(",", ":")))


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": line(text, limit) or "…", "emoji": False}


def markdown(text: str) -> Block:
    return {"type": "markdown", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Block:
    """Plain words of our own, with line breaks."""
    return {"type": "section", "text": {"type": "plain_text", "text": cut(text, SECTION), "emoji": False}}


def quiet(text: str) -> Block:
    """Small grey words."""
    return {"type": "context", "elements": [plain(text, CONTEXT)]}


def divider() -> Block:
    return {"type": "divider"}


def rich_text(parts: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def words(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(text: str) -> Block:
    return {"type": "rich_text_quote", "elements": [literal(text)]}


def bullets(items: Sequence[Block]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def literal(text: str, *, bold: bool = False) -> Block:
    """Words in which Slack looks for nothing: no mention, no link, no format."""
    return {"type": "text", "text": text or "…"} | ({"style": {"bold": True}} if bold else {})


def link(text: str, url: str, *, bold: bool = False) -> Block:
    """A link of our own; words where the address is no web address."""
    if not url.startswith(("https://", "http://")) or len(url) > LINK:
        return literal(text, bold=bold)
    return {"type": "link", "url": url, "text": text or "…"} | ({"style": {"bold": True}} if bold else {})


def button(label: str, action: str, click: Button, *, style: str = "", confirm: str = "") -> Block:
    element = {"type": "button", "action_id": action, "text": plain(label, BUTTON_LABEL), "value": encode(click)}
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = {
            "title": plain(label, 100),
            "text": plain(confirm, CONFIRM),
            "confirm": plain(label, 30),
            "deny": plain(notices.CANCEL, 30),
        }
    return element


def actions(buttons: Sequence[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons[:BUTTONS_A_BLOCK])}
