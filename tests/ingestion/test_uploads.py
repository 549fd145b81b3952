from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.uploads import UploadFolder


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("bridge.txt", "bridge.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\Bridge.HTML", "Bridge.html"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\x00.txt", "ab.txt"),
        ("a: b?.txt", "a b.txt"),
        ("青石桥通车.txt", "青石桥通车.txt"),
        (".txt", "article.txt"),
        ("", "article"),
        ("x" * 400 + ".md", "x" * 80 + ".md"),
        ("\u202etxt.exe.txt", "txt.exe.txt"),
    ],
)
def test_a_name_becomes_one_that_stays_in_the_folder(tmp_path: Path, name: str, kept: str) -> None:
    path = UploadFolder(tmp_path / "added").keep(name, b"text")
    assert path == tmp_path / "added" / kept
    assert path.read_bytes() == b"text"


def test_the_same_is_kept_once_and_another_of_the_same_name_beside_it(tmp_path: Path) -> None:
    added = UploadFolder(tmp_path)
    first = added.keep("bridge.txt", b"one")
    assert added.keep("bridge.txt", b"one") == first
    other = added.keep("bridge.txt", b"two")
    assert other != first
    assert added.keep("bridge.txt", b"two") == other
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"one", b"two"}


def test_a_text_is_named_by_its_title(tmp_path: Path) -> None:
    path = UploadFolder(tmp_path).keep_text("\n The harbour / opens again\n\nIt opened on Monday.\n")
    assert path.name == "The harbour opens again.txt"
    assert path.read_text("utf-8") == "The harbour / opens again\n\nIt opened on Monday."
    assert UploadFolder(tmp_path).keep_text("x\ud800y").exists()
