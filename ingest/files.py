"""Original files, by content hash: in a local folder or in a bucket (`s3://…`), through fsspec.

Nothing here knows why a file is kept or when it may go: that is the pipeline's business.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from uuid import uuid4

from ingest.errors import FileStoreError, UnreadableFileError

T = TypeVar("T")

BLOCK = 1 << 20

DRAFT_SECONDS = 3_600.0
"""A copy to which nothing was added for so long has no writer any more."""


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes, read in blocks. Blocks the caller.

    Raises:
        UnreadableFileError: there is no such file, or it may not be read.
    """
    with _reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Files:
    """The place for originals. A file that is there is complete, however its writer ended."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._is_local = "://" not in uri or uri.startswith("file://")
        self._root = Path(uri.removeprefix("file://")).absolute() if self._is_local else uri.rstrip("/")

    async def put(self, source: Path | bytes) -> str:
        """Store a file, unless it is there already, and return its content hash.

        Raises:
            UnreadableFileError: the source cannot be read, or changed meanwhile.
            FileStoreError: it could not be stored.
        """
        return await self._call(lambda: self._put(source))

    async def exists(self, sha256: str) -> bool:
        return await self._call(lambda: self._exists(sha256))

    async def delete(self, sha256: str) -> None:
        """Delete an original; one that is not there is deleted already."""
        await self._call(lambda: self._delete(sha256))

    async def try_out(self) -> None:
        """Write something and delete it again.

        Raises:
            FileStoreError: originals cannot be stored here.
        """
        await self._call(self._try_out)

    @asynccontextmanager
    async def local_copy(self, sha256: str) -> AsyncIterator[Path]:
        """Give a path where the original can be read, and only read, as long as the block lasts.

        Raises:
            FileStoreError: it is not there, or the store cannot be reached.
        """
        if self._is_local:
            path = Path(self._place(sha256))
            if not await self._call(lambda: self._exists(sha256)):
                raise _missing(sha256)
            yield path
            return
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="askdocs-")
        try:
            path = Path(folder) / "original.pdf"
            await self._call(lambda: self._fetch(sha256, path))
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _call(self, work: Callable[[], T]) -> T:
        """Run blocking work in a thread, and say what its errors mean."""
        try:
            return await asyncio.to_thread(work)
        except self._errors() as error:
            raise FileStoreError(
                f"The place where originals are kept ({self._root}) cannot be read or written. "
                "Check files.uri in config.yaml, its permissions, and the space that is left."
            ) from error

    def _errors(self) -> tuple[type[Exception], ...]:
        if self._is_local:
            return (OSError,)
        from botocore.exceptions import BotoCoreError, ClientError

        return (OSError, BotoCoreError, ClientError)

    def _place(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}.pdf"

    def _put(self, source: Path | bytes) -> str:
        if isinstance(source, bytes):
            with tempfile.NamedTemporaryFile(prefix="askdocs-") as file:
                file.write(source)
                file.flush()
                return self._put(Path(file.name))
        sha256 = hash_file(source)
        if self._exists(sha256):
            return sha256
        if self._is_local:
            self._copy(source, sha256)
        else:
            with _unchanged(source):
                self._bucket().put_file(str(source), self._place(sha256))
        return sha256

    def _copy(self, source: Path, sha256: str) -> None:
        """Copy under another name first: a file with its final name is never half written."""
        place, drafts = Path(self._place(sha256)), Path(self._root, "drafts")
        for folder in (place.parent, drafts):
            folder.mkdir(parents=True, exist_ok=True)
        _sweep(drafts)
        draft = drafts / uuid4().hex
        try:
            with draft.open("xb") as target:
                copied = _copy_hashing(source, target)
                target.flush()
                os.fsync(target.fileno())
            if copied != sha256:
                raise _changed(source)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)

    def _exists(self, sha256: str) -> bool:
        place = self._place(sha256)
        return Path(place).is_file() if self._is_local else bool(self._bucket().exists(place))

    def _delete(self, sha256: str) -> None:
        place = self._place(sha256)
        if self._is_local:
            Path(place).unlink(missing_ok=True)
        elif self._exists(sha256):
            self._bucket().rm_file(place)

    def _try_out(self) -> None:
        name = f"{self._root}/drafts/{uuid4().hex}"
        if self._is_local:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).touch()
            Path(name).unlink()
        else:
            bucket = self._bucket()
            bucket.pipe_file(name, b"")
            bucket.rm_file(name)

    def _fetch(self, sha256: str, path: Path) -> None:
        try:
            self._bucket().get_file(self._place(sha256), str(path))
        except FileNotFoundError:
            raise _missing(sha256) from None

    def _bucket(self) -> Any:  # noqa: ANN401 - fsspec has no types
        from fsspec.core import url_to_fs

        # Another process may have stored or deleted a file since a folder was last listed.
        return url_to_fs(self._uri, use_listings_cache=False)[0]


def _sweep(drafts: Path) -> None:
    """Delete what killed processes did not finish writing."""
    for draft in drafts.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                draft.unlink()


def _copy_hashing(source: Path, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    with _reading(source), source.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise UnreadableFileError(f"There is no file {path.name}.") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path.name} is a folder, not a file.") from None
    except PermissionError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}.") from error


@contextmanager
def _unchanged(path: Path) -> Iterator[None]:
    before = path.stat()
    yield
    after = path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise _changed(path)


def _changed(path: Path) -> UnreadableFileError:
    return UnreadableFileError(f"{path.name} was changed while it was read. Add it again.")


def _missing(sha256: str) -> FileStoreError:
    return FileStoreError(f"The original {sha256[:12]}… is not where originals are kept. Add the PDF again.")
