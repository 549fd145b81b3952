from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from examples import HARBOUR, write

from rag.ingestion.folder_watcher import watch_folders

pytestmark = pytest.mark.slow  # waits until the folder is quiet


def until(holds, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    assert holds()


def test_a_folder_is_brought_in_again_when_something_in_it_has_changed(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", harbour=HARBOUR)
    seen: list[list[str]] = []
    stop = threading.Event()

    def bring_in() -> None:
        seen.append(sorted(path.name for path in folder.iterdir()))

    thread = threading.Thread(target=watch_folders, args=([folder], bring_in, stop))
    thread.start()
    until(lambda: seen == [["harbour.txt"]])
    for n in range(5):
        write(folder, **{f"more{n}": HARBOUR})
    until(lambda: bool(seen) and len(seen[-1]) == 6)
    (folder / "harbour.txt").unlink()
    until(lambda: "harbour.txt" not in seen[-1])
    assert len(seen) <= 4, "changes that come together are taken together"
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
