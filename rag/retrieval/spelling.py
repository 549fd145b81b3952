"""Spelling correction: replaces misspelled names of a question by names of the library ("Lavrvo": Lavrov).

A word is misspelled if it does not occur in the library and exactly one name there is spelled similarly. The
question is searched in both spellings, and the reader sees the correction.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.store.keyword_terms import fold, query_terms
from rag.store.store import Store
from rag.text.edit_distance import edit_distance
from rag.text.language import ANSWER_LANGUAGES
from rag.text.question_language import VIETNAMESE_LETTER, is_function_word
from rag.types import Mended
from rag.verification.names.gazetteer import mentions

MIN_LETTERS = 5
"""Minimum length of a word that is corrected; shorter ones are similar to too many others. Checked with
bench/spelling.py."""
MIN_LETTERS_TWO_EDITS = 8
"""Minimum length of a word in which two edits are corrected, not one. Checked with bench/spelling.py."""
MIN_CAPITAL_SHARE = 0.9
"""Minimum share of a name's occurrences that are capitalised. Not fitted."""
_MAX_READ_PASSAGES = 20
"""Maximum passages in which the spelling of a term is looked up. Not fitted."""
_MAX_ENDING_LETTERS = 3
"""Maximum letters of a word's ending, which forms of the word may differ in. Not fitted."""
_MID_SENTENCE_WORD = re.compile(r"(?<=[\w,;)] )[^\W\d_]+|(?<=[’'-])[^\W\d_]+|(?<= [«“\"(])[^\W\d_]+")
"""Words within a sentence; at its beginning a capital does not mark a name."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = re.compile(r"[a-z]+|[а-я]+")
_CYRILLIC = re.compile(r"[а-я]")


class Spelling:
    """Corrects the names of questions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mended(self, question: str, language: str) -> tuple[Mended, ...]:
        """The misspelled words of a question with the library's spelling, in order."""
        found = {}
        for word in _WORD.findall(question):
            if word not in found and (known := self._correction(word, language)):
                found[word] = Mended(word, known)
        return tuple(found.values())

    def _correction(self, word: str, language: str) -> str:
        """The only name of the library spelled similarly to a word, "" if there is none or several."""
        plain = _plain(word)
        if len(plain) < MIN_LETTERS or not _SCRIPTS.fullmatch(plain) or _is_known(word):
            return ""
        if not self.is_unknown(word, language):
            return ""
        edits = 2 if len(plain) >= MIN_LETTERS_TWO_EDITS else 1
        similar = Counter[str]()
        for term in self._candidates(plain, edits):
            similar |= self._similar_words(term, plain, edits)
        return _only_name(similar)

    def is_unknown(self, word: str, language: str) -> bool:
        """Whether a word occurs nowhere in the library, in any form that a search finds."""
        return not any(map(self._store.keywords.has, query_terms(word, language)))

    def _candidates(self, plain: str, edits: int) -> Iterator[str]:
        """The index terms that may be the stem of a similar word."""
        longest = len(plain) + edits
        for first in dict.fromkeys(plain[:2]):  # the second too: the first two may be swapped
            shortest = len(plain) - edits - _MAX_ENDING_LETTERS
            for term in self._store.keywords.vocabulary.terms(first, shortest, longest):
                ends = range(max(len(term) - edits, 1), min(len(term) + edits, len(plain)) + 1)
                if any(edit_distance(term, plain[:end]) <= edits for end in ends):
                    yield term

    def _similar_words(self, term: str, plain: str, edits: int) -> Counter[str]:
        """The words similar to a misspelled one in the passages of a term, with their counts."""
        passages = self._store.ledger.passages(
            self._store.keywords.vocabulary.passages_of(term, _MAX_READ_PASSAGES)
        )
        words = Counter(
            word[0]
            for stored in passages.values()
            for word in _MID_SENTENCE_WORD.finditer(stored.passage.text)
        )
        return Counter({word: n for word, n in words.items() if _is_similar(_plain(word), plain, edits)})


def _is_known(word: str) -> bool:
    """Whether a word is in the gazetteer or a function word, or Vietnamese, where many words are similar."""
    if is_function_word(word.lower()) or VIETNAMESE_LETTER.search(word.lower()):
        return True
    return any(mentions(word, code) for code in ANSWER_LANGUAGES)


def with_mended(text: str, mended: Sequence[Mended]) -> str:
    """A text with its misspelled words in the library's spelling."""
    for one in mended:
        text = re.sub(rf"(?<![^\W\d_]){re.escape(one.word)}(?![^\W\d_])", one.known, text)
    return text


def _is_similar(known: str, plain: str, edits: int) -> bool:
    """Whether two words differ by a few edits; the first letter is right, or swapped with the second."""
    same_start = known[:1] == plain[:1] or known[:2] == plain[1::-1]
    return same_start and len(known) >= MIN_LETTERS and 0 < edit_distance(known, plain) <= edits


def _only_name(similar: Counter[str]) -> str:
    """The most frequent form of a name; "" if the words are forms of several, or none is a name."""
    occurrences = Counter[str]()
    for word, n in similar.items():
        occurrences[word.lower()] += n
    names = [
        word
        for word, n in similar.most_common()
        if word[0].isupper() and n >= MIN_CAPITAL_SHARE * occurrences[word.lower()]
    ]
    single = names and all(_is_form(_plain(word), _plain(names[0])) for word in similar)
    return names[0] if single else ""


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ in their endings only: one extends the other; Russian words share a stem."""
    shorter = min(len(one), len(other))
    stem = max(shorter - _MAX_ENDING_LETTERS + 1, MIN_LETTERS - 1) if _CYRILLIC.match(one) else shorter
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) < _MAX_ENDING_LETTERS


def _plain(word: str) -> str:
    """A word as the index stores it: in lower case, Latin letters without accents."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if not _CYRILLIC.match(letter) else letter
        for letter in fold(word)
    )
