from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import notices
from bot.answer import Answer, Citation, Outcome, Source, Timings
from bot.buttons import AskAgain, Cancel, Forget, OpenPage, Rate, Share, ShowPage, decode
from bot.discord import pieces, render
from bot.discord.pieces import Clickable, DiscordMessage, Embed, Style, escaped, escaped_line
from bot.harmless import JOINER, cut
from bot.wording import IN_ENGLISH, wording
from tests import fakes
from tests.fake_discord import Seen, bodies, messages
from tests.fake_discord.seen import MENTIONS, see
from tests.fake_discord.world import World

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LINK = "https://discord.com/channels/1/2/3"
HOSTILE = [
    "@everyone @here <@1> <@!1> <@&1> <#1> </askdocs ask:1> <id:home> <:smile:1>",
    "<https://evil.example> https://evil.example HTTP://EVIL.example discord://evil ||https://evil.example||",
    "[click](https://evil.example) [click](<https://evil.example>) ![x](https://evil.example/x.png)",
    "[https://discord.com](https://evil.example) discord.gg/evil DISCORD.gg/evil discord.com/invite/evil",
    "<a@evil.example> <+1555123> <mailto:a@evil.example>",
    "`code` ``` > quote *bold* _it_ ~no~ ||hidden|| # big -# small \u202e\u2066 \\",
    "\n# big\n> quote\n>>> all\n- item\n1. item\n```\ncode\n",
]
hostile = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE), st.text(max_size=40), st.text(alphabet="<!@#&[](`htps:/w.|> \n\\1", max_size=40)
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


def cited(number: int, quote: str = "Twelve days are granted.", **changes: object) -> Citation:
    document = fakes.document(**({"link": LINK, "pages": 48} | changes))  # type: ignore[arg-type]
    return Citation(number, fakes.source(number, quote, document=document), quote)


def answered(text: str = "Twelve days [1].", *citations: Citation, **changes: object) -> Answer:
    values = {"model": "groq/gemma", "timings": Timings(total=1.44), "outcome": Outcome.ANSWERED}
    return Answer(text=text, citations=citations or (cited(1),), **{**values, **changes})  # type: ignore[arg-type]


def payload(message: DiscordMessage) -> dict[str, Any]:
    """Return what is sent to Discord for a message."""
    return {
        "content": message.content,
        "embeds": [
            {"title": one.title, "description": one.text, "footer": {"text": one.footer}} for one in message.embeds
        ],
        "components": [{"type": 1, "components": [_button(one) for one in row]} for row in message.rows],
    }


def _button(one: Clickable) -> dict[str, Any]:
    body: dict[str, Any] = {"type": 2, "style": int(one.style), "label": one.label, "custom_id": one.custom_id}
    return body | ({"emoji": {"id": None, "name": one.emoji}} if one.emoji else {})


def on_screen(message: DiscordMessage) -> Seen:
    """Post a message, within Discord's limits, into an empty guild, and look at it."""
    body = bodies.Body(payload(message))
    bodies.check_message(body)
    bodies.check_not_empty(body)
    world = World()
    place = world.add_channel(world.add_guild("Acme", world.app.owner), "general")
    return see(messages.post(world, place, world.bot, messages.draft_of(body)))


def buttons(*several: DiscordMessage) -> Iterator[Clickable]:
    return (one for message in several for row in message.rows for one in row)


def read(text: str) -> str:
    """Return Markdown as it reads: without what escapes and parts."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text.replace(JOINER, ""))


def test_an_answer_has_text_sources_buttons_and_a_quiet_line():
    """What the words rest on stands under them, and who wrote them."""
    (message,) = render.answer(answered(), "1a2b3c4d")

    assert on_screen(message).shown.split("\n") == [
        "Twelve days [1].",
        "Sources",
        f"**[1]** handbook.pdf, page 1 of 48 · [the upload]({LINK})",
        "> Twelve days are granted.",
        f"groq/gemma · 1.4 s · {notices.AI_NOTICE}",
        "[[1] Show page 1] [👍] [👎]",
    ]
    assert on_screen(message).links == {LINK}


def test_buttons_lead_to_the_answers_pages():
    """Each carries the answer and the source's number, which the answer log still knows after a restart."""
    (message,) = render.answer(answered("A [1]. B [3].", cited(1), cited(3)), "1a2b3c4d", can_share=True)

    assert [decode(one.custom_id) for one in buttons(message)] == [
        ShowPage("1a2b3c4d", 1),
        ShowPage("1a2b3c4d", 3),
        Rate("1a2b3c4d", is_good=True),
        Rate("1a2b3c4d", is_good=False),
        Share("1a2b3c4d"),
    ]
    assert [len(row) for row in message.rows] == [2, 3]


def test_printed_labels_and_pictures_are_told():
    """A printed label goes with the physical page; what OCR read is said to be."""
    source = Source(1, fakes.document(pages=12), 4, "iv", "text", "text", 0.9, by_ocr=True)

    (message,) = render.answer(answered("A [1].", Citation(1, source, "text")), "1a2b3c4d")

    assert "**[1]** handbook.pdf, page iv (4 of 12) (read from a picture)\n> text" in on_screen(message).shown
    assert next(buttons(message)).label == "[1] Show page iv"


def test_nothing_found_lists_the_nearest_pages():
    """An honest no, with pages that can be looked at all the same."""
    near = fakes.source(4, "text", 7)
    answer = Answer("", Outcome.NOT_FOUND, nearest=(near,), timings=Timings(total=0.2))

    (message,) = render.answer(answer, "1a2b3c4d")

    assert on_screen(message).shown.split("\n")[:3] == [
        IN_ENGLISH.not_found,
        IN_ENGLISH.nearest,
        "- handbook.pdf, page 7 of 12",
    ]
    assert decode(next(buttons(message)).custom_id) == OpenPage(near.document.id, 7)


def test_nothing_found_and_nothing_near():
    """The quiet line then stands under the words."""
    answer = Answer("", Outcome.NOT_FOUND, timings=Timings(total=0.2))

    (message,) = render.answer(answer, "1a2b3c4d")

    assert message.content == f"{IN_ENGLISH.not_found}\n-# {notices.footer(answer)}"
    assert decode(next(buttons(message)).custom_id) == Rate("1a2b3c4d", is_good=True)


def test_the_heading_above_the_pages_is_in_the_language_of_the_question():
    """As are the words where an answer has none."""
    near = (fakes.source(4, "text", 7),)
    (no,) = render.answer(Answer("", Outcome.NOT_FOUND, nearest=near, language="de"), "1a2b3c4d")
    (partly,) = render.answer(answered(outcome=Outcome.PARTIAL, nearest=near, language="it"), "1a2b3c4d")

    assert on_screen(no).shown.startswith(f"{wording('de').not_found}\n{wording('de').nearest}\n- handbook.pdf")
    assert f"\n{wording('it').partly_found}\n- handbook.pdf" in on_screen(partly).shown


def test_a_partial_answer_has_both():
    """What was found with its sources, then pages that may hold the rest."""
    answer = answered(outcome=Outcome.PARTIAL, nearest=(fakes.source(9, "text"),))

    shown = on_screen(render.answer(answer, "1a2b3c4d")[0]).shown

    assert (
        shown.index("**[1]** handbook.pdf") < shown.index(IN_ENGLISH.partly_found) < shown.index("- handbook.pdf, page")
    )


def test_a_long_answer_has_several_messages():
    """Nothing is lost, no marker is cut, and the sources come last."""
    text = "\n\n".join(f"Paragraph {number} says something about leave [1]." for number in range(150))

    several = render.answer(answered(text), "1a2b3c4d")

    shown = [on_screen(message).shown for message in several]
    assert len(several) > 3
    assert all(f"Paragraph {number} says something about leave [1]." in "\n".join(shown) for number in range(150))
    assert [notices.AI_NOTICE in one for one in shown] == [False] * (len(shown) - 1) + [True]


def test_code_is_closed_and_opened_again():
    """A block that is longer than a message is a block in each."""
    several = render.answer(answered("```python\n" + "print('leave')\n" * 300 + "```"), "1a2b3c4d")

    assert len(several) > 2
    assert all(one.content.startswith("```python\n") and one.content.endswith("```") for one in several)


def test_thirty_sources_fit_somewhere():
    """More than a message holds go on in the next one, buttons and all."""
    many = [cited(number, "*quoted* words " * 40, name="n_" * 100 + ".pdf") for number in range(1, 31)]

    several = render.answer(answered("A [1]." * 30, *many), "1a2b3c4d")

    for message in several:
        on_screen(message)
    labels = [one.label for one in buttons(*several)]
    assert [f"[{number}] Show page {number}" for number in range(1, 31)] == labels[:30]
    text = "\n".join(embed.text for message in several for embed in message.embeds)
    assert all(f"**[{number}]**" in text for number in range(1, 31))


@given(text=hostile, name=hostile, quote=hostile, label=hostile)
@settings(max_examples=150, deadline=None)
def test_documents_and_models_ping_nobody_and_link_nowhere(text: str, name: str, quote: str, label: str):
    """Whatever stands in them: only our own link to the upload opens, and nothing is hidden."""
    document = fakes.document(name, link=LINK)
    source = Source(1, document, 2, label, quote, quote, 0.9)
    citation = Citation(1, source, quote)
    shown = [
        *render.answer(Answer(text, Outcome.PARTIAL, (citation,), (source,), model=name, note=text), "1a2b3c4d"),
        *render.answer(Answer("", Outcome.NOT_FOUND, (), (source,)), "1a2b3c4d"),
        *render.answer(Answer(text, Outcome.NOT_FOUND, note=text), "1a2b3c4d"),
        render.draft_message(text),
        render.documents([document], NOW),
        render.notice(notices.upload_failed(name, text)),
        *render.notice_in_full(text * 20),
        render.failure(text, AskAgain("1574314219849908224")),
        render.confirm_forget(document),
        render.page_picture(f"{name} {label}"),
    ]

    for message in shown:
        seen = on_screen(message)
        assert seen.pings == seen.mentions == frozenset()
        assert seen.links <= {LINK}
        assert not any("||" in text for text in (message.content, *(one.text for one in message.embeds)))


@given(text=hostile)
@settings(max_examples=300, deadline=None)
def test_escaped_text_reads_as_it_is(text: str):
    """Nothing is lost but the end of what is too long."""
    text = text.replace("\u2060", "")

    assert read(escaped(text, 3 * len(text) + 1)) == text
    assert len(escaped(text, 50)) <= 50


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("annual_report_2026.pdf", "annual_report_2026.pdf", id="inside-words"),
        pytest.param("__init__.pdf", r"\_\_init\_\_.pdf", id="around-words"),
        pytest.param("# Budget", r"\# Budget", id="heading"),
        pytest.param("-# small", r"\-# small", id="small-print"),
        pytest.param("12. Leave", r"12\. Leave", id="list"),
        pytest.param("a*b`c~d", r"a\*b\`c\~d", id="signs"),
        pytest.param("a - b", "a - b", id="dash-between"),
        pytest.param("12.5 % of 3", "12.5 % of 3", id="number-first"),
    ],
)
def test_only_what_would_format_is_escaped(text: str, shown: str):
    """Names stay readable where Markdown is not shown, as in notifications."""
    assert escaped_line(text, 100) == shown


@given(text=st.text(alphabet='ab"\\\n<&|`é😀 _*@', max_size=30).map(lambda text: text * 200))
@settings(max_examples=30, deadline=None)
def test_discord_takes_whatever_an_answer_holds(text: str):
    """However long, and however much its characters grow on the way."""
    many = [cited(number, text, name=text[:300] or "x") for number in range(1, 6)]
    for message in (
        *render.answer(answered(text, *many), "1a2b3c4d"),
        render.draft_message(text),
        render.notice(text or "x"),
    ):
        if message.content.strip() or message.embeds:
            on_screen(message)


def test_a_draft_shows_the_part_being_written():
    """Of a long one; of none, that we look."""
    draft = "First sentence. " * 100 + "\n\n" + "Second sentence. " * 50

    assert render.draft_message(draft).content.startswith("Second sentence.")
    assert render.draft_message("").content == notices.LOOKING


def test_quotes_stay_in_their_quote():
    """Line breaks and signs of a document do not end the quote that they stand in."""
    (message,) = render.answer(answered("A [1].", cited(1, "one\n\n*two*\n> three\n```")), "1a2b3c4d")

    assert "> one \\*two\\* > three \\`\\`\\`" in on_screen(message).shown.split("\n")


def test_a_link_that_is_none_is_left_out():
    """A local path, or an address with signs that would end the link."""
    for link in ("/home/ann/handbook.pdf", "https://x.example/)(", "javascript:x", ""):
        (message,) = render.answer(answered("A [1].", cited(1, link=link)), "1a2b3c4d")

        assert on_screen(message).links == frozenset()
        assert notices.THE_UPLOAD not in on_screen(message).shown


def test_a_failure_can_be_asked_again():
    """The button carries the message that asked."""
    again = AskAgain("1574314219849908224")

    message = render.failure("The model did not answer in time. Please try again.", again)

    assert [decode(one.custom_id) for one in buttons(message)] == [again]
    assert render.failure("No.").rows == ()


def test_forgetting_is_confirmed():
    """The second click says that it is the second."""
    document = fakes.document()

    confirm, cancel = buttons(render.confirm_forget(document))

    assert decode(confirm.custom_id) == Forget(document.id, is_confirmed=True)
    assert (confirm.style, decode(cancel.custom_id)) == (Style.DANGER, Cancel())


def test_documents_are_listed_with_pages_and_age():
    """And the file's link; what does not fit is counted."""
    many = [fakes.document(f"report-{number}.pdf", indexed_at=NOW - timedelta(days=3)) for number in range(60)]
    wide = [fakes.document(f"{'x' * 100}{number}.pdf", link=LINK) for number in range(60)]

    shown = on_screen(render.documents(many, NOW)).shown.split("\n")
    crowded = render.documents(wide, NOW).embeds[0].text.split("\n")

    assert shown[:2] == [notices.DOCUMENTS, "- **report-0.pdf** 12 pages · added 3 days ago · everybody here"]
    assert shown[-1] == "… and 20 more."
    assert crowded[-1] == f"… and {60 - len(crowded) + 1} more."
    assert on_screen(render.documents([], NOW)).shown == notices.NO_DOCUMENTS


def test_a_picture_has_words():
    """Above it and, for those who cannot see it, behind it."""
    place = "hand*book*.pdf, page 4 of 12"

    assert render.page_picture(place).content == r"hand\*book\*.pdf, page 4 of 12"
    assert render.alt_text(place) == place


def test_suggestions_fit():
    """Twenty-five names of a hundred characters, each with its document behind it."""
    many = [fakes.document(f"{'x' * 120}{number}.pdf") for number in range(30)]

    found = render.suggestions(many, {one.id: "everybody here" for one in many})

    assert (len(found), found[0].value) == (25, many[0].id)
    assert all(1 <= len(one.label) <= 100 for one in found)
    assert not any("everybody" in one.label for one in found)


def test_a_thread_is_named_after_its_question():
    """In a line of at most a hundred characters."""
    assert render.thread_name("How long\nis leave?") == "How long is leave?"
    assert render.thread_name("word " * 50) == cut("word " * 50, 100)
    assert render.thread_name("") == notices.SOURCES


def test_the_feedback_modal_remembers_the_answer():
    """Reasons to choose from, room for words, and which answer it is about; within Discord's limits."""
    modal = render.feedback_modal("1a2b3c4d")

    assert decode(modal.custom_id) == Rate("1a2b3c4d", is_good=False)
    assert [one.value for one in modal.reasons] == list(notices.REASONS)
    assert max(len(modal.title), len(modal.reason_label), len(modal.comment_label)) <= 45


def test_help_names_every_command():
    """A newcomer finds all of them, and how to name the bot."""
    message = render.help_message("/askdocs", "<@1>")

    for word in ("ask", "upload", "docs", "page", "forget", "watch", "unwatch", "scope", "status", "why"):
        assert f"/askdocs {word}`" in message.content
    assert MENTIONS.search(message.content)


@pytest.mark.parametrize("custom_id", ["", "x" * 101])
def test_a_button_carries_a_hundred_characters(custom_id: str):
    """Not more, not none."""
    with pytest.raises(ValueError, match="a button carries"):
        Clickable("label", custom_id)


def test_limits_are_discords():
    """The renderer's and the fake Discord's are the same."""
    assert (pieces.CONTENT, pieces.EMBED, pieces.EMBEDS_TEXT, pieces.EMBEDS) == (
        bodies.CONTENT,
        bodies.DESCRIPTION,
        bodies.EMBED_TEXT,
        bodies.EMBEDS,
    )
    assert (pieces.ROWS, pieces.BUTTONS_A_ROW, pieces.CUSTOM_ID, pieces.BUTTON_LABEL) == (5, 5, 100, 80)
    assert Embed("a", "b", "c").size == 3
