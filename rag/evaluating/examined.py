"""A library that is measured: as the product's, with what only a measurement asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self, cast

from rag.documents import ArticleInfo, Event, Hit, Passage
from rag.errors import NotPermitted
from rag.evaluating.indexing import LIBRARY, chosen, held
from rag.generating import Generator, Model, count_tokens
from rag.library import Library
from rag.settings import Settings
from rag.store import Store


class Examined(Library):
    """A library that answers from given passages too, and tells what it holds and what a model wrote."""

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """See Library.open."""
        return cast(Self, super().open(settings))

    def model(self, name: str | None = None) -> Model:
        """The model of that name, or the one that answers by default. Raises ModelMissing."""
        return self._models.find(name or self.default_model())

    def generator(self, name: str | None = None) -> Generator:
        """The model of that name, or the default one, ready to write. Raises ModelMissing."""
        return self._models.generator(name or self.default_model())

    def tokens(self, text: str, model: str) -> int:
        """How many tokens a text is for a model: what it adds to a prompt."""
        return count_tokens(self._models.generator(model), text)

    def sources(self) -> list[str]:
        """The files of its articles."""
        return self._store.ledger.sources()

    def ask_from(self, question: str, passages: Sequence[str], model: str) -> Iterator[Event]:
        """Answer from these passages, each taken for an article of its own."""
        language = self.language_of(question)
        hits = sorted(self._hits(question, language, passages), key=lambda hit: -hit.near)
        yield from self._answering.answer_from(question, hits, language, model, self._models.generator)

    def _hits(self, question: str, language: str, passages: Sequence[str]) -> list[Hit]:
        """The passages as a search would give them, all but the keywords, which need an index."""
        if not passages:
            return []
        languages = [self.language_of(text) for text in passages]
        shifts = self._store.shifts
        goal = shifts.balanced_question(self._embedder.embed_query(question), language)
        rows = shifts.balanced_passages(self._embedder.embed_passages(passages), languages)
        near = (rows @ goal).tolist()
        return [_hit(n, *given) for n, given in enumerate(zip(passages, languages, near, strict=True))]


@contextmanager
def examined(
    settings: Settings,
    keep: Path | None = None,
    open_library: Callable[[Settings], Examined] = Examined.open,
) -> Iterator[Examined]:
    """A library in a temporary folder, or in `keep`, where it stays and is used again.

    Raises NotPermitted where `keep` holds anything else, and what `Library.open` raises.
    """
    with chosen(keep) as folder:
        if held(folder) - {LIBRARY}:
            raise NotPermitted(f"{folder} holds other files: delete it, or name another folder.")
        data = settings.model_copy(update={"data": folder / LIBRARY})
        with closing(open_library(data)) as library:
            yield library


class _Guest(Examined):
    """One that has another library's embedder and models, and leaves them open."""

    def close(self) -> None:
        self._readers.close()
        self._store.close()


@contextmanager
def beside(library: Library) -> Iterator[Examined]:
    """A library in a temporary folder, with the models of an open one: nothing is loaded twice."""
    with chosen(None) as folder:
        settings = library.settings.model_copy(update={"data": folder / LIBRARY})
        embedder, models = library._embedder, library._models
        with closing(_Guest(settings, Store(settings.data, embedder), embedder, models)) as guest:
            yield guest


def _hit(n: int, text: str, language: str, near: float) -> Hit:
    article = ArticleInfo(id=f"passage-{n}", source=f"passage-{n}", title="", language=language)
    return Hit(Passage(article.id, 0, 0, len(text), text), article, score=near, near=near)
