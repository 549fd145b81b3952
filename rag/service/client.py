"""A library, its intake and its feeds in another process, as RPC clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from rag.dossiers.digest import DigestedArticle
from rag.drafts.checked_draft import CheckedSentence
from rag.events import Event
from rag.ingestion.report import Report
from rag.locales.message import Message
from rag.progress import OnProgress, ignore
from rag.retrieval.explanation import Explanation
from rag.service.rpc import RpcClient
from rag.service.shared_library import (
    SharedAudit,
    SharedCollections,
    SharedFeeds,
    SharedIntake,
    SharedLibrary,
)
from rag.store.article_collections import Collection
from rag.store.audit_log import AuditEntry
from rag.store.ledger_rows import Feed
from rag.store.left_out import ReadingRecord
from rag.store.mendings import Mending
from rag.types import AnswerForm, AnswerStyle, ArticleInfo, Filters, Hit, Skipped, Turn


class RemoteLibrary(SharedLibrary):
    """A SharedLibrary in another process. Its methods raise OwnerGone if that process ends."""

    def __init__(self, owner: RpcClient) -> None:
        self._owner, self._intake, self._feeds = owner, RemoteIntake(owner), RemoteFeeds(owner)
        self._collections, self._audit = RemoteCollections(owner), RemoteAudit(owner)

    @property
    def intake(self) -> RemoteIntake:
        """Ingestion by the owner."""
        return self._intake

    @property
    def feeds(self) -> RemoteFeeds:
        """The owner's subscriptions."""
        return self._feeds

    @property
    def collections(self) -> RemoteCollections:
        """The owner's collections."""
        return self._collections

    @property
    def audit(self) -> RemoteAudit:
        """The owner's audit log."""
        return self._audit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: each call opens and closes a connection of its own."""

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """See Library.search."""
        hits: list[Hit] = self._owner.call("library.search", question=question, k=k, filters=filters)
        return hits

    def notice(self) -> Message | None:
        """See Library.notice."""
        notice: Message | None = self._owner.call("library.notice")
        return notice

    def language_of(self, question: str) -> str:
        """See Library.language_of."""
        language: str = self._owner.call("library.language_of", question=question)
        return language

    def explain(self, question: str, article: str, k: int = 10, filters: Filters = Filters()) -> Explanation:
        """See Library.explain."""
        explanation: Explanation = self._owner.call(
            "library.explain", question=question, article=article, k=k, filters=filters
        )
        return explanation

    def reading(self, article: str) -> ReadingRecord:
        """See Library.reading."""
        record: ReadingRecord = self._owner.call("library.reading", article=article)
        return record

    def digest(self, article: str) -> DigestedArticle:
        """See Library.digest."""
        digested: DigestedArticle = self._owner.call("library.digest", article=article)
        return digested

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
        """See Library.ask; closing the iterator stops the answer."""
        more: dict[str, Any] = {"style": style} if style != AnswerStyle() else {}  # unknown to an older owner
        return self._owner.items(
            "library.ask",
            question=question,
            history=history,
            model=model,
            filters=filters,
            form=form,
            **more,
        )

    def check_draft(self, draft: str) -> Iterator[CheckedSentence]:
        """See Library.check_draft; closing the iterator stops the check."""
        return self._owner.items("library.check_draft", draft=draft)


class RemoteIntake(SharedIntake):
    """A SharedIntake in another process."""

    def __init__(self, owner: RpcClient) -> None:
        self._owner = owner

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        *,
        addresses: Sequence[str] = (),
        collection: str = "",
    ) -> Report:
        """See Intake.ingest. Paths are made absolute, because the owner may run in another folder."""
        absolute = [path.expanduser().absolute() for path in paths]
        more: dict[str, Any] = {"collection": collection} if collection else {}  # unknown to an older owner
        report: Report = self._owner.call(
            "intake.ingest", on_progress, paths=absolute, addresses=addresses, **more
        )
        return report

    def retry(self, on_progress: OnProgress = ignore) -> Report:
        """See Intake.retry."""
        report: Report = self._owner.call("intake.retry", on_progress)
        return report

    def reread(self, on_progress: OnProgress = ignore) -> Report:
        """See Intake.reread."""
        report: Report = self._owner.call("intake.reread", on_progress)
        return report

    def differing(self, on_progress: OnProgress = ignore) -> list[ArticleInfo]:
        """See Intake.differing."""
        articles: list[ArticleInfo] = self._owner.call("intake.differing", on_progress)
        return articles

    def take_as_is(self, wanted: str, as_is: bool = True, on_progress: OnProgress = ignore) -> bool:
        """See Intake.take_as_is."""
        done: bool = self._owner.call("intake.take_as_is", on_progress, wanted=wanted, as_is=as_is)
        return done

    def mend(
        self, article_ids: Sequence[str], mending: Mending | None, on_progress: OnProgress = ignore
    ) -> bool:
        """See Intake.mend."""
        done: bool = self._owner.call("intake.mend", on_progress, article_ids=article_ids, mending=mending)
        return done

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """See Intake.skipped."""
        skipped: list[tuple[Skipped, datetime]] = self._owner.call("intake.skipped")
        return skipped


class RemoteFeeds(SharedFeeds):
    """SharedFeeds in another process."""

    def __init__(self, owner: RpcClient) -> None:
        self._owner = owner

    def all(self) -> list[Feed]:
        """See Feeds.all."""
        feeds: list[Feed] = self._owner.call("feeds.all")
        return feeds

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """See Feeds.add."""
        feed: Feed = self._owner.call("feeds.add", address=address, minutes=minutes)
        return feed

    def remove(self, address: str) -> None:
        """See Feeds.remove."""
        self._owner.call("feeds.remove", address=address)

    def update(self, addresses: Sequence[str] | None = None, on_progress: OnProgress = ignore) -> Report:
        """See Feeds.update."""
        report: Report = self._owner.call("feeds.update", on_progress, addresses=addresses)
        return report


class RemoteAudit(SharedAudit):
    """SharedAudit in another process."""

    def __init__(self, owner: RpcClient) -> None:
        self._owner = owner

    def entries(self, limit: int = -1) -> list[AuditEntry]:
        """See AuditLog.entries."""
        entries: list[AuditEntry] = self._owner.call("audit.entries", limit=limit)
        return entries


class RemoteCollections(SharedCollections):
    """SharedCollections in another process."""

    def __init__(self, owner: RpcClient) -> None:
        self._owner = owner

    def all(self) -> list[Collection]:
        """See Collections.all."""
        collections: list[Collection] = self._owner.call("collections.all")
        return collections

    def add(self, collection: str, article_ids: Sequence[str]) -> Collection:
        """See Collections.add."""
        changed: Collection = self._owner.call(
            "collections.add", collection=collection, article_ids=article_ids
        )
        return changed

    def discard(self, collection: str, article_ids: Sequence[str]) -> Collection:
        """See Collections.discard."""
        changed: Collection = self._owner.call(
            "collections.discard", collection=collection, article_ids=article_ids
        )
        return changed

    def rename(self, collection: str, to: str) -> Collection:
        """See Collections.rename."""
        changed: Collection = self._owner.call("collections.rename", collection=collection, to=to)
        return changed

    def restrict(self, collection: str, groups: Sequence[str]) -> Collection:
        """See Collections.restrict."""
        changed: Collection = self._owner.call("collections.restrict", collection=collection, groups=groups)
        return changed

    def delete(self, collection: str) -> None:
        """See Collections.delete."""
        self._owner.call("collections.delete", collection=collection)
