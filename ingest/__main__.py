"""`python -m ingest PATH…` indexes PDFs, `python -m ingest worker` works on uploads: ingest by itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from ingest.command import run_ingest
from ingest.documents import WORKSPACE_SCOPE
from ingest.errors import IngestError
from ingest.logs import configure_logging
from ingest.settings import SettingsError, load_ingest_settings

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if list(given) == ["worker"]:
        return _work()
    options = _parser().parse_args(given)
    configure_logging(logging.WARNING)
    try:
        settings = load_ingest_settings()
        work = run_ingest(
            options.paths, settings, workspace=options.workspace, scope=options.scope, as_json=options.json
        )
        return asyncio.run(work)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED


def _work() -> int:
    """Work on uploads until told to stop."""
    from ingest.worker import run_worker

    configure_logging()
    try:
        asyncio.run(run_worker(load_ingest_settings()))
    except (SettingsError, IngestError) as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m ingest", description="Index PDFs; `python -m ingest worker` works on uploads."
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or globs")
    parser.add_argument("--workspace", default="local")
    parser.add_argument("--scope", default=WORKSPACE_SCOPE, help="who may read: `workspace` or `channel:<id>`")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
