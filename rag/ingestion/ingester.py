"""Bring the store up to date with folders, files and addresses.

An ingestion is idempotent: after an interruption at any point, the next run completes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from threading import Event

from rag.embedding.base import Embedder
from rag.errors import NotFetched
from rag.ingestion.file_discovery import FoundFiles, add_path, find_files, is_under
from rag.ingestion.report import Report, Shortened
from rag.ingestion.urls import Addresses, normalised
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.reading import READER_VERSION, Chunk, ReadFiles, ReadRequest, lost_share, read_files
from rag.reading.stamp import Stamp
from rag.store.article_embedding import Embedding, EmbeddingStopped
from rag.store.ledger_rows import FileState
from rag.store.store import Store
from rag.text.splitter import split, unsearched_share
from rag.types import Article, LeftOut, Passage, Skipped

BATCH_SIZE = 256
"""Number of passages, or of files, that completes a batch. Not fitted."""
MAX_LOST_SHARE = 0.5
"""Share of a file's visible prose; an article that lost more to cleaning is listed as shortened. Not fitted;
4 of 74 public news pages are above it."""
REMOVED = Message.of("taken_out_before")
"""The reason for skipping an article that is in the trash."""


@dataclass(slots=True)
class _Batch:
    """Articles written in one transaction, and the files that they complete."""

    items: list[tuple[Article, list[Passage], str]] = field(default_factory=list)
    finished: list[FileState] = field(default_factory=list)
    left_out: dict[str, Sequence[LeftOut]] = field(default_factory=dict)
    passages: int = 0

    def add(self, article: Article, file: str) -> float:
        """Split and add an article; return the share of its text beyond the maximum number of passages."""
        passages = split(article)
        self.items.append((article, passages, file))
        self.passages += len(passages)
        return unsearched_share(article.text, passages)

    @property
    def full(self) -> bool:
        return max(self.passages, len(self.finished), len(self.left_out)) >= BATCH_SIZE


@dataclass(slots=True)
class _Parts:
    """The articles and skipped parts of a file that is being read."""

    stamp: Stamp | None = None
    sources: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class Ingester:
    """Indexes files, folders and addresses, once. `run` may be killed at any point and repeated.

    A file is read again if its bytes have changed. Articles that it no longer contains are deleted, and only
    changed ones are embedded again. Setting `stop` ends the run soon; articles read until then are kept.
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
        self._store, self._on_progress, self._read = store, on_progress, read
        self._embedding = Embedding(embedder.embed_passages, on_progress, self._stop)
        self._stamps, self._article_counts = store.files.stamps(), store.files.articles()
        self._skipped, self._removed = store.files.skipped(), store.trash.ids()
        self._as_is = store.files.as_is()
        self._report, self._done, self._total = Report(), 0, 0
        self._parts = dict[str, _Parts]()

    def run(self, paths: Sequence[Path], addresses: Sequence[str] = ()) -> Report:
        """Index files and pages, and delete the articles of files that were deleted from a folder.

        Raises NothingThere, before any change, if a path neither exists nor is in the ledger.
        """
        roots = [path.expanduser().resolve() for path in paths]
        known = self._stamps.keys() | self._article_counts.keys() | self._skipped.keys()
        scan_result = find_files(roots, known)
        self._store.files.add_roots(map(str, roots))
        if not self.embed_pending():
            return Report(stopped=True)
        skipped = {one.source for one in scan_result.skipped}
        never_read = skipped - self._stamps.keys() - self._article_counts.keys()
        deleted = [file for file in known - scan_result.files.keys() - never_read if is_under(file, roots)]
        self._store.remove_files(deleted)
        self._report.removed = sum(self._article_counts.get(file, 0) for file in deleted)
        return self._index(scan_result, list(dict.fromkeys(map(normalised, addresses))))

    def embed_pending(self) -> bool:
        """Embed the articles that an interruption left pending; return False if stopped."""
        try:
            self._store.recover(self._embedding)
        except EmbeddingStopped:
            return False
        return True

    def reread(self, files: Sequence[Path], addresses: Sequence[str] = ()) -> Report:
        """Read files and addresses again, even unchanged ones."""
        self._stamps, self._as_is, scan_result = {}, self._store.files.as_is(), FoundFiles()
        for path in files:
            add_path(path, path.parent, scan_result)
        return self._index(scan_result, addresses)

    def compare(self, files: Sequence[Path], addresses: Sequence[str] = ()) -> list[Article]:
        """Read files and addresses again and return the articles that differ; change nothing."""
        self._stamps, self._total = {}, len(files) + len(addresses)
        differing = list[Article]()
        files_by_name = {str(path): path for path in files}
        for chunk in self._read(chain(self._changed(files_by_name), self._fetched(addresses))):
            mended = map(self._store.mendings.applied, chunk.articles)
            kept = (article for article in mended if article.id not in self._removed)
            differing += [each for each in kept if self._store.ledger.article(each.id) != each]
            self._step(int(chunk.last))
            if self._stop.is_set():
                break
        return differing

    def _index(self, scan_result: FoundFiles, addresses: Sequence[str]) -> Report:
        self._report.skipped += scan_result.skipped
        self._store.files.skip(scan_result.skipped)
        for batch in self._batches(scan_result.files, addresses):
            self._write(batch)
            if self._report.stopped:
                break
        self._store.measure_language_means(self._on_progress)  # else the first question would wait for it
        return self._report

    def _write(self, batch: _Batch) -> None:
        """Write a batch; if embedding is stopped, its articles stay pending."""
        try:
            self._report.removed += self._store.put(
                batch.items, self._embedding, batch.finished, batch.left_out
            )
        except EmbeddingStopped:
            self._report.stopped = True
        if self._addresses:
            self._addresses.written(state.file for state in batch.finished)

    def _batches(self, files: Mapping[str, Path], addresses: Sequence[str]) -> Iterator[_Batch]:
        """Read changed files and pages, in batches."""
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

    def _changed(self, files: Mapping[str, Path]) -> Iterator[ReadRequest]:
        """Yield requests for the files whose size or modification time differs from the ledger."""
        for file, path in files.items():
            if self._stop.is_set():
                return
            known = self._stamps.get(file)
            if known and _matches(path, known):
                self._unchanged(file)
                self._step(1)
            else:
                as_is = self._as_is.get(file, frozenset())
                yield ReadRequest(path, file, path.suffix, known.digest if known else "", as_is)

    def _fetched(self, addresses: Sequence[str]) -> Iterator[ReadRequest]:
        """Fetch pages and yield requests for those that their servers do not report as unchanged."""
        for n, address in enumerate(addresses):
            if self._stop.is_set() or not self._addresses:
                return
            self._on_progress(Progress(Message.of("fetching_pages"), n, len(addresses)))
            known = self._stamps.get(address)
            try:
                page = self._addresses.fetch(address, known.digest if known else "")
            except NotFetched as error:
                self._skip(Skipped(address, error.message))
            else:
                if page:
                    yield replace(page, as_is=self._as_is.get(address, frozenset()))
                    continue
                self._unchanged(address)
            self._step(1)
        if addresses:
            self._on_progress(Progress(Message.of("fetching_pages"), len(addresses), len(addresses)))

    def _skip(self, skipped: Skipped) -> None:
        self._report.skipped.append(skipped)
        self._store.files.skip([skipped])

    def _step(self, more: int) -> None:
        self._done += more
        self._on_progress(Progress(Message.of("indexing_articles"), self._done, self._total, "articles"))

    def _unchanged(self, file: str) -> None:
        self._report.unchanged += self._article_counts.get(file, 0)
        self._report.skipped += self._skipped.get(file, [])

    def _take(self, chunk: Chunk, batch: _Batch) -> None:
        """Add new and changed articles to the batch."""
        parts = self._parts.setdefault(chunk.file, _Parts())
        parts.stamp = parts.stamp or chunk.stamp
        parts.skipped += chunk.skipped
        for article in map(self._store.mendings.take, chunk.articles):
            parts.sources.append(article.source)
            if article.id in self._removed:
                self._report.skipped.append(Skipped(article.source, REMOVED))
                continue
            batch.left_out[article.id] = chunk.left_out
            if self._is_new(article, chunk.file):
                self._report.articles.append(article.id)
                if unsearched := batch.add(article, chunk.file):
                    self._report.overlong.append(Shortened(article.source, article.title, unsearched))
                share = lost_share(article.text, chunk.left_out)
                if share > MAX_LOST_SHARE:
                    self._report.shortened.append(Shortened(article.source, article.title, share))
        if chunk.last:
            self._finish(chunk.file, self._parts.pop(chunk.file), batch)

    def _is_new(self, article: Article, file: str) -> bool:
        """Tell whether the article differs from the stored one, and count it."""
        before = self._store.ledger.article(article.id) if file in self._article_counts else None
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
            batch.finished.append(FileState(file, parts.stamp, parts.sources, parts.skipped, READER_VERSION))


def _matches(path: Path, known: Stamp) -> bool:
    try:
        stat = path.stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (known.size, known.modified_ns)
