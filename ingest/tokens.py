"""Counts tokens the way an embedding model does, with the model's own `tokenizer.json`."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

BUNDLED_TOKENIZER = Path(__file__).parent / "minilm" / "tokenizer.json"

WORDS_KEPT = 100_000

_UNSURE = re.compile("[^\t\n\r -~\xa1-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122\u25a0-\u25ff]")
"""What some tokenizers drop or treat as white space, and others not: such a text is counted as a whole."""

_PARTS = re.compile("[0-9A-Za-z]+|[^0-9A-Za-z]")
"""What such a tokenizer makes of a word in ASCII: it cuts before and after every sign."""


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
        plain = [text if _UNSURE.search(text) is None else "" for text in texts]
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
        """Count the tokens of words by their parts: most figures are new, and few of the parts between their commas."""
        parts = {word: _PARTS.findall(word) if word.isascii() else [word] for word in words}
        new = sorted({part for found in parts.values() for part in found if part not in self._words})
        if new:  # all in one text: an encoding of each takes twice as long
            starts = [start for start, _ in self.spans(" ".join(new))]
            ends = [bisect_left(starts, end) for end in accumulate(len(part) + 1 for part in new)]
            self._words.update((part, end - begin) for part, begin, end in zip(new, [0, *ends], ends, strict=False))
        self._words.update((word, sum(map(self._words.__getitem__, found))) for word, found in parts.items())

    def _encoded(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]


@lru_cache(maxsize=4)
def token_counter(file: Path) -> TokenCounter:
    """Return the counter of a `tokenizer.json`, loaded once in a process."""
    return TokenCounter(file)
