"""One model on one host, as a ChatModel: fits the prompt, waits for its turn, streams, repeats what may be repeated.

What to do when this model does not answer is not decided here but in `chain.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.answer import Waiting
from bot.errors import (
    BrokenStreamError,
    GenerationError,
    GenerationTimeoutError,
    ModelUnavailableError,
    PromptTooLargeError,
    QuotaError,
    UnreachableError,
)
from bot.models import Message, ModelEvent, Prompt, Switched, Token, Usage
from bot.models.families import family_of
from bot.models.quota import Allowance, Reservation
from bot.models.streaming import Completion, Host, Served, Silence, name_of, open_stream, read_stream
from bot.models.tokens import TokenEstimator
from bot.prompt import build_messages, fit

USUAL_SILENCE = Silence()
UNKNOWN_CONTEXT = 8_192
_PAUSE_SECONDS = 0.5
_MOST_REFUSALS = 6
_LEAST_PROMPT = 1_500
"""Tokens that even a question among many is given for its Sources, if the allowance has them at all."""
_HOPELESS = (ModelUnavailableError, GenerationTimeoutError)
RESTART_REASON = "The answer broke off and was started again."


@dataclass(frozen=True, slots=True)
class Budget:
    """What one question may cost and how long it may take, from the settings."""

    max_completion_tokens: int = 1_024
    silence: Silence = USUAL_SILENCE
    patience_seconds: float = 90.0
    context_tokens: int = 0
    """Prompt and answer together; 0: what the host says."""


@dataclass(slots=True)
class _Tries:
    """What has been tried for one question."""

    latest: float
    """When patience ends."""
    shrink: float = 1.0
    paced: float = 0.0
    refusals: int = 0
    restarts: int = 0

    def may_repeat(self, error: Exception) -> bool:
        """Tell whether this model may be asked once more, and count it."""
        if isinstance(error, PromptTooLargeError):
            may, self.shrink = self.shrink == 1.0, 0.95 if error.requested else 0.6
        elif isinstance(error, QuotaError):
            is_soon = not error.daily and time.monotonic() + error.retry_after <= self.latest
            may, self.refusals = is_soon and self.refusals < _MOST_REFUSALS, self.refusals + 1
        else:
            may, self.restarts = self.restarts == 0, self.restarts + 1
        return may


class HostedModel:
    """A model that a provider serves."""

    def __init__(self, host: Host, served: Served, allowance: Allowance, budget: Budget) -> None:
        self._host = host
        self._served = served
        self._allowance = allowance
        self._budget = budget
        self._family = family_of(served.id)
        self._refused: dict[str, str | None] = {}
        self._context = budget.context_tokens or served.context or UNKNOWN_CONTEXT
        self._estimator = TokenEstimator(tokens_per_digit=self._family.tokens_per_digit, overhead=self._family.overhead)

    @property
    def name(self) -> str:
        return name_of(self._host, self._served.id)

    def relist(self, served: Served) -> None:
        """Take over what the provider's list says now."""
        if served != self._served:
            self._served = served
            self._context = self._budget.context_tokens or served.context or self._context

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Write a draft; see ChatModel. Repeats once what broke off, shrinks once what is too large, waits at a 429."""
        tries = _Tries(time.monotonic() + self._budget.patience_seconds)
        while True:
            streamed = False
            try:
                async with aclosing(self._attempt(self._completion(prompt, tries.shrink), tries)) as events:
                    async for event in events:
                        streamed = streamed or isinstance(event, Token)
                        yield event
                return
            except (PromptTooLargeError, QuotaError, BrokenStreamError, UnreachableError) as error:
                if not tries.may_repeat(error):
                    if isinstance(error, UnreachableError):
                        self._allowance.dismiss(error)
                    raise
                if isinstance(error, UnreachableError):
                    await asyncio.sleep(_PAUSE_SECONDS)
            if streamed:
                yield Switched(self.name, RESTART_REASON)

    async def complete(self, messages: Sequence[Message], max_tokens: int) -> str:
        """Return a short text at once, or raise: nothing waits, nothing is repeated."""
        completion = self._request(self._roles(messages), max_tokens + self._family.thinking_tokens)
        text = ""
        async with aclosing(self._attempt(completion, _Tries(time.monotonic()))) as events:
            async for event in events:
                if isinstance(event, Token):
                    text += event.text
                elif isinstance(event, Switched):
                    text = ""
        return text.strip()

    async def _attempt(self, completion: Completion, tries: _Tries) -> AsyncGenerator[ModelEvent, None]:
        """Ask once: wait for a turn, then send."""
        started = time.monotonic()
        reservation: Reservation | None = None
        turn = self._allowance.turn(self._tokens(completion), patience=tries.latest - started, again=tries.refusals > 0)
        async with aclosing(turn):
            async for step in turn:
                if isinstance(step, Waiting):
                    yield step
                else:
                    reservation = step
        assert reservation is not None
        tries.paced += time.monotonic() - started
        async with aclosing(self._send(completion, reservation)) as events:
            async for event in events:
                yield replace(event, paced=tries.paced) if isinstance(event, Usage) else event

    async def _send(self, completion: Completion, reservation: Reservation) -> AsyncGenerator[ModelEvent, None]:
        used: float | None = None
        is_writing = False
        try:
            opened = await open_stream(self._host, completion, self._budget.silence, self._refused)
            self._allowance.read_headers(reservation, opened.headers)
            async with aclosing(read_stream(self._host, opened, completion, self._budget.silence)) as events:
                async for event in events:
                    if isinstance(event, Token) and not is_writing:
                        is_writing = True
                        self._allowance.heard(reservation)
                    if isinstance(event, Usage):
                        used = self._learn(completion, event)
                    yield event
        except GenerationError as error:
            if isinstance(error, GenerationTimeoutError) and not is_writing:
                self._give_less(completion)
            self._account_for(completion, reservation, error)
            raise
        finally:
            self._allowance.settle(reservation, used)

    def _account_for(self, completion: Completion, reservation: Reservation, error: GenerationError) -> None:
        """A request that was refused costs nothing; what the refusal tells is kept for the next."""
        if not reservation.is_counted and not isinstance(error, GenerationTimeoutError):
            self._allowance.release(reservation)
        if isinstance(error, PromptTooLargeError):
            self._learn_size(completion, error)
        elif isinstance(error, QuotaError):
            self._allowance.block(error.retry_after, reservation.tokens, daily=error.daily)
        if isinstance(error, _HOPELESS) or (isinstance(error, QuotaError) and error.daily):
            self._allowance.dismiss(error)

    def _give_less(self, completion: Completion) -> None:
        """A host that could not read this prompt in time, like a local model without a GPU, is given half next time."""
        prompt = self._estimator.estimate_all(message.content for message in completion.messages)
        self._context = min(self._context, int(max(prompt / 2, _LEAST_PROMPT)) + completion.max_tokens)

    def _completion(self, prompt: Prompt, shrink: float) -> Completion:
        """Return the request with as many Sources as context and per-minute allowance hold beside the answer."""
        answer = self._answer_tokens()
        fair = self._allowance.fair_request(answer + _LEAST_PROMPT) or self._context
        room = min(self._context, fair) - answer
        estimator = self._estimator
        fitted = fit(prompt, shrink * room / estimator.margin - estimator.estimate_all(("", "")), estimator.estimate)
        return self._request(build_messages(fitted, system_role=self._family.system_role), answer)

    def _answer_tokens(self) -> int:
        """Return the longest completion, at most half of what one request may have."""
        wanted = self._budget.max_completion_tokens + self._family.thinking_tokens
        wanted = min(wanted, self._served.max_completion or wanted)
        return int(min(wanted, self._context // 2, (self._allowance.largest_request or 1e9) // 2))

    def _request(self, messages: Sequence[Message], max_tokens: int) -> Completion:
        extra = dict(self._family.groq) if self._host.provider == "groq" else {}
        return Completion(self._served.id, messages, max_tokens, self._family.stop, extra)

    def _roles(self, messages: Sequence[Message]) -> Sequence[Message]:
        if self._family.system_role:
            return messages
        return (Message("user", "\n\n".join(message.content for message in messages)),)

    def _tokens(self, completion: Completion) -> float:
        prompt = self._estimator.estimate_all(message.content for message in completion.messages)
        return prompt * self._estimator.margin + completion.max_tokens

    def _learn(self, completion: Completion, usage: Usage) -> float | None:
        if usage.prompt_tokens is None:
            return None
        self._estimator.learn([message.content for message in completion.messages], usage.prompt_tokens)
        return usage.prompt_tokens + (usage.completion_tokens or 0)

    def _learn_size(self, completion: Completion, error: PromptTooLargeError) -> None:
        """Take the refusal's own figures: for Groq the request with its completion, for llama.cpp the prompt alone."""
        texts = [message.content for message in completion.messages]
        if error.limit and error.is_context:
            self._context = error.limit
        elif error.limit:
            self._allowance.limit_request(error.limit)
        if error.requested:
            prompt = error.requested - (0 if error.is_context else completion.max_tokens)
            self._estimator.learn(texts, prompt)
