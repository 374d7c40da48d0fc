"""Which models and providers are set aside, until when and why; what is decided from it stands in `chain.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

_SHORTEST_SECONDS = 20.0
_LONGEST_SECONDS = 600.0
_TRIAL_SECONDS = 30.0
_WORTH_A_TIME_SECONDS = 120.0


@dataclass(slots=True)
class _Rest:
    until: float
    reason: str
    failures: int


class Standing:
    """Keys are models (`groq/openai/gpt-oss-20b`) and providers (`groq`), whose rest is that of all their models."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._resting: dict[str, _Rest] = {}

    def is_resting(self, name: str) -> bool:
        """Tell whether a model is set aside; it is until it has answered again, also when its time is over."""
        return self._rest_of(name) is not None

    def reason(self, name: str) -> str:
        """Return why a model is set aside and when it is tried again; empty when it is not."""
        rest = self._rest_of(name)
        if rest is None:
            return ""
        seconds = rest.until - self._clock()
        if seconds < _WORTH_A_TIME_SECONDS:
            return rest.reason
        when = datetime.now(UTC) + timedelta(seconds=seconds)
        day = f"{when:%d %B} at " if seconds > 43_200 else ""
        return f"{rest.reason} It is tried again {day or 'at '}{when:%H:%M} UTC."

    def may_try(self, name: str) -> bool:
        """Tell whether a question may go to this model. Once a rest is over, one question at a time tries."""
        rest = self._rest_of(name)
        if rest is None:
            return True
        now = self._clock()
        if now < rest.until:
            return False
        rest.until = now + _TRIAL_SECONDS
        return True

    def set_aside(self, key: str, reason: str, seconds: float | None = None) -> None:
        """Set aside for `seconds`, or for longer each time; the log has one line for it, however often it happens."""
        known = self._resting.get(key)
        failures = known.failures + 1 if known else 1
        if seconds is None:
            seconds = min(_SHORTEST_SECONDS * 2 ** (failures - 1), _LONGEST_SECONDS)
        self._resting[key] = _Rest(self._clock() + seconds, reason, failures)
        if known is None:
            log.warning("model_set_aside", model=key, reason=reason, seconds=round(seconds))

    def restore(self, key: str) -> None:
        """A model or provider works again."""
        if self._resting.pop(key, None):
            log.info("model_back", model=key)

    def _rest_of(self, name: str) -> _Rest | None:
        return self._resting.get(name.partition("/")[0]) or self._resting.get(name)
