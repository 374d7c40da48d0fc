"""How Discord refuses: a status, a numeric code, a sentence, and for malformed bodies a tree of what is wrong where."""

from __future__ import annotations

from typing import Any

from tests.fake_discord.records import Json

MESSAGES: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (
        400,
        "Provided too few or too many messages to delete. "
        "Must provide at least 2 and fewer than 100 messages to delete",
    ),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "A message provided was too old to bulk delete"),
    50083: (400, "Thread is archived"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
}


class RefusedError(Exception):
    """A request that Discord does not carry out."""

    def __init__(
        self, code: int, *, status: int = 0, message: str = "", errors: Json | None = None, **extra: Any
    ) -> None:
        known_status, known_message = MESSAGES.get(code, (400, ""))
        self.code = code
        self.status = status or known_status
        self.body: Json = {"message": message or known_message, "code": code} | extra
        if errors:
            self.body["errors"] = errors
        self.headers: dict[str, str] = {}
        super().__init__(f"{self.status} {self.body}")


def unauthorized() -> RefusedError:
    return RefusedError(0, status=401, message="401: Unauthorized")


def no_such_route() -> RefusedError:
    return RefusedError(0, status=404, message="404: Not Found")


class Form:
    """Collects what is wrong with a body, by path: `form.wrong("embeds", 0, "title", code=…, message=…)`."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def wrong(self, *path: str | int, code: str, message: str) -> None:
        node = self._errors
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def longest(self, text: object, limit: int, *path: str | int) -> None:
        """Check a text's length, as Discord counts it: without the white space around it."""
        if text is not None and len(str(text).strip()) > limit:
            self.wrong(*path, code="BASE_TYPE_MAX_LENGTH", message=f"Must be {limit} or fewer in length.")

    def between(self, text: object, shortest: int, longest: int, *path: str | int) -> None:
        if not shortest <= len(str(text)) <= longest:
            self.wrong(
                *path,
                code="BASE_TYPE_BAD_LENGTH",
                message=f"Must be between {shortest} and {longest} in length.",
            )

    def required(self, value: object, *path: str | int) -> bool:
        if value in (None, ""):
            self.wrong(*path, code="BASE_TYPE_REQUIRED", message="This field is required")
        return value not in (None, "")

    def check(self) -> None:
        """Raise 50035 when something is wrong."""
        if self._errors:
            raise RefusedError(50035, status=400, message="Invalid Form Body", errors=self._errors)
