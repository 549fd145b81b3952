"""The JSON of articles, passages, answers and models. It is a contract: fields are only added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, get_args

from rag.conversations import Conversation, Exchange, Head
from rag.dossiers.digest import DigestedArticle
from rag.drafts.checked_draft import CheckedSentence
from rag.ingestion.report import Report
from rag.llm.generator import Model
from rag.locales.message import Message, render_all
from rag.notebooks.entries import Notebook, NotebookHead
from rag.retrieval.explanation import Explanation
from rag.store.article_collections import Collection
from rag.store.jobs import SharedJob
from rag.store.ledger_rows import Feed
from rag.store.left_out import ReadingRecord
from rag.types import SHOWN_QUOTES, Answer, ArticleInfo, Hit, LeftOut, Outcome, Quote, Skipped, Timings


def article(info: ArticleInfo) -> dict[str, Any]:
    """Describe an article, without its text."""
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
    """List hits in rank order, numbered from 1."""
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


def job(one: SharedJob) -> dict[str, Any]:
    """Describe a job of any process."""
    told = one.progress
    return {
        "id": one.id,
        "about": list(one.about),
        "began": one.began.isoformat(),
        "state": one.state,
        "progress": told and {"label": str(told.label), "done": told.done, "total": told.total},
        "error": one.error and str(one.error),
    }


def skipped(one: Skipped) -> dict[str, Any]:
    """Describe a file or part that did not become an article."""
    return {"source": one.source, "reason": str(one.reason)}


def report(given: Report) -> dict[str, Any]:
    """Describe the result of an ingestion."""
    return asdict(given) | {"skipped": [skipped(one) for one in given.skipped]}


def digest(given: DigestedArticle) -> dict[str, Any]:
    """Describe an article and its digest; offsets are those of its text."""
    text, parts = given.article.text, asdict(given.digest)
    spans = {
        name: [{"text": text[start:end], "start": start, "end": end} for start, end in found]
        for name, found in parts.items()
    }
    return {"article": article(given.article), **spans}


def reading(given: ReadingRecord) -> dict[str, Any]:
    """Describe how an article was read; `left_out` is null if that is not known."""
    lines = None if given.left_out is None else left_out(given.left_out)
    return {**article(given.article), "as_is": given.as_is, "left_out": lines}


def left_out(lines: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """List lines, each with the step that dropped it and its explanation."""
    return [asdict(line) | {"why": str(Message(f"left_out_{line.step}"))} for line in lines]


def feed(given: Feed) -> dict[str, Any]:
    """Describe a feed, with the error of its last fetch, "" without one."""
    looked = given.looked and given.looked.isoformat()
    return asdict(given) | {"looked": looked, "error": str(given.error or "")}


def collection(given: Collection) -> dict[str, Any]:
    """Describe a collection, with its number of articles."""
    return asdict(given)


def notebook_head(given: NotebookHead) -> dict[str, Any]:
    """Describe a notebook, with its number of entries."""
    return {"name": given.name, "entries": given.entries}


def notebook(given: Notebook) -> dict[str, Any]:
    """Describe a notebook and its entries; a source's `quoted` are offsets in its article's text."""
    return {
        "name": given.head.name,
        "entries": [
            {
                "kind": entry.kind,
                "text": entry.text,
                "label": entry.label,
                "question": entry.question,
                "model": entry.model,
                "language": entry.language,
                "kept": entry.kept.isoformat(),
                "sentences": [
                    {"text": one.text, "support": one.support, "reason": str(one.reason or "")}
                    for one in entry.sentences
                ],
                "sources": [
                    {
                        "n": n,
                        "article": article(source.article),
                        "start": source.start,
                        "end": source.end,
                        "text": source.text,
                        "quoted": [list(span) for span in source.spans],
                    }
                    for n, source in enumerate(entry.sources, 1)
                ],
            }
            for entry in given.entries
        ],
    }


def explanation(given: Explanation) -> dict[str, Any]:
    """List the steps of a search, and the one that the article failed."""
    return {
        "question": given.question,
        "article": article(given.article),
        "lost_at": given.lost_at,
        "steps": [asdict(step) for step in given.steps],
    }


def _rounded(parts: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if part is None else round(part, 6) for name, part in parts.items()}


def answer(given: Answer, error: Message | None = None) -> dict[str, Any]:
    """Describe an answer; the key `error` exists only if answering failed."""
    timings = given.timings
    first = timings.first_token_ms
    described: dict[str, Any] = {
        "question": given.question,
        "searched": given.searched or given.question,
        "language": given.language,
        "answer": given.text,
        "found": given.found,
        "outcome": given.outcome,
        "kind": given.kind,
        "offers": list(given.offers),
        "dates": list(given.dates),
        "mended": [asdict(one) for one in given.mended],
        "confidence": None if given.confidence is None else round(given.confidence, 3),
        "sentences": [
            {
                "text": s.text,
                "citations": list(s.citations),
                "support": s.support,
                "reason": str(s.reason or ""),
            }
            for s in given.sentences
        ],
        "quotes": [quote(one, given) for one in given.quotes[:SHOWN_QUOTES]],
        "advice": render_all(given.advice, given.language),
        "warnings": render_all(given.warnings, given.language),
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
    return {**described, "error": str(error)} if error else described


def quote(one: Quote, given: Answer) -> dict[str, Any]:
    """Describe a quotation; offsets are those of the passage's text, `passage` its number from 1."""
    hit = (*given.hits, *given.unused)[one.n - 1]
    return {
        "text": hit.passage.text[one.start : one.end],
        "passage": one.n,
        "start": one.start,
        "end": one.end,
        "strong": [list(span) for span in one.strong],
        "score": round(one.score, 6),
        "language": hit.language,
        "article": article(hit.article),
    }


def checked_sentence(given: CheckedSentence) -> dict[str, Any]:
    """Describe a sentence of a draft; the offsets of quotes are those of their articles' texts."""
    quotes = [
        {
            "n": n,
            "text": one.text,
            "start": one.start,
            "end": one.end,
            "language": one.language,
            "article": article(one.article),
        }
        for n, one in enumerate(given.backings, 1)
    ]
    differences = [
        {
            "kind": one.kind,
            "text": one.said,
            "start": given.start + one.start,
            "end": given.start + one.end,
            "instead": one.instead,
            "quote": one.n,
        }
        for one in given.deviations
    ]
    return {
        "text": given.text,
        "start": given.start,
        "end": given.end,
        "language": given.language,
        "finding": given.finding,
        "differences": differences,
        "quotes": quotes,
    }


def model(entry: Model, calibrated: bool) -> dict[str, Any]:
    """Describe a language model."""
    return {
        "name": entry.name,
        "runtime": entry.runtime,
        "size": entry.size,
        "parameters": entry.parameters,
        "quantisation": entry.quantisation,
        "context": entry.context,
        "loaded": entry.loaded,
        "licence": entry.licence,
        "thinks": entry.thinks,
        "server": entry.server,
        "remote": entry.remote,
        "calibrated": calibrated,
    }


def reference(info: ArticleInfo) -> str:
    """Format title, outlet or source, date and language as one line for people."""
    return " · ".join(
        str(part) for part in (info.title, info.outlet or info.source, info.published, info.language) if part
    )


def conversation_head(given: Head) -> dict[str, Any]:
    """Describe a conversation without its questions."""
    times = {"created": given.created.isoformat(), "updated": given.updated.isoformat()}
    return {"id": given.id, "title": given.title, **times, "pinned": given.pinned}


def conversation(given: Conversation) -> dict[str, Any]:
    """Describe a conversation and the exchanges that are shown."""
    return {**conversation_head(given.head), "exchanges": [exchange(one) for one in given.exchanges]}


def exchange(given: Exchange) -> dict[str, Any]:
    """Describe a question and its answer so far, as an answer with its state."""
    shared = {field.name for field in fields(Answer)} & {field.name for field in fields(Exchange)}
    values = {name: getattr(given, name) for name in shared} | {"timings": given.timings or Timings()}
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    outcome: Outcome = next((one for one in outcomes if one == given.state), "unconfirmed")
    described = answer(Answer(**values, outcome=outcome), given.message)
    return {"id": given.id, "asked": given.asked.isoformat(), "state": given.state, **described}
