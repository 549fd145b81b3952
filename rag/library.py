"""The composition root: builds the components from the settings, for the app, the command line and tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rag.answering.answer_scorer import AnswerScorer
from rag.answering.answerability import Answerability
from rag.answering.budget import Budgets
from rag.answering.calibrations import Calibrations
from rag.answering.confidence import Confidence
from rag.answering.library_answers import LibraryAnswers
from rag.answering.pipeline import AnswerPipeline
from rag.answering.query import Request
from rag.answering.question_entities import QuestionEntities
from rag.answering.translation import translate
from rag.answering.verifier import Verifier
from rag.conversations import Answers, Conversations
from rag.conversations.comparison import Comparisons
from rag.conversations.manager import CONVERSATIONS
from rag.dossiers.broad_answers import BroadAnswers
from rag.dossiers.digest import DigestedArticle, digest
from rag.dossiers.form_classifier import FormClassifier
from rag.dossiers.suggested_questions import SuggestedQuestions
from rag.downloads.inventory import Inventory
from rag.drafts.checked_draft import CheckedSentence
from rag.drafts.draft_checker import CACHED_PIECES, DraftChecker
from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.embedding.nli import EntailmentModel, load_entailment
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.token_states import CACHE_SIZE, TokenStateReader
from rag.events import Answered, End, Event, with_warning
from rag.ingestion.feeds import Feeds
from rag.ingestion.intake import Intake
from rag.ingestion.report import Report
from rag.llm.configured import models_of
from rag.llm.generator import ChatMessage, Model
from rag.llm.registry import Models
from rag.llm.usage import Usage
from rag.locales.message import Message
from rag.notebooks.notebooks import NOTEBOOKS, Notebooks
from rag.observability.observer import Observer, observed
from rag.progress import OnProgress, ignore
from rag.reading import Readers
from rag.retrieval.explanation import Explainer, Explanation
from rag.retrieval.reranker import Reranker, load_reranker
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling import Spelling
from rag.settings import DEFAULT_EMBEDDER, Settings
from rag.store.article_names import find_article
from rag.store.ledger_rows import Overview
from rag.store.left_out import ReadingRecord
from rag.store.open_database import place_of
from rag.store.open_store import open_store
from rag.store.store import Store
from rag.text.language import ANSWER_LANGUAGES
from rag.text.question_language import question_language
from rag.types import Answer, AnswerForm, AnswerStyle, Article, Filters, Hit, Turn
from rag.web.address_policy import AddressPolicy
from rag.web.fetcher import Fetcher


class Library:
    """An open library; it locks its data folder until `close`, or the end of its `with` block."""

    may_edit, may_manage, sees_all = True, True, True  # see rag.service.people.personal_library

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        models: Models,
        reranker: Reranker | None = None,
        entailment: EntailmentModel | None = None,
    ) -> None:
        self.settings = settings
        self._store, self._embedder, self._models = store, embedder, models
        self.observers: list[Observer] = []
        self.read_only, self.notice = store.read_only is not None, store.notice
        self.records, self.listing, self.removed = store.records, store.listing, store.trash
        self.processes, self.collections, self.mendings = store.processes, store.collections, store.mendings
        self.shares, self.audit = store.shares, store.audit
        self.inventory, self.usage = Inventory(models, settings), Usage()
        self._generator = self.usage.recording(models.generator)
        self._readers = Readers()
        self._retriever = Retriever(store, embedder, reranker)
        budgets = Budgets(
            passages=settings.passages,
            prompt_tokens=settings.prompt_tokens,
            answer_tokens=settings.answer_tokens,
            context=settings.context_tokens,
        )
        fetcher = Fetcher(AddressPolicy(settings.visit), proxy=settings.proxy)
        self.intake = Intake(store, embedder, fetcher, self._readers, originals=settings.originals)
        self.feeds = Feeds(store, self.intake, fetcher, self._readers, settings.feeds)
        entities, spelling = QuestionEntities(store, self._retriever), Spelling(store)
        verifier = Verifier(self._retriever, entailment)
        self.confidence = self._confidence()
        self._answering = AnswerPipeline(
            *(self._retriever, entities, Answerability(self._scorer()), verifier, budgets, spelling),
            self._generator,
            self.confidence,
        )
        self.suggested = SuggestedQuestions(store, self._retriever, settings.corpus)
        self._about_library = LibraryAnswers(store, self.suggested.of_library)
        classify = FormClassifier(self._bundled.embed_query).guess if self._bundled else None
        self._broad = BroadAnswers(store, self._retriever, classify)
        self._drafts = DraftChecker(self._retriever, store.ledger.article, self._scorer(CACHED_PIECES))
        self.comparisons = Comparisons(self._retriever, self._answering, budgets, self._generator)
        answers = Answers(self.ask, models.digest, self.translate)
        self.conversations = Conversations(
            store.server or settings.data / CONVERSATIONS, answers, store.processes
        )
        self.notebooks = Notebooks(store.server or settings.data / NOTEBOOKS)

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """Open the data folder, creating it if needed.

        Raises LibraryBusy, ModelMissing, IndexMismatch, LibraryDamaged or NotPermitted.
        """
        embedder = load_embedder(settings)  # all before the folder is locked
        readers = load_reranker(settings), load_entailment(settings)
        return cls(settings, open_store(settings, embedder), embedder, models_of(settings), *readers)

    def close(self) -> None:
        """Release the data folder and the models."""
        for part in (self.conversations, self.notebooks, self._readers, self._models, self._store):
            part.close()

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
        fallback_language: str = "",
        form: AnswerForm = "",
        style: AnswerStyle = AnswerStyle(),
    ) -> Iterator[Event]:
        """Stream the events of an answer; closing the iterator stops it.

        Greetings, broad questions and those about the library need no model. `history` holds the
        earlier turns, oldest first; a follow-up is rewritten into a standalone question.
        `fallback_language` is used if the question's words do not tell its language; "" for the likeliest.
        A dossier, timeline or comparison for which nothing is found becomes a short answer.
        Raises ValueError for an empty question, NothingThere for an unknown collection.
        """
        if not question.strip():
            raise ValueError("a question needs words")
        filters, language = self.collections.resolved(filters), self.language_of(question, fallback_language)
        request = Request(question, language, model or "", tuple(history), filters, style)
        yield from observed(self._events(request, form), question, self.observers)

    def _events(self, request: Request, form: AnswerForm) -> Iterator[Event]:
        if answer := self._without_model(request, form):
            yield self._completed(Answered(answer), request)
            return
        chosen, request = request.model, replace(request, model=request.model or self.default_model())
        name = chosen or self.settings.model
        for event in self._answering.answer(request):
            yield self._completed(event, request, missing=name if name != request.model else "")

    def _completed(self, event: Event, request: Request, missing: str = "") -> Event:
        """Return an event; the end of an answer suggests questions, and warns of what is missing."""
        event = self.suggested.added(event, request.filters)
        if missing and isinstance(event, End):
            event = with_warning(event, Message.of("other_model", name=missing, other=request.model))
        if isinstance(event, End) and (away := self._store.away()):
            return with_warning(event, away)
        return event

    def _without_model(self, request: Request, form: AnswerForm) -> Answer | None:
        if form == "answer":
            return None
        about = request.question, request.language, request.history, request.filters
        answer = None if form else self._about_library.answer(*about)
        return answer or self._broad.answer(request.question, request.language, request.filters, form or None)

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """Return the k passages that fit a question best, best first.

        Raises NothingThere for an unknown collection.
        """
        filters = self.collections.resolved(filters)
        return self._retriever.search(question, k, language=self.language_of(question), filters=filters)

    def translate(self, text: str, language: str, model: str) -> Iterator[str]:
        """Stream a text's translation into a language (ISO 639-1); closing the iterator stops it."""
        yield from translate(text, language, self._generator(model))

    def check_draft(self, draft: str, filters: Filters = Filters()) -> Iterator[CheckedSentence]:
        """What the articles say of each sentence of a draft, in order; closing the iterator stops it."""
        yield from self._drafts.check(draft, filters)

    def explain(self, question: str, article: str, k: int = 10, filters: Filters = Filters()) -> Explanation:
        """Explain why a search does not find an article; see Explainer.explain."""
        language, filters = self.language_of(question), self.collections.resolved(filters)
        explainer = Explainer(self._store, self._retriever)
        return explainer.explain(question, article, k, language=language, filters=filters)

    def language_of(self, question: str, fallback: str = "") -> str:
        """Return the language of a question, an ISO 639-1 code; `fallback` if its words do not tell."""
        among = sorted({*ANSWER_LANGUAGES, *self._store.ledger.languages()})
        return question_language(question, among, fallback)

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress = ignore, stop: threading.Event | None = None
    ) -> Report:
        """Index files and folders; see Intake.ingest."""
        return self.intake.ingest(paths, on_progress, stop)

    def models(self) -> list[Model]:
        """Return the language models available now."""
        return self._models.list()

    def default_model(self) -> str:
        """Return the configured model, or the first available one; see Inventory.default."""
        return self.inventory.default()

    def warm_up(self) -> None:
        """Load the index and the default model, so that the first question does not wait for them."""
        self.search("?")
        self._models.generator(self.default_model()).count_tokens([ChatMessage("user", "?")])

    def article(self, article_id: str) -> Article | None:
        """Return an article's current version; None if it is no longer in the library."""
        return self._store.ledger.article(article_id)

    def reading(self, article: str) -> ReadingRecord:
        """How an article was read, and which lines were left out. Raises NothingThere; see find_article."""
        return self.records.of(find_article(self._store.ledger, article))

    def digest(self, article: str) -> DigestedArticle:
        """Return an article's key sentences, names, dates and figures. Raises the errors of find_article."""
        found = self.article(find_article(self._store.ledger, article).id)
        assert found  # it has just been found
        return DigestedArticle(found, digest(found))

    def overview(self) -> Overview:
        """Return the numbers of articles and passages, their languages, and the time of the last change."""
        return self._store.ledger.overview()

    def back_up(self) -> None:
        """Back the ledger, the conversations and the notebooks up, if that is due."""
        self._store.back_up()
        self.conversations.back_up()
        self.notebooks.back_up()

    @property
    def _bundled(self) -> OnnxEmbedder | None:
        """The bundled embedder, for which classifiers were fitted; None if another one is set."""
        embedder = self._embedder
        return embedder if isinstance(embedder, OnnxEmbedder) and embedder.name == DEFAULT_EMBEDDER else None

    def _scorer(self, cached: int = CACHE_SIZE) -> AnswerScorer | None:
        """Return the answer scorer, with its cache."""
        return AnswerScorer(TokenStateReader(self._bundled, cached)) if self._bundled else None

    def _confidence(self) -> Confidence | None:
        """Return the confidence measure; none without the answer scorer, on whose scores it was fitted."""
        return Confidence(self.calibrations.scale_of) if self._scorer() else None

    @property
    def calibrations(self) -> Calibrations:
        """The scales of the language models."""
        return Calibrations(self.settings.models)

    def _has_articles_in(self, folder: Path) -> bool:
        return any(Path(source).is_relative_to(folder) for source in self._store.ledger.sources())

    def index_sample(self, on_progress: OnProgress = ignore) -> Report:
        """Index the sample library, unless the library is read-only or has only other articles."""
        if self.read_only or (self.overview().articles and not self._has_articles_in(self.settings.corpus)):
            return Report()
        return self.ingest([self.settings.corpus], on_progress)


@contextmanager
def conversations_of(settings: Settings) -> Iterator[Conversations]:
    """Yield the conversations of a library for reading, even while another process owns it."""
    with place_of(settings, CONVERSATIONS) as place:
        yield Conversations(place, Answers(lambda *_: iter(())))


def inventory_of(settings: Settings) -> Inventory:
    """Return the inventory of language models, without a library."""
    return Inventory(models_of(settings), settings)
