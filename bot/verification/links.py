"""Links in a draft: only addresses that the documents contain stay, and none hides behind other words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

_IMAGE_OR_LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\(\s*<?(?P<target>[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'(][^\n)]*)?\s*\)"
)
_REFERENCE = re.compile(
    r"^[ \t]*\[(?!\^)[^\]\n]+\]:[ \t]*<?(?:[a-z][a-z0-9+.-]*:|www\.|/)\S*.*$\n?", re.MULTILINE | re.IGNORECASE
)
_PIPED = re.compile(r"<(?P<target>(?:[a-z][a-z0-9+.-]*:|www\.)[^|>\s]*)\|(?P<text>[^>\n]*)>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|img|script|iframe|style|link|form|input|button|object|embed|svg|video|audio|meta|base)\b[^>\n]*>",
    re.IGNORECASE,
)
_NEVER = r"\s<>|`\"“”()\[\]【】［］"
"""Not part of an address here: what quotes, what is Markdown, what a marker may be made of."""
_REST = rf"[^{_NEVER}]*[^{_NEVER}.,;:!?{{}}'*_]"
_ADDRESS = re.compile(
    rf"(?:\b[a-z][a-z0-9+.-]{{1,20}}://|\bwww\.|\b(?:mailto|javascript|data|tel):(?=\S)){_REST}"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|de|eu|ru|cn|info|biz|app|dev|ai|xyz|me|ly|gl|site|top)/"
    rf"{_REST}",
    re.IGNORECASE,
)
REMOVED_LINK = "(…)"
"""Stands where the words of a link were nothing but its address. Without words: it must not sway the language."""


def may_have_links(text: str) -> bool:
    """Whether there is anything to look at closely; most drafts have nothing."""
    return "](" in text or "<" in text or "]:" in text or _ADDRESS.search(text) is not None


class Addresses:
    """The addresses that the documents contain; looked for when the first link asks."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(_bare(match[0]) for text in self._texts for match in _ADDRESS.finditer(text))

    def know(self, address: str) -> bool:
        return _bare(address) in self._known


def _bare(address: str) -> str:
    return re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", address.lower()).rstrip("/")


def defuse(text: str, known: Addresses) -> tuple[str, tuple[str, ...]]:
    """Return the text without pictures, hidden targets and unknown addresses, and the addresses that went."""
    removed: list[str] = []

    def unlink(match: re.Match[str]) -> str:
        target, words = match["target"], match["text"].strip()
        if re.fullmatch(r"[\^\d,; -]{1,12}", words):
            return f"[{words}]"  # a marker that was made a link
        if match.groupdict().get("image"):
            removed.append(target)
            return words
        if known.know(target):
            return words if _bare(words) == _bare(target) else f"{words} ({target})"
        removed.append(target)
        return REMOVED_LINK if _ADDRESS.fullmatch(words) else words

    def drop(match: re.Match[str]) -> str:
        if known.know(match[0]):
            return match[0]
        removed.append(match[0])
        return REMOVED_LINK

    before = None
    while before != text:
        before = text
        text = _IMAGE_OR_LINK.sub(unlink, _PIPED.sub(unlink, _TAG.sub("", _REFERENCE.sub("", text))))
    return _ADDRESS.sub(drop, text), tuple(removed)
