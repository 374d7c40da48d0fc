"""Rules of comparing texts: what disappears, what stays, and that a quote is found where it was cut."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Span
from ingest.normalise import find, normalise, normalise_with_offsets

ODD = (
    "\u00ad\u2010\u2011\u2013\u2014\u2212\u00a0\u2009\u200b\u200d\ufeff\ufffe\u0002\x00\r\n\t-'\u2019\u201c\ufb01\ufb03"
    "é\u0301\u0308ßİſΣς½²①™ﷺ日本語がか\u3099한ᄒ\u1161\u11abשלוםﻻ\uf0b7\ue001\ud800𝐀👍🏽 ab 12"
)
texts = st.text() | st.text(alphabet=ODD, max_size=40) | st.text(alphabet="ab-. \r\n\u00ad\ufffe1é\u0301", max_size=30)

CHANGES = {
    "ligatures": ("e\ufb03cient \ufb01re", "efficient fire"),
    "soft hyphen": ("in\u00adfor\u00adma\u00adtion", "information"),
    "hyphen at the end of a line": ("the founda-\r\ntion holds", "the foundation holds"),
    "hyphen mark of pdfium": ("the founda\ufffetion holds", "the foundation holds"),
    "old hyphen mark of pdfium": ("the founda\u0002tion holds", "the foundation holds"),
    "hyphen before a capital": ("Anglo-\nSaxon", "Anglo-Saxon"),
    "hyphen before digits": ("COVID-\n19", "COVID- 19"),
    "dash at the end of a line": ("the board—\nor so", "the board- or so"),
    "dashes": ("2019–2020, −5 ‑ ―", "2019-2020, -5 - -"),
    "quotation marks": ("“so” ‘it’s’ «oui»", '"so" \'it\'s\' "oui"'),
    "spaces": (" a\u00a0\u2009b\r\n\r\n c\t", "a b c"),
    "dots that lead to a figure": ("Total assets ...... 5,804\nCash. . . . . . 12", "Total assets 5,804 Cash 12"),
    "three dots": ("and so on... and on", "and so on... and on"),
    "zero width": ("a\u200bb\u2060c\ufeff", "abc"),
    "accents apart": ("Cafe\u0301", "Café"),
    "accents over a zero-width character": ("Cafe\u200b\u0301", "Café"),
    "full width": ("ＡＢＣ１２３", "ABC123"),
    "mathematical letters": ("𝐀𝐛", "Ab"),
    "bullets of symbol fonts": ("\uf0b7 Item", "• Item"),
    "private use": ("a\ue001b", "ab"),
    "lone surrogate": ("a\ud800b", "ab"),
    "control characters": ("a\x00b\x04c\x7f", "abc"),
    "hangul in parts": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    "arabic presentation forms": ("ﺳﻼم", "سلام"),
    "line break in chinese": ("日本\n語の", "日本語の"),
    "kangxi radicals": ("\u2f47\u672c", "日本"),
    "ellipsis": ("and so on…", "and so on..."),
}

KEPT = {
    "case": "Dr. ÉMILE",
    "superscripts": "10² and revenue¹",
    "fractions": "3½ years",
    "accents": "Übergröße naïve Łódź",
    "hebrew": "שלום עולם",
    "arabic": "مرحبا بالعالم",
    "devanagari": "नमस्ते दुनिया",
    "thai": "สวัสดีชาวโลก",
    "chinese": "你好，世界".replace("，", "、"),
    "emoji": "done 👍",
    "hyphen in a word": "well-known non-GAAP",
    "space before a hyphen": "a - b",
}


@pytest.mark.parametrize(("text", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_variants_become_plain(text, expected):
    """Typographic variants, line breaks and hyphenation disappear."""
    assert expected == normalise(text)


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_meaning_stays(text):
    """What means something else is not made the same."""
    assert text == normalise(text)


@given(texts)
def test_normalising_again_changes_nothing(text):
    """Normalising is idempotent."""
    once = normalise(text)

    assert once == normalise(once)


@given(texts)
def test_offsets_agree_with_text(text):
    """With offsets comes the same text; each character's place is in the original, and places never go back."""
    normalised = normalise_with_offsets(text)

    assert normalise(text) == normalised.text
    assert len(normalised.text) == len(normalised.offsets) == len(normalised.ends)
    assert sorted(normalised.offsets) == list(normalised.offsets)
    assert sorted(normalised.ends) == list(normalised.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normalised.offsets, normalised.ends, strict=True))


@given(texts)
def test_normalised_text_can_be_stored(text):
    """Nothing is left that a database, a log or a platform refuses."""
    normalise(text).encode("utf-8")

    assert not re.search(r"[\x00-\x1f\x7f\u200b\ufeff\ufffe]|  ", normalise(text))


@given(texts, st.data())
def test_a_piece_of_the_text_is_found(text, data):
    """A quote cut from a text is found, as it is and normalised, wherever it was cut."""
    normalised = normalise(text)
    start = data.draw(st.integers(0, len(normalised)))
    quote = normalised[start : data.draw(st.integers(start, len(normalised)))]
    span = find(quote, text)

    if quote.strip():
        assert span is not None
        assert 0 <= span.start < span.end <= len(text)
    else:
        assert span is None


words = st.lists(st.text(alphabet="abcdefgéß", min_size=2, max_size=8), min_size=1, max_size=12)


@given(words, st.data())
def test_a_quote_is_found_however_its_lines_break(words, data):
    """Breaking lines, hyphenating and changing case do not hide a quote, and the span found holds exactly its words."""
    broken = []
    for word in words:
        cut = data.draw(st.integers(0, len(word) - 1))
        hyphen = data.draw(st.sampled_from(["-\r\n", "-\n  ", "\ufffe", "\u00ad", "\u00ad\n"]))
        broken.append(word[:cut] + hyphen + word[cut:] if cut else word)
    space = data.draw(st.sampled_from([" ", "\r\n", "  ", "\u00a0", "\n\n"]))
    page = "QQQ " + space.join(broken) + " QQQ"
    span = find(" ".join(words).upper(), page)

    assert span is not None
    assert "".join(words) == re.sub(r"[^abcdefgéß]", "", page[span.start : span.end])


FOUND = {
    "as it is": ("net sales", "Our net sales rose", "net sales"),
    "over lines": ("net sales rose", "Our net\r\nsales\r\nrose 5%", "net\r\nsales\r\nrose"),
    "another case": ("NET SALES", "Our net sales", "net sales"),
    "hyphen that was real": ("self-service offering", "a self\ufffeservice offering", "self\ufffeservice offering"),
    "hyphen that was not": ("foundation", "the founda-\ntion holds", "founda-\ntion"),
    "typographic quotation marks": ('the "Company"', "(the “Company”)", "the “Company”"),
    "ligature": ("office", "an o\ufb03ce,", "o\ufb03ce"),
    "letters spaced out": ("annual report", "A N N U A L  R E P O R T 2020", "A N N U A L  R E P O R T"),
    "spaces lost": ("total net sales", "TotalNetSales 12", "TotalNetSales"),
    "whole word first": ("12", "312 and 12", "12"),
    "inside a word": ("sale", "wholesaler", "sale"),
    "sharp s": ("STRASSE 5", "die Straße 5", "Straße 5"),
    "final sigma": ("ΟΔΟΣ", "η οδος μου", "οδος"),
    "letter lost": ("may affect offices", "it may af ect of\nfices", "may af ect of\nfices"),
    "chinese over lines": ("日本語", "これは日本\n語です", "日本\n語"),
    "accent apart": ("café", "the cafe\u0301 is", "cafe\u0301"),
}


@pytest.mark.parametrize(("quote", "text", "expected"), FOUND.values(), ids=FOUND.keys())
def test_find(quote, text, expected):
    """A quote is found whatever the rendering of either side, and the span covers all of it and no more."""
    span = find(quote, text)

    assert span is not None
    assert expected == text[span.start : span.end]


def test_find_prefers_whole_words():
    """A whole word further down is better than a piece of another one."""
    assert Span(8, 10) == find("12", "312 and 12")


NOT_FOUND = {
    "empty": ("", "text"),
    "blank": (" \n", "text text"),
    "only dropped characters": ("\u200b", "text"),
    "absent": ("profit", "net sales"),
    "digits apart": ("12", "1 2"),
    "sign": ("-5", "5"),
    "superscript": ("102", "10²"),
    "in nothing": ("a", ""),
}


@pytest.mark.parametrize(("quote", "text"), NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_find_nothing(quote, text):
    """What does not stand there is not found."""
    assert find(quote, text) is None


def test_normalising_is_fast():
    """Ingest normalises everything that it reads: at least a million characters a second, also on a busy machine."""
    page = (
        "The Company’s net sales — as reported — rose 5% to $1,234 in 2019.\r\nMargins were unaf\ufffefected.\r\n"
        * 10_000
    )
    start = time.process_time()
    normalise(page)

    assert len(page) / (time.process_time() - start) > 1_000_000


@pytest.mark.parametrize(
    "text", ["e\u0301" * 50_000, "\u0301" * 100_000, "-\n" * 50_000, "\u200b" * 100_000, "ab-" * 50_000]
)
def test_hostile_repetition_is_no_slower(text):
    """Text made to take long does not."""
    start = time.process_time()
    normalise_with_offsets(text)

    assert time.process_time() - start < 2
