"""Counts tokens the way an embedding model does, with the model's own `tokenizer.json`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

BUNDLED_TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"


class TokenCounter:
    """Counts the tokens of texts; special tokens that a model adds around a text are not counted."""

    def __init__(self, file: Path) -> None:
        # One thread: several worker processes count at the same time, one for each core.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def counts(self, texts: Sequence[str]) -> list[int]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the first and the end character of every token of `text`."""
        spans: list[tuple[int, int]] = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return spans


@lru_cache(maxsize=4)
def token_counter(file: Path) -> TokenCounter:
    """Return the counter of a `tokenizer.json`, loaded once in a process."""
    return TokenCounter(file)
