"""Recognise questions about the library itself ("Which articles of 2025?"), in five languages. Pure.

A question is one only where each of its words belongs to the small grammar in library_questions.json: how
many, which, articles, a date, a language, a topic. "Which articles of the treaty ...?" has words outside it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from rag.text.answer_language import LANGUAGE_NAMES
from rag.text.date_ranges import DateRange, date_range, date_range_pattern, relative_range
from rag.text.language import count_words

MAX_CHARACTERS = 160
"""Maximum length of a question about the library. Not fitted."""
MAX_TOPIC_WORDS = 5
"""Maximum length of a topic, with articles and prepositions. Not fitted."""
MAX_HAN_TOPIC_CHARACTERS = 8
"""Maximum length of a Chinese topic. Not fitted."""
MAX_LIMIT = 20
"""Maximum number of articles that a question can ask for ("the last 20 articles"). Not fitted."""

Order = Literal["newest", "oldest"]
_LANGUAGE_NAMES = "|".join(LANGUAGE_NAMES.values())
_DATE_TOKENS = ("date", "since", "since_only", "after", "before", "until", "between")
_REQUEST_TOKENS = ("count", "which", "list", "newest", "oldest", "languages")
_TOKEN_NAMES = (
    *_DATE_TOKENS,
    "language",
    "languages",
    "library",
    "exist",
    *_REQUEST_TOKENS[:-1],
    "noun",
    "filler",
)
_PUNCTUATION = " \t\n?!.…,;:\"'«»“”‘’？！。，；：、"
_ENDS_SENTENCE = re.compile(r"[?!;:…？！；：。]|\.\s")
_CONTRACTED = re.compile(r"\b(what|which|who|where|how)s\b", re.IGNORECASE)
"""English contractions without their apostrophe: "whats new"."""
_PATH = "library_questions.json"


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question about the list of articles, in a language (ISO 639-1).

    Its constraints are `topic`, the words that the articles must contain; `since` and `until`, both
    inclusive; and `written_in`, a language. `asks_languages`: it asks in which languages the articles are.
    `only_counts`: it asks how many there are, not which. `limit` is the number of articles to list, 0 where
    the question names none.
    """

    language: str
    topic: str = ""
    since: date | None = None
    until: date | None = None
    written_in: str = ""
    asks_languages: bool = False
    only_counts: bool = False
    order: Order = "newest"
    limit: int = 0

    @property
    def is_constrained(self) -> bool:
        """Whether the question is about some of the articles."""
        return bool(self.topic or self.since or self.until or self.written_in)


class _Span(NamedTuple):
    name: str
    match: re.Match[str]
    topic: str = ""


def library_question(
    question: str, language: str, *, before: str = "", today: date | None = None
) -> LibraryQuestion | None:
    """Parse a question about the library, `language` being tried first; None for any other question.

    `before` is the previous question: after one about a treaty, "how many articles are there?" is about the
    treaty.
    """
    text = _plain(question)
    if not text or len(text) > MAX_CHARACTERS:
        return None
    for code in sorted(vocabulary(), key=lambda code: code != language):
        if not re.search(vocabulary()[code]["noun"], text, re.IGNORECASE):
            continue  # it asks for no articles; compiling a grammar takes 0.1 s
        grammar = _grammar(code)
        tokens = grammar.parsed(text)
        if tokens and grammar.asks(tokens) and not grammar.may_be_legal(text, before, tokens):
            return grammar.question_of(tokens, today or date.today())
    return None


class _Grammar:
    """The grammar of one language's questions about the library."""

    def __init__(self, language: str, words: dict[str, Any]) -> None:
        self.language, self._words = language, words
        self._spaced = language != "zh"
        self._relative: dict[str, str] = words["relative"]
        self._tokens = {name: self._compiled(words[name]) for name in _TOKEN_NAMES}
        self._topic = self._compiled(words["topic"])
        self._legal = self._compiled(words["legal"])
        self._never = self._whole(words["never"]) if self._spaced else re.compile(words["never"])
        self._never_like = re.compile(words["never_like"] or r"(?!)")
        self._article = re.compile(rf"^(?:{words['articles'] or '(?!)'})(?:(?<=')| )", re.IGNORECASE)

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        dates = "|".join((date_range_pattern(self.language), *(rf"(?:{name})" for name in self._relative)))
        text = pattern.replace("{date}", rf"(?:{dates})").replace("{language}", rf"(?:{_LANGUAGE_NAMES})")
        if self._spaced:
            text = rf"(?:{text})(?:(?<=[' ])|(?![^\W_]))"
        return re.compile(text, re.IGNORECASE)

    @staticmethod
    def _whole(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE)

    def parsed(self, text: str) -> list[_Span] | None:
        """Parse a whole text into tokens, with at most one topic; None where a word fits none."""
        return self._parsed_from(text, 0, True, {})

    def _parsed_from(
        self, text: str, at: int, topical: bool, known: dict[tuple[int, bool], list[_Span] | None]
    ) -> list[_Span] | None:
        """Parse from an offset on; `known` memoises the result of each offset."""
        while at < len(text) and text[at] in _PUNCTUATION:
            at += 1
        if at == len(text):
            return []
        if (at, topical) not in known:
            steps = (*self._plain_tokens(text, at), *(self._topics(text, at) if topical else ()))
            rests = (
                [token, *rest]
                for token, end in steps
                if (rest := self._parsed_from(text, end, topical and token.name != "topic", known))
                is not None
            )
            known[at, topical] = next(rests, None)
        return known[at, topical]

    def _plain_tokens(self, text: str, at: int) -> list[tuple[_Span, int]]:
        """Return the tokens that begin at an offset, each with its end, the longest first."""
        found = ((name, token.match(text, at)) for name, token in self._tokens.items())
        tokens = [(_Span(name, match), match.end()) for name, match in found if match and match[0]]
        return sorted(tokens, key=lambda token: -token[1])

    def _topics(self, text: str, at: int) -> Iterator[tuple[_Span, int]]:
        """Yield a preposition with each topic that may follow it, the shortest first."""
        preposition = self._topic.match(text, at)
        if preposition is None:
            return
        for end in range(preposition.end() + 1, len(text) + 1):
            topic = text[preposition.end() : end].strip(_PUNCTUATION)
            ends_word = not self._spaced or end == len(text) or text[end] in _PUNCTUATION
            if ends_word and self._is_topic(topic):
                yield _Span("topic", preposition, self._article.sub("", topic)), end

    def _is_topic(self, topic: str) -> bool:
        max_words = MAX_TOPIC_WORDS if self._spaced else MAX_HAN_TOPIC_CHARACTERS
        words = re.findall(r"[^\W_]+", topic)
        inflected = any(self._never_like.fullmatch(word) for word in words[1:])
        return (
            0 < count_words(topic) <= max_words
            and not inflected
            and not self._never.search(topic.replace("ё", "е"))
            and not _ENDS_SENTENCE.search(topic)
            and not any(word.isdigit() for word in words)
        )

    def asks(self, tokens: Sequence[_Span]) -> bool:
        """Tell whether the tokens make a question about articles."""
        names = {token.name for token in tokens}
        if "noun" not in names:
            return False
        requests = {"list", "newest", "oldest", "languages", "exist", "library"}
        return not names.isdisjoint((*_DATE_TOKENS, "language", "topic", *requests))

    def may_be_legal(self, text: str, before: str, tokens: Sequence[_Span]) -> bool:
        """Tell whether the articles asked for may be those of a treaty or a law."""
        names = {token.name for token in tokens}
        if "library" in names:
            return False
        open_ended = not names.intersection((*_DATE_TOKENS, "language", "topic"))
        return bool(self._legal_in(text) or (open_ended and self._legal_in(before)))

    def _legal_in(self, text: str) -> bool:
        found = self._legal.finditer(text)
        return any(not self._spaced or not text[: m.start()][-1:].isalnum() for m in found)

    def question_of(self, tokens: Sequence[_Span], today: date) -> LibraryQuestion | None:
        """Return the question that the tokens make; None where a date does not exist."""
        names = {token.name for token in tokens}
        question = LibraryQuestion(
            self.language,
            asks_languages="languages" in names,
            only_counts=not names & {"which", "list", "newest", "oldest"},
        )
        for token in tokens:
            if token.name in _DATE_TOKENS:
                ranges = self._date_ranges(token.match[0], today)
                if not ranges:
                    return None
                question = _dated(question, token.name, ranges)
            elif token.name == "language":
                question = replace(question, written_in=_named(token.match[0]))
            elif token.name == "topic":
                question = replace(question, topic=token.topic)
            elif token.name in {"newest", "oldest"}:
                order: Order = "oldest" if token.name == "oldest" else question.order
                question = replace(question, order=order, limit=question.limit or _limit(token.match))
        return question

    def _date_ranges(self, text: str, today: date) -> list[DateRange]:
        """Return the ranges of a token's dates, in order; empty where a date does not exist."""
        for name, name_of_range in self._relative.items():
            if re.search(name, text, re.IGNORECASE):
                return [relative_range(name_of_range, today)]
        found = [
            date_range(m[0], self.language)
            for m in re.finditer(date_range_pattern(self.language), text, re.I)
        ]
        return [one for one in found if one] if all(found) else []


@cache
def _grammar(code: str) -> _Grammar:
    return _Grammar(code, vocabulary()[code])


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """Return the words of each language."""
    words: dict[str, dict[str, Any]] = json.loads((files("rag.answering") / _PATH).read_text("utf-8"))
    return words


def _plain(question: str) -> str:
    text = (
        unicodedata.normalize("NFC", question).replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    )
    text = _CONTRACTED.sub(r"\1's", text)
    return re.sub(r"\s+", " ", text).strip(_PUNCTUATION)


def _dated(question: LibraryQuestion, name: str, ranges: Sequence[DateRange]) -> LibraryQuestion:
    first, last = ranges[0], ranges[-1]
    day = timedelta(days=1)
    match name:
        case "since" | "since_only":
            return replace(question, since=first.first)
        case "after":
            return replace(question, since=last.last + day)
        case "before":
            return replace(question, until=first.first - day)
        case "until":
            return replace(question, until=last.last)
        case _:
            return replace(question, since=first.first, until=last.last)


def _named(text: str) -> str:
    return next(code for code, names in LANGUAGE_NAMES.items() if re.search(names, text, re.IGNORECASE))


def _limit(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return min(int(groups.get("n") or groups.get("m") or 0), MAX_LIMIT)
