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

MAX_CHARS = 160
"""Characters of the longest question that is read. Not fitted."""
MAX_TOPIC_WORDS = 5
"""Words of the longest topic, with articles and prepositions. Not fitted."""
MAX_HAN_TOPIC_WORDS = 8
"""The same for Chinese, in characters. Not fitted."""
MAX_LIMIT = 20
"""Articles that a question may ask to see at once ("the last 20 articles"). Not fitted."""

Order = Literal["newest", "oldest"]
_NAMES = "|".join(LANGUAGE_NAMES.values())
_DATED = ("date", "since", "since_only", "after", "before", "until", "between")
_ASKS = ("count", "which", "list", "newest", "oldest", "languages")
_TOKENS = (*_DATED, "language", "languages", "library", "exist", *_ASKS[:-1], "noun", "filler")
_EDGES = " \t\n?!.…,;:\"'«»“”‘’？！。，；：、"
_ENDS_SENTENCE = re.compile(r"[?!;:…？！；：。]|\.\s")
_PATH = "library_questions.json"


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question about the list of articles, in a language (ISO 639-1).

    Its constraints: `topic`, the words that the articles must contain; `since` and `until`, both included;
    `written_in`, a language. `asks_languages`: in which languages the articles are. `only_counts`: how many
    there are, not which. `limit` is the number of articles to list, 0 where the question names none.
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
    """Read a question about the library, first in `language`; None for any other question.

    `before` is the last question of the conversation: after one about a treaty, "how many articles are
    there?" is about the treaty.
    """
    text = _plain(question)
    if not text or len(text) > MAX_CHARS:
        return None
    for code in sorted(_grammars(), key=lambda code: code != language):
        grammar = _grammars()[code]
        tokens = grammar.reading(text)
        if tokens and grammar.asks(tokens) and not grammar.is_of_law(text, before, tokens):
            return grammar.understood(tokens, today or date.today())
    return None


class _Grammar:
    """The words of one language, and the questions made of them."""

    def __init__(self, language: str, words: dict[str, Any]) -> None:
        self.language, self._words = language, words
        self._spaced = language != "zh"
        self._relative: dict[str, str] = words["relative"]
        self._tokens = {name: self._compiled(words[name]) for name in _TOKENS}
        self._topic = self._compiled(words["topic"])
        self._legal = self._compiled(words["legal"])
        self._never = self._whole(words["never"]) if self._spaced else re.compile(words["never"])
        self._never_like = re.compile(words["never_like"] or r"(?!)")
        self._article = re.compile(rf"^(?:{words['articles'] or '(?!)'})(?:(?<=')| )", re.IGNORECASE)

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        dates = "|".join((date_range_pattern(self.language), *(rf"(?:{name})" for name in self._relative)))
        text = pattern.replace("{date}", rf"(?:{dates})").replace("{language}", rf"(?:{_NAMES})")
        if self._spaced:
            text = rf"(?:{text})(?:(?<=[' ])|(?![^\W_]))"
        return re.compile(text, re.IGNORECASE)

    @staticmethod
    def _whole(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE)

    def reading(self, text: str) -> list[_Span] | None:
        """Read all of a text as tokens, with at most one topic; None where a word is left over."""
        return self._read(text, 0, True, {})

    def _read(
        self, text: str, at: int, topical: bool, known: dict[tuple[int, bool], list[_Span] | None]
    ) -> list[_Span] | None:
        """Read a text from a place on; `known` keeps what was read from each place."""
        while at < len(text) and text[at] in _EDGES:
            at += 1
        if at == len(text):
            return []
        if (at, topical) not in known:
            steps = (*self._plain_tokens(text, at), *(self._topics(text, at) if topical else ()))
            rests = (
                [token, *rest]
                for token, end in steps
                if (rest := self._read(text, end, topical and token.name != "topic", known)) is not None
            )
            known[at, topical] = next(rests, None)
        return known[at, topical]

    def _plain_tokens(self, text: str, at: int) -> list[tuple[_Span, int]]:
        """The tokens that begin at a place and where they end, the longest first."""
        found = ((name, token.match(text, at)) for name, token in self._tokens.items())
        tokens = [(_Span(name, match), match.end()) for name, match in found if match and match[0]]
        return sorted(tokens, key=lambda token: -token[1])

    def _topics(self, text: str, at: int) -> Iterator[tuple[_Span, int]]:
        """A preposition and a topic behind it, the shortest first."""
        said = self._topic.match(text, at)
        for end in range(said.end() + 1, len(text) + 1) if said else ():
            topic = text[said.end() : end].strip(_EDGES) if said else ""
            whole = not self._spaced or end == len(text) or text[end] in _EDGES
            if said and whole and self._is_topic(topic):
                yield _Span("topic", said, self._article.sub("", topic)), end

    def _is_topic(self, topic: str) -> bool:
        most = MAX_TOPIC_WORDS if self._spaced else MAX_HAN_TOPIC_WORDS
        words = re.findall(r"[^\W_]+", topic)
        inflected = any(self._never_like.fullmatch(word) for word in words[1:])
        return (
            0 < count_words(topic) <= most
            and not inflected
            and not self._never.search(topic.replace("ё", "е"))
            and not _ENDS_SENTENCE.search(topic)
            and not any(word.isdigit() for word in words)
        )

    def asks(self, tokens: Sequence[_Span]) -> bool:
        """Whether the tokens make a question about articles."""
        names = {token.name for token in tokens}
        if "noun" not in names:
            return False
        constrained = names.intersection((*_DATED, "language", "topic"))
        there = bool(constrained or names & {"exist", "library"})
        return bool(names & {"list", "newest", "oldest", "languages"}) or there

    def is_of_law(self, text: str, before: str, tokens: Sequence[_Span]) -> bool:
        """Whether "articles" may be those of a treaty or a law."""
        names = {token.name for token in tokens}
        if "library" in names:
            return False
        open_ended = not names.intersection((*_DATED, "language", "topic"))
        return bool(self._legal_in(text) or (open_ended and self._legal_in(before)))

    def _legal_in(self, text: str) -> bool:
        found = self._legal.finditer(text)
        return any(not self._spaced or not text[: m.start()][-1:].isalnum() for m in found)

    def understood(self, tokens: Sequence[_Span], today: date) -> LibraryQuestion | None:
        """What the tokens ask for; None where a date does not exist."""
        names = {token.name for token in tokens}
        made = LibraryQuestion(
            self.language,
            asks_languages="languages" in names,
            only_counts=not names & {"which", "list", "newest", "oldest"},
        )
        for token in tokens:
            if token.name in _DATED:
                ranges = self._date_ranges(token.match[0], today)
                if not ranges:
                    return None
                made = _dated(made, token.name, ranges)
            elif token.name == "language":
                made = replace(made, written_in=_named(token.match[0]))
            elif token.name == "topic":
                made = replace(made, topic=token.topic)
            elif token.name in {"newest", "oldest"}:
                order: Order = "oldest" if token.name == "oldest" else made.order
                made = replace(made, order=order, limit=made.limit or _limit(token.match))
        return made

    def _date_ranges(self, text: str, today: date) -> list[DateRange]:
        """The ranges of a token, in order; empty where one does not exist."""
        for name, meant in self._relative.items():
            if re.search(name, text, re.IGNORECASE):
                return [relative_range(meant, today)]
        found = [
            date_range(m[0], self.language)
            for m in re.finditer(date_range_pattern(self.language), text, re.I)
        ]
        return [one for one in found if one] if all(found) else []


@cache
def _grammars() -> dict[str, _Grammar]:
    return {code: _Grammar(code, words) for code, words in vocabulary().items()}


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """The words of each language."""
    words: dict[str, dict[str, Any]] = json.loads((files("rag.answering") / _PATH).read_text("utf-8"))
    return words


def _plain(question: str) -> str:
    text = (
        unicodedata.normalize("NFC", question).replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    )
    return re.sub(r"\s+", " ", text).strip(_EDGES)


def _dated(made: LibraryQuestion, name: str, ranges: Sequence[DateRange]) -> LibraryQuestion:
    first, last = ranges[0], ranges[-1]
    day = timedelta(days=1)
    match name:
        case "since" | "since_only":
            return replace(made, since=first.first)
        case "after":
            return replace(made, since=last.last + day)
        case "before":
            return replace(made, until=first.first - day)
        case "until":
            return replace(made, until=last.last)
        case _:
            return replace(made, since=first.first, until=last.last)


def _named(text: str) -> str:
    return next(code for code, names in LANGUAGE_NAMES.items() if re.search(names, text, re.IGNORECASE))


def _limit(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return min(int(groups.get("n") or groups.get("m") or 0), MAX_LIMIT)
