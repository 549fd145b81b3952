"""Builder of an answer that consists of quotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.dossiers.dating import EventDate
from rag.dossiers.quotable_spans import QuotableSpan
from rag.dossiers.wording import empty_cell, item, labelled, lead, quotation, table_row
from rag.types import Answer, ArticleInfo, BroadForm, Hit, Quote, Sentence, Timings


@dataclass
class QuotedPage:
    """The lines of an answer so far, and the passages, sentences and quotes behind them."""

    language: str
    lines: list[str] = field(default_factory=list)
    hits: dict[tuple[str, int], Hit] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    items: int = 0

    def quote(
        self, excerpt: QuotableSpan, others: Sequence[QuotableSpan] = (), when: EventDate | None = None
    ) -> None:
        """Add a quotation, with its date in a timeline; `others` state the same fact and are cited too."""
        self.lines.append("- " + self._item(excerpt, others, when))
        self.dates += [when.iso()] if when else []

    def row(self, excerpts: Sequence[QuotableSpan | None]) -> None:
        """Add a row of a table with a cell for each span."""
        self.lines.append(
            table_row(self._item(one) if one else empty_cell(self.language) for one in excerpts)
        )

    def labelled(self, label: str, excerpt: QuotableSpan) -> None:
        """Add a quotation with the subject that it is about."""
        self.lines.append("- " + labelled(label, self._item(excerpt), self.language))

    def list(self, introduction: Sequence[QuotableSpan], items: Iterable[Sequence[QuotableSpan]]) -> None:
        """Add a list: its introduction, if any, and its items, each in parts of successive passages."""
        if introduction:
            self.lines.append(self._whole(introduction, introduction[0].hit.article))
        for parts in items:
            self.lines.append("- " + self._whole(parts, None))
            self.items += 1

    def _whole(self, parts: Sequence[QuotableSpan], article: ArticleInfo | None) -> str:
        text = " ".join(one.text for one in parts)
        return quotation(text, self._cited(parts, text), article, self.language)

    def _item(
        self, excerpt: QuotableSpan, others: Sequence[QuotableSpan] = (), when: EventDate | None = None
    ) -> str:
        numbers = self._cited((excerpt, *others), excerpt.text)
        return item(excerpt, numbers, when, self.language)

    def _cited(self, excerpts: Iterable[QuotableSpan], text: str) -> tuple[int, ...]:
        """Add a text to the answer's sentences; return the citation numbers of its spans."""
        numbers = tuple(dict.fromkeys(map(self._number, excerpts)))
        self.sentences.append(Sentence(text, numbers, "supported"))
        return numbers

    def answer(self, question: str, form: BroadForm, subject: str, timings: Timings) -> Answer:
        """Return the finished answer, which begins with a line on what it consists of."""
        articles = len({hit.article.id for hit in self.hits.values()})
        first = lead(form, subject, self.items or len(self.sentences), articles, self.language)
        return Answer(
            question=question,
            language=self.language,
            text="\n".join([first, *self.lines]),
            outcome="answered",
            kind=form,
            hits=tuple(self.hits.values()),
            sentences=tuple(self.sentences),
            quotes=tuple(self.quotes),
            dates=tuple(self.dates),
            model="",
            timings=timings,
        )

    def _number(self, excerpt: QuotableSpan) -> int:
        """Add a span to the answer's quotes; return the citation number of its passage."""
        key = excerpt.hit.passage.article_id, excerpt.hit.passage.ordinal
        self.hits.setdefault(key, excerpt.hit)
        n = list(self.hits).index(key) + 1
        self.quotes.append(Quote(n, excerpt.start, excerpt.end, excerpt.hit.near))
        return n
