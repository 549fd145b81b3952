"""The embedding model's record in the ledger: its identity, and the mean vectors of each language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding.base import Embedder
from rag.embedding.language_means import LanguageMeans
from rag.progress import OnProgress, ignore
from rag.store.database import Database
from rag.store.kept_means import language_means_of


class ModelRecord:
    """The table of mean vectors, and the properties that name the model."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def language_means(self) -> LanguageMeans | None:
        """Return the stored mean vectors of each language, shape (d,); None if they were not measured."""
        known: dict[str, dict[str, NDArray[np.float32]]] = {"passage": {}, "question": {}}
        for kind, language, vector in self._rows("SELECT kind, language, vector FROM shifts"):
            known[kind][language] = np.frombuffer(vector, np.float32)
        return LanguageMeans(known["passage"], known["question"]) if known["passage"] else None

    def measured_means(
        self, embedder: Embedder, models: Path | None, on_progress: OnProgress = ignore
    ) -> LanguageMeans:
        """Return the mean vectors; measure and store them unless they are stored. See `language_means_of`."""
        means = self.language_means()
        if means is None:
            means = language_means_of(embedder, models, on_progress)
            self.set_language_means(means)
        return means

    def set_language_means(self, means: LanguageMeans) -> None:
        """Store the mean vectors of each language."""
        kinds = {"passage": means.passages, "question": means.questions}
        rows = [
            (k, language, v.astype(np.float32).tobytes())
            for k, of in kinds.items()
            for language, v in of.items()
        ]
        with self._transaction() as db:
            db.execute("DELETE FROM shifts")
            db.executemany("INSERT INTO shifts VALUES (?, ?, ?)", rows)

    def forget(self) -> None:
        """Delete the record of the embedding model and its mean vectors."""
        with self._transaction() as db:
            db.execute("DELETE FROM meta WHERE key IN ('embedder', 'dimension', 'fingerprint')")
            db.execute("DELETE FROM shifts")
