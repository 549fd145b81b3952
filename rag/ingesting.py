"""Folders, files and addresses → store. Run again after anything, it converges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Event

from rag.addresses import Addresses, normal
from rag.documents import Article, Passage, Skipped, Stamp
from rag.embedding import Embedder
from rag.errors import NotFetched
from rag.progress import OnProgress, Progress, ignore
from rag.reading import Chunk, ReadFiles, Wanted, read_files
from rag.scanning import Scan, look_at, scan, under
from rag.splitting import own_title, split
from rag.store import FileState, Store, StoredPassage
from rag.store.vectors import Vectors

_BATCH = 256  # passages that are embedded and written at once, and files
REMOVED = "You took it out of the library; it can be put back on the page of articles."


@dataclass(slots=True)
class Report:
    """What an ingestion did, in articles; what it skipped, in files and parts of files.

    `stopped` tells that it was asked to end before it was through.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    stopped: bool = False


@dataclass(slots=True)
class _Batch:
    """What is written at once: articles, and the files that are whole with them."""

    items: list[tuple[Article, list[Passage], str]] = field(default_factory=list)
    finished: list[FileState] = field(default_factory=list)
    passages: int = 0

    def add(self, article: Article, file: str) -> None:
        self.items.append((article, split(article), file))
        self.passages += len(self.items[-1][1])

    @property
    def full(self) -> bool:
        return self.passages >= _BATCH or len(self.finished) >= _BATCH


@dataclass(slots=True)
class _Parts:
    """What has come of a file so far."""

    stamp: Stamp | None = None
    sources: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class Ingestion:
    """One run over files, folders and addresses; `run` may be killed at any point and started again.

    A file is the unit: it is read again where its bytes have changed, and what it held before and
    holds no longer leaves. Of its articles only those that have changed are embedded again. Where `stop`
    is set, it ends soon; what was read till then is kept.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
        read: ReadFiles = read_files,
        addresses: Addresses | None = None,
    ) -> None:
        self._stop, self._addresses = stop or Event(), addresses
        self._store, self._embedder, self._on_progress, self._read = store, embedder, on_progress, read
        self._stamps, self._held = store.files.stamps(), store.files.articles()
        self._skipped, self._removed = store.files.skipped(), store.removed.ids()
        self._report, self._done, self._total = Report(), 0, 0
        self._open = dict[str, _Parts]()

    def run(self, paths: Sequence[Path], addresses: Sequence[str] = ()) -> Report:
        """Bring the library up to date with files and pages; what is gone from a folder leaves.

        Raises NothingThere, before anything is changed, where a path is neither there nor known.
        """
        roots = [path.expanduser().resolve() for path in paths]
        known = self._stamps.keys() | self._held.keys() | self._skipped.keys()
        found = scan(roots, known)
        self._store.settle(self.embed)
        passed_over = {skipped.source for skipped in found.skipped} - self._stamps.keys() - self._held.keys()
        gone = [file for file in known - found.files.keys() - passed_over if under(file, roots)]
        self._store.remove_files(gone)
        self._report.removed = sum(self._held.get(file, 0) for file in gone)
        return self._bring_in(found, list(dict.fromkeys(map(normal, addresses))))

    def settle(self) -> None:
        """Carry over what an interruption left, and tell how far that is."""
        self._total = len(self._store.ledger.pending())

        def embed(stored: Sequence[StoredPassage]) -> Vectors:
            vectors = self.embed(stored)
            self._step(len({passage.article.id for passage in stored}))
            return vectors

        self._store.settle(embed)

    def again(self, files: Sequence[Path], addresses: Sequence[str] = ()) -> Report:
        """Try files that lie in folders, and addresses, once more."""
        found = Scan()
        for path in files:
            look_at(path, path.parent, found)
        return self._bring_in(found, addresses)

    def _bring_in(self, found: Scan, addresses: Sequence[str]) -> Report:
        self._report.skipped += found.skipped
        self._store.files.skip(found.skipped)
        for batch in self._batches(found.files, addresses):
            self._report.removed += self._store.put(batch.items, self.embed, batch.finished)
            if self._addresses:
                self._addresses.written(state.file for state in batch.finished)
        self._store.measure_shifts(self._on_progress)  # now, for the first question not to wait for it
        return self._report

    def embed(self, stored: Sequence[StoredPassage]) -> Vectors:
        """Vectors, shape (n, d), of the passages of whole articles: each under its article's own title."""
        first = {p.article.id: p.passage.text for p in stored if p.passage.ordinal == 0}
        titles = [own_title(p.article.title, first.get(p.article.id, "")) for p in stored]
        texts = [p.passage.text for p in stored]
        return self._embedder.embed_passages(
            [f"{t}\n{x}" if t else x for t, x in zip(titles, texts, strict=True)]
        )

    def _batches(self, files: Mapping[str, Path], addresses: Sequence[str]) -> Iterator[_Batch]:
        """Read what has changed; a batch at a time."""
        batch = _Batch()
        self._total = len(files) + len(addresses)
        self._step(0)
        for chunk in self._read(chain(self._changed(files), self._fetched(addresses))):
            self._take(chunk, batch)
            if batch.full:
                yield batch
                batch = _Batch()
            if chunk.last:
                self._step(1)
            if self._stop.is_set():
                break
        self._report.stopped = self._stop.is_set() and self._done < self._total
        yield batch

    def _changed(self, files: Mapping[str, Path]) -> Iterator[Wanted]:
        """The files that must be read: those of another size or time of change than is known."""
        for file, path in files.items():
            if self._stop.is_set():
                return
            known = self._stamps.get(file)
            if known and _is_as(path, known):
                self._unchanged(file)
                self._step(1)
            else:
                yield Wanted(path, file, path.suffix, known.digest if known else "")

    def _fetched(self, addresses: Sequence[str]) -> Iterator[Wanted]:
        """The pages that must be read: those that their servers do not call unchanged."""
        for n, address in enumerate(addresses):
            if self._stop.is_set() or not self._addresses:
                return
            self._on_progress(Progress("Fetching pages", n, len(addresses)))
            known = self._stamps.get(address)
            try:
                page = self._addresses.fetch(address, known.digest if known else "")
            except NotFetched as error:
                self._skip(Skipped(address, str(error)))
            else:
                if page:
                    yield page
                    continue
                self._unchanged(address)
            self._step(1)
        if addresses:
            self._on_progress(Progress("Fetching pages", len(addresses), len(addresses)))

    def _skip(self, skipped: Skipped) -> None:
        self._report.skipped.append(skipped)
        self._store.files.skip([skipped])

    def _step(self, more: int) -> None:
        self._done += more
        self._on_progress(Progress("Indexing articles", self._done, self._total, "articles"))

    def _unchanged(self, file: str) -> None:
        self._report.unchanged += self._held.get(file, 0)
        self._report.skipped += self._skipped.get(file, [])

    def _take(self, chunk: Chunk, batch: _Batch) -> None:
        """Put what is new into the batch."""
        parts = self._open.setdefault(chunk.file, _Parts())
        parts.stamp = parts.stamp or chunk.stamp
        parts.skipped += chunk.skipped
        for article in chunk.articles:
            parts.sources.append(article.source)
            if article.id in self._removed:
                self._report.skipped.append(Skipped(article.source, REMOVED))
            elif self._is_new(article, chunk.file):
                batch.add(article, chunk.file)
        if chunk.last:
            self._finish(chunk.file, self._open.pop(chunk.file), batch)

    def _is_new(self, article: Article, file: str) -> bool:
        """Whether the library does not have it as it is."""
        before = self._store.ledger.article(article.id) if file in self._held else None
        if before == article:
            self._report.unchanged += 1
        elif before:
            self._report.updated += 1
        else:
            self._report.added += 1
        return before != article

    def _finish(self, file: str, parts: _Parts, batch: _Batch) -> None:
        known = self._stamps.get(file)
        if parts.stamp and known and parts.stamp.digest == known.digest:
            self._store.files.touch(file, parts.stamp.modified_ns)
            self._unchanged(file)
            return
        self._report.skipped += parts.skipped
        if not parts.stamp:
            self._store.files.skip(parts.skipped)
        else:
            batch.finished.append(FileState(file, parts.stamp, parts.sources, parts.skipped))


def _is_as(path: Path, known: Stamp) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (known.size, known.modified_ns)
