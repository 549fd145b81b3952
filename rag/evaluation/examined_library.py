"""The library under evaluation: the product's, with further access that measurements need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self, TypeVar, cast

from rag.answering.query import Request
from rag.errors import NotPermitted
from rag.evaluation.dataset_index import LIBRARY_FOLDER, folder_or_temporary, names_in
from rag.events import Event
from rag.library import Library
from rag.llm.generator import Generator, Model, count_tokens
from rag.settings import Settings
from rag.store.store import Store
from rag.types import ArticleInfo, Hit, Passage


class ExaminedLibrary(Library):
    """A library that also answers from given passages, counts tokens and lists its files."""

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """See Library.open."""
        return cast(Self, super().open(settings))

    def model(self, name: str | None = None) -> Model:
        """Return a model by name, by default the one that answers. Raises ModelMissing."""
        return self._models.find(name or self.default_model())

    def generator(self, name: str | None = None) -> Generator:
        """Load a model by name, by default the one that answers. Raises ModelMissing."""
        return self._models.generator(name or self.default_model())

    def tokens(self, text: str, model: str) -> int:
        """Count the tokens that a text adds to a model's prompt."""
        return count_tokens(self._models.generator(model), text)

    def sources(self) -> list[str]:
        """List the files of its articles."""
        return self._store.ledger.sources()

    def ask_from(self, question: str, passages: Sequence[str], model: str) -> Iterator[Event]:
        """Answer from given passages, each treated as an article of its own."""
        language = self.language_of(question)
        hits = sorted(self._hits(question, language, passages), key=lambda hit: -hit.near)
        yield from self._answering.answer_from(Request(question, language, model), hits)

    def _hits(self, question: str, language: str, passages: Sequence[str]) -> list[Hit]:
        """Score passages as a search does, but without keywords, which need an index."""
        if not passages:
            return []
        languages = [self.language_of(text) for text in passages]
        rows = self._retriever.sentence_vectors(list(zip(passages, languages, strict=True)))
        cosines = (rows @ self._retriever.question_vector(question, language)).tolist()
        return [
            _passage_hit(n, *given) for n, given in enumerate(zip(passages, languages, cosines, strict=True))
        ]


@contextmanager
def examined(
    settings: Settings,
    keep: Path | None = None,
    open_library: Callable[[Settings], ExaminedLibrary] = ExaminedLibrary.open,
) -> Iterator[ExaminedLibrary]:
    """Open a library in a temporary folder, or in `keep`, where it is reused.

    Raises NotPermitted if `keep` holds other files, and what `Library.open` raises.
    """
    with folder_or_temporary(keep) as folder:
        if names_in(folder) - {LIBRARY_FOLDER}:
            raise NotPermitted("other_files", folder=folder)
        data = settings.in_folder(folder / LIBRARY_FOLDER)
        with closing(open_library(data)) as library:
            yield library


class Guest(ExaminedLibrary):
    """Borrows another library's embedder and models."""

    def close(self) -> None:
        """Release the data folder; the embedder and the models stay open."""
        self._readers.close()
        self._store.close()


G = TypeVar("G", bound=Guest)


@contextmanager
def guest_library(library: Library, kind: type[G]) -> Iterator[G]:
    """Open a library in a temporary folder with the models of an open one, without loading them twice."""
    with folder_or_temporary(None) as folder:
        settings = library.settings.in_folder(folder / LIBRARY_FOLDER)
        embedder, models = library._embedder, library._models
        store = Store(settings.data, embedder, models=settings.models)
        with closing(kind(settings, store, embedder, models)) as guest:
            yield guest


def _passage_hit(n: int, text: str, language: str, cosines: float) -> Hit:
    article = ArticleInfo(id=f"passage-{n}", source=f"passage-{n}", title="", language=language)
    return Hit(Passage(article.id, 0, 0, len(text), text), article, score=cosines, near=cosines)
