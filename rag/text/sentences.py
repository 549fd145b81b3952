"""Split text into sentences.

The boundaries are sentencex's (MIT, https://github.com/wikimedia/sentencex), corrected where it splits
after an abbreviation or before a closing quotation mark, or does not split a long quotation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import sentencex

LANGUAGES = frozenset({"en", "fr", "zh", "vi", "ru", "de", "es", "it", "pt", "ja", "ko"})
"""Languages passed to sentencex; any other uses the English rules."""

_WINDOW_CHARACTERS = 4000
"""Maximum characters per call of sentencex, whose time is quadratic for unbalanced quotation marks. Not
fitted."""
_MAX_QUOTATION_CHARACTERS = 300
"""Maximum length of a quotation that is not split; sentencex never splits one. Not fitted."""
_CONTEXT_CHARACTERS = 32
"""Number of characters examined on either side of a boundary, more than any abbreviation below has."""

CACHE_SIZE = 512
"""Number of passages whose sentence spans are cached: those of about ten answers. Not fitted."""

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_NEWLINE = re.compile(r"\n\s*")
_LETTER = re.compile(r"[^\W\d_]")
_ONLY_WORDS = re.compile(r"[^\W\d_]++(?: [^\W\d_]++)*+")
"""Words between single spaces: a text without any possible sentence boundary."""
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]{0,4}\s+|(?<![。！？])[。！？]++[”’』」）)\"]{0,4}\s*")
_CLOSERS = re.compile(r"(?:\s{0,2}[”»』」）)\]}】]|[’'\"](?=\s|$)){1,8}\s*")
_NUMBER_AT_END = re.compile(r"(?:[。！？；：]\s*|[:;]\s+)(\d{1,2}[.、．]\s*)$")
_NEVER_FIRST = frozenset(",;:.!?…)]}»”』」）】，；：。！？、")
_INITIAL = re.compile(r"(?:^|[\s(«“\"'’.\-])[A-ZÀ-ÖØ-ÞĐƠƯА-ЯЁ]\.$")
_TITLES = {
    "vi": r"TP|TX|GS|PGS|TS|ThS|BS|KS|LS|CN|ĐH|NSND|NSƯT|NXB|Tr",
    "fr": r"MM|Mmes?|Mlles?|Dr|Pr|Me|Mgr|Ste?|gén|[Aa]v",
    "ru": r"[Гг]ен|[Пп]роф|[Аа]кад|[Уу]л|[Пп]росп|[Оо]бл",
}
"""Abbreviations that precede a name, and that sentencex takes for the end of a sentence, by language."""
_BEFORE_NAME = {code: re.compile(rf"(?:^|[\s(«“\"'’.])(?:{words})\.$") for code, words in _TITLES.items()}
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(])(?:[Nn]o|Nr|[Aa]rt|[Vv]ol|[Cc]hap|[Tt]r|[Рр]ис|[Сс]тр|[Сс]т|[Тт]абл)\.$"
)
"""Abbreviations if a number follows; many are words otherwise (art, vol, рис)."""


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return `(start, end)` of every sentence, in characters of `text`, in order.

    The spans do not overlap, and together cover everything but white space. A blank line always ends a
    sentence; a line break does unless the next line continues it. `language` is an ISO 639-1 code.
    """
    if _ONLY_WORDS.fullmatch(text):
        return [(0, len(text))]
    spans = []
    for start, end in _blocks(text):
        cuts = [start, *_accepted_boundaries(text, start, end, language), end]
        spans += [trimmed(text, a, b) for a, b in pairwise(cuts)]
    return [(a, b) for a, b in spans if a < b]


@lru_cache(maxsize=CACHE_SIZE)
def sentence_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Return `sentences` of a passage, cached because retrieval, ranking and verification need them."""
    return tuple(sentences(text, language))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without surrounding white space; `start == end` if nothing remains."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))


def joins_previous(text: str, at: int) -> bool:
    """Tell whether the character at `at` combines with its predecessor: it is a mark, or follows a joiner."""
    if not 0 < at < len(text):
        return False
    mark = unicodedata.category(text[at]).startswith("M") or "\u200d" in text[at - 1 : at + 1]
    return mark and not text[at - 1].isspace()


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between blank lines."""
    start = 0
    for blank in _BLANK.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def _accepted_boundaries(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield the candidates that are boundaries, adjusted to closing marks and list numbers."""
    has_letter, examined = False, start
    for candidate in _candidates(text, start, end, language):
        cut = _adjusted(text, start, candidate, end)
        has_letter = has_letter or _LETTER.search(text, examined, cut) is not None
        examined = max(examined, cut)
        # Without a letter it is "1." or "(2)", the number of the next sentence.
        if has_letter and start < cut < end and _is_boundary(text, cut, language):
            yield cut
            start, has_letter = cut, False


def _candidates(text: str, start: int, end: int, language: str) -> list[int]:
    """Return candidate boundaries in ascending order: sentencex's, line breaks, stops in long quotations."""
    cuts = [start, *_segment(text, start, end, language), end]
    found = set(cuts[1:-1])
    for a, b in pairwise(cuts):
        if b - a > _MAX_QUOTATION_CHARACTERS:
            found.update(match.end() for match in _STOP.finditer(text, a, b))
    found.update(match.end() for match in _NEWLINE.finditer(text, start, end))
    return sorted(found)


def _segment(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield sentencex's boundaries, window by window, so that the time is linear."""
    code = language if language in LANGUAGES else "en"
    while end - start > _WINDOW_CHARACTERS:
        cuts = _boundaries(code, text, start, start + _WINDOW_CHARACTERS)
        yield from cuts
        # The window's last sentence may be incomplete, so the next window begins with it.
        advanced = bool(cuts) and cuts[-1] - start > _WINDOW_CHARACTERS // 2
        start = cuts[-1] if advanced else start + _WINDOW_CHARACTERS
        if not advanced and text[start - 1].isspace():
            yield start
    yield from _boundaries(code, text, start, end)


def _boundaries(code: str, text: str, start: int, end: int) -> list[int]:
    pieces = sentencex.get_sentence_boundaries(code, text[start:end])
    return [start + int(piece["start_index"]) for piece in pieces if piece["start_index"] > 0]


def _adjusted(text: str, start: int, cut: int, end: int) -> int:
    """Move a boundary behind closing marks and before the number of the next list item."""
    closers = _CLOSERS.match(text, cut, end)
    if closers:
        return closers.end()
    number = _NUMBER_AT_END.search(text[max(start, cut - _CONTEXT_CHARACTERS) : cut])
    return cut - len(number[1]) if number else cut


def _is_boundary(text: str, cut: int, language: str) -> bool:
    """Tell whether `cut` separates two sentences."""
    before = text[max(0, cut - _CONTEXT_CHARACTERS) : cut]
    left, first = before.rstrip(), text[cut : cut + 1]
    if joins_previous(text, cut) or first in _NEVER_FIRST:
        return False
    if "\n" in before[len(left) :]:
        return not (first.islower() and (left[-1:].isalnum() or left[-1:] in ",-"))
    if first.islower():
        return False
    # sentencex itself distinguishes "the U.K. The end" from "J. R. Smith" in English.
    initial = language != "en" and _INITIAL.search(left)
    title = language in _BEFORE_NAME and _BEFORE_NAME[language].search(left)
    return not (initial or title or (first.isdigit() and _BEFORE_NUMBER.search(left)))
