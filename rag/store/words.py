"""Text → the words of the keyword index, and a question → the words to look for.

SQLite's FTS5 does not segment Chinese. Each Han character is indexed as a word of its own, and a
question's Chinese words become phrases of characters: exact for words of any length, and no
segmenter has to agree with itself between indexing and asking.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_HAN_RUN = re.compile(rf"{_HAN.pattern}+")
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[а-яё]+")
_FOLD = str.maketrans("đĐøØłŁ", "dDoOlL")  # letters that have no decomposition
_STEM_FROM, _ENDING = 5, 2  # Russian words from this length match without their ending
_LONGEST_QUERY = 48  # words


def index_words(text: str) -> str:
    """What the keyword index stores of a text."""
    return _HAN.sub(lambda han: f" {han[0]} ", _fold(text))


def query_words(question: str) -> list[str]:
    """A question's words as terms of an FTS5 query, each once."""
    text = _fold(question)
    words = [_phrase(word) for run in _HAN_RUN.findall(text) for word in _segment(run)]
    words += [_latin(word) for word in _WORD.findall(_HAN_RUN.sub(" ", text))]
    return list(dict.fromkeys(word for word in words if word))[:_LONGEST_QUERY]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(_FOLD)


def _segment(run: str) -> list[str]:
    import rjieba  # loads its dictionary, a tenth of a second: only where Chinese is asked

    words: list[str] = rjieba.cut(run)
    return words


def _phrase(word: str) -> str:
    if len(word) == 1:
        return ""  # single characters are nearly all particles; names and terms have two or more
    return '"' + " ".join(word) + '"'


def _latin(word: str) -> str:
    if _CYRILLIC.fullmatch(word) and len(word) >= _STEM_FROM:
        return f'"{word[:-_ENDING]}"*'
    return f'"{word}"' if len(word) > 1 or word.isdigit() else ""
