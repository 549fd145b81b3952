"""A library as one person sees it. The page draws this one wherever people sign in.

`Library.__init__` is not called: a method that is not defined here finds nothing to work with, so that what
was forgotten fails instead of showing what is hidden.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.dossiers.digest import DigestedArticle
from rag.drafts.checked_draft import CheckedSentence
from rag.errors import NothingThere
from rag.events import Event
from rag.ingestion.report import Report
from rag.library import Library
from rag.llm.generator import Model
from rag.progress import OnProgress, ignore
from rag.service.people.allowed_changes import AllowedFeeds, AllowedIntake, AllowedInventory
from rag.service.people.own_conversations import OwnComparisons, OwnConversations
from rag.service.people.own_notebooks import OwnNotebooks
from rag.service.people.person import Person
from rag.service.people.seen_articles import SeenList, SeenMendings, SeenRecords, SeenSuggestions, SeenTrash
from rag.service.people.seen_collections import SeenCollections
from rag.service.people.view import View
from rag.store.ledger_rows import Overview
from rag.types import AnswerForm, AnswerStyle, Article, Filters, Hit, Turn


class PersonalLibrary(Library):
    """What a person may see and change of an open library; see View for the rules."""

    def __init__(self, library: Library, person: Person) -> None:
        self._all, self.person = library, person
        self._view = view = View(person, library.collections, library.audit)
        self.settings, self.read_only, self.notice = library.settings, library.read_only, library.notice
        self.sees_all = not view.bounds
        self.may_edit, self.may_manage = person.may("editor"), person.may("admin")
        self.collections = collections = SeenCollections(library.collections, view)
        self.listing, self.removed = SeenList(library.listing, view), SeenTrash(library.removed, view)
        self.records = SeenRecords(library.records, view)
        self.mendings = SeenMendings(library.mendings, view)
        self.suggested = SeenSuggestions(library.suggested, view)
        self.intake = AllowedIntake(library.intake, view, collections, self.article)
        self.feeds = AllowedFeeds(library.feeds, view)
        self.inventory = AllowedInventory(library.inventory, view)
        self.conversations = OwnConversations(library.conversations, library.shares, view)
        self.comparisons = OwnComparisons(library.comparisons, view)
        self.notebooks = OwnNotebooks(library.notebooks, view)

    def signed_in(self) -> None:
        """Record that the person has signed in."""
        self._view.record("sign-in")

    def opened(self, article_id: str) -> None:
        """Record that the person has opened an article."""
        self._view.record("article opened", [article_id])

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
        """See Library."""
        bounded = self._view.bounded(filters)
        self._view.record("question")
        yield from self._all.ask(question, history, model, bounded, fallback_language, form, style)

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """See Library."""
        return self._all.search(question, k, self._view.bounded(filters))

    def translate(self, text: str, language: str, model: str) -> Iterator[str]:
        """See Library."""
        self.person.require()
        yield from self._all.translate(text, language, model)

    def check_draft(self, draft: str, filters: Filters = Filters()) -> Iterator[CheckedSentence]:
        """See Library."""
        self._view.record("draft")
        yield from self._all.check_draft(draft, self._view.bounded(filters))

    def language_of(self, question: str, fallback: str = "") -> str:
        """See Library."""
        return self._all.language_of(question, fallback)

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress = ignore, stop: threading.Event | None = None
    ) -> Report:
        """See Library."""
        return self.intake.ingest(paths, on_progress, stop)

    def models(self) -> list[Model]:
        """See Library."""
        return self._all.models()

    def default_model(self) -> str:
        """See Library."""
        return self._all.default_model()

    def article(self, article_id: str) -> Article | None:
        """See Library; None also for an article that the person may not see."""
        return self._all.article(article_id) if self._view.sees(article_id) else None

    def digest(self, article: str) -> DigestedArticle:
        """See Library; `article` is an id."""
        if not self.article(article):
            raise NothingThere("no_such_article", wanted=article)
        return self._all.digest(article)

    def overview(self) -> Overview:
        """See Library."""
        bounds = self._view.bounds
        return self._all.listing.overview(bounds) if bounds else self._all.overview()
