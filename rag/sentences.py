"""Where sentences begin and end, in any of Byline's languages.

The boundaries are sentencex's (MIT, https://github.com/wikimedia/sentencex), mended where it splits
after an abbreviation, before a closing quotation mark, or not at all within a long quotation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import sentencex

LANGUAGES = frozenset({"en", "fr", "zh", "vi", "ru", "de", "es", "it", "pt", "ja", "ko"})
"""Codes handed to sentencex; any other language is read by the English rules."""

_WINDOW = 4000
"""Characters given to sentencex at once: unbalanced quotation marks cost it quadratic time."""
_LONG = 300
"""sentencex never splits inside quotation marks: in a piece longer than this, we do."""
_CONTEXT = 32
"""Characters on either side of a boundary that decide whether it is one."""

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_NEWLINE = re.compile(r"\n\s*")
_LETTER = re.compile(r"[^\W\d_]")
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
"""Abbreviations before a name that sentencex takes for the end of a sentence, by language."""
_TITLE = {code: re.compile(rf"(?:^|[\s(«“\"'’.])(?:{words})\.$") for code, words in _TITLES.items()}
_COUNTED = re.compile(r"(?:^|[\s(])(?:[Nn]o|Nr|[Aa]rt|[Vv]ol|[Cc]hap|[Tt]r|[Рр]ис|[Сс]тр|[Сс]т|[Тт]абл)\.$")
"""Abbreviations before a number; many of them are words elsewhere (art, vol, рис)."""


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return `(start, end)` of every sentence, in characters of `text`, in order.

    The spans neither overlap nor begin or end with white space, and leave out nothing but white
    space. A blank line always ends a sentence; a line break does, unless the sentence plainly goes
    on in the next line. `language` is an ISO 639-1 code; an unknown one is read as English.
    """
    spans = []
    for start, end in _blocks(text):
        cuts = [start, *_kept(text, start, end, language), end]
        spans += [trimmed(text, a, b) for a, b in pairwise(cuts)]
    return [(a, b) for a, b in spans if a < b]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the white space at its ends; `start == end` where nothing is left."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))


def clings(text: str, at: int) -> bool:
    """Tell whether the character at `at` belongs to the one before: a mark or a joiner."""
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


def _kept(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield the candidates that are boundaries, moved where they belong."""
    lettered, seen = False, start
    for candidate in _candidates(text, start, end, language):
        cut = _moved(text, start, candidate, end)
        lettered = lettered or _LETTER.search(text, seen, cut) is not None
        seen = max(seen, cut)
        # Without a letter it is "1." or "(2)": the mark of the sentence that follows.
        if lettered and start < cut < end and _apart(text, cut, language):
            yield cut
            start, lettered = cut, False


def _candidates(text: str, start: int, end: int, language: str) -> list[int]:
    """Return ascending positions that may be boundaries; what looks like one to anybody."""
    cuts = [start, *_segmented(text, start, end, language), end]
    found = set(cuts[1:-1])
    for a, b in pairwise(cuts):
        if b - a > _LONG:
            found.update(match.end() for match in _STOP.finditer(text, a, b))
    found.update(match.end() for match in _NEWLINE.finditer(text, start, end))
    return sorted(found)


def _segmented(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield sentencex's boundaries, window by window, so that its time stays linear."""
    code = language if language in LANGUAGES else "en"
    while end - start > _WINDOW:
        cuts = _boundaries(code, text, start, start + _WINDOW)
        yield from cuts
        # The window's last sentence is read again, whole, unless the window would hardly advance.
        advanced = bool(cuts) and cuts[-1] - start > _WINDOW // 2
        start = cuts[-1] if advanced else start + _WINDOW
        if not advanced and text[start - 1].isspace():
            yield start
    yield from _boundaries(code, text, start, end)


def _boundaries(code: str, text: str, start: int, end: int) -> list[int]:
    pieces = sentencex.get_sentence_boundaries(code, text[start:end])
    return [start + int(piece["start_index"]) for piece in pieces if piece["start_index"] > 0]


def _moved(text: str, start: int, cut: int, end: int) -> int:
    """Move a boundary behind closing marks, and in front of the next item's number."""
    closers = _CLOSERS.match(text, cut, end)
    if closers:
        return closers.end()
    number = _NUMBER_AT_END.search(text[max(start, cut - _CONTEXT) : cut])
    return cut - len(number[1]) if number else cut


def _apart(text: str, cut: int, language: str) -> bool:
    """Tell whether what stands around `cut` are two sentences."""
    before = text[max(0, cut - _CONTEXT) : cut]
    left, first = before.rstrip(), text[cut : cut + 1]
    if clings(text, cut) or first in _NEVER_FIRST:
        return False
    if "\n" in before[len(left) :]:
        return not (first.islower() and (left[-1:].isalnum() or left[-1:] in ",-"))
    if first.islower():
        return False
    # sentencex knows English initials and tells "the U.K. The end" from "J. R. Smith" by itself.
    initial = language != "en" and _INITIAL.search(left)
    title = language in _TITLE and _TITLE[language].search(left)
    return not (initial or title or (first.isdigit() and _COUNTED.search(left)))
