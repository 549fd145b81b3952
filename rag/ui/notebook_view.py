"""Data of a notebook for notebook.js and the drawer: texts and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.library import Library
from rag.notebooks.entries import Entry, KeptSource, Notebook
from rag.types import Article
from rag.ui import answer_view, digest_view, drawer, formatting
from rag.ui.answer_segments import paragraphs
from rag.ui.drawer import Span
from rag.ui.strings import Strings

MAX_EXCERPT_CHARACTERS = 240
"""Maximum length of the excerpt on the card over a citation. Not fitted."""


def entries(notebook: Notebook, library: Library, s: Strings) -> list[dict[str, Any]]:
    """Return the data of the entries, in order."""
    ids = {source.article.id for entry in notebook.entries for source in entry.sources}
    gone = {id for id in ids if library.article(id) is None}
    return [_entry(one, gone, s) for one in notebook.entries]


def _entry(entry: Entry, gone: set[str], s: Strings) -> dict[str, Any]:
    common = {"id": entry.id, "kind": entry.kind}
    if entry.kind == "note":
        return common | {"text": entry.text}
    sources = [_source(n, entry, gone, s) for n in range(1, len(entry.sources) + 1)]
    shown = common | {"lang": entry.language, "sources": sources}
    if entry.kind == "quotation":
        asked = s.notebook.asked.format(question=entry.question) if entry.question else ""
        return shown | {"label": entry.label, "text": entry.text, "asked": asked}
    return shown | {
        "question": entry.question,
        "paragraphs": paragraphs(entry.text, len(entry.sources), entry.sentences),
        "support": [answer_view.support(one, s) for one in entry.sentences],
        "made": s.notebook.by_model.format(model=entry.model) if entry.model else "",
    }


def _source(n: int, entry: Entry, gone: set[str], s: Strings) -> dict[str, Any]:
    source = entry.sources[n - 1]
    title = source.article.title or s.drawer.untitled
    lost = [s.notebook.gone] * (source.article.id in gone)
    return {
        "n": n,
        "title": title,
        "credits": [*formatting.credits(source.article, s), *lost],
        "text": _quoted(source),
        "excerpt": _shortened(_quoted(source)),
        "lang": source.article.language,
        "label": s.answer.source_label.format(n=n, title=title),
        "around": _around(n, len(entry.sources), s),
    }


def _shortened(text: str) -> str:
    """Return the beginning of a text, for the card over a citation."""
    return text if len(text) <= MAX_EXCERPT_CHARACTERS else f"{text[:MAX_EXCERPT_CHARACTERS].rstrip()} …"


def _around(n: int, sources: int, s: Strings) -> dict[str, Any] | None:
    if sources < 2:
        return None
    return {
        "text": s.drawer.source_of.format(n=n),
        "previous": n - 1,
        "next": n + 1 if n < sources else 0,
    }


def _quoted(source: KeptSource) -> str:
    return "\n".join(source.text[a:b] for a, b in source.quoted) or source.text


def drawer_data(entry: Entry, n: int, article: Article | None, s: Strings) -> dict[str, Any]:
    """Return the data for drawer.js: the article with the kept words, or the kept passage alone.

    `article` is None where the library no longer has it.
    """
    source, note = entry.sources[n - 1], ""
    spans = found_spans(source, article) if article else []
    if article is None:
        note = s.notebook.article_gone
    elif not spans:
        note = s.notebook.article_changed
    text = article.text if article and spans else source.text
    first, *others = spans or source.quoted or [(0, len(source.text))]
    return drawer.credits_data(article if article and spans else source.article, s) | {
        "id": article.id if article else "",
        "n": n,
        "note": note,
        "why": [],
        "digest": digest_view.payload(article, s, is_open=False) if article and spans else None,
        "paragraphs": drawer.marked_lines(text, first, others),
        "around": _around(n, len(entry.sources), s),
        "translation": None,
        "left": None,
    }


def found_spans(source: KeptSource, article: Article) -> Sequence[Span]:
    """Return the spans of the kept words in the current article; none where they are missing."""
    if article.text[source.start : source.end] == source.text:
        return source.spans or [(source.start, source.end)]
    words = [source.text[a:b] for a, b in source.quoted] or [source.text]
    starts = [article.text.find(one) for one in words]
    return [] if min(starts) < 0 else [(at, at + len(one)) for at, one in zip(starts, words, strict=True)]
