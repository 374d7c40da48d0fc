"""The chain over real hosts on loopback: which model answers, what if it does not, and what people are told."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.errors import BusyError, GenerationError, ModelUnavailableError, QuotaError
from bot.models import Switched, Token, Usage
from bot.models import chain as chain_module
from bot.models.providers import build_chain
from bot.settings import Settings
from ingest.settings import SettingsError
from tests.bot.models.prompts import Quotations, events_of, prompt, text_of
from tests.fake_llm import FakeLlm, Quota, Reply, model
from tests.fake_llm.script import decommissioned, rate_limited, unauthorised

GPT_OSS = "groq/openai/gpt-oss-20b"
GEMMA = "google/gemma-4-31b-it"
WHOLE = "Employees get 30 days of annual leave [1]."


class Clock:
    """Time that tests move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
async def llm():
    async with FakeLlm() as server:
        yield server


@asynccontextmanager
async def chain_for(llm: FakeLlm | None, *providers: str, clock: Clock | None = None, **values: object):
    """A chain whose providers are all served by one server; `started` with its lists read."""
    addresses = {
        "groq": {"groq_base_url": llm.url if llm else "", "groq_api_key": "key"},
        "google": {"google_api_base": llm.google_url if llm else "", "google_api_key": "key"},
        "openai": {"openai_base_url": llm.openai_url if llm else ""},
    }
    for provider in providers:
        values = {**addresses[provider], **values}
    async with build_chain(Settings(**values), Quotations(), clock=clock or time.monotonic) as running:
        if llm and providers:
            await running.refresh()
        yield running


def switches(events: list[object]) -> list[Switched]:
    return [event for event in events if isinstance(event, Switched)]


def answered_by(events: list[object]) -> str:
    return switches(events)[-1].model


def serves(llm: FakeLlm, *names: str) -> None:
    llm.models["groq"] = [model(name, created=1_000 + at) for at, name in enumerate(names)]


async def test_without_gemma_groqs_next_model_answers_and_says_why(llm):
    """The default chain stays on Groq, honestly."""
    async with chain_for(llm, "groq") as chain:
        events = await events_of(chain)

        assert chain.name == GPT_OSS
    assert text_of(events) == WHOLE
    assert len(switches(events)) == 1
    assert answered_by(events) == GPT_OSS
    assert "lists no Gemma" in switches(events)[0].reason


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["gemma-7b-it", "gemma2-9b-it", "openai/gpt-oss-20b"], "groq/gemma2-9b-it"),
        (["google/gemma-3-27b-it", "gemma2-9b-it"], "groq/google/gemma-3-27b-it"),
        (["gemma-10-9b", "gemma-4-31b"], "groq/gemma-10-9b"),
        (["gemma-4-31b-it", "gemma-4-26b-a4b-it"], "groq/gemma-4-26b-a4b-it"),
        (["Gemma-4-31B-it", "shieldgemma-9b"], "groq/Gemma-4-31B-it"),
    ],
    ids=["by version", "with a vendor", "ten is after four", "then by date", "capitals"],
)
async def test_a_pattern_means_the_newest_gemma_that_is_served(llm, names, expected):
    """By the version in the name, then by when it was made."""
    serves(llm, *names)
    async with chain_for(llm, "groq") as chain:
        events = await events_of(chain)

    assert answered_by(events) == expected
    assert switches(events)[0].reason == ""


async def test_a_host_with_other_models_answers_with_its_own(llm):
    """GROQ_BASE_URL may be any server; its speech and guard models are not asked."""
    serves(llm, "whisper-large-v3", "llama-guard-4", "SmolLM2-135M", "nomic-embed-text")
    async with chain_for(llm, "groq") as chain:
        events = await events_of(chain)

    assert answered_by(events) == "groq/SmolLM2-135M"
    reason = switches(events)[0].reason
    assert reason.startswith("The model server at 127.0.0.1:")
    assert reason.endswith(" lists no Gemma and no openai/gpt-oss-20b.")


async def test_a_bare_list_is_enough(llm):
    """A local server's list has ids, and nothing else."""
    llm.models["groq"] = [{"id": "some.gguf"}]
    async with chain_for(llm, "groq") as chain:
        assert answered_by(await events_of(chain)) == "groq/some.gguf"


async def test_a_model_may_be_listed_by_its_path(llm):
    """llama.cpp's id is the path of the file: it is asked by that, and shown and configured by the file's name."""
    llm.models["groq"] = [{"id": "/srv/models/Small.Q4.gguf", "meta": {"n_ctx": 4_096}}]
    async with chain_for(llm, "groq", models=("groq/Small.Q4.gguf", "extractive")) as chain:
        assert answered_by(await events_of(chain)) == "groq/Small.Q4.gguf"
    assert llm.asked[0].model == "/srv/models/Small.Q4.gguf"


async def test_a_local_server_needs_no_key(llm):
    """`openai/*` takes what OPENAI_BASE_URL serves."""
    async with chain_for(llm, "openai") as chain:
        events = await events_of(chain)

    assert answered_by(events) == "openai/local-model"
    assert switches(events)[0].reason == ""


async def test_gemma_on_google_answers_where_only_google_is_set_up(llm):
    """And its name has no listing prefix."""
    async with chain_for(llm, "google") as chain:
        assert answered_by(await events_of(chain)) == GEMMA


async def test_openai_itself_is_only_asked_for_a_model_that_is_named():
    """A key in the environment is no permission to send documents to whatever model a pattern finds."""
    async with chain_for(None, openai_api_key="sk-1") as chain:
        events = await events_of(chain)

    assert answered_by(events) == "extractive"
    told = {choice.pattern: choice.reason for choice in chain.choices()}
    assert "has to name the model" in told["openai/*"]


async def test_with_nothing_set_up_there_are_quotations_and_no_request():
    """No key, no network, and a note that says so."""
    async with chain_for(None) as chain:
        events = await events_of(chain)

        assert chain.name == "extractive"
    assert switches(events)[0] == Switched("extractive", "No language model is set up, so these are quotations.")


async def test_quotations_by_choice_need_no_reason():
    """`models: [extractive]` is a decision."""
    async with chain_for(None, models=("extractive",)) as chain:
        assert switches(await events_of(chain)) == [Switched("extractive", "")]


async def test_a_model_decommissioned_in_mid_service_is_replaced_with_one_log_line(llm):
    """The next question is answered by the next model; the one after does not even ask the old one."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    async with chain_for(llm, "groq") as chain:
        assert answered_by(await events_of(chain)) == "groq/gemma2-9b-it"
        llm.decommission("gemma2-9b-it")
        with capture_logs() as logs:
            events = await events_of(chain)
            later = [await events_of(chain) for _ in range(5)]
            await chain.refresh()

    assert answered_by(events) == GPT_OSS
    assert text_of(events) == WHOLE
    assert "does not serve gemma2-9b-it" in switches(events)[-1].reason
    assert all(answered_by(one) == GPT_OSS for one in later)
    assert [asked.model for asked in llm.asked].count("gemma2-9b-it") == 2
    assert [(line["event"], line["model"]) for line in logs] == [("model_set_aside", "groq/gemma2-9b-it")]


async def test_thirty_questions_at_once_make_one_log_line_too(llm):
    """Questions that meet the same failure at the same time are all answered."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    async with chain_for(llm, "groq") as chain:
        llm.decommission("gemma2-9b-it")
        with capture_logs() as logs:
            answers = await asyncio.gather(*(events_of(chain) for _ in range(30)))

    assert all(text_of(events) == WHOLE for events in answers)
    assert len(logs) == 1


async def test_a_model_that_is_back_is_used_again(llm):
    """After an hour one question tries; when it succeeds, the rest is over."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    clock = Clock()
    async with chain_for(llm, "groq", clock=clock) as chain:
        llm.decommission("gemma2-9b-it")
        await events_of(chain)
        llm.gone.clear()
        assert answered_by(await events_of(chain)) == GPT_OSS
        clock.ahead = 3_700
        with capture_logs() as logs:
            assert answered_by(await events_of(chain)) == "groq/gemma2-9b-it"
            assert answered_by(await events_of(chain)) == "groq/gemma2-9b-it"

    assert [line["event"] for line in logs] == ["model_back"]


async def test_a_model_still_gone_after_its_rest_costs_one_question_one_try(llm):
    """A failed trial is no new line in the log."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    clock = Clock()
    async with chain_for(llm, "groq", clock=clock) as chain:
        llm.decommission("gemma2-9b-it")
        await events_of(chain)
        clock.ahead = 3_700
        with capture_logs() as logs:
            answers = [await events_of(chain) for _ in range(3)]

    assert all(answered_by(events) == GPT_OSS for events in answers)
    assert [asked.model for asked in llm.asked].count("gemma2-9b-it") == 2
    assert logs == []


async def test_of_many_questions_at_once_one_tries_a_model_again(llm):
    """The others do not wait for what may still be gone."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    clock = Clock()
    async with chain_for(llm, "groq", clock=clock) as chain:
        llm.decommission("gemma2-9b-it")
        await events_of(chain)
        clock.ahead = 3_700
        await asyncio.gather(*(events_of(chain) for _ in range(10)))

    assert [asked.model for asked in llm.asked].count("gemma2-9b-it") == 2


async def test_a_model_that_is_gone_has_the_list_read_anew(llm):
    """What else has changed is known before the hour is over."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    async with chain_for(llm, "groq") as chain:
        await asyncio.sleep(0.05)
        before = llm.list_requests
        llm.decommission("gemma2-9b-it")
        await events_of(chain)
        for _ in range(50):
            if llm.list_requests > before:
                break
            await asyncio.sleep(0.02)

    assert llm.list_requests == before + 1


async def test_a_refused_key_sets_the_whole_provider_aside_until_it_is_right(llm):
    """All of Groq's models share the key; the list, read in the background, tells when it works again."""
    llm._key = "another key"
    async with chain_for(llm, "groq") as chain:
        events = await events_of(chain)
        assert answered_by(events) == "extractive"
        assert "refuses the API key" in switches(events)[-1].reason
        assert len(llm.asked) == 0
        llm._key = ""
        with capture_logs() as logs:
            await chain.refresh()
            assert answered_by(await events_of(chain)) == GPT_OSS

    assert [line["event"] for line in logs] == ["model_back", "model_chosen"]


async def test_a_key_refused_in_mid_service_moves_on_to_the_next_provider(llm):
    """The same question is answered by the other provider."""
    async with chain_for(llm, "groq", "google") as chain:
        llm.enqueue(unauthorised(), model="openai/gpt-oss-20b")
        events = await events_of(chain)

    assert answered_by(events) == GEMMA
    assert text_of(events) == WHOLE


async def test_the_days_quota_is_told_with_its_end_and_the_next_model_answers(llm):
    """A day's exhaustion is remembered until it ends."""
    clock = Clock()
    async with chain_for(llm, "groq", "google", clock=clock) as chain:
        llm.enqueue(rate_limited(7_200, "tokens per day (TPD)"), model="openai/gpt-oss-20b")
        first, second = await events_of(chain), await events_of(chain)
        assert answered_by(first) == answered_by(second) == GEMMA
        assert "for today" in switches(second)[0].reason
        assert "UTC" in switches(second)[0].reason
        assert [asked.model for asked in llm.asked].count("openai/gpt-oss-20b") == 1
        clock.ahead = 7_300
        assert answered_by(await events_of(chain)) == GPT_OSS


async def test_a_provider_that_is_down_leaves_quotations_and_comes_back(llm):
    """A reason, no stack trace, no second wait for the dead connection; and back when it is back."""
    async with chain_for(llm, "groq") as chain:
        assert answered_by(await events_of(chain)) == GPT_OSS
        await llm.__aexit__()
        events = await events_of(chain)
        assert answered_by(events) == "extractive"
        assert text_of(events).startswith("Employees get")
        assert "cannot be reached" in switches(events)[-1].reason
        began = time.monotonic()
        await events_of(chain)
        assert time.monotonic() - began < 0.2
        await llm.restart()
        await chain.refresh()
        assert answered_by(await events_of(chain)) == GPT_OSS


async def test_a_provider_down_from_the_start_does_not_stop_the_start():
    """No list, no server: quotations, with the reason."""
    async with FakeLlm() as gone:
        pass
    async with chain_for(gone, "groq") as chain:
        events = await events_of(chain)

    assert answered_by(events) == "extractive"
    assert "cannot be reached" in switches(events)[-1].reason


async def test_an_answer_that_breaks_off_twice_is_written_by_the_next_model(llm):
    """Everything streamed before is void, and the reader is told why."""
    async with chain_for(llm, "groq", "google") as chain:
        broken = Reply("Employees get 300", break_after=2)
        llm.enqueue(broken, broken, model="openai/gpt-oss-20b")
        events = await events_of(chain)

    assert [event.model for event in switches(events)] == [GPT_OSS, GPT_OSS, GEMMA]
    assert text_of(events) == WHOLE
    assert "broke off" in switches(events)[-1].reason


async def test_a_restart_keeps_why_this_model_answers(llm):
    """The reason of a restart is added to that of the choice."""
    async with chain_for(llm, "groq") as chain:
        llm.enqueue(Reply("Employees get", break_after=1))
        reasons = [event.reason for event in switches(await events_of(chain))]

    assert reasons[1].startswith(reasons[0])
    assert "started again" in reasons[1]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Employees", finish="content_filter"),
        Reply(status=400, error={"error": {"message": "no"}}),
        Reply(status=413, error={"error": {"message": "too large"}}),
        rate_limited(500),
        Reply(status=500),
        Reply("<think>on", finish="length"),
    ],
    ids=["content filter", "bad request", "too large", "long wait", "server error", "only reasoning"],
)
async def test_whatever_stops_one_model_the_next_answers_the_same_question(llm, reply):
    """Nobody is left with an error while another model can answer."""
    async with chain_for(llm, "groq", "google") as chain:
        llm.enqueue(reply, reply, model="openai/gpt-oss-20b")
        events = await events_of(chain)

    assert answered_by(events) == GEMMA
    assert text_of(events) == WHOLE
    assert switches(events)[-1].reason


async def test_a_question_that_met_a_failure_of_its_own_does_not_set_the_model_aside(llm):
    """A refused or too long question says nothing about the next one."""
    async with chain_for(llm, "groq", "google") as chain:
        llm.enqueue(Reply("x", finish="content_filter"), model="openai/gpt-oss-20b")
        await events_of(chain)

        assert answered_by(await events_of(chain)) == GPT_OSS


async def test_a_silent_model_is_set_aside(llm):
    """Nobody else waits for it in vain."""
    async with chain_for(llm, "groq", answer={"timeout_seconds": 0.3}) as chain:
        llm.enqueue(Reply(WHOLE, first_token_seconds=9))
        assert answered_by(await events_of(chain)) == "extractive"
        began = time.monotonic()
        await events_of(chain)

    assert time.monotonic() - began < 0.2


async def test_without_quotations_the_error_tells_when(llm):
    """A chain without a last resort raises what helps most."""
    async with chain_for(llm, "groq", models=("groq/openai/gpt-oss-20b",)) as chain:
        llm.enqueue(rate_limited(900))
        with pytest.raises(QuotaError) as raised:
            await events_of(chain)
        assert raised.value.retry_after == pytest.approx(900, rel=0.1)
        llm.gone.add("openai/gpt-oss-20b")
        chain._models.clear()
        with pytest.raises(ModelUnavailableError):
            await events_of(chain)
        with pytest.raises(GenerationError, match=r"No model can answer.*does not serve"):
            await events_of(chain)


async def test_over_the_bound_a_question_is_told_that_it_is_busy(llm):
    """Where no other model is left, the full queue is an error of its own."""
    llm.quotas["openai/gpt-oss-20b"] = Quota(tokens_per_minute=3_000)
    quota = {"waiting": 1, "tokens_per_minute": 3_000, "patience_seconds": 600}
    async with chain_for(llm, "groq", models=("groq/openai/gpt-oss-20b",), quota=quota) as chain:
        await events_of(chain)
        waiting = [asyncio.create_task(events_of(chain)) for _ in range(3)]
        done, still = await asyncio.wait(waiting, timeout=1)
        for task in still:
            task.cancel()
        await asyncio.gather(*still, return_exceptions=True)

    assert any(isinstance(task.exception(), BusyError) for task in done)


async def test_a_wait_beyond_patience_goes_to_the_next_model_with_a_note(llm):
    """Rather than sit in the queue, the question is answered by somebody who has time."""
    llm.quotas["openai/gpt-oss-20b"] = Quota(tokens_per_minute=3_000)
    async with chain_for(llm, "groq", "google", quota={"patience_seconds": 2.0, "tokens_per_minute": 3_000}) as chain:
        answers = [await events_of(chain) for _ in range(3)]

    assert [answered_by(events) for events in answers][-1] == GEMMA
    assert "Too many questions" in switches(answers[-1])[-1].reason


async def test_a_question_does_not_wait_for_a_list_it_does_not_need(llm):
    """A model named in full is asked although the list hangs."""
    llm.list_reply = Reply(status=200, first_token_seconds=5)
    built = build_chain(Settings(groq_base_url=llm.url, models=("groq/openai/gpt-oss-20b", "groq/*")), Quotations())
    async with built as chain:
        await asyncio.wait_for(asyncio.shield(chain._catalogues["groq"].host.ready()), 10)
        events = await asyncio.wait_for(events_of(chain), 1)

    assert answered_by(events) == GPT_OSS


async def test_a_question_waits_a_little_for_the_first_list_and_never_for_a_later_one(llm, monkeypatch):
    """A pattern means nothing before the first list; afterwards the old list is good enough."""
    monkeypatch.setattr(chain_module, "FIRST_LIST_SECONDS", 0.3)
    settings = Settings(groq_base_url=llm.url)
    llm.list_reply = Reply(status=200, first_token_seconds=5)
    async with build_chain(settings, Quotations()) as chain:
        await chain._catalogues["groq"].host.ready()
        events = await asyncio.wait_for(events_of(chain), 2)
        assert answered_by(events) == GPT_OSS
    llm.list_reply = None
    async with build_chain(settings, Quotations()) as chain:
        assert answered_by(await events_of(chain)) == GPT_OSS
        llm.list_reply = Reply(status=200, first_token_seconds=5)
        refreshing = asyncio.create_task(chain.refresh())
        await asyncio.sleep(0.05)
        events = await asyncio.wait_for(events_of(chain), 0.25)
        refreshing.cancel()
        await asyncio.gather(refreshing, return_exceptions=True)

    assert answered_by(events) == GPT_OSS


@pytest.mark.parametrize(
    "reply", [Reply(status=404, error="<html>"), Reply(error="not json"), Reply(error={"data": None}), Reply(error=[1])]
)
async def test_a_host_without_a_readable_list_is_still_asked_for_the_model_that_is_named(llm, reply):
    """Not every OpenAI-compatible host has a list."""
    llm.list_reply = reply
    async with chain_for(llm, "openai", models=("openai/local-model", "extractive")) as chain:
        events = await events_of(chain)

    if reply.error == {"data": None}:
        assert answered_by(events) == "extractive"
    else:
        assert answered_by(events) == "openai/local-model"


async def test_a_server_without_a_list_answers_and_says_so(llm):
    """The sentences below an answer read well with a host that has no name."""
    llm.list_reply = Reply(status=404, error="<html>")
    async with build_chain(Settings(groq_base_url=llm.url), Quotations()) as chain:
        await chain.refresh()
        llm.enqueue(rate_limited(900))
        reason = switches(await events_of(chain))[-1].reason

    assert "The model server at 127.0.0.1" in reason
    assert "has no list of models." in reason
    assert "minute of the model server" in reason


async def test_choices_explain_every_line(llm):
    """`doctor` and `status` show what each line of `models:` means now, and why."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    async with chain_for(llm, "groq") as chain:
        llm.enqueue(decommissioned("gemma2-9b-it"), model="gemma2-9b-it")
        await events_of(chain)
        choices = chain.choices()

    assert [(choice.pattern, choice.model, choice.is_used) for choice in choices] == [
        ("groq/gemma*", "groq/gemma2-9b-it", False),
        ("groq/openai/gpt-oss-20b", GPT_OSS, True),
        ("groq/*", GPT_OSS, False),
        ("google/gemma*", "", False),
        ("openai/*", "", False),
        ("extractive", "extractive", False),
    ]
    reasons = [choice.reason for choice in choices]
    assert "does not serve" in reasons[0]
    assert "UTC" in reasons[0]
    assert reasons[1] == "Answers questions now."
    assert reasons[3] == "GOOGLE_API_KEY is not set."
    assert reasons[5].startswith("Stands by")


async def test_a_short_text_comes_from_the_model_that_answers(llm):
    """Follow-ups are condensed by the chain's present choice, and never by quotations."""
    async with chain_for(llm, "groq") as chain:
        llm.enqueue("How many days of leave do contractors get?")
        assert (await chain.complete([], 60)).startswith("How many")
    async with chain_for(None) as chain:
        with pytest.raises(ModelUnavailableError):
            await chain.complete([], 60)


async def test_usage_is_passed_on(llm):
    """Speed is shown from the provider's own figures."""
    async with chain_for(llm, "groq") as chain:
        events = await events_of(chain)

    assert isinstance(events[-1], Usage)
    assert sum(isinstance(event, Token) for event in events) > 3


@pytest.mark.parametrize("line", ["gpt-5", "bedrock/claude", "groq", "groq/", "Extractive"])
def test_a_line_that_names_no_provider_stops_the_start(line):
    """A typo in `models:` is found before the first question."""
    with pytest.raises(SettingsError, match="is not a model"):
        build_chain(Settings(models=(line,)), Quotations())


async def test_no_question_or_source_reaches_the_log(llm):
    """Logs say which model and why, nothing of what was asked."""
    serves(llm, "gemma2-9b-it", "openai/gpt-oss-20b")
    async with chain_for(llm, "groq") as chain:
        llm.decommission("gemma2-9b-it")
        with capture_logs() as logs:
            await events_of(chain, prompt("Employees get a secret number of days."))

    assert "secret" not in str(logs)
    assert "annual leave" not in str(logs)
