"""Write a file completely or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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
