"""The commands as a person or a script uses them, and the JSON that is a contract."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import cli
from bot.errors import BotError
from ingest.errors import IngestError
from ingest.settings import SettingsError

HANDBOOK = "employee-handbook-2026.pdf"
Run = Callable[..., Result]


@pytest.fixture
def run(samples_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command on the samples, without any key, in an empty working folder."""
    for name in ("GROQ_API_KEY", "GROQ_BASE_URL", "GOOGLE_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASKDOCS_DATA_DIR", str(samples_data))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, stdin: str = "", fails: bool = False) -> Result:
        result = CliRunner().invoke(cli.app, list(arguments), input=stdin)
        assert (result.exit_code != 0) is fails, result.output
        return result

    return command


def objects(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_ask_answers_with_the_right_page(run: Run) -> None:
    """`ask --json` has exactly the keys of the contract; the page is physical, the label is printed."""
    (answer,) = objects(run("ask", "--json", "How much parental leave do parents have?"))

    assert set(answer) == {"answer", "outcome", "citations", "model", "timings"}
    assert set(answer["timings"]) == {"retrieve", "queue", "first_token", "total", "tokens_per_second"}
    assert answer["outcome"] == "answered"
    assert answer["model"] == "extractive"
    assert set(answer["citations"][0]) == {"number", "document", "page", "label", "quote"}
    cited = {(citation["document"], citation["page"], citation["label"]) for citation in answer["citations"]}
    assert (HANDBOOK, 5, "2") in cited
    assert "18 weeks" in answer["answer"]


def test_ask_says_what_it_does_not_know(run: Run) -> None:
    (answer,) = objects(run("ask", "--json", "Who won the football world cup in Uruguay?"))

    assert answer["outcome"] == "not_found"
    assert answer["citations"] == []


def test_ask_shows_pages_to_people(run: Run) -> None:
    """Without --json: the answer, then each source with page, label and quote, then the model."""
    text = run("ask", "How much parental leave do parents have?").stdout

    assert "18 weeks" in text
    assert f"{HANDBOOK}, page 2 (5 of 12)" in text
    assert "extractive" in text.splitlines()[-2]


def test_search_ranks_distinct_pages(run: Run) -> None:
    (rows,) = objects(run("search", "--json", "-k", "3", "sick leave doctor's note"))

    assert [set(row) for row in rows] == [{"document", "page", "label", "score", "text"}] * 3
    assert (rows[0]["document"], rows[0]["page"], rows[0]["label"]) == (HANDBOOK, 5, "2")
    assert len({(row["document"], row["page"]) for row in rows}) == 3
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_questions_from_a_pipe_are_answered_in_order(run: Run) -> None:
    """`-` reads one question a line and prints one JSON result a line, also for a line that cannot be answered."""
    lines = "What is repaid for a hotel in London?\n\nHow much parental leave?\n"

    first, empty, last = objects(run("ask", "-", "--json", stdin=lines, fails=True))

    assert first["citations"][0]["page"] == 6
    assert set(empty) == {"error"}
    assert "18 weeks" in last["answer"]
    searched = objects(run("search", "-", "--json", stdin="pump\nparental leave\n"))
    assert [rows[0]["document"] for rows in searched] == ["infuser-k2-manual.pdf", HANDBOOK]


def test_documents_lists_what_is_indexed(run: Run) -> None:
    (rows,) = objects(run("documents", "--json"))

    assert [(row["document"], row["pages"]) for row in rows] == [(HANDBOOK, 12), ("infuser-k2-manual.pdf", 5)]
    assert "Employee Handbook 2026" in " ".join(run("documents").stdout.split())


def test_page_writes_a_picture(run: Run, tmp_path: Path) -> None:
    """The picture is a PNG, and the path is printed."""
    target = tmp_path / "leave.png"

    result = run("page", "employee-handbook-2026", "5", "--quote", "18 weeks of parental leave", "-o", str(target))

    assert result.stdout.strip() == str(target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_forget_removes_a_document(
    run: Run, samples_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(samples_data, copy)
    monkeypatch.setenv("ASKDOCS_DATA_DIR", str(copy))

    run("forget", "infuser-k2-manual.pdf")

    (rows,) = objects(run("documents", "--json"))
    assert [row["document"] for row in rows] == [HANDBOOK]
    (found,) = objects(run("search", "--json", "error codes of the pump"))
    assert {row["document"] for row in found} == {HANDBOOK}


CASES = [
    {"id": "1", "question": "How much parental leave?", "document": HANDBOOK, "pages": [5], "answer": "18 weeks"},
    {"id": "2", "question": "How much parental leave?", "document": HANDBOOK, "pages": [11], "answer": "no"},
    {"id": "3", "question": "Who won the cup in Uruguay?", "kind": "elsewhere"},
]


@pytest.fixture
def questions(tmp_path: Path) -> str:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES))
    return str(path)


def test_eval_prints_figures(run: Run, questions: str) -> None:
    """The figures are of the file's questions: one is found first, one is not where the file says, one is nowhere."""
    (figures,) = objects(run("eval", questions, "--json", "--answers"))

    assert figures["retrieval"]["cases"] == 2
    assert figures["retrieval"]["page_hit"]["1"] == pytest.approx(0.5)
    assert figures["retrieval"]["document_hit"]["1"] == pytest.approx(1.0)
    assert figures["answers"]["refused"] == pytest.approx(1.0)
    assert figures["answers"]["answer_match"] == pytest.approx(0.5)
    assert 0 < figures["answers"]["citation_precision"] < 1
    assert figures["kinds"]["elsewhere"]["answers"]["unanswerable"]["not_found"] == 1
    assert [result["found"]["page_rank"] for result in figures["results"][:1]] == [1]


def test_eval_keeps_no_text(run: Run, questions: str) -> None:
    """A saved run has ids, ranks and figures: no question, no answer."""
    printed = run("eval", questions, "--json", "--answers").stdout

    assert "parental" not in printed
    assert "18 weeks" not in printed


def test_runs_are_compared(run: Run, questions: str, tmp_path: Path) -> None:
    """What --save kept and what --json printed are both runs; the table has a row for each figure."""
    shown = run("eval", questions, "--model", "extractive", "--save", "a.json").stdout
    (tmp_path / "b.json").write_text(run("eval", questions, "--json").stdout)

    assert "precision" in shown
    rows = {row["figure"]: row for row in objects(run("compare", "a.json", "b.json", "--json"))[0]}
    assert (rows["page hit @1"]["better"], rows["page hit @1"]["p"]) == (0, 1.0)
    assert "answer match" not in rows
    assert "page hit @1" in " ".join(run("compare", "a.json", "b.json").stdout.split())


def test_eval_goes_on_after_a_question_that_fails(run: Run, tmp_path: Path) -> None:
    """It is counted, and the others are measured; if already the first fails, that is said instead of figures."""
    too_long = {"question": "How much parental leave? " * 200, "document": HANDBOOK, "pages": [5]}
    (tmp_path / "second.jsonl").write_text(f"{json.dumps(CASES[0])}\n{json.dumps(too_long)}")
    (tmp_path / "first.jsonl").write_text(json.dumps(too_long))

    (figures,) = objects(run("eval", "second.jsonl", "--answers", "--json"))

    assert (figures["answers"]["failed"], figures["answers"]["cases"]) == (1, 1)
    assert [result["answered"]["error"] for result in figures["results"]] == ["", "QuestionError"]
    assert "failed: 1" in run("eval", "second.jsonl", "--answers").stdout
    assert "too long" in str(run("eval", "first.jsonl", "--answers", fails=True).exception)


def test_eval_that_fails_prints_nothing_later(run: Run, tmp_path: Path) -> None:
    """Its progress ends with it, and writes nothing into what is printed next."""
    (tmp_path / "first.jsonl").write_text(json.dumps({"question": "How much parental leave? " * 200}))
    assert "too long" in str(run("eval", "first.jsonl", "--answers", fails=True).exception)

    with redirect_stdout(StringIO()) as later:
        gc.collect()

    assert later.getvalue() == ""


def test_eval_asks_follow_ups_with_their_thread(run: Run, tmp_path: Path) -> None:
    """A fragment is completed by the turns of the file before it is searched for."""
    turns = [{"question": "What is repaid for a hotel in London?", "answer": "Up to 180 pounds."}]
    case = {"question": "and in other cities?", "document": HANDBOOK, "pages": [6]}
    (tmp_path / "alone.jsonl").write_text(json.dumps(case))
    (tmp_path / "thread.jsonl").write_text(json.dumps({**case, "turns": turns}))

    (alone,), (thread,) = objects(run("eval", "alone.jsonl", "--json")), objects(run("eval", "thread.jsonl", "--json"))

    assert thread["retrieval"]["page_hit"]["1"] == 1.0
    assert thread["retrieval"]["mrr"] > alone["retrieval"]["mrr"]


def test_eval_says_what_is_not_indexed(run: Run, tmp_path: Path) -> None:
    """A document that is missing costs its questions and is named; when all are, nothing can be measured."""
    elsewhere = json.dumps({"question": "How long?", "document": "other.pdf", "pages": [1]})
    (tmp_path / "some.jsonl").write_text(f"{json.dumps(CASES[0])}\n{elsewhere}")
    (tmp_path / "none.jsonl").write_text(elsewhere)

    result = run("eval", "some.jsonl", "--json")

    assert "other.pdf is not indexed" in result.stderr
    assert json.loads(result.stdout)["retrieval"]["page_hit"]["1"] == pytest.approx(0.5)
    assert "askdocs ingest" in str(run("eval", "none.jsonl", fails=True).exception)


def test_doctor_says_what_is_not_set_up(run: Run) -> None:
    """Without keys everything that is set up is in order, and each missing key is named."""
    text = run("doctor").stdout

    assert "2 documents" in text
    assert "GROQ_API_KEY is not set" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["forget", "nothing.pdf"], "no document named nothing.pdf", id="unknown document"),
        pytest.param(["page", HANDBOOK, "99"], "pages 1 to 12", id="page too high"),
        pytest.param(["eval", "missing.jsonl"], "missing.jsonl", id="missing file"),
        pytest.param(["compare", "missing.json", "missing.json"], "missing.json", id="missing run"),
        pytest.param(["ask", "Hello?", "--model", "acme/x"], "acme/x", id="unknown model"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run: Run, arguments: list[str], said: str) -> None:
    """The error carries the sentence; `main` prints it and exits with 1."""
    result = run(*arguments, fails=True)

    assert isinstance(result.exception, BotError | IngestError | SettingsError)
    assert said in str(result.exception)


def test_an_index_that_is_missing_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASKDOCS_DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as ended:
        cli.main(["ask", "Hello?"])

    assert ended.value.code == 1
    assert "askdocs ingest" in capsys.readouterr().err


def test_help_is_quick() -> None:
    """`askdocs --help` and the options load none of the heavy libraries."""
    import subprocess
    import sys

    program = (
        "import sys; from bot import cli\n"
        "heavy = {'lancedb', 'llama_index', 'onnxruntime', 'groq', 'openai', 'discord', 'slack_bolt', 'sqlalchemy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
