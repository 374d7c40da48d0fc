"""What drafts say that is not about the documents' subject."""

import re

import pytest

from bot.answer import Outcome
from bot.citations import verify
from bot.settings import AnswerSettings
from bot.verification.asides import absent_tail, goes_on, without_frame, without_not_given
from tests.benchmarks.verification import source
from tests.bot.verification_cases import PAGES

SOURCES = tuple(source(n, PAGES[name]) for n, name in enumerate(("leave", "travel", "policy", "german"), 1))
STRICT = AnswerSettings().strictness

REFUSALS = """
The sources do not mention the wifi password.
I cannot find this in the sources provided.
I don't know.
I don't have enough information to answer this question.
I am not able to provide that information.
I'm sorry, but I can't answer that question.
Sorry, this is not mentioned.
The question cannot be answered from the given sources.
No relevant information was found.
Not found.
N/A
Unknown.
The information is not available.
The stock price is not specified.
Nothing in the documents mentions dogs.
The sources only discuss travel and leave.
Neither source answers the question.
The documents are silent on this point.
The sources make no mention of a wifi password [1].
The sources lack information on this.
There isn't any information about that in the sources.
As an AI language model, I don't have access to real-time data.
Based on the sources, it is impossible to say.
It is unclear from the documents.
This question is outside the scope of the documents.
The question does not relate to the provided sources.
[1] does not mention the password.
Die Quellen beantworten diese Frage nicht.
Dazu finde ich nichts in den Quellen.
Ich kann diese Frage nicht beantworten.
Das WLAN-Passwort wird nicht genannt.
Es tut mir leid, ich habe keine Informationen darüber.
Les documents ne répondent pas à cette question.
Ces documents ne répondent pas à la question.
Cette question n'est pas traitée dans les documents.
Je ne trouve pas cette information dans les sources.
Désolé, je ne peux pas répondre.
Cette information n'est pas fournie.
Aucune des sources ne répond à la question.
Los documentos no responden a esta pregunta.
Estos documentos no responden a la pregunta.
No encuentro esa información en las fuentes.
Lo siento, no tengo información.
Ninguna de las fuentes menciona esto.
Non posso rispondere a questa domanda.
Le fonti non menzionano questo.
Questi documenti non rispondono alla domanda.
La risposta non si trova nei documenti.
Não encontrei informações sobre isso.
Os documentos não respondem a esta pergunta.
Estes documentos não respondem à questão.
Ik kan deze vraag niet beantwoorden.
De bronnen vermelden dit niet.
文档中没有提到这个问题的答案。
資料には記載されていません。
В документах нет информации об этом.
""".strip().splitlines()


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_is_understood_in_whatever_words(refusal: str) -> None:
    """Models refuse in their own words, and in the asker's language: nothing is claimed, something is absent."""
    verified = verify(refusal, SOURCES, STRICT)

    assert (verified.outcome, verified.claims, verified.absent) == (Outcome.NOT_FOUND, 0, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Unused days are not paid out [1].",
        "Later claims are not reimbursed [2].",
        "Alcoholic drinks are never reimbursed [2].",
        "Damage by groundwater is not covered [3].",
        "We do not cover damage by flooding [3].",
        "Während der Probezeit ist mobiles Arbeiten nicht zulässig [4].",
        "Ein Anspruch auf einen fest zugeordneten Schreibtisch besteht nicht [4].",
    ],
)
def test_a_page_that_says_no_is_an_answer(sentence: str) -> None:
    """`It is not covered` is what a page says, and no refusal."""
    verified = verify(sentence, SOURCES, STRICT)

    assert (verified.outcome, verified.absent) == (Outcome.ANSWERED, False)


@pytest.mark.parametrize(
    ("draft", "is_chat"),
    [
        pytest.param("You're welcome! Feel free to ask more.", True, id="thanks"),
        pytest.param("Hello! If you have a question, just ask.", True, id="greeting"),
        pytest.param("Sure! Employees receive 99 days of leave.", False, id="greeting and claim"),
        pytest.param("I'm sorry, I cannot answer that.", False, id="refusal"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_small_talk_is_told_from_answers(draft: str, is_chat: bool) -> None:
    """What says nothing of any document may be shown without a citation; a claim or a refusal may not."""
    assert verify(draft, SOURCES, STRICT).is_chat is is_chat


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        pytest.param("Sure! Here is the answer:\n\nYou get 25 days [1].", "You get 25 days [1].", id="here is"),
        pytest.param("Certainly! You get 25 days [1].", "You get 25 days [1].", id="exclamation"),
        pytest.param("**Answer:** You get 25 days [1].", "You get 25 days [1].", id="label"),
        pytest.param("Question: How many days?\nAnswer: 25 days [1].", "25 days [1].", id="echo"),
        pytest.param("To answer this, I'll look at the sources:\n\n25 days [1].", "25 days [1].", id="plan"),
        pytest.param("You get 25 days [1]. I hope this helps!", "You get 25 days [1].", id="hope"),
        pytest.param("You get 25 days [1].\n\nLet me know if you need more.", "You get 25 days [1].", id="let me know"),
        pytest.param("Based on the provided sources:\n- 25 days [1]", "- 25 days [1]", id="based on"),
        pytest.param(
            "Here are the limits per night:\n- 180 EUR", "Here are the limits per night:\n- 180 EUR", id="heading"
        ),
        pytest.param("Sure!", "Sure!", id="nothing else"),
        pytest.param("Sure-footed goats may stay.", "Sure-footed goats may stay.", id="only looks alike"),
    ],
)
def test_what_stands_around_an_answer_goes(draft: str, answer: str) -> None:
    """The answer comes first and last; an introduction that a list needs stays."""
    assert without_frame(draft) == answer


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("It costs 60 (no currency is printed) a year.", "It costs 60 a year."),
        ("It was 5 (in thousands; no currency stated).", "It was 5 (in thousands)."),
        ("It was 5 (in thousands, the currency is not given).", "It was 5 (in thousands)."),
        ("It was 5 (das Jahr ist nicht angegeben).", "It was 5 (das Jahr ist nicht angegeben)."),
        ("It is closed (no dogs).", "It is closed (no dogs)."),
        ("It is 5 (six in winter).", "It is 5 (six in winter)."),
    ],
)
def test_without_not_given(sentence: str, left: str):
    """Remarks in brackets on what is not printed are no claims; every other place stays where it was."""
    blanked = without_not_given(sentence)

    assert len(blanked) == len(sentence)
    assert re.sub(r"\(\s*\)", "", re.sub(r"\s+", " ", blanked)).replace("  ", " ").replace(" )", ")") == left


@pytest.mark.parametrize(
    ("sentence", "tail"),
    [
        ("The lock for the gate costs less than feared; the price itself is not given.", "; the price itself"),
        ("They cover fire and storm at home, and the Sources do not say whether floods.", ", and the Sources"),
        ("The fee rises to 60; it is due in May.", ""),
        ("Not given; the price is not given.", ""),
    ],
)
def test_absent_tail(sentence: str, tail: str):
    """A sentence may end by saying what is missing: what stands before is a claim like any other."""
    start = absent_tail(sentence)

    assert sentence[start:].startswith(tail) if tail else start == -1


@pytest.mark.parametrize(
    ("sentence", "goes"),
    [("It was 5.", True), ("Its motor is covered.", True), ("Sie beträgt 5.", True), ("Items cost 5.", False)],
)
def test_goes_on(sentence: str, goes: bool):
    """A sentence that begins with a pronoun is about what the one before is about."""
    assert goes_on(sentence) is goes
