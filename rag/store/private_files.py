"""Permissions of a data folder: only its user can read its articles and conversations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
"""Access for the owner only."""


def make_private(folder: Path) -> None:
    """Make a data folder, its folders and its databases accessible to their user only.

    Files of another user, and those on file systems without permissions, are left unchanged.
    """
    for path, mode in _modes(folder):
        with suppress(OSError):
            path.chmod(mode)


def _modes(folder: Path) -> Iterator[tuple[Path, int]]:
    yield folder, _FOLDER_MODE
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_symlink():  # what it leads to may be shared
                continue
            if path.is_dir():
                yield path, _FOLDER_MODE
            elif ".sqlite" in path.name:
                yield path, _FILE_MODE


def create_private(path: Path) -> None:
    """Create a file that only its user can read, unless it exists. Errors are left to its first use.

    An existing file is not opened: closing it would release the locks that SQLite holds for this process.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _FILE_MODE))


def has_content(path: Path) -> bool:
    """Tell whether a file exists and is not empty."""
    return path.is_file() and path.stat().st_size > 0
