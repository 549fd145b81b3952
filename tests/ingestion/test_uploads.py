from __future__ import annotations

import errno
from pathlib import Path

import pytest

from rag.errors import BylineError, DiskFull, NotPermitted
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


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, NotPermitted)],
)
def test_where_nothing_can_be_written_it_is_reported_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[BylineError]
) -> None:
    whole = Path.write_bytes

    def half(path: Path, data: bytes) -> int:
        whole(path, data[: len(data) // 2])
        raise OSError(number, "as the system says")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(error, match=r"article\.txt"):
        UploadFolder(tmp_path / "added").keep("article.txt", b"a whole article")
    assert list((tmp_path / "added").iterdir()) == []
