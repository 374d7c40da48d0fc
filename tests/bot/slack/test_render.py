from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import notices
from bot.answer import Answer, Citation, Outcome, Source, Timings
from bot.buttons import AskAgain, Forget, OpenPage, Rate, ShowPage, decode
from bot.harmless import JOINER, line
from bot.slack import render
from bot.slack.blocks import FALLBACK, Block, escaped
from bot.slack.render import SlackMessage
from bot.wording import IN_ENGLISH, wording
from tests import fakes
from tests.fake_slack import Message, Seen
from tests.fake_slack.blockkit import check_message, check_view, elements, words
from tests.fake_slack.records import Channel
from tests.fake_slack.seen import see
from tests.fake_slack.workspace import Workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LINK = "https://team.slack.com/archives/C1/p1700000000000100"
HOSTILE = [
    "<!channel> <!here|here> <!everyone> <!subteam^S1>",
    "<@U0000000001> @everyone @here",
    "<https://evil.example|click> https://evil.example www.evil.example HTTP://EVIL.example",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <mailto:a@evil.example> a@evil.example",
    "[click]: https://evil.example",
    "`code` ``` > quote *bold* _it_ ~no~ </quote> \u202e\u2066 &lt;!channel&gt;",
]
hostile = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.text(alphabet="<!@#[](`htps:/w.|&x \n", max_size=40)),
    min_size=1,
    max_size=8,
).map(" ".join)


def cited(number: int, quote: str = "Twelve days are granted.", **changes: object) -> Citation:
    document = fakes.document(**({"link": LINK, "pages": 48} | changes))  # type: ignore[arg-type]
    return Citation(number, fakes.source(number, quote, document=document), quote)


def answered(text: str = "Twelve days [1].", *citations: Citation, **changes: object) -> Answer:
    values = {"model": "groq/gemma", "timings": Timings(total=1.44), "outcome": Outcome.ANSWERED}
    return Answer(text=text, citations=citations or (cited(1),), **{**values, **changes})  # type: ignore[arg-type]


def on_screen(message: SlackMessage) -> Seen:
    """Post a message into an empty workspace and look at it."""
    ws = Workspace()
    check_message(message.blocks)
    assert len(message.text) <= FALLBACK
    blocks = json.loads(json.dumps(message.blocks))
    return see(ws, Message(Channel("C1", "general", "public", [], 0), "1.000001", ws.app.user.id, message.text, blocks))


def fallback(message: SlackMessage) -> Seen:
    """Look at a message as a notification has it: the text alone."""
    ws = Workspace()
    return see(ws, Message(Channel("C1", "general", "public", [], 0), "1.000001", ws.app.user.id, message.text))


def test_an_answer_has_text_sources_buttons_and_a_quiet_line():
    """What the words rest on stands under them, and who wrote them."""
    (message,) = render.answer(answered(), "1a2b3c4d")

    assert words(message.blocks).split("\n") == [
        "Twelve days [1].",
        "[1] handbook.pdf, page 1 of 48",
        "> Twelve days are granted.",
        "[[1] Show page 1]",
        "[👍] [👎]",
        f"groq/gemma · 1.4 s · {notices.AI_NOTICE}",
    ]
    assert on_screen(message).links == {LINK}
    assert message.text == "Twelve days [1]."
    assert message.arguments()["unfurl_links"] is False


def test_buttons_lead_to_the_answers_pages():
    """Each carries the answer and the source's number, which the answer log still knows after a restart."""
    (message,) = render.answer(answered("A [1]. B [3].", cited(1), cited(3)), "1a2b3c4d", can_share=True)

    clicks = {item["action_id"]: decode(item["value"]) for _, item in elements(message.blocks) if "value" in item}
    assert clicks["show_page_1"] == ShowPage("1a2b3c4d", 1)
    assert clicks["show_page_3"] == ShowPage("1a2b3c4d", 3)
    assert render.SHARE in clicks
    (thumbs,) = [item for _, item in elements(message.blocks) if item["type"] == "feedback_buttons"]
    assert decode(thumbs["negative_button"]["value"]) == Rate("1a2b3c4d", is_good=False)


def test_page_labels_and_pictures_are_told():
    """A printed label goes with the physical page; what OCR read is said to be."""
    source = Source(1, fakes.document(pages=12), 4, "iv", "text", "text", 0.9, by_ocr=True)

    (message,) = render.answer(answered("A [1].", Citation(1, source, "text")), "1a2b3c4d")

    assert "[1] handbook.pdf, page iv (4 of 12) (read from a picture)" in on_screen(message).shown
    assert "[1] Show page iv" in on_screen(message).buttons


def test_nothing_found_lists_the_nearest_pages():
    """An honest no, with pages that can be looked at all the same."""
    near = fakes.source(4, "text", 7)
    answer = Answer("", Outcome.NOT_FOUND, nearest=(near,), timings=Timings(total=0.2))

    (message,) = render.answer(answer, "1a2b3c4d")

    assert on_screen(message).shown.startswith(
        f"{IN_ENGLISH.not_found}\n{IN_ENGLISH.nearest}\n• handbook.pdf, page 7 of 12\n"
    )
    (button,) = [item for _, item in elements(message.blocks) if item["type"] == "button"]
    assert decode(button["value"]) == OpenPage(near.document.id, 7)


def test_the_heading_above_the_pages_is_in_the_language_of_the_question():
    """As are the words where an answer has none."""
    near = (fakes.source(4, "text", 7),)
    (no,) = render.answer(Answer("", Outcome.NOT_FOUND, nearest=near, language="de"), "1a2b3c4d")
    (partly,) = render.answer(answered(outcome=Outcome.PARTIAL, nearest=near, language="fr"), "1a2b3c4d")

    assert on_screen(no).shown.startswith(f"{wording('de').not_found}\n{wording('de').nearest}\n• handbook.pdf")
    assert f"\n{wording('fr').partly_found}\n• handbook.pdf" in on_screen(partly).shown


def test_a_partial_answer_has_both():
    """What was found with its sources, then pages that may hold the rest."""
    answer = answered(outcome=Outcome.PARTIAL, nearest=(fakes.source(9, "text"),))

    shown = on_screen(render.answer(answer, "1a2b3c4d")[0]).shown

    assert (
        shown.index("[1] handbook.pdf") < shown.index(IN_ENGLISH.partly_found) < shown.index("• handbook.pdf, page 9")
    )


def test_a_long_answer_has_several_messages():
    """Nothing is lost, each is taken by Slack, and the sources come last."""
    text = "\n\n".join(f"Paragraph {number} says something about leave [1]." for number in range(600))

    messages = render.answer(answered(text), "1a2b3c4d")

    assert len(messages) > 2
    shown = [on_screen(message).shown for message in messages]
    assert all(f"Paragraph {number} " in "\n".join(shown) for number in range(600))
    assert [notices.AI_NOTICE in one for one in shown] == [False] * (len(shown) - 1) + [True]


def test_thirty_sources_fit_somewhere():
    """More than a message holds go on in the next one."""
    many = [cited(number, "quoted words " * 40, name="n" * 200 + ".pdf") for number in range(1, 31)]

    messages = render.answer(answered("A [1]." * 30, *many), "1a2b3c4d")

    buttons = [label for message in messages for label in on_screen(message).buttons]
    assert [f"[{number}] Show page {number}" for number in range(1, 31)] == buttons[:30]


@given(text=hostile, name=hostile, quote=hostile, label=hostile)
@settings(max_examples=150, deadline=None)
def test_documents_and_models_ping_nobody_and_link_nowhere(text: str, name: str, quote: str, label: str):
    """Whatever stands in them: only our own link to the upload opens, and it leads to the upload."""
    document = fakes.document(name, link=LINK)
    source = Source(1, document, 2, label, quote, quote, 0.9)
    citation = Citation(1, source, quote)
    shown = [
        *render.answer(Answer(text, Outcome.PARTIAL, (citation,), (source,), model=name, note=text), "1a2b3c4d"),
        *render.answer(Answer("", Outcome.NOT_FOUND, (), (source,)), "1a2b3c4d"),
        render.draft_message(text),
        render.documents([document], NOW),
        render.notice(notices.upload_failed(name, text)),
        render.failure(text, AskAgain("1700000000.000100")),
        render.confirm_forget(document),
    ]

    for message in shown:
        assert on_screen(message).pings == fallback(message).pings == frozenset()
        assert on_screen(message).links <= {LINK}
        assert fallback(message).links == frozenset()


@given(text=hostile, cut=st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_a_growing_draft_only_grows(text: str, cut: int):
    """What was streamed stays as it is: a longer draft begins with what the shorter one gave."""
    assert render.draft(text).startswith(render.draft(text[:cut]))
    assert render.draft(text).replace(JOINER, "") == text.replace(JOINER, "")


@given(text=st.text(alphabet='ab"\\\n<&|`é😀 ', max_size=30).map(lambda text: text * 900))
@settings(max_examples=30, deadline=None)
def test_slack_takes_whatever_an_answer_holds(text: str):
    """However long, and however much its characters grow on the way."""
    for message in (
        *render.answer(answered(text), "1a2b3c4d"),
        render.draft_message(text),
        render.notice(text[:2_000]),
    ):
        on_screen(message)


def test_quotes_stay_in_their_quote():
    """Line breaks and signs of a document do not end the quote that they stand in."""
    (message,) = render.answer(answered("A [1].", cited(1, "one\n\n*two*\n> three\n```")), "1a2b3c4d")

    assert "> one *two* > three ```\n" in on_screen(message).shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a < b & c > d", "a &lt; b &amp; c &gt; d", id="signs"),
        pytest.param("<!channel>", "&lt;!channel&gt;", id="mention"),
        pytest.param("&" * 3_000, "…", id="grows-past-the-limit"),
    ],
)
def test_fallback_text_reads_as_it_is(text: str, shown: str):
    """In Slack's own format three characters stand for formatting; they are escaped, within the limit."""
    assert escaped(text).startswith(shown) or (len(escaped(text)) <= FALLBACK and set(escaped(text)) <= set("&amp;…"))


def test_a_name_is_one_visible_line():
    """Control characters and tricks with the writing direction do not get into a list."""
    assert line("invoice\u202efdp.exe\n\x00 2024", 100) == "invoicefdp.exe 2024"


def test_a_failure_can_be_asked_again():
    """The button carries the message that asked."""
    message = render.failure("The model did not answer in time. Please try again.", AskAgain("1700000000.000100"))

    assert on_screen(message).buttons == (notices.ASK_AGAIN,)
    assert on_screen(render.failure("No.")).buttons == ()


def test_forgetting_is_confirmed():
    """The second click says that it is the second."""
    document = fakes.document()

    (confirm, _cancel) = [item for _, item in elements(render.confirm_forget(document).blocks)]

    assert decode(confirm["value"]) == Forget(document.id, is_confirmed=True)
    assert confirm["style"] == "danger"


def test_documents_are_listed_with_pages_and_age():
    """And the file's link; what does not fit is counted."""
    many = [
        fakes.document(f"report-{number}.pdf", link=LINK, indexed_at=NOW - timedelta(days=3)) for number in range(60)
    ]

    shown = on_screen(render.documents(many, NOW)).shown.split("\n")

    assert shown[1] == "• report-0.pdf  12 pages · added 3 days ago · everybody here"
    assert shown[-1] == "… and 20 more."
    assert on_screen(render.documents([], NOW)).shown == notices.NO_DOCUMENTS


def view(body: Block) -> str:
    check_view(body)
    return words(body["blocks"])


def test_home_shows_documents_jobs_and_a_way_to_forget():
    """Own uploads can be forgotten, others are listed; names in it are harmless."""
    own, other = fakes.document("mine.pdf"), fakes.document("<!channel>.pdf")

    body = render.home(
        [other, own], [own.id], ["Reading new.pdf: 3 of 9 pages."], NOW, command="/askdocs", mention="@AskDocs"
    )

    shown = view(body)
    assert "• Reading new.pdf: 3 of 9 pages." in shown
    assert shown.index("mine.pdf") < shown.index("[Forget]") < shown.index("• <!channel>.pdf")
    (button,) = [item for _, item in elements(body["blocks"])]
    assert (decode(button["value"]), "confirm" in button) == (Forget(own.id, is_confirmed=True), True)


@pytest.mark.parametrize("count", [pytest.param(0, id="none"), pytest.param(500, id="many")])
def test_home_fits_whatever_there_is(count: int):
    """Slack takes a hundred blocks."""
    many = [fakes.document(f"{number}.pdf") for number in range(count)]

    check_view(render.home(many, [one.id for one in many], ["x"] * count, NOW, command="/askdocs", mention="@AskDocs"))


def test_the_feedback_modal_remembers_the_answer():
    """Reasons to pick, room for words, and which answer it is about."""
    body = render.feedback_modal("1a2b3c4d")

    assert notices.COMMENT in view(body)
    assert decode(body["private_metadata"]) == Rate("1a2b3c4d", is_good=False)


def test_a_picture_is_shown_by_its_file():
    """For one person only: the file is not shared anywhere."""
    message = render.page_picture("handbook.pdf, page 4 of 12", "F1")

    assert message.blocks[0]["slack_file"] == {"id": "F1"}
    assert on_screen(message).shown == "handbook.pdf, page 4 of 12\n[image: handbook.pdf, page 4 of 12]" or on_screen(
        message
    ).shown.startswith("[image: handbook.pdf")


def test_help_names_every_command():
    """A newcomer finds all of them."""
    shown = on_screen(render.help_message("/askdocs", "@AskDocs")).shown

    for word in ("docs", "page NAME N", "forget NAME", "watch", "unwatch", "scope NAME", "why"):
        assert f"/askdocs {word}" in shown
