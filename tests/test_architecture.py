"""Rules over all of the code: which library has which room, what people may read where, and what the README says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main

from bot.cli import app

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("bot", "ingest") for path in (ROOT / package).rglob("*.py"))

ROOMS = {
    "slack_bolt": ("bot/slack/*",),
    "slack_sdk": ("bot/slack/*",),
    "discord": ("bot/discord/*",),
    "groq": ("bot/models/groq.py",),
    "openai": ("bot/models/openai_compatible.py",),
    "lancedb": ("ingest/index*.py", "ingest/vector_store.py"),
    "pypdfium2": ("ingest/pdfium*.py", "ingest/page_image.py"),
    "onnxruntime": ("ingest/embedding_onnx.py",),
    "rapidocr": ("ingest/ocr*.py",),
    "dbos": ("ingest/jobs.py", "ingest/job_runner.py"),
    "fsspec": ("ingest/files.py",),
    "llama_index": (
        "ingest/nodes.py",
        "ingest/transformations.py",
        "ingest/vector_store.py",
        "ingest/embedding.py",
        "ingest/embedding_google_sdk.py",
    ),
    "yaml": ("*/settings.py",),
    "dotenv": ("*/settings.py",),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_each_library_has_one_room(library: str) -> None:
    """A library at the edge is imported in its room only: its types and errors go no further."""
    users = [name(path) for path in MODULES if any(module.split(".")[0] == library for module in imported(path))]

    assert [user for user in users if not any(fnmatch(user, room) for room in ROOMS[library])] == []


def test_the_environment_is_read_in_the_settings_only() -> None:
    readers = [
        name(path) for path in MODULES if re.search(r"os\.environ(?!\.setdefault)|getenv", path.read_text("utf-8"))
    ]

    others = {"bot/terminal/adapter.py", "ingest/index_tables.py"}  # DISPLAY, and what AWS's own libraries read
    assert sorted(set(readers) - {"ingest/settings.py", "bot/settings.py"} - others) == []


BLANKET = {
    "bot/answering.py",  # the boundary of questions
    "bot/boundary.py",  # the boundary of commands and clicks
    "bot/database.py",  # closes what was opened, and raises on
    "bot/health.py",  # whatever is wrong with a part is what it tells
    "bot/slack/connection.py",  # the SDK raises whatever
    "bot/tasks.py",
    "ingest/batch.py",  # the boundary of files
    "ingest/job_runner.py",  # the boundary of jobs
    "ingest/periodic.py",
    "ingest/together.py",  # handed to whoever waits for it
    "ingest/embedding_onnx.py",  # libraries that raise bare Exceptions
    "ingest/pdfium.py",  # whatever a broken PDF makes a parser stumble over, in a process of its own
    "ingest/page_image.py",
    "ingest/ocr.py",
    "ingest/worker_process.py",
}


def test_blanket_excepts_stand_at_boundaries_and_have_a_reason() -> None:
    """`except Exception` stands where events, files and jobs come in, each with its reason beside it."""
    found = [
        (name(path), line)
        for path in MODULES
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"except (Base)?Exception\b|except:", line)
    ]

    assert [where for where, _ in found if not any(fnmatch(where, allowed) for allowed in BLANKET)] == []
    assert [(where, line) for where, line in found if "#" not in line] == []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    assert [command for command in commands if not re.search(rf"[`·] ?(askdocs )?{command}\b", readme)] == []


def test_no_module_is_a_drawer() -> None:
    """Names say what is inside: no utils, helpers, common, managers."""
    drawers = re.compile(r"util|helper|common|manager|misc")

    assert [name(path) for path in MODULES if drawers.search(path.stem)] == []
