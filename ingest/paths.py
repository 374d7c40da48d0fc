"""What people name on the command line → the PDFs meant, each with a name of its own. No PDF is opened here."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to index, or an argument that names none: then `error` says why."""

    name: str
    path: Path
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    base: Path
    """The folder that was named; for a file, the one it lies in."""

    def name(self, level: int) -> str:
        """Return a name: the file's, then from the named folder on, then from further and further up."""
        if level == 0:
            return self.path.name
        inside = self.path.relative_to(self.base)
        parents = self.base.parts[1:]
        above = parents[max(0, len(parents) - (level - 1)) :]
        return str(PurePosixPath(*above, *inside.parts))

    @property
    def levels(self) -> int:
        return len(self.base.parts) + 1


def find_pdfs(arguments: Sequence[str]) -> list[FoundFile]:
    """Return the files that arguments (files, folders, globs) name, in that order, each once."""
    candidates: dict[Path, _Candidate] = {}
    failures: list[FoundFile] = []
    for argument in arguments:
        found = list(_expand(argument))
        for item in found:
            if isinstance(item, FoundFile):
                failures.append(item)
            else:
                candidates.setdefault(item.path.resolve(), item)
    return [*_named(list(candidates.values())), *failures]


def _expand(argument: str) -> Iterator[_Candidate | FoundFile]:
    path = Path(argument).expanduser()
    if path.is_dir():
        yield from _in_folder(path.absolute(), argument)
    elif os.path.lexists(path) or not glob.has_magic(argument):
        absolute = path.absolute()
        yield _Candidate(absolute, absolute.parent)
    else:
        yield from _matching(argument)


def _in_folder(folder: Path, argument: str) -> Iterator[_Candidate | FoundFile]:
    failures: list[FoundFile] = []

    def note(error: OSError) -> None:
        failures.append(FoundFile(Path(error.filename).name, folder, f"This folder cannot be read: {error.strerror}."))

    found = False
    for root, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.casefold().endswith(".pdf") and not name.startswith("."):
                found = True
                yield _Candidate(Path(root, name), folder)
    yield from failures
    if not found and not failures:
        yield FoundFile(argument, folder, "There is no PDF in this folder.")


def _matching(pattern: str) -> Iterator[_Candidate | FoundFile]:
    base = _fixed_part(pattern)
    found = False
    for match in sorted(glob.glob(os.path.expanduser(pattern), recursive=True)):
        path = Path(match).absolute()
        is_folder = path.is_dir()
        # `**` matches folders too: their PDFs are matched by themselves. `*` matches more than PDFs.
        if (is_folder and pattern.rstrip("/").endswith("**")) or (not is_folder and not _is_meant(path, pattern)):
            continue
        found = True
        yield from _in_folder(path, match) if is_folder else (_Candidate(path, base),)
    if not found:
        yield FoundFile(pattern, base, "There is no file of this name, and no PDF matches it as a pattern.")


def _is_meant(path: Path, pattern: str) -> bool:
    return path.suffix.casefold() == ".pdf" or not pattern.endswith("*")


def _fixed_part(pattern: str) -> Path:
    """Return the folder before the first wildcard."""
    parts = Path(pattern).expanduser().absolute().parts
    fixed = [part for index, part in enumerate(parts) if not any(map(glob.has_magic, parts[: index + 1]))]
    return Path(*fixed)


def _named(candidates: Sequence[_Candidate]) -> list[FoundFile]:
    """Give each file the shortest name that no other one has: two versions of `handbook.pdf` are two documents."""
    levels = [0] * len(candidates)
    while True:
        names = [candidate.name(level) for candidate, level in zip(candidates, levels, strict=True)]
        counts = Counter(names)
        shared = [index for index, name in enumerate(names) if counts[name] > 1]
        higher = [index for index in shared if levels[index] < candidates[index].levels]
        if not higher:
            return [FoundFile(name, item.path) for name, item in zip(names, candidates, strict=True)]
        for index in higher:
            levels[index] += 1
