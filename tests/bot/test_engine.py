"""The flow of one question: what is asked of whom, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pytest

from bot.answer import Answer, AnswerEvent, Delta, Done, Outcome, Restart, Retrieved, Source, Tokens, Waiting
from bot.engine import QueryEngine
from bot.errors import GenerationError, GenerationTimeoutError, QuestionError
from bot.models import ModelEvent, Remark, Switched, Usage
from bot.prompt import CANNOT_ANSWER
from bot.question import Question, Turn
from bot.settings import AnswerSettings
from bot.wording import IN_ENGLISH, WORDINGS, wording
from ingest.documents import Document, Scopes
from tests.fakes import FakeChatModel, FakeRetriever, SameQuestion, source

LEAVE = source(1, "After five years of service an employee has 29 days of annual leave.", page=4)
TRAVEL = source(2, "Take the train where the journey takes less than six hours.", page=7)


GERMAN = "Wie viel Urlaub gibt es nach fünf Jahren?"


@dataclass
class Likely:
    """A Retriever that knows one page, and how likely it answers, for each question."""

    finds: Mapping[str, tuple[Source, float]]

    async def retrieve(self, question: Question) -> Retrieved:
        source, likelihood = self.finds[question.text]
        return Retrieved((source,), (source,), likelihood)

    async def documents(self, question: Question) -> Sequence[Document]:
        return (LEAVE.document,)


@dataclass
class Saying:
    """A Translator that always says the same."""

    says: Question
    calls: list[Question] = field(default_factory=list)

    async def translate(self, question: Question, documents: Sequence[Document]) -> Question | None:
        self.calls.append(question)
        return self.says


def ask(text: str) -> Question:
    return Question("q1", text, Scopes("local", frozenset({"workspace"})))


def engine(model: FakeChatModel, retriever: FakeRetriever) -> QueryEngine:
    return QueryEngine(retriever, model, SameQuestion(), SameQuestion(), AnswerSettings())


async def run(
    *events: str | ModelEvent | GenerationError, sources: Sequence[object] = (LEAVE, TRAVEL)
) -> list[AnswerEvent]:
    model, retriever = FakeChatModel(events), FakeRetriever(sources, nearest=(LEAVE,))  # type: ignore[arg-type]
    return [event async for event in engine(model, retriever).ask(ask("How much leave after five years?"))]


def answer_of(events: Sequence[AnswerEvent]) -> Answer:
    assert isinstance(events[-1], Done)
    return events[-1].answer


async def test_a_draft_is_streamed_and_then_verified() -> None:
    """Deltas are what the model writes; the answer at the end holds verified citations with their quotes."""
    events = await run("After five years you have ", "29 days of annual leave [1].")

    answer = answer_of(events)
    assert [event.text for event in events[:-1] if isinstance(event, Delta)] == [
        "After five years you have ",
        "29 days of annual leave [1].",
    ]
    assert answer.outcome is Outcome.ANSWERED
    assert [(citation.number, citation.source.page) for citation in answer.citations] == [(1, 4)]
    assert "29 days" in answer.citations[0].quote
    assert answer.nearest == ()


async def test_without_sources_no_model_is_asked() -> None:
    """NOT_FOUND with the nearest pages, at no cost."""
    model, retriever = FakeChatModel(["never"]), FakeRetriever((), nearest=(TRAVEL,))

    answer = answer_of([event async for event in engine(model, retriever).ask(ask("Who won the cup?"))])

    assert model.calls == []
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.nearest == (TRAVEL,)
    assert answer.text == IN_ENGLISH.not_found
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("likelihood", "expected"),
    [(0.9, "How much leave is there after five years?"), (0.1, GERMAN)],
    ids=["likelier", "less likely"],
)
async def test_pages_in_another_language_are_searched_for_in_theirs(likelihood: float, expected: str) -> None:
    """What is likelier to answer is read; the model is asked, and answers, in the asker's language."""
    translated = ask("How much leave is there after five years?")
    retriever = Likely({GERMAN: (TRAVEL, 0.5), translated.text: (LEAVE, likelihood)})
    model = FakeChatModel(["Nach fünf Jahren sind es 29 Tage [1]."])
    engine = QueryEngine(retriever, model, SameQuestion(), Saying(translated), AnswerSettings())

    async for _ in engine.ask(ask(GERMAN)):
        pass

    prompt = model.calls[0]
    assert prompt.question.text == GERMAN
    assert prompt.sources == (retriever.finds[expected][0],)


async def test_pages_in_the_language_of_the_question_wait_for_no_translation() -> None:
    retriever, translator = Likely({"How much leave is there?": (LEAVE, 0.1)}), Saying(ask("never"))
    engine = QueryEngine(retriever, FakeChatModel(["29 days [1]."]), SameQuestion(), translator, AnswerSettings())

    async for _ in engine.ask(ask("How much leave is there?")):
        pass

    assert not translator.calls


async def test_what_there_is_to_ask_about_is_listed() -> None:
    """No page says which documents there are; nothing is searched, and no model is asked."""
    model, retriever = FakeChatModel(["Many."]), FakeRetriever((LEAVE, TRAVEL))
    answer = answer_of([event async for event in engine(model, retriever).ask(ask("Which documents do you have?"))])

    assert answer.text.startswith("You can ask about 1 document")
    assert LEAVE.document.name in answer.text
    assert not model.calls
    assert not retriever.calls


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thanks a lot!", IN_ENGLISH.welcome),
        ("hello", IN_ENGLISH.greeting),
        ("Vielen Dank!", wording("de").welcome),
        ("Bonjour !", wording("fr").greeting),
    ],
    ids=["thanks", "hello", "in-german", "in-french"],
)
async def test_small_talk_is_answered_at_once(text: str, said: str) -> None:
    """Neither pages nor a model are asked for it, and no page is said to come close."""
    model, retriever = FakeChatModel(["never"]), FakeRetriever((LEAVE,), nearest=(TRAVEL,))

    answer = answer_of([event async for event in engine(model, retriever).ask(ask(text))])

    assert (answer.text, answer.outcome, answer.nearest, model.calls) == (said, Outcome.NOT_FOUND, (), [])


async def test_an_invented_number_is_not_an_answer() -> None:
    """A draft that no page supports becomes NOT_FOUND and is not shown; what was removed is kept for `why`."""
    answer = answer_of(await run("You have 47 days of annual leave [1]."))

    assert (answer.outcome, answer.text) == (Outcome.NOT_FOUND, IN_ENGLISH.not_found)
    assert answer.citations == ()
    assert answer.removed
    assert answer.nearest == (LEAVE,)


async def test_a_bare_answer_is_checked_with_its_question() -> None:
    """`29` says nothing by itself, and a number of the page that is about something else does not answer."""
    right, wrong = answer_of(await run("29 days")), answer_of(await run("six hours"))

    assert (right.outcome, right.text) == (Outcome.ANSWERED, "29 days [1]")
    assert (wrong.outcome, wrong.text) == (Outcome.NOT_FOUND, IN_ENGLISH.not_found)


async def test_small_talk_is_passed_on() -> None:
    """It claims nothing, so there is nothing to be found."""
    answer = answer_of(await run("You're welcome!"))

    assert (answer.text, answer.is_chat) == ("You're welcome!", True)


ASKED = {
    "en": "How high is the rent in Paris?",
    "de": "Wie hoch ist die Miete in Paris?",
    "fr": "Quel est le loyer à Paris ?",
    "es": "¿Cuánto cuesta el alquiler en París?",
    "it": "Quanto costa l'affitto a Parigi?",
    "pt": "Quanto custa o aluguel em Paris?",
    "nl": "Hoe hoog is de huur in Parijs?",
}
REFUSED = {
    "en": "The documents do not answer this question.",
    "de": "Die Dokumente beantworten diese Frage nicht.",
    "fr": "Les documents ne répondent pas à cette question.",
    "es": "Los documentos no responden a esta pregunta.",
    "it": "I documenti non rispondono a questa domanda.",
    "pt": "Os documentos não respondem a esta pergunta.",
    "nl": "De documenten beantwoorden deze vraag niet.",
}


@pytest.mark.parametrize("language", WORDINGS)
@pytest.mark.parametrize("draft", [CANNOT_ANSWER, "its own", ""], ids=["refused", "in its language", "without sources"])
async def test_nothing_found_is_said_in_the_language_of_the_question(language: str, draft: str) -> None:
    """Whether no page was found, or a model refused, as it is told to or in the asker's language."""
    model = FakeChatModel([REFUSED[language] if draft == "its own" else draft])
    retriever = FakeRetriever((LEAVE,) if draft else (), nearest=(LEAVE,))

    answer = answer_of([event async for event in engine(model, retriever).ask(ask(ASKED[language]))])

    assert (answer.text, answer.outcome) == (WORDINGS[language].not_found, Outcome.NOT_FOUND)
    assert (answer.language, answer.is_chat) == (language, False)


async def test_a_sentence_without_support_is_flagged_in_the_language_of_the_question() -> None:
    model = FakeChatModel(["Nach fünf Jahren sind es 29 Tage [1]. In Paris sind es 47 Tage."])

    answer = answer_of([event async for event in engine(model, FakeRetriever((LEAVE,))).ask(ask(GERMAN))])

    assert answer.text.endswith(f"47 Tage. {wording('de').flag}")


async def test_a_follow_up_goes_on_in_the_language_of_its_thread() -> None:
    """Where nothing in it tells its own."""
    retriever = FakeRetriever(())
    follow_up = replace(ask("Berlin?"), turns=(Turn(GERMAN, "29 Tage."), Turn("Paris?", "Keine.")))

    answer = answer_of([event async for event in engine(FakeChatModel([]), retriever).ask(follow_up)])

    assert answer.text == wording("de").not_found


async def test_another_model_voids_what_was_streamed() -> None:
    """After a switch only the second model's text counts, and the note says why."""
    events = await run(
        Switched("groq/a", ""),
        "Broken ",
        Switched("groq/b", "groq/a broke off."),
        "After five years you have 29 days of annual leave [1].",
        Remark("The answer was cut."),
        Usage("groq/b", 900, 50, queue=0.25, completion_seconds=0.1, paced=1.0),
    )

    answer = answer_of(events)
    assert [type(event) for event in events] == [Delta, Restart, Delta, Done]
    assert "Broken" not in answer.text
    assert (answer.model, answer.note) == ("groq/b", "groq/a broke off. The answer was cut.")
    assert answer.timings.queue == pytest.approx(1.25)
    assert answer.timings.tokens_per_second == pytest.approx(500)
    assert answer.tokens == Tokens(900, 50)
    assert 0 <= answer.timings.retrieve <= (answer.timings.first_token or 0) <= answer.timings.total


async def test_the_place_in_the_queue_passes_through() -> None:
    events = await run(Waiting(2, 3.0), "After five years you have 29 days of annual leave [1].")

    assert events[0] == Waiting(2, 3.0)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        pytest.param("", "no question", id="empty"),
        pytest.param(" \n ", "no question", id="blank"),
        pytest.param("why " * 5_000, "too long", id="20,000 characters"),
    ],
)
async def test_questions_that_cannot_be_asked(text: str, notice: str) -> None:
    model, retriever = FakeChatModel(["never"]), FakeRetriever((LEAVE,))

    with pytest.raises(QuestionError, match=notice):
        await anext(engine(model, retriever).ask(ask(text)))

    assert (model.calls, retriever.calls) == ([], [])


async def test_an_error_of_the_model_is_not_swallowed() -> None:
    with pytest.raises(GenerationTimeoutError):
        await run("After five ", GenerationTimeoutError("The model was silent."))


async def test_a_dropped_question_stops_the_model() -> None:
    model = FakeChatModel(["one ", "two ", "three "])

    async with aclosing(engine(model, FakeRetriever((LEAVE,))).ask(ask("How much leave?"))) as events:
        await anext(events)

    assert model.closed == 1
