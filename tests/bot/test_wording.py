"""Our own sentences: complete in each language, and names filled in as they are."""

from __future__ import annotations

import string
from dataclasses import fields

import pytest

from bot.verification.languages import asked_in
from bot.wording import IN_ENGLISH, WORDINGS, Wording, wording

NAMES = [field.name for field in fields(Wording)]
LANGUAGES = pytest.mark.parametrize("language", WORDINGS)


def places(text: str) -> list[str | None]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


@LANGUAGES
def test_each_language_is_complete(language: str) -> None:
    """Nothing is empty, nothing is left in English, and names go where the English sentence has them."""
    words = WORDINGS[language]

    for name in NAMES:
        said, in_english = getattr(words, name), getattr(IN_ENGLISH, name)
        assert said.strip()
        assert places(said) == places(in_english)
        assert said != in_english or language == "en" or name == "quoted"  # Portuguese has the same quotation marks


@LANGUAGES
def test_each_language_is_its_own(language: str) -> None:
    """A sentence that stands in the wrong place of the table is told by its language."""
    words = WORDINGS[language]

    for name in ("not_sure", "no_documents", "greeting", "partly_found"):
        assert asked_in(getattr(words, name)) == language, name


@LANGUAGES
def test_names_are_filled_in_as_they_are(language: str) -> None:
    """On one line, cut, and never read as a place to fill in."""
    words = WORDINGS[language]

    said = words.nothing_found(["{names}", "Ki{}wi\nGmbH", "x" * 100])
    reading = words.still_reading(["{0}.pdf", "b\n.pdf", "c.pdf", "d.pdf"])

    assert said.startswith(words.not_found)
    assert all(words.quoted.format(name) in said for name in ("{names}", "Ki{}wi GmbH", "x" * 59 + "…"))
    assert "\n" not in said
    assert "{0}.pdf, b .pdf, c.pdf …" in reading
    assert "d.pdf" not in reading


def test_nothing_unknown_is_said_of_nothing() -> None:
    assert IN_ENGLISH.nothing_found([]) == IN_ENGLISH.not_found
    assert IN_ENGLISH.nothing_found(["Kiwi", "Plum"]) == (
        "I could not find that in your documents. None of them mentions “Kiwi” or “Plum”."
    )


@pytest.mark.parametrize("language", ["", "cyrillic", "sv"], ids=["untold", "a script", "another"])
def test_english_is_what_is_left(language: str) -> None:
    assert wording(language) is IN_ENGLISH
