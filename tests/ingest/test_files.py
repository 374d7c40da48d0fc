"""Originals are kept by their content, whole or not at all, on disk and in a bucket."""

import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ingest.errors import FileStoreError, UnreadableFileError
from ingest.files import Files, hash_file

BYTES = b"%PDF-1.7 not really" * 1_000
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture(params=["local", "s3"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    uri = str(tmp_path / "files") if request.param == "local" else f"{request.getfixturevalue('bucket')}/originals"
    files = Files(uri)
    yield files
    await files.delete(SHA256)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "handbook.pdf"
    path.write_bytes(BYTES)
    return path


@pytest.mark.parametrize("as_bytes", [False, True], ids=["path", "bytes"])
async def test_what_is_stored_can_be_read(files: Files, original: Path, as_bytes: bool) -> None:
    """The name of a file is its hash; storing it again changes nothing."""
    assert not await files.exists(SHA256)
    assert await files.put(BYTES if as_bytes else original) == SHA256
    assert await files.put(original) == SHA256
    assert await files.exists(SHA256)
    async with files.local_copy(SHA256) as path:
        assert path.read_bytes() == BYTES
        assert path.suffix == ".pdf"


async def test_what_is_deleted_is_gone(files: Files, original: Path) -> None:
    """Deleting twice is no error; a missing original is a sentence."""
    await files.put(original)
    await files.delete(SHA256)
    await files.delete(SHA256)

    assert not await files.exists(SHA256)
    with pytest.raises(FileStoreError, match="is not where originals are kept"):
        async with files.local_copy(SHA256):
            pass


async def test_a_source_that_cannot_be_read_is_named(files: Files, tmp_path: Path) -> None:
    """A missing file, a folder: the person's file is at fault, not the store."""
    with pytest.raises(UnreadableFileError, match=r"There is no file gone\.pdf"):
        await files.put(tmp_path / "gone.pdf")
    with pytest.raises(UnreadableFileError, match="is a folder"):
        await files.put(tmp_path)


async def test_nothing_half_written_stays(tmp_path: Path, original: Path) -> None:
    """On disk there is nothing but the finished file."""
    files = Files(str(tmp_path / "files"))
    await files.put(original)

    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [f"{SHA256}.pdf"]


async def test_what_a_killed_process_left_is_swept_away(tmp_path: Path, original: Path) -> None:
    """Drafts that nobody writes any more go with the next file that is stored; fresh ones may be somebody's."""
    drafts = tmp_path / "files/drafts"
    drafts.mkdir(parents=True)
    for name, age in (("old", 7_200), ("fresh", 60)):
        (drafts / name).write_bytes(b"half")
        os.utime(drafts / name, times=(time.time() - age,) * 2)
    await Files(str(tmp_path / "files")).put(original)

    assert [path.name for path in drafts.iterdir()] == ["fresh"]


async def test_a_file_that_changes_while_it_is_stored_is_refused(tmp_path: Path, original: Path) -> None:
    """What is stored under a hash has that hash."""
    files = Files(str(tmp_path / "files"))
    with pytest.raises(UnreadableFileError, match="was changed while it was read"):
        files._copy(original, "0" * 64)

    assert not await files.exists("0" * 64)


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, original: Path) -> None:
    """A file where the folder should be; a bucket that is not there."""
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(FileStoreError, match=r"Check files\.uri"):
        await Files(str(tmp_path / "files")).put(original)


async def test_a_bucket_that_is_not_there_is_told(bucket: str, original: Path) -> None:
    """No stack trace of a library for a wrong address."""
    with pytest.raises(FileStoreError, match=r"Check files\.uri"):
        await Files("s3://no-such-bucket/originals").put(original)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_named(original: Path) -> None:
    """No permission is the person's to mend."""
    original.chmod(0)
    with pytest.raises(UnreadableFileError, match=r"handbook\.pdf cannot be read"):
        hash_file(original)


async def test_a_place_that_works_is_left_as_it_was(files: Files, tmp_path: Path) -> None:
    """Trying the place out stores nothing."""
    await files.try_out()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kind", ["no bucket", "no folder"])
async def test_a_place_that_does_not_work_is_told(tmp_path: Path, bucket: str, kind: str) -> None:
    """A bucket that nobody made, and a path where a file is in the way, are found out before the first upload."""
    (tmp_path / "file").touch()
    with pytest.raises(FileStoreError, match=r"files\.uri"):
        await Files("s3://nobodys/originals" if kind == "no bucket" else str(tmp_path / "file" / "files")).try_out()
