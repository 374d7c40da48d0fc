"""The same message in blocks that every Slack has known for years, and in words alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack import blocks as slack
from bot.slack.blocks import Block
from bot.slack.render import SlackMessage
from bot.split import split

WORDS = 39_000
"""Slack cuts off a text of more than 40,000 characters."""


def forms(message: SlackMessage) -> tuple[SlackMessage, ...]:
    """Return a message as it is, and the forms to try when it is refused, the best one first."""
    older = tuple(one for block in message.blocks for one in _older(block))
    words = "\n\n".join(part for block in message.blocks if (part := "".join(_words(block)).strip()))
    plain = SlackMessage(slack.escaped(words, WORDS) if words else message.text, ())
    if older == message.blocks:
        return (message, plain)
    return (message, SlackMessage(message.text, older), plain)


def _older(block: Block) -> Iterator[Block]:
    match block["type"]:
        case "markdown":
            yield from map(slack.section, split(block["text"], slack.SECTION))
        case "rich_text":
            yield from map(slack.section, split("".join(_words(block)).strip(), slack.SECTION))
        case "context_actions":
            thumbs = block["elements"][0]
            yield slack.actions([_button(thumbs[side], side) for side in ("positive_button", "negative_button")])
        case _:
            yield block


def _button(thumb: Mapping[str, Any], side: str) -> Block:
    return {"type": "button", "action_id": f"feedback_{side}", "text": thumb["text"], "value": thumb["value"]}


def _words(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a reader sees of a block, buttons aside."""
    match block.get("type"):
        case "text" | "link" | "plain_text" | "mrkdwn" | "markdown":
            yield str(block.get("text") or block.get("url") or "")
        case "user":
            yield f"<@{block['user_id']}>"
        case "header" | "section":
            yield from _words(block["text"])
        case "image":
            yield str(block["alt_text"])
        case "context" | "rich_text" | "rich_text_section" | "rich_text_quote" | "rich_text_list" as kind:
            for element in block["elements"]:
                yield from _words(element)
                if kind != "rich_text_section" and element.get("type") != "text":
                    yield "\n"
