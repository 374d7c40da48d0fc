"""Answers, pages and documents as a terminal shows them. Pure: returns text or rich's values, prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot import notices
from bot.answer import Answer, Citation
from bot.retrieval import RankedPage
from ingest.documents import Document

QUOTE_CHARACTERS = 300


def answer_view(answer: Answer, *, timings: bool = False) -> RenderableType:
    """The answer, its numbered sources with page and quote, and a quiet last line."""
    parts: list[RenderableType] = [Markdown(plain(answer.text))]
    if answer.citations:
        parts.append(Padding(Group(*(_citation(citation) for citation in answer.citations)), (1, 0, 0, 0)))
    if answer.nearest:
        parts.append(Padding(Group(*_nearest(answer)), (1, 0, 0, 0)))
    parts.append(Text(footer(answer, timings=timings), style="dim"))
    return Group(*parts)


def answer_text(answer: Answer, *, timings: bool = False) -> str:
    """The same without colours or boxes, for pipes and files."""
    lines = [plain(answer.text), ""]
    lines += [_citation(citation).plain for citation in answer.citations]
    lines += [line.plain for line in _nearest(answer)]
    lines.append(footer(answer, timings=timings))
    return "\n".join(lines)


def footer(answer: Answer, *, timings: bool) -> str:
    """Which model, how long, and why this model when it is not the first choice."""
    parts = [answer.model or "no model was asked", f"{answer.timings.total:.1f} s", answer.note]
    if timings:
        took = answer.timings
        parts += [f"retrieve {took.retrieve * 1000:.0f} ms", f"queue {took.queue * 1000:.0f} ms"]
        if took.first_token is not None:
            parts.append(f"first token {took.first_token * 1000:.0f} ms")
        if took.tokens_per_second is not None:
            parts.append(f"{took.tokens_per_second:.0f} tokens/s")
    return " · ".join(part for part in parts if part)


def plain(text: str) -> str:
    """Drop control characters: text from a PDF must not steer a terminal. What parts words still does."""
    kept = (one if one in "\n\t" or one.isprintable() else " " if one.isspace() else "" for one in text)
    return "".join(kept)


def place(document: Document, page: int, label: str) -> str:
    """`handbook.pdf, page iv (4 of 12)`: what is printed on the page, and where a viewer finds it."""
    return plain(notices.place(document, page, label))


def _citation(citation: Citation) -> Text:
    source = citation.source
    line = Text(f"[{citation.number}] ", style="bold")
    line.append(place(source.document, source.page, source.label), style="cyan")
    if source.by_ocr:
        line.append(" (read from a picture)", style="yellow")
    for quote in (citation.quote, *citation.more_quotes):
        line.append(f"\n    “{shorten(plain(quote))}”", style="italic")
    return line


def _nearest(answer: Answer) -> list[Text]:
    if not answer.nearest:
        return []
    lines = [Text(notices.nearest(answer), style="bold")]
    lines += [Text(f"  - {place(source.document, source.page, source.label)}") for source in answer.nearest]
    return lines


def shorten(text: str, limit: int = QUOTE_CHARACTERS) -> str:
    """Return `text` on one line, cut at a word when it is longer than `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"


def pages_table(pages: Iterable[RankedPage]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("score", "page", "text"):
        table.add_column(column, overflow="fold" if column == "text" else "ellipsis")
    for page in pages:
        where = place(page.document, page.page, page.label)
        table.add_row(f"{page.score:.2f}", Text(where, style="cyan"), Text(shorten(plain(page.text), 160)))
    return table


def documents_table(documents: Iterable[Document]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("document", "title", "pages", "without text", "indexed (UTC)"):
        table.add_column(column, overflow="fold")
    for document in documents:
        table.add_row(
            Text(plain(document.name), style="cyan"),
            Text(plain(document.title)),
            str(document.pages),
            page_ranges(document.pages_without_text) or "-",
            f"{document.indexed_at:%Y-%m-%d %H:%M}",
        )
    return table


def page_ranges(pages: Sequence[int]) -> str:
    """Return `1, 3–5, 9` for (1, 3, 4, 5, 9)."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)
