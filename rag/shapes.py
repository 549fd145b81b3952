"""The nouns as the command line's JSON shows them: a contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.documents import Answer, ArticleInfo, Hit
from rag.explaining import Explanation
from rag.generating import Model


def article(info: ArticleInfo) -> dict[str, Any]:
    """An article, without its text."""
    published = info.published.isoformat() if info.published else None
    return {
        "id": info.id,
        "title": info.title,
        "source": info.source,
        "language": info.language,
        "published": published,
        "outlet": info.outlet,
        "author": info.author,
        "url": info.url,
    }


def passages(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits in their order, numbered from 1."""
    return [
        {
            "n": n,
            "article": article(hit.article),
            "start": hit.passage.start,
            "end": hit.passage.end,
            "text": hit.passage.text,
            "language": hit.language,
            "score": round(hit.score, 6),
            "why": hit.why and _rounded(asdict(hit.why)),
            "reported_by": len(hit.outlets),
            "copies": [article(copy) for copy in hit.copies],
        }
        for n, hit in enumerate(hits, 1)
    ]


def explanation(given: Explanation) -> dict[str, Any]:
    """What became of an article in a search."""
    return {
        "question": given.question,
        "article": article(given.article),
        "lost_at": given.lost_at,
        "steps": [asdict(step) for step in given.steps],
    }


def _rounded(parts: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if part is None else round(part, 6) for name, part in parts.items()}


def answer(given: Answer, error: str = "") -> dict[str, Any]:
    """An answer; `error` is there only where it failed."""
    timings = given.timings
    first = timings.first_token_ms
    shape: dict[str, Any] = {
        "question": given.question,
        "searched": given.searched or given.question,
        "language": given.language,
        "answer": given.text,
        "found": given.found,
        "sentences": [
            {"text": s.text, "citations": list(s.citations), "support": s.support, "reason": s.reason}
            for s in given.sentences
        ],
        "advice": list(given.advice),
        "passages": passages(given.hits),
        "unused": passages(given.unused),
        "model": given.model,
        "timings": {
            "retrieve_ms": round(timings.retrieve_ms, 1),
            "first_token_ms": None if first is None else round(first, 1),
            "total_ms": round(timings.total_ms, 1),
        },
        "prompt_tokens": given.prompt_tokens,
    }
    return {**shape, "error": error} if error else shape


def model(entry: Model) -> dict[str, Any]:
    """A language model that can be picked."""
    return {
        "name": entry.name,
        "runtime": entry.runtime,
        "size": entry.size,
        "parameters": entry.parameters,
        "quantisation": entry.quantisation,
        "context": entry.context,
        "loaded": entry.loaded,
        "licence": entry.licence,
    }


def reference(info: ArticleInfo) -> str:
    """Title, outlet or source, date, language: one line for people."""
    return " · ".join(
        str(part) for part in (info.title, info.outlet or info.source, info.published, info.language) if part
    )
