"""Find the articles that name a topic, in each language's spelling where the gazetteer knows it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from rag.store.keyword_terms import phrase_query
from rag.store.ledger_rows import StoredPassage
from rag.store.store import Store
from rag.types import Filters
from rag.verification.names.gazetteer import forms_of, mentions

MAX_CHECKED_PASSAGES = 1_000
"""Maximum passages read for a name's other spellings (1,000 take about a second); where there are more, only
the question's own words are searched. Not fitted."""
MAX_ENDING_LETTERS = 2
"""Maximum difference in length of two inflections of a Russian word, in letters. Not fitted."""
_MIN_PREFIX_LETTERS = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class TopicMatches:
    """The articles that name a topic, by id, each with the first passage that does.

    `names` are the other spellings that were found there, one for each language. `only_as_asked`: no other
    spelling is known, so none was searched.
    """

    passages: dict[str, StoredPassage] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    only_as_asked: bool = False


def articles_naming(store: Store, topic: str, language: str, bounds: Filters = Filters()) -> TopicMatches:
    """Find the articles with a topic's words or, where it is a known name, with any of its spellings.

    `bounds` are those of rag.types.Filters.
    """
    keys = _keys(topic, language)
    spellings = [form for key in keys for form in forms_of(key)]
    queries = [phrase_query(topic), *map(_prefix_query, spellings)]
    numbers = store.keywords.passages_with(queries, MAX_CHECKED_PASSAGES + 1) if keys else []
    if keys and len(numbers) <= MAX_CHECKED_PASSAGES:
        return _articles_with_name(_in_order(store, numbers, bounds), keys, topic)
    numbers = store.keywords.passages_with([phrase_query(topic)], -1)
    return _articles_with_words(_in_order(store, numbers, bounds), topic, language)


def _keys(topic: str, language: str) -> frozenset[str]:
    """Return the gazetteer's keys of a topic that is a single name; empty for any other topic."""
    found = mentions(topic, language)
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(topic))
    return found[0].keys if whole and not found[0].implied else frozenset()


def _articles_with_name(passages: list[StoredPassage], keys: frozenset[str], topic: str) -> TopicMatches:
    found = TopicMatches()
    spellings: dict[str, Counter[str]] = {}
    for stored in passages:
        text, language = f"{stored.article.title}\n{stored.passage.text}", stored.article.language
        names = [text[m.start : m.end] for m in mentions(text, language) if m.keys & keys and not m.implied]
        if names:
            found.passages.setdefault(stored.article.id, stored)
            spellings.setdefault(language, Counter()).update(names)
    common = (counts.most_common(1)[0][0] for counts in spellings.values())
    found.names = tuple(dict.fromkeys(name for name in common if name.casefold() != topic.casefold()))
    return found


def _articles_with_words(passages: list[StoredPassage], topic: str, language: str) -> TopicMatches:
    found = TopicMatches(only_as_asked=True)
    for stored in passages:
        text = f"{stored.article.title}\n{stored.passage.text}"
        if stored.article.language != language or _has_words(text, topic, language):
            found.passages.setdefault(stored.article.id, stored)
    return found


def _in_order(store: Store, numbers: list[int], bounds: Filters) -> list[StoredPassage]:
    if bounds:
        seen = {number for of in store.ledger.passage_ids(bounds).values() for number in of}
        numbers = [number for number in numbers if number in seen]
    passages = store.ledger.passages(numbers)
    return [passages[number] for number in numbers if number in passages]


def _has_words(text: str, topic: str, language: str) -> bool:
    """Tell whether a text has a topic's words: in Vietnamese with tones, in Russian in any inflection."""
    if language == "vi":
        return topic.casefold() in text.casefold()
    if language != "ru":
        return True
    words = _WORD.findall(text.casefold())
    return all(any(_is_form(word, other) for other in words) for word in _WORD.findall(topic.casefold()))


def _is_form(word: str, other: str) -> bool:
    stem = word[: max(len(word) - MAX_ENDING_LETTERS, _MIN_PREFIX_LETTERS)]
    return other.startswith(stem) and abs(len(other) - len(word)) <= MAX_ENDING_LETTERS


def _prefix_query(form: str) -> str:
    """Return a spelling as an FTS5 query; one word of Latin or Cyrillic letters with any ending."""
    query = phrase_query(form)
    return f"{query}*" if re.fullmatch(r'"[^\W\d_]{4,}"', query) else query
