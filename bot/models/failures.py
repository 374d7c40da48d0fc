"""What a provider's refusal means: an SDK's error → one of `bot.errors`, with a sentence for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

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

UNTOLD_WAIT_SECONDS = 10.0
"""Wait after a 429 that does not say how long."""
UNTOLD_DAY_SECONDS = 3_600.0

_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|[dhms])")
_SECONDS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "µs": 1e-6}
_IN = re.compile(r"(?:try again|retry) in ((?:\d+(?:\.\d+)?(?:ms|us|µs|[dhms]))+)", re.IGNORECASE)
_DAILY = re.compile(r"per day|\bTPD\b|\bRPD\b|PerDay|daily|insufficient_quota|exceeded your monthly", re.IGNORECASE)
_TOO_LARGE = re.compile(
    r"request too large|context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long"
    r"|reduce (?:the length|your message)|exceed_context",
    re.IGNORECASE,
)
_GONE = re.compile(r"decommissioned|no longer (?:supported|available|served)|model_not_(?:found|active)", re.IGNORECASE)
_KEY = re.compile(r"api[ _]key|credential|permission_denied|unauthenticated", re.IGNORECASE)
_REFUSED = re.compile(r"content[ _](?:filter|policy|management)|safety system|responsible ai", re.IGNORECASE)
_OPTIONAL = ("reasoning_effort", "include_reasoning", "reasoning_format", "stream_options", "temperature", "stop")
_LENGTH_NAMES = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


class ParameterRefused(GenerationError):  # noqa: N818 (never leaves the models' room: the request is sent again)
    """The host does not know an optional parameter; `instead` is the name to send it under, None to leave it out."""

    def __init__(self, name: str, instead: str | None) -> None:
        super().__init__(f"The provider does not accept the parameter {name}.")
        self.name = name
        self.instead = instead


def parse_duration(text: str) -> float | None:
    """Return seconds for `2m59.56s`, `7.66s`, `120ms` or plain `12`; None for anything else."""
    text = text.strip()
    parts = _DURATION_PART.findall(text)
    if parts and "".join(number + unit for number, unit in parts) == text:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e9 else None


def failure_of(error: Exception, label: str, model: str, *, streaming: bool = False) -> GenerationError:
    """Return what an SDK's exception means. Its class is not looked at: both SDKs have the same attributes."""
    status = getattr(error, "status_code", None)
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    body = getattr(error, "body", None)
    if isinstance(status, int):
        return _by_status(status, _Details(body, str(error)), headers, label, model)
    if streaming:
        if body is not None:
            return _in_stream(_Details(body, str(error)), label, model)
        return broken_off(label)
    return UnreachableError(f"{label} cannot be reached.")


def broken_off(label: str) -> BrokenStreamError:
    return BrokenStreamError(f"The connection to {_amid(label)} broke off in the middle of the answer.")


def _amid(label: str) -> str:
    """Return a label as it stands inside a sentence: `the model server at …`, but `Groq`."""
    return label.replace("The ", "the ", 1) if label.startswith("The ") else label


class _Details:
    """An error body's message, code and parameter, whatever shape the provider gives it."""

    def __init__(self, body: object, text: str) -> None:
        inner: Any = body[0] if isinstance(body, list) and body else body
        if isinstance(inner, Mapping) and isinstance(inner.get("error"), (Mapping, str)):
            inner = inner["error"]
        fields: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {}
        self.code = str(fields.get("code") or fields.get("type") or fields.get("status") or "")
        self.param = str(fields.get("param") or "")
        self.message = str(fields.get("message") or (inner if isinstance(inner, str) else "") or text)
        self.all = f"{self.code} {self.message} {fields.get('type', '')} {fields.get('details', '')}"
        self.context = fields.get("n_ctx")
        self.prompt_tokens = fields.get("n_prompt_tokens")

    def number(self, name: str) -> int | None:
        found = re.search(rf"{name} (\d+)", self.message)
        return int(found[1]) if found else None


def _by_status(status: int, details: _Details, headers: Mapping[str, str], label: str, model: str) -> GenerationError:
    """Try the meanings in order; the first that fits is it."""
    about = f"{label}'s {model}"
    if status == 413 or (status in (400, 422, 429) and _TOO_LARGE.search(details.all)):
        return _too_large(details, about)
    if status == 429:
        return _quota(details, headers, about)
    if _GONE.search(details.all) or status in (404, 410):
        return ModelUnavailableError(f"{label} does not serve {model} (any more).")
    if "model_permission" in details.all:
        return ModelUnavailableError(f"This account may not use {_amid(about)}.")
    if status in (401, 402, 403) or (status == 400 and _KEY.search(details.all)):
        return UnauthorisedError(f"{label} refuses the API key.")
    return _otherwise(status, details, label)


def _otherwise(status: int, details: _Details, label: str) -> GenerationError:
    if status >= 498 or status in (408, 409, 425):
        return UnreachableError(f"{label} fails on its side at the moment (HTTP {status}).", is_answering=True)
    if _REFUSED.search(details.all):
        return GenerationRefusedError(f"{label}'s content filter refused this question or its Sources.")
    return _refused_parameter(details) or GenerationError(f"{label} did not accept the request (HTTP {status}).")


def _in_stream(details: _Details, label: str, model: str) -> GenerationError:
    if _DAILY.search(details.all) or "rate_limit" in details.all:
        return _quota(details, {}, f"{label}'s {model}")
    if _REFUSED.search(details.all):
        return GenerationRefusedError(f"{label}'s content filter refused this question or its Sources.")
    return BrokenStreamError(f"{label} broke the answer off.")


def _too_large(details: _Details, about: str) -> PromptTooLargeError:
    """Read Groq's figures for the allowance, or llama.cpp's and OpenAI's for the context."""
    notice = f"The question with its Sources is too long for {_amid(about)}."
    if isinstance(details.context, int):
        return PromptTooLargeError(notice, limit=details.context, requested=details.prompt_tokens, is_context=True)
    if context := details.number(r"maximum context length is"):
        prompt = re.search(r"(\d+) in the messages", details.message)
        requested = int(prompt[1]) if prompt else None
        return PromptTooLargeError(notice, limit=context, requested=requested, is_context=True)
    return PromptTooLargeError(notice, limit=details.number("Limit"), requested=details.number("Requested"))


def _quota(details: _Details, headers: Mapping[str, str], about: str) -> QuotaError:
    daily = bool(_DAILY.search(details.all))
    seconds = _retry_after(headers)
    if seconds is None and (found := _IN.search(details.message)):
        seconds = parse_duration(found[1])
    if seconds is None and (found := re.search(r"retryDelay\W+([\d.]+s)", details.all)):
        seconds = parse_duration(found[1])
    if seconds is None:
        seconds = UNTOLD_DAY_SECONDS if daily else UNTOLD_WAIT_SECONDS
    allowance = "allowance for today" if daily else "allowance for this minute"
    return QuotaError(f"The {allowance} of {_amid(about)} is used up.", retry_after=seconds, daily=daily)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    milliseconds = parse_duration(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = parse_duration(text)
    if seconds is None and "," in text:
        try:
            seconds = max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError):
            return None
    return seconds


def _refused_parameter(details: _Details) -> ParameterRefused | None:
    """Find the optional parameter that a 400 complains about."""
    for name, instead in _LENGTH_NAMES.items():
        if details.param == name or re.search(rf"unsupported.*'{name}'", details.message, re.IGNORECASE):
            return ParameterRefused(name, instead)
    for name in _OPTIONAL:
        if details.param == name or re.search(rf"\b{name}\b", details.message):
            return ParameterRefused(name, None)
    return None
