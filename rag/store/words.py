"""Text → the words of the keyword index, and a question → the words to look for.

SQLite's FTS5 does not segment Chinese. Han text is indexed as overlapping pairs of characters, its last
character alone: a question's Chinese words become a prefix (one character), a pair, or a phrase of
pairs. That is exact for words of any length, no segmenter has to agree with itself between indexing and
asking, and a pair is far rarer than a character, so that it is found sooner.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_HAN = "[㐀-鿿豈-﫿\U00020000-\U0003ffff]"
_HAN_RUN = re.compile(f"{_HAN}+")
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)+|\w+")  # a number with its separators is one word
_SEAM = re.compile(r"(?<=[a-zß-öø-ÿа-яё\u1ea1-\u1ef9])(?=[A-ZÀ-ÖØ-ÞĐА-ЯЁ][a-zß-öø-ÿа-яё\u1ea1-\u1ef9])")
_GLUED = re.compile(rf"\b\w+{_SEAM.pattern}\w+")
_CYRILLIC = re.compile(r"[а-яё]+")
_FOLD = str.maketrans("đĐøØłŁ", "dDoOlL")  # letters that have no decomposition
_STEM_FROM, _ENDING = 5, 2  # Russian words from this length match without their ending
_NAME_FROM, _SHORTEST_STEM = 3, 3  # names from this one, which other words stand beside
_LONGEST_QUERY = 48  # words
_BETWEEN = 2  # words that may stand between those of a name: initials, a father's name
_PARTICLES = frozenset(
    "的了是在有和与及或也都就不吗呢吧啊么哪谁何几多少个这那此其之以为于从到对把被让向由给跟比将会能可要想"
    "我你他她它们很更最还又再才只没无上下中里内外前后时年月日号点分第一二三四五六七八九十百千两得着过地所"
)
"""Characters that say little by themselves; other words of one character are looked for."""


def index_words(text: str) -> str:
    """What the keyword index stores of a text; of words glued together ("inMoscow") their parts, too."""
    text = _GLUED.sub(lambda word: f"{word[0]} {_SEAM.sub(' ', word[0])}", text)
    return _HAN_RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} {run[0][-1]} ", fold(text))


def query_words(question: str, language: str = "") -> list[str]:
    """The words of a question in a language as terms of an FTS5 query, each once."""
    text = fold(question)
    words = [_han(word) for run in _HAN_RUN.findall(text) for word in _segment(run)]
    spaced = _WORD.findall(_HAN_RUN.sub(" ", text))
    words += [_spaced(word) for word in spaced]
    if language == "vi":  # spaces part syllables; most words are two of them
        words += [f'"{first} {second}"' for first, second in pairwise(spaced)]
    return list(dict.fromkeys(word for word in words if word))[:_LONGEST_QUERY]


def beside(name: str) -> str:
    """A name as an FTS5 query: its words beside one another, Russian ones in any form; "" without words."""
    text = fold(name)
    words = [_han(run) for run in _HAN_RUN.findall(text)]
    words += [_spaced(word, _NAME_FROM) for word in _WORD.findall(_HAN_RUN.sub(" ", text))]
    words = [word for word in words if word]
    return f"NEAR({' '.join(words)}, {_BETWEEN})" if len(words) > 1 else "".join(words)


def fold(text: str) -> str:
    """The text as it is compared: composed, without case, without letters that never decompose."""
    return unicodedata.normalize("NFC", text).casefold().translate(_FOLD)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _segment(run: str) -> list[str]:
    import rjieba  # loads its dictionary, a tenth of a second: only where Chinese is asked

    words: list[str] = rjieba.cut(run)
    return words


def _han(word: str) -> str:
    if len(word) == 1:
        return "" if word in _PARTICLES else f'"{word}"*'
    return f'"{" ".join(_pairs(word))}"'


def _spaced(word: str, stem_from: int = _STEM_FROM) -> str:
    if _CYRILLIC.fullmatch(word) and len(word) >= stem_from:
        return f'"{word[: max(len(word) - _ENDING, _SHORTEST_STEM)]}"*'
    return f'"{word}"' if len(word) > 1 or word.isdigit() else ""
