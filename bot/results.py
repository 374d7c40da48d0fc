"""What comes of a command as a message, by whichever platform's renderer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from bot.commands import Confirm, HelpText, Listing, Notice, Picture, Result
from ingest.documents import Document

M_co = TypeVar("M_co", covariant=True)


class Renders(Protocol[M_co]):
    """A platform's renderer, as far as results of commands go."""

    @property
    def COMMAND(self) -> str:  # noqa: N802 - a constant of the module
        """How commands begin here."""
        ...

    def notice(self, text: str) -> M_co: ...

    def help_message(self, command: str, mention: str) -> M_co: ...

    def documents(self, found: Sequence[Document], now: datetime) -> M_co: ...

    def confirm_forget(self, document: Document) -> M_co: ...


def written(result: Result, render: Renders[M_co], mention: str) -> M_co:
    """Return a result as a message; `mention` names the bot here.

    Raises:
        ValueError: it is a picture.
    """
    match result:
        case Listing(documents):
            return render.documents(documents, datetime.now(UTC))
        case Confirm(document):
            return render.confirm_forget(document)
        case HelpText():
            return render.help_message(render.COMMAND, mention)
        case Notice(text):
            return render.notice(text)
        case Picture():
            raise ValueError("a picture is sent, not written")
