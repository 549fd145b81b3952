"""Embedding of an article's passages, each under the article's title."""

from __future__ import annotations

from collections.abc import Sequence

from rag.embedding.base import Embedder
from rag.store.ledger_rows import StoredPassage
from rag.store.vectors import Vectors
from rag.text.splitter import distinct_title


def embed_articles(embedder: Embedder, passages: Sequence[StoredPassage]) -> Vectors:
    """Embed the passages of complete articles; returns shape (n, d).

    A title that the article's first passage already begins with is not repeated.
    """
    first = {p.article.id: p.passage.text for p in passages if p.passage.ordinal == 0}
    titles = [distinct_title(p.article.title, first.get(p.article.id, "")) for p in passages]
    texts = [f"{t}\n{p.passage.text}" if t else p.passage.text for t, p in zip(titles, passages, strict=True)]
    return embedder.embed_passages(texts)
