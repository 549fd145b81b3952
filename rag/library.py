"""The composition root: builds everything once from the settings; app, command line and tests call it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from rag.answerability import Answerability
from rag.answering import Answering
from rag.budget import Budgets
from rag.catalogue import CatalogueModel
from rag.comparing import Comparisons
from rag.conversations import Answers, Conversations
from rag.documents import Article, Event, Filters, Hit, Turn
from rag.embedding import Embedder, OnnxEmbedder, load_embedder
from rag.entailment import Entailment, load_entailment
from rag.errors import ModelMissing
from rag.evidence import Evidence
from rag.explaining import Explainer, Explanation
from rag.feeds import Feeds
from rag.fetching import ensure_models, missing
from rag.generating import Message, Model
from rag.generating.models import Models
from rag.generating.ollama import Ollama
from rag.handover import Owner
from rag.ingesting import Ingestion, Report
from rag.intake import Intake
from rag.inventory import Inventory
from rag.premises import Premises
from rag.progress import OnProgress, ignore
from rag.reading import Readers
from rag.reading.language import SPOKEN, detect
from rag.remote import RemoteLibrary
from rag.reranking import Reranker, load_reranker
from rag.retrieving import Retriever
from rag.settings import DEFAULT_EMBEDDER, Settings
from rag.store import Overview, Store
from rag.store.listing import Listing
from rag.store.removed import Removed
from rag.tokens import OnnxTokens
from rag.translating import translate
from rag.verifying import Verifier
from rag.web.destinations import Destinations
from rag.web.visiting import Visitor

_ABOUT = {
    "en": "What do the articles say about “{title}”?",
    "fr": "Que disent les articles de « {title} » ?",
    "zh": "关于“{title}”,文章里说了什么?",
    "vi": "Các bài viết nói gì về “{title}”?",
    "ru": "Что говорится в статьях о «{title}»?",
}


class Library:
    """An open library. `close` it, or use it in a `with` block: others wait for the folder."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        models: Models,
        reranker: Reranker | None = None,
        entailment: Entailment | None = None,
    ) -> None:
        self.settings = settings
        self._store, self._embedder, self._models = store, embedder, models
        self.inventory = Inventory(models, settings)
        self._readers = Readers()
        self._retriever = Retriever(store, embedder, reranker)
        budgets = Budgets(
            passages=settings.passages,
            prompt_tokens=settings.prompt_tokens,
            answer_tokens=settings.answer_tokens,
            context=settings.context_tokens,
        )
        visitor = Visitor(Destinations(settings.visit), proxy=settings.proxy)
        self.intake = Intake(store, embedder, visitor, self._readers)
        self.feeds = Feeds(store, self.intake, visitor, self._readers, settings.feeds)
        premises = Premises(store, self._retriever)
        verifier = Verifier(self._retriever, entailment)
        self._answering = Answering(self._retriever, premises, _answerability(embedder), verifier, budgets)
        self.comparisons = Comparisons(self._retriever, self._answering, budgets, models.generator)

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """Open the data folder, creating it where there is none.

        Raises LibraryBusy, ModelMissing, IndexMismatch, LibraryDamaged or NotPermitted.
        """
        embedder = load_embedder(settings)  # all before the folder is locked
        readers = load_reranker(settings), load_entailment(settings)
        return cls(settings, Store(settings.data, embedder), embedder, models_of(settings), *readers)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations that lie in the data folder."""
        answers = Answers(self.ask, self._models.digest, self.translate)
        return Conversations(self.settings.data / "conversations.sqlite", answers)

    def close(self) -> None:
        """Let the data folder and the models go."""
        if "conversations" in self.__dict__:
            self.conversations.close()
        self._readers.close()
        self._models.close()
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        """The answer as it grows; closing the iterator stops it. Raises ValueError for an empty question.

        A question that leans on `history`, oldest turn first, is made whole before it is searched.
        """
        if not question.strip():
            raise ValueError("a question needs words")
        name = model or self.default_model()
        yield from self._answering.answer(
            question, self.language_of(question), name, self._models.generator, history, filters
        )

    def search(
        self,
        question: str,
        k: int = 10,
        filters: Filters = Filters(),
    ) -> list[Hit]:
        """The k passages that fit a question best, best first."""
        return self._retriever.search(question, k, language=self.language_of(question), filters=filters)

    def translate(self, text: str, language: str, model: str) -> Iterator[str]:
        """A text in a language (ISO 639-1), as the model writes it; closing the iterator stops it."""
        yield from translate(text, language, self._models.generator(model))

    def explain(
        self,
        question: str,
        article: str,
        k: int = 10,
        filters: Filters = Filters(),
    ) -> Explanation:
        """At which step of a search an article was lost; see Explainer.explain for how to name one."""
        language = self.language_of(question)
        return Explainer(self._store, self._retriever).explain(
            question, article, k, language=language, filters=filters
        )

    def language_of(self, question: str) -> str:
        """The language that a question is in."""
        return detect(question, among=sorted({*SPOKEN, *self._store.ledger.languages()}))

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress = ignore, stop: threading.Event | None = None
    ) -> Report:
        """Bring the library up to date with files and folders; see Intake.ingest."""
        return self.intake.ingest(paths, on_progress, stop)

    def models(self) -> list[Model]:
        """Every language model that can be picked now."""
        return self._models.list()

    def default_model(self) -> str:
        """The model that answers unless another is named: the set one, or else the first there is.

        Raises ModelMissing where there is none.
        """
        names = [model.name for model in self.models()]
        if self.settings.model in names:
            return self.settings.model
        if not names:
            raise ModelMissing("There is no language model on this machine. Fetch one: python -m rag setup.")
        return names[0]

    def warm_up(self) -> None:
        """Load what the first question would wait for: the index, and the model that answers by default."""
        self.search("?")
        self._models.generator(self.default_model()).count_tokens([Message("user", "?")])

    def article(self, article_id: str) -> Article | None:
        """An article as it is now; None where it has left."""
        return self._store.ledger.article(article_id)

    @property
    def listing(self) -> Listing:
        """The list of articles, and of what was skipped."""
        return self._store.listing

    @property
    def removed(self) -> Removed:
        """The articles that were taken out."""
        return self._store.removed

    def overview(self) -> Overview:
        """How many articles and passages, in which languages, and when they last changed."""
        return self._store.ledger.overview()

    def examples(self, n: int = 3) -> list[str]:
        """Questions about the newest articles, one from each language as far as they go."""
        newest: dict[str, str] = {}
        for info in self._store.ledger.articles(200):
            newest.setdefault(info.language, _ABOUT.get(info.language, _ABOUT["en"]).format(title=info.title))
        return list(newest.values())[:n]

    def _holds(self, folder: Path) -> bool:
        return any(Path(source).is_relative_to(folder) for source in self._store.ledger.sources())

    def index_sample(self, on_progress: OnProgress = ignore) -> Report:
        """Index the sample library, unless the library holds only articles of the user's own."""
        if self.overview().articles and not self._holds(self.settings.corpus):
            return Report()
        return self.ingest([self.settings.corpus], on_progress)

    def faults(self) -> list[str]:
        """What is wrong with the data folder, in sentences; empty where nothing is."""
        found = [f"SQLite: {fault}." for fault in self._store.ledger.check()]
        missing = sorted(self._store.missing_vectors().items())  # first: more may be found to wait
        pending, doomed = self._store.ledger.pending(), self._store.ledger.doomed()
        found += [f"{len(pending)} articles wait for their vectors."] * bool(pending)
        found += [f"{len(doomed)} old vectors wait to be deleted."] * bool(doomed)
        for shard, (lost, stray) in missing:
            found.append(
                f"{shard}: {len(lost)} passages without a vector, {len(stray)} vectors without a passage."
            )
        return found

    def mend(self) -> None:
        """Bring vectors and ledger together again: only what is missing is made anew."""
        for shard, (lost, stray) in self._store.missing_vectors().items():
            if stray:
                self._store.vectors.delete(shard, sorted(stray))
            articles = {p.article.id for p in self._store.ledger.passages(lost).values()}
            self._store.ledger.set_pending(articles)
        self._store.settle(Ingestion(self._store, self._embedder).embed)


def opened(settings: Settings) -> Library | RemoteLibrary:
    """The library; where a process that shares it owns the data folder, that one, at work for this one.

    Raises as Library.open does.
    """
    owner = Owner.reach(settings.data)
    return RemoteLibrary(owner) if owner else Library.open(settings)


def _answerability(embedder: Embedder) -> Answerability:
    """Evidence is learned for the bundled model; another embedder gives none."""
    if isinstance(embedder, OnnxEmbedder) and embedder.name == DEFAULT_EMBEDDER:
        return Answerability(Evidence(OnnxTokens(embedder)))
    return Answerability(None)


def conversations_of(settings: Settings) -> Conversations:
    """The conversations of a data folder, to read while another process may own it; nothing is answered."""
    return Conversations(settings.data / "conversations.sqlite", Answers(lambda *_: iter(())))


def models_of(settings: Settings) -> Models:
    """The language models of this machine; needs no library."""
    return Models(settings.models, Ollama(settings.ollama_host), settings.context_tokens, settings.threads)


def inventory_of(settings: Settings) -> Inventory:
    """Listing, fetching and deleting them; needs no library."""
    return Inventory(models_of(settings), settings)


def missing_models(settings: Settings) -> list[CatalogueModel]:
    """Default models that are not on this machine yet; empty when all is ready."""
    return missing(settings)


def setup(settings: Settings, on_progress: OnProgress = ignore) -> Report:
    """Fetch the default models and index the sample library; what is there already is left alone."""
    ensure_models(settings, on_progress)
    with Library.open(settings) as library:
        return library.index_sample(on_progress)
