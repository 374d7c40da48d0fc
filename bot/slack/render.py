"""Answers, notices, lists and views as Slack shows them. Pure: values in, messages out; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import notices
from bot.answer import Answer, Citation, Outcome, Source
from bot.buttons import NEAREST_SHOWN, AskAgain, Cancel, Forget, Rate, Share, encode, page_clicks
from bot.harmless import line
from bot.slack import blocks as slack
from bot.slack.blocks import Block
from bot.split import packed, split
from bot.wording import wording
from ingest.documents import Document

COMMAND = "/askdocs"

SHOW_PAGE = "show_page"
FEEDBACK = "feedback"
ASK_AGAIN = "ask_again"
SHARE = "share"
FORGET = "forget"
CANCEL = "cancel"
"""Action ids; those of a row of buttons carry a number, too: `show_page_1`."""

FEEDBACK_VIEW = "feedback"
"""Callback id of the modal behind a thumb that points down; what was rated is in its `private_metadata`."""
FEEDBACK_REASON = "reason"
FEEDBACK_COMMENT = "comment"
INDEX_SHORTCUT = "index_pdf"
"""Callback id of the message shortcut."""

TEXT = 10_000
"""A part of an answer's text. Slack takes 12,000, and counts the rest of the message, too."""
QUOTE = 300
NAME = 120
SOURCES_A_BLOCK = 10
BUTTONS_A_ROW = 20
DOCUMENTS_SHOWN = 40
OWN_SHOWN = 20
JOBS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message: what is shown, and `text`, which notifications and screen readers use instead."""

    text: str
    blocks: tuple[Block, ...]

    def arguments(self) -> Block:
        """Return it as the arguments of `chat.postMessage` and its like: no address is unfolded into a preview."""
        return {"text": self.text, "blocks": list(self.blocks), "unfurl_links": False, "unfurl_media": False}


def draft(text: str) -> str:
    """Return a growing, unverified draft as Markdown; a longer draft begins with what the shorter one gave."""
    return slack.markdown_text(text)


def draft_message(text: str) -> SlackMessage:
    """Return a draft as a message that is edited while it grows; of a long one, the part being written."""
    shown = _parts(draft(text)) or [notices.LOOKING]
    return SlackMessage(slack.escaped(text or notices.LOOKING), (slack.markdown(shown[-1]),))


def answer(answer: Answer, question_id: str, *, can_share: bool = False) -> tuple[SlackMessage, ...]:
    """Return a verified answer: its text, its sources with a button each, thumbs, and a quiet line about its making.

    The first message replaces what was shown of the draft; a long answer has more, for the same thread.
    """
    parts = _parts(slack.markdown_text(answer.text)) or [wording(answer.language).not_found]
    units = [[slack.markdown(part)] for part in parts]
    chunks = range(0, len(answer.citations), SOURCES_A_BLOCK)
    units += [[_sources(answer.citations[start : start + SOURCES_A_BLOCK])] for start in chunks]
    if answer.nearest and answer.outcome is not Outcome.ANSWERED:
        units.append([_nearest(notices.nearest(answer), answer.nearest[:NEAREST_SHOWN])])
    buttons = _page_buttons(answer, question_id)
    if can_share:
        buttons.append(slack.button(notices.SHARE, SHARE, Share(question_id)))
    rows = [slack.actions(buttons[at : at + BUTTONS_A_ROW]) for at in range(0, len(buttons), BUTTONS_A_ROW)]
    units += [[row] for row in rows]
    units.append([_thumbs(question_id), slack.quiet(notices.footer(answer))])
    return tuple(_message(blocks) for blocks in packed(units, _fits))


def shared(answered: Answer, question_id: str, person: str, question: str) -> tuple[SlackMessage, ...]:
    """Return an answer for everybody that only one person saw so far: who asked what stands above it."""
    asked = [
        slack.literal(f"{notices.SHARED_BY} "),
        {"type": "user", "user_id": person},
        slack.literal(f": {line(question, QUOTE)}"),
    ]
    first, *others = answer(answered, question_id)
    blocks = [slack.rich_text([slack.words(*asked)]), *first.blocks]
    if _fits(blocks):
        return SlackMessage(first.text, tuple(blocks)), *others
    return SlackMessage(notices.SHARED_BY, tuple(blocks[:1])), first, *others


def _parts(text: str) -> list[str]:
    """Cut an answer's text; shorter where it is full of what takes more room on the way, such as quotation marks."""
    limit = TEXT
    parts = split(text, limit)
    while any(slack.size([slack.markdown(part)]) > slack.MESSAGE_JSON for part in parts):
        limit //= 2
        parts = split(text, limit)
    return parts


def _fits(blocks: list[Block]) -> bool:
    text = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    return text <= slack.MARKDOWN and len(blocks) <= slack.MESSAGE_BLOCKS and slack.size(blocks) <= slack.MESSAGE_JSON


def _message(blocks: list[Block]) -> SlackMessage:
    text = "\n\n".join(block["text"] for block in blocks if block["type"] == "markdown")
    return SlackMessage(slack.escaped(text or notices.SOURCES), tuple(blocks))


def _sources(citations: Sequence[Citation]) -> Block:
    parts: list[Block] = []
    for citation in citations:
        parts.append(slack.words(slack.literal(f"[{citation.number}] ", bold=True), *_place(citation.source)))
        if quote := line(citation.quote, QUOTE):
            parts.append(slack.quote(quote))
    return slack.rich_text(parts)


def _nearest(heading: str, sources: Sequence[Source]) -> Block:
    items = [slack.words(*_place(source)) for source in sources]
    return slack.rich_text([slack.words(slack.literal(heading)), slack.bullets(items)])


def _place(source: Source) -> list[Block]:
    """Return `handbook.pdf, page iv (4 of 12)` with the name linked to the message that carries the file."""
    name = line(source.document.name, NAME)
    return [slack.link(name, source.document.link), slack.literal(line(notices.page_of(source), NAME))]


def _page_buttons(answer: Answer, question_id: str) -> list[Block]:
    clicks = page_clicks(answer, question_id)
    return [slack.button(label, f"{SHOW_PAGE}_{number}", click) for number, label, click in clicks]


def _thumbs(question_id: str) -> Block:
    def thumb(sign: str, label: str, *, is_good: bool) -> Block:
        text = {"type": "plain_text", "text": sign, "emoji": True}
        return {"text": text, "accessibility_label": label, "value": encode(Rate(question_id, is_good))}

    element = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": thumb("👍", notices.GOOD, is_good=True),
        "negative_button": thumb("👎", notices.BAD, is_good=False),
    }
    return {"type": "context_actions", "elements": [element]}


def notice(text: str) -> SlackMessage:
    """Return words of ours, in which names of files stay literal: progress, a place in the queue, a refusal."""
    return SlackMessage(slack.escaped(text), (slack.rich_text([slack.words(slack.literal(text))]),))


def failure(text: str, again: AskAgain | None = None) -> SlackMessage:
    """Return what went wrong in a sentence, with a button that tries once more where that makes sense."""
    message = notice(text)
    if again is None:
        return message
    buttons = slack.actions([slack.button(notices.ASK_AGAIN, ASK_AGAIN, again)])
    return SlackMessage(message.text, (*message.blocks, buttons))


def help_message(command: str, mention: str) -> SlackMessage:
    text = notices.help_text(command, mention)
    return SlackMessage(slack.escaped(text), (slack.markdown(text),))


def confirm_forget(document: Document) -> SlackMessage:
    """Ask once more before a document is forgotten."""
    message = notice(notices.confirm_forget(line(document.name, NAME)))
    buttons = [
        slack.button(notices.FORGET, FORGET, Forget(document.id, is_confirmed=True), style="danger"),
        slack.button(notices.CANCEL, CANCEL, Cancel()),
    ]
    return SlackMessage(message.text, (*message.blocks, slack.actions(buttons)))


def page_picture(place: str, file_id: str) -> SlackMessage:
    """Show an uploaded picture of a page where only one person sees it: files themselves are never ephemeral."""
    text = line(place, slack.ALT_TEXT)
    image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": text, "title": slack.plain(place, NAME)}
    return SlackMessage(slack.escaped(text), (image,))


def documents(found: Sequence[Document], now: datetime) -> SlackMessage:
    """List documents with pages and age."""
    if not found:
        return notice(notices.NO_DOCUMENTS)
    items = [_document_line(one, now) for one in found[:DOCUMENTS_SHOWN]]
    while slack.size(items) > slack.MESSAGE_JSON - 1_000:
        items.pop()
    parts = [slack.words(slack.literal(notices.DOCUMENTS, bold=True)), slack.bullets(items)]
    if len(found) > len(items):
        parts.append(slack.words(slack.literal(notices.more_documents(len(found) - len(items)))))
    names = ", ".join(line(one.name, NAME) for one in found[: len(items)])
    return SlackMessage(slack.escaped(f"{notices.DOCUMENTS}: {names}"), (slack.rich_text(parts),))


def _document_line(document: Document, now: datetime) -> Block:
    facts = slack.literal(f"  {line(notices.document_facts(document, now), NAME)}")
    return slack.words(slack.link(line(document.name, NAME), document.link), facts)


def home(
    found: Sequence[Document], own: Iterable[str], indexing: Sequence[str], now: datetime, *, command: str, mention: str
) -> Block:
    """Return the App Home: how to ask, what is being indexed, what can be asked; `own` can be forgotten here."""
    body = [slack.header("AskDocs"), slack.section(_unformatted(notices.help_text(command, mention)))]
    if indexing:
        lines = [slack.words(slack.literal(line(one, NAME))) for one in indexing[:JOBS_SHOWN]]
        body += [slack.header(notices.BEING_INDEXED), slack.rich_text([slack.bullets(lines)])]
    ids = set(own)
    mine = [document for document in found if document.id in ids][:OWN_SHOWN]
    if mine:
        body.append(slack.header(notices.YOUR_DOCUMENTS))
    for document in mine:
        body += [slack.rich_text([_document_line(document, now)]), slack.actions([_forget_button(document)])]
    others = [document for document in found if document not in mine]
    if others or not mine:
        body += documents(others, now).blocks
    return {"type": "home", "blocks": body}


def _forget_button(document: Document) -> Block:
    question = notices.confirm_forget(line(document.name, 120))
    click = Forget(document.id, is_confirmed=True)
    return slack.button(notices.FORGET, FORGET, click, style="danger", confirm=question)


def _unformatted(text: str) -> str:
    return text.replace("**", "").replace("`", "")


def feedback_modal(question_id: str) -> Block:
    """Ask what was wrong with an answer."""
    reasons = [
        {"text": slack.plain(label, slack.BUTTON_LABEL), "value": value} for value, label in notices.REASONS.items()
    ]
    reason = {"type": "radio_buttons", "action_id": FEEDBACK_REASON, "options": reasons, "initial_option": reasons[0]}
    comment = {"type": "plain_text_input", "action_id": FEEDBACK_COMMENT, "multiline": True, "max_length": 2_000}
    return {
        "type": "modal",
        "callback_id": FEEDBACK_VIEW,
        "private_metadata": encode(Rate(question_id, is_good=False)),
        "title": slack.plain(notices.WHAT_WAS_WRONG, 24),
        "submit": slack.plain(notices.SEND, 24),
        "close": slack.plain(notices.CANCEL, 24),
        "blocks": [
            _input(FEEDBACK_REASON, notices.REASON, reason),
            _input(FEEDBACK_COMMENT, notices.COMMENT, comment, optional=True),
        ],
    }


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": slack.plain(label, slack.HEADER),
        "element": element,
        "optional": optional,
    }
