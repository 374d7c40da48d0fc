"""A supervised pool of worker processes: every call has a time limit, and a crash or a hang costs one call.

Knows nothing of what the calls do. Each worker has a socket and a waiting thread of its own, so that ending one
process touches no other, and so that no lock dies with a process that held it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self, TypeVar

from ingest.errors import WorkerCrashedError, WorkersUnavailableError, WorkerTimeoutError
from ingest.worker_process import READY, Call, Raised, Returned

T = TypeVar("T")

START_SECONDS = 60.0
"""A new process has this long to come up; an idle machine needs a tenth of a second."""

BURIAL_SECONDS = 30.0
"""A killed process is gone at once, unless the system itself hangs."""

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from ingest.worker_process import serve; serve(int(sys.argv[1]), int(sys.argv[2]))"
)
"""Not multiprocessing's own start methods: those run the parent's main module again, or fork a process with threads."""


class Workers:
    """Worker processes, started when first needed. An async context manager: leaving it ends them all."""

    def __init__(self, count: int = 0, niceness: int = 10) -> None:
        """Plan `count` workers (0: one for each core), lowered in priority by `niceness`."""
        self.count = count or _cores()
        self._niceness = niceness
        self._all: list[_Worker] = []
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._threads: ThreadPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="worker")
        self._all = [_Worker(self._niceness) for _ in range(self.count)]
        for worker in self._all:
            self._idle.put_nowait(worker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._threads is not None
        threads, self._threads = self._threads, None
        for worker in self._all:
            worker.close()
        await asyncio.to_thread(threads.shutdown)
        for worker in self._all:
            worker.bury()

    async def run(self, function: Callable[..., T], *args: object, timeout: float) -> T:  # noqa: ASYNC109 - it kills a process
        """Call `function`, which must be importable by its name, in a worker; wait at most `timeout` seconds for it.

        The time spent waiting for a free worker does not count. Cancelling ends the call, and its process.

        Raises:
            WorkerTimeoutError: it took longer; its process was killed.
            WorkerCrashedError: its process died.
            WorkersUnavailableError: the pool is closed, or no process can be started: nothing to do with the call.
        """
        worker = await self._idle.get() if self._threads is not None else None
        if worker is None or self._threads is None:
            if worker is not None:  # others wait as well, and are to hear the same
                self._idle.put_nowait(worker)
            raise WorkersUnavailableError
        cancelled = threading.Event()
        call = asyncio.get_running_loop().run_in_executor(
            self._threads, worker.call, Call(function, args), timeout, cancelled
        )
        call.add_done_callback(lambda _: self._idle.put_nowait(worker))
        try:
            reply = await asyncio.shield(call)
        except asyncio.CancelledError:
            if not call.done():  # else the worker may have another call already
                cancelled.set()
                worker.kill()
            raise
        if isinstance(reply, Returned):
            value: T = reply.value
            return value
        if isinstance(reply, Raised):
            raise reply.error from RemoteTraceback(reply.traceback)
        raise reply


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Failed = WorkerTimeoutError | WorkerCrashedError | WorkersUnavailableError


class RemoteTraceback(Exception):  # noqa: N818 - a cause to read in a traceback, never caught
    """Where in the worker process an error was raised."""


class _Worker:
    """One process and the socket to it; started on the first call and again after it died."""

    def __init__(self, niceness: int) -> None:
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_closed = False
        self._lock = threading.Lock()
        """Held while a process starts, so that none escapes a kill from another thread."""

    def call(self, call: Call, timeout: float, cancelled: threading.Event) -> Returned | Raised | Failed:
        """Send a call and wait for the reply. Blocks; errors of the call are returned, so that none is lost."""
        payload = pickle.dumps(call, pickle.HIGHEST_PROTOCOL)
        try:
            connection = self._send(payload, cancelled)
            if not connection.poll(timeout):
                self._end(patience=0)
                return WorkerTimeoutError(timeout)
            reply: Returned | Raised = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own child
        except _NotStartedError:
            self._end(patience=0)
            return WorkersUnavailableError()
        except (EOFError, OSError):
            code = self._end(patience=1)
            return WorkersUnavailableError() if self._is_closed else WorkerCrashedError(_cause_of_death(code))
        return reply

    def kill(self) -> None:
        """End the process from another thread; a call that waits for it returns at once."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Kill, and never start again."""
        self._is_closed = True
        self.kill()

    def bury(self) -> None:
        """Let go of the killed process, once no call uses it."""
        self._end(patience=BURIAL_SECONDS)

    def _send(self, payload: bytes, cancelled: threading.Event) -> Connection:
        if self._connection is not None:
            with suppress(OSError):  # it died while it had nothing to do: nobody's call is lost
                self._connection.send_bytes(payload)
                return self._connection
            self._end(patience=0)
        connection = self._start(cancelled)
        connection.send_bytes(payload)
        return connection

    def _start(self, cancelled: threading.Event) -> Connection:
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        with theirs, self._lock:
            if self._is_closed or cancelled.is_set():
                raise _NotStartedError
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), str(self._niceness), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # ours may be a JSON contract
                # Ctrl-C in a terminal is for the parent alone. Not a session of its own: where Linux shares out the
                # processor by session, niceness counts only within one.
                process_group=0,
            )
        with suppress(EOFError, OSError):
            if self._connection.poll(START_SECONDS) and self._connection.recv_bytes() == READY:
                return self._connection
        raise _NotStartedError

    def _end(self, patience: float) -> int | None:
        """Bury the process, killing it if it is not dead within `patience` seconds; return its exit code."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        with suppress(subprocess.TimeoutExpired):
            return process.wait(patience)
        process.kill()
        return process.wait(BURIAL_SECONDS)


class _NotStartedError(Exception):
    """The process did not come up, or was not wanted any more."""


def _cause_of_death(code: int | None) -> str:
    if code is None:
        return "no exit code"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
