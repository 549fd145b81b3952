"""The sentences of an answer about the library, as messages. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date, format_skeleton

from rag.answering.library_questions import LibraryQuestion
from rag.locales.catalogue import locale_of
from rag.locales.message import Message

_ABBREVIATED_YEAR = (" г.", " года")
"""The end of CLDR's Russian dates, and its replacement: its full stop would be doubled in a sentence."""


def opening_sentence(question: LibraryQuestion, n: int, everything: int) -> Message:
    """Return the sentence that says how many of all articles match the question."""
    if not question.is_constrained:
        return Message.of("library_holds", n=everything)
    return Message.of("library_matches", n=n, all=everything, criteria=_criteria(question, n))


def long_day(day: date, language: str) -> str:
    """Format a date: "9 March 2025"."""
    return format_date(day, "long", locale=locale_of(language)).replace(*_ABBREVIATED_YEAR)


def _criteria(question: LibraryQuestion, n: int) -> tuple[Message, ...]:
    """Return what an article must be to count, as predicates of `n` articles."""
    topic = [Message.of("criterion_topic", n=n, topic=question.topic)] if question.topic else []
    written = [Message.of(f"criterion_in_{question.written_in}", n=n)] if question.written_in else []
    return (*topic, *written, *_dates(question, n))


def _dates(question: LibraryQuestion, n: int) -> list[Message]:
    first, last = question.since, question.until
    if first and last:
        return [_between(first, last, question.language, n)]
    if first:
        return [Message.of("criterion_since", n=n, day=long_day(first, question.language))]
    return [Message.of("criterion_until", n=n, day=long_day(last, question.language))] if last else []


def _between(first: date, last: date, language: str, n: int) -> Message:
    """Return a day, a month, a year, or the days between two."""
    following = last + timedelta(days=1)
    if first == last:
        return Message.of("criterion_day", n=n, day=long_day(first, language))
    if (first.month, first.day) == (1, 1) and following == date(first.year + 1, 1, 1):
        return Message.of("criterion_year", n=n, year=str(first.year))
    if first.day == following.day == 1 and (first.year, first.month) == (last.year, last.month):
        month = format_skeleton("yMMMM", first, locale=locale_of(language)).replace(*_ABBREVIATED_YEAR)
        return Message.of("criterion_month", n=n, month=month)
    days = [long_day(day, language) for day in (first, last)]
    return Message.of("criterion_between", n=n, first=days[0], last=days[1])
