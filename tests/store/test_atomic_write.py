"""A file is written completely or not at all, however many write it."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from rag.store.atomic_write import write_atomically


def test_writers_of_one_folder_do_not_take_each_others_files(tmp_path: Path) -> None:
    def write(n: int) -> None:
        for _ in range(20):
            write_atomically(tmp_path / f"{n}.txt", f"text {n}".encode() * 5000)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        f"{n}.txt": f"text {n}".encode() * 5000 for n in range(8)
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_is_for_its_user_alone_unless_said(tmp_path: Path) -> None:
    write_atomically(tmp_path / "secret", b"1")
    write_atomically(tmp_path / "shared", b"1", mode=0o644)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("secret", "shared")] == [0o600, 0o644]
