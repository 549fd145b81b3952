"""One process owns a data folder: two that write to one Chroma folder lose vectors, silently."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryBusy, NotPermitted


class Ownership:
    """The data folder, held until `release`.

    Raises LibraryBusy at once where another process holds it, NotPermitted where it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / "owner.lock", timeout=0)
            self._lock.acquire()
        except Timeout:
            raise LibraryBusy(
                f"The library in {folder} is in use by {_owner(folder)}. Close it first, or name "
                "another folder with --data."
            ) from None
        except OSError as error:
            raise NotPermitted(
                f"{folder} cannot be written: {error.strerror}. Choose another with --data."
            ) from error
        (folder / "owner").write_text(str(os.getpid()), encoding="ascii")

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()


def _owner(folder: Path) -> str:
    try:
        return f"process {int((folder / 'owner').read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"
