"""Answers without a model: to greetings, and to questions about the list of articles.

No answer denies that there are articles: where none matches, it says how many were searched, and for what.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date

from rag.answering.citations import unmarked
from rag.answering.library_questions import LibraryQuestion, library_question
from rag.answering.library_wording import opening_sentence
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
MAX_OFFERS = 3
"""Questions offered with the answer to a greeting. Not fitted."""
MAX_HAN_NAME_CHARACTERS = 4
"""Maximum characters of a Chinese topic that is taken for a name or a word. Not fitted."""
_OFFERS = (Message.of("offer_languages"), Message.of("offer_newest"))
_FIRST_DAY = date(1, 1, 1)

Examples = Callable[[str, int], Sequence[str]]
"""Returns at most so many questions that the library is known to answer, those in a language first."""


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
        answer = self._greeting_answer(question, language, filters.bounds)
        answer = answer or self._listing_answer(question, language, history, filters)
        total_ms = (time.perf_counter() - started) * 1000
        return answer and replace(answer, timings=Timings(total_ms=total_ms))

    def _greeting_answer(self, question: str, language: str, bounds: Filters) -> Answer | None:
        found = greeting(question, language)
        if not found:
            return None
        articles = self._articles(bounds)
        offers = self._offers(found.language, bounds) if articles else ()
        return _answer(question, found.language, found.kind, [_reply(found, articles)], offers=offers)

    def _articles(self, bounds: Filters) -> int:
        if bounds:
            return self._store.listing.count(ArticleQuery(filters=bounds))
        return self._store.ledger.overview().articles

    def _offers(self, language: str, bounds: Filters) -> list[str]:
        """Return questions to ask next: tried ones in the language, then those about the library.

        The tried ones are about any of its articles, so they are left out within bounds.
        """
        about = [render(offer, language) for offer in _OFFERS]
        tried = [] if bounds else self._examples(language, MAX_OFFERS - 1)
        return [*tried, *about][:MAX_OFFERS]

    def _listing_answer(
        self, question: str, language: str, history: Sequence[Turn], filters: Filters
    ) -> Answer | None:
        previous = history[-1].question if history else ""
        instruction = answer_language(question)
        parsed = library_question(question, language, before=previous)
        if parsed is None and instruction.language:
            parsed = library_question(instruction.question, language, before=previous)
        if parsed is None or (matches := self._matches(parsed, filters)) is None:
            return None
        parsed = replace(parsed, language=instruction.language or parsed.language)
        return self._composed(question, parsed, matches, filters)

    def _matches(self, parsed: LibraryQuestion, filters: Filters) -> _Matches | None:
        """Return the articles asked for; None where the topic may be more than a name or a word."""
        listing, topic = self._store.listing, None
        if parsed.topic:
            topic = articles_naming(self._store, parsed.topic, parsed.language, filters.bounds)
            if not topic.passages and _is_phrase(parsed.topic):
                return None
        order = ArticleQuery(order="published", descending=parsed.order == "newest")
        narrowed = _combined_filters(filters, parsed)
        among = () if narrowed is None else tuple(topic.passages) if topic else None
        query = replace(order, filters=narrowed or filters, among=among)
        everything = listing.count(ArticleQuery(filters=filters))
        return _Matches(listing.count(query), everything, query, topic)

    def _composed(
        self, question: str, parsed: LibraryQuestion, matches: _Matches, filters: Filters
    ) -> Answer:
        """Return the answer, in the language of `parsed`."""
        listed = self._listed(parsed, matches)
        hits = self._hits([row.article for row in listed], matches.topic)
        messages = [
            opening_sentence(parsed, matches.count, matches.all),
            *self._notes(parsed, matches, filters),
        ]
        text = ("" if parsed.language == "zh" else " ").join(
            render(message, parsed.language) for message in messages
        )
        rows = _rows(listed, hits, parsed, matches)
        return _answer(question, parsed.language, "library", [text, *rows], hits=[*hits.values()])

    def _listed(self, parsed: LibraryQuestion, matches: _Matches) -> list[ListedArticle]:
        """Return the articles to show: none where a question only counts all of them."""
        if not matches.count or (parsed.only_counts and not parsed.is_constrained):
            return []
        return self._store.listing.page(matches.query, parsed.limit or MAX_LISTED)

    def _hits(self, articles: Sequence[ArticleInfo], topic: TopicMatches | None) -> dict[str, Hit]:
        """Return a passage of each article by its id: the first that names the topic, else the first."""
        chosen = dict(topic.passages) if topic else {}
        if topic is None:
            for stored in self._store.ledger.passages_of([article.id for article in articles]):
                chosen.setdefault(stored.article.id, stored)
        shown = [article for article in articles if article.id in chosen]
        return {article.id: Hit(chosen[article.id].passage, article, score=0.0) for article in shown}

    def _notes(self, parsed: LibraryQuestion, matches: _Matches, filters: Filters) -> list[Message]:
        """Return notes that qualify the figures: filters, spellings, undated articles, languages."""
        notes = [Message.of("library_filtered")] if filters != filters.bounds else []
        if matches.topic:
            notes += _spelling_notes(matches.topic, matches.count)
        undated = self._undated(matches.query) if parsed.since or parsed.until else 0
        if undated and not (filters.since or filters.until):
            notes.append(Message.of("library_undated", n=undated))
        if parsed.asks_languages and matches.count:
            notes.append(Message.of("library_languages", counts=self._languages(parsed, matches)))
        return notes

    def _undated(self, query: ArticleQuery) -> int:
        any_day = replace(query.filters, since=None, until=None)
        count = self._store.listing.count
        dated = count(replace(query, filters=replace(any_day, since=_FIRST_DAY)))
        return count(replace(query, filters=any_day)) - dated

    def _languages(self, parsed: LibraryQuestion, matches: _Matches) -> tuple[Message, ...]:
        names = locale_of(parsed.language).languages
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


def _reply(found: Greeting, articles: int) -> str:
    if not articles:
        return render(Message.of("greeting_empty"), found.language)
    if found.kind == "thanks":
        return render(Message.of("greeting_thanks"), found.language)
    return render(Message.of("greeting_hello", n=articles), found.language)


def _combined_filters(filters: Filters, parsed: LibraryQuestion) -> Filters | None:
    """Return the filters with the question's dates and language; None where no language passes both."""
    languages = filters.languages
    if parsed.written_in:
        if languages and parsed.written_in not in languages:
            return None
        languages = (parsed.written_in,)
    since = max((day for day in (filters.since, parsed.since) if day), default=None)
    until = min((day for day in (filters.until, parsed.until) if day), default=None)
    return replace(filters, languages=languages, since=since, until=until)


def _is_phrase(topic: str) -> bool:
    """Tell whether a topic may be more than a name or a word: a long Chinese one, or words in lower case."""
    words = topic.split()
    if len(words) == 1:
        caseless = not topic.isascii() and topic.isalpha() and topic.lower() == topic.upper()
        return caseless and len(topic) > MAX_HAN_NAME_CHARACTERS
    return not all(word[0].isupper() for word in words)


def _spelling_notes(topic: TopicMatches, n: int) -> list[Message]:
    """Return a note on the spellings in which a topic was searched."""
    if topic.only_as_asked:
        return [Message.of("library_one_spelling")]
    names = tuple(Message.of("quoted", text=name) for name in topic.names)
    return [Message.of("library_same_name", names=names)] if names and n else []


def _rows(
    listed: Sequence[ListedArticle], hits: dict[str, Hit], parsed: LibraryQuestion, matches: _Matches
) -> list[str]:
    """Return a heading, a line for each article with its citation, and how many more there are."""
    if not listed:
        return []
    heading = Message.of("library_oldest") if parsed.order == "oldest" else Message.of("library_newest")
    numbers = {article_id: n for n, article_id in enumerate(hits, 1)}
    rows = [_row(one.article, numbers.get(one.article.id), parsed.language) for one in listed]
    more = matches.count - len(listed)
    left = [Message.of("library_more", n=more)] * bool(more > 0 and not parsed.limit)
    return [render(heading, parsed.language), *rows, *(render(message, parsed.language) for message in left)]


def _row(article: ArticleInfo, n: int | None, language: str) -> str:
    """Return one article as a list item; a title's own "[1]" becomes "(1)", because it is no citation."""
    day = article.published and format_date(article.published, "medium", locale=locale_of(language))
    parts = [article.title or article.source, article.outlet, day]
    text = " · ".join(unmarked(str(part)) for part in parts if part)
    return f"- {text} [{n}]" if n else f"- {text}"
