"""Split exports of press databases (LexisNexis, Factiva, Europresse, ProQuest, Wisers), which hold many
articles in one file.

Above each text stand its title, its outlet, its date, its length and other details, in an order of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from rag.reading.cleaning.boilerplate_words import EXPORT_MARKS
from rag.reading.cleaning.encoding import decode
from rag.reading.cleaning.hidden_elements import prose_length
from rag.reading.cleaning.line_rules import display_width, ends_sentence
from rag.reading.cleaning.publication_dates import datelines, parse_date
from rag.reading.formats.html_lines import class_and_id, element_text, lines_of, parse
from rag.reading.formats.plain_text import page
from rag.reading.raw_article import RawArticle, is_same_title
from rag.text.article_language import article_language
from rag.types import LeftOut

_SEPARATOR = re.compile("|".join(EXPORT_MARKS))
_PROQUEST, _PROQUEST_SEPARATOR = re.compile(r"ProQuest document ID:? \d+"), re.compile(r"_{20,}")
_MIN_ARTICLES = 2
"""Minimum number of articles in an export. Not fitted."""
_WORD = re.compile(r"[^\W_]{2}")
_EXPORTED = re.compile(r"europresse|lexisnexis|nexis uni|factiva|proquest|wisers", re.IGNORECASE)
_MIN_PROSE_WIDTH = 200
"""Minimum display width of the prose of an article's box in an export. Not fitted."""
_HEAD_LINES = 12
"""Maximum number of lines of details above a text. Not fitted."""
_MAX_DATE_CHARACTERS = 80
"""Maximum length of a detail with the date of publication. Not fitted."""
_DETAIL = re.compile(
    r"(?:length|load-date|publication-type|journal code|language|longueur|rubrique)\s?:.{0,80}"
    r"|(?:.{0,60}[•|,;] ?)?\d{1,6} (?:words|mots|palabras|wörter|слов)|body|corps",
    re.IGNORECASE,
)
"""Details that say nothing of the subject."""
_NAMED_DETAIL = re.compile(
    r"(?:byline|section|dateline|highlight|graphic|authors?|auteur|publication (?:info|title)|full text"
    r"|abstract|subject|source|copyright|url|links)\s?:",
    re.IGNORECASE,
)
_TITLE_CLASSES = re.compile(r"headline|titrearticle|articletitle", re.IGNORECASE)
_OUTLET_CLASSES = re.compile(r"publicationname|sourcename", re.IGNORECASE)


def split_export(found: RawArticle) -> Iterator[RawArticle]:
    """Yield the articles of an export; the unchanged article if it is not an export."""
    lines = [found.title, "", *found.lines]
    by_rules = sum(1 for line in lines if _PROQUEST.match(line)) >= _MIN_ARTICLES
    mark = _PROQUEST_SEPARATOR if by_rules else _SEPARATOR
    marks = [n for n, line in enumerate(lines) if mark.fullmatch(line.strip())]
    if len(marks) < _MIN_ARTICLES:
        yield found
        return
    bounds = [0, *(n + 1 for n in marks), len(lines)]
    parts = [lines[start:end] for start, end in pairwise(bounds)]
    for number, part in enumerate((part for part in parts if any(map(_is_text, part))), 1):
        yield _without_details(replace(found, lines=part, title="", place=f"{found.place}#{number}"))


def _is_text(line: str) -> bool:
    return _WORD.search(line) is not None and not _SEPARATOR.fullmatch(line.strip())


def split_page(data: bytes, address: str = "") -> Iterator[RawArticle]:
    """Yield the articles of an HTML page: several if it is the export of a press database."""
    text = decode(data, html=True) if _EXPORTED.search(data[:20_000].decode("latin-1")) else ""
    tree = parse(text) if text else None
    boxes = [each for each in _boxes(tree) if prose_length(each) >= _MIN_PROSE_WIDTH]
    if len(boxes) < _MIN_ARTICLES:
        parts = list(split_export(RawArticle(lines_of(tree)))) if tree is not None else []
        yield from parts if len(parts) >= _MIN_ARTICLES else [page(data, address)]
        return
    for number, box in enumerate(boxes, 1):
        title, outlet = _of_class(box, _TITLE_CLASSES), _of_class(box, _OUTLET_CLASSES)
        yield _without_details(RawArticle(lines_of(box), title, outlet=outlet, place=f"#{number}"))


def _boxes(tree: Any) -> list[Any]:
    if tree is None:
        return []
    named = (each for each in tree.iter("div") if "article" in each.get("class", "").split())
    return list(tree.iter("article")) or list(named)


def _of_class(box: Any, names: re.Pattern[str]) -> str:
    """Return the text of the first element whose class or id has one of the names; "" if there is none."""
    return next((element_text(each) for each in box.iter() if names.search(class_and_id(each))), "")


def _without_details(found: RawArticle) -> RawArticle:
    """Return an article with the title and the date above its text, and without details of no interest."""
    filled = [n for n, line in enumerate(found.lines) if line.strip()]
    head = filled[:_HEAD_LINES]
    head = head[: next((at for at, n in enumerate(head) if _is_prose(found.lines[n])), len(head))]
    title = found.title or _title([found.lines[n].strip() for n in head])
    above = [found.lines[n] for n in head if not is_same_title(found.lines[n], title)]
    language = article_language("\n".join(found.lines))
    dates = (day for line in above if (day := _date_in(line, language)))
    dropped = {n for n in filled if _DETAIL.fullmatch(found.lines[n].strip())}
    dropped |= {n for n in head if is_same_title(found.lines[n], found.outlet)}
    return replace(
        found,
        lines=["" if n in dropped else line for n, line in enumerate(found.lines)],
        title=title,
        published=next(dates, None),
        left_out=[*found.left_out, *(LeftOut(found.lines[n].strip(), "notice") for n in sorted(dropped))],
        all_lines=found.lines,
    )


def _title(head: list[str]) -> str:
    """Return the title in the lines above a text: the first, or below outlet and date a longer one."""
    if len(head) < 3 or datelines(head[1:2]) != [0]:
        return head[0] if head else ""
    below = [line for line in head[2:] if not _NAMED_DETAIL.match(line) and not _DETAIL.fullmatch(line)]
    return max([head[0], *below], key=display_width)


def _is_prose(line: str) -> bool:
    return ends_sentence(line) and not _NAMED_DETAIL.match(line)


def _date_in(line: str, language: str) -> date | None:
    return parse_date(line, language) if len(line) <= _MAX_DATE_CHARACTERS else None
