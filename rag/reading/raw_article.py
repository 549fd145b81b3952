"""Raw articles, as the format readers return them, and the separation of title and text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rag.locales.message import Message
from rag.reading.cleaning.line_rules import is_boilerplate, is_menu
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import datelines
from rag.types import LeftOut

_MAX_TITLE_CHARACTERS = 200
"""Maximum number of characters of a title. Not fitted."""
_REPEATED_TITLE_LINES = 5
"""Number of lines at the top of a text in which a known title is removed. Not fitted."""
_MENU_LINES, _MIN_MENU_ITEMS = 40, 4
"""Number of lines at the top in which a menu must end, and its minimum number of items. Not fitted."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOP = re.compile(r"[.!?。！？:：,，;；\d]")
ADDRESS = re.compile(r"https?://\S+")
"""Pattern of a web address."""
_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_SENTENCE = re.compile(r".{10,150}?(?:[.!?…](?=\s|$)|[。！？])")


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article before it is cleaned: its lines, and the metadata of its format ("" or None if missing).

    - `title`: may be repeated among the first lines; if it is "", the first line may be the title.
    - `place`: appended to the file's source; "" for the only article of a file.
    - `left_out`: lines that the format reader dropped.
    - `all_lines`: all lines of the file, if the format reader dropped some.
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
    all_lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that is skipped, and the reason."""

    place: str
    reason: Message


def split_title(title: str, lines: Sequence[str], left: list[LeftOut]) -> tuple[str, list[str]]:
    """Return the title and the lines without it; removed lines become "".

    If `title` is "", the first line is the title. Of a line that is prose, or alone, the first sentence
    is, and stays in the text. A menu above it is removed and appended to `left`.
    """
    title = " ".join(title.split())
    return (_shortened(title), _without_title(title, lines)) if title else _first_line_title(lines, left)


def _without_title(title: str, lines: Sequence[str]) -> list[str]:
    """Return the lines without repetitions of a title at the top, unless they are the only text."""
    top = [n for n, line in enumerate(lines) if line.strip()][:_REPEATED_TITLE_LINES]
    repeated = {n for n in top if is_same_title(lines[n], title)}
    rest = ["" if n in repeated else line for n, line in enumerate(lines)]
    return rest if any(map(str.strip, rest)) else list(lines)


def _first_line_title(lines: Sequence[str], left: list[LeftOut]) -> tuple[str, list[str]]:
    """Return the title in the first line of text, and the lines without it; see `split_title`."""
    rest, tidied = list(lines), [tidy(line) for line in lines]
    for n in _menu(tidied):
        left.append(LeftOut(tidied[n], "menu"))
        rest[n] = tidied[n] = ""
    dated = {*datelines(rest)}
    text = (n for n, line in enumerate(tidied) if line and n not in dated)
    first = list(islice((n for n in text if not is_boilerplate(tidied[n]) and not is_menu(tidied[n])), 2))
    if not first:
        return "", rest
    title = tidied[first[0]]
    if len(first) > 1 and not _is_prose(title):
        rest[first[0]] = ""
        return " ".join(title.split()), rest
    sentence = _SENTENCE.match(title)
    return _shortened(sentence[0] if sentence else title), rest


def _menu(lines: Sequence[str]) -> list[int]:
    """Return the lines of a menu at the top, as in the text of a whole page copied from a browser.

    Its items are short, one a line, and a longer line follows: the title.
    """
    filled = [n for n, line in enumerate(lines) if line][:_MENU_LINES]
    short = next((at for at, n in enumerate(filled) if not _is_menu_item(lines[n])), 0)
    return filled[:short] if short >= _MIN_MENU_ITEMS else []


def _is_menu_item(line: str) -> bool:
    return (
        len(line.split()) <= 3 and len(line) <= 20 and len(_HAN.findall(line)) <= 5 and not _STOP.search(line)
    )


def language_code(tag: str) -> str:
    """Return the ISO 639-1 code of "en", "en-GB" or "en_US"; "" if a text is not a language tag."""
    found = _LANGUAGE_TAG.fullmatch(tag.strip())
    return found[1].lower() if found else ""


def is_same_title(one: str, other: str) -> bool:
    """Tell whether two titles differ only in case, spaces and punctuation."""
    bare = [re.sub(r"[\W_]+", "", title.casefold()) for title in (one, other)]
    return bare[0] == bare[1] != ""


def _is_prose(line: str) -> bool:
    """Tell whether a first line begins the text, rather than being its title."""
    stops = line.endswith((".", "。")) and len(line) > (40 if line[-1] == "。" else 100)
    return stops or len(line) > _MAX_TITLE_CHARACTERS or len(_SENTENCE.findall(line)) > 1


def _shortened(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_CHARACTERS else title[: _MAX_TITLE_CHARACTERS - 1].rstrip() + "…"
