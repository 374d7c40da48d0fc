from __future__ import annotations

import pytest

from bot.models import providers
from bot.models.openai_compatible import GOOGLE_BASE_URL
from bot.models.quota import Limits
from bot.settings import QuotaSettings, Settings


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", GOOGLE_BASE_URL),
        ("https://generativelanguage.googleapis.com", GOOGLE_BASE_URL),
        ("https://generativelanguage.googleapis.com/", GOOGLE_BASE_URL),
        ("https://generativelanguage.googleapis.com/v1beta", GOOGLE_BASE_URL),
        ("https://generativelanguage.googleapis.com/v1beta/openai", GOOGLE_BASE_URL),
        ("http://127.0.0.1:9/v1beta/openai/", "http://127.0.0.1:9/v1beta/openai/"),
    ],
)
def test_one_address_serves_googles_embeddings_and_gemma(address, expected):
    """GOOGLE_API_BASE is the host; Gemma is spoken to under /v1beta/openai there."""
    assert providers._google_address(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ""),
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("https://example.org/api/openai", "https://example.org/api/openai"),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(address, expected):
    """Ollama tells people http://localhost:11434; its OpenAI-compatible API is under /v1."""
    assert providers._openai_address(address) == expected


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:11434/v1", True),
        ("http://192.168.1.20/v1", True),
        ("http://gpu.internal:8000", True),
        ("http://[::1]:8080", True),
        ("https://api.groq.com", False),
        ("https://8.8.8.8/v1", False),
        ("", False),
    ],
)
def test_a_local_server_is_known_by_its_address(address, local):
    """It has more time for its first word."""
    assert providers._is_local(address) == local


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("", "Groq"),
        ("https://api.groq.com", "Groq"),
        ("http://127.0.0.1:8080/openai/v1", "The model server at 127.0.0.1:8080"),
        ("http://user:secret@example.org:1", "The model server at example.org:1"),
    ],
)
def test_a_host_is_called_groq_only_when_it_is(address, label):
    """And a password in an address is not shown to anybody."""
    assert providers._label("Groq", "groq.com", address) == label


def test_the_free_plan_is_assumed_until_somebody_says_otherwise():
    """Configured limits hold at any host; assumed ones fall when a host counts nothing."""
    assert providers.limits_for("groq", Settings()) == Limits(8_000, 30, 1_000, 200_000, assumed=True)
    own = Settings(quota=QuotaSettings(tokens_per_minute=6_000))
    assert not providers.limits_for("groq", own).assumed
    assert providers.limits_for("groq", own).tokens_per_minute == 6_000


def test_other_hosts_are_unlimited_but_not_asked_everything_at_once():
    """A local server answers few at a time; a queue of ours tells people their place."""
    assert providers.limits_for("openai", Settings()) == Limits(concurrent=4)
    assert providers.limits_for("groq", Settings(groq_base_url="http://127.0.0.1:1")).concurrent == 4
