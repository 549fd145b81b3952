"""One process owns a data folder: two that write to the same Chroma folder silently lose vectors."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import DiskFull, LibraryBusy, NotPermitted, is_disk_full
from rag.locales.message import Message
from rag.store.atomic_write import delete_abandoned
from rag.store.private_files import make_private


class Ownership:
    """Exclusive ownership of a data folder, until `release`.

    Raises LibraryBusy at once if another process owns it, NotPermitted if it is not writable, DiskFull.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "owner.lock", timeout=0)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            make_private(folder)
            delete_abandoned(folder)
            (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
        except Timeout:
            raise LibraryBusy("busy", folder=folder, owner=_owner(folder)) from None
        except OSError as error:
            self.release()
            if is_disk_full(error):
                raise DiskFull("low_space", path=folder) from error
            raise NotPermitted("folder_denied", folder=folder, why=error.strerror) from error

    def release(self) -> None:
        """Give up ownership."""
        self._lock.release()


def _owner(folder: Path) -> Message:
    try:
        number = int((folder / "owner").read_text(encoding="ascii"))
        return Message.of("busy_process", number=str(number))
    except (OSError, ValueError):
        return Message.of("busy_another")
