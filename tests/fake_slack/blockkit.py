"""Block Kit as Slack checks it: the limits that refuse a message, and the words a reader sees of blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fake_slack.records import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
MARKDOWN_TEXT = 12_000
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
ACTION_ID = 255
BLOCK_ID = 255
POST_TEXT = 40_000
UPDATE_TEXT = 4_000
TOTAL_JSON = 13_200
"""Measured by people, documented nowhere (slackapi/bolt-js#2509): more and Slack answers `msg_blocks_too_long`."""

RICH_TEXT_PARTS = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
RICH_TEXT_ELEMENTS = {"text", "link", "user", "usergroup", "broadcast", "channel", "emoji", "date", "color"}
MESSAGE_ONLY = {"markdown", "context_actions"}
VIEW_ONLY = {"input"}


class RefusedError(Exception):
    """Slack's `ok: false`: an error code, with details as Slack gives them."""

    def __init__(
        self, error: str, *messages: str, status: int = 200, headers: dict[str, str] | None = None, **extra: Any
    ):
        super().__init__(error, *messages)
        self.error = error
        self.messages = messages
        self.status = status
        self.headers = headers or {}
        self.extra = extra


def parse(value: Any) -> list[Json]:
    """Return blocks given as JSON text or as a list."""
    if value in (None, ""):
        return []
    try:
        blocks = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise RefusedError("invalid_blocks_format") from None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise RefusedError("invalid_blocks_format")
    return blocks


def check_message(blocks: Sequence[Json]) -> None:
    """Raise RefusedError as Slack would for these blocks of a message."""
    _check(blocks, MESSAGE_BLOCKS, VIEW_ONLY, "/blocks")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TEXT:
        raise RefusedError(
            "invalid_blocks", f"[ERROR] must be less than {MARKDOWN_TEXT + 1} characters [json-pointer:/blocks]"
        )
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > TOTAL_JSON:
        raise RefusedError("msg_blocks_too_long")


def check_view(view: Json) -> None:
    """Raise RefusedError as Slack would for this modal or home tab."""
    if view.get("type") not in ("modal", "home"):
        raise RefusedError("invalid_arguments", "[ERROR] unsupported view type [json-pointer:/view/type]")
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        raise RefusedError("invalid_arguments", "[ERROR] missing required field: blocks [json-pointer:/view]")
    if view["type"] == "modal":
        for key, limit in (("title", 24), ("submit", 24), ("close", 24)):
            if key == "title" or key in view:
                _plain(view.get(key), limit, f"/view/{key}")
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            raise RefusedError("invalid_arguments", "[ERROR] missing required field: submit [json-pointer:/view]")
    if len(view.get("private_metadata", "")) > 3_000 or len(view.get("callback_id", "")) > 255:
        raise RefusedError(
            "invalid_arguments", "[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]"
        )
    _check(blocks, VIEW_BLOCKS, MESSAGE_ONLY, "/view/blocks")


def _bad(message: str, pointer: str) -> RefusedError:
    return RefusedError("invalid_blocks", f"[ERROR] {message} [json-pointer:{pointer}]")


def _check(blocks: Sequence[Json], most: int, elsewhere: set[str], pointer: str) -> None:
    if len(blocks) > most:
        raise _bad(f"no more than {most} items allowed", pointer)
    ids: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        checker = CHECKS.get(block.get("type", ""))
        if checker is None or block["type"] in elsewhere:
            raise _bad(f"unsupported type: {block.get('type')}", f"{here}/type")
        block_id = block.get("block_id", "")
        if len(block_id) > BLOCK_ID or (block_id and block_id in ids):
            raise _bad("`block_id` already exists" if block_id in ids else "must be less than 256 characters", here)
        ids.add(block_id)
        checker(block, here)


def _text(value: Any, limit: int, pointer: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        raise _bad("must be a valid text object", pointer)
    _length(value["text"], limit, f"{pointer}/text")


def _plain(value: Any, limit: int, pointer: str) -> None:
    _text(value, limit, pointer, ("plain_text",))


def _length(text: Any, limit: int, pointer: str, least: int = 1) -> None:
    if not isinstance(text, str) or len(text) < least:
        raise _bad(f"must be more than {least - 1} characters", pointer)
    if len(text) > limit:
        raise _bad(f"must be less than {limit + 1} characters", pointer)


def _items(value: Any, most: int, pointer: str) -> list[Json]:
    if not isinstance(value, list) or not value:
        raise _bad("no less than 1 items allowed", pointer)
    if len(value) > most:
        raise _bad(f"no more than {most} items allowed", pointer)
    return value


def _section(block: Json, here: str) -> None:
    if "text" in block:
        _text(block["text"], SECTION_TEXT, f"{here}/text")
    elif "fields" not in block:
        raise _bad("must provide text or fields", here)
    for index, item in enumerate(_items(block["fields"], 10, f"{here}/fields") if "fields" in block else []):
        _text(item, 2_000, f"{here}/fields/{index}")
    if "accessory" in block:
        _element(block["accessory"], f"{here}/accessory")


def _markdown(block: Json, here: str) -> None:
    _length(block.get("text"), MARKDOWN_TEXT, f"{here}/text")


def _header(block: Json, here: str) -> None:
    _plain(block.get("text"), HEADER_TEXT, f"{here}/text")


def _context(block: Json, here: str) -> None:
    for index, item in enumerate(_items(block.get("elements"), 10, f"{here}/elements")):
        if item.get("type") == "image":
            _image(item, f"{here}/elements/{index}")
        else:
            _text(item, SECTION_TEXT, f"{here}/elements/{index}")


def _actions(block: Json, here: str, most: int = 25) -> None:
    seen: set[str] = set()
    for index, item in enumerate(_items(block.get("elements"), most, f"{here}/elements")):
        _element(item, f"{here}/elements/{index}")
        if item.get("action_id") in seen:
            raise _bad(f'`action_id` "{item["action_id"]}" already exists', f"{here}/elements/{index}")
        seen.add(item.get("action_id", f"#{index}"))


def _context_actions(block: Json, here: str) -> None:
    _actions(block, here, 5)
    if any(item["type"] not in ("feedback_buttons", "icon_button") for item in block["elements"]):
        raise _bad("unsupported element", f"{here}/elements")


def _image(block: Json, here: str) -> None:
    if not (block.get("image_url") or isinstance(block.get("slack_file"), dict)):
        raise _bad("must provide image_url or slack_file", here)
    _length(block.get("alt_text"), 2_000, f"{here}/alt_text")


def _input(block: Json, here: str) -> None:
    _plain(block.get("label"), 2_000, f"{here}/label")
    _element(block.get("element", {}), f"{here}/element")


def _rich_text(block: Json, here: str) -> None:
    for index, part in enumerate(_items(block.get("elements"), 1_000, f"{here}/elements")):
        _rich_text_part(part, f"{here}/elements/{index}")


def _rich_text_part(part: Json, here: str) -> None:
    if part.get("type") not in RICH_TEXT_PARTS:
        raise _bad(f"unsupported type: {part.get('type')}", here)
    for index, item in enumerate(_items(part.get("elements"), 5_000, f"{here}/elements")):
        where = f"{here}/elements/{index}"
        if part["type"] == "rich_text_list":
            _rich_text_part(item, where)
        elif item.get("type") not in RICH_TEXT_ELEMENTS:
            raise _bad(f"unsupported type: {item.get('type')}", where)
        elif item["type"] == "text":
            _length(item.get("text"), 40_000, f"{where}/text")
        elif item["type"] == "link":
            _length(item.get("url"), 3_000, f"{where}/url")


CHECKS = {
    "section": _section,
    "markdown": _markdown,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "image": _image,
    "input": _input,
    "rich_text": _rich_text,
    "divider": lambda _block, _here: None,
}


def _element(item: Json, here: str) -> None:
    kind = item.get("type")
    _length(item.get("action_id", "-"), ACTION_ID, f"{here}/action_id")
    if kind == "button":
        _button(item, here)
        if item.get("style", "primary") not in ("primary", "danger"):
            raise _bad("must be one of: primary, danger", f"{here}/style")
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            _button(item.get(side, {}), f"{here}/{side}", least=1)
    elif kind == "icon_button":
        _plain(item.get("text"), BUTTON_TEXT, f"{here}/text")
    elif kind in ("static_select", "radio_buttons", "checkboxes", "overflow"):
        most = {"static_select": 100, "overflow": 5}.get(kind, 10)
        for index, option in enumerate(_items(item.get("options"), most, f"{here}/options")):
            _text(option.get("text"), BUTTON_TEXT, f"{here}/options/{index}/text")
            _length(option.get("value"), 150, f"{here}/options/{index}/value")
    elif kind not in ("plain_text_input", "image"):
        raise _bad(f"unsupported type: {kind}", f"{here}/type")
    if "confirm" in item:
        confirm = item["confirm"]
        for key, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            _text(confirm.get(key), limit, f"{here}/confirm/{key}")


def _button(item: Json, here: str, least: int = 0) -> None:
    _plain(item.get("text"), BUTTON_TEXT, f"{here}/text")
    _length(item.get("value", ""), BUTTON_VALUE, f"{here}/value", least)
    _length(item.get("url", ""), 3_000, f"{here}/url", 0)


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every interactive element with its block."""
    for block in blocks:
        candidates = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for item in candidates:
            if isinstance(item, dict) and "action_id" in item:
                yield block, item


def words(blocks: Sequence[Json]) -> str:
    """Return what a reader sees of blocks, a line or more each: texts, labels of buttons in brackets."""
    return "\n".join(line for block in blocks for line in _words(block) if line)


def _words(block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind == "markdown":
        yield block["text"]
    elif kind == "rich_text":
        yield from (_rich(part) for part in block["elements"])
    elif kind == "image":
        yield f"[image: {block['alt_text']}]"
    else:
        yield from (_plain_words(item) for item in (block.get("text"), block.get("label"), block.get("hint")) if item)
        yield from (_plain_words(item) for item in block.get("fields", ()))
        yield " ".join(
            _plain_words(item)
            for item in [*block.get("elements", ()), block.get("accessory"), block.get("element")]
            if item
        )


def _rich(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(f"• {_rich(item)}" for item in part["elements"])
    text = "".join(_rich_element(item) for item in part["elements"])
    return "\n".join(f"> {line}" for line in text.split("\n")) if part["type"] == "rich_text_quote" else text


def _rich_element(item: Json) -> str:
    match item["type"]:
        case "text":
            return str(item["text"])
        case "link":
            return str(item.get("text") or item["url"])
        case "user":
            return f"<@{item['user_id']}>"
        case "broadcast":
            return f"<!{item['range']}>"
        case "emoji":
            return f":{item['name']}:"
        case _:
            return ""


def _plain_words(item: Json) -> str:
    if item.get("type") in ("plain_text", "mrkdwn"):
        return str(item["text"])
    if item.get("type") == "feedback_buttons":
        return f"[{item['positive_button']['text']['text']}] [{item['negative_button']['text']['text']}]"
    if item.get("type") == "image":
        return f"[image: {item['alt_text']}]"
    return f"[{item['text']['text']}]" if isinstance(item.get("text"), dict) else ""
