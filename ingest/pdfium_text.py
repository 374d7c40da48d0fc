"""The text of one page as PDFium gives it, and whether it says anything; lines are made of it in `pdfium_lines.py`.

Runs in worker processes, on a page that `pdfium.py` opened.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_GARBAGE = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""What comes out for glyphs whose character the file does not tell."""


def text_of(textpage: PdfTextPage) -> str:
    """Return a page's text; at its ends pypdfium2 calls itself once for each glyph that stands for no character."""
    from pypdfium2 import raw

    count = textpage.count_chars()

    def is_character(index: int) -> bool:
        return bool(raw.FPDFText_GetTextIndexFromCharIndex(textpage, index) >= 0)

    first = next(filter(is_character, range(count)), None)
    if first is None:
        return ""
    last = next(filter(is_character, range(count - 1, -1, -1)))
    text: str = textpage.get_text_range(first, last - first + 1)
    return text


def is_garbage(text: str, textpage: PdfTextPage) -> bool:
    """Whether the characters say nothing: glyphs drawn without telling which letters they are."""
    from pypdfium2 import raw

    letters = len(text) - text.count(" ") - 2 * text.count("\r\n")
    if len(_GARBAGE.findall(text)) > 0.3 * letters:
        return True
    sample = range(0, len(text), max(1, len(text) // 40))
    unmapped = sum(raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 for index in sample)
    return unmapped > len(sample) / 2 and not _looks_like_words(text)


class FontLostError(Exception):
    """No glyph of the page can be told from its code any more: neither its text nor its picture says anything."""


def has_lost_font(text: str, textpage: PdfTextPage) -> bool:
    """Whether a font of two bytes is lost: its codes are told byte by byte, a zero first, and are no letters.

    Text that was merely written with two bytes a letter is no such text.
    """
    from pypdfium2 import raw

    count = textpage.count_chars()
    if count - len(text.encode("utf-16-le")) // 2 <= count / 10:  # few signs that stand for nothing
        return False
    codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    pairs = ((high, low) for high, low in itertools.pairwise(codes) if low < 256)
    halves = [low for high, low in pairs if high == 0 and low not in b"\0\r\n "]
    return len(halves) > count / 10 and not _has_common_letters("".join(map(chr, halves)))


def _has_common_letters(text: str) -> bool:
    """Whether most letters are among the most common ones of languages in Latin script: two of three usually are."""
    letters = re.findall(r"[^\W\d_]", text.casefold())
    return sum(letter in "etaoinsrh" for letter in letters) >= len(letters) / 2


def _looks_like_words(text: str) -> bool:
    """Whether unmapped glyph codes happen to be the letters themselves, as in many old fonts."""
    letters = re.findall(r"[^\W\d_]", text)
    vowels = sum(letter in "aeiouyAEIOUY" for letter in letters)
    return len(letters) > 0.6 * len(text.split()) and 0.25 < vowels / max(1, len(letters)) < 0.6
