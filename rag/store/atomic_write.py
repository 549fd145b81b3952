"""Write a file completely or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path

_ABANDONED_S = 3600.0
"""Age of a temporary file that nobody writes any more. Not fitted."""


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file in one step, by default readable by its user only.

    Each call writes a temporary file of its own, so several may run in one folder. Raises OSError and leaves
    no temporary file.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        part.write_bytes(data)
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def delete_abandoned(folder: Path) -> None:
    """Delete temporary files that a killed process has left in a folder and its folders."""
    for part in chain(folder.glob(".*.part*"), folder.glob("*/.*.part*")):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()
