"""What runs inside a worker process: calls come in over a socket, results go back. Imports as little as it can.

Started by `ingest/workers.py`, never by people. The process ends when its parent does, at the lowest priority the
system knows between polite and starving, and is the first that the system ends when memory runs out.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

READY = b"ready"

MEMORY_LIMIT = 4 * 2**30
"""Bytes of a worker's own data; a file made to use up all memory costs a worker, not the machine."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function, found by its import path, and its arguments."""

    function: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What the function returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """What the function raised, with its traceback as text."""

    error: Exception
    traceback: str


def serve(descriptor: int, niceness: int) -> None:
    """Answer calls until the parent closes its end."""
    _become_humble(niceness)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    connection = Connection(descriptor)
    connection.send_bytes(READY)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send_bytes(_answer(connection.recv_bytes()))


def _become_humble(niceness: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # in the background of a terminal, writing to it may stop a process
    os.nice(niceness)
    with suppress(OSError):  # not on every system, and not in every container
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))


def _end_with_parent(parent: int) -> None:
    """Leave as soon as the parent is gone, also in the middle of a call."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _answer(payload: bytes) -> bytes:
    try:
        call: Call = pickle.loads(payload)  # noqa: S301 - from our own parent, over a socket nobody else has
        return pickle.dumps(Returned(call.function(*call.args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - a process boundary: every error goes to the caller
        return _pickled_error(error)


def _pickled_error(error: Exception) -> bytes:
    import traceback

    text = "".join(traceback.format_exception(error))
    payload = _pickle_or_none(Raised(error, text))
    return payload or pickle.dumps(Raised(RuntimeError(f"{type(error).__name__} in a worker process"), text))


def _pickle_or_none(raised: Raised) -> bytes | None:
    """Some exceptions can be pickled and then not be built again: try both before the parent has to."""
    try:
        payload = pickle.dumps(raised, pickle.HIGHEST_PROTOCOL)
        pickle.loads(payload)  # noqa: S301 - what was pickled a line above
    except Exception:  # noqa: BLE001 - whatever a foreign exception's constructor raises
        return None
    return payload


if __name__ == "__main__":
    sys.exit("Worker processes are started by AskDocs itself.")
