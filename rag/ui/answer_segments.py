"""Split an answer's text into paragraphs of words and citations, for the page to draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NotRequired, TypedDict

from rag.text.answer_markdown import ITEM, TABLE_RULE
from rag.types import Sentence

_MARK = re.compile(r"[ \t]*\[(\d{1,3})\]")
_DECORATION = re.compile(r"\*\*|^#{1,6} +", re.MULTILINE)
"""Markdown that is removed from an answer's text: emphasis and heading marks. Lists are kept."""
_HEADING = re.compile(r"#{1,6} +\S")
_CLOSING = frozenset(".,;:!?…)»”\"’'。，；：！？、）》」』")
"""Punctuation behind which a citation is placed, like the number of a footnote."""
_IDEOGRAPHS = re.compile(r"[\u3000-\u9fff\uff00-\uffef]{1,3}$")
_WORD = re.compile(r"\S{0,12}$")

Mark = tuple[int, int]
"""Offset of a citation in the text without marks, and its passage number, from 1."""
Range = tuple[int, int]


class Segment(TypedDict):
    """Words (`t`), or a citation (`c`, the passage number) with the word before it (no break between).

    `s` is the number of its sentence, from 0.
    """

    t: NotRequired[str]
    c: NotRequired[int]
    s: NotRequired[int]


class Paragraph(TypedDict):
    """A paragraph, a heading, a list item, or a cell of a table ("th" in its first row).

    `label` is the heading of a cell's column.
    """

    kind: Literal["p", "h", "li", "th", "td"]
    segments: list[Segment]
    label: NotRequired[str]


def paragraphs(text: str, passages: int, sentences: Sequence[Sentence] = ()) -> list[Paragraph]:
    """Split `text` at its lines, marks and sentences.

    Marks above `passages`, the number of passages, are dropped. A citation without a mark in the text is
    placed at the end of its sentence. A sentence that does not occur in the text gets no number.
    """
    lines = text.split("\n")
    headings = {n for n, line in enumerate(lines) if _HEADING.match(line)}
    words, marks = _without_marks(_DECORATION.sub("", text), passages)
    ranges = _sentence_ranges(words, sentences)
    marks = sorted(marks + _unmarked(ranges, marks, sentences, passages), key=lambda mark: mark[0])
    found: list[Paragraph] = []
    columns: list[str] = []
    for n, (start, end) in _lines(words):
        cells = [(start + a, start + b) for a, b in _cells(words[start:end])]
        made = [_paragraph(words, span, marks, ranges) for span in cells or [(start, end)]]
        if cells:
            head = not columns
            columns = columns or [words[a:b] for a, b in cells]
            found += [_cell(*one, head=head) for one in zip(made, columns, strict=False)]
        else:
            found += [{**one, "kind": "h"} if n in headings else one for one in made]
            columns = []
    return found


def _cells(line: str) -> list[Range]:
    """Return the ranges of the cells in a line "| … | … |"; none for another line."""
    if not (line.startswith("| ") and line.endswith(" |")):
        return []
    bounds = [match.start() for match in re.finditer(r"(?:^| )\|(?= |$)", line)]
    return [(a + 2 + bool(a), b) for a, b in pairwise(bounds)]


def _cell(paragraph: Paragraph, column: str, *, head: bool) -> Paragraph:
    return {**paragraph, "kind": "th"} if head else {**paragraph, "kind": "td", "label": column}


def _without_marks(text: str, passages: int) -> tuple[str, list[Mark]]:
    words, marks, at = "", [], 0
    for mark in _MARK.finditer(text):
        words += text[at : mark.start()]
        if 1 <= int(mark[1]) <= passages:
            marks.append((len(words), int(mark[1])))
        at = mark.end()
    words += text[at:]
    return words, [(_after_punctuation(words, at), n) for at, n in marks]


def _after_punctuation(words: str, at: int) -> int:
    while at < len(words) and words[at] in _CLOSING:
        at += 1
    return at


def _sentence_ranges(words: str, sentences: Sequence[Sentence]) -> list[Range | None]:
    """Find the range of each sentence, ignoring white space."""
    offsets = [i for i, c in enumerate(words) if not c.isspace()]
    letters, cursor = "".join(words[i] for i in offsets), 0
    found: list[Range | None] = []
    for sentence in sentences:
        wanted = "".join(_DECORATION.sub("", sentence.text).split())
        at = letters.find(wanted, cursor) if wanted else -1
        if at < 0:
            found.append(None)
            continue
        cursor = at + len(wanted)
        found.append((offsets[at], offsets[cursor - 1] + 1))
    return found


def _unmarked(
    ranges: Sequence[Range | None], marks: Sequence[Mark], sentences: Sequence[Sentence], passages: int
) -> list[Mark]:
    """Return marks for citations added by matching, at the ends of their sentences."""
    starts = [r[0] for r in ranges if r] + [1 << 62]
    added: list[Mark] = []
    for span, sentence in zip(ranges, sentences, strict=True):
        if span is None:
            continue
        following = min(start for start in starts if start > span[0])
        marked = {n for at, n in marks if span[0] <= at < following}
        added += [(span[1], n) for n in sentence.citations if n not in marked and 1 <= n <= passages]
    return added


def _lines(words: str) -> Iterator[tuple[int, Range]]:
    """Yield the number and the range of each line that is not empty."""
    at = 0
    for n, line in enumerate(words.split("\n")):
        if line.strip() and not TABLE_RULE.fullmatch(line):
            yield n, (at, at + len(line))
        at += len(line) + 1


def _paragraph(words: str, line: Range, marks: Sequence[Mark], ranges: Sequence[Range | None]) -> Paragraph:
    start, end = line
    item = ITEM.match(words, start, end)
    start = item.end() if item else start
    in_line = [(max(at, start), n) for at, n in marks if line[0] <= at <= end]
    edges = {start, end, *(at for at, _ in in_line)}
    edges |= {edge for r in ranges if r for edge in r if start < edge < end}
    segments: list[Segment] = []
    cuts = sorted(edges)
    for left, right in zip(cuts, [*cuts[1:], end], strict=True):
        segments += [_with_sentence({"c": n}, at, ranges, mark=True) for at, n in in_line if at == left]
        if left < right:
            segments.append(_with_sentence({"t": words[left:right]}, left, ranges))
    return {"kind": "li" if item else "p", "segments": _attached_to_words(segments)}


def _attached_to_words(segments: list[Segment]) -> list[Segment]:
    """Move the last word before a citation into its segment, so that no line breaks between them."""
    joined: list[Segment] = []
    for segment in segments:
        before = joined[-1] if joined else None
        if "c" in segment and before and "c" not in before and before.get("s") == segment.get("s"):
            joined.pop()
            words, last = _last_word(before["t"])
            if words:
                joined.append({**before, "t": words})
            joined.append({**segment, "t": last})
        else:
            joined.append(segment)
    return joined


def _last_word(text: str) -> tuple[str, str]:
    last = _IDEOGRAPHS.search(text) or _WORD.search(text)
    cut = last.start() if last else len(text)
    return text[:cut], text[cut:]


def _with_sentence(
    segment: Segment, at: int, ranges: Sequence[Range | None], *, mark: bool = False
) -> Segment:
    """Add the number of the sentence; a citation directly behind a sentence belongs to it."""
    for index, span in enumerate(ranges):
        if span and (span[0] < at <= span[1] if mark else span[0] <= at < span[1]):
            return {**segment, "s": index}
    return segment
