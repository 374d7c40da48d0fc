"""The bars of issue and README in small: `python -m tests.benchmarks.slack` has the large ones."""

from __future__ import annotations

import shutil

import pytest

from tests.benchmarks.slack import latency, replay
from tests.fake_slack import FakeSlack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


async def test_a_question_alone_is_answered_at_once(slack: FakeSlack, samples, tmp_path):
    """A sign of life, then the first words soon after the model has them; with room for slow machines."""
    measured = await latency(slack, samples, tmp_path, 10, at_once=False)

    assert measured.sign_of_life < 0.6
    assert measured.first_words < 0.8


async def test_fifty_at_once_see_a_sign_of_life(slack: FakeSlack, samples, tmp_path):
    """Everybody sees within a second and a half that the question was heard; again with room."""
    measured = await latency(slack, samples, tmp_path, 50, at_once=True)

    assert measured.sign_of_life < 3.0


async def test_a_replay_with_everything_that_goes_wrong(slack: FakeSlack, samples, tmp_path):
    """Duplicates, limits, broken sockets and a kill: every question is answered once, every upload indexed once."""
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)

    done = await replay(slack, samples, tmp_path, questions=40, uploads=2, kills=1)

    assert (done.answered_once, done.indexed_once) == (done.questions, done.uploads)
