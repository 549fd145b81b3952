"""Find the files in folders that may hold articles."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import NothingThere
from rag.locales.message import Message
from rag.reading import not_an_article
from rag.types import Skipped


@dataclass(slots=True)
class FoundFiles:
    """Discovered files by their name in the ledger, and skipped paths with the reason."""

    files: dict[str, Path] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def find_files(roots: Sequence[Path], known: Container[str]) -> FoundFiles:
    """Search folders for files. A file given as a root is always included.

    Raises NothingThere if a root neither exists nor is in the ledger.
    """
    found = FoundFiles()
    for root in roots:
        if root.is_dir():
            for path in _visible_files(root):
                add_path(path, root, found)
        elif root.is_file():
            if _printable(root) == str(root):
                found.files[str(root)] = root
            else:
                add_path(root, root.parent, found)
        elif str(root) not in known:
            raise NothingThere("not_there", path=root)
    return found


def add_path(path: Path, folder: Path, found: FoundFiles) -> None:
    """Add a path to the discovered files, or to the skipped paths with the reason."""
    if reason := _not_an_article(path, folder):
        found.skipped.append(Skipped(_printable(path), reason))
    else:
        found.files[str(path)] = path


def _printable(path: Path) -> str:
    """Return a path as valid text; bytes that are not UTF-8 are shown as escapes."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_under(source: str, roots: Sequence[Path]) -> bool:
    """Tell whether a source is one of the roots or lies under one."""
    return any(Path(source).is_relative_to(root) for root in roots)


def _visible_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir():
            yield path


def _not_an_article(path: Path, folder: Path) -> Message | None:
    """Return the reason why a path is skipped, None if it is read."""
    if _printable(path) != str(path):
        return Message.of("bad_name")
    if reason := not_an_article(path.name):
        return reason
    if not path.is_file():
        return Message.of("not_regular")
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return Message.of("leads_out")
    return None
