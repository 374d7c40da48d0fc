"""The `askdocs` command: its options, and which room does the work. Heavy imports happen inside the commands."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.errors import BotError, CaseFileError
from bot.settings import Settings, load_settings
from ingest.documents import WORKSPACE_SCOPE, Scopes
from ingest.errors import IngestError
from ingest.logs import configure_logging
from ingest.settings import SettingsError

app = typer.Typer(
    name="askdocs",
    help="A team's PDFs, answerable in Slack, Discord and this terminal, with the page cited.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

jobs_app = typer.Typer(help="List uploads that are being indexed, wait, or failed; retry or drop them.")
app.add_typer(jobs_app, name="jobs")
feedback_app = typer.Typer(help="What people thought of answers.", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")

WorkspaceOption = Annotated[str, typer.Option("--workspace", help="Whose documents: local, slack:T…, discord:<guild>.")]
ScopeOption = Annotated[
    list[str], typer.Option("--scope", help="`workspace` or `channel:<id>`; may be repeated.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ModelOption = Annotated[str, typer.Option("--model", help="Use this model instead of the configured chain.")]

LOCAL = "local"
INTERRUPTED = 130

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error that a person can act on is one sentence on stderr, and exit code 1."""
    try:
        app(arguments)
    except (SettingsError, IngestError, BotError, CaseFileError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except asyncio.CancelledError:  # SIGTERM, as a service manager sends it: an orderly end
        sys.exit(0)


@app.callback()
def configure() -> None:
    """A team's PDFs, answerable in Slack, Discord and this terminal, with the page cited."""
    configure_logging(logging.WARNING)


@app.command()
def run() -> None:
    """Run Slack and Discord where their tokens are set; with none set, the terminal chat."""
    from bot.service import run_service

    _run(run_service(load_settings()))


@app.command()
def chat(workspace: WorkspaceOption = LOCAL, scope: ScopeOption = [], model: ModelOption = "") -> None:  # noqa: B006
    """Ask in this terminal: streamed, with follow-ups; `/page 2` shows the page of source 2."""
    from bot.terminal.session import run_chat

    _run(run_chat(_settings(model), _scopes(workspace, scope)))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; `-` reads one a line from stdin.")],
    workspace: WorkspaceOption = LOCAL,
    scope: ScopeOption = [],  # noqa: B006 - typer copies it
    as_json: JsonOption = False,
    timings: Annotated[bool, typer.Option("--timings", help="Show what took how long.")] = False,
    model: ModelOption = "",
) -> None:
    """Answer one question, or one a line."""
    from bot.terminal.session import run_ask

    lines = _lines(question)
    _exit_unless(_run(run_ask(_settings(model), lines, _scopes(workspace, scope), as_json=as_json, timings=timings)))


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for; `-` reads one a line from stdin.")],
    count: Annotated[int, typer.Option("-k", min=1, max=100, help="How many pages.")] = 10,
    workspace: WorkspaceOption = LOCAL,
    scope: ScopeOption = [],  # noqa: B006
    as_json: JsonOption = False,
) -> None:
    """List the pages that fit best, each once, best first."""
    from bot.terminal.session import run_search

    lines = _lines(question)
    _run(run_search(load_settings(), lines, _scopes(workspace, scope), count, as_json=as_json))


@app.command()
def documents(workspace: WorkspaceOption = LOCAL, scope: ScopeOption = [], as_json: JsonOption = False) -> None:  # noqa: B006
    """List what is indexed."""
    from bot.terminal.session import run_documents

    _run(run_documents(load_settings(), _scopes(workspace, scope), as_json=as_json))


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="The document's name, as `askdocs documents` lists it.")],
    workspace: WorkspaceOption = LOCAL,
    scope: ScopeOption = [],  # noqa: B006
) -> None:
    """Remove a document, with everything that was made from it."""
    from bot.terminal.session import run_forget

    _run(run_forget(load_settings(), name, _scopes(workspace, scope)))


@app.command()
def page(
    name: Annotated[str, typer.Argument(help="The document's name.")],
    number: Annotated[int, typer.Argument(min=1, help="The physical page, from 1.")],
    quote: Annotated[list[str], typer.Option("--quote", help="Highlight this; may be repeated.")] = [],  # noqa: B006
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write the PNG.")] = None,
    workspace: WorkspaceOption = LOCAL,
    scope: ScopeOption = [],  # noqa: B006
) -> None:
    """Write a page as a picture, with quotes highlighted."""
    from bot.terminal.session import run_page

    _run(run_page(load_settings(), name, number, quote, output, _scopes(workspace, scope)))


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs.")],
    workspace: WorkspaceOption = LOCAL,
    scope: Annotated[
        str, typer.Option("--scope", help="Who may read: `workspace` or `channel:<id>`.")
    ] = WORKSPACE_SCOPE,
    as_json: JsonOption = False,
) -> None:
    """Index PDFs."""
    from ingest.command import run_ingest

    raise typer.Exit(_run(run_ingest(paths, load_settings(), workspace=workspace, scope=scope, as_json=as_json)))


@app.command()
def worker() -> None:
    """Work on uploads, and answer no questions; as many of these as you like, on PostgreSQL."""
    from bot.worker import run_worker

    configure_logging()
    _run(run_worker(load_settings()))


@jobs_app.callback(invoke_without_command=True)
def jobs(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are done.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List uploads that are being indexed, wait, or failed."""
    from bot.terminal.jobs import run_list

    if context.invoked_subcommand is None:
        _run(run_list(load_settings(), everything=everything, as_json=as_json))


@jobs_app.command()
def retry(identifier: Annotated[str, typer.Argument(metavar="ID", help="A failed job's id, or `all`.")]) -> None:
    """Start a failed upload over."""
    from bot.terminal.jobs import run_retry

    _exit_unless(_run(run_retry(load_settings(), identifier)))


@jobs_app.command()
def drop(identifier: Annotated[str, typer.Argument(metavar="ID", help="A job's id, or `all` that failed.")]) -> None:
    """Give an upload up: nothing of it is kept."""
    from bot.terminal.jobs import run_drop

    _exit_unless(_run(run_drop(load_settings(), identifier)))


@app.command()
def reindex(
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Go on without documents whose original cannot be read any more.")
    ] = False,
) -> None:
    """Rebuild the index, e.g. under another embedding model; the old one answers until the new one is complete."""
    from bot.terminal.session import run_reindex

    _exit_unless(_run(run_reindex(load_settings(), leave_out=leave_out)))


@app.command(name="eval")
def evaluate(
    questions: Annotated[Path, typer.Argument(help="One JSON object a line: question, document, pages, answer, kind.")],
    workspace: WorkspaceOption = LOCAL,
    scope: ScopeOption = [],  # noqa: B006
    as_json: JsonOption = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Also answer each question, and judge answers and citations.")
    ] = False,
    model: Annotated[str, typer.Option("--model", help="Answer with this model; includes --answers.")] = "",
    save: Annotated[Path | None, typer.Option("--save", help="Keep the run here, for `askdocs compare`.")] = None,
) -> None:
    """Measure how well pages are found and questions answered, for all questions and for each kind."""
    from bot.terminal.evaluation import run_evaluation

    with_answers = answers or bool(model)
    scopes = _scopes(workspace, scope)
    _run(run_evaluation(_settings(model), questions, scopes, answers=with_answers, as_json=as_json, save=save))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="A run that `askdocs eval --save` (or --json) kept.")],
    after: Annotated[Path, typer.Argument(help="Another, on the same questions.")],
    as_json: JsonOption = False,
) -> None:
    """Compare two runs question by question, and say which differences may be chance."""
    from bot.terminal.evaluation import run_comparison

    run_comparison(before, after, as_json=as_json)


@feedback_app.command()
def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file; stdout without it.")] = None,
) -> None:
    """Write answers that people marked as bad as questions for `askdocs eval`, one JSON object a line."""
    from bot.terminal.feedback import run_export

    _run(run_export(load_settings(), output))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Check keys, models, index and disk, and say what to do."""
    from bot.doctor import run_doctor

    _exit_unless(_run(run_doctor(load_settings(), as_json=as_json)))


def _run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


def _settings(model: str) -> Settings:
    settings = load_settings()
    return settings.model_copy(update={"models": (model,)}) if model else settings


def _scopes(workspace: str, scopes: Sequence[str]) -> Scopes:
    return Scopes(workspace, frozenset(scopes or (WORKSPACE_SCOPE,)))


def _lines(question: str) -> Iterable[str]:
    return (line.rstrip("\n") for line in sys.stdin) if question == "-" else (question,)


def _exit_unless(is_fine: bool) -> None:
    if not is_fine:
        raise typer.Exit(1)
