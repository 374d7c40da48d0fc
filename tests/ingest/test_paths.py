"""What people name is found, and every file has a name of its own."""

from pathlib import Path

import pytest

from ingest.paths import find_pdfs

FILES = (
    "top.pdf",
    "notes.txt",
    "2023/handbook.pdf",
    "2024/handbook.PDF",
    "2024/.hidden.pdf",
    "2024/deep/handbook.pdf",
    "2024/deep/plan.pdf",
    "[draft] plan.pdf",
    ".git/object.pdf",
    "empty/readme.md",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of files; it is the working folder."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param(["top.pdf"], ["top.pdf"], id="file"),
        pytest.param(["2024"], ["handbook.PDF", "handbook.pdf", "plan.pdf"], id="folder-all-the-way-down"),
        pytest.param(["2024/"], ["handbook.PDF", "handbook.pdf", "plan.pdf"], id="folder-with-slash"),
        pytest.param(["2023", "2024/deep"], ["2023/handbook.pdf", "deep/handbook.pdf", "plan.pdf"], id="same-name"),
        pytest.param(["top.pdf", "./top.pdf", "*p.pdf"], ["top.pdf"], id="each-once"),
        pytest.param(["2024/deep/*.pdf"], ["handbook.pdf", "plan.pdf"], id="glob"),
        pytest.param(["202?/*.pdf"], ["handbook.pdf"], id="glob-in-the-middle"),
        pytest.param(["**/plan.pdf"], ["plan.pdf"], id="glob-any-depth"),
        pytest.param(["*/deep"], ["handbook.pdf", "plan.pdf"], id="glob-of-folders"),
        pytest.param(["[draft] plan.pdf"], ["[draft] plan.pdf"], id="file-that-looks-like-a-glob"),
        pytest.param(["notes.txt"], ["notes.txt"], id="whatever-is-named"),
        pytest.param(["gone.pdf"], ["gone.pdf"], id="missing-is-reported-when-it-is-read"),
    ],
)
def test_arguments_name_files(folder: Path, arguments: list[str], names: list[str]) -> None:
    """Files as they are, folders with all PDFs in them, globs; hidden files are left alone."""
    assert [file.name for file in find_pdfs(arguments)] == names


def test_no_two_files_have_one_name(folder: Path) -> None:
    """In a tree, files of one name go by their path in it; others keep their short name."""
    found = {file.name: file.path.relative_to(folder).as_posix() for file in find_pdfs(["."])}

    assert found == {
        "top.pdf": "top.pdf",
        "[draft] plan.pdf": "[draft] plan.pdf",
        "2023/handbook.pdf": "2023/handbook.pdf",
        "handbook.PDF": "2024/handbook.PDF",
        "2024/deep/handbook.pdf": "2024/deep/handbook.pdf",
        "plan.pdf": "2024/deep/plan.pdf",
    }


def test_folders_of_one_inner_name_are_told_apart(tmp_path: Path) -> None:
    """Where paths within the named folders are alike too, the folders' own names are added."""
    for name in ("a/docs", "b/docs"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "handbook.pdf").touch()
    names = [file.name for file in find_pdfs([str(tmp_path / "a/docs"), str(tmp_path / "b/docs")])]

    assert names == ["a/docs/handbook.pdf", "b/docs/handbook.pdf"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        pytest.param("empty", "There is no PDF in this folder.", id="empty-folder"),
        pytest.param("*.docx", "no PDF matches it", id="glob-without-match"),
        pytest.param("notes*", "no PDF matches it", id="glob-of-other-files"),
    ],
)
def test_what_names_nothing_is_told(folder: Path, argument: str, message: str) -> None:
    """An argument that stands for no file is a failure of its own."""
    (found,) = find_pdfs([argument])

    assert found.name == argument
    assert message in found.error
