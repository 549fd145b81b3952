"""Redact an exchange for a reader who may not see all of the articles that its answer was made from. Pure.

A hidden passage loses its title, text, excerpts and address. If the model has read one, only the sentences
remain that other passages support. What an answer says of the library as a whole (counts, advice, offers)
remains only for a reader who sees all that the asker saw.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from rag.conversations.exchange import Exchange
from rag.locales.message import Message, render
from rag.types import ArticleInfo, Filters, Hit, Passage, Sentence


def articles_of(exchange: Exchange) -> set[str]:
    """Return the ids of the articles that an answer was made from, with their copies."""
    return {info.id for hit in exchange.found for info in (hit.article, *hit.copies)}


def redacted(
    exchange: Exchange, seen: Container[str], collections: Container[str], *, whole: bool
) -> Exchange:
    """Return what a reader may see of an exchange.

    `seen` are ids of articles and `collections` the names that the reader may see. `whole`: the reader sees
    all that the asker saw. An exchange without anything hidden is returned as it is.
    """
    hidden = {n for n, hit in enumerate(exchange.found, 1) if hit.article.id not in seen}
    copies = any(copy.id not in seen for hit in exchange.found for copy in hit.copies)
    if whole and not hidden and not copies and all(n in collections for n in exchange.filters.collections):
        return exchange
    read = len(exchange.hits)
    found = tuple(_hit(hit, seen, whole, exchange.language) for hit in exchange.found)
    shown = replace(
        exchange,
        hits=found[:read],
        unused=found[read:],
        filters=_filters(exchange.filters, seen, collections),
        quotes=tuple(quote for quote in exchange.quotes if quote.n not in hidden),
        translations=tuple(one for one in exchange.translations if one.n not in hidden),
    )
    if hidden or not whole:
        shown = _without_the_rest(shown)
    if any(n <= read for n in hidden):
        return _only_supported(shown, hidden)
    return _without_counts(shown) if not whole else shown


def _hit(hit: Hit, seen: Container[str], whole: bool, language: str) -> Hit:
    if hit.article.id not in seen:
        title = render(Message.of("hidden_article"), language)
        return Hit(
            Passage("", 0, 0, 0, ""), ArticleInfo(id="", source="", title=title, language=language), 0.0
        )
    copies = tuple(copy for copy in hit.copies if copy.id in seen)
    # Scores tell how common the question's words are elsewhere.
    return replace(hit, copies=copies) if whole else Hit(hit.passage, hit.article, 0.0, copies=copies)


def _filters(filters: Filters, seen: Container[str], collections: Container[str]) -> Filters:
    names = tuple(name for name in filters.collections if name in collections)
    articles = tuple(id for id in filters.articles if id in seen)
    return replace(filters, collections=names, articles=articles, within=None, groups=None)


def _without_the_rest(exchange: Exchange) -> Exchange:
    """Return an exchange without what was found out beside its answer, and without the prompt."""
    return replace(
        exchange, thinking="", prompt=(), advice=(), offers=(), mended=(), searched="", confidence=None
    )


def _only_supported(exchange: Exchange, hidden: set[int]) -> Exchange:
    """Return an exchange with the sentences that are supported by what the reader may see."""
    kept = [n for n, one in enumerate(exchange.sentences) if _is_supported(one, hidden)]
    sentences = tuple(exchange.sentences[n] for n in kept)
    dated = len(exchange.dates) == len(exchange.sentences)
    marked = [" ".join([one.text, *(f"[{n}]" for n in one.citations)]) for one in sentences]
    return replace(
        exchange,
        text="\n\n".join([*marked, _notice(exchange)]),
        sentences=sentences,
        dates=tuple(exchange.dates[n] for n in kept) if dated else (),
    )


def _is_supported(sentence: Sentence, hidden: set[int]) -> bool:
    return sentence.support == "supported" and bool(sentence.citations) and not hidden & {*sentence.citations}


def _without_counts(exchange: Exchange) -> Exchange:
    about_library = exchange.kind in ("library", "greeting", "thanks")
    return replace(exchange, text=_notice(exchange)) if about_library else exchange


def _notice(exchange: Exchange) -> str:
    return render(Message.of("partly_hidden"), exchange.language)
