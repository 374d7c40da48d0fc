"""Groq's and OpenAI's SDKs, unmodified, against a real server on loopback."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from bot.errors import (
    BrokenStreamError,
    GenerationError,
    GenerationRefusedError,
    GenerationTimeoutError,
    ModelUnavailableError,
    PromptTooLargeError,
    QuotaError,
    UnauthorisedError,
    UnreachableError,
)
from bot.models import Prompt, Remark, Switched, Token, Usage
from bot.models.groq import GroqHost
from bot.models.hosted import RESTART_REASON, Budget, HostedModel
from bot.models.openai_compatible import OpenAICompatibleHost
from bot.models.quota import Allowance, Limits
from bot.models.reading import CUT_REMARK, HIDDEN_REMARK, REPEATED_REMARK
from bot.models.streaming import Host, Served, Silence
from tests.bot.models.prompts import events_of, prompt, source, text_of
from tests.fake_llm import FakeLlm, Reply
from tests.fake_llm.script import decommissioned, google_error, groq_error, rate_limited, too_large, unauthorised

IMPATIENT = Budget(silence=Silence(0.3, 0.3))
WHOLE = "Employees get 30 days of annual leave [1]."


@dataclass
class Served1:
    """A server, a host that speaks to it, and how its one model is called."""

    llm: FakeLlm
    host: Host
    model: str

    def chat(self, *, budget: Budget | None = None, limits: Limits | None = None, **served: int) -> HostedModel:
        return HostedModel(
            self.host,
            Served(self.model, **served),
            Allowance(limits or Limits()),
            budget or Budget(silence=Silence(10, 10), patience_seconds=20),
        )


@pytest.fixture(params=["groq", "openai", "google"])
async def served(request):
    async with FakeLlm() as llm:
        hosts = {
            "groq": (GroqHost("Groq", "key", llm.url), "openai/gpt-oss-20b"),
            "openai": (OpenAICompatibleHost("openai", "The local server", "", llm.openai_url), "local-model"),
            "google": (OpenAICompatibleHost("google", "Google", "k", llm.google_url), "models/gemma-4-31b-it"),
        }
        host, model = hosts[request.param]
        await host.ready()
        yield Served1(llm, host, model)
        await host.aclose()


@pytest.fixture
async def groq(served):
    if served.host.provider != "groq":
        pytest.skip("Groq's own")
    return served


async def test_an_answer_is_streamed_with_the_providers_figures(served):
    """Token by token, then the usage."""
    events = await events_of(served.chat())

    assert text_of(events) == WHOLE
    assert sum(isinstance(event, Token) for event in events) > 5
    usage = events[-1]
    assert isinstance(usage, Usage)
    assert usage.model == served.chat().name
    assert usage.prompt_tokens > 100
    assert usage.completion_tokens > 5
    assert usage.completion_seconds == pytest.approx(usage.completion_tokens / 500)
    assert usage.queue == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("models/gemma-4-31b-it", "gemma-4-31b-it"),
        ("/srv/models/Small.Q4.gguf", "Small.Q4.gguf"),
        ("C:\\models\\Small.gguf", "Small.gguf"),
        ("openai/gpt-oss-20b", "openai/gpt-oss-20b"),
    ],
)
async def test_people_read_a_short_name(served, listed, shown):
    """Neither Google's prefix nor the folders of whoever runs the server are shown."""
    assert HostedModel(served.host, Served(listed), Allowance(Limits()), Budget()).name.endswith(f"/{shown}")


async def test_gemma_gets_one_message_and_gpt_oss_its_parameters(served):
    """Families know their roles and parameters; reasoning is not even sent where the API can leave it out."""
    await events_of(served.chat())
    body = served.llm.asked[0].body

    if served.host.provider == "groq":
        assert [message["role"] for message in body["messages"]] == ["system", "user"]
        assert (body["reasoning_effort"], body["include_reasoning"]) == ("low", False)
        assert "reasoning_format" not in body
        assert body["max_completion_tokens"] == 1_024 + 256
    if served.host.provider == "google":
        assert [message["role"] for message in body["messages"]] == ["user"]
        assert body["stop"] == ["<turn|>"]


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
async def test_reasoning_in_a_field_of_its_own_is_not_shown(served, field):
    """Only `content` is for people."""
    served.llm.enqueue(Reply(WHOLE, reasoning=["The user ", "asks"], reasoning_field=field))

    assert text_of(await events_of(served.chat())) == WHOLE


async def test_reasoning_in_the_text_is_not_shown(served):
    """Tags are filtered, also when they are split over chunks."""
    served.llm.enqueue(Reply(["<tho", "ught>The us", "er asks</thou", "ght>\n", WHOLE]))

    events = await events_of(served.chat())

    assert text_of(events) == WHOLE
    assert not any("user" in event.text for event in events if isinstance(event, Token))


async def test_text_that_turns_out_to_be_reasoning_is_void(served):
    """A closing tag that was never opened: what was shown before is taken back."""
    served.llm.enqueue(Reply(["The user asks. ", "So</think>", WHOLE]))

    assert text_of(await events_of(served.chat())) == WHOLE


@pytest.mark.parametrize(
    ("reply", "shows_text"),
    [
        (Reply("Employees get 30 days", break_after=2), True),
        (Reply("Employees get 30 days", finish=None), True),
        (Reply("Employees get 30 days", garbage_after=1), True),
        (Reply("<think>only thoughts"), False),
        (Reply(""), False),
        (Reply(status=503), False),
    ],
    ids=["connection cut", "no finish reason", "garbage", "only reasoning", "nothing", "HTTP 503"],
)
async def test_an_answer_that_breaks_off_is_started_again_once(served, reply, shows_text):
    """The reader gets the whole second try, and what was streamed of the first is declared void."""
    served.llm.enqueue(reply)

    events = await events_of(served.chat())

    assert text_of(events) == WHOLE
    assert len(served.llm.asked) == 2
    assert (Switched(served.chat().name, RESTART_REASON) in events) == shows_text


async def test_groqs_own_error_in_the_stream_is_no_end(groq):
    """`x_groq.error` in the last chunk means that the answer is not whole."""
    groq.llm.enqueue(Reply("Employees get", x_groq_error="over capacity"))

    assert text_of(await events_of(groq.chat())) == WHOLE


@pytest.mark.parametrize("reply", [Reply("Employees get 30 days", break_after=2), Reply("Employees", finish=None)])
async def test_an_answer_that_breaks_off_twice_is_an_error(served, reply):
    """A part is never passed for the whole."""
    served.llm.enqueue(reply, reply)

    with pytest.raises(BrokenStreamError):
        await events_of(served.chat())


@pytest.mark.parametrize("reply", [Reply(WHOLE, first_token_seconds=2), Reply(WHOLE, stall_after=2)])
async def test_silence_is_an_error_in_time(served, reply):
    """Before the first token and between two, a silent model has failed."""
    served.llm.enqueue(reply)

    with pytest.raises(GenerationTimeoutError):
        await asyncio.wait_for(events_of(served.chat(budget=IMPATIENT)), 1.5)


async def test_the_first_word_may_take_longer_than_the_next(served):
    """Reading the prompt is the slow part for a local model; an early empty chunk does not end that time."""
    served.llm.enqueue(Reply(WHOLE, first_token_seconds=0.9), Reply(WHOLE, token_seconds=0.9))
    chat = served.chat(budget=Budget(silence=Silence(first=8, between=0.5)))

    assert text_of(await events_of(chat)) == WHOLE
    with pytest.raises(GenerationTimeoutError):
        await events_of(chat)


async def test_a_host_too_slow_to_read_a_prompt_is_given_less_next_time(served):
    """A local model without a GPU reads a page a second; half the Sources in time are worth more than all too late."""
    served.llm.enqueue(Reply(WHOLE, first_token_seconds=2))
    chat, pages = served.chat(budget=IMPATIENT), prompt(WHOLE, *["filler words go here " * 150] * 8)
    with pytest.raises(GenerationTimeoutError):
        await events_of(chat, pages)
    await events_of(chat, pages)

    first, second = (len(asked.text) for asked in served.llm.asked)
    assert second == pytest.approx(first / 2, rel=0.3)


async def test_a_model_that_repeats_itself_is_stopped(served):
    """Small models loop; the reader gets the answer once, with a remark, and the rest is not waited for."""
    sentence = "The notice period is two weeks during probation [1].\n\n"
    served.llm.enqueue(Reply("Well. " + sentence * 400, token_seconds=0.002))

    events = await events_of(served.chat())

    assert text_of(events) == "Well. " + sentence.strip()
    assert Remark(REPEATED_REMARK) in events
    assert sum(isinstance(event, Token) for event in events) < 100


async def test_sources_of_the_models_own_making_are_left_out(served):
    """A model that goes on with another <source> has ended its answer."""
    served.llm.enqueue(Reply('Thirty days [1].\n</source>\n<source n="9">Forty days'))

    assert text_of(await events_of(served.chat())) == "Thirty days [1]."


async def test_a_slow_model_is_not_a_silent_one(served):
    """Whoever says something now and then may take longer than the limit in all."""
    served.llm.enqueue(Reply(WHOLE, token_seconds=0.1))

    assert text_of(await events_of(served.chat(budget=Budget(silence=Silence(0.4, 0.4))))) == WHOLE


async def test_an_answer_cut_at_its_limit_is_told(served):
    """`finish_reason: length` is an answer with a remark."""
    served.llm.enqueue(Reply("Employees get", finish="length"))

    events = await events_of(served.chat())

    assert Remark(CUT_REMARK) in events
    assert text_of(events) == "Employees get"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("Staff get 30 days [1]. Part-time staff do not", "Staff get 30 days [1].", id="sentence"),
        pytest.param("- 30 days\n- 12 mon", "- 30 days", id="line"),
        pytest.param("Staff get 30 days [1].", "Staff get 30 days [1].", id="whole"),
    ],
)
async def test_half_a_sentence_is_taken_back(served, said, shown):
    """`Part-time staff do not` says what nobody meant to say."""
    served.llm.enqueue(Reply(said, finish="length"))

    events = await events_of(served.chat())

    assert text_of(events) == shown
    assert Remark(CUT_REMARK) in events


async def test_reasoning_that_ate_the_budget_is_an_error(served):
    """Cut before a word was visible: asking again would only do the same."""
    served.llm.enqueue(Reply("<think>on and on", finish="length"))

    with pytest.raises(GenerationError, match="no answer"):
        await events_of(served.chat())


async def test_an_end_inside_reasoning_is_told(served):
    """The visible part is kept, with a remark."""
    served.llm.enqueue(Reply("Thirty days [1]. <think>but"))

    assert Remark(HIDDEN_REMARK) in await events_of(served.chat())


async def test_the_content_filter_is_a_refusal(served):
    """Neither an answer nor something to try again."""
    served.llm.enqueue(Reply("Employees", finish="content_filter"))

    with pytest.raises(GenerationRefusedError):
        await events_of(served.chat())


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (decommissioned("m"), ModelUnavailableError),
        (unauthorised(), UnauthorisedError),
        (google_error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"), UnauthorisedError),
        (rate_limited(700, "tokens per day (TPD)"), QuotaError),
        (rate_limited(30), QuotaError),
        (groq_error(400, "something else"), GenerationError),
        (Reply(status=404, error="<html>no</html>"), ModelUnavailableError),
    ],
    ids=["decommissioned", "key", "Google's key", "day", "longer than patience", "bad request", "wrong address"],
)
async def test_a_refusal_is_raised_at_once(served, reply, expected):
    """What waiting cannot mend is left to the chain after one request."""
    served.llm.enqueue(reply)

    with pytest.raises(expected):
        await events_of(served.chat())
    assert len(served.llm.asked) == 1


async def test_a_server_that_is_not_there_is_unreachable(served):
    """A connection error is told as such, after one more try."""
    await served.llm.__aexit__()

    with pytest.raises(UnreachableError):
        await events_of(served.chat())


async def test_a_429_is_waited_out(served):
    """`retry-after` is honoured, and the reader is told to wait."""
    served.llm.enqueue(rate_limited(1.2))

    events = await events_of(served.chat())

    assert text_of(events) == WHOLE
    assert served.llm.asked[1].at - served.llm.asked[0].at >= 1.2
    assert [event.position for event in events if type(event).__name__ == "Waiting"] == [1]
    assert events[-1].paced > 1.0  # counted from when the refusal was read


async def test_a_413_costs_sources_and_not_the_answer(served):
    """The prompt shrinks by the refusal's own figures and is sent once more."""
    served.llm.enqueue(too_large(2_500, 4_200))
    pages = prompt(WHOLE, *["filler " * 300] * 6)

    events = await events_of(served.chat(), pages)

    assert text_of(events)
    first, second = (len(asked.text) for asked in served.llm.asked)
    assert second < first / 2


async def test_a_second_413_is_an_error(served):
    """Once is enough: the next model may have more room."""
    served.llm.enqueue(too_large(2_500, 4_200), too_large(2_500, 4_200))

    with pytest.raises(PromptTooLargeError):
        await events_of(served.chat())


async def test_a_context_that_turns_out_smaller_is_remembered(served):
    """llama.cpp tells its context only in the refusal; later questions fit at once."""
    refusal = {"message": "too long", "type": "exceed_context_size_error", "n_ctx": 2_048, "n_prompt_tokens": 5_000}
    served.llm.enqueue(Reply(status=400, error={"error": refusal}))
    chat = served.chat()
    pages = prompt(*["Employees get leave. " * 200] * 8)
    await events_of(chat, pages)
    await events_of(chat, pages)

    assert len(served.llm.asked) == 3
    assert len(served.llm.asked[2].text) == pytest.approx(len(served.llm.asked[1].text), rel=0.25)


@pytest.mark.parametrize("refused", [{"stream_options"}, {"temperature", "stop"}, {"max_tokens"}, {"reasoning_effort"}])
async def test_a_host_that_refuses_a_parameter_is_asked_without_it(served, refused):
    """Optional parameters are dropped or renamed, and that is remembered."""
    served.llm.refuses_parameters = refused
    chat = served.chat()
    await events_of(chat)
    before = len(served.llm.asked)

    assert text_of(await events_of(chat)) == WHOLE
    assert len(served.llm.asked) == before + 1


async def test_hosts_without_usage_or_headers_work(served):
    """A bare server gives text and a finish reason; nothing else is needed."""
    served.llm.enqueue(Reply(WHOLE, usage={}))

    events = await events_of(served.chat(limits=Limits(tokens_per_minute=8_000, assumed=True)))

    assert text_of(events) == WHOLE
    assert events[-1] == replace(Usage(served.chat().name), paced=events[-1].paced)


async def test_a_reader_who_goes_away_stops_the_request(served):
    """Closing the stream closes the connection: nobody pays for the rest."""
    served.llm.enqueue(Reply("word " * 5_000, token_seconds=0.01))
    async with aclosing(served.chat().stream(prompt())) as events:
        await anext(events)
        assert served.llm.open_streams == 1
    for _ in range(100):
        if not served.llm.open_streams:
            break
        await asyncio.sleep(0.02)

    assert served.llm.open_streams == 0


async def test_a_cancelled_question_gives_its_reservation_back(served):
    """Cancelled while waiting for its turn, it leaves the queue for the next."""
    limits = Limits(tokens_per_minute=4_000, minute=30.0)
    chat = served.chat(limits=limits, budget=Budget(max_completion_tokens=900, patience_seconds=60))
    await events_of(chat, prompt(*["filler " * 400] * 4))
    waiting = [asyncio.create_task(events_of(chat, prompt(*["filler " * 400] * 4))) for _ in range(3)]
    await asyncio.sleep(0.1)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert chat._allowance._queue == chat._allowance._queue.__class__()
    assert not chat._allowance._under_way


async def test_a_short_text_is_completed_without_waiting(served):
    """What condenses a question neither queues nor shows reasoning."""
    served.llm.enqueue(Reply("<think>hm</think> How many days of leave do contractors get? "))

    text = await served.chat().complete(prompt_messages(), 80)

    assert text == "How many days of leave do contractors get?"


def prompt_messages():
    from bot.prompt import build_messages

    return build_messages(Prompt(prompt().question, [source(1, "x")]))


async def test_the_list_of_models_needs_nothing_but_ids(served):
    """Hosts leave out created, active and context; what is there is used, and inactive models are not."""
    flavour = served.host.provider
    served.llm.models[flavour] = [
        {"id": "bare"},
        {"id": "off", "active": False},
        {"id": "full", "created": 7, "context_window": 8_192, "max_completion_tokens": 4_096},
        {"id": "vllm", "max_model_len": 4_096},
        {"id": "llama.cpp", "meta": {"n_ctx": 2_048}},
    ]

    assert await served.host.served() == (
        Served("bare"),
        Served("full", created=7, context=8_192, max_completion=4_096),
        Served("vllm", context=4_096),
        Served("llama.cpp", context=2_048),
    )


@pytest.mark.parametrize("path", ["", "/", "/openai", "/openai/v1", "/openai/v1/"])
async def test_groqs_documented_address_works_with_its_path(path):
    """People copy https://api.groq.com/openai/v1; the SDK adds that path itself."""
    async with FakeLlm() as llm:
        host = GroqHost("Groq", "", f"{llm.url}{path}")

        assert [model.id for model in await host.served()] == ["openai/gpt-oss-20b"]
        await host.aclose()
