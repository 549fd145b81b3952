"""Join positioned lines of PDF pages into paragraphs, without running heads and page numbers.

Lengths are in points, or in font sizes if a constant or function says so. The constants were set by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.reading.cleaning.line_rules import display_width, ends_sentence
from rag.reading.cleaning.line_wrapping import PARAGRAPH_MARK, UNSPACED
from rag.reading.cleaning.publication_dates import TOP_LINES, datelines

_MARGIN_SHARE = 0.08
"""Share of a page's height, at the top and at the bottom, in which running heads and page numbers stand."""
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:(?:page|p\.|trang|стр\.?|第)\s*)?\d{1,4}"
    r"(?:\s*(?:页|of|/|sur|из|-)\s*\d{1,4})?(?:\s*页)?[-–—\s|]*",
    re.IGNORECASE,
)
_BROWSER_HEADER = re.compile(r"(?:https?|file)://\S+|\d{1,4}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d{2}")
"""What browsers print at the top and bottom of a page: address, date and time."""
_MAX_FOOTNOTE_SIZE = 0.89
"""Maximum ratio of a footnote's font size to the body's."""
_MIN_INITIAL_SIZE = 1.5
"""Minimum ratio of a large initial's font size to the body's."""
_MIN_INDENT = 0.8
"""Minimum indentation of a paragraph, in font sizes."""
_MIN_PARAGRAPH_GAP = 1.45
"""Minimum ratio of the distance of paragraphs to that of lines."""
_MIN_DOUBLE_SPACING = 1.9
"""Minimum distance of baselines, in font sizes, in double-spaced text."""
_MIN_COLUMN_LINES, _MIN_COLUMN_WIDTH = 4, 20
"""Minimum number of lines side by side in columns, and their minimum mean display width, which cells of
tables hardly have. Not fitted."""
_WORD = re.compile(r"[\w-]+")
_WINDOW_LINES = 12
"""Number of lines before and after a line by which the width of its column is measured."""
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_MAX_WORD_CHARACTERS = 80
"""Maximum number of characters of a hyphenated word, so that a long paragraph is not searched whole. Not
fitted."""
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its ends and its baseline (`y`), in points from the page's left and bottom.

    `size`: font size. `height`: of the page. `soft`: the line ends with a soft hyphen, which is not in
    `text`. `upright`: False for slanted text, such as a stamp or watermark. `beside`: the line stands on the
    baseline of the line before it, right of it.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    height: float
    soft: bool = False
    upright: bool = True
    beside: bool = False


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines, those of columns column by column, all others on a baseline joined."""
    rows = list[list[Line]]()
    for line in lines:
        if rows and _is_right_of(line, rows[-1][-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    gutter = _gutter([row for row in rows if len(row) > 1])
    if gutter is None:
        return [line for row in rows for line in _merged(row)]
    done, right = list[Line](), list[Line]()
    for row in rows:
        first, *others = row
        if first.right >= gutter and first.left < gutter:  # a line across the columns
            done += [*in_reading_order(right), *_merged(row)]
            right = []
        elif first.left < gutter:
            done.append(first)
            right += [replace(others[0], beside=False), *others[1:]] if others else []
        else:
            right += row
    return [*done, *in_reading_order(right)]


def _is_right_of(line: Line, before: Line) -> bool:
    """Tell whether a line stands right of the line before it, perhaps a little higher or lower."""
    return line.beside or (line.left > before.right and abs(line.y - before.y) < line.size)


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Return where the second column begins; None if lines side by side are not columns."""
    if len(rows) < _MIN_COLUMN_LINES:
        return None
    begin = sorted(row[1].left for row in rows)[len(rows) // 4] - 1
    inside = [row for row in rows if row[0].right < begin < row[1].left]
    widths = [sum(display_width(row[n].text) for row in inside) / max(1, len(inside)) for n in (0, 1)]
    are_columns = len(inside) >= max(_MIN_COLUMN_LINES, len(rows) / 2) and min(widths) >= _MIN_COLUMN_WIDTH
    return begin if are_columns else None


def _merged(row: Sequence[Line]) -> list[Line]:
    """Join the lines of a row that are on one baseline."""
    done = list[Line]()
    for line in row:
        if line.beside:
            text = f"{done[-1].text} {line.text}"
            done[-1] = replace(done[-1], text=text, right=line.right, soft=line.soft)
        else:
            done.append(line)
    return done


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the font size of most characters, rounded to 0.1 points."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without running heads, page numbers and the headers of browsers.

    A line in a margin is removed if it is a page number, if a third of the pages repeat it, or if it
    is small and at the top or a browser's.
    """
    seen = Counter(key for page in pages for key in {_key(line) for line in page if _in_margin(line)})
    min_pages = max(2, len(pages) // 3)
    small = _MAX_FOOTNOTE_SIZE * body_size(pages)

    def is_marginal(line: Line) -> bool:
        repeated = seen[_key(line)] >= min_pages or _PAGE_NUMBER.fullmatch(line.text)
        head = line.y > line.height / 2 or _BROWSER_HEADER.search(line.text)
        return _in_margin(line) and bool(repeated or (line.size < small and head))

    return [[line for line in page if not is_marginal(line)] for page in pages]


def with_initials(lines: Sequence[Line]) -> list[Line]:
    """Join large initials with the lines that they begin."""
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
        and before.size > _MIN_INITIAL_SIZE * line.size
        and line.text[0].islower()
    )


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """Return the paragraphs of all pages, footnotes last."""
    small = _MAX_FOOTNOTE_SIZE * body_size(pages)
    text, notes = list[Line](), list[Line]()
    for page in pages:
        count = _footnote_lines(page, small)
        text += page[: len(page) - count]
        notes += page[len(page) - count :]
    words = Counter(word for line in text for word in _WORD.findall(line.text.casefold()))
    return [*_joined(text, words), *_joined(notes, words)]


def _in_margin(line: Line) -> bool:
    return not _MARGIN_SHARE * line.height < line.y < (1 - _MARGIN_SHARE) * line.height


def _key(line: Line) -> str:
    """Return the part of a running head that is the same on every page: without numbers."""
    return re.sub(r"\d+", "0", line.text.casefold())


def _footnote_lines(page: Sequence[Line], small: float) -> int:
    """Count a page's last lines that are footnotes: smaller than the body, in the lower half of the page."""
    count = 0
    for line in reversed(page):
        if line.size > small or line.y > line.height / 2:
            break
        count += 1
    return count if count < len(page) else 0


def _joined(lines: Sequence[Line], words: Counter[str]) -> list[str]:
    """Join lines into paragraphs; `words` counts the words of the document, to decide on hyphens."""
    gap = _line_gap(lines)
    done = list[str]()
    for n, line in enumerate(lines):
        if n and _continues(lines, n, gap):
            done[-1] = _appended(done[-1], line.text, words, soft=lines[n - 1].soft)
        else:
            done.append(line.text)
    return done


def _line_gap(lines: Sequence[Line]) -> float:
    """Return the distance of baselines within paragraphs, in font sizes: the first quintile of all."""
    gaps = sorted((a.y - b.y) / b.size for a, b in pairwise(lines) if 0 < a.y - b.y < 3 * b.size)
    single = [gap for gap in gaps if gap < _MIN_DOUBLE_SPACING] or gaps
    return single[len(single) // 5] if single else 1.2


def _continues(lines: Sequence[Line], n: int, gap: float) -> bool:
    """Tell whether line n continues the paragraph of the line before it."""
    before, line = lines[n - 1], lines[n]
    if before.soft:
        return True
    other_size = abs(before.size - line.size) > 0.1 * line.size
    if (
        other_size
        or PARAGRAPH_MARK.match(line.text)
        or (n < TOP_LINES and datelines([before.text, line.text]))
    ):
        return False
    drop = before.y - line.y
    if drop <= 0 or drop > 3 * line.size * gap:  # the next column or page
        return not ends_sentence(before.text) and _is_full(lines, n - 1, line)
    if drop > _MIN_PARAGRAPH_GAP * gap * line.size:
        return False
    if line.left - before.left > _MIN_INDENT * line.size and ends_sentence(before.text):
        return False
    return _is_full(lines, n - 1, line) or not ends_sentence(before.text)


def _is_full(lines: Sequence[Line], n: int, after: Line) -> bool:
    """Tell whether line n had no room for the first word of the line after it.

    The right end of the column is that of the lines nearby with the same left end. A letter takes 0.45 font
    sizes on average, a Chinese character 1.
    """
    line = lines[n]
    right_ends = [
        other.right
        for other in lines[max(0, n - _WINDOW_LINES) : n + _WINDOW_LINES]
        if abs(other.left - line.left) < 3 * line.size
    ]
    word = 2.0 if UNSPACED.match(after.text) else 0.45 * len(after.text.split(maxsplit=1)[0]) + 0.3
    return line.right + word * line.size > max(right_ends) - 0.2 * line.size


def _appended(text: str, more: str, words: Counter[str], *, soft: bool) -> str:
    """Append a line; its hyphen is kept only if the document has the hyphenated word more often."""
    broken, rest = _HYPHENATED.search(text[-_MAX_WORD_CHARACTERS:]), _FIRST_WORD.match(more)
    if soft:
        return text + more
    if broken and rest:
        whole, hyphened = (f"{broken[1]}{mark}{rest[0]}".casefold() for mark in ("", "-"))
        keeps = words[hyphened] > words[whole] or not rest[0][0].islower()
        return (text if keeps else text[:-1]) + more
    if UNSPACED.match(text[-1:]) and UNSPACED.match(more[:1]):
        return text + more
    return f"{text} {more}"
