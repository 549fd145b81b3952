"""The vectors that Chroma has yet to store or to delete, as the ledger records them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

import numpy as np

from rag.errors import ServerAway
from rag.locales.message import Message
from rag.progress import Progress
from rag.store.article_embedding import Embedding, embedded_texts
from rag.store.kept_vectors import KeptVectors
from rag.store.ledger import Ledger
from rag.store.placed_vectors import PlacedVectors
from rag.store.vector_queue import VectorQueue

ShardLock = Callable[[str], AbstractContextManager[bool]]
"""Makes this process the only one that writes a shard's vectors; see Database.shard_lock."""
_WAITING = "waiting"
"""Value of the property `lost` where nothing is lost, but articles wait for a server."""


class DueVectors:
    """Completes what is due. What belongs on a server that is away stays due, without an error."""

    def __init__(
        self,
        ledger: Ledger,
        placed: PlacedVectors,
        kept: KeptVectors,
        shard_lock: ShardLock,
        queue: VectorQueue,
    ) -> None:
        self._ledger, self._placed, self._kept, self._shard_lock = ledger, placed, kept, shard_lock
        self._queue = queue

    def notice(self) -> Message | None:
        """Say how many articles are found by their words only, if vectors were lost or have to wait."""
        why = self._ledger.meta("lost")
        if not why and self._queue.left_to_workers():
            due = self._ledger.pending_count()
            return Message.of("left_to_workers", n=due) if due else None
        due = self._ledger.pending_count() if why else 0
        return Message.of("vectors_due" if why == _WAITING else "words_only", n=due) if due else None

    def write(self, article_ids: Sequence[str], embedding: Embedding) -> None:
        """Embed articles, store their vectors, and delete those of deleted passages; or leave it to workers.

        Raises EmbeddingStopped.
        """
        if self._queue.left_to_workers():
            return
        if article_ids and not self._embed(self._queue.take_among(article_ids), embedding):
            self.recover(embedding)
        self.delete()

    def recover(self, embedding: Embedding, batch: int = 64) -> None:
        """Complete interrupted changes, embedding `batch` articles at a time; or leave it to workers.

        Raises EmbeddingStopped.
        """
        if self._queue.left_to_workers():
            return
        self._placed.settle()
        total = self._pending()
        while taken := self._queue.take(batch, self._placed.out_of_reach()):
            embedding.check()
            self._ledger.restore_passages(taken)
            self._embed(taken, embedding)
            done = total - self._pending()
            embedding.on_progress(Progress(Message.of("indexing_articles"), done, total, "articles"))
        self.delete()
        if self._ledger.meta("lost") and not self._ledger.pending(1):
            self._ledger.set_meta(lost="")

    def delete(self) -> None:
        """Delete the vectors of deleted passages."""
        doomed = self._ledger.pending_deletions()
        for shard in {shard for _, shard in doomed}:
            ids = [i for i, other in doomed if other == shard]
            with suppress(ServerAway), self._shard_lock(shard):
                self._placed.delete(shard, ids)
                self._kept.delete(ids)
                self._ledger.confirm_deletions(ids)

    def _pending(self) -> int:
        return self._ledger.pending_count(self._placed.out_of_reach())

    def _embed(self, taken: Sequence[str], embedding: Embedding) -> bool:
        """Embed taken articles and store their vectors; return False if a shard was found damaged."""
        try:
            return self._embed_taken(taken, embedding)
        finally:
            self._queue.give_back(taken)

    def _embed_taken(self, due: Sequence[str], embedding: Embedding) -> bool:
        stored = self._ledger.passages_of(due)
        made, waiting = embedding.vectors(embedded_texts(stored), self._kept), set[str]()
        for shard in sorted({p.shard for p in stored}):
            try:
                with self._shard_lock(shard):
                    ids = sorted(self._ledger.passages(p.id for p in stored if p.shard == shard))
                    if ids and not self._placed.upsert(shard, ids, np.stack([made[i] for i in ids])):
                        return False
            except ServerAway:
                waiting |= {p.article.id for p in stored if p.shard == shard}
        self._ledger.set_done([article_id for article_id in due if article_id not in waiting], stored)
        if waiting and not self._ledger.meta("lost"):
            self._ledger.set_meta(lost=_WAITING)
        return True
