"""Answers that people marked as bad become questions for `askdocs eval`."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.answer import Answer, Citation, Outcome, Source
from bot.database import open_state
from bot.evaluation.cases import Evidence, read_cases
from bot.memory import Memory, Thread
from bot.question import Question
from bot.settings import MemorySettings, Settings
from ingest.documents import Document, Scopes
from ingest.index import Index

LOCAL = Scopes("local", frozenset({"workspace"}))
HANDBOOK = "employee-handbook-2026.pdf"


@pytest.fixture
def data(samples_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the samples' data folder, which the commands use."""
    folder = tmp_path / "data"
    shutil.copytree(samples_data, folder)
    monkeypatch.setenv("ASKDOCS_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


async def handbook(data: Path) -> Document:
    index = await Index.open(Settings(data_dir=data), None, create=False)
    try:
        return (await index.find(HANDBOOK, LOCAL))[0]
    finally:
        index.close()


def answered(data: Path, identifier: str, text: str, *words: str, keeps: bool = True, **changes: int) -> None:
    """Have a question answered from a page of the handbook, and rated by as many people as there are words."""
    asyncio.run(_answered(data, identifier, text, words, keeps=keeps, **changes))


async def _answered(
    data: Path, identifier: str, text: str, words: tuple[str, ...], *, keeps: bool, page: int = 5, rating: int = -1
) -> None:
    source = Source(1, await handbook(data), page, str(page), "…", "…", 0.9)
    answer = Answer("Yes [1].", Outcome.ANSWERED, (Citation(1, source, "…"),), model="extractive")
    database = await open_state(Settings(data_dir=data).resolved_database_url)
    memory = Memory(database, MemorySettings(keep_questions=keeps))
    await memory.remember(Thread("local", "C1", identifier), Question(identifier, text, LOCAL), answer)
    for person, said in enumerate(words):
        await memory.rate(identifier, f"U{person}", rating, said)
    await database.close()


def export(*arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(cli.app, ["feedback", "export", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_what_people_said_is_exported(data: Path) -> None:
    """The reasons of the form in words, comments as they are; an answer that was liked is not there."""
    answered(data, "q1", "How much leave?", "missing: It is on page 7.", "", "missing", "wrong: 30: not 29")
    answered(data, "q2", "How long is probation?", "", rating=1)

    (record,) = map(json.loads, export()[0].splitlines())

    assert (record["id"], record["question"], record["people"]) == ("q1", "How much leave?", 4)
    assert record["reasons"] == ["It is in the documents, but was not found", "The answer is wrong"]
    assert record["comments"] == ["It is on page 7.", "30: not 29"]
    assert record["cited"] == [{"document": HANDBOOK, "pages": [5]}]
    assert (record["outcome"], record["model"]) == ("answered", "extractive")


def test_what_is_exported_can_be_measured(data: Path, tmp_path: Path) -> None:
    """Eval takes the file: nobody knows the right page yet, but a page that did not say so is not to be cited again."""
    answered(data, "q1", "How much parental leave do parents have?", "source")
    answered(data, "q2", "How much parental leave do parents have?", "source", page=11)
    path = tmp_path / "bad.jsonl"

    export("-o", str(path))

    first, second = read_cases(path)
    assert (first.is_answerable, first.kind, first.scopes) == (None, "feedback", LOCAL)
    assert second.avoid == (Evidence(HANDBOOK, frozenset({11})),)
    result = CliRunner().invoke(cli.app, ["eval", str(path), "--answers", "--json"])
    figures = json.loads(result.stdout)
    assert figures["retrieval"]["cases"] == 0
    assert figures["answers"]["cited_again"] == 0.5
    assert figures["answers"]["refused"] is None


def test_a_page_added_by_hand_is_measured(data: Path, tmp_path: Path) -> None:
    """Whoever knows the right page writes it into the line, and takes `answerable` out."""
    answered(data, "q1", "How much parental leave do parents have?", "missing")
    record = json.loads(export()[0])
    del record["answerable"]
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(record | {"document": HANDBOOK, "pages": [5]}))

    figures = json.loads(CliRunner().invoke(cli.app, ["eval", str(path), "--json"]).stdout)

    assert figures["kinds"]["feedback"]["retrieval"]["page_hit"]["1"] == 1.0


def test_text_that_was_not_kept_is_not_made_up(data: Path) -> None:
    """A question whose text the log does not hold is counted, and the setting that would keep it is named."""
    answered(data, "q1", "How much leave?", "wrong", keeps=False)

    lines, said = export()

    assert lines == ""
    assert "0 of 1" in said
    assert "memory.keep_questions" in said


def test_a_question_kept_is_exported_after_the_setting_went_off(data: Path) -> None:
    answered(data, "q1", "How much leave?", "wrong")
    answered(data, "q2", "How long?", "wrong", keeps=False)

    lines, said = export()

    assert [json.loads(line)["id"] for line in lines.splitlines()] == ["q1"]
    assert "1 of 2" in said


def test_nothing_is_marked_as_bad(data: Path) -> None:
    assert export() == ("", "Nobody has marked an answer as bad.\n")


def test_a_document_that_is_gone_is_not_named(data: Path) -> None:
    answered(data, "q1", "How much leave?", "wrong")
    assert CliRunner().invoke(cli.app, ["forget", HANDBOOK]).exit_code == 0

    lines, _ = export()

    assert HANDBOOK not in lines
    assert json.loads(lines)["cited"] == []
