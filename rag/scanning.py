"""Paths → the files in them that may be articles."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.documents import Skipped
from rag.errors import NothingThere
from rag.reading import not_an_article


@dataclass(slots=True)
class Scan:
    """What was found: files by their names in the ledger, and what is none of them."""

    files: dict[str, Path] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def scan(roots: Sequence[Path], known: Container[str]) -> Scan:
    """Look for files; a file that is named itself is always one.

    Raises NothingThere where a root is neither there nor known.
    """
    found = Scan()
    for root in roots:
        if root.is_dir():
            for path in _inside(root):
                look_at(path, root, found)
        elif root.is_file():
            if _shown(root) == str(root):
                found.files[str(root)] = root
            else:
                look_at(root, root.parent, found)
        elif str(root) not in known:
            raise NothingThere(f"{root} does not exist: nothing was changed.")
    return found


def look_at(path: Path, folder: Path, found: Scan) -> None:
    """Note a path in a folder as what it is."""
    if reason := _not_an_article(path, folder):
        found.skipped.append(Skipped(_shown(path), reason))
    else:
        found.files[str(path)] = path


def _shown(path: Path) -> str:
    """A path as text, whatever bytes its name is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def under(source: str, roots: Sequence[Path]) -> bool:
    """Whether a source is one of the roots, or in one."""
    return any(Path(source).is_relative_to(root) for root in roots)


def _inside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir():
            yield path


def _not_an_article(path: Path, folder: Path) -> str:
    if _shown(path) != str(path):
        return "Its name is not valid UTF-8: rename it."
    if reason := not_an_article(path.name):
        return reason
    if not path.is_file():
        return "It is not a regular file."
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "It is a link that leads out of the folder."
    return ""
