"""Build a library from a data set as a user would: from files, by ingestion, with the settings' embedder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypedDict

from rag.errors import NothingThere, NotPermitted
from rag.evaluation.article_files import article_path, write_articles
from rag.evaluation.datasets import Dataset
from rag.ingestion.report import Report
from rag.library import Library
from rag.progress import OnProgress, ignore
from rag.settings import Settings

RECORD_FILE = "made-of.json"
LIBRARY_FOLDER = "library"
"""Name of the library's subfolder."""


class IndexFacts(TypedDict):
    """Facts about an index: articles and passages; skipped documents as `{"source", "reason"}`; seconds of
    indexing; the embedder's name; whether an earlier index was reused."""

    articles: int
    passages: int
    skipped: list[dict[str, str]]
    seconds: float
    embedder: str
    reused: bool


@dataclass(frozen=True, slots=True)
class Indexed:
    """An open library of documents; `keys` maps article sources to document keys."""

    library: Library
    keys: Mapping[str, str]
    facts: IndexFacts


@contextmanager
def indexed(
    dataset: Dataset,
    settings: Settings,
    keep: Path | None = None,
    on_progress: OnProgress = ignore,
    open_library: Callable[[Settings], Library] = Library.open,
) -> Iterator[Indexed]:
    """Index the documents in a temporary folder, or in `keep`, whose index is reused.

    Raises NotPermitted if `keep` holds other files, NothingThere if no document became an article,
    and what `Library.open` raises.
    """
    with folder_or_temporary(keep) as path:
        folder = _Folder(path, dataset, settings)
        facts = folder.claim()
        with open_library(settings.in_folder(folder.path / LIBRARY_FOLDER)) as library:
            if facts is None:
                facts = folder.fill(library, on_progress)
            library.search("?", 1)  # the first search loads the index
            yield Indexed(library, folder.keys(), facts)


@contextmanager
def folder_or_temporary(keep: Path | None) -> Iterator[Path]:
    """Yield `keep`, or a temporary folder."""
    with TemporaryDirectory(prefix="byline-eval-") as temporary:
        yield (keep or Path(temporary)).expanduser().resolve()


def names_in(folder: Path) -> set[str]:
    """List the names in a folder, creating it if needed. Raises NotPermitted if it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {path.name for path in folder.iterdir()}
    except OSError as error:
        raise NotPermitted("folder_unusable", folder=folder, why=error.strerror) from error


def ingest(library: Library, folders: Sequence[Path], on_progress: OnProgress) -> tuple[Report, IndexFacts]:
    """Index the folders; raises what Ingester.run raises."""
    started = perf_counter()
    report = library.ingest(folders, on_progress)
    seconds = perf_counter() - started
    overview, named = library.overview(), Path(library.settings.embedder)
    facts = IndexFacts(
        articles=overview.articles,
        passages=overview.passages,
        skipped=[{"source": one.source, "reason": str(one.reason)} for one in report.skipped],
        seconds=round(seconds, 1),
        embedder=named.name if named.is_dir() else library.settings.embedder,
        reused=not (report.added or report.updated),
    )
    return report, facts


class _Folder:
    """Article files and their library, with a record of the data set's digest and the embedder."""

    def __init__(self, path: Path, dataset: Dataset, settings: Settings) -> None:
        self.path, self._dataset = path, dataset
        self._made_of = {"documents": dataset.digest(), "embedder": settings.embedder}

    def claim(self) -> IndexFacts | None:
        """Return the facts of a finished index; None if it must still be built."""
        record = self._read_record()
        if record is None:
            self._write_record({})
            return None
        if record.get("made_of") != self._made_of:
            raise NotPermitted("other_index", path=self.path)
        facts: IndexFacts | None = record.get("index")
        return {**facts, "reused": True} if facts else None

    def fill(self, library: Library, on_progress: OnProgress) -> IndexFacts:
        """Write the articles, index them and record the facts."""
        folder = self.path / "articles"
        write_articles(self._dataset.documents, folder)
        report, facts = ingest(library, [folder], on_progress)
        if not facts["articles"]:
            raise NothingThere("no_document_read", reason=report.skipped[0].reason)
        facts["reused"] = False  # even if an interrupted run left nothing to add
        self._write_record({"index": facts})
        return facts

    def keys(self) -> dict[str, str]:
        """Map article sources to document keys."""
        folder = self.path / "articles"
        return {str(article_path(document, folder)): document.key for document in self._dataset.documents}

    def _read_record(self) -> dict[str, Any] | None:
        """Read the record; None in an empty folder, an empty record if the folder holds other files."""
        names = names_in(self.path)
        try:
            record = json.loads((self.path / RECORD_FILE).read_text("utf-8")) if RECORD_FILE in names else {}
        except OSError as error:
            raise NotPermitted("index_unusable", path=self.path, why=error.strerror) from error
        except ValueError:  # truncated, or another program's file
            record = {}
        return (record if isinstance(record, dict) else {}) if names else None

    def _write_record(self, more: dict[str, Any]) -> None:
        try:
            (self.path / RECORD_FILE).write_text(json.dumps({"made_of": self._made_of, **more}), "utf-8")
        except OSError as error:
            raise NotPermitted("not_written", path=self.path, why=error.strerror) from error
