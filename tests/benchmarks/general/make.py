"""Writes the general evaluation set: `python -m tests.benchmarks.general.make OUT`; the same bytes each time."""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fpdf import FPDF

from tests.benchmarks.general.documents import documents
from tests.benchmarks.general.kinds import KINDS, NEAR_MISSES, Asked
from tests.benchmarks.general.questions import LOOKUP
from tests.benchmarks.general.refusals import GENERAL


def sections(text: str) -> list[tuple[str, str]]:
    """The (heading, body) pairs of a document's text."""
    parts = text.strip().removeprefix("## ").split("\n## ")
    return [(head.strip(), body.strip()) for head, _, body in (part.partition("\n") for part in parts)]


class Booklet(FPDF):
    """A5 pages with a running header and a page number."""

    def __init__(self, title: str) -> None:
        super().__init__(format=(148, 210))  # A5
        self.running = title
        self.set_creation_date(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))
        self.set_title(title)
        self.set_auto_page_break(auto=True, margin=18)

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_font("helvetica", "I", 8)
            self.cell(0, 6, self.running, new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("helvetica", "", 8)
        self.cell(0, 6, str(self.page_no()), align="C")


def write(path: Path, title: str, parts: list[tuple[str, str]]) -> dict[str, int]:
    """Writes one PDF; returns the physical page of each heading."""
    pdf = Booklet(title)
    pdf.add_page()
    pdf.set_font("helvetica", "B", 20)
    pdf.ln(40)
    pdf.multi_cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
    first = 3
    pages = {head: first + i for i, (head, _) in enumerate(parts)}
    pdf.add_page()
    pdf.set_font("helvetica", "B", 14)
    pdf.cell(0, 10, "Contents", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", "", 10)
    for head, number in pages.items():
        pdf.cell(0, 7, f"{head} {'.' * 30} {number}", new_x="LMARGIN", new_y="NEXT")
    for head, body in parts:
        pdf.add_page()
        assert pdf.page_no() == pages[head], (path, head)
        pdf.set_font("helvetica", "B", 14)
        pdf.multi_cell(0, 9, head, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", "", 10.5)
        for paragraph in body.split("\n"):
            pdf.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return pages


def asked() -> Iterator[tuple[str, Asked]]:
    """All questions that the documents answer, each with its kind."""
    for question, file, head, answer in LOOKUP:
        yield "lookup", Asked(question, ((file, head),), answer)
    for kind, questions in KINDS.items():
        for one in questions:
            yield kind, one


def record(number: int, kind: str, one: Asked, pages: dict[str, dict[str, int]]) -> dict[str, object]:
    """A line of the file of questions."""
    places = [{"document": file, "pages": [pages[file][head]]} for file, head in one.where]
    where = places[0] if len(places) == 1 else {"evidence": places}
    turns = [{"question": question, "answer": answer} for question, answer in one.turns]
    row = {"id": f"general-{number:03}", "question": one.question, **where, "answer": one.answer, "kind": kind}
    return {**row, "turns": turns} if turns else row


def main(out: Path) -> None:
    (out / "pdfs").mkdir(parents=True, exist_ok=True)
    pages: dict[str, dict[str, int]] = {}
    for file, title, text, values in documents():
        parts = [(head.format(**values), body.format(**values)) for head, body in sections(text)]
        pages[file] = write(out / "pdfs" / file, title, parts)
    questions = [record(number, kind, one, pages) for number, (kind, one) in enumerate(asked())]
    unanswerable = [
        {"id": f"general-none-{number:02}", "question": question, "kind": kind}
        for number, (kind, question) in enumerate(
            [*(("near miss", one) for one in NEAR_MISSES), *((kind, one) for kind in GENERAL for one in GENERAL[kind])]
        )
    ]
    lines(out / "questions.jsonl", questions)
    lines(out / "unanswerable.jsonl", unanswerable)
    lines(out / "all.jsonl", [*questions, *unanswerable])


def lines(path: Path, records: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
