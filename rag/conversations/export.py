"""Export a conversation as Markdown for readers, or as JSON with all data. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.conversations.conversation import Conversation
from rag.conversations.exchange import Exchange, to_json
from rag.locales.message import render_all
from rag.types import ArticleInfo, Hit

_MARK = re.compile(r"\[(\d{1,3})\]")
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&$!]")
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file for download: name, media type and text."""

    name: str
    type: str
    text: str


Sources = dict[str, tuple[ArticleInfo, list[str]]]
"""Cited articles by id, in the order of their numbers, each with its cited passages."""


def exported_file(conversation: Conversation, form: str) -> ExportedFile:
    """Export the conversation as `form`, "md" or "json"."""
    name = file_stem(conversation.head.title) or conversation.id
    if form == "json":
        return ExportedFile(f"{name}.json", "application/json", json_text(conversation))
    return ExportedFile(
        f"{name}.md", "text/markdown", markdown(conversation.head.title, conversation.exchanges)
    )


def file_stem(title: str) -> str:
    """Return a title as a file's name on any system, without its ending; "" if nothing of it is left."""
    letters = re.sub(r'[\x00-\x1f<>:"/\\|?*.]', " ", title)
    return " ".join(letters.split())[:60].strip()


def json_text(conversation: Conversation) -> str:
    """Return all data of a conversation, with every version of every exchange, as JSON."""
    head = conversation.head
    about = {"id": head.id, "title": head.title, "created": head.created.isoformat()}
    shown = [exchange.id for exchange in conversation.exchanges]
    exchanges = [json.loads(to_json(exchange)) for exchange in conversation.all]
    return json.dumps({**about, "shown": shown, "exchanges": exchanges}, ensure_ascii=False, indent=2)


def markdown(title: str, exchanges: Sequence[Exchange]) -> str:
    """Return exchanges as Markdown, with one number for each article cited in them."""
    sources: Sources = {}
    parts = [f"# {plain(title)}"]
    for exchange in exchanges:
        parts += [f"## {plain(exchange.question)}", *_answer(exchange, sources)]
    parts += ["---"] * bool(sources)
    parts += [_source(n, article, passages) for n, (article, passages) in enumerate(sources.values(), 1)]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_text(exchange: Exchange) -> str:
    """Return an answer as plain text with the page's citation numbers, followed by the articles cited."""
    if exchange.state != "answered":
        return exchange.text
    notes = [f"[{n}] {citation(exchange.hits[n - 1].article)}" for n in cited(exchange)]
    offers = [f"- {offer}" for offer in exchange.reply_offers]
    return "\n".join([exchange.text, *offers, "", *notes]).strip()


def cited(exchange: Exchange) -> list[int]:
    """Return the numbers, from 1, of the passages that an answer cites."""
    numbers = {int(n) for n in _MARK.findall(exchange.text)}
    numbers |= {n for sentence in exchange.sentences for n in sentence.citations}
    return [n for n in range(1, len(exchange.hits) + 1) if n in numbers]


def citation(article: ArticleInfo) -> str:
    """Return a one-line reference to an article: title, outlet, date, source."""
    published = article.published and article.published.isoformat()
    parts = (article.title, article.outlet, published, article.source)
    return ", ".join(" ".join(str(part).split()) for part in parts if part)


def reference(article: ArticleInfo) -> str:
    """Return a Markdown footnote for an article: title, outlet, date, source."""
    parts = (article.title or article.source, article.outlet, article.published)
    name = ", ".join(plain(str(part)) for part in parts if part)
    source = article.source
    link = f"<{source}>" if _URL.fullmatch(source) else f"`{source.replace('`', ' ')}`"
    return f"{name}. {link}"


def plain(text: str) -> str:
    """Escape text for Markdown, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def plain_lines(text: str) -> str:
    """Escape text for Markdown, line by line."""
    return "\n".join(_SPECIAL.sub(r"\\\g<0>", line) for line in text.split("\n"))


def _answer(exchange: Exchange, sources: Sources) -> list[str]:
    text = exchange.text
    if exchange.state == "answered":
        text += "".join(f" [{n}]" for n in cited(exchange) if f"[{n}]" not in text)
    pieces = _MARK.split(text)
    body = "".join(
        plain_lines(piece) if i % 2 == 0 else _mark(exchange.hits, int(piece), sources)
        for i, piece in enumerate(pieces)
    )
    return [
        "\n".join([body, *(f"- {plain(offer)}" for offer in exchange.reply_offers)]),
        *(plain(line) for line in render_all(exchange.advice, exchange.language)),
        *([f"*{plain(exchange.model)}*"] * bool(text and exchange.kind == "content")),
    ]


def _mark(hits: Sequence[Hit], n: int, sources: Sources) -> str:
    if not 1 <= n <= len(hits):
        return ""
    article, passage = hits[n - 1].article, hits[n - 1].passage.text
    _, passages = sources.setdefault(article.id, (article, []))
    if passage not in passages:
        passages.append(passage)
    return f"[{list(sources).index(article.id) + 1}]"


def _source(n: int, article: ArticleInfo, passages: Sequence[str]) -> str:
    quotes = [f"   > {plain(passage)}" for passage in passages]
    return "\n\n".join([f"{n}. {reference(article)}", *quotes])
