"""What the server says next: a Reply is one answer, with everything that can go wrong with one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted answer."""

    text: str | Sequence[str] = ""
    """A sequence is streamed piece by piece as it is; a string word by word."""
    status: int = 200
    error: object = None
    """The body of a refusal."""
    headers: Mapping[str, str] = field(default_factory=dict)
    reasoning: Sequence[str] = ()
    """Sent before the text as `reasoning_field` of the deltas."""
    reasoning_field: str = "reasoning"
    finish: str | None = "stop"
    """None: the stream ends properly, but without saying why."""
    usage: Mapping[str, float] | None = None
    """None: counted for real. Empty: the host sends none."""
    x_groq_error: str = ""
    first_token_seconds: float = 0.0
    token_seconds: float = 0.0
    break_after: int | None = None
    """The connection is cut after so many pieces."""
    stall_after: int | None = None
    """Nothing more comes after so many pieces, and the connection stays open."""
    garbage_after: int | None = None
    """A line that is not JSON comes after so many pieces."""

    @property
    def pieces(self) -> list[str]:
        if not isinstance(self.text, str):
            return list(self.text)
        words = self.text.split(" ")
        return [word if index == 0 else " " + word for index, word in enumerate(words)]


def groq_error(status: int, message: str, code: str = "", kind: str = "invalid_request_error") -> Reply:
    return Reply(status=status, error={"error": {"message": message, "type": kind, "code": code}})


def decommissioned(name: str) -> Reply:
    return groq_error(
        400, f"The model `{name}` has been decommissioned and is no longer supported.", "model_decommissioned"
    )


def not_found(name: str) -> Reply:
    return groq_error(404, f"The model `{name}` does not exist or you do not have access to it.", "model_not_found")


def unauthorised() -> Reply:
    return groq_error(401, "Invalid API Key", "invalid_api_key")


def rate_limited(seconds: float, span: str = "tokens per minute (TPM)", *, header: bool = True) -> Reply:
    message = (
        f"Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on {span}: "
        f"Limit 8000, Used 7000, Requested 3000. Please try again in {spoken(seconds)}."
    )
    reply = groq_error(429, message, "rate_limit_exceeded", "tokens")
    return Reply(status=429, error=reply.error, headers={"retry-after": f"{seconds:g}"} if header else {})


def too_large(limit: int, requested: int) -> Reply:
    message = (
        f"Request too large for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): "
        f"Limit {limit}, Requested {requested}, please reduce your message size and try again."
    )
    return groq_error(413, message, "rate_limit_exceeded", "tokens")


def google_error(status: int, message: str, kind: str, retry_delay: str = "") -> Reply:
    """Google wraps its errors in a list."""
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry_delay}] if retry_delay else []
    return Reply(
        status=status, error=[{"error": {"code": status, "message": message, "status": kind, "details": details}}]
    )


def spoken(seconds: float) -> str:
    """Write a duration as Groq does: `2m59.56s`, `7.66s`, `120ms`."""
    if seconds < 1:
        return f"{seconds * 1000:.6g}ms"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    text = f"{int(hours)}h" if hours else ""
    return text + (f"{int(minutes)}m" if minutes or hours else "") + f"{round(rest, 3):g}s"


def sse(value: object) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"
