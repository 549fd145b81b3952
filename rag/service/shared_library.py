"""The interface of a library that is open in this process or in another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from rag.dossiers.digest import DigestedArticle
from rag.drafts.checked_draft import CheckedSentence
from rag.events import Event
from rag.ingestion.report import Report
from rag.locales.message import Message
from rag.progress import OnProgress, ignore
from rag.retrieval.explanation import Explanation
from rag.store.article_collections import Collection
from rag.store.audit_log import AuditEntry
from rag.store.ledger_rows import Feed
from rag.store.left_out import ReadingRecord
from rag.store.mendings import Mending
from rag.types import AnswerForm, AnswerStyle, ArticleInfo, Filters, Hit, Skipped, Turn


class SharedIntake(Protocol):
    """Ingestion, as in rag.ingestion.intake.Intake."""

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        *,
        addresses: Sequence[str] = (),
        collection: str = "",
    ) -> Report:
        """Index files, folders and pages, and add their articles to a collection, if one is named."""
        ...

    def retry(self, on_progress: OnProgress = ignore) -> Report:
        """Try to read again what was skipped."""
        ...

    def reread(self, on_progress: OnProgress = ignore) -> Report:
        """Read again the articles that an earlier version of the reader has read."""
        ...

    def differing(self, on_progress: OnProgress = ignore) -> list[ArticleInfo]:
        """Return the articles that `reread` would change."""
        ...

    def take_as_is(self, wanted: str, as_is: bool = True, on_progress: OnProgress = ignore) -> bool:
        """Read an article again without cleaning it, or with. Raises NothingThere or Unreadable."""
        ...

    def mend(
        self, article_ids: Sequence[str], mending: Mending | None, on_progress: OnProgress = ignore
    ) -> bool:
        """Set metadata of articles, or restore what was read. Raises NothingThere."""
        ...

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """Return what was skipped, and when, the latest first."""
        ...


class SharedFeeds(Protocol):
    """Subscriptions to feeds, as in rag.ingestion.feeds.Feeds."""

    def all(self) -> list[Feed]:
        """Return all subscriptions."""
        ...

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """Subscribe to a feed. Raises NotFetched."""
        ...

    def remove(self, address: str) -> None:
        """Unsubscribe. Raises NothingThere."""
        ...

    def update(self, addresses: Sequence[str] | None = None, on_progress: OnProgress = ignore) -> Report:
        """Fetch feeds, by default all, and index their new articles."""
        ...


class SharedCollections(Protocol):
    """Collections of articles, as in rag.store.article_collections.Collections."""

    def all(self) -> list[Collection]:
        """Return all collections, by name."""
        ...

    def add(self, collection: str, article_ids: Sequence[str]) -> Collection:
        """Add articles to a collection, which a new name creates. Raises NothingThere for an invalid name."""
        ...

    def discard(self, collection: str, article_ids: Sequence[str]) -> Collection:
        """Remove articles from a collection. Raises NothingThere."""
        ...

    def rename(self, collection: str, to: str) -> Collection:
        """Rename a collection. Raises NothingThere."""
        ...

    def restrict(self, collection: str, groups: Sequence[str]) -> Collection:
        """Let only these groups of people see a collection, or without any everybody. Raises NothingThere."""
        ...

    def delete(self, collection: str) -> None:
        """Delete a collection; its articles stay. Raises NothingThere."""
        ...


class SharedAudit(Protocol):
    """The audit log, as in rag.store.audit_log.AuditLog."""

    def entries(self, limit: int = -1) -> list[AuditEntry]:
        """Return the last entries, the oldest first."""
        ...


class SharedLibrary(Protocol):
    """A library in this process (`Library`) or in the process that owns it (`RemoteLibrary`).

    Use it in a `with` block. rag.library.Library documents the methods; those of a RemoteLibrary also raise
    OwnerGone.
    """

    @property
    def intake(self) -> SharedIntake:
        """Ingestion."""
        ...

    @property
    def feeds(self) -> SharedFeeds:
        """Subscriptions to feeds."""
        ...

    @property
    def collections(self) -> SharedCollections:
        """Collections of articles."""
        ...

    @property
    def audit(self) -> SharedAudit:
        """The audit log."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """Return the k passages that match a question best, best first."""
        ...

    def notice(self) -> Message | None:
        """Return a message about the state of the data folder, or None."""
        ...

    def language_of(self, question: str) -> str:
        """Return the language of a question as an ISO 639-1 code."""
        ...

    def explain(self, question: str, article: str, k: int = 10, filters: Filters = Filters()) -> Explanation:
        """Explain at which step of a search an article was lost."""
        ...

    def reading(self, article: str) -> ReadingRecord:
        """Return how an article was read, and which lines were left out. Raises NothingThere."""
        ...

    def digest(self, article: str) -> DigestedArticle:
        """Return an article with its key sentences, names, dates and figures. Raises NothingThere."""
        ...

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters = Filters(),
        *,
        form: AnswerForm = "",
        style: AnswerStyle = AnswerStyle(),
    ) -> Iterator[Event]:
        """Answer a question and yield the events; closing the iterator stops the answer."""
        ...

    def check_draft(self, draft: str) -> Iterator[CheckedSentence]:
        """Yield what the articles say of each sentence of a draft, in order."""
        ...


INTERFACE: dict[str, type] = {
    "library": SharedLibrary,
    "intake": SharedIntake,
    "feeds": SharedFeeds,
    "collections": SharedCollections,
    "audit": SharedAudit,
}
"""The protocols whose methods other processes may call, by their names in rag.service.rpc."""
