"""`python -m ingest PATH…`: index PDFs without the rest of the product."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from ingest.command import run_ingest
from ingest.documents import WORKSPACE_SCOPE
from ingest.logs import configure_logging
from ingest.settings import SettingsError, load_ingest_settings

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ingest", description="Index PDFs.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or globs")
    parser.add_argument("--workspace", default="local")
    parser.add_argument("--scope", default=WORKSPACE_SCOPE, help="who may read: `workspace` or `channel:<id>`")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
