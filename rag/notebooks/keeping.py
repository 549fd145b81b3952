"""Copy the parts of an exchange that a reader keeps: its answer, a quotation, an entry of a dossier. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

from rag.answering.citations import unmarked
from rag.conversations import Exchange
from rag.conversations.conversation import new_id
from rag.conversations.export import cited
from rag.notebooks.entries import Entry, KeptSource, Span
from rag.types import BroadForm, Quote, Sentence

ANSWER = ""
"""The part of an exchange that is its whole answer. Other parts are "q" or "s" with the index of a quote or
sentence."""
BROAD = get_args(BroadForm)
_MARK = re.compile(r"\[(\d{1,3})\]")
_AROUND = ' ·:：“”«»„「」"-|\u00a0\u202f'
"""Characters between a label and the quotation after it."""


def origin(exchange_id: str, part: str) -> str:
    """Return the origin of an entry: the exchange's id and the part."""
    return f"{exchange_id} {part}".rstrip()


def can_keep_answer(exchange: Exchange) -> bool:
    """Tell whether an answer can be kept: it is confirmed, and about what the articles say."""
    return exchange.state == "answered" and exchange.kind in ("content", *BROAD)


def entry_of(exchange: Exchange, part: str) -> Entry | None:
    """Return a copy of a part of an exchange; None if it has no such part."""
    if part == ANSWER:
        return _answer(exchange) if can_keep_answer(exchange) else None
    kind, index = part[:1], int(part[1:]) if part[1:].isascii() and part[1:].isdigit() else -1
    if kind == "q" and 0 <= index < len(exchange.quotes):
        return _quotation(exchange, exchange.quotes[index], part)
    if kind == "s" and 0 <= index < len(exchange.sentences) and can_keep_answer(exchange):
        return _sentence(exchange, exchange.sentences[index], part)
    return None


def _answer(exchange: Exchange) -> Entry:
    numbers = cited(exchange)
    missing = "".join(f"[{n}]" for n in numbers if f"[{n}]" not in exchange.text)

    def renumbered(mark: re.Match[str]) -> str:
        n = int(mark[1])
        return f"[{numbers.index(n) + 1}]" if n in numbers else ""

    text = f"{exchange.text} {missing}" if missing else exchange.text
    return Entry(
        id=new_id(),
        kind="answer",
        text=_MARK.sub(renumbered, text),
        language=exchange.language,
        question=exchange.question,
        model=exchange.model if exchange.kind == "content" else "",
        origin=origin(exchange.id, ANSWER),
        sources=tuple(_source(exchange, n, _quoted(exchange, n)) for n in numbers),
        sentences=tuple(_renumbered(one, numbers) for one in exchange.sentences),
    )


def _renumbered(sentence: Sentence, numbers: Sequence[int]) -> Sentence:
    citations = tuple(numbers.index(n) + 1 for n in sentence.citations if n in numbers)
    return replace(sentence, citations=citations)


def _quoted(exchange: Exchange, n: int) -> tuple[Span, ...]:
    """Return the spans that a broad answer quotes of a passage; a model's answer cites the whole."""
    if exchange.kind == "content":
        return ((0, len(exchange.found[n - 1].passage.text)),)
    return tuple((one.start, one.end) for one in exchange.quotes if one.n == n)


def _quotation(exchange: Exchange, quote: Quote, part: str) -> Entry:
    hit = exchange.found[quote.n - 1]
    return Entry(
        id=new_id(),
        kind="quotation",
        text=hit.passage.text[quote.start : quote.end],
        language=hit.language,
        question=exchange.question,
        origin=origin(exchange.id, part),
        sources=(_source(exchange, quote.n, ((quote.start, quote.end),)),),
    )


def _sentence(exchange: Exchange, sentence: Sentence, part: str) -> Entry | None:
    """Return a sentence of a broad answer, which quotes its sources."""
    quotes = list(_quotes_of(exchange, sentence))
    if exchange.kind not in BROAD or not quotes:
        return None
    spans: dict[int, tuple[Span, ...]] = {}
    for one in quotes:
        spans[one.n] = (*spans.get(one.n, ()), (one.start, one.end))
    return Entry(
        id=new_id(),
        kind="quotation",
        text=sentence.text,
        language=exchange.found[quotes[0].n - 1].language,
        label=_label(exchange.text.split("\n"), unmarked(sentence.text)),
        question=exchange.question,
        origin=origin(exchange.id, part),
        sources=tuple(_source(exchange, n, of) for n, of in spans.items()),
    )


def _quotes_of(exchange: Exchange, sentence: Sentence) -> Iterator[Quote]:
    """Yield the quotes of a sentence: the one with its words, and those that follow for the same fact."""
    words = " ".join(sentence.text.split())

    def words_of(quote: Quote) -> str:
        return " ".join(exchange.found[quote.n - 1].passage.text[quote.start : quote.end].split())

    left, begun = set(sentence.citations), False
    for one in exchange.quotes:
        same = one.n in sentence.citations and (words_of(one) in words or words in words_of(one))
        if same or (begun and one.n in left):  # another article states the same fact
            begun = True
            left.discard(one.n)
            yield one
        elif begun:
            return


def _label(lines: Sequence[str], said: str) -> str:
    """Return the label before a quotation in its line (a date, a subject), or its column's heading."""
    head: list[str] = []
    for line in lines:
        cells = line[2:-2].split(" | ") if line.startswith("| ") and line.endswith(" |") else []
        column = next((n for n, cell in enumerate(cells) if said.replace("|", "¦") in cell), None)
        if column is not None:
            return head[column].strip() if column < len(head) else ""
        if not cells and said in line:
            return line.partition(said)[0].strip(_AROUND)
        head = head or cells
    return ""


def _source(exchange: Exchange, n: int, quoted: tuple[Span, ...]) -> KeptSource:
    hit = exchange.found[n - 1]
    passage = hit.passage
    return KeptSource(
        article=hit.article, start=passage.start, end=passage.end, text=passage.text, quoted=quoted
    )
