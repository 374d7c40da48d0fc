"""What people read that is not an answer: one function or constant a notice, the same words on every platform. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.answer import Answer, Outcome, Source
from bot.harmless import line
from bot.wording import IN_ENGLISH, wording
from ingest.documents import WORKSPACE_SCOPE, Document, IngestReport, IngestStatus, Progress, Stage

if TYPE_CHECKING:  # the database is not needed to word a sentence
    from bot.memory import StoredAnswer

AI_NOTICE = "Written by AI from your documents; check the pages."

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


# Answers.


def reading_first(names: Sequence[str]) -> str:
    """Say that an answer waits for files that came with the question."""
    return f"I read {', '.join(names)} first, then I answer."


LOOKING = "Looking through your documents…"

SOURCES = "Sources"

READ_BY_OCR = "read from a picture"

QUOTED = "Quoted word for word from your documents, without a language model."

THE_UPLOAD = "the upload"

SHOW_PAGE = "Show page"

SHARE = "Share in channel"

ASK_AGAIN = "Ask again"

SHARED_BY = "Asked by"

NOTHING_TO_SHARE = "That answer is no longer kept, so it cannot be shared. Please ask again."

CANNOT_WRITE = "You asked me something in a place where I may not write. Ask an admin to let me, or ask me here."

RESTARTED = "I was restarted while I wrote this answer. Please ask again."

TOO_LATE_HERE = "This took longer than Discord lets me answer for your eyes only in a channel, so here it is."

PAGE_GONE = "That page is not there any more, or you cannot read it."


def show_page(number: int, label: str) -> str:
    return f"[{number}] {SHOW_PAGE} {label}"


def footer(answer: Answer) -> str:
    """Say who wrote an answer and how long it took: `gemma2-9b-it · 1.4 s · Written by AI …`."""
    kind = {"": "", "extractive": QUOTED}.get(answer.model, AI_NOTICE)
    seconds = f"{answer.timings.total:.1f} s" if answer.timings.total else ""  # not kept of older ones
    parts = [answer.model, seconds, kind, answer.note]
    return " · ".join(part for part in parts if part)


def nearest(answer: Answer) -> str:
    """Introduce the pages that came closest."""
    words = wording(answer.language)
    return words.nearest if answer.outcome is Outcome.NOT_FOUND else words.partly_found


def page_of(source: Source) -> str:
    """Say which page a Source is, as it follows the document's name."""
    where = place(source.document, source.page, source.label).removeprefix(source.document.name)
    return f"{where} ({READ_BY_OCR})" if source.by_ocr else where


# Feedback.

GOOD = "Good answer"

BAD = "Bad answer"

WHAT_WAS_WRONG = "What was wrong?"

REASONS: Mapping[str, str] = {
    "wrong": "The answer is wrong",
    "source": "The page does not say that",
    "missing": "It is in the documents, but was not found",
    "other": "Something else",
}

REASON = "Pick one"

COMMENT = "What would have been right?"

SEND = "Send"

CANCEL = "Cancel"

THANKS = "Thank you, noted."


# Documents.


def no_such_document(name: str, known: Sequence[str]) -> str:
    """Say that there is no such document, with the names that come closest."""
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return f"I know no document named {name}.{hint}"


def several_documents(name: str, scopes: Sequence[str]) -> str:
    """Ask which of several documents of one name is meant."""
    return f"There is more than one {name}: in {', '.join(scopes)}. Say which one with its scope."


def reindexed(documents: int, failed: int, *, is_switched: bool) -> str:
    """Tell an operator what became of a rebuild."""
    if is_switched:
        rest = f"; {failed} could not be brought over and are gone" if failed else ""
        return f"The index is rebuilt and answers: {documents - failed} documents{rest}."
    return (
        f"{failed} documents could not be brought over, so the index stays as it was. `askdocs reindex --leave-out` "
        "goes on without them; add them again after that with `askdocs ingest`."
    )


def feedback_exported(exported: int, without_text: int, *, is_keeping: bool) -> str:
    """Tell an operator what of the answers marked as bad is in the file, and why the others are not."""
    if not exported and not without_text:
        return "Nobody has marked an answer as bad."
    said = f"{exported} of {exported + without_text} answers marked as bad are exported."
    if without_text:
        said += f" The text of the other {without_text} questions was not kept."
    if not is_keeping:
        said += " `memory.keep_questions` is off: set it to true in config.yaml to export questions asked from then on."
    return said


NO_DOCUMENTS = IN_ENGLISH.no_documents

DOCUMENTS = "Documents you can ask about"

YOUR_DOCUMENTS = "Your uploads"

BEING_INDEXED = "Being indexed"

FORGET = "Forget"


def pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"


def page_numbers(numbers: Sequence[int]) -> str:
    """Return numbers as people write them: `3, 5–7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def age(then: datetime, now: datetime) -> str:
    """Say how long ago something was, roughly: `just now`, `3 days ago`."""
    seconds = max(0.0, (now - then).total_seconds())
    for length, unit in (
        (86_400 * 365, "year"),
        (86_400 * 30, "month"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
    ):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def readers(scope: str) -> str:
    return "everybody here" if scope == WORKSPACE_SCOPE else "its channel only"


def document_facts(document: Document, now: datetime) -> str:
    """Describe a document in a line: `48 pages · added 3 days ago · its channel only`."""
    facts = [pages(document.pages), f"added {age(document.indexed_at, now)}", readers(document.scope)]
    if document.pages_without_text:
        facts.append(f"no text on {_page_or_pages(document.pages_without_text)}")
    return " · ".join(facts)


def more_documents(count: int) -> str:
    return f"… and {count:,} more."


def confirm_forget(name: str) -> str:
    return f"Forget {name}? Its text and the answers that quote it are deleted. The file itself stays where it is."


def forgotten(name: str) -> str:
    return f"{name} is forgotten."


def may_not_forget(name: str) -> str:
    return f"Only the person who added {name}, or an admin, can do that."


def scope_changed(name: str, scope: str) -> str:
    return f"{name} can now be read by {readers(scope)}."


# Uploads.

NO_PDF_IN_MESSAGE = "There is no PDF in that message."

NO_PDF_FILE = "That file is not a PDF."


def upload_received(name: str) -> str:
    return f"Received {name}. I will read it in a moment."


def upload_progress(name: str, progress: Progress) -> str:
    """Say how far a document is, in one line that takes the place of the line before."""
    match progress.stage:
        case Stage.RECEIVED:
            return upload_received(name)
        case Stage.READING:
            return f"Reading {name}: {progress.done:,} of {pages(progress.total)}."
        case Stage.OCR:
            return f"Reading the pictures in {name}: {progress.done:,} of {pages(progress.total)}."
        case Stage.EMBEDDING:
            return f"Indexing {name}: {_percent(progress)} done."
        case _:
            return f"Indexing {name}: almost there."


def upload_finished(report: IngestReport) -> str:
    """Say what became of an upload."""
    if report.status is IngestStatus.FAILED:
        return upload_failed(report.document, report.error or INTERNAL_ERROR)
    took = f"in {max(1, round(report.seconds))} s"
    words = {
        IngestStatus.INDEXED: f"{report.document} is ready {took}",
        IngestStatus.REPLACED: f"The new version of {report.document} is ready {took}",
        IngestStatus.UNCHANGED: f"I know {report.document} already",
    }
    parts = [f"{words[report.status]}: {pages(report.pages)}.", "Ask me about it."]
    if report.pages_by_ocr:
        parts.append(f"I read {_page_or_pages(report.pages_by_ocr)} from pictures, so look twice there.")
    if report.pages_without_text:
        parts.append(f"I found no text on {_page_or_pages(report.pages_without_text)}. {report.advice}".rstrip())
    return " ".join(parts)


def upload_failed(name: str, reason: str) -> str:
    return f"I could not index {name}. {reason}"


def _page_or_pages(numbers: Sequence[int]) -> str:
    return f"page{'' if len(numbers) == 1 else 's'} {page_numbers(numbers)}"


def _percent(progress: Progress) -> str:
    return f"{100 * progress.done // progress.total if progress.total else 0} %"


# Commands.

WATCHING = "I index every PDF that is posted here from now on."

NOT_WATCHING = "I no longer index what is posted here. What is indexed stays until it is forgotten."

ADMINS_ONLY = "Only an admin can do that."

NOT_IN_CHANNEL = "I am not in this channel. Invite me first."

CONTENT_HIDDEN = (
    "But I am not shown what people post: the message-content intent is off. Until an admin switches it on in the "
    "developer portal, use /askdocs upload, or “Index this PDF” in the menu of a message, under Apps."
)

WATCHED_ANYWAY = "I index every PDF that you send me here."

DOCUMENT_GONE = "That document is not there any more, or you cannot read it."

QUESTION_GONE = "That question is not there any more."

NOT_FOR_EVERYBODY = "That answer rests on documents that not everybody here may read, so it stays with you."

NO_ANSWER_YET = "I have not answered anything here yet."


def usage(command: str) -> str:
    return f"It goes like this: {command}"


MOST_NAMED = 30


def documents_there(there: Sequence[tuple[str, Sequence[Document]]]) -> str:
    """Say which documents can be asked about, with the name of each workspace where it has to be said."""
    documents = [document for _, of_one in there for document in of_one]
    if not documents:
        return NO_DOCUMENTS
    lists = [f"In {line(name, 100)}: {_named(of_one)}" if name else _named(of_one) for name, of_one in there if of_one]
    return "\n\n".join([_can_ask(len(documents), sum(document.pages for document in documents)), *lists])


def _named(documents: Sequence[Document]) -> str:
    names = ", ".join(document.name for document in documents[:MOST_NAMED])
    more = f" {more_documents(len(documents) - MOST_NAMED)}" if len(documents) > MOST_NAMED else ""
    return f"{names}{more}"


def _can_ask(documents: int, pages_in_all: int) -> str:
    return f"You can ask about {documents:,} document{'' if documents == 1 else 's'}, {pages(pages_in_all)} in all."


def status(documents: int, pages_in_all: int, indexing: Sequence[str], models: Sequence[str]) -> str:
    """Say what can be asked, what is on its way, and who answers."""
    lines = [_can_ask(documents, pages_in_all)]
    if indexing:
        lines.append(f"{BEING_INDEXED}: {', '.join(indexing[:10])}{' …' if len(indexing) > 10 else ''}")
    return "\n".join([*lines, *models])


def permissions_missing(names: Sequence[str]) -> str:
    return f"But I lack permissions here: {', '.join(names)}."


def help_text(command: str, mention: str, *, has_forms: bool = False) -> str:
    """Say how to use the bot. Markdown.

    Args:
        command: how commands begin.
        mention: how the bot is named in a message.
        has_forms: what belongs to a command is asked for in fields, as on Discord, and not typed behind it.
    """
    asking, adding = (text.format(command=command) for text in (_HELP_WITH_FORMS if has_forms else _HELP))
    lines = [f"**Ask**: {mention} with a question, or {asking}", adding, ""]
    for word, typed, what in _COMMANDS:
        lines.append(f"`{command} {word}{'' if has_forms else typed}` {what}")
    return "\n".join(lines)


_HELP = (
    "`{command} QUESTION` for an answer only you see.\nFollow-ups in the thread need no mention.",
    "**Add a PDF**: drop it into a watched channel, send it to me directly, mention me with it, or choose "
    "“Index this PDF” in the menu of a message.",
)
_HELP_WITH_FORMS = (
    "`{command} ask`; with `private` only you see the answer.\nReply to an answer to go on; in its thread just ask.",
    "**Add a PDF**: drop it into a watched channel, send it to me directly, mention me with it, use "
    "`{command} upload`, or choose *Apps → Index this PDF* in the menu of a message.",
)
_COMMANDS = (
    ("docs", "", "lists the documents you can ask about"),
    ("page", " NAME N", "shows a page of a document"),
    ("forget", " NAME", "forgets a document you added"),
    ("watch", "", "indexes every PDF of this channel"),
    ("unwatch", "", "stops that"),
    ("scope", " NAME workspace|channel", "says who may read a document"),
    ("status", "", "tells what is indexed, and what is under way"),
    ("why", "", "tells how the last answer here came about"),
)


def why(answer: StoredAnswer, names: Mapping[str, str]) -> str:
    """Tell how an answer came about; `names` are the documents that the reader may see. Plain lines."""
    seen = [f"  [{one.number}] {names[one.document_id]}, page {one.label}: {one.score:.2f}{', cited' * one.cited}"
            for one in answer.sources if one.document_id in names]  # fmt: skip
    removed = [f"  {one['reason']}: {one['sentence']}" for one in answer.removed]
    times = [f"{name.replace('_', ' ')} {value:.2f}" for name, value in answer.timings.items() if value is not None]
    lines = [
        f"Question {answer.question_id}: {answer.outcome.replace('_', ' ')}",
        f"Written by {answer.model or 'no model'}. {answer.note}".strip(),
        f"Searched: {_searched(answer.scopes)}",
        f"Seconds: {', '.join(times)}",
        "Pages found, with their scores:",
        *(seen or ["  none that you can read"]),
    ]
    return "\n".join([*lines, "Taken out, because the pages do not support it:", *removed] if removed else lines)


def _searched(scopes: Collection[str]) -> str:
    """Say what a question could read."""
    channels = len([scope for scope in scopes if scope != WORKSPACE_SCOPE])
    parts = ["what everybody here may read"] if WORKSPACE_SCOPE in scopes else []
    if channels:
        parts.append(f"what only {'one channel' if channels == 1 else f'{channels:,} channels'} may read")
    return ", and ".join(parts)
