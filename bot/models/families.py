"""What is peculiar to families of models: roles, stop tokens, reasoning, version numbers, and which ids chat at all."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """How models of one family want to be asked."""

    name: str
    pattern: str
    system_role: bool = True
    """False: instructions go into the first user message."""
    stop: tuple[str, ...] = ()
    tokens_per_digit: float = 1.0
    thinking_tokens: int = 0
    """Added to the completion budget: reasoning that is not shown is paid from the same budget."""
    overhead: int = 12
    """Tokens that the chat template itself puts around the messages."""
    groq: tuple[tuple[str, object], ...] = ()
    """Parameters for Groq's API. A host that refuses one of them is asked again without it."""


FAMILIES = (
    # Groq: gpt-oss takes include_reasoning, not reasoning_format; its template opens with a system message of its own.
    Family(
        "gpt-oss",
        r"gpt-oss",
        tokens_per_digit=0.5,
        thinking_tokens=256,
        overhead=80,
        groq=(("reasoning_effort", "low"), ("include_reasoning", False)),
    ),
    # Gemma up to 3 has no system role (Google answers 400); Gemma 4 has one, and takes the merged form as well.
    Family(
        "gemma-4", r"gemma-?(?:[4-9]|\d\d)(?![\d.]*b\b)", system_role=False, stop=("<turn|>",), thinking_tokens=1_024
    ),
    Family("gemma", r"gemma", system_role=False, stop=("<end_of_turn>",)),
    Family(
        "qwen",
        r"qwen-?3|qwq",
        thinking_tokens=1_024,
        groq=(("reasoning_effort", "none"), ("reasoning_format", "hidden")),
    ),
    Family("deepseek", r"deepseek-r1|deepseek.*reason", thinking_tokens=1_024),
)
OTHER = Family("other", "")

_NOT_CHAT = re.compile(
    r"whisper|tts|orpheus|guard|shield|embed|rerank|moderation|compound|transcri|speech|audio|realtime|dall-e|image|imagen"
    r"|veo|sora|lyria|ocr|davinci|babbage|minilm|(^|[/-])(bge|e5|gte|clip|nomic|colbert|aqa|live)\b",
    re.IGNORECASE,
)
_SMALLEST_CONTEXT = 2_048
"""A chat model with less could not hold a page and an answer."""


def family_of(model: str) -> Family:
    """Return the family of a model id, whatever provider's prefix it has."""
    return next((family for family in FAMILIES if re.search(family.pattern, model, re.IGNORECASE)), OTHER)


def can_chat(model: str, context: int | None = None) -> bool:
    """Tell whether an id on a provider's list answers questions; speech, guard and embedding models are listed too."""
    return not _NOT_CHAT.search(model) and (context is None or context >= _SMALLEST_CONTEXT)


def version(model: str) -> tuple[int, ...]:
    """Return the version in a model's name: `gemma-4-31b-it` → (4,), `gemma2-9b-it` → (2,), `gpt-oss-20b` → ()."""
    name = model.rsplit("/", 1)[-1].lower()
    match = re.match(r"[a-z]+[-_]?v?(\d+(?:\.\d+)*)(?![\d.]*b\b)n?(?:[-_:]|$)", name)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def size(model: str) -> float:
    """Return the size in a model's name in billions of parameters, 0 where it tells none; of two, the total."""
    return max((float(number) for number in re.findall(r"(?<![a-z\d.])(\d+(?:\.\d+)?)b\b", model.lower())), default=0.0)
