"""Backups of an SQLite file, which replace it when it is damaged or missing."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rag.store.private_files import create_private, has_content

INTERVAL = timedelta(hours=12)
"""Maximum time between two backups of a file that changes, and a backup's age when another takes over as the
older of two. Not fitted."""
KEPT_BACKUPS = 2
"""Number of backups kept. Not fitted."""
_SHARE_OF_TIME = 1 / 300
"""Share of the time that backups may take: a file of 4 MB is copied every minute, of 1 GB every four hours.
Not fitted."""
_BYTES_PER_S = 20e6
"""Bytes copied and checked in a second, at least; 130 MB were measured. Not fitted."""
_MIN_FREE_BYTES = 200 << 20
"""Free disk space that must be left beside a backup. Not fitted."""
_TIME = "%Y%m%dT%H%M%SZ"
_COMPANIONS = ("", "-wal", "-shm")
_log = logging.getLogger(__name__)


def _sqlite_faults(db: sqlite3.Connection) -> list[str]:
    return [str(row[0]) for row in db.execute("PRAGMA quick_check(1)") if row[0] != "ok"]


class Backups:
    """The last good copies of a file, in the folder `backups` beside it; `faults` finds what is wrong.

    `interval` is the minimum time between two, by default one that depends on the file's size. `aside` is
    the path to which `restore` has moved the file.
    """

    def __init__(
        self,
        path: Path,
        interval: timedelta | None = None,
        faults: Callable[[sqlite3.Connection], list[str]] = _sqlite_faults,
    ) -> None:
        self._path, self._interval, self._faults = path, interval, faults
        self._folder = path.parent / "backups"
        self.aside: Path | None = None

    def all(self) -> list[Path]:
        """Return the backups, newest first."""
        return sorted(self._folder.glob(f"{self._path.stem}-*{self._path.suffix}"), reverse=True)

    def make(self) -> bool:
        """Back up the file if it has changed and the last backup is old enough; return whether it was done.

        Of three backups one is deleted once the new one has passed the check: the oldest if the next is at
        least INTERVAL younger, else the one between. Writers do not wait meanwhile.
        """
        if not self.is_due():
            return False
        try:
            self._copy(self._folder / f"{self._path.stem}-{datetime.now(UTC):{_TIME}}{self._path.suffix}")
        except (sqlite3.Error, OSError) as error:  # earlier backups stay
            _log.warning("%s was not backed up: %s", self._path, error)
            return False
        return True

    def restore(self) -> datetime | None:
        """Replace the file by the newest undamaged backup and return its time; None if there is none.

        The replaced file is kept under another name. Raises OSError; nothing is changed then.
        """
        for backup in filter(self._is_good, self.all()):
            part = self._path.with_name(f".{self._path.name}.part")
            create_private(part)
            try:
                shutil.copyfile(backup, part)
                self.aside = move_aside(self._path)
                part.replace(self._path)
            finally:
                part.unlink(missing_ok=True)
            return _time(backup)
        return None

    def is_due(self) -> bool:
        """Tell whether the file has changed and the last backup is old enough."""
        if not has_content(self._path):
            return False
        if not (backups := self.all()):
            return True
        files = [self._path.with_name(self._path.name + companion) for companion in _COMPANIONS]
        changed = max(file.stat().st_mtime for file in files if file.exists())
        newest = _time(backups[0])
        return datetime.now(UTC) - newest >= self._minimum_interval() and changed > newest.timestamp()

    def _minimum_interval(self) -> timedelta:
        if self._interval is not None:
            return self._interval
        seconds = self._path.stat().st_size / _BYTES_PER_S / _SHARE_OF_TIME
        return min(timedelta(seconds=seconds), INTERVAL)

    def _copy(self, to: Path) -> None:
        size = self._path.stat().st_size
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if shutil.disk_usage(self._folder).free < size + _MIN_FREE_BYTES:
            raise OSError("too little space is free")
        part = self._folder / f".{to.name}.part"
        part.unlink(missing_ok=True)
        create_private(part)
        try:
            with closing(_read_only(self._path)) as source, closing(sqlite3.connect(part)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            if not self._is_good(part):
                raise sqlite3.DatabaseError("the backup does not pass the check")
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
        self._delete_old()

    def _delete_old(self) -> None:
        while len(backups := self.all()) > KEPT_BACKUPS:
            *_, between, oldest = backups
            (oldest if _time(between) - _time(oldest) >= INTERVAL else between).unlink()

    def _is_good(self, path: Path) -> bool:
        try:
            with closing(sqlite3.connect(path)) as db:  # not read-only: FTS5 checks an index by a write
                return not self._faults(db)
        except (sqlite3.Error, UnicodeDecodeError):
            return False


def move_aside(path: Path) -> Path | None:
    """Rename a damaged file with its companions; return its new path, None if there was no file."""
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}")
    for companion in _COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(aside.with_name(aside.name + companion))
    return aside if aside.exists() else None


def _time(backup: Path) -> datetime:
    return datetime.strptime(backup.stem.rpartition("-")[2], _TIME).replace(tzinfo=UTC)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
