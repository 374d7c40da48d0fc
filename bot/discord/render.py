"""Answers, notices and lists as Discord shows them. Pure: values in, messages out; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import notices
from bot.answer import Answer, Citation, Outcome, Source
from bot.buttons import NEAREST_SHOWN, AskAgain, Cancel, Forget, Rate, Share, encode, page_clicks
from bot.discord import pieces as discord
from bot.discord.pieces import Choice, Clickable, DiscordMessage, Embed, Modal, Piece, Style
from bot.harmless import cut, line
from bot.split import packed, split
from bot.wording import wording
from ingest.documents import Document

COMMAND = "/askdocs"
INDEX_MENU = "Index this PDF"
"""Name of the message's context menu."""
PAGE_FILE = "page.png"

QUOTE = 300
NAME = 120
FACTS = 120
FOOTER = 300
DOCUMENTS_SHOWN = 40
COMMENT = 2_000


def draft_message(text: str) -> DiscordMessage:
    """Return an unverified draft as a message that is edited while it grows; of a long one, the part being written."""
    parts = split(discord.markdown_text(text), discord.CONTENT)
    return DiscordMessage(parts[-1] if parts else notices.LOOKING)


def answer(answer: Answer, question_id: str, *, can_share: bool = False) -> tuple[DiscordMessage, ...]:
    """Return a verified answer: its text, its sources, a button for each page, thumbs, and a quiet line at the end.

    The first message replaces what was shown of the draft; a long answer has more, for the same place.
    """
    embeds = discord.boxes((_source(one) for one in answer.citations), notices.SOURCES)
    if answer.nearest and answer.outcome is not Outcome.ANSWERED:
        lines = (f"- {_place(one)}" for one in answer.nearest[:NEAREST_SHOWN])
        embeds += discord.boxes(lines, notices.nearest(answer))
    footer = line(notices.footer(answer), FOOTER)
    if embeds:
        embeds[-1] = replace(embeds[-1], footer=footer)
    texts = _texts(answer, "" if embeds else discord.subtext(discord.escaped_line(footer, FOOTER)))
    rows = _buttons(answer, question_id, can_share=can_share)
    pieces: list[Piece] = [*texts, *embeds, *rows]
    packs = packed([[one] for one in pieces], discord.fits)
    return tuple(discord.message(pack, notices.SOURCES) for pack in packs)


def shared(answer_: Answer, question_id: str, asker: str, question: str) -> tuple[DiscordMessage, ...]:
    """Return an answer for everybody, under who asked it and what."""
    asked = discord.subtext(f"{notices.SHARED_BY} <@{asker}>: {discord.escaped_line(question, QUOTE)}")
    return (DiscordMessage(asked), *answer(answer_, question_id))


def _texts(answer: Answer, last_line: str) -> list[str]:
    """Cut an answer's text, with room for the line that follows it."""
    room = len(last_line) + 1 if last_line else 0
    parts = split(discord.markdown_text(answer.text), discord.CONTENT - room) or [wording(answer.language).not_found]
    return [*parts[:-1], f"{parts[-1]}\n{last_line}"] if last_line else parts


def _source(citation: Citation) -> str:
    quote = discord.escaped_line(citation.quote, QUOTE)
    return f"**[{citation.number}]** {_place(citation.source)}" + (f"\n> {quote}" if quote else "")


def _place(source: Source) -> str:
    """Return `handbook.pdf, page iv (4 of 12) · the upload`, the last linked to the message that carries the file."""
    name = discord.escaped_line(source.document.name, NAME)
    rest = discord.escaped_line(notices.page_of(source), NAME)
    jump = discord.link(notices.THE_UPLOAD, source.document.link)
    return f"{name}{rest}" + (f" · {jump}" if jump else "")


def _buttons(answer: Answer, question_id: str, *, can_share: bool) -> list[tuple[Clickable, ...]]:
    pages = [discord.button(label, click) for _, label, click in page_clicks(answer, question_id)]
    rating = [
        discord.button("", Rate(question_id, is_good=True), emoji="👍"),
        discord.button("", Rate(question_id, is_good=False), emoji="👎"),
    ]
    sharing = [discord.button(notices.SHARE, Share(question_id), Style.PRIMARY)] if can_share else []
    return [*discord.rows(pages), *discord.rows([*rating, *sharing])]


def notice(text: str) -> DiscordMessage:
    """Return words of ours, in which names of files stay literal: progress, a place in the queue, a refusal."""
    return DiscordMessage(discord.escaped(text.strip(), discord.CONTENT) or "…")


def notice_in_full(text: str) -> tuple[DiscordMessage, ...]:
    """Return words of ours, however long: why an answer came about."""
    return tuple(notice(part) for part in split(text, discord.CONTENT // 2))


def failure(text: str, again: AskAgain | None = None) -> DiscordMessage:
    """Return what went wrong in a sentence, with a button that tries once more where that makes sense."""
    buttons = [discord.button(notices.ASK_AGAIN, again, Style.PRIMARY)] if again else []
    return replace(notice(text), rows=tuple(discord.rows(buttons)))


def help_message(command: str, mention: str) -> DiscordMessage:
    return DiscordMessage(cut(notices.help_text(command, mention, has_forms=True), discord.CONTENT))


def confirm_forget(document: Document) -> DiscordMessage:
    """Ask once more before a document is forgotten."""
    message = notice(notices.confirm_forget(line(document.name, NAME)))
    buttons = [
        discord.button(notices.FORGET, Forget(document.id, is_confirmed=True), Style.DANGER),
        discord.button(notices.CANCEL, Cancel()),
    ]
    return replace(message, rows=tuple(discord.rows(buttons)))


def page_picture(place: str) -> DiscordMessage:
    """Return the words over the picture of a page, which is sent along as PAGE_FILE."""
    return DiscordMessage(discord.escaped_line(place, NAME) or "…")


def alt_text(place: str) -> str:
    return line(place, discord.ALT_TEXT)


def documents(found: Sequence[Document], now: datetime) -> DiscordMessage:
    """List documents with pages and age, in one embed."""
    if not found:
        return notice(notices.NO_DOCUMENTS)
    lines = [_document_line(one, now) for one in found[:DOCUMENTS_SHOWN]]
    more = len(notices.more_documents(len(found))) + 1
    while len("\n".join(lines)) + more > discord.EMBED:
        lines.pop()
    if len(found) > len(lines):
        lines.append(notices.more_documents(len(found) - len(lines)))
    return DiscordMessage(embeds=(Embed("\n".join(lines), notices.DOCUMENTS),))


def _document_line(document: Document, now: datetime) -> str:
    name = discord.escaped_line(document.name, NAME)
    facts = discord.escaped_line(notices.document_facts(document, now), FACTS)
    jump = discord.link(notices.THE_UPLOAD, document.link)
    return f"- **{name}** {facts}" + (f" · {jump}" if jump else "")


def suggestions(found: Sequence[Document], readers: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return documents as an autocomplete offers them: their names, with their ids behind them.

    Those of one name are told apart by who may read them: `readers`, by document.
    """
    names = Counter(one.name for one in found)

    def label(one: Document) -> str:
        place = f" · {line(readers[one.id], discord.CHOICE // 2)}" if names[one.name] > 1 else ""
        return line(one.name, discord.CHOICE - len(place)) + place

    return tuple(Choice(label(one) or "…", one.id) for one in found[: discord.CHOICES])


def thread_name(question: str) -> str:
    """Name a thread after the question that opens it."""
    return line(question, discord.THREAD_NAME) or notices.SOURCES


def feedback_modal(question_id: str) -> Modal:
    """Ask what was wrong with an answer."""
    reasons = tuple(Choice(line(label, discord.CHOICE), value) for value, label in notices.REASONS.items())
    return Modal(
        line(notices.WHAT_WAS_WRONG, discord.MODAL_TITLE),
        encode(Rate(question_id, is_good=False)),
        line(notices.REASON, discord.INPUT_LABEL),
        reasons,
        line(notices.COMMENT, discord.INPUT_LABEL),
        COMMENT,
    )
