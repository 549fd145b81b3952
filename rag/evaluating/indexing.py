"""A library of a data set's documents, made as any other: files, ingestion, the settings' embedder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypedDict

from rag.errors import NothingThere, NotPermitted
from rag.evaluating.articles import article_path, write_articles
from rag.evaluating.datasets import Dataset
from rag.ingesting import Report
from rag.library import Library
from rag.progress import OnProgress, ignore
from rag.settings import Settings

_NOTE = "made-of.json"
LIBRARY = "library"
"""The folder of a library inside the one that holds it."""


class IndexFacts(TypedDict):
    """What the index holds: articles and passages; documents that became no article, `{"source",
    "reason"}`; the seconds that indexing took; the embedder's name; whether a kept index was used."""

    articles: int
    passages: int
    skipped: list[dict[str, str]]
    seconds: float
    embedder: str
    reused: bool


@dataclass(frozen=True, slots=True)
class Indexed:
    """An open library of documents; `keys` are those of the documents by article source."""

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
    """Index the documents in a temporary folder, or in `keep`, where they stay and are used again.

    Raises NotPermitted where `keep` holds anything else, NothingThere where nothing became an article,
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
    """`keep`, or a temporary folder."""
    with TemporaryDirectory(prefix="byline-eval-") as temporary:
        yield (keep or Path(temporary)).expanduser().resolve()


def held(folder: Path) -> set[str]:
    """Names of what a folder holds; a new one is made. Raises NotPermitted where it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {path.name for path in folder.iterdir()}
    except OSError as error:
        raise NotPermitted(f"{folder} cannot be used: {error.strerror}. Name another folder.") from error


def ingested(library: Library, folders: Sequence[Path], on_progress: OnProgress) -> tuple[Report, IndexFacts]:
    """Bring the library up to date with the folders; see Ingestion.run for what that raises."""
    began = perf_counter()
    report = library.ingest(folders, on_progress)
    seconds = perf_counter() - began
    overview, named = library.overview(), Path(library.settings.embedder)
    facts = IndexFacts(
        articles=overview.articles,
        passages=overview.passages,
        skipped=[asdict(skipped) for skipped in report.skipped],
        seconds=round(seconds, 1),
        embedder=named.name if named.is_dir() else library.settings.embedder,
        reused=not (report.added or report.updated),
    )
    return report, facts


class _Folder:
    """Article files and their library, with a note of the documents and the embedder behind them."""

    def __init__(self, path: Path, dataset: Dataset, settings: Settings) -> None:
        self.path, self._dataset = path, dataset
        self._made_of = {"documents": dataset.digest(), "embedder": settings.embedder}

    def claim(self) -> IndexFacts | None:
        """What is known of the finished index that is here; None where it is still to be made."""
        note = self._note()
        if note is None:
            self._write_note({})
            return None
        if note.get("made_of") != self._made_of:
            raise NotPermitted(
                f"{self.path} holds other files, or an index of other documents or by another embedder:"
                " delete it, or name another folder."
            )
        facts: IndexFacts | None = note.get("index")
        return {**facts, "reused": True} if facts else None

    def fill(self, library: Library, on_progress: OnProgress) -> IndexFacts:
        """Write the articles, index them, note what came of it."""
        folder = self.path / "articles"
        write_articles(self._dataset.documents, folder)
        report, facts = ingested(library, [folder], on_progress)
        if not facts["articles"]:
            raise NothingThere(f"No document became an article: {report.skipped[0].reason}")
        facts["reused"] = False  # though an interrupted run may have left nothing to add
        self._write_note({"index": facts})
        return facts

    def keys(self) -> dict[str, str]:
        """The documents' keys by article source."""
        folder = self.path / "articles"
        return {str(article_path(document, folder)): document.key for document in self._dataset.documents}

    def _note(self) -> dict[str, Any] | None:
        """The note; None in an empty or new folder, an empty one where the folder holds something else."""
        names = held(self.path)
        try:
            note = json.loads((self.path / _NOTE).read_text("utf-8")) if _NOTE in names else {}
        except OSError as error:
            raise NotPermitted(f"{self.path} cannot be used: {error.strerror}.") from error
        except ValueError:  # cut short, or another program's
            note = {}
        return (note if isinstance(note, dict) else {}) if names else None

    def _write_note(self, more: dict[str, Any]) -> None:
        try:
            (self.path / _NOTE).write_text(json.dumps({"made_of": self._made_of, **more}), "utf-8")
        except OSError as error:
            raise NotPermitted(f"{self.path} cannot be written: {error.strerror}.") from error
