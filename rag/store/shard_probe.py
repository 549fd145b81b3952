"""Probe a shard in a child process, after the process that wrote to it was killed.

A kill at the wrong moment leaves an index with which Chroma 1.5.9 raises, hangs, or crashes with a
segmentation fault, on reading or on writing (bench/killing.py).

    python -m rag.store.shard_probe FOLDER SHARD        its ids as JSON
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from itertools import islice
from pathlib import Path

from rag.store.chroma_folder import ChromaFolder
from rag.store.vectors import VectorIndex, collection_name

_TIMEOUT_S = 120.0
"""Seconds after which a probe counts as hung; reading a shard of 40,000 vectors takes about 5 s."""
_HEADER_BYTES = 100
"""Size of hnswlib's header.bin."""
_REWRITTEN_VECTORS = 100
"""Number of vectors rewritten unchanged: a readable index can fail on the next write. Not fitted."""


def readable_ids(folder: Path, shard: str, timeout_s: float = _TIMEOUT_S) -> set[int] | None:
    """Return the ids of a shard's vectors; None if Chroma cannot use it. The folder must not be open."""
    command = [sys.executable, "-m", __name__, str(folder), shard]
    input, open_until_this_process_ends = os.pipe()
    try:
        done = subprocess.run(command, stdin=input, capture_output=True, timeout=timeout_s, check=True)
        return set(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return None
    finally:
        os.close(input)
        os.close(open_until_this_process_ends)


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 1):  # a daemon thread in sys.stdin.read() aborts Python's shutdown
        pass
    os._exit(1)  # Chroma may hang, and would hold the memory of a shard for ever


def _probe(folder: Path, shard: str) -> list[int]:
    if is_truncated(folder, shard):
        sys.exit(f"The files of {shard} do not belong together.")
    index = VectorIndex(ChromaFolder(folder))
    found = list(index.ids(shard))
    for number, vector in index.vectors(shard, list(islice(found, _REWRITTEN_VECTORS))).items():
        index.upsert(shard, [number], vector[None])
        index.nearest(shard, vector, 1)
    index.close()
    return found


def is_truncated(folder: Path, shard: str) -> bool:
    """Tell whether an index's files are incomplete.

    A truncated header crashes Chroma. A truncated link list can be read, but hangs at a later write. For each
    vector hnswlib writes four bytes to length.bin, and to link_lists.bin a length (four bytes, little-endian)
    followed by that many bytes of links.

    Raises sqlite3.Error if Chroma's database cannot be read.
    """
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
        of = "SELECT s.id FROM segments s JOIN collections c ON c.id = s.collection WHERE c.name = ?"
        segments = [folder / str(row[0]) for row in db.execute(of, (collection_name(shard),))]
    for files in segments:
        if not (files / "index_metadata.pickle").exists():
            continue  # Chroma keeps up to 1,000 vectors in its write-ahead log only
        if not all((files / name).exists() for name in ("header.bin", "link_lists.bin", "length.bin")):
            return True
        if (files / "header.bin").stat().st_size < _HEADER_BYTES:
            return True
        links, at = (files / "link_lists.bin").read_bytes(), 0
        for _ in range((files / "length.bin").stat().st_size // 4):
            at += 4 + int.from_bytes(links[at : at + 4], "little")
        if at != len(links):
            return True
    return False


if __name__ == "__main__":
    threading.Thread(target=_end_with_input, daemon=True).start()
    sys.stdout.write(json.dumps(_probe(Path(sys.argv[1]), sys.argv[2])))
