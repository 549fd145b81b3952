"""ZIP archives, and formats that are ZIP archives inside: opened with limits, never unpacked to disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from zlib import error as ZlibError  # noqa: N812

from rag.errors import Unreadable

MOST_MEMBERS = 20_000
"""Files that an archive may hold."""
MOST_BYTES = 500_000_000
"""Bytes that an archive may hold, unpacked."""
_BROKEN = (zipfile.BadZipFile, EOFError, LZMAError, ZlibError, NotImplementedError, OSError, ValueError)
_NOTHING = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: `name` as it is shown, `info` as it is found."""

    name: str
    info: zipfile.ZipInfo


class Archive:
    """An archive in memory. Raises Unreadable where it is damaged, or holds more than it may."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise Unreadable("archive_damaged") from error
        if len(infos) > MOST_MEMBERS:
            raise Unreadable("many_files", n=MOST_MEMBERS)
        # what a member declares is all that zipfile ever reads of it
        if sum(info.file_size for info in infos) > MOST_BYTES:
            raise Unreadable("unpacks_larger", n=MOST_BYTES // 1_000_000)
        self._members = {_name(info): info for info in infos if not info.is_dir()}

    def names(self) -> set[str]:
        """The names of all its files."""
        return set(self._members)

    def members(self) -> Iterator[Member]:
        """Its files by name, but for what systems leave behind."""
        for name, info in sorted(self._members.items()):
            if not name.startswith(_NOTHING[0]) and name.rpartition("/")[2] not in _NOTHING:
                yield Member(name, info)

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file. Raises Unreadable where it has more than `most`, or cannot be read."""
        info = self._members.get(name)
        if info is None:
            raise Unreadable("member_missing", name=name)
        if info.flag_bits & 1:
            raise Unreadable("password")
        if info.file_size > most:
            raise Unreadable("larger", n=most // 1_000_000)
        try:
            return self._zip.read(info)
        except _BROKEN as error:
            raise Unreadable("damaged_in_archive") from error


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; archives of Windows and macOS do not say what it is written in."""
    if not info.flag_bits & 0x800:
        raw = info.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                return " ".join(raw.decode(encoding).split())
    return " ".join(info.filename.split())
