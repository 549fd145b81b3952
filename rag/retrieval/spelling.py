"""Mend misspelled names in a question by the names in the library ("Lavrvo": Lavrov).

A word is misspelled where it stands nowhere in the library and exactly one name there is spelled nearly so.
The question is searched in both spellings, and the reader is told.
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
"""Letters from which a word may be mended; shorter ones are near too many others. Checked with
bench/spelling.py."""
MIN_LETTERS_TWO_EDITS = 8
"""Letters from which two edits are mended, not one. Checked with bench/spelling.py."""
MIN_CAPITAL_SHARE = 0.9
"""Share of a known word's occurrences with a capital from which it is a name. Not fitted."""
_READ_PASSAGES = 20
"""Passages in which the spelling of a term is looked up. Not fitted."""
_ENDING_LETTERS = 3
"""Letters by which a word may be longer than its stem, or than another form of it. Not fitted."""
_INSIDE = re.compile(r"(?<=[\w,;)] )[^\W\d_]+|(?<=[’'-])[^\W\d_]+|(?<= [«“\"(])[^\W\d_]+")
"""Words that do not begin a sentence, where a capital marks no name."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = re.compile(r"[a-z]+|[а-я]+")
_CYRILLIC = re.compile(r"[а-я]")


class Spelling:
    """Mends the names of questions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mended(self, question: str, language: str) -> tuple[Mended, ...]:
        """The misspelled words of a question with the library's spelling, in order."""
        found = {}
        for word in _WORD.findall(question):
            if word not in found and (known := self._known(word, language)):
                found[word] = Mended(word, known)
        return tuple(found.values())

    def _known(self, word: str, language: str) -> str:
        """The one name of the library that is nearly a word, "" where there is none or several."""
        plain = _plain(word)
        if len(plain) < MIN_LETTERS or not _SCRIPTS.fullmatch(plain) or _is_right(word):
            return ""
        if not self.is_unknown(word, language):
            return ""
        edits = 2 if len(plain) >= MIN_LETTERS_TWO_EDITS else 1
        near = Counter[str]()
        for term in self._candidates(plain, edits):
            near |= self._near(term, plain, edits)
        return _only_name(near)

    def is_unknown(self, word: str, language: str) -> bool:
        """Whether a word stands nowhere in the library, in any form that a search finds."""
        return not any(map(self._store.keywords.has, query_terms(word, language)))

    def _candidates(self, plain: str, edits: int) -> Iterator[str]:
        """The terms that may be the stem of a word nearly so."""
        longest = len(plain) + edits
        for first in dict.fromkeys(plain[:2]):  # the second too: the first two may be swapped
            shortest = len(plain) - edits - _ENDING_LETTERS
            for term in self._store.keywords.vocabulary.terms(first, shortest, longest):
                ends = range(max(len(term) - edits, 1), min(len(term) + edits, len(plain)) + 1)
                if any(edit_distance(term, plain[:end]) <= edits for end in ends):
                    yield term

    def _near(self, term: str, plain: str, edits: int) -> Counter[str]:
        """The words near a misspelled one in the passages of a term, as they are written."""
        passages = self._store.ledger.passages(
            self._store.keywords.vocabulary.passages_of(term, _READ_PASSAGES)
        )
        words = Counter(
            word[0] for stored in passages.values() for word in _INSIDE.finditer(stored.passage.text)
        )
        return Counter({word: n for word, n in words.items() if _is_near(_plain(word), plain, edits)})


def _is_right(word: str) -> bool:
    """Whether a word is known elsewhere, or a Vietnamese syllable, which is near many others."""
    if is_function_word(word.lower()) or VIETNAMESE_LETTER.search(word.lower()):
        return True
    return any(mentions(word, code) for code in ANSWER_LANGUAGES)


def with_mended(text: str, mended: Sequence[Mended]) -> str:
    """A text with its misspelled words as the library spells them."""
    for one in mended:
        text = re.sub(rf"(?<![^\W\d_]){re.escape(one.word)}(?![^\W\d_])", one.known, text)
    return text


def _is_near(known: str, plain: str, edits: int) -> bool:
    """Whether two words differ by a few edits; the first letter is right, or swapped with the second."""
    begins = known[:1] == plain[:1] or known[:2] == plain[1::-1]
    return begins and len(known) >= MIN_LETTERS and 0 < edit_distance(known, plain) <= edits


def _only_name(near: Counter[str]) -> str:
    """The commonest of several forms of one name; "" where another word is near, too."""
    written = Counter[str]()
    for word, n in near.items():
        written[word.lower()] += n
    names = [
        word
        for word, n in near.most_common()
        if word[0].isupper() and n >= MIN_CAPITAL_SHARE * written[word.lower()]
    ]
    one = names and all(_is_form(_plain(word), _plain(names[0])) for word in near)
    return names[0] if one else ""


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ by their endings alone: one goes on as the other ends, in Russian both may."""
    shorter = min(len(one), len(other))
    stem = max(shorter - _ENDING_LETTERS + 1, MIN_LETTERS - 1) if _CYRILLIC.match(one) else shorter
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) < _ENDING_LETTERS


def _plain(word: str) -> str:
    """A word in lower case, Latin letters without accents, as the index has it."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if not _CYRILLIC.match(letter) else letter
        for letter in fold(word)
    )
