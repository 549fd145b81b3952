"""A private copy of a read-only data folder, so that it can be searched.

SQLite and Chroma write to their files even when they only read. Chroma's index files, the largest part, are
linked, not copied.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from rag.errors import DiskFull, NotPermitted, is_disk_full

_DATABASES = ("library.sqlite", "vectors/chroma.sqlite3")
_COMPANIONS = ("", "-wal")


class Snapshot:
    """A temporary data folder with the content of another one, until `close`.

    Raises NotPermitted if the other folder cannot be read either, and DiskFull.
    """

    def __init__(self, of: Path) -> None:
        self._temporary = TemporaryDirectory(prefix="byline-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        try:
            (self.folder / "vectors").mkdir()
            for name in _DATABASES:
                _copy_database(of / name, self.folder / name)
            _link_indexes(of / "vectors", self.folder / "vectors")
        except OSError as error:
            self.close()
            if is_disk_full(error):
                raise DiskFull("low_space", path=self.folder) from error
            raise NotPermitted("folder_denied", folder=of, why=error.strerror) from error

    def close(self) -> None:
        """Delete the copy."""
        self._temporary.cleanup()


def _copy_database(source: Path, target: Path) -> None:
    for companion in _COMPANIONS:
        file = source.with_name(source.name + companion)
        if file.exists():
            shutil.copyfile(file, target.with_name(target.name + companion))


def _link_indexes(source: Path, target: Path) -> None:
    """Link Chroma's index files; copy them if the system forbids links, as Windows may."""
    for file in source.glob("*/*"):
        (target / file.parent.name).mkdir(exist_ok=True)
        link = target / file.parent.name / file.name
        try:
            link.symlink_to(file.absolute())
        except OSError:
            shutil.copyfile(file, link)
