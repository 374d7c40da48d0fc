"""How long verify() and the extractive model take: `python -m tests.benchmarks.verification_speed`.

Ten pages of 4,000 characters of made-up prose and tables, and an answer of 300 words about them. Processor time, the
best of several runs: the machine may be busy with other things.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from bot.answer import Source
from bot.citations import verify
from bot.models.extractive import quotes
from bot.settings import AnswerSettings
from bot.verification.passages import index_page
from tests.benchmarks.verification import source
from tests.bot.verification_cases import PageText

PAGES = 10
CHARACTERS = 4_000
WORDS = 300
RUNS = 15

_SMALL = ("the", "of", "and", "to", "in", "a", "is", "for", "by", "with", "from", "that", "must", "may", "are", "not")


def pages(seed: int = 1) -> tuple[Source, ...]:
    """Pages whose words are as frequent as words are; every fourth passage is a table."""
    chance = random.Random(seed)
    vocabulary = [_word(chance) for _ in range(3_000)]
    weights = [1 / (rank + 5) for rank in range(len(vocabulary))]
    found = []
    for number in range(1, PAGES + 1):
        text = ""
        while len(text) < CHARACTERS:
            text += _table(chance, vocabulary) if chance.random() < 0.25 else _paragraph(chance, vocabulary, weights)
        found.append(
            source(number, PageText(f"document-{number}.pdf", f"Document {number}", number, text[:CHARACTERS]))
        )
    return tuple(found)


def _word(chance: random.Random) -> str:
    syllables = [chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))]
    return "".join(syllables) + chance.choice(["", "n", "r", "s", "tion", "ment"])


def _sentence(chance: random.Random, vocabulary: list[str], weights: list[float]) -> str:
    words = []
    for word in chance.choices(vocabulary, weights, k=chance.randint(6, 12)):
        words += [word, *chance.choices(_SMALL, k=chance.randint(0, 1))]
    if chance.random() < 0.4:
        words.insert(
            chance.randint(1, len(words)), f"{chance.randint(2, 9_999):,} {chance.choice(['days', 'EUR', 'percent'])}"
        )
    return " ".join(words).capitalize() + "."


def _paragraph(chance: random.Random, vocabulary: list[str], weights: list[float]) -> str:
    text = " ".join(_sentence(chance, vocabulary, weights) for _ in range(chance.randint(3, 6)))
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line += f" {word}" if line else word
    return "\n".join([*lines, line]) + "\n"


def _table(chance: random.Random, vocabulary: list[str]) -> str:
    rows = []
    for _ in range(chance.randint(4, 8)):
        label = " ".join(chance.choices(vocabulary, k=3)).capitalize()
        rows.append(f"{label} {chance.randint(10, 99_999):,} {chance.randint(10, 99_999):,}")
    return "\n".join(["(in thousands) 2023 2022", *rows]) + "\n"


def answer(sources: tuple[Source, ...], *, marked: bool, seed: int = 2) -> str:
    """Sentences of the pages, some changed, with or without their markers."""
    chance = random.Random(seed)
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < WORDS:
        chosen = chance.choice(sources[:6])
        sentence = chance.choice([part for part in chosen.text.replace("\n", " ").split(".") if 40 < len(part) < 160])
        words = sentence.split()
        words[chance.randrange(len(words))] = "approximately"
        sentences.append(" ".join(words) + (f" [{chosen.number}]." if marked else "."))
    return " ".join(sentences)


def milliseconds(run: Callable[[], object]) -> float:
    """Processor time of the best run, with nothing known of the pages beforehand."""
    best = float("inf")
    for _ in range(RUNS):
        index_page.cache_clear()
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best * 1_000


def main() -> None:
    sources = pages()
    strictness = AnswerSettings().strictness
    for marked in (True, False):
        draft = answer(sources, marked=marked)
        taken = milliseconds(lambda draft=draft: verify(draft, sources, strictness))  # type: ignore[misc]
        print(f"verify, {len(draft.split())} words {'with' if marked else 'without'} markers: {taken:.1f} ms")
    question = " ".join(answer(sources, marked=False).split()[:12])
    print(f"extractive: {milliseconds(lambda: quotes(question, sources)):.1f} ms")


if __name__ == "__main__":
    main()
