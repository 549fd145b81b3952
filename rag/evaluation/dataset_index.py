"""Build a library from a data set, as a user would: files, ingestion, the embedder of the settings."""

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

NOTE_FILE = "made-of.json"
LIBRARY = "library"
"""Subfolder of the library."""


class IndexFacts(TypedDict):
    """Facts about an index: articles and passages; skipped documents, `{"source", "reason"}`; seconds of
    indexing; the embedder's name; whether a kept index was reused."""

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
    """Index the documents in a temporary folder, or in `keep`, from where the index is reused.

    Raises NotPermitted where `keep` holds other files, NothingThere where no document became an article,
    and what `Library.open` raises.
    """
    with chosen(keep) as path:
        folder = _Folder(path, dataset, settings)
        facts = folder.claim()
        with open_library(settings.model_copy(update={"data": folder.path / LIBRARY})) as library:
            if facts is None:
                facts = folder.fill(library, on_progress)
            library.search("?", 1)  # the first search loads the index
            yield Indexed(library, folder.keys(), facts)


@contextmanager
def chosen(keep: Path | None) -> Iterator[Path]:
    """Give `keep`, or a temporary folder."""
    with TemporaryDirectory(prefix="byline-eval-") as temporary:
        yield (keep or Path(temporary)).expanduser().resolve()


def held(folder: Path) -> set[str]:
    """List the names in a folder, creating it if needed. Raises NotPermitted where it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {path.name for path in folder.iterdir()}
    except OSError as error:
        raise NotPermitted("folder_unusable", folder=folder, why=error.strerror) from error


def ingested(library: Library, folders: Sequence[Path], on_progress: OnProgress) -> tuple[Report, IndexFacts]:
    """Index the folders; raises what Ingester.run raises."""
    began = perf_counter()
    report = library.ingest(folders, on_progress)
    seconds = perf_counter() - began
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
    """Article files and their library, with a note of the data set's digest and the embedder."""

    def __init__(self, path: Path, dataset: Dataset, settings: Settings) -> None:
        self.path, self._dataset = path, dataset
        self._made_of = {"documents": dataset.digest(), "embedder": settings.embedder}

    def claim(self) -> IndexFacts | None:
        """Return the facts of a finished index; None where it must still be built."""
        note = self._note()
        if note is None:
            self._write_note({})
            return None
        if note.get("made_of") != self._made_of:
            raise NotPermitted("other_index", path=self.path)
        facts: IndexFacts | None = note.get("index")
        return {**facts, "reused": True} if facts else None

    def fill(self, library: Library, on_progress: OnProgress) -> IndexFacts:
        """Write the articles, index them and note the facts."""
        folder = self.path / "articles"
        write_articles(self._dataset.documents, folder)
        report, facts = ingested(library, [folder], on_progress)
        if not facts["articles"]:
            raise NothingThere("no_document_read", reason=report.skipped[0].reason)
        facts["reused"] = False  # even where an interrupted run left nothing to add
        self._write_note({"index": facts})
        return facts

    def keys(self) -> dict[str, str]:
        """Map article sources to document keys."""
        folder = self.path / "articles"
        return {str(article_path(document, folder)): document.key for document in self._dataset.documents}

    def _note(self) -> dict[str, Any] | None:
        """Read the note; None in an empty folder, an empty note where the folder holds something else."""
        names = held(self.path)
        try:
            note = json.loads((self.path / NOTE_FILE).read_text("utf-8")) if NOTE_FILE in names else {}
        except OSError as error:
            raise NotPermitted("index_unusable", path=self.path, why=error.strerror) from error
        except ValueError:  # truncated, or another program's file
            note = {}
        return (note if isinstance(note, dict) else {}) if names else None

    def _write_note(self, more: dict[str, Any]) -> None:
        try:
            (self.path / NOTE_FILE).write_text(json.dumps({"made_of": self._made_of, **more}), "utf-8")
        except OSError as error:
            raise NotPermitted("not_written", path=self.path, why=error.strerror) from error
