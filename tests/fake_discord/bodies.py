"""What an app sends as a message: read, and checked against Discord's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fake_discord.errors import Form, RefusedError
from tests.fake_discord.records import Json

CONTENT = 2_000
EMBEDS = 10
EMBED_TEXT = 6_000
"""Of all embeds of a message together."""
TITLE, DESCRIPTION, FIELDS, FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR = 256, 4_096, 25, 256, 1_024, 2_048, 256
ROWS = BUTTONS_A_ROW = 5
CUSTOM_ID, LABEL, BUTTON_URL = 100, 80, 512
OPTIONS, OPTION, PLACEHOLDER = 25, 100, 150
FILES = 10
FILE = 10 * 2**20
ALT_TEXT = 1_024
MODAL_TITLE = INPUT_LABEL = 45
INPUT_VALUE = 4_000

ROW, BUTTON, SELECT, TEXT_INPUT, TEXT_DISPLAY, LABELLED = 1, 2, 3, 4, 10, 18
LINK = 5
COMPONENTS_V2 = 1 << 15


@dataclass
class Upload:
    """A file that comes with a request."""

    name: str
    content: bytes
    description: str = ""


@dataclass
class Body:
    """A request's JSON with its files, by the number they are referred to by."""

    json: Json
    files: dict[int, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.json.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.json

    def at(self, name: str) -> Body:
        """Return a nested message with the files of the whole."""
        return Body(self.json.get(name) or {}, self.files)

    @property
    def new_files(self) -> list[Upload]:
        """The files, described as the `attachments` say."""
        described = {str(one.get("id")): one for one in self.get("attachments") or []}
        for number, one in self.files.items():
            said = described.get(str(number), {})
            one.description = said.get("description") or ""
            one.name = said.get("filename") or one.name
        return [self.files[number] for number in sorted(self.files)]

    @property
    def kept_files(self) -> set[str] | None:
        """Ids of the attachments that an edit keeps; None keeps all."""
        if self.get("attachments") is None:
            return None
        return {str(one["id"]) for one in self.get("attachments") if len(str(one["id"])) > 3}


def check_message(body: Body) -> None:
    """Raise what Discord answers to a message that breaks its limits."""
    form = Form()
    if body.get("flags", 0) & COMPONENTS_V2:
        form.wrong("flags", code="NOT_OFFERED", message="This Discord has no components v2.")
    form.longest(body.get("content"), CONTENT, "content")
    if len(str(body.get("nonce") or "")) > 25:
        form.wrong("nonce", code="NONCE_TYPE_TOO_LONG", message="Nonce must be 25 or fewer in length.")
    _check_embeds(form, body.get("embeds") or [], {one.name for one in body.files.values()})
    _check_components(form, body.get("components") or [])
    _check_files(form, body)
    form.check()
    if any(len(one.content) > FILE for one in body.files.values()):
        raise RefusedError(40005)


def check_not_empty(body: Body) -> None:
    if not (str(body.get("content") or "").strip() or body.get("embeds") or body.files):
        raise RefusedError(50006)


def _check_files(form: Form, body: Body) -> None:
    if len(body.files) > FILES:
        form.wrong("files", code="BASE_TYPE_MAX_LENGTH", message=f"Must be {FILES} or fewer in length.")
    for index, one in enumerate(body.get("attachments") or []):
        form.longest(one.get("description"), ALT_TEXT, "attachments", index, "description")


def _check_embeds(form: Form, embeds: list[Json], files: set[str]) -> None:
    if len(embeds) > EMBEDS:
        form.wrong("embeds", code="BASE_TYPE_MAX_LENGTH", message=f"Must be {EMBEDS} or fewer in length.")
    total = 0
    for index, one in enumerate(embeds):
        path = ("embeds", index)
        if not any(one.get(name) for name in ("title", "description", "fields", "footer", "author", "image")):
            form.required("", *path, "description")
        form.longest(one.get("title"), TITLE, *path, "title")
        form.longest(one.get("description"), DESCRIPTION, *path, "description")
        form.longest((one.get("footer") or {}).get("text"), FOOTER, *path, "footer", "text")
        form.longest((one.get("author") or {}).get("name"), AUTHOR, *path, "author", "name")
        fields = one.get("fields") or []
        if len(fields) > FIELDS:
            form.wrong(*path, "fields", code="BASE_TYPE_MAX_LENGTH", message=f"Must be {FIELDS} or fewer in length.")
        for place, each in enumerate(fields):
            for name, limit in (("name", FIELD_NAME), ("value", FIELD_VALUE)):
                if form.required(str(each.get(name) or "").strip(), *path, "fields", place, name):
                    form.longest(each[name], limit, *path, "fields", place, name)
        for address, where in _addresses(one):
            _check_address(form, address, files, *path, *where)
        total += sum(len(text.strip()) for text in embed_texts(one))
    if total > EMBED_TEXT:
        form.wrong("embeds", code="MAX_EMBED_SIZE_EXCEEDED", message=f"Embed size exceeds maximum size of {EMBED_TEXT}")


def _addresses(embed: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield embed.get("url") or "", ("url",)
    for name in ("image", "thumbnail"):
        yield (embed.get(name) or {}).get("url") or "", (name, "url")
    for name in ("author", "footer"):
        yield (embed.get(name) or {}).get("url") or "", (name, "url")
        yield (embed.get(name) or {}).get("icon_url") or "", (name, "icon_url")


def _check_address(form: Form, address: str, files: set[str], *path: str | int) -> None:
    scheme, _, rest = address.partition("://")
    if not address or (scheme in ("http", "https") and rest):
        return
    if scheme == "attachment" and rest in files:
        return
    message = f"Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https')."
    form.wrong(*path, code="URL_TYPE_INVALID_SCHEME", message=message)


def embed_texts(embed: Json) -> Iterator[str]:
    """Yield the texts of an embed that count."""
    yield str(embed.get("title") or "")
    yield str(embed.get("description") or "")
    yield str((embed.get("author") or {}).get("name") or "")
    for one in embed.get("fields") or []:
        yield str(one.get("name") or "")
        yield str(one.get("value") or "")
    yield str((embed.get("footer") or {}).get("text") or "")


def _check_components(form: Form, rows: list[Json]) -> None:
    if len(rows) > ROWS:
        form.wrong("components", code="BASE_TYPE_BAD_LENGTH", message=f"Must be between 1 and {ROWS} in length.")
    seen: set[str] = set()
    for index, row in enumerate(rows):
        path = ("components", index)
        if row.get("type") != ROW:
            form.wrong(*path, "type", code="BASE_TYPE_CHOICES", message="Value must be one of {1}.")
            continue
        children = row.get("components") or []
        if not 1 <= len(children) <= BUTTONS_A_ROW:
            message = f"Must be between 1 and {BUTTONS_A_ROW} in length."
            form.wrong(*path, "components", code="BASE_TYPE_BAD_LENGTH", message=message)
        for place, one in enumerate(children):
            _check_child(form, one, seen, *path, "components", place)


def _check_child(form: Form, one: Json, seen: set[str], *path: str | int) -> None:
    kind, custom_id = one.get("type"), one.get("custom_id")
    if kind not in (BUTTON, SELECT, 5, 6, 7, 8):
        form.wrong(*path, "type", code="BASE_TYPE_CHOICES", message="Value must be one of {2, 3, 5, 6, 7, 8}.")
        return
    if kind == BUTTON and one.get("style") == LINK:
        form.between(one.get("url") or "", 1, BUTTON_URL, *path, "url")
        if not re.match(r"(https?|discord)://", one.get("url") or ""):
            message = "Scheme is not supported. Scheme must be one of ('http', 'https', 'discord')."
            form.wrong(*path, "url", code="URL_TYPE_INVALID_SCHEME", message=message)
    elif form.required(custom_id, *path, "custom_id"):
        form.between(custom_id, 1, CUSTOM_ID, *path, "custom_id")
        if custom_id in seen:
            message = "Component custom id cannot be duplicated"
            form.wrong(*path, "custom_id", code="COMPONENT_CUSTOM_ID_DUPLICATED", message=message)
        seen.add(str(custom_id))
    if kind == BUTTON:
        form.longest(one.get("label"), LABEL, *path, "label")
        if not (one.get("label") or one.get("emoji")):
            message = "A button must have a label or emoji"
            form.wrong(*path, code="BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message=message)
        if one.get("style") not in (1, 2, 3, 4, LINK):
            form.wrong(*path, "style", code="BASE_TYPE_CHOICES", message="Value must be one of {1, 2, 3, 4, 5, 6}.")
    elif kind == SELECT:
        _check_options(form, one, *path)


def _check_options(form: Form, select: Json, *path: str | int) -> None:
    options = select.get("options") or []
    form.longest(select.get("placeholder"), PLACEHOLDER, *path, "placeholder")
    if not 1 <= len(options) <= OPTIONS:
        message = f"Must be between 1 and {OPTIONS} in length."
        form.wrong(*path, "options", code="BASE_TYPE_BAD_LENGTH", message=message)
    for index, option in enumerate(options):
        for name in ("label", "value"):
            form.between(option.get(name) or "", 1, OPTION, *path, "options", index, name)
        form.longest(option.get("description"), OPTION, *path, "options", index, "description")


def check_modal(data: Json) -> None:
    """Raise what Discord answers to a modal that breaks its limits."""
    form = Form()
    form.between(data.get("custom_id") or "", 1, CUSTOM_ID, "data", "custom_id")
    form.between(data.get("title") or "", 1, MODAL_TITLE, "data", "title")
    rows = data.get("components") or []
    if not 1 <= len(rows) <= ROWS:
        message = f"Must be between 1 and {ROWS} in length."
        form.wrong("data", "components", code="BASE_TYPE_BAD_LENGTH", message=message)
    for index, (label, one) in enumerate(modal_fields(rows)):
        path = ("data", "components", index)
        form.between(one.get("custom_id") or "", 1, CUSTOM_ID, *path, "custom_id")
        form.between(label, 1, INPUT_LABEL, *path, "label")
        form.longest(one.get("placeholder"), PLACEHOLDER if one["type"] == SELECT else 100, *path, "placeholder")
        form.longest(one.get("value"), INPUT_VALUE, *path, "value")
        if one["type"] == SELECT:
            _check_options(form, one, *path)
    form.check()


def modal_fields(rows: list[Json]) -> Iterator[tuple[str, Json]]:
    """Yield what can be filled in, with its label: in action rows as in labels."""
    for row in rows:
        if row["type"] == LABELLED:
            yield row.get("label") or "", row["component"]
        elif row["type"] == ROW:
            for one in row["components"]:
                yield one.get("label") or "", one


def buttons(rows: list[Json]) -> Iterator[Json]:
    """Yield what can be clicked or chosen from in a message."""
    for row in rows:
        yield from row.get("components") or []
