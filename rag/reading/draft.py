"""An article before it is cleaned, as the formats give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.reading.dates import datelines
from rag.reading.furniture import is_page, is_row
from rag.reading.lines import tidy

_LONGEST_TITLE = 200
"""Characters beyond which a first line is no title."""
_TOP = 5
"""Lines at the top among which a title that is known already may stand again."""
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_SENTENCE = re.compile(r".{10,150}?(?:[.!?…](?=\s|$)|[。！？])")


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines without the title, and what the format says of the article; "" and None where it doesn't.

    `place` is what the article's source has behind the file's: "" where it is alone in it.
    """

    lines: Sequence[str]
    title: str
    language: str = ""
    published: date | None = None
    outlet: str = ""
    author: str = ""
    url: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that is no article, and why."""

    place: str
    reason: str


def titled(title: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the title, and the lines without it; the first line is the title where none is known."""
    rest = list(lines)
    title = " ".join(title.split())
    if title:
        for n in [n for n, line in enumerate(rest) if line.strip()][:_TOP]:
            if same(rest[n], title):
                rest[n] = ""
        return _shortened(title), rest
    dated = datelines(rest)
    tidied = [tidy(line) for line in rest]
    filled = [
        n
        for n, line in enumerate(tidied)
        if line and n not in dated and not is_page(line) and not is_row(line)
    ]
    if not filled:
        return "", rest
    title = tidied[filled[0]]
    if len(filled) > 1 and not _is_prose(title):
        rest[filled[0]] = ""
        return title, rest
    sentence = _SENTENCE.match(title)
    return _shortened(sentence[0] if sentence else title), rest


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
