"""Stand-ins for what jobs run: an ingestor and originals that keep plain files, so that other processes see them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.documents import IngestReport, IngestStatus, Origin, Progress, ProgressCallback, Stage
from ingest.job_runner import Gate


class FolderOriginals:
    """Originals in one folder, each under its hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.puts = 0

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir() if not path.name.endswith(".part")}

    async def put(self, source: Path) -> str:
        self.puts += 1
        content = hashlib.sha256(source.read_bytes()).hexdigest()
        part = self.folder / f"{content}.part"
        shutil.copyfile(source, part)
        part.rename(self.folder / content)
        return content

    async def exists(self, sha256: str) -> bool:
        return (self.folder / sha256).exists()

    async def delete(self, sha256: str) -> None:
        (self.folder / sha256).unlink(missing_ok=True)

    @asynccontextmanager
    async def local_copy(self, sha256: str) -> AsyncIterator[Path]:
        yield self.folder / sha256


@dataclass
class FolderIngestor:
    """Documents as files with their content's hash; what is in `scripts` under a name happens while it is indexed."""

    folder: Path
    seconds: float = 0.0
    scripts: dict[str, list[Exception | Callable[[], Awaitable[None]]]] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def documents(self) -> dict[str, str]:
        return {path.stem: json.loads(path.read_text())["content"] for path in self.folder.glob("*.json")}

    async def ingest(self, origin: Origin, path: Path, on_progress: ProgressCallback, gate: Gate) -> IngestReport:
        self.attempts.append(origin.name)
        for page in range(4):
            on_progress(Progress(Stage.READING, page, 4))
            await asyncio.sleep(self.seconds / 4)
        await self._play(origin.name)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        stored = await self.content(origin.document_id)
        if stored == content:
            return IngestReport(origin.name, IngestStatus.UNCHANGED, pages=4)
        async with gate(origin.document_id):
            self._write(origin, content)
        await self._play(f"{origin.name} committed")
        return IngestReport(origin.name, IngestStatus.REPLACED if stored else IngestStatus.INDEXED, pages=4, chunks=8)

    async def forget(self, document_id: str) -> bool:
        await self._play("forget")
        path = self.folder / f"{document_id}.json"
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    async def content(self, document_id: str) -> str | None:
        return self.documents.get(document_id)

    async def holds(self, content_sha256: str) -> bool:
        return content_sha256 in self.documents.values()

    def _write(self, origin: Origin, content: str) -> None:
        self.commits.append(origin.name)
        part = self.folder / f"{origin.document_id}.part"
        part.write_text(json.dumps({"name": origin.name, "content": content}))
        part.rename(self.folder / f"{origin.document_id}.json")

    async def _play(self, name: str) -> None:
        actions = self.scripts.get(name)
        action = actions.pop(0) if actions else None
        if isinstance(action, Exception):
            raise action
        if action is not None:
            await action()
