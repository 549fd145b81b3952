"""A shard that a killed process wrote to, looked at by a process that may die of it.

Killed at the wrong moment, Chroma 1.5.9 leaves an index that raises, hangs, or ends its process with a
segmentation fault when it is read or written to (bench/killing.py).

    python -m rag.store.doubts FOLDER SHARD        its ids as JSON
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path

from rag.store.vectors import VectorIndex, collection_name

_SECONDS = 120.0
"""A shard of 40,000 vectors is read in some 5 s."""
_TRIED = 100
"""Vectors that are written once more, as they are: an index may be readable, and lost at the next write."""


def usable(folder: Path, shard: str, seconds: float = _SECONDS) -> set[int] | None:
    """The ids of a shard's vectors; None where Chroma cannot use it. Nobody else may have it open."""
    command = [sys.executable, "-m", __name__, str(folder), shard]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True)
        return set(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return None


def _look(folder: Path, shard: str) -> list[int]:
    if _torn(folder, shard):
        sys.exit(f"The files of {shard} do not belong together.")
    index = VectorIndex(folder)
    found = list(index.ids(shard))
    for number, vector in index.vectors(shard, list(islice(found, _TRIED))).items():
        index.upsert(shard, [number], vector[None])
        index.nearest(shard, vector, 1)
    index.close()
    return found


def _torn(folder: Path, shard: str) -> bool:
    """Whether an index ends amid its links: it can be read, and hangs at one of the next writes.

    hnswlib's files: four bytes of each vector in length.bin, and in link_lists.bin the length of its links,
    four bytes, little-endian, with these behind.
    """
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
        of = "SELECT s.id FROM segments s JOIN collections c ON c.id = s.collection WHERE c.name = ?"
        segments = [folder / str(row[0]) for row in db.execute(of, (collection_name(shard),))]
    for files in filter(Path.is_dir, segments):
        links, at = (files / "link_lists.bin").read_bytes(), 0
        for _ in range((files / "length.bin").stat().st_size // 4):
            at += 4 + int.from_bytes(links[at : at + 4], "little")
        if at != len(links):
            return True
    return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_look(Path(sys.argv[1]), sys.argv[2])))
