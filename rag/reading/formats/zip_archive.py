"""Read ZIP archives in memory, within limits on their files and sizes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from zlib import error as ZlibError  # noqa: N812

from rag.errors import Unreadable

MAX_MEMBERS = 20_000
"""Maximum number of files of an archive. Not fitted."""
MAX_BYTES = 500_000_000
"""Maximum uncompressed size of an archive. Not fitted."""
_BROKEN = (zipfile.BadZipFile, EOFError, LZMAError, ZlibError, NotImplementedError, OSError, ValueError)
_SYSTEM_FOLDER, _SYSTEM_FILES = "__MACOSX/", frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its decoded name, and its entry."""

    name: str
    info: zipfile.ZipInfo


class Archive:
    """An archive in memory. Raises Unreadable if it is damaged or exceeds the limits."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise Unreadable("archive_damaged") from error
        if len(infos) > MAX_MEMBERS:
            raise Unreadable("many_files", n=MAX_MEMBERS)
        # The declared sizes are safe: zipfile never reads more than them.
        if sum(info.file_size for info in infos) > MAX_BYTES:
            raise Unreadable("unpacks_larger", n=MAX_BYTES // 1_000_000)
        self._members = {_name(info): info for info in infos if not info.is_dir()}

    def names(self) -> set[str]:
        """Return the names of all files."""
        return set(self._members)

    def members(self) -> Iterator[Member]:
        """Yield the files by name, without those of operating systems."""
        for name, info in sorted(self._members.items()):
            if not name.startswith(_SYSTEM_FOLDER) and name.rpartition("/")[2] not in _SYSTEM_FILES:
                yield Member(name, info)

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return a file's bytes. Raises Unreadable if it is missing, encrypted, damaged or too large."""
        info = self._members.get(name)
        if info is None:
            raise Unreadable("member_missing", name=name)
        if info.flag_bits & 1:
            raise Unreadable("password")
        if info.file_size > max_bytes:
            raise Unreadable("larger", n=max_bytes // 1_000_000)
        try:
            return self._zip.read(info)
        except _BROKEN as error:
            raise Unreadable("damaged_in_archive") from error


def _name(info: zipfile.ZipInfo) -> str:
    """Decode a file's name: those of Windows and macOS may be in UTF-8 or GB 18030 without a flag."""
    if not info.flag_bits & 0x800:
        raw = info.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                return " ".join(raw.decode(encoding).split())
    return " ".join(info.filename.split())
