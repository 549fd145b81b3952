"""Lines with their places on pages → paragraphs: what a page repeats goes, what a line broke is joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.reading.cleaning.line_rules import ends_sentence
from rag.reading.cleaning.publication_dates import TOP, datelines

_MARGIN = 0.08
"""Share of a page's height, above and below, in which running heads and page numbers stand."""
_NUMBER = re.compile(
    r"[-–—\s|]*(?:(?:page|p\.|trang|стр\.?|第)\s*)?\d{1,4}"
    r"(?:\s*(?:页|of|/|sur|из|-)\s*\d{1,4})?(?:\s*页)?[-–—\s|]*",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"(?:https?|file)://\S+|\d{1,4}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d{2}")
"""What browsers print above and below a page."""
_SMALL = 0.89
"""Size of footnotes beside the text's, at most."""
_INITIAL = 1.5
"""Size of a large initial beside the text's, at least."""
_INDENT = 0.8
_APART = 1.45
"""Size of the gap between paragraphs beside that between lines, at least."""
_DOUBLE = 1.9
"""Distance of baselines, in sizes, from which on a text is double-spaced."""
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_WORD = re.compile(r"[\w-]+")
_ITEM = re.compile(r"\s*(?:[•▪◦●–—*-]\s|\d{1,2}[.)]\s|\([a-z\d]\)\s)")
_WINDOW = 12
"""Lines before and after that tell how wide a column is."""
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_REST = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its text, where it begins and ends, its baseline, all in points from below and left.

    `size` is its font's, `height` the page's; `soft` tells that it ends with a hyphen that only the
    line's end has put there, and that is not in the text. `upright` is False of a stamp in the margin.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    height: float
    soft: bool = False
    upright: bool = True


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size that most of the text is set in."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without running heads, page numbers and what browsers print around them."""
    seen = Counter(key for page in pages for key in {_key(line) for line in page if _in_margin(line)})
    most = max(2, len(pages) // 3)
    small = _SMALL * body_size(pages)

    def is_around(line: Line) -> bool:
        repeated = seen[_key(line)] >= most or _NUMBER.fullmatch(line.text)
        head = line.y > line.height / 2 or _PRINTED.search(line.text)
        return _in_margin(line) and bool(repeated or (line.size < small and head))

    return [[line for line in page if not is_around(line)] for page in pages]


def with_initials(lines: Sequence[Line]) -> list[Line]:
    """Put large initials before the line that each begins."""
    done = list[Line]()
    for line in lines:
        if done and _is_initial(done[-1], line):
            done[-1] = replace(line, text=done[-1].text + line.text, left=done[-1].left)
        else:
            done.append(line)
    return done


def _is_initial(before: Line, line: Line) -> bool:
    return (
        before.text.isalpha()
        and len(before.text) == 1
        and before.size > _INITIAL * line.size
        and line.text[0].islower()
    )


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of all pages, footnotes last."""
    small = _SMALL * body_size(pages)
    text, notes = list[Line](), list[Line]()
    for page in pages:
        foot = _foot(page, small)
        text += page[: len(page) - foot]
        notes += page[len(page) - foot :]
    words = Counter(word for line in text for word in _WORD.findall(line.text.casefold()))
    return [*_joined(text, words), *_joined(notes, words)]


def _in_margin(line: Line) -> bool:
    return not _MARGIN * line.height < line.y < (1 - _MARGIN) * line.height


def _key(line: Line) -> str:
    """What is the same of a running head on every page."""
    return re.sub(r"\d+", "0", line.text.casefold())


def _foot(page: Sequence[Line], small: float) -> int:
    """How many of a page's last lines are footnotes: smaller than the text, in its lower half."""
    count = 0
    for line in reversed(page):
        if line.size > small or line.y > line.height / 2:
            break
        count += 1
    return count if count < len(page) else 0


def _joined(lines: Sequence[Line], words: Counter[str]) -> list[str]:
    """Join lines into paragraphs."""
    gap = _line_gap(lines)
    done = list[str]()
    for n, line in enumerate(lines):
        if n and _goes_on(lines, n, gap):
            done[-1] = _with(done[-1], line.text, words, soft=lines[n - 1].soft)
        else:
            done.append(line.text)
    return done


def _line_gap(lines: Sequence[Line]) -> float:
    """The distance between baselines within paragraphs, in units of the size: one of the smallest."""
    gaps = sorted((a.y - b.y) / b.size for a, b in pairwise(lines) if 0 < a.y - b.y < 3 * b.size)
    single = [gap for gap in gaps if gap < _DOUBLE] or gaps
    return single[len(single) // 5] if single else 1.2


def _goes_on(lines: Sequence[Line], n: int, gap: float) -> bool:
    """Tell whether a line belongs to the paragraph of the one before it."""
    before, line = lines[n - 1], lines[n]
    if before.soft:
        return True
    other_size = abs(before.size - line.size) > 0.1 * line.size
    if other_size or _ITEM.match(line.text) or (n < TOP and datelines([before.text, line.text])):
        return False
    if before.y - line.y <= 0 or before.y - line.y > 3 * line.size * gap:  # the next column, or page
        return not ends_sentence(before.text) and _fills(lines, n - 1, line)
    if before.y - line.y > _APART * gap * line.size:
        return False
    if line.left - before.left > _INDENT * line.size and ends_sentence(before.text):
        return False
    return _fills(lines, n - 1, line) or not ends_sentence(before.text)


def _fills(lines: Sequence[Line], n: int, after: Line) -> bool:
    """Tell whether a line had no room for the first word of the line after."""
    line = lines[n]
    beside = [
        other.right
        for other in lines[max(0, n - _WINDOW) : n + _WINDOW]
        if abs(other.left - line.left) < 3 * line.size
    ]
    word = 2.0 if _UNSPACED.match(after.text) else 0.45 * len(after.text.split(maxsplit=1)[0]) + 0.3
    return line.right + word * line.size > max(beside) - 0.2 * line.size


def _with(text: str, more: str, words: Counter[str], *, soft: bool) -> str:
    """Put a line behind a paragraph; a hyphen that only the line's end asked for goes."""
    broken, rest = _BROKEN.search(text), _REST.match(more)
    if soft:
        return text + more
    if broken and rest:
        whole, hyphened = (f"{broken[1]}{mark}{rest[0]}".casefold() for mark in ("", "-"))
        keeps = words[hyphened] > words[whole] or not rest[0][0].islower()
        return (text if keeps else text[:-1]) + more
    if _UNSPACED.match(text[-1:]) and _UNSPACED.match(more[:1]):
        return text + more
    return f"{text} {more}"
