"""Split articles into passages of whole sentences with exact offsets.

A passage of about 90 tokens holds one fact. Longer ones would serve broad questions, but every token of a
passage delays the first word of an answer (docs/benchmarks.md, "What is embedded"). Hand-written: the
splitters of LangChain and others cut at characters or lose the offsets.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import attrgetter

from rag.text.language import passage_language
from rag.text.sentences import joins_previous, sentences, trimmed
from rag.types import Article, Passage

__all__ = ["distinct_title", "estimate_tokens", "sentences", "split"]

# Token limits: chosen on XQuAD (docs/benchmarks.md); only the target was compared with other values.
TARGET_TOKENS = 90
"""Preferred length of a passage."""
MAX_TOKENS = 130
"""Maximum length of a passage, unless a single sentence is longer."""
MAX_SENTENCE_TOKENS = 200
"""Maximum length of a sentence that is not cut."""
MAX_SHARED_PARAGRAPH_TOKENS = 60
"""Maximum length of a paragraph that may share a passage with its neighbours."""
MIN_PASSAGE_TOKENS = 15
"""Minimum length of a passage; a shorter paragraph is joined to a neighbour if possible."""
MAX_HEADING_TOKENS = 30
"""Maximum length of a heading: a paragraph without a full stop."""
MAX_PASSAGES = 10_000
"""Maximum number of passages of an article: about 900,000 tokens, more than nearly every book has. They are
embedded in four minutes (41 to 48 passages a second, docs/benchmarks.md)."""

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_STOP = re.compile(r"[.!…;。！；][\"'”’»)\]』」）\s]*$")
_INNER_BOUNDARIES = (
    re.compile(r"[.!?…][\"'”’»)\]]{0,4}\s+|[。！？][”’』」）]{0,4}"),
    re.compile(r"[;:]\s+|[；：]|\s[–—-]\s+|——"),
    re.compile(r"[,)]\s+|[，、）]"),
    re.compile(r"\s+"),
)
"""Where an overlong sentence may be cut, best first."""


def distinct_title(title: str, beginning: str) -> str:
    """Return the title, or "" if it only repeats the beginning of the text, as for an untitled article."""
    return "" if beginning.startswith(title.removesuffix("…")) else title


class _Weights(dict[str, float]):
    """Tokens per character, by class of character, for the tokenizer of Qwen2.5.

    Fitted to the engine's counts on 114 texts in seven languages: the mean error is below 13 % in each of
    them, below 8 % in English, French, Chinese, Vietnamese and Russian.
    """

    def __missing__(self, char: str) -> float:
        self[char] = weight = _letter_tokens(char) if char.isalpha() else _symbol_tokens(char)
        return weight


def _letter_tokens(char: str) -> float:
    if char.isascii():
        return 0.225 if char.islower() else 0.5
    if "\u1e00" <= char <= "\u1eff" or char in "ăđĩũơưĂĐĨŨƠƯ":
        return 0.25
    if char < "\u0250":
        return 1.6
    return 0.355 if "\u0400" <= char < "\u0530" else 0.64


def _symbol_tokens(char: str) -> float:
    if char.isspace():
        return 0.0
    return 1.0 if char.isdigit() else 0.75 if char < "\U00010000" else 2.0


_WEIGHTS = _Weights()


def estimate_tokens(text: str) -> int:
    """Estimate the number of tokens of `text` from its classes of characters."""
    return math.ceil(_tokens(text))


def split(article: Article) -> list[Passage]:
    """Split an article into passages; `article.text[p.start:p.end] == p.text` for each of them.

    The passages are in order, do not overlap, and together cover everything but white space. Only short
    paragraphs share a passage; a heading or a question is joined to what follows it. A paragraph in
    another language than the article has passages of its own. What follows the first MAX_PASSAGES is in none:
    it stays in the article's text, but no search finds it; see unsearched_share.
    """
    text = article.text
    paragraphs = [_Paragraph.read(text, m.span(), article.language) for m in _PARAGRAPH.finditer(text)]
    spans = [
        (span, language)
        for language, own in groupby(paragraphs, key=attrgetter("foreign"))
        for span in _passages(list(own))
    ]
    return [
        Passage(article.id, n, span.start, span.end, text[span.start : span.end], language)
        for n, (span, language) in enumerate(spans[:MAX_PASSAGES])
    ]


def unsearched_share(text: str, passages: Sequence[Passage]) -> float:
    """Return the share of a text, 0 to 1, that follows the last of the passages that `split` gave."""
    return 1 - passages[-1].end / len(text.rstrip()) if len(passages) == MAX_PASSAGES else 0.0


@dataclass(frozen=True, slots=True)
class _TokenSpan:
    start: int
    end: int
    tokens: float

    def until(self, other: _TokenSpan) -> _TokenSpan:
        return _TokenSpan(self.start, other.end, self.tokens + other.tokens)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    pieces: Sequence[_TokenSpan]
    tokens: float
    leads: bool
    """Whether it is joined to the next paragraph: a heading, a list item, a question."""
    foreign: str
    """Its language if that differs from the article's, else ""."""

    @classmethod
    def read(cls, text: str, span: tuple[int, int], language: str) -> _Paragraph:
        start, end = trimmed(text, *span)
        own = passage_language(text[start:end], language)
        pieces = [
            piece
            for a, b in sentences(text[start:end], own)
            for piece in _cut_sentence(text, _span_of(text, start + a, start + b))
        ]
        tokens = sum(piece.tokens for piece in pieces)
        stops = _STOP.search(text, max(start, end - 8), end) is not None
        return cls(
            pieces,
            tokens,
            leads=tokens <= MAX_HEADING_TOKENS and not stops,
            foreign="" if own == language else own,
        )

    @property
    def short(self) -> bool:
        return self.tokens <= MAX_SHARED_PARAGRAPH_TOKENS

    @property
    def span(self) -> _TokenSpan:
        return _TokenSpan(self.pieces[0].start, self.pieces[-1].end, self.tokens)


def _passages(paragraphs: Sequence[_Paragraph]) -> list[_TokenSpan]:
    """Pack paragraphs into passages: long ones alone, short ones together, leading ones with the next."""
    done: list[_TokenSpan] = []
    pending: _TokenSpan | None = None
    leading = False
    for paragraph in paragraphs:
        if not paragraph.short:
            joins = pending is not None and (leading or pending.tokens <= MIN_PASSAGE_TOKENS)
            done += _pack(paragraph.pieces, pending, joins=joins)
            pending = None
        elif pending and _fits(pending, paragraph, leading):
            pending, leading = pending.until(paragraph.span), leading and paragraph.leads
        else:
            done += [pending] if pending else []
            pending, leading = paragraph.span, paragraph.leads
    if (
        pending
        and done
        and pending.tokens <= MIN_PASSAGE_TOKENS
        and done[-1].tokens + pending.tokens <= MAX_TOKENS
    ):
        return [*done[:-1], done[-1].until(pending)]
    return [*done, pending] if pending else done


def _fits(pending: _TokenSpan, paragraph: _Paragraph, leading: bool) -> bool:
    """Tell whether a short paragraph is added to the pending passage."""
    if paragraph.leads and not leading:
        return False
    return pending.tokens + paragraph.tokens <= (MAX_TOKENS if leading else TARGET_TOKENS)


def _pack(pieces: Sequence[_TokenSpan], pending: _TokenSpan | None, *, joins: bool) -> list[_TokenSpan]:
    """Pack the sentences of a paragraph evenly; `joins` allows the first to be added to `pending`."""
    if pending and not (joins and pending.tokens + pieces[0].tokens <= MAX_TOKENS):
        return [pending, *_pack(pieces, None, joins=False)]
    if pending:
        pieces = [pending.until(pieces[0]), *pieces[1:]]
    total = sum(piece.tokens for piece in pieces)
    target = total / max(1, round(total / TARGET_TOKENS))
    packed = [pieces[0]]
    for piece in pieces[1:]:
        current = packed[-1].tokens
        if current + piece.tokens <= MAX_TOKENS and current + piece.tokens / 2 <= target:
            packed[-1] = packed[-1].until(piece)
        else:
            packed.append(piece)
    if len(packed) > 1 and packed[-2].tokens + packed[-1].tokens <= MAX_TOKENS:
        packed[-2:] = [packed[-2].until(packed[-1])]
    return packed


def _cut_sentence(text: str, span: _TokenSpan) -> Iterator[_TokenSpan]:
    """Yield a sentence, cut at its best inner boundaries if it is too long."""
    if span.tokens <= MAX_SENTENCE_TOKENS:
        yield span
        return
    sums = list(accumulate(_WEIGHTS[char] for char in text[span.start : span.end]))
    target = span.tokens / math.ceil(span.tokens / TARGET_TOKENS)
    at = span.start
    while at < span.end:
        consumed = sums[at - span.start - 1] if at > span.start else 0.0
        low, middle, high = (
            span.start + bisect_left(sums, consumed + share) for share in (target * 0.6, target, MAX_TOKENS)
        )
        cut = span.end if high >= span.end else _boundary(text, low, middle, high)
        while joins_previous(text, cut):
            cut += 1
        start, end = trimmed(text, at, cut)
        if start < end:
            yield _span_of(text, start, end)
        at = cut


def _boundary(text: str, low: int, middle: int, high: int) -> int:
    """Return the boundary of the best kind between `low` and `high`, nearest to `middle`."""
    for kind in _INNER_BOUNDARIES:
        found = [match.end() for match in kind.finditer(text, low, high)]
        if found:
            return min(found, key=lambda cut: abs(cut - middle))
    return middle


def _span_of(text: str, start: int, end: int) -> _TokenSpan:
    return _TokenSpan(start, end, _tokens(text[start:end]))


def _tokens(text: str) -> float:
    return sum(map(_WEIGHTS.__getitem__, text))
