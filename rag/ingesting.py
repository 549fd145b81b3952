"""Folders and files → store. Run again after anything, it converges."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.documents import Article, Passage, own_title
from rag.embedding import Embedder
from rag.errors import NothingThere, Unreadable
from rag.progress import OnProgress, Progress, ignore
from rag.reading import SUFFIXES, read_bytes
from rag.splitting import split
from rag.store import Stamp, Store, StoredPassage
from rag.store.vectors import Vectors

_BATCH = 256  # passages that are embedded and written at once
_NOT_ARTICLES = {"readme", "license", "licence", "changelog", "contributing"}

Item = tuple[Article, list[Passage], Stamp]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that did not become an article, and why."""

    source: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an ingestion did, in articles."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class Ingestion:
    """One run over files and folders; `run` may be killed at any point and started again."""

    def __init__(self, store: Store, embedder: Embedder, on_progress: OnProgress = ignore) -> None:
        self._store, self._embedder, self._on_progress = store, embedder, on_progress
        self._report = Report()

    def run(self, paths: Sequence[Path]) -> Report:
        """Bring the library up to date with the files; what is gone from a folder leaves.

        Raises NothingThere, before anything is changed, where a path is neither there nor known.
        """
        roots = [path.expanduser().resolve() for path in paths]
        known = self._store.ledger.stamps()
        files = self._scan(roots, known)
        self._store.settle(self.embed)
        gone = [i for source, (i, _) in known.items() if source not in files and _under(source, roots)]
        self._store.remove(gone)
        self._report.removed = len(gone)
        for batch in self._batches(self._changed(files, known)):
            self._store.put(batch, self.embed)
        _ = self._store.shifts  # measured now, for the first question not to wait for it
        return self._report

    def embed(self, stored: Sequence[StoredPassage]) -> Vectors:
        """Vectors, shape (n, d), of the passages of whole articles: each under its article's own title."""
        first = {p.article.id: p.passage.text for p in stored if p.passage.ordinal == 0}
        titles = [own_title(p.article.title, first.get(p.article.id, "")) for p in stored]
        texts = [p.passage.text for p in stored]
        return self._embedder.embed_passages(
            [f"{t}\n{x}" if t else x for t, x in zip(titles, texts, strict=True)]
        )

    def _scan(self, roots: Sequence[Path], known: Container[str]) -> dict[str, Path]:
        files: dict[str, Path] = {}
        for root in roots:
            if root.is_dir():
                files.update((str(path), path) for path in self._articles_in(root))
            elif root.is_file():
                files[str(root)] = root
            elif str(root) not in known:
                raise NothingThere(f"{root} does not exist: nothing was changed.")
        return files

    def _articles_in(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if any(part.startswith(".") for part in inside.parts) or path.is_dir():
                continue
            if reason := _not_an_article(path, folder):
                self._skip(path, reason)
            else:
                yield path

    def _skip(self, path: Path, reason: str) -> None:
        self._report.skipped.append(Skipped(str(path), reason))

    def _changed(self, files: dict[str, Path], known: dict[str, tuple[str, Stamp]]) -> Iterator[Item]:
        for done, (source, path) in enumerate(files.items()):
            self._on_progress(Progress("Indexing articles", done, len(files), "articles"))
            try:
                item = self._item(path, known.get(source))
            except Unreadable as error:
                self._skip(path, str(error))
                continue
            if item is None:
                self._report.unchanged += 1
                continue
            yield item
            if source in known:
                self._report.updated += 1
            else:
                self._report.added += 1
        self._on_progress(Progress("Indexing articles", len(files), len(files), "articles"))

    def _item(self, path: Path, known: tuple[str, Stamp] | None) -> Item | None:
        """The article of a file; None where the library has it as it is."""
        try:
            stat = path.stat()
            if known and (known[1].size, known[1].modified_ns) == (stat.st_size, stat.st_mtime_ns):
                return None
            data = path.read_bytes()
        except OSError as error:
            raise Unreadable(f"It cannot be opened: {error.strerror}.") from error
        stamp = Stamp(hashlib.sha256(data).hexdigest(), len(data), stat.st_mtime_ns)
        if known and known[1].digest == stamp.digest:
            self._store.ledger.touch(known[0], stamp)
            return None
        article = read_bytes(data, str(path), path.suffix)
        return article, split(article), stamp

    @staticmethod
    def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
        batch: list[Item] = []
        for item in items:
            batch.append(item)
            if sum(len(passages) for _, passages, _ in batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _under(source: str, roots: Sequence[Path]) -> bool:
    return any(Path(source).is_relative_to(root) for root in roots)


def _not_an_article(path: Path, folder: Path) -> str:
    if path.suffix.lower() not in SUFFIXES:
        return f"Byline does not read {path.suffix or 'files without an ending'}."
    if path.stem.lower() in _NOT_ARTICLES:
        return "It describes its folder; name the file itself to add it all the same."
    if not path.is_file():
        return "It is not a regular file."
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "It is a link that leads out of the folder."
    return ""
