"""Fetches manuals of Debian packages, for our own questions: `python -m tests.benchmarks.manuals.make OUT [SET …]`.

OUT/manuals has 22 documents, on whose questions retrieval was worked; OUT/manuals-held-out has 18 others, which it was
only checked with; OUT/manuals-languages has 11 in German, French, Spanish, Italian and Dutch, with questions in the
language of the page that answers them. Only the sets that are named are fetched, else all. They are for
`tests.benchmarks.quality` (with ASKDOCS_EVAL_DIR=OUT), `retrieval`, `abstention` and `prompts`, and for `askdocs eval`.
The manuals are other people's and are not part of this repository; it takes `apt-get download` and `dpkg-deb`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE_SECONDS = 600


def fetched(package: str, version: str, folder: Path) -> Path:
    """Unpack a package into a folder of its own: the version that the questions were written for, else today's."""
    for wanted in (f"{package}={version}", package):
        arguments = ["apt-get", "download", "-qq", wanted]
        if subprocess.run(arguments, cwd=folder, check=False, timeout=PACKAGE_SECONDS).returncode == 0:
            break
    archives = list(folder.glob(f"{package}_*.deb"))
    if not archives:
        raise SystemExit(f"apt-get has no package {package}. Try `apt-get update`.")
    unpacked = folder / package
    subprocess.run(["dpkg-deb", "-x", archives[0], unpacked], check=True, timeout=PACKAGE_SECONDS)
    return unpacked


def place(file: Path, wanted: Mapping[str, str], folder: Path) -> None:
    """Put one manual where its questions look for it."""
    content = file.read_bytes()
    content = gzip.decompress(content) if file.suffix == ".gz" else content
    if hashlib.sha256(content).hexdigest() != wanted["sha256"]:
        print(f"{wanted['name']} is another version than the questions were written for.")
    (folder / wanted["name"]).write_bytes(content)


def main(out: Path, sets: Sequence[str] = ()) -> None:
    listed = [json.loads(line) for line in (HERE / "packages.jsonl").read_text(encoding="utf-8").splitlines()]
    manuals = [manual for manual in listed if not sets or manual["set"] in sets]
    of_package: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for manual in manuals:
        of_package[manual["package"], manual["version"]].append(manual)
        (out / manual["set"] / "pdfs").mkdir(parents=True, exist_ok=True)
    for (package, version), wanted in of_package.items():
        print(package, flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            unpacked = fetched(package, version, Path(scratch))
            for manual in wanted:
                place(unpacked / manual["path"], manual, out / manual["set"] / "pdfs")
    for name in {manual["set"] for manual in manuals}:
        shutil.copy(HERE / f"{name}.jsonl", out / name / "questions.jsonl")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
