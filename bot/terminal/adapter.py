"""The terminal as a platform: a chat that streams, follows up and shows pages, and questions from a pipe."""

from __future__ import annotations

import asyncio
import os
import readline
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import structlog
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from bot import notices
from bot.answer import Answer, Citation
from bot.conversation import new_question_id
from bot.engine import QueryEngine
from bot.errors import BotError
from bot.memory import Memory, Thread
from bot.question import Question, Turn
from bot.reply import Reply, Showing
from bot.terminal import render
from ingest.documents import Document, Scopes
from ingest.errors import IngestError

log = structlog.get_logger(__name__)

REMEMBERED_TURNS = 6
HELP = """Ask a question about the indexed PDFs; a follow-up may refer to the answer before.
/page 2      write the page of source [2] as a picture, with the quote highlighted, and open it
/good        the last answer was right
/bad why     it was wrong; `askdocs feedback export` makes it a test case
/documents   list what is indexed
/new         forget this conversation
/quit        leave (or Ctrl-D)"""

PERSON = "terminal"
WHICH_ANSWER = "There is no answer yet that could be right or wrong. Ask something first."

ShowPage = Callable[[Citation], Awaitable[Path]]
ListDocuments = Callable[[], Awaitable[tuple[Document, ...]]]


class TerminalReply:
    """One answer on the screen: a draft that grows, then the verified answer in its place."""

    interval = 0.05

    def __init__(self, live: Live) -> None:
        self._live = live

    async def show(self, text: str) -> None:
        self._live.update(Text(render.plain(text)))

    async def finish(self, answer: Answer) -> None:
        self._live.update(render.answer_view(answer))


class Chat:
    """One conversation at a terminal. Everything it needs is passed in; it keeps the last turns and citations."""

    def __init__(
        self,
        engine: QueryEngine,
        memory: Memory,
        scopes: Scopes,
        show_page: ShowPage,
        documents: ListDocuments,
        console: Console,
    ) -> None:
        self._engine = engine
        self._memory = memory
        self._scopes = scopes
        self._show_page = show_page
        self._documents = documents
        self._console = console
        self._thread = Thread(scopes.workspace, PERSON, new_question_id())
        self._turns: tuple[Turn, ...] = ()
        self._citations: dict[int, Citation] = {}
        self._answered = ""
        """The id of the last question that was answered."""

    async def run(self, history: Path) -> None:
        """Read and answer until the end of input."""
        self._console.print(f"[bold]AskDocs[/bold]  {len(await self._documents())} documents. /help for help.")
        _load_history(history)
        try:
            while (line := await _read_line("› ")) is not None:
                if line in {"/quit", "/exit"}:
                    return
                if line:
                    await self._take(line)
        finally:
            readline.write_history_file(history)

    async def _take(self, line: str) -> None:
        task = asyncio.create_task(self._command(line) if line.startswith("/") else self._answer(line))
        with _interrupt_cancels(task):
            try:
                await task
            except asyncio.CancelledError:
                self._console.print("[dim]stopped[/dim]")
            except (BotError, IngestError) as error:
                self._console.print(Text(error.user_notice, style="red"))

    async def _answer(self, text: str) -> None:
        question = Question(new_question_id(), text, self._scopes, asker=PERSON, turns=self._turns)
        with Live(
            Spinner("dots", Text(notices.LOOKING, style="dim")),
            console=self._console,
            refresh_per_second=20,
            vertical_overflow="visible",
        ) as live:
            answer = await written(self._engine, question, TerminalReply(live))
        await self._memory.remember(self._thread, question, answer)
        self._answered = question.id
        self._citations = {citation.number: citation for citation in answer.citations}
        documents = tuple(dict.fromkeys(citation.source.document.id for citation in answer.citations))
        self._turns = (*self._turns, Turn(text, answer.text, documents))[-REMEMBERED_TURNS:]

    async def _command(self, line: str) -> None:
        command, _, argument = line.partition(" ")
        if command == "/page":
            await self._page(argument.strip())
        elif command in {"/good", "/bad"}:
            await self._rate(1 if command == "/good" else -1, argument.strip())
        elif command == "/documents":
            self._console.print(render.documents_table(await self._documents()))
        elif command == "/new":
            self._turns, self._citations, self._answered = (), {}, ""
        else:
            self._console.print(HELP)

    async def _rate(self, rating: int, comment: str) -> None:
        if not self._answered:
            self._console.print(WHICH_ANSWER)
            return
        await self._memory.rate(self._answered, PERSON, rating, comment)
        self._console.print(notices.THANKS)

    async def _page(self, number: str) -> None:
        citation = self._citations.get(int(number)) if number.isdecimal() else None
        if citation is None:
            known = ", ".join(str(n) for n in self._citations) or "none yet"
            self._console.print(f"Which source? The last answer has: {known}. For example: /page 1")
            return
        path = await self._show_page(citation)
        self._console.print(
            f"{render.place(citation.source.document, citation.source.page, citation.source.label)} → {path}"
        )
        await open_file(path)


async def answer_lines(
    engine: QueryEngine,
    lines: Iterable[str],
    scopes: Scopes,
    write: Callable[[Answer], None],
    fail: Callable[[str], None],
) -> bool:
    """Answer one question a line, in order; each stands on its own. Return whether none of them failed."""
    is_fine = True
    for line in lines:
        question = Question(new_question_id(), line.strip(), scopes)
        try:
            write(await final_answer(engine, question))
        except BotError as error:
            fail(notices.with_id(error.user_notice, question.id))
            is_fine = False
    return is_fine


async def final_answer(engine: QueryEngine, question: Question) -> Answer:
    """Return the verified answer, without showing how it is written."""
    return await written(engine, question, _Unshown())


async def written(engine: QueryEngine, question: Question, reply: Reply) -> Answer:
    """Return the verified answer, when the reply shows it."""
    async with Showing(reply) as showing:
        answer = await showing.follow(engine.ask(question))
    await reply.finish(answer)
    return answer


class _Unshown:
    interval = 3600.0

    async def show(self, text: str) -> None:
        """Drop the draft."""

    async def finish(self, answer: Answer) -> None:
        """Leave the answer to the caller."""


async def open_file(path: Path) -> None:
    """Show a picture in the desktop's viewer, where there is a desktop."""
    opener = {"darwin": "open"}.get(sys.platform, "xdg-open" if os.environ.get("DISPLAY") else "")
    if not opener:
        return
    try:
        process = await asyncio.create_subprocess_exec(
            opener, str(path), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(10):
            await process.wait()
    except (OSError, TimeoutError):
        log.info("viewer_not_started")


class _interrupt_cancels:  # noqa: N801 - used as a function
    """While inside, Ctrl-C cancels `task` instead of the program."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def __enter__(self) -> None:
        import signal

        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._task.cancel)

    def __exit__(self, *_: object) -> None:
        import signal

        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


async def _read_line(prompt: str) -> str | None:
    """Read one line without blocking the event loop; None at the end of input."""
    try:
        return (await asyncio.to_thread(input, prompt)).strip()
    except EOFError:
        return None


def _load_history(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        readline.read_history_file(path)
    readline.set_history_length(500)
