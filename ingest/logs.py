"""How log lines look: for eyes in a terminal, JSON elsewhere; always on stderr, for stdout is for results."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog


def configure_logging(level: int = logging.INFO) -> None:
    """Set structlog up for this process. Lines hold events and ids, never text of questions, answers or documents."""
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not is_terminal),
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each line: whoever redirects stderr later gets the lines, too.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def where(error: BaseException) -> str:
    """Say in which line an error was raised; its message may hold text of a document."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
