"""The chain: which model answers, in the order of `models:`, and what happens when one does not.

This is the one place that decides. A model that is gone, refused or used up is set aside for a while; the question goes
to the next at once. Lists of models are read in the background; a question waits for one only when nothing is known.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

import structlog

from bot.errors import (
    BotError,
    BusyError,
    GenerationError,
    GenerationTimeoutError,
    ModelUnavailableError,
    QuotaError,
    UnauthorisedError,
    UnreachableError,
)
from bot.models import ChatModel, Message, ModelEvent, Prompt, Switched
from bot.models.catalogue import Catalogue, is_pattern
from bot.models.hosted import HostedModel
from bot.models.standing import Standing
from bot.models.streaming import Served

log = structlog.get_logger(__name__)

EXTRACTIVE = "extractive"
REFRESH_SECONDS = 3_600.0
RECOVERY_SECONDS = 60.0
"""How often the list is read while a provider is not well."""
FIRST_LIST_SECONDS = 5.0
_GONE_SECONDS = 3_600.0
_REFUSED_SECONDS = 600.0
_DAY_SECONDS = 86_400.0
_LISTS_NO = " lists no "


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of one line of `models:`, for doctor, status and /models."""

    pattern: str
    model: str
    """What the line means now, e.g. `groq/openai/gpt-oss-20b`; empty where it means nothing."""
    is_used: bool
    reason: str
    """A sentence: why it is used, or why not."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    provider: str
    model: ChatModel


HostedModelFactory = Callable[[str, Served], HostedModel]


class Chain:
    """The models in order, as one ChatModel. `async with` keeps the lists of models fresh."""

    def __init__(
        self,
        patterns: Sequence[str],
        catalogues: Mapping[str, Catalogue],
        missing: Mapping[str, str],
        hosted: HostedModelFactory,
        extractive: ChatModel,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._patterns = tuple(patterns)
        self._catalogues = catalogues
        self._missing = missing
        """Why a provider, or one line of `models:`, is not set up."""
        self._hosted = hosted
        self._extractive = extractive
        self._models: dict[str, HostedModel] = {}
        self._standing = Standing(clock)
        self._first = ""
        self._wake = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The model that the next question goes to, as far as is known."""
        return next((candidate.name for candidate in self._ready()), EXTRACTIVE)

    async def __aenter__(self) -> Chain:
        self._keeping = asyncio.create_task(self._keep_fresh(), name="lists of models")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        for catalogue in self._catalogues.values():
            await catalogue.host.aclose()

    async def refresh(self) -> None:
        """Read all lists now."""
        await asyncio.gather(*(catalogue.refresh() for catalogue in self._catalogues.values()))
        for provider, catalogue in self._catalogues.items():
            if catalogue.is_refused:
                self._standing.set_aside(provider, str(catalogue.failure), _REFUSED_SECONDS)
            elif catalogue.failure is None:
                self._standing.restore(provider)
        self._tell_first()

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Write a draft with the first model that can; see ChatModel."""
        reasons: list[str] = []
        errors: list[BotError] = []
        async for candidate in self._candidates(reasons):
            reason = _joined(reasons) or self._why_quotations(candidate)
            yield Switched(candidate.name, reason)
            try:
                async with aclosing(candidate.model.stream(prompt)) as events:
                    async for event in events:
                        yield _explained(event, reason)
            except (GenerationError, BusyError) as error:
                reasons.append(self._failed(candidate, error))
                errors.append(error)
            else:
                self._succeeded(candidate)
                return
        raise _most_telling(errors) or ModelUnavailableError(
            " ".join(("No model can answer.", _joined(reasons), "`askdocs doctor` explains what to do."))
        )

    async def complete(self, messages: Sequence[Message], max_tokens: int) -> str:
        """Return a short text from the model that answers at present, or raise: nothing waits."""
        candidate = next(iter(self._ready()), None)
        if candidate is None or not isinstance(candidate.model, HostedModel):
            raise ModelUnavailableError("Only quotations are available at present.")
        try:
            return await candidate.model.complete(messages, max_tokens)
        except GenerationError as error:
            self._failed(candidate, error)
            raise

    def choices(self) -> tuple[Choice, ...]:
        """Tell for every line of `models:` what it means now, and why it is used or not."""
        chosen = next(iter(self._ready()), None)
        told: list[Choice] = []
        for pattern in self._patterns:
            names = [candidate.name for candidate in self._meant(pattern)]
            is_used = chosen is not None and chosen.name in names and not any(choice.is_used for choice in told)
            model = chosen.name if is_used and chosen is not None else next(iter(names), "")
            told.append(Choice(pattern, model, is_used, self._reason(pattern, model, is_used)))
        return tuple(told)

    def _reason(self, pattern: str, model: str, is_used: bool) -> str:
        if is_used:
            return "Answers questions now."
        if not model:
            return self._why_nothing(pattern)
        return self._standing.reason(model) or "Stands by for when those above cannot answer."

    async def _candidates(self, reasons: list[str]) -> AsyncIterator[_Candidate]:
        """Yield the models to try in order; why others are not tried is added to `reasons`."""
        tried: set[str] = set()
        for pattern in self._patterns:
            await self._know(pattern)
            meant = [candidate for candidate in self._meant(pattern) if candidate.name not in tried]
            if not meant and not self._meant(pattern):
                _add(reasons, "" if self._is_missing(pattern) else self._why_nothing(pattern))
            for candidate in meant:
                tried.add(candidate.name)
                if self._standing.may_try(candidate.name):
                    yield candidate
                else:
                    reasons.append(self._standing.reason(candidate.name))

    def _ready(self) -> list[_Candidate]:
        return [
            candidate
            for pattern in self._patterns
            for candidate in self._meant(pattern)
            if not self._standing.is_resting(candidate.name)
        ]

    def _meant(self, pattern: str) -> list[_Candidate]:
        """Return the models that a line of `models:` stands for, best first."""
        if pattern == EXTRACTIVE:
            return [_Candidate(EXTRACTIVE, EXTRACTIVE, self._extractive)]
        provider, _, wanted = pattern.partition("/")
        catalogue = self._catalogues.get(provider)
        if catalogue is None or self._is_missing(pattern):
            return []
        return [self._candidate(provider, served) for served in catalogue.matches(wanted)]

    def _candidate(self, provider: str, served: Served) -> _Candidate:
        key = f"{provider}/{served.id}"
        model = self._models.get(key)
        if model is None:
            model = self._models[key] = self._hosted(provider, served)
        else:
            model.relist(served)
        return _Candidate(model.name, provider, model)

    def _why_nothing(self, pattern: str) -> str:
        provider, _, wanted = pattern.partition("/")
        catalogue = self._catalogues.get(provider)
        if catalogue is None or self._is_missing(pattern):
            return self._missing.get(pattern) or self._missing.get(provider, "")
        if catalogue.served is None:
            return str(catalogue.failure or f"The list of {catalogue.host.label}'s models is not read yet.")
        return f"{catalogue.host.label}{_LISTS_NO}{_spoken(wanted)}."

    def _is_missing(self, pattern: str) -> bool:
        return pattern in self._missing or pattern.partition("/")[0] in self._missing

    def _why_quotations(self, candidate: _Candidate) -> str:
        if candidate.name != EXTRACTIVE or self._patterns[0] == EXTRACTIVE:
            return ""
        return "No language model is set up, so these are quotations."

    async def _know(self, pattern: str) -> None:
        """Wait for the first list, but only for a pattern that means nothing without it."""
        provider, _, wanted = pattern.partition("/")
        catalogue = self._catalogues.get(provider)
        if catalogue is None or catalogue.served is not None or catalogue.failure or not is_pattern(wanted):
            return
        if self._keeping is None:
            await catalogue.refresh()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LIST_SECONDS):
                await catalogue.known()

    async def _keep_fresh(self) -> None:
        while True:
            await self.refresh()
            is_well = not any(catalogue.failure for catalogue in self._catalogues.values())
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS if is_well else RECOVERY_SECONDS):
                    await self._wake.wait()

    def _failed(self, candidate: _Candidate, error: BotError) -> str:
        """Set aside what will not answer the next question either; return the reason for people."""
        reason = str(error)
        if isinstance(error, QuotaError) and error.daily:
            self._standing.set_aside(candidate.name, reason, min(error.retry_after, _DAY_SECONDS))
        elif isinstance(error, UnauthorisedError):
            self._standing.set_aside(candidate.provider, reason, _REFUSED_SECONDS)
        elif isinstance(error, ModelUnavailableError):
            self._standing.set_aside(candidate.name, reason, _GONE_SECONDS)
            self._wake.set()
        elif isinstance(error, UnreachableError):
            self._standing.set_aside(candidate.name if error.is_answering else candidate.provider, reason)
            self._wake.set()
        elif isinstance(error, GenerationTimeoutError):
            self._standing.set_aside(candidate.name, reason)
        self._first = self.name
        return self._standing.reason(candidate.name) or reason

    def _succeeded(self, candidate: _Candidate) -> None:
        self._standing.restore(candidate.name)
        self._standing.restore(candidate.provider)
        self._first = self.name

    def _tell_first(self) -> None:
        if (first := self.name) != self._first:
            self._first = first
            log.info("model_chosen", model=first)


def _explained(event: ModelEvent, reason: str) -> ModelEvent:
    """Keep why this model answers in what it says about itself."""
    if not isinstance(event, Switched):
        return event
    return Switched(event.model, _joined([reason, event.reason]))


def _add(reasons: list[str], reason: str) -> None:
    """Add a reason; what one host does not list is told in one sentence."""
    label, lists_no, name = reason.partition(_LISTS_NO)
    for index, known in enumerate(reasons):
        if lists_no and known.startswith(label + _LISTS_NO):
            reasons[index] = f"{known.removesuffix('.')} and no {name}"
            return
    reasons.append(reason)


def _joined(reasons: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(reason for reason in reasons if reason))


def _most_telling(errors: Sequence[BotError]) -> BotError | None:
    """Return the error that tells when to ask again, else the last."""
    timed = [error for error in errors if isinstance(error, (QuotaError, BusyError))]
    return next(iter([*timed, *errors[-1:]]), None)


def _spoken(wanted: str) -> str:
    name = wanted.strip("*-")
    if not name:
        return "model that answers questions"
    return name.capitalize() if is_pattern(wanted) else wanted
