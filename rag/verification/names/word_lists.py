"""Word lists for the recognition of names, from word_lists.json; and the record of a name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.text.calendar_names import month_names, weekday_names
from rag.verification.names.gazetteer import Mention
from rag.verification.names.phonetics import fold

_WORDING = Path(__file__).with_name("word_lists.json")
LONGER_NAME = re.compile(
    r"[教语裔族方]|[ ](?:giáo|ấy|ta)\b|"
    r"[\u4e00-\u9fff]{0,6}(?:公司|大学|集团|学院|银行|协会|委员会|电视|时报|广播|博物馆|基金|理工)"
)
"""Text that makes the gazetteer's entry before it part of a longer name: 印度教, Ấn Độ giáo, 美国广播公司."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: its span, its words as written, and its entry in the gazetteer, if any.

    - `sure`: it is certainly a name.
    - `guessed`: its boundaries or its kind are guesses, from a tagger or from its form.
    - `opening`: a single word that begins a sentence, whose capital proves nothing.
    """

    start: int
    end: int
    words: tuple[str, ...]
    mention: Mention | None = None
    sure: bool = True
    guessed: bool = False
    opening: bool = False

    def sort(self, text: str) -> str:
        """Return the kind of name: "place", "body" (in capitals), "person" or "other" (a single word)."""
        if text[self.start : self.end].isupper():
            return "body"
        if self.mention:
            return "place"
        return "person" if len(self.words) >= 2 else "other"


@cache
def wording() -> dict[str, dict[str, str] | str]:
    """Return word_lists.json: lists by language, or a single one, by kind."""
    wording: dict[str, dict[str, str] | str] = json.loads(_WORDING.read_text("utf-8"))
    return wording


@cache
def words_of(kind: str, language: str) -> frozenset[str]:
    """Return a word list, folded: "titles", "starters", "compass and eras", "common" or "particles"."""
    rows = wording()[kind]
    text = rows if isinstance(rows, str) else rows.get(language, "")
    return frozenset(
        text.split("|")
        if "|" in text
        else map(str.casefold if language == "vi" and kind == "starters" else fold, text.split())
    )


@lru_cache(maxsize=16384)
def is_common(word: str, language: str) -> bool:
    """Tell whether a word is a common word of institutions' names, which other languages translate."""
    folded = fold(word)
    common = words_of("common", language)
    if language == "ru":
        return any(folded[:size] in common for size in range(3, min(len(folded), 20) + 1)) or is_title(
            folded, "ru"
        )
    return folded in common or folded.removesuffix("s") in common or is_title(folded, language)


def translates(words: tuple[str, ...], language: str) -> bool:
    """Tell whether other languages may translate a name: a word is common, or half of them have a meaning."""
    languages = ("en", language)  # texts in all languages contain English names
    if any(is_common(word, one) for word in words for one in languages):
        return True
    return 2 * sum(any(_has_meaning(word, one) for one in languages) for word in words) >= len(words)


@lru_cache(maxsize=16384)
def _has_meaning(word: str, language: str) -> bool:
    """Tell whether a word has a meaning, by a list too wide to be applied to the parts of personal names."""
    return _has_stem(fold(word), words_of("translated", language), 4 if language == "ru" else 1)


def _has_stem(word: str, stems: frozenset[str], max_ending: int) -> bool:
    """Tell whether a word is one of the stems, of at least 3 letters, with at most `max_ending` more."""
    return any(word[:size] in stems for size in range(max(3, len(word) - max_ending), len(word) + 1))


def is_title(folded: str, language: str) -> bool:
    """Tell whether a folded word is a title or an office, not a name."""
    titles = words_of("titles", language)
    return _has_stem(folded, titles, 3) if language == "ru" else folded in titles


def is_calendar_word(folded: str, language: str) -> bool:
    """Tell whether a folded word is a month, a weekday, an era or a point of the compass."""
    if folded in _calendar_words(language):
        return True
    others = words_of("compass and eras", language)
    return _has_stem(folded, others, 3) if language == "ru" else folded in others


@cache
def _calendar_words(language: str) -> frozenset[str]:
    """Return months and weekdays; the abbreviated ones of English only, as French "sam" may be a name."""
    if language not in ("en", "fr", "ru"):
        return frozenset()
    short = language == "en"
    names = (*month_names(language, abbreviated=short), *weekday_names(language, abbreviated=short))
    return frozenset(map(fold, names))
