"""Text of documents, models and people made fit to be shown: one line, cut, parted where a platform would act. Pure.

What a platform acts on (mentions, links, formatting) is written in its own rooms; how text is parted there is the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

JOINER = "\u2060"
"""Takes no room and parts two characters."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def parted(text: str, places: re.Pattern[str]) -> str:
    """Put an invisible character at each of these places, so that what follows is not read with what stands before."""
    return places.sub(JOINER, text)


def line(text: str, limit: int) -> str:
    """Return untrusted text as one line without control characters, cut at a limit."""
    shown = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text if one not in _BIDI)
    return cut(" ".join(shown.split()), limit)


def fitted(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """Return text as `escape` makes it fit to be shown, cut so that it is no longer than a limit even then."""
    while True:
        shown = escape(cut(text, limit))
        if len(shown) <= limit:
            return shown
        text = text[: min(len(text), limit) * 3 // 4]


def cut(text: str, limit: int) -> str:
    """Cut text with an ellipsis, between words if it can."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    return (kept.rsplit(None, 1)[0] if " " in kept[limit // 2 :] else kept).rstrip() + "…"
