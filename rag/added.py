"""Files and texts that were added by hand: kept in a folder, from which they can always be indexed again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path, PurePosixPath

_LONGEST = 80
"""Characters of a name; with its ending it must fit a file system's 255 bytes."""


class Added:
    """The folder of what was added by hand. The same bytes under the same name are kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, data: bytes) -> Path:
        """Keep a file, under a name that a file can have. Raises OSError."""
        base = PurePosixPath(name.replace("\\", "/")).name
        stem, dot, ending = base.rpartition(".")
        stem, ending = (_plain(stem), "." + _plain(ending)[:10]) if dot else (_plain(base), "")
        return self._write(stem, ending.lower(), data)

    def keep_text(self, text: str) -> Path:
        """Keep a text; its first line, the title, names it. Raises OSError."""
        lines = text.strip().splitlines()
        return self._write(_plain(lines[0] if lines else ""), ".txt", text.strip().encode("utf-8", "replace"))

    def _write(self, stem: str, ending: str, data: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{stem}{ending}"
        if path.exists() and path.read_bytes() != data:
            path = self.folder / f"{stem} {hashlib.sha256(data).hexdigest()[:8]}{ending}"
        if not path.exists():
            path.write_bytes(data)
        return path


def _plain(name: str) -> str:
    """A name without what file systems, or scripts, take for something else."""
    seen = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    kept = re.sub(r'[\s/:*?"<>|]+', " ", seen).strip(" .")
    return kept[:_LONGEST].strip(" .") or "article"
