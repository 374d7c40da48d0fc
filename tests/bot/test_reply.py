"""What is shown of an answer while it is being written."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Sequence

import pytest

from bot.answer import Answer, AnswerEvent, Delta, Done, Outcome, Restart, Waiting
from bot.errors import DeliveryError, GenerationTimeoutError
from bot.reply import Reply, Showing, without_markers
from tests.fakes import FakeReply

ANSWER = Answer("Twelve days [1].", Outcome.ANSWERED)


async def deliver(given: AsyncGenerator[AnswerEvent, None], reply: Reply) -> Answer:
    async with Showing(reply) as showing:
        answer = await showing.follow(given)
    await reply.finish(answer)
    return answer


async def events(*given: AnswerEvent | Exception, pause: float = 0.0) -> AsyncGenerator[AnswerEvent, None]:
    for event in given:
        await asyncio.sleep(pause)
        if isinstance(event, Exception):
            raise event
        yield event


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        pytest.param("Twelve days [1].", "Twelve days.", id="marker"),
        pytest.param("Twelve days [1][2].", "Twelve days.", id="two markers"),
        pytest.param("Twelve days [1, 2].", "Twelve days.", id="compound marker"),
        pytest.param("Twelve days [1", "Twelve days", id="half a marker"),
        pytest.param("Twelve days [", "Twelve days", id="opened bracket"),
        pytest.param("Twelve days 【1†source】", "Twelve days", id="other brackets"),
        pytest.param("Twelve days (Source 1) or more.", "Twelve days or more.", id="words in parentheses"),
        pytest.param("Twelve days (Sour", "Twelve days", id="half of them"),
        pytest.param("See [the table] and [x].", "See [the table] and [x].", id="brackets that are no markers"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_drafts_are_shown_without_markers(draft: str, shown: str) -> None:
    """Nobody sees a marker that is not verified, not even a half-written one."""
    assert without_markers(draft) == shown


async def test_the_draft_grows_and_the_answer_comes_last() -> None:
    """Every show has the whole draft so far; the verified answer is returned when the platform has it."""
    reply = FakeReply()

    answer = await deliver(events(Delta("Twelve "), Delta("days [1]."), Done(ANSWER), pause=0.01), reply)

    assert answer == ANSWER
    assert reply.answers == [ANSWER]
    assert reply.texts == ["Twelve ", "Twelve days."]


async def test_shows_keep_their_distance() -> None:
    """Between two shows at least the reply's interval passes, and the newest text is shown, not every one."""
    reply = FakeReply(interval=0.05)
    deltas = [Delta(f"{number} ") for number in range(60)]

    await deliver(events(*deltas, Done(ANSWER), pause=0.004), reply)

    times = [time for time, _ in reply.shown]
    assert 2 <= len(times) < len(deltas)
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.045


async def test_the_first_text_is_shown_at_once() -> None:
    reply = FakeReply(interval=30)

    await deliver(events(Delta("Twelve"), Delta(" days"), Done(ANSWER), pause=0.01), reply)

    assert reply.texts == ["Twelve"]


async def test_an_edit_under_way_ends_before_the_answer() -> None:
    """A slow edit cannot overtake the answer: the answer waits for it."""
    reply = FakeReply(slowness=0.05)

    await deliver(events(Delta("Twelve"), Done(ANSWER), pause=0.01), reply)

    assert reply.texts == ["Twelve"]
    assert reply.answers == [ANSWER]


async def test_another_model_starts_the_draft_over() -> None:
    reply = FakeReply()

    await deliver(events(Delta("Wro"), Restart(), Delta("Right"), Done(ANSWER), pause=0.01), reply)

    assert reply.texts == ["Wro", "Right"]


async def test_the_place_in_the_queue_is_shown() -> None:
    reply = FakeReply()

    await deliver(events(Waiting(3, 40.0), Done(ANSWER), pause=0.01), reply)

    assert reply.texts == ["You are number 3 in the queue, about 40 seconds to go."]


async def test_a_draft_that_cannot_be_shown_does_not_lose_the_answer() -> None:
    class Refusing(FakeReply):
        async def show(self, text: str) -> None:
            raise DeliveryError("no")

    reply = Refusing()

    await deliver(events(Delta("Twelve"), Done(ANSWER), pause=0.01), reply)

    assert reply.answers == [ANSWER]


@pytest.mark.parametrize("first", [(), (Delta("Twelve"),)], ids=["before any text", "after some text"])
async def test_an_error_of_the_engine_reaches_the_caller(first: Sequence[AnswerEvent]) -> None:
    reply = FakeReply()

    with pytest.raises(GenerationTimeoutError):
        await deliver(events(*first, GenerationTimeoutError("late"), pause=0.01), reply)

    assert reply.answers == []


async def test_cancelling_closes_the_stream_and_stops_the_showing() -> None:
    """A question that is deleted stops everything behind it."""
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[AnswerEvent, None]:
        try:
            while True:
                await asyncio.sleep(0.005)
                yield Delta("more ")
        finally:
            closed.set()

    reply = FakeReply()
    task = asyncio.create_task(deliver(endless(), reply))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    seen = len(reply.shown)
    await asyncio.sleep(0.03)
    assert closed.is_set()
    assert len(reply.shown) == seen
