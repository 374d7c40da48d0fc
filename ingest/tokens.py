"""Counts tokens the way an embedding model does, with the model's own `tokenizer.json`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

BUNDLED_TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"

WORDS_KEPT = 100_000

_CONTROLS = re.compile(r"[^\S \t\r\n]|[\x00-\x08\x0e-\x1f\x7f\ufffd]|[^\x00-\x7f]")
"""What some tokenizers drop or treat as white space, and others not: such a text is counted as a whole."""


class TokenCounter:
    """Counts the tokens of texts; special tokens that a model adds around a text are not counted.

    Where the tokenizer cuts at white space anyway, each word is counted once and remembered: words come again and
    again, and that is ten times as fast.
    """

    def __init__(self, file: Path) -> None:
        # One thread: several worker processes count at the same time, one for each core.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer
        from tokenizers.pre_tokenizers import BertPreTokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._counts_words = isinstance(self._tokenizer.pre_tokenizer, BertPreTokenizer)
        self._words: dict[str, int] = {}

    def counts(self, texts: Sequence[str]) -> list[int]:
        if not self._counts_words:
            return self._encoded(texts)
        if len(self._words) > WORDS_KEPT:
            self._words.clear()
        plain = [text if _CONTROLS.search(text) is None else "" for text in texts]
        self._learn({word for text in plain for word in text.split() if word not in self._words})
        counts = [sum(map(self._words.__getitem__, text.split())) for text in plain]
        others = [index for index, text in enumerate(texts) if not plain[index] and text]
        for index, count in zip(others, self._encoded([texts[index] for index in others]), strict=True):
            counts[index] = count
        return counts

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the first and the end character of every token of `text`."""
        spans: list[tuple[int, int]] = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return spans

    def _learn(self, words: set[str]) -> None:
        new = sorted(words)
        self._words.update(zip(new, self._encoded(new), strict=True))

    def _encoded(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]


@lru_cache(maxsize=4)
def token_counter(file: Path) -> TokenCounter:
    """Return the counter of a `tokenizer.json`, loaded once in a process."""
    return TokenCounter(file)
