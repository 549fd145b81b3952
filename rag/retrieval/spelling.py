"""Correct misspelled names in questions by the library's names ("Lavrvo": Lavrov).

A word counts as misspelled if it does not occur in the library and exactly one name there is spelled
similarly. The question is searched in both spellings, and the reader sees the correction.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.store.keyword_terms import query_terms
from rag.store.store import Store
from rag.text.edit_distance import edit_distance
from rag.text.language import ANSWER_LANGUAGES
from rag.text.letters import plain_letters
from rag.text.question_language import VIETNAMESE_LETTER, is_function_word
from rag.types import Mended
from rag.verification.names.gazetteer import mentions

MIN_LETTERS = 5
"""Minimum length of a word that is corrected; shorter words resemble too many others. Checked with
bench/spelling.py."""
MIN_LETTERS_TWO_EDITS = 8
"""Minimum length of a word in which two edits are corrected, not one. Checked with bench/spelling.py."""
MIN_CAPITAL_SHARE = 0.9
"""Minimum share of a name's occurrences that are capitalised. Not fitted."""
_MAX_READ_PASSAGES = 20
"""Maximum number of passages in which the spelling of a term is looked up. Not fitted."""
_MAX_ENDING_LETTERS = 3
"""Maximum length of the endings in which forms of a word differ. Not fitted."""
_MID_SENTENCE_WORD = re.compile(r"(?<=[\w,;)] )[^\W\d_]+|(?<=[’'-])[^\W\d_]+|(?<= [«“\"(])[^\W\d_]+")
"""A word that does not begin a sentence, so that a capital marks a name."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = re.compile(r"[a-z]+|[а-я]+")
_CYRILLIC = re.compile(r"[а-я]")


class Spelling:
    """Corrects the names of questions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mended(self, question: str, language: str) -> tuple[Mended, ...]:
        """Return the misspelled words of a question with the library's spelling, in order."""
        found = {}
        for word in _WORD.findall(question):
            if word not in found and (known := self._correction(word, language)):
                found[word] = Mended(word, known)
        return tuple(found.values())

    def _correction(self, word: str, language: str) -> str:
        """Return the only name of the library spelled similarly to a word; "" if there is none or several."""
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
        """Tell whether the library contains no form of a word that a keyword search finds."""
        return not any(map(self._store.keywords.has, query_terms(word, language)))

    def _candidates(self, plain: str, edits: int) -> Iterator[str]:
        """Yield the index terms that may be the stem of a similar word."""
        longest = len(plain) + edits
        for first in dict.fromkeys(plain[:2]):  # also the second letter, which may be swapped with the first
            shortest = len(plain) - edits - _MAX_ENDING_LETTERS
            for term in self._store.keywords.table.terms(first, shortest, longest):
                ends = range(max(len(term) - edits, 1), min(len(term) + edits, len(plain)) + 1)
                if any(edit_distance(term, plain[:end]) <= edits for end in ends):
                    yield term

    def _similar_words(self, term: str, plain: str, edits: int) -> Counter[str]:
        """Count the words similar to a misspelled one in the passages of a term."""
        passages = self._store.ledger.passages(
            self._store.keywords.table.passages_of(term, _MAX_READ_PASSAGES)
        )
        words = Counter(
            word[0]
            for stored in passages.values()
            for word in _MID_SENTENCE_WORD.finditer(stored.passage.text)
        )
        return Counter({word: n for word, n in words.items() if _is_similar(_plain(word), plain, edits)})


def _is_known(word: str) -> bool:
    """Tell whether a word is a function word, in the gazetteer, or Vietnamese (its words are similar)."""
    if is_function_word(word.lower()) or VIETNAMESE_LETTER.search(word.lower()):
        return True
    return any(mentions(word, code) for code in ANSWER_LANGUAGES)


def with_mended(text: str, mended: Sequence[Mended]) -> str:
    """Replace the misspelled words of a text by the library's spelling."""
    for one in mended:
        text = re.sub(rf"(?<![^\W\d_]){re.escape(one.word)}(?![^\W\d_])", one.known, text)
    return text


def _is_similar(known: str, plain: str, edits: int) -> bool:
    """Tell whether two words differ by 1 to `edits` edits.

    The first letter must be right, or swapped with the second.
    """
    same_start = known[:1] == plain[:1] or known[:2] == plain[1::-1]
    return same_start and len(known) >= MIN_LETTERS and 0 < edit_distance(known, plain) <= edits


def _only_name(similar: Counter[str]) -> str:
    """Return the most frequent form of a name; "" if the words are forms of several, or none is a name."""
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
    """Tell whether two words differ only in their endings: one extends the other, or Russian stems agree."""
    shorter = min(len(one), len(other))
    stem = max(shorter - _MAX_ENDING_LETTERS + 1, MIN_LETTERS - 1) if _CYRILLIC.match(one) else shorter
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) < _MAX_ENDING_LETTERS


def _plain(word: str) -> str:
    """Return a word as the index stores it: in lower case, Latin letters without accents."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if not _CYRILLIC.match(letter) else letter
        for letter in plain_letters(word)
    )
