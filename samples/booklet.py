"""How the sample PDFs look: an A4 booklet with a cover, roman front matter, running headers and an outline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.outline import OutlineSection

WRITTEN = datetime(2026, 1, 5, tzinfo=UTC)
GREEN = (28, 84, 72)
GREY = (110, 110, 110)


class Booklet(FPDF):
    """Collects chapters; `front_pages` of them come before the page that is labelled 1."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.front_pages = 0
        self.set_title(title)
        self.set_author("Brightwater Tea")
        self.set_creation_date(WRITTEN)
        self.set_margins(25, 25)
        self.set_auto_page_break(auto=True, margin=25)
        self.set_font("Helvetica", size=11)

    def header(self) -> None:
        if self.page_no() > 1:
            self._furniture(12, self.title, "R")
            self.set_y(25)

    def footer(self) -> None:
        if self.page_no() > 1:
            self._furniture(-17, self.get_page_label(), "C")

    def _furniture(self, y: float, text: str, align: str) -> None:
        self.set_y(y)
        self.set_font("Helvetica", size=8)
        self.set_text_color(*GREY)
        self.cell(0, 5, text, align=align)
        self.set_text_color(0)

    def _line(self, text: str, size: float, style: str = "", height: float = 6.0, align: str = "L") -> None:
        self.set_font("Helvetica", style, size)
        self.multi_cell(0, height, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def cover(self, title: str, subtitle: str) -> None:
        self.add_page(label_style="r", label_start=1)
        self.front_pages = 1
        self.set_y(90)
        self.set_text_color(*GREEN)
        self._line(title, 28, "B", 13, "C")
        self.ln(6)
        self.set_text_color(*GREY)
        self._line(subtitle, 14, "", 8, "C")
        self.set_text_color(0)

    def front_page(self, title: str, paragraphs: Sequence[str]) -> None:
        self.add_page()
        self.front_pages += 1
        self._line(title, 18, "B", 10)
        self.ln(3)
        for paragraph in paragraphs:
            self.paragraph(paragraph)

    def contents_page(self) -> None:
        self.add_page()
        self.front_pages += 1
        self.insert_toc_placeholder(_contents, pages=1)

    def chapter(self, title: str) -> None:
        if self.page_no() > self.front_pages and not self._outline:  # the contents left us on a fresh page
            self.set_page_label(label_style="D", label_start=1)
        elif self.page_no() == self.front_pages:
            self.add_page(label_style="D", label_start=1)
        else:
            self.add_page()
        self.start_section(title, level=0)
        self.set_text_color(*GREEN)
        self._line(title, 18, "B", 10)
        self.set_text_color(0)
        self.ln(3)

    def section(self, title: str) -> None:
        self.ln(3)
        self.start_section(title, level=1)
        self._line(title, 12.5, "B", 7)
        self.ln(1)

    def paragraph(self, text: str) -> None:
        self._line(text, 11, "", 5.8)
        self.ln(2.2)

    def bullets(self, *items: str) -> None:
        for item in items:
            self.set_x(self.l_margin + 4)
            self._line(f"-  {item}", 11, "", 5.8)
            self.ln(0.8)
        self.ln(1.5)

    def grid(self, widths: Sequence[int], *rows: Sequence[str]) -> None:
        self.set_font("Helvetica", size=10)
        self.set_draw_color(*GREY)
        with self.table(
            col_widths=tuple(widths),
            cell_fill_color=(236, 242, 240),
            cell_fill_mode=TableCellFillMode.ROWS,
            line_height=6.2,
        ) as table:
            for row in rows:
                table.row(row)
        self.ln(4)


def _contents(pdf: Booklet, outline: Sequence[OutlineSection]) -> None:
    pdf.set_x(pdf.l_margin)
    pdf._line("Contents", 18, "B", 10)
    pdf.ln(3)
    pdf.set_font("Helvetica", size=11)
    for entry in (entry for entry in outline if entry.level == 0):
        label = str(entry.page_number - pdf.front_pages)
        room = 150 - pdf.get_string_width(entry.name) - pdf.get_string_width(label)
        pdf._line(f"{entry.name} {'.' * int(room / pdf.get_string_width('.'))} {label}", 11, "", 7)
