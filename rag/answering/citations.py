"""Citation marks: normalises what models write, and assigns marks to sentences. Pure.

Models write a mark as [1], 【1】, [1, 2], [^1] or [Passage 1], and a stream splits it anywhere. The output
has only [n], where n is a passage of this answer; marks with other numbers are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.sentences import sentences
from rag.types import Citation, Sentence

_OPEN, _CLOSE = r"\[【［〔", r"\]】］〕"
_WORD = r"(?:passages?|sources?|n[o°]\.?|段落|段|文章|đoạn|отрыв\w*|extraits?|doc\w*)?"
_GAP = r"[^\S\n]*"  # a mark does not span lines
_NUMBERS = rf"\^?\d{{1,15}}(?:{_GAP}(?:[,，、;&–-]|and|et|和|và|и){_GAP}\^?\d{{1,15}})*"
_MARK = re.compile(rf"{_GAP}[{_OPEN}]{_GAP}{_WORD}{_GAP}:?{_GAP}({_NUMBERS}){_GAP}[{_CLOSE}]", re.IGNORECASE)
_PARTIAL = re.compile(rf"\s*[{_OPEN}][^{_CLOSE}\n]{{0,100}}$|\s+$")
_BROKEN_OFF = re.compile(rf"\s*[{_OPEN}]{_GAP}{_WORD}[\s\d,，、;&^–-]*$", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*[–-]\s*\^?(\d+)")
_ENDED = re.compile(r"[.!?…。！？；][\"'”’»」』)）]*\s*$")
_NORMALISED = re.compile(r"\[(\d{1,15})\]")
_LIKE_A_MARK = re.compile(r"\[(\d{1,3})\]")


def unmarked(text: str) -> str:
    """Return a quoted text on one line; its own "[1]" becomes "(1)", because it is no citation."""
    return _LIKE_A_MARK.sub(r"(\1)", " ".join(text.split()))


class MarkStream:
    """Normalises marks in a stream; text that may be part of a mark is held back."""

    def __init__(self, passages: int) -> None:
        self._passages, self._held = passages, ""

    def feed(self, text: str) -> str:
        """Add a piece; returns the text that is complete."""
        held = self._held + text
        partial = _PARTIAL.search(held)
        cut = partial.start() if partial else len(held)
        self._held = held[cut:]
        return self._resolve(held[:cut])

    def finish(self) -> str:
        """Return the text held back, without an incomplete mark."""
        return self._resolve(_BROKEN_OFF.sub("", self._held)).rstrip()

    def _resolve(self, text: str) -> str:
        return _MARK.sub(self._mark, text)

    def _mark(self, match: re.Match[str]) -> str:
        numbers = _RANGE.sub(lambda m: ",".join(map(str, range(int(m[1]), min(int(m[2]), 99) + 1))), match[1])
        known = [n for n in map(int, re.findall(r"\d+", numbers)) if 1 <= n <= self._passages]
        return (" " if known else "") + "".join(f"[{n}]" for n in dict.fromkeys(known))


def citations(text: str) -> list[Citation]:
    """Return the normalised marks of a text, in order."""
    return [Citation(int(m[1]), m.start(), m.end()) for m in _NORMALISED.finditer(text)]


def cited_sentences(text: str, language: str, passages: int) -> list[Sentence]:
    """Split an answer into sentences without marks, each with the passages cited in or directly after it."""
    plain, marks = _without_marks(text)
    spans = sentences(plain, language)
    cited: list[list[int]] = [[] for _ in spans]
    for position, n in marks:
        before = [i for i, (start, _) in enumerate(spans) if start < position]
        if spans and 1 <= n <= passages:
            cited[before[-1] if before else 0].append(n)
    return [
        Sentence(plain[start:end], tuple(dict.fromkeys(numbers)))
        for (start, end), numbers in zip(spans, cited, strict=True)
    ]


def without_fragment(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences without a last one that was cut off, that is, has no closing punctuation."""
    return [*sentences[:-1], *(last for last in sentences[-1:] if _ENDED.search(last.text))]


def _without_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its marks, and the offset and number of each mark."""
    plain, marks, last = "", [], 0
    for citation in citations(text):
        plain += text[last : citation.start].rstrip(" ")
        marks.append((len(plain), citation.n))
        last = citation.end
    return plain + text[last:], marks


def with_marks(
    text: str, verified: Sequence[Sentence], language: str, *, keep_unsupported: bool = False
) -> str:
    """Return the answer's text with each verified sentence followed by its marks.

    Unsupported sentences are left out unless `keep_unsupported` is set.
    """
    plain, _ = _without_marks(text)
    gap = "" if language in ("zh", "ja") else " "
    marked, last = "", 0
    for sentence in verified:
        start = plain.index(sentence.text, last)
        end = start + len(sentence.text)
        marks = "".join(f"[{n}]" for n in sentence.citations)
        if keep_unsupported or sentence.support != "unsupported":
            marked += plain[last:end] + (gap + marks if marks else "")
        last = end
    return (marked + plain[last:]).strip()
