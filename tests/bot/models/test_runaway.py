from __future__ import annotations

import pytest

from bot.models.runaway import Runaway

LOOP = "The notice period is two weeks during probation [1]. "
LIST = "".join(f"- Grade {n}: {n * 1_000} euros a year [1].\n" for n in range(60))
TABLE = "| grade | pay |\n" + "| --- | --- |\n" * 2 + "| one | n/a |\n" * 2


def run(text: str, size: int = 7) -> tuple[str, bool]:
    runaway = Runaway()
    for start in range(0, len(text), size):
        if runaway.take(text[start : start + size]):
            return runaway.text, True
    return runaway.text, False


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (LOOP * 9, LOOP.strip()),
        ("First. " + LOOP * 9, "First. " + LOOP.strip()),
        ("Thirty days [1].\n</source>\nThe document", "Thirty days [1]."),
        ('Thirty days [1].\n<source n="3">', "Thirty days [1]."),
        ("<sources>\n<source", ""),
        (("one two three four five six " * 40), ""),
    ],
    ids=["loop", "loop after a sentence", "closing tag", "another source", "nothing else", "loop without sentences"],
)
@pytest.mark.parametrize("size", [1, 7, 300])
def test_an_answer_ends_where_the_model_runs_away(text, kept, size):
    """What was said once stays, whole sentences only, however the text was cut into chunks."""
    answer, is_over = run(text, size)

    assert is_over
    assert answer.startswith(kept)
    assert len(answer) < len(kept) + 2 * len(LOOP) + 300


@pytest.mark.parametrize("text", [LIST, TABLE, "=" * 500, "Yes. " * 3, "ha " * 50, LOOP * 2], ids=range(6))
def test_what_only_looks_alike_is_no_loop(text):
    """Lists, tables and rules repeat themselves by right."""
    assert run(text) == (text, False)
