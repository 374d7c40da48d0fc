from __future__ import annotations

import pytest

from bot.models.visible import VisibleText

CASES = {
    "plain": ("Twelve days [1].", "Twelve days [1]."),
    "think": ("<think>hm</think>\n\nTwelve days [1].", "Twelve days [1]."),
    "thought as Gemma opens": ("<thought>\nThe user asks\n</thought>Twelve", "Twelve"),
    "capitals": ("<THINK>hm</Think>Twelve", "Twelve"),
    "nested": ("<think>a<think>b</think>c</think>Twelve", "Twelve"),
    "never opened": ("The user asks about leave.</think>Twelve", "Twelve"),
    "never closed": ("Twelve <think>and then", "Twelve "),
    "only reasoning": ("<think>and then", ""),
    "in the middle": ("Twelve <think>hm</think>days", "Twelve days"),
    "gpt-oss channels": (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Twelve<|return|>",
        "Twelve",
    ),
    "Gemma 4 channel": ("<|channel>thought\nhm\n<channel|>Twelve<turn|>", "Twelve"),
    "end of turn": ("Twelve<end_of_turn>", "Twelve"),
    "less than": ("if a < b and b <c, x<y", "if a < b and b <c, x<y"),
    "beginning of a tag at the end": ("Twelve <thi", "Twelve <thi"),
    "lone bracket": ("<", "<"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1_000])
def test_reasoning_and_template_tokens_are_never_visible_however_they_are_split(text, expected, size):
    """What is visible does not depend on how the text was cut into chunks."""
    visible, shown = VisibleText(), ""
    for start in range(0, len(text), size):
        piece = visible.feed(text[start : start + size])
        shown = ("" if piece.void else shown) + piece.text

    assert shown + visible.close() == expected


def test_a_piece_without_a_tag_is_not_held_back():
    """Text that cannot be a tag is visible at once."""
    assert VisibleText().feed("Twelve days [1").text == "Twelve days [1"


def test_an_end_inside_reasoning_is_known():
    """Whoever shows the text can say that something is missing."""
    visible = VisibleText()
    visible.feed("Twelve <think>and")
    visible.close()

    assert visible.hidden_at_end
