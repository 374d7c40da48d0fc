"""Writes the general evaluation set: `python -m tests.benchmarks.general.make OUT`; the same bytes each time."""

import datetime
import json
import sys
from pathlib import Path

from fpdf import FPDF

from tests.benchmarks.general.documents import documents
from tests.benchmarks.general.questions import QUESTIONS, UNANSWERABLE


def sections(text: str) -> list[tuple[str, str]]:
    """The (heading, body) pairs of a document's text."""
    parts = text.strip().removeprefix("## ").split("\n## ")
    return [(head.strip(), body.strip()) for head, _, body in (part.partition("\n") for part in parts)]


class Booklet(FPDF):
    """A5 pages with a running header and a page number."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A5")
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


def main(out: Path) -> None:
    (out / "pdfs").mkdir(parents=True, exist_ok=True)
    pages: dict[str, dict[str, int]] = {}
    for file, title, text, values in documents():
        parts = [(head.format(**values), body.format(**values)) for head, body in sections(text)]
        pages[file] = write(out / "pdfs" / file, title, parts)
    with (out / "questions.jsonl").open("w") as stream:
        for number, (question, file, head) in enumerate(QUESTIONS):
            row = {"id": f"general-{number:03}", "question": question, "document": file, "pages": [pages[file][head]]}
            stream.write(json.dumps(row) + "\n")
    with (out / "unanswerable.jsonl").open("w") as stream:
        for number, question in enumerate(UNANSWERABLE):
            stream.write(json.dumps({"id": f"general-none-{number:02}", "question": question}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
