from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.errors import (
    BrokenStreamError,
    GenerationError,
    GenerationRefusedError,
    ModelUnavailableError,
    PromptTooLargeError,
    QuotaError,
    UnauthorisedError,
    UnreachableError,
)
from bot.models.failures import ParameterRefused, failure_of, parse_duration
from tests.fake_llm.script import (
    Reply,
    decommissioned,
    google_error,
    groq_error,
    not_found,
    rate_limited,
    too_large,
    unauthorised,
)


class SdkError(Exception):
    """The attributes that both SDKs' errors have."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"Error code: {reply.status}")
        self.status_code = reply.status
        self.body = reply.error
        self.response = SimpleNamespace(headers=reply.headers)


def openai_error(status: int, message: str, **fields: object) -> Reply:
    """The OpenAI SDK unwraps the body."""
    return Reply(status=status, error={"message": message, **fields})


LLAMA_CPP = openai_error(400, "too long", type="exceed_context_size_error", n_ctx=2048, n_prompt_tokens=3111)
VLLM = (
    "This model's maximum context length is 4096 tokens. "
    "However, you requested 5000 tokens (4400 in the messages, 600 in the completion)."
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2m59.56s", 179.56),
        ("7.66s", 7.66),
        ("120ms", 0.12),
        ("1h2m3s", 3723),
        ("1d", 86400),
        ("12", 12),
        ("0", 0),
        ("", None),
        ("soon", None),
        ("5 parsecs", None),
        ("-3", None),
        ("nan", None),
    ],
)
def test_durations_are_read_as_groq_writes_them(text, seconds):
    """Anything that is not a duration is None, never an exception."""
    assert parse_duration(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (decommissioned("m"), ModelUnavailableError),
        (not_found("m"), ModelUnavailableError),
        (Reply(status=404, error="<html>not here</html>"), ModelUnavailableError),
        (groq_error(403, "blocked", "model_permission_blocked_project"), ModelUnavailableError),
        (unauthorised(), UnauthorisedError),
        (Reply(status=403, error={"error": {"message": "Access denied. Check your network."}}), UnauthorisedError),
        (google_error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"), UnauthorisedError),
        (too_large(8000, 9000), PromptTooLargeError),
        (openai_error(400, "It is too long", code="context_length_exceeded"), PromptTooLargeError),
        (openai_error(429, "Request too large for gpt-x: Limit 30000, Requested 40000"), PromptTooLargeError),
        (rate_limited(4.77), QuotaError),
        (google_error(429, "You exceeded your current quota", "RESOURCE_EXHAUSTED", "34s"), QuotaError),
        (Reply(status=500), UnreachableError),
        (Reply(status=503, error="overloaded"), UnreachableError),
        (Reply(status=498, error={"error": {"message": "capacity_exceeded"}}), UnreachableError),
        (openai_error(400, "flagged by the content filter", code="content_filter"), GenerationRefusedError),
        (openai_error(400, "Unsupported parameter: 'max_tokens'", param="max_tokens"), ParameterRefused),
        (groq_error(400, "`reasoning_effort` is not supported with this model"), ParameterRefused),
        (Reply(status=418, error={"error": "teapot"}), GenerationError),
    ],
)
def test_a_refusal_is_told_by_its_type(reply, expected):
    """Status, code and message of every provider's refusals mean one of our errors."""
    assert type(failure_of(SdkError(reply), "Groq", "m")) is expected


@pytest.mark.parametrize(
    ("reply", "seconds", "daily"),
    [
        (rate_limited(4.77), 4.77, False),
        (rate_limited(4.77, header=False), 4.77, False),
        (rate_limited(630.5, "tokens per day (TPD)"), 630.5, True),
        (rate_limited(630.5, "requests per day (RPD)", header=False), 630.5, True),
        (google_error(429, "Quota exceeded, metric: free_tier, quotaId: PerDayPerProject", "X", "34s"), 34, True),
        (google_error(429, "Please retry in 12.5s.", "RESOURCE_EXHAUSTED"), 12.5, False),
        (Reply(status=429, headers={"retry-after-ms": "250"}), 0.25, False),
        (Reply(status=429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}), 0, False),
        (Reply(status=429, headers={"retry-after": "whenever"}), 10, False),
        (Reply(status=429, error={"error": {"message": "You exceeded", "code": "insufficient_quota"}}), 3600, True),
    ],
)
def test_a_429_tells_how_long_and_whether_it_is_the_day(reply, seconds, daily):
    """The header is right before the message, the message before a guess."""
    failure = failure_of(SdkError(reply), "Groq", "m")

    assert isinstance(failure, QuotaError)
    assert (failure.retry_after, failure.daily) == (pytest.approx(seconds), daily)


@pytest.mark.parametrize(
    ("reply", "figures"),
    [
        (too_large(8000, 9123), (8000, 9123, False)),
        (LLAMA_CPP, (2048, 3111, True)),
        (openai_error(400, VLLM), (4096, 4400, True)),
        (Reply(status=413, error="<html>too large</html>"), (None, None, False)),
    ],
    ids=["groq", "llama.cpp", "vllm", "proxy"],
)
def test_a_413_gives_its_figures(reply, figures):
    """The next request is cut by the refusal's own figures."""
    failure = failure_of(SdkError(reply), "Groq", "m")

    assert isinstance(failure, PromptTooLargeError)
    assert (failure.limit, failure.requested, failure.is_context) == figures


def test_without_a_status_the_provider_was_not_reached_or_the_stream_broke():
    """A connection error before the headers and one in the stream are different things."""
    assert type(failure_of(OSError("no route"), "Groq", "m")) is UnreachableError
    assert type(failure_of(OSError("reset"), "Groq", "m", streaming=True)) is BrokenStreamError


@pytest.mark.parametrize(
    "reply", [decommissioned("m"), unauthorised(), rate_limited(3), too_large(1, 2), Reply(status=500)]
)
def test_the_sentence_names_the_provider_and_no_details(reply):
    """People read who failed and nothing of the body."""
    sentence = str(failure_of(SdkError(reply), "Groq", "gemma2-9b-it"))

    assert "Groq" in sentence
    assert "org_x" not in sentence
    assert "{" not in sentence
