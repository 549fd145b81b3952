"""Stores uploaded files and pasted texts in a folder, so that they can be indexed again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rag.errors import DiskFull, NotPermitted, is_disk_full
from rag.store.atomic_write import write_atomically

MAX_STEM_CHARACTERS = 80
"""Maximum length of a file name's stem; with its suffix it must fit into 255 bytes. Not fitted."""


class UploadFolder:
    """The folder of uploads. Files are written atomically; an equal file of the same name is not repeated.

    The methods raise DiskFull or NotPermitted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, data: bytes) -> Path:
        """Store a file under a valid name; returns its path."""
        base = PurePosixPath(name.replace("\\", "/")).name
        stem, dot, suffix = base.rpartition(".")
        stem, suffix = (_plain(stem), "." + _plain(suffix)[:10]) if dot else (_plain(base), "")
        return self._write(stem, suffix.lower(), data)

    def keep_text(self, text: str) -> Path:
        """Store a text, named by its first line; returns its path."""
        lines = text.strip().splitlines()
        return self._write(_plain(lines[0] if lines else ""), ".txt", text.strip().encode("utf-8", "replace"))

    def _write(self, stem: str, suffix: str, data: bytes) -> Path:
        path = self.folder / f"{stem}{suffix}"
        with _user_errors(path):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists() and path.read_bytes() != data:
                path = self.folder / f"{stem} {hashlib.sha256(data).hexdigest()[:8]}{suffix}"
            if not path.exists():
                write_atomically(path, data)
        return path


@contextmanager
def _user_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull("low_space", path=path) from error
        raise NotPermitted("file_denied", path=path, error=error.strerror) from error


def _plain(name: str) -> str:
    """Remove control characters, separators and wildcards from a file name."""
    seen = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    kept = re.sub(r'[\s/:*?"<>|]+', " ", seen).strip(" .")
    return kept[:MAX_STEM_CHARACTERS].strip(" .") or "article"
