"""What the buttons under messages say when clicked: short enough for every platform, understood after a restart.

Whether the person may do what a button offers is decided at the click, never by the button being there.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import notices
from bot.answer import Answer

NEAREST_SHOWN = 5
"""Pages that are offered where none answers."""

LONGEST_ID = 100
"""Discord's limit for what a button carries; Slack's is twenty times that."""


@dataclass(frozen=True, slots=True)
class ShowPage:
    """Show the page of citation `number` of an answer, with its quote highlighted."""

    question_id: str
    number: int


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Show a page that no answer cites."""

    document_id: str
    page: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Say whether an answer was good."""

    question_id: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask again what a message asked."""

    message: str
    """The platform's id of the message with the question."""


@dataclass(frozen=True, slots=True)
class Share:
    """Post an answer, which only its asker sees so far, for everybody in the channel."""

    question_id: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget a document; asked for with a first click, done with a second one."""

    document_id: str
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Put a question to confirm away."""


Button = ShowPage | OpenPage | Rate | AskAgain | Share | Forget | Cancel


def encode(button: Button) -> str:
    """Return what the platform keeps with the button."""
    parts = _parts(button)
    text = ":".join(parts)
    if len(text) > LONGEST_ID or any(":" in part for part in parts):
        raise ValueError(f"a button cannot carry {text!r}")
    return text


def _parts(button: Button) -> list[str]:
    match button:
        case ShowPage(question_id, number):
            parts = ["page", question_id, str(number)]
        case OpenPage(document_id, page):
            parts = ["open", document_id, str(page)]
        case Rate(question_id, is_good):
            parts = ["good" if is_good else "bad", question_id]
        case AskAgain(message):
            parts = ["again", message]
        case Share(question_id):
            parts = ["share", question_id]
        case Forget(document_id, is_confirmed):
            parts = ["forgetnow" if is_confirmed else "forget", document_id]
        case Cancel():
            parts = ["cancel"]
    return parts


def page_clicks(answer: Answer, question_id: str) -> list[tuple[int, str, Button]]:
    """Return number, label and click of the buttons that open an answer's pages: the cited ones, else the nearest."""
    found: list[tuple[int, str, Button]] = [
        (one.number, one.source.label, ShowPage(question_id, one.number)) for one in answer.citations
    ] or [
        (place, one.label, OpenPage(one.document.id, one.page))
        for place, one in enumerate(answer.nearest[:NEAREST_SHOWN], 1)
    ]
    return [(number, notices.show_page(number, label), click) for number, label, click in found]


def decode(text: str) -> Button | None:
    """Return what a button says; None for what is not ours or is garbled."""
    button: Button | None = None
    match text.split(":"):
        case ["page", question_id, number] if _is_number(number):
            button = ShowPage(question_id, int(number))
        case ["open", document_id, page] if _is_number(page):
            button = OpenPage(document_id, int(page))
        case ["good" | "bad" as rating, question_id]:
            button = Rate(question_id, rating == "good")
        case ["again", message]:
            button = AskAgain(message)
        case ["share", question_id]:
            button = Share(question_id)
        case ["forget" | "forgetnow" as kind, document_id]:
            button = Forget(document_id, kind == "forgetnow")
        case ["cancel"]:
            button = Cancel()
    return button


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
