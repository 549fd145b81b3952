"""Terms of the keyword index: of a text when it is indexed, of a question when it is searched.

SQLite's FTS5 does not segment Chinese. Han text is indexed as overlapping character bigrams and its last
character; a Chinese word is searched as a prefix (one character), a bigram, or a phrase of bigrams. This
matches words of any length exactly, does not depend on a segmenter at indexing time, and bigrams are far
rarer than characters, hence faster.

English is stemmed by FTS5's Porter stemmer. Russian is matched by prefix, without a stemmer: Snowball gave
the same figures (docs/benchmarks.md, "Fusion"), and a prefix needs no other index.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.text.letters import plain_letters
from rag.text.scripts import HAN_RUN

_WORD = re.compile(r"\d+(?:[.,:/-]\d+)+|\w+")
"""A word; a number with its separators is one word."""
_SEAM = re.compile(r"(?<=[a-zß-öø-ÿа-яё\u1ea1-\u1ef9])(?=[A-ZÀ-ÖØ-ÞĐА-ЯЁ][a-zß-öø-ÿа-яё\u1ea1-\u1ef9])")
"""The place between two words that were run together, as in "inMoscow"."""
_GLUED = re.compile(rf"\b\w+{_SEAM.pattern}\w+")
_CYRILLIC = re.compile(r"[а-яё]+")
_MIN_INFLECTED_LETTERS, _ENDING_LETTERS = 5, 2
"""Minimum length of a Russian word that is searched as a prefix, and the number of letters cut off its end.
Chosen on XQuAD (docs/benchmarks.md)."""
_MIN_INFLECTED_NAME_LETTERS, _MIN_STEM_LETTERS = 3, 3
"""The minimum length for words of a name, and that of the prefix left. Not fitted."""
_MAX_QUERY_TERMS = 48
"""Maximum number of terms searched for a question. Not fitted."""
_MAX_NAME_GAP_WORDS = 2
"""Maximum number of other words among those of a name: initials, a patronymic. Not fitted."""
_PARTICLES = frozenset(
    "的了是在有和与及或也都就不吗呢吧啊么哪谁何几多少个这那此其之以为于从到对把被让向由给跟比将会能可要想"
    "我你他她它们很更最还又再才只没无上下中里内外前后时年月日号点分第一二三四五六七八九十百千两得着过地所"
)
"""Stop characters: words of one character that are not searched."""


def index_text(text: str) -> str:
    """Return the text to index; words run together ("inMoscow") are followed by their parts."""
    text = _GLUED.sub(lambda word: f"{word[0]} {_SEAM.sub(' ', word[0])}", text)
    return HAN_RUN.sub(lambda run: f" {' '.join(_bigrams(run[0]))} {run[0][-1]} ", plain_letters(text))


def query_terms(question: str, language: str = "") -> list[str]:
    """Return the distinct terms of a question, in FTS5 query syntax."""
    text = plain_letters(question)
    words = [_han_term(word) for run in HAN_RUN.findall(text) for word in _segment(run)]
    spaced = _WORD.findall(HAN_RUN.sub(" ", text))
    words += [_word_term(word) for word in spaced]
    if language == "vi":  # spaces separate syllables; most words have two
        words += [f'"{first} {second}"' for first, second in pairwise(spaced)]
    return list(dict.fromkeys(word for word in words if word))[:_MAX_QUERY_TERMS]


def phrase_query(name: str) -> str:
    """Return a name as an FTS5 NEAR query, Russian words in any case; "" if it has no words."""
    text = plain_letters(name)
    words = [_han_term(run) for run in HAN_RUN.findall(text)]
    words += [_word_term(word, _MIN_INFLECTED_NAME_LETTERS) for word in _WORD.findall(HAN_RUN.sub(" ", text))]
    words = [word for word in words if word]
    return f"NEAR({' '.join(words)}, {_MAX_NAME_GAP_WORDS})" if len(words) > 1 else "".join(words)


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _segment(run: str) -> list[str]:
    import rjieba  # takes 0.1 s to load: only for Chinese

    words: list[str] = rjieba.cut(run)
    return words


def _han_term(word: str) -> str:
    if len(word) == 1:
        return "" if word in _PARTICLES else f'"{word}"*'
    return f'"{" ".join(_bigrams(word))}"'


def _word_term(word: str, min_inflected: int = _MIN_INFLECTED_LETTERS) -> str:
    if _CYRILLIC.fullmatch(word) and len(word) >= min_inflected:
        return f'"{word[: max(len(word) - _ENDING_LETTERS, _MIN_STEM_LETTERS)]}"*'
    return f'"{word}"' if len(word) > 1 or word.isdigit() else ""
