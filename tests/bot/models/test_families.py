from __future__ import annotations

import pytest

from bot.models.families import can_chat, family_of, size, version


@pytest.mark.parametrize(
    ("model", "family", "expected_version", "expected_size"),
    [
        ("gemma2-9b-it", "gemma", (2,), 9),
        ("gemma-7b-it", "gemma", (), 7),
        ("gemma-2b-it", "gemma", (), 2),
        ("google/gemma-3-27b-it", "gemma", (3,), 27),
        ("gemma-3n-e4b-it", "gemma", (3,), 0),
        ("gemma3:4b", "gemma", (3,), 4),
        ("models/gemma-4-26b-a4b-it", "gemma-4", (4,), 26),
        ("gemma4:12b", "gemma-4", (4,), 12),
        ("gemma-10-1b", "gemma-4", (10,), 1),
        ("openai/gpt-oss-20b", "gpt-oss", (), 20),
        ("qwen/qwen3.8-27b", "qwen", (3, 8), 27),
        ("llama-3.3-70b-versatile", "other", (3, 3), 70),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "other", (2,), 0),
    ],
)
def test_a_name_tells_family_version_and_size(model, family, expected_version, expected_size):
    """A size is never taken for a version: gemma-7b is not Gemma 7."""
    assert (family_of(model).name, version(model), size(model)) == (family, expected_version, expected_size)


@pytest.mark.parametrize(
    "model",
    [
        "whisper-large-v3-turbo",
        "canopylabs/orpheus-v1-english",
        "playai-tts",
        "meta-llama/llama-prompt-guard-2-22m",
        "openai/gpt-oss-safeguard-20b",
        "shieldgemma-2b",
        "groq/compound",
        "text-embedding-3-large",
        "models/gemini-embedding-2",
        "nomic-embed-text:latest",
        "bge-m3",
        "imagen-4.0-generate-001",
    ],
)
def test_models_for_other_work_do_not_chat(model):
    """Provider lists also hold speech, guard, embedding and agent models; none of them may be picked by a pattern."""
    assert not can_chat(model)


@pytest.mark.parametrize(
    "model", ["openai/gpt-oss-20b", "allam-2-7b", "local-model", "moonshotai/kimi-k2-instruct", "g"]
)
def test_every_other_id_may_chat(model):
    """A local server may call its model anything."""
    assert can_chat(model)


def test_a_tiny_context_cannot_hold_a_page():
    """Whatever its name, a model with 512 tokens does not answer questions about pages."""
    assert not can_chat("something", context=512)
