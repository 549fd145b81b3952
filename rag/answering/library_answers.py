"""Answers that need no model and no search: to greetings, and to questions about the list of articles.

Nothing is denied here: where no article matches, the answer says how many were counted, and by what.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date

from rag.answering.library_questions import LibraryQuestion, library_question
from rag.answering.library_wording import lead
from rag.answering.question_kinds import Greeting, greeting
from rag.answering.topics import TopicMatches, articles_naming
from rag.locales.catalogue import locale_of
from rag.locales.message import Message, render
from rag.store.article_list import ArticleQuery, ListedArticle
from rag.store.store import Store
from rag.text.answer_language import answer_language
from rag.types import Answer, ArticleInfo, Filters, Hit, Kind, Timings, Turn

MAX_LISTED = 10
"""Articles that an answer lists unless the question names a number. Not fitted."""
OFFERED = 3
"""Questions that the answer to a greeting offers. Not fitted."""
MAX_FREE_HAN = 4
"""Characters of a Chinese topic from which it may be more than a name or a word. Not fitted."""
_MARK = re.compile(r"\[(\d{1,3})\]")
_OFFERS = (Message.of("offer_languages"), Message.of("offer_newest"))
_FIRST_DAY = date(1, 1, 1)

Examples = Callable[[str, int], Sequence[str]]
"""At most so many questions that are known to be answered, those in a language first."""


@dataclass(frozen=True, slots=True)
class _Matches:
    """The articles that a question asks for: their number, of how many, and how to list them."""

    count: int
    all: int
    query: ArticleQuery
    topic: TopicMatches | None


class LibraryAnswers:
    """Answers greetings and questions about the library."""

    def __init__(self, store: Store, examples: Examples) -> None:
        self._store, self._examples = store, examples

    def answer(
        self, question: str, language: str, history: Sequence[Turn] = (), filters: Filters = Filters()
    ) -> Answer | None:
        """Answer a question of these kinds; None for any other, which is about what the articles say."""
        started = time.perf_counter()
        made = self._greeted(question, language) or self._counted(question, language, history, filters)
        total_ms = (time.perf_counter() - started) * 1000
        return made and replace(made, timings=Timings(total_ms=total_ms))

    def _greeted(self, question: str, language: str) -> Answer | None:
        found = greeting(question, language)
        return found and _answer(
            question, found.language, found.kind, [self._reply(found)], offers=self._offers(found.language)
        )

    def _reply(self, found: Greeting) -> str:
        articles = self._store.ledger.overview().articles
        if not articles:
            return render(Message.of("greeting_empty"), found.language)
        if found.kind == "thanks":
            return render(Message.of("greeting_thanks"), found.language)
        return render(Message.of("greeting_hello", n=articles), found.language)

    def _offers(self, language: str) -> list[str]:
        """Questions to ask next: tried ones in the language, then those about the library."""
        if not self._store.ledger.overview().articles:
            return []
        about = [render(offer, language) for offer in _OFFERS]
        return [*self._examples(language, OFFERED - 1), *about][:OFFERED]

    def _counted(
        self, question: str, language: str, history: Sequence[Turn], filters: Filters
    ) -> Answer | None:
        before = history[-1].question if history else ""
        plain = answer_language(question)
        asked = library_question(question, language, before=before)
        asked = (
            asked or (plain.language and library_question(plain.question, language, before=before)) or None
        )
        if asked is None:
            return None
        matches = self._matches(asked, filters)
        if matches is None:
            return None
        return self._told(
            question, replace(asked, language=plain.language or asked.language), matches, filters
        )

    def _matches(self, asked: LibraryQuestion, filters: Filters) -> _Matches | None:
        """The articles asked for; None where the topic may be more than a name or a word."""
        listing, topic = self._store.listing, None
        if asked.topic:
            topic = articles_naming(self._store, asked.topic, asked.language)
            if not topic.passages and _is_free(asked.topic):
                return None
        order = ArticleQuery(order="published", descending=asked.order == "newest")
        narrowed = _narrowed(filters, asked)
        among = () if narrowed is None else tuple(topic.passages) if topic else None
        query = replace(order, filters=narrowed or filters, among=among)
        everything = listing.count(ArticleQuery(filters=filters))
        return _Matches(listing.count(query), everything, query, topic)

    def _told(self, question: str, asked: LibraryQuestion, matches: _Matches, filters: Filters) -> Answer:
        """The answer, in the language of `asked`."""
        listed = self._listed(asked, matches)
        hits = self._hits([one.article for one in listed], matches.topic)
        told = [lead(asked, matches.count, matches.all), *self._notes(asked, matches, filters)]
        text = ("" if asked.language == "zh" else " ").join(
            render(message, asked.language) for message in told
        )
        rows = _rows(listed, hits, asked, matches)
        return _answer(question, asked.language, "library", [text, *rows], hits=[*hits.values()])

    def _listed(self, asked: LibraryQuestion, matches: _Matches) -> list[ListedArticle]:
        """The articles to show: none where a question only counts all of them."""
        if not matches.count or (asked.only_counts and not asked.is_constrained):
            return []
        return self._store.listing.page(matches.query, asked.limit or MAX_LISTED)

    def _hits(self, articles: Sequence[ArticleInfo], topic: TopicMatches | None) -> dict[str, Hit]:
        """A passage of each article, by the article's id: the first that names the topic, or the first."""
        chosen = dict(topic.passages) if topic else {}
        if topic is None:
            for stored in self._store.ledger.passages_of([article.id for article in articles]):
                chosen.setdefault(stored.article.id, stored)
        shown = [article for article in articles if article.id in chosen]
        return {article.id: Hit(chosen[article.id].passage, article, score=0.0) for article in shown}

    def _notes(self, asked: LibraryQuestion, matches: _Matches, filters: Filters) -> list[Message]:
        """What a reader must know to read the figures rightly."""
        notes = [Message.of("library_filtered")] if filters else []
        if matches.topic:
            notes += _spellings(matches.topic, matches.count)
        undated = self._undated(matches.query) if asked.since or asked.until else 0
        if undated and not (filters.since or filters.until):
            notes.append(Message.of("library_undated", n=undated))
        if asked.asks_languages and matches.count:
            notes.append(Message.of("library_languages", counts=self._languages(asked, matches)))
        return notes

    def _undated(self, query: ArticleQuery) -> int:
        any_day = replace(query.filters, since=None, until=None)
        count = self._store.listing.count
        dated = count(replace(query, filters=replace(any_day, since=_FIRST_DAY)))
        return count(replace(query, filters=any_day)) - dated

    def _languages(self, asked: LibraryQuestion, matches: _Matches) -> tuple[Message, ...]:
        names = locale_of(asked.language).languages
        counts = self._store.listing.languages(matches.query)
        return tuple(
            Message.of("library_language", language=str(names.get(code, code)), count=count)
            for code, count in counts.items()
        )


def _answer(
    question: str,
    language: str,
    kind: Kind,
    paragraphs: Sequence[str],
    *,
    hits: Sequence[Hit] = (),
    offers: Sequence[str] = (),
) -> Answer:
    return Answer(
        question=question,
        language=language,
        text="\n".join(paragraphs),
        outcome="answered",
        kind=kind,
        hits=tuple(hits),
        offers=tuple(offers),
        model="",
    )


def _narrowed(filters: Filters, asked: LibraryQuestion) -> Filters | None:
    """The filters with the question's dates and language; None where no language passes both."""
    languages = filters.languages
    if asked.written_in:
        if languages and asked.written_in not in languages:
            return None
        languages = (asked.written_in,)
    since = max((day for day in (filters.since, asked.since) if day), default=None)
    until = min((day for day in (filters.until, asked.until) if day), default=None)
    return replace(filters, languages=languages, since=since, until=until)


def _is_free(topic: str) -> bool:
    """Whether a topic may be more than a name or a word: several words, not all of them capitalised."""
    words = topic.split()
    if len(words) == 1:
        return (
            topic.isascii() is False
            and topic.isalpha()
            and not _has_case(topic)
            and len(topic) > MAX_FREE_HAN
        )
    return not all(word[0].isupper() for word in words)


def _spellings(topic: TopicMatches, n: int) -> list[Message]:
    """In which spellings a topic was searched."""
    if topic.only_as_asked:
        return [Message.of("library_one_spelling")]
    names = tuple(Message.of("quoted", text=name) for name in topic.names)
    return [Message.of("library_same_name", names=names)] if names and n else []


def _has_case(text: str) -> bool:
    return text.lower() != text.upper()


def _rows(
    listed: Sequence[ListedArticle], hits: dict[str, Hit], asked: LibraryQuestion, matches: _Matches
) -> list[str]:
    """A heading, a line for each article with its citation, and how many more there are."""
    if not listed:
        return []
    heading = Message.of("library_oldest") if asked.order == "oldest" else Message.of("library_newest")
    numbers = {article_id: n for n, article_id in enumerate(hits, 1)}
    rows = [_row(one.article, numbers.get(one.article.id), asked.language) for one in listed]
    more = matches.count - len(listed)
    left = [Message.of("library_more", n=more)] * bool(more > 0 and not asked.limit)
    return [render(heading, asked.language), *rows, *(render(message, asked.language) for message in left)]


def _row(article: ArticleInfo, n: int | None, language: str) -> str:
    """One article as a list item; what looks like a citation in its title is none."""
    day = article.published and format_date(article.published, "medium", locale=locale_of(language))
    parts = [article.title or article.source, article.outlet, day]
    told = " · ".join(_MARK.sub(r"(\1)", " ".join(str(part).split())) for part in parts if part)
    return f"- {told} [{n}]" if n else f"- {told}"
