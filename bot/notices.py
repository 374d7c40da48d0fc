"""What people read that is not an answer: one function or constant a notice, the same words on every platform. Pure."""

from __future__ import annotations

from ingest.documents import Document

AI_NOTICE = "Written by AI from your documents; check the pages."

NOT_FOUND = "I could not find that in your documents."

INTERNAL_ERROR = "Something went wrong on my side, and the log has the details. Please ask again."


def with_id(notice: str, identifier: str) -> str:
    """Add the id under which the log has the rest."""
    return f"{notice} (id {identifier})"


def place(document: Document, page: int, label: str) -> str:
    """`handbook.pdf, page iv (4 of 12)`, or `handbook.pdf, page 4 of 12` where 4 is what is printed, too."""
    if label == str(page):
        return f"{document.name}, page {page} of {document.pages}"
    return f"{document.name}, page {label} ({page} of {document.pages})"


def waiting(position: int, seconds: float) -> str:
    """Tell an asker their place in the queue, and about how long it takes."""
    about = "a few seconds" if seconds < 10 else f"about {seconds:.0f} seconds"
    if position <= 1:
        return f"You are next: the model's allowance is free again in {about}."
    return f"You are number {position} in the queue, {about} to go."
