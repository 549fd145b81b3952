"""An article before it is cleaned, as the formats give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rag.locales.message import Message
from rag.reading.cleaning.line_rules import is_page, is_row
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import datelines
from rag.types import LeftOut

_LONGEST_TITLE = 200
"""Characters beyond which a first line is no title."""
_TOP = 5
"""Lines at the top among which a title that is known already may stand again."""
_ITEMS, _FEWEST_ITEMS = 40, 4
"""Lines among which the end of a menu is looked for, and items that make one."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOP = re.compile(r"[.!?。！？:：,，;；\d]")
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_SENTENCE = re.compile(r".{10,150}?(?:[.!?…](?=\s|$)|[。！？])")


@dataclass(frozen=True, slots=True)
class RawArticle:
    """The lines of an article, and what the format states; "" and None where it does not.

    The `title` may stand among the first lines, too; without one the first line may be it. `place` is
    appended to the file's source: "" where the article is alone in its file. `left_out` has the lines that
    the format itself dropped, and `every` all of the file's lines where it dropped some.
    """

    lines: Sequence[str]
    title: str = ""
    language: str = ""
    published: date | None = None
    outlet: str = ""
    author: str = ""
    url: str = ""
    place: str = ""
    left_out: Sequence[LeftOut] = ()
    every: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that is no article, and why."""

    place: str
    reason: Message


def titled(title: str, lines: Sequence[str], left: list[LeftOut]) -> tuple[str, list[str]]:
    """Return the title, and the lines without it; the first line is the title where none is known.

    Where none is known, the items of a menu above the title go too; they are appended to `left`.
    """
    rest = list(lines)
    title = " ".join(title.split())
    if title:
        again = [n for n in [n for n, line in enumerate(rest) if line.strip()][:_TOP] if same(rest[n], title)]
        if any(line.strip() for n, line in enumerate(rest) if n not in again):  # else there is no other text
            rest = ["" if n in again else line for n, line in enumerate(rest)]
        return _shortened(title), rest
    tidied = [tidy(line) for line in rest]
    for n in _menu(tidied):
        left.append(LeftOut(tidied[n], "menu"))
        rest[n] = tidied[n] = ""
    around = {*datelines(rest)}
    first = (n for n, line in enumerate(tidied) if line and n not in around)
    filled = list(islice((n for n in first if not is_page(tidied[n]) and not is_row(tidied[n])), 2))
    if not filled:
        return "", rest
    title = tidied[filled[0]]
    if len(filled) > 1 and not _is_prose(title):
        rest[filled[0]] = ""
        return " ".join(title.split()), rest
    sentence = _SENTENCE.match(title)
    return _shortened(sentence[0] if sentence else title), rest


def _menu(lines: Sequence[str]) -> list[int]:
    """The lines of a menu at the top, an item each, as they are when all of a page was copied.

    They are short, and stand together before a line that is longer: a title.
    """
    filled = [n for n, line in enumerate(lines) if line][:_ITEMS]
    short = next((at for at, n in enumerate(filled) if not _is_item(lines[n])), 0)
    return filled[:short] if short >= _FEWEST_ITEMS else []


def _is_item(line: str) -> bool:
    return (
        len(line.split()) <= 3 and len(line) <= 20 and len(_HAN.findall(line)) <= 5 and not _STOP.search(line)
    )


def language_code(said: str) -> str:
    """Return the ISO 639-1 code of "en", "en-GB" or "en_US"; "" of what is none."""
    found = _CODE.fullmatch(said.strip())
    return found[1].lower() if found else ""


def same(one: str, other: str) -> bool:
    """Tell whether two titles differ in nothing but case, spaces and punctuation."""
    bare = [re.sub(r"[\W_]+", "", title.casefold()) for title in (one, other)]
    return bare[0] == bare[1] != ""


def _is_prose(line: str) -> bool:
    """Tell whether a first line is the beginning of the text rather than its title."""
    stops = line.endswith((".", "。")) and len(line) > (40 if line[-1] == "。" else 100)
    return stops or len(line) > _LONGEST_TITLE or len(_SENTENCE.findall(line)) > 1


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
