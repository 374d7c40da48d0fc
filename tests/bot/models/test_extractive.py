"""The extractive model: what it quotes, what it leaves out, and that all of it stands up to verification."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.abstention import LEAST_FOR_QUOTES, SURE_OF_QUOTES
from bot.answer import Outcome
from bot.citations import verify
from bot.models import Prompt, Token
from bot.models.extractive import Extractive, quotes
from bot.prompt import CANNOT_ANSWER
from bot.question import Question
from bot.settings import AnswerSettings, Settings
from bot.verification.asked import Wanted, asked, parts
from bot.wording import WORDINGS
from ingest.documents import Scopes
from ingest.embedding import Vectors, build_embedder
from ingest.errors import EmbeddingModelError
from tests.benchmarks.verification import source
from tests.bot.verification_cases import PAGES, PageText

STRICT = AnswerSettings().strictness
NAMES = ("leave", "travel", "security", "balance", "income", "review", "history", "warranty", "technical", "contract")
SOURCES = tuple(source(number, PAGES[name]) for number, name in enumerate(NAMES, 1))

QUESTIONS = {
    "days-of-leave": ("How many days of annual leave do I get?", "25 days of annual leave", "leave"),
    "carry-over": ("Can I carry over unused leave days?", "may be carried over", "leave"),
    "sick-note": ("When do I need a medical certificate?", "from the fourth day on", "leave"),
    "hotel": ("What is the limit for a hotel night?", "Hotel, per night 180 EUR", "travel"),
    "receipts": ("By when must receipts be handed in?", "within 30 days", "travel"),
    "password": ("How long must passwords be?", "14 characters", "security"),
    "lost-device": ("What do I do about lost devices?", "within four hours", "security"),
    "inventories": ("What were Norvik's inventories at the end of 2023?", "Inventories 151,206 163,490", "balance"),
    "operating-income": ("What was operating income in 2023?", "Operating income 130.9", "income"),
    "why-margin": ("Why did the gross margin improve?", "because freight costs fell", "review"),
    "founders": ("Who founded Norvik?", "Ingrid Solberg and Tomas Reyes", "history"),
    "lamps": ("Are lamps covered by the warranty?", "not covered", "warranty"),
    "weight": ("What is the weight of the S40?", "Weight 18.5 kg", "technical"),
    "notice": ("What is the notice period for the customer?", "six months", "contract"),
}


@pytest.mark.parametrize(("question", "words", "page"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_quotes_what_answers(question: str, words: str, page: str):
    """The answer's words are quoted, from its page, at most five quotes in all."""
    lines = quotes(question, SOURCES)

    number = NAMES.index(page) + 1
    assert any(words in line and line.endswith(f"[{number}]") for line in lines), lines
    assert len(lines) <= 5


@pytest.mark.parametrize("question", [question for question, *_ in QUESTIONS.values()], ids=QUESTIONS.keys())
def test_passes_verification(question: str):
    """Everything that it writes is supported: it is there, word for word."""
    lines = quotes(question, SOURCES)

    verified = verify("\n".join(f"- {line}" for line in lines), SOURCES, STRICT)

    assert verified.supported == 1.0, verified.removed
    assert verified.outcome == Outcome.ANSWERED
    assert not verified.removed


def test_row_comes_with_its_head():
    """A row of figures is told from others by its table's title, units and years."""
    (line,) = [line for line in quotes("What was Norvik's goodwill at the end of 2023?", SOURCES) if "Goodwill" in line]

    assert line.startswith("*CONSOLIDATED BALANCE SHEETS · (In thousands of euros) · December 31, 2023")


@pytest.mark.parametrize("years", ["2023 2022", "2023", "Fiscal 2023 2022 2021"])
def test_a_row_comes_with_the_years_of_all_its_columns(years: str):
    """The first year above a table is no numbering of a heading."""
    page = f"Consolidated Statements of Operations\nIn thousands\n{years}\nNet sales 91,775 84,310\nCost 55,260 49,120"

    lines = quotes("What were net sales in 2023?", [source(1, PageText("a.pdf", "A", 1, page))])

    assert lines[0].startswith(f"*Consolidated Statements of Operations · In thousands · {years}:* “Net sales")


def test_definition_names_the_rows():
    """A ratio's definition asks for the rows that it is made of, and for nothing else."""
    question = (
        "You are an analyst. Here's the question: what is the current ratio of Norvik for 2023? The current ratio is "
        "defined as: total current assets / total current liabilities. Round your answer to two decimal places."
    )

    lines = quotes(question, SOURCES)

    assert len(lines) == 2
    assert "“Total current assets 770,835 744,489” [4]" in lines[0]
    assert "“Total current liabilities 286,839 277,689” [4]" in lines[1]


def test_says_that_nothing_was_found():
    """Without a passage that has the question's words there is no quote, and verification takes it as not found."""
    lines = quotes("Which zebra painted the submarine?", SOURCES)

    assert lines == [CANNOT_ANSWER]
    assert verify(lines[0], SOURCES, STRICT).outcome == Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Statements about bicycles are forward-looking statements about bicycles.", id="forward-looking"),
        pytest.param("See the accompanying notes for bicycles.", id="notes"),
        pytest.param("How many bicycles are there?", id="question-on-page"),
        pytest.param("Bicycles", id="heading"),
    ],
)
def test_boilerplate_is_not_quoted(text: str):
    """What has the right words and says nothing is left out."""
    page = f"{text}\nThe depot has 14 bicycles for the use of all staff."

    lines = quotes("How many bicycles are there for staff?", [source(1, PageText("a.pdf", "A", 1, page))])

    assert lines == ["“The depot has 14 bicycles for the use of all staff.” [1]"]


def test_text_of_a_page_makes_no_markers_or_links():
    """Brackets of a page are shown as parentheses; its hidden link targets become visible or go."""
    hostile = [source(1, PAGES["hostile"])]

    lines = quotes("Which orders are delivered free of charge?", hostile)
    verified = verify("\n".join(f"- {line}" for line in lines), hostile, STRICT)

    assert "(3)" in lines[0]
    assert lines[0].endswith("” [1]")
    assert "](" not in verified.text
    assert verified.citations


def test_sentence_that_refers_back_brings_the_one_before():
    """`It …` is not understood alone."""
    page = "The blue gate leads to the yard. It is locked from 22:00 on every weekday."

    lines = quotes("When is the gate locked on a weekday?", [source(1, PageText("a.pdf", "A", 1, page))])

    assert [f"“{page}” [1]"] == lines


async def test_streams_its_quotes():
    """The model yields the lines that the function returns."""
    question = Question(id="q", text="How many days of annual leave do I get?", scopes=Scopes("local", frozenset()))

    events = [event async for event in Extractive().stream(Prompt(question, SOURCES))]

    text = "".join(token.text for token in events if isinstance(token, Token))
    assert "25 days of annual leave" in text


WORDS = st.sampled_from(
    [*(line for page in PAGES.values() for line in page.text.splitlines()), "[1]", "“", "`", "*", "|"]
)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80), st.lists(st.lists(WORDS, max_size=12).map("\n".join), max_size=3))
def test_any_question_and_any_page(question: str, texts: list[str]):
    """It never fails, and what it quotes is supported."""
    sources = tuple(source(number, PageText("a.pdf", "A", number, text)) for number, text in enumerate(texts, 1))
    words = " ".join(texts)[:60]

    for asked_for in (question, words):
        lines = quotes(asked_for, sources)
        verified = verify("\n".join(f"- {line}" for line in lines), sources, STRICT)
        assert lines == [CANNOT_ANSWER] or verified.supported == 1.0, (verified.text, verified.removed)


@pytest.mark.parametrize(
    ("question", "stems", "wanted"),
    [
        pytest.param("How many days of leave do I get?", ("day", "leav", "get"), Wanted.AMOUNT, id="amount"),
        pytest.param("Who approves flights?", ("approv", "flight"), Wanted.PERSON, id="person"),
        pytest.param("Why did sales fall?", ("sal", "fall"), Wanted.REASON, id="reason"),
        pytest.param("When does the term end?", ("term", "end"), Wanted.TIME, id="time"),
        pytest.param(
            "Basing your judgments off of the balance sheet, what is the amount of goodwill? Answer in USD millions.",
            ("goodwill",),
            Wanted.AMOUNT,
            id="instructions",
        ),
    ],
)
def test_asked(question: str, stems: tuple[str, ...], wanted: Wanted):
    """Question words and instructions are not what is asked for."""
    assert (stems, wanted) == (asked(question).stems, asked(question).wanted)


PARAPHRASED = {
    "weight": ("How heavy is it?", "The machine weighs 64 kg: two people should lift it."),
    "guarantee": ("How long does the maker guarantee the engine?", "The motor is covered for eight years."),
    "lint": ("How often do I clear the lint trap?", "Clean the fluff filter every eight weeks."),
}
MANUAL = "\n".join(["Read this guide first.", *(text for _, text in PARAPHRASED.values()), "Use a cold tap."])


@pytest.mark.parametrize(("question", "sentence"), PARAPHRASED.values(), ids=PARAPHRASED.keys())
async def test_finds_what_is_said_in_other_words(question: str, sentence: str):
    """With sentence vectors, the sentence that answers comes first though it shares no word with the question."""
    assert sentence in (await drafted(Extractive(build_embedder(Settings())), question)).splitlines()[0]


class NoVectors:
    """A model whose files were lost."""

    async def embed_documents(self, texts: Sequence[str]) -> Vectors:
        raise EmbeddingModelError("It is gone.")

    async def embed_query(self, text: str) -> Vectors:
        raise EmbeddingModelError("It is gone.")


async def test_without_vectors_words_have_to_do():
    assert "fluff filter" in await drafted(Extractive(NoVectors()), "How often should I clean the filter?")


async def test_an_unlikely_answer_is_not_quoted():
    """Whether the pages answer was judged before, by more than words."""
    question = "How often should I clean the filter?"

    assert await drafted(Extractive(), question, likelihood=LEAST_FOR_QUOTES - 0.01) == CANNOT_ANSWER


HOW_MUCH = {
    "a figure": ("How long is the cord?", "7.2 The cord is 200 cm long.", True),
    "a word for a figure": ("How many filters are there?", "There are two filters.", True),
    "a word that settles it": ("How much water may be left?", "No water may be left in it.", True),
    "the number of a section": ("How long is the cord?", "7.2 The cord is long enough.", False),
    "the number of a model": ("How heavy is the AJ500?", "Thank you for choosing the AJ500.", False),
    "a price that is not told": ("What does a filter cost?", "A filter may cost less than feared.", False),
    "no question for a quantity": ("What is the cord made of?", "The cord is made of rubber.", True),
}


@pytest.mark.parametrize(("question", "page", "is_told"), HOW_MUCH.values(), ids=HOW_MUCH.keys())
async def test_how_much_is_answered_by_a_quantity(question: str, page: str, is_told: bool):
    """A sentence on the topic without any does not answer it, however near it is."""
    pages = [source(1, PageText("a.pdf", "A", 1, page))]
    prompt = Prompt(Question(id="q", text=question, scopes=Scopes("local", frozenset())), pages, 1.0)
    draft = "".join([event.text async for event in Extractive().stream(prompt) if isinstance(event, Token)])

    assert (draft != CANNOT_ANSWER) is is_told


@pytest.mark.parametrize("language", WORDINGS)
async def test_quotes_that_may_only_be_near_say_so(language: str):
    """In the asker's language; and count as a part of an answer, checked as quotes in the page's language."""
    question, not_sure = "How often should I clean the filter?", WORDINGS[language].not_sure
    draft = await drafted(Extractive(), question, likelihood=SURE_OF_QUOTES - 0.01, language=language)

    assert draft.startswith(f"{not_sure}\n\n“")
    sources = [source(1, PageText("a.pdf", "A", 1, MANUAL))]
    verified = verify(draft, sources, AnswerSettings().strictness, question)
    assert (verified.outcome, len(verified.citations), verified.supported) == (Outcome.PARTIAL, 1, 1.0)
    assert verified.text.startswith(not_sure)
    sure = await drafted(Extractive(), question, likelihood=SURE_OF_QUOTES)
    assert verify(sure, sources, AnswerSettings().strictness, question).outcome is Outcome.ANSWERED


async def drafted(model: Extractive, text: str, likelihood: float = 1.0, language: str = "") -> str:
    """Return what the model writes, with the manual as its only Source."""
    prompt = Prompt(
        Question(id="q", text=text, scopes=Scopes("local", frozenset()), language=language),
        [source(1, PageText("a.pdf", "A", 1, MANUAL))],
        likelihood,
    )
    return "".join([event.text async for event in model.stream(prompt) if isinstance(event, Token)])


TABLE = """Annual leave
Years of service Days of annual leave May be carried over
Less than 2 25 5
2 to 4 27 5
10 and more 32 10
The gate is locked at night. It opens at six.
• Bicycles stand behind the gate."""


def lines_of(question: str, *texts: str, names: Sequence[str] = ("a.pdf",) * 3) -> list[str]:
    pages = [PageText(name, name.removesuffix(".pdf"), 1, text) for name, text in zip(names, texts, strict=False)]
    return quotes(question, [source(number, page) for number, page in enumerate(pages, 1)])


def test_a_small_table_is_quoted_whole_where_its_head_is_asked_for():
    """No word of the question says which row: one of them alone would mislead. The head is none of them."""
    lines = lines_of("How many days of annual leave do I get?", TABLE)

    assert [line.partition("“")[2].partition("”")[0] for line in lines[:3]] == [
        "Less than 2 25 5",
        "2 to 4 27 5",
        "10 and more 32 10",
    ]
    assert not any("“Years of service" in line for line in lines)


def test_a_sentence_is_not_quoted_twice():
    """Where the next sentence brings it along, it does not stand alone as well."""
    lines = lines_of("When is the gate opened?", "The gate is locked at night. It is opened at six.")

    assert lines == ["“The gate is locked at night. It is opened at six.” [1]"]


def test_the_sign_of_a_list_is_not_quoted():
    assert lines_of("Where do bicycles stand?", TABLE) == ["“Bicycles stand behind the gate.” [1]"]


def test_what_is_compared_is_quoted_of_each():
    """A question that names two documents by their years is answered from both."""
    texts = ("You have 26 days of leave.", "You have 30 days of leave.")

    lines = lines_of("leave in 2021 and in 2024", *texts, names=("handbook2021.pdf", "handbook2024.pdf"))

    assert lines == ["“You have 26 days of leave.” [1]", "“You have 30 days of leave.” [2]"]


async def test_every_part_of_a_question_is_answered():
    drafted_lines = (
        await drafted(
            Extractive(build_embedder(Settings())), "How heavy is it and how often is the fluff filter cleaned?"
        )
    ).splitlines()

    assert ["weighs" in drafted_lines[0], "fluff filter" in drafted_lines[-1]] == [True, True]


@pytest.mark.parametrize(
    ("question", "divided"),
    [
        pytest.param("How loud is it, and what does it cost?", 2, id="two questions"),
        pytest.param("Who pays? When?", 1, id="a question word alone is none"),
        pytest.param("What are terms and conditions?", 1, id="a pair of words"),
        pytest.param(
            "What is the ratio? The ratio is defined as: cash / debt. And what is cash?", 1, id="a definition"
        ),
    ],
)
def test_parts_of_a_question(question: str, divided: int):
    assert len(parts(question)) == divided


CELLAR = """Times of the cellar
The door in the north is opened at six by the porter of the night shift.
The door in the south is opened at seven by the first gardener who comes."""


def test_a_heading_is_said_once():
    """Sentences one below the other do not each repeat what they all stand under."""
    first, second = lines_of("When are the doors of the cellar opened?", CELLAR)

    assert first.startswith("*Times of the cellar:* “The door in the north")
    assert second.startswith("“The door in the south")


def on_pages(question: str, *texts: str) -> list[str]:
    pages = [PageText("a.pdf", "a", number, text) for number, text in enumerate(texts, 1)]
    return quotes(question, [source(number, page) for number, page in enumerate(pages, 1)])


GATE = "The gate of the yard is opened at six each morning, and shut at nine each evening."
PORTER = "The gate of the yard is opened by the porter each morning and evening."
WHEN_AND_BY_WHOM = "When is the gate of the yard opened each morning and shut each evening, and by which porter?"


def test_the_page_of_the_best_quote_comes_first():
    """Whoever reads only the beginning has read the best."""
    lodge = PORTER.replace(" and evening", "")

    assert on_pages(WHEN_AND_BY_WHOM, lodge, GATE) == [f"“{GATE}” [2]", f"“{lodge}” [1]"]


def test_a_third_page_must_be_nearly_as_good():
    """Each page is one more to look at."""
    again = GATE.replace("six", "ten")

    assert on_pages(WHEN_AND_BY_WHOM, GATE, PORTER) == [f"“{GATE}” [1]", f"“{PORTER}” [2]"]
    assert on_pages(WHEN_AND_BY_WHOM, GATE, again, PORTER) == [f"“{GATE}” [1]", f"“{again}” [2]"]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        pytest.param(
            "opened by the porter, who keeps the keys of the yard.", "… opened by the porter, who", id="begun before"
        ),
        pytest.param("The keys of the yard are kept by the porter and the", "and the …”", id="function word"),
        pytest.param(
            "The gate is green.\nThe keys of the yard are kept by nobody but the porter", "porter …”", id="end of page"
        ),
        pytest.param("The keys of the yard are kept by the porter.", "the porter.”", id="whole"),
        pytest.param("• the keys of the yard", "“the keys of the yard”", id="entry of a list"),
    ],
)
def test_a_cut_sentence_is_shown_as_one(page: str, shown: str):
    """What stands on another page is not passed over in silence."""
    lines = lines_of("Who keeps the keys of the yard?", page)

    assert any(shown in line for line in lines), lines


@pytest.mark.parametrize(
    ("above", "label"),
    [
        pytest.param("$ hire list --sorted\n2031", "*2031:* ", id="command"),
        pytest.param("and that is what we ask everybody to pay.\n2031", "*2031:* ", id="end of a sentence"),
        pytest.param("what we ask of everybody who comes\n2031", "*2031:* ", id="middle of a sentence"),
        pytest.param(
            "Tools\nin thousands of euros per year\n2031", "*Tools · in thousands of euros per year", id="units"
        ),
    ],
)
def test_only_labels_stand_above_a_row(above: str, label: str):
    """A piece of a sentence or a command labels nothing, nor does what stands above it."""
    lines = lines_of("What does the drill cost?", f"{above}\nDrill, per day 12 40\nSaw, per day 9 35")

    assert lines[0].startswith(label)
    assert "Drill, per day 12 40" in lines[0]


def test_the_row_of_a_table_of_words_is_quoted_with_its_head():
    """The one that fits, not the whole table as one sentence."""
    rows = "anvil Blocks of steel for the smithy\nbellows Air for the hearth\nclay Everything for the potters"
    page = f"What is not on the list is not kept, and the porter cannot help.\n{CELLAR}\nShelf Content\n{rows}"

    assert lines_of("On which shelf is everything for potters?", page) == [
        "*Shelf Content:* “clay Everything for the potters” [1]"
    ]


def test_where_more_is_said_comes_after_what_is_said():
    """A sentence that only points elsewhere is worth less than one that says something."""
    page = (
        "For more information about the keys of the yard, see the porter's book. "
        "The porter keeps the keys of the yard in his lodge."
    )

    assert lines_of("keys of the yard porter", page)[0].startswith("“The porter keeps")
