"""A process that imports once, what takes seconds, and forks a child for each run: for tests that kill many."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import asyncio, importlib, json, logging, os, sys
from ingest.logs import configure_logging

configure_logging(logging.ERROR)
for name in {modules}:
    importlib.import_module(name)
{body}
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        asyncio.run(main(*json.loads(line)))
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Zygote:
    """`body` is Python that defines `async def main(…)`; each child runs it with the arguments it is started with."""

    def __init__(self, body: str, *modules: str) -> None:
        program = PROGRAM.format(modules=modules, body=body)
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def start(self, *arguments: str) -> int:
        """Fork a child and return its process id; there is one at a time."""
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def status(self) -> int:
        """Wait for the child's end; 0 is a good one, otherwise the signal that killed it."""
        return int(self._line())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _line(self) -> str:
        return self._process.stdout.readline().strip()
