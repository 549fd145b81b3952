"""Read JSON, JSON Lines and CSV: an article for each record, recognised by the names of its fields."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from rag.errors import Unreadable
from rag.locales.message import Message
from rag.reading.cleaning.encoding import decode, wash
from rag.reading.cleaning.line_wrapping import unwrap
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats.html import read_fragment
from rag.reading.formats.plain_text import outlet_of
from rag.reading.raw_article import ADDRESS, RawArticle, Unread, language_code
from rag.types import LeftOut

TITLE = "title headline heading subject titre titel título titolo 标题 標題 题目 tiêuđề заголовок"
TEXT = """
    text content body articlebody fulltext articletext maintext contenthtml contenttext contentencoded
    plaintext article story texte contenu corps inhalt artikel texto contenido testo
    正文 内容 內容 nộidung текст
"""
SUMMARY = "description summary abstract excerpt teaser"
"""Names of fields that are the text of a record without a text field."""
PUBLISHED = """
    published date publishedat publicationdate datepublished publishdate pubdate publishedtime publishtime
    posted postedat createdat created timestamp time datum veröffentlicht fecha data publié
    日期 发布时间 时间 ngày ngàyđăng дата
"""
LANGUAGE = "language lang locale inlanguage langue 语言 ngônngữ язык"
URL = "url link permalink canonicalurl canonical externalurl sourceurl href lien liênkết ссылка 链接 网址"
OUTLET = "outlet publisher sitename site newspaper media sourcename source domain 来源 媒体 nguồn источник"
AUTHOR = "author authors byline creator writer journalist reporter auteur 作者 记者 tácgiả автор"
KEY = "id guid uuid key"
_INNER = ("_source", "fields", "article", "attributes", "post", "doc")
"""Fields that wrap a record: of a search engine's hit, of an API's item."""
_VALUE_KEYS = ("rendered", "value", "text", "name", "#text", "$t", "_text", "content")
"""Keys of an object that hold its value as text."""
_TAG = re.compile(r"</(?:p|div|li|h[1-6]|a|b|em|strong|span|td)\s*>|<br\s*/?>|<p[\s>]", re.IGNORECASE)
_NO_TEXT = Message.of("no_words")
_MAX_DEPTH = 4
"""Levels of nesting down to which a list of records is searched. Not fitted."""

Record = Mapping[str, Any]


def read_json(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield an article for each object with a text; a single object is the file's only article.

    Raises Unreadable if the data are not JSON, or hold no such object.
    """
    try:
        loaded = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json", error=str(error).partition(":")[0]) from error
    if isinstance(loaded, dict) and _text(_Fields(loaded)):
        yield _article(_Fields(loaded), "")
        return
    records = _records(loaded, _MAX_DEPTH)
    if not records:
        raise Unreadable("no_field")
    yield from articles(records)


def read_json_lines(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield an article for each line. Raises Unreadable if no line is a record with a text."""
    records: list[object] = []
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines():
        if line.strip():
            try:
                records.append(json.loads(line))
            except (ValueError, RecursionError):
                records.append(None)
    yield from articles(records)


def read_csv(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield an article for each row below the header. Raises Unreadable if no row has a text."""
    text = decode(data)
    csv.field_size_limit(len(text) + 1)
    head = text[: text.find("\n") + 1 or None]
    delimiter = max(",;\t|", key=head.count)
    try:
        rows = list(csv.DictReader(StringIO(text), delimiter=delimiter, restval=""))
    except csv.Error as error:
        raise Unreadable("not_csv", error=error) from error
    yield from articles(rows)


class _Fields:
    """A record's values by normalised name: lower case, letters and digits only."""

    def __init__(self, record: Record) -> None:
        for inner in _INNER:
            if isinstance(record.get(inner), dict) and not any(map(_is_text, record)):
                record = record[inner]
        self._values = dict[str, Any]()
        for name, value in record.items():
            self._values.setdefault(_normalised(str(name or "")), value)

    def value(self, names: str) -> Any:
        """Return the value of the first of the names, separated by spaces, that has one; else ""."""
        for name in names.split():
            if (value := self._values.get(name)) not in (None, "", [], {}):
                return value
        return ""

    def text(self, names: str, between: str = ", ") -> str:
        """Return the value as text: the items of a list joined by `between`, the name of an object."""
        return wash(_flat(self.value(names), between)).strip()


def _normalised(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _is_text(name: str) -> bool:
    return _normalised(name) in TEXT.split()


def _flat(value: Any, between: str) -> str:
    if isinstance(value, list):
        return between.join(filter(None, (_flat(each, between) for each in value)))
    if isinstance(value, dict):
        return next((_flat(value[name], between) for name in _VALUE_KEYS if value.get(name)), "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _records(loaded: Any, depth: int) -> list[Any]:
    """Return the items of the first list, or object of objects, with a text in some item; [] if none."""
    if depth == 0:
        return []
    is_object = isinstance(loaded, dict)
    items = list(loaded.values()) if is_object else loaded if isinstance(loaded, list) else []
    if any(isinstance(item, dict) and _text(_Fields(item)) for item in items):
        return [item for item in items if isinstance(item, dict)] if is_object else items
    return next((found for item in items if (found := _records(item, depth - 1))), [])


def _text(fields: _Fields) -> str:
    return fields.text(TEXT, "\n\n") or fields.text(SUMMARY, "\n\n")


def articles(records: Iterable[object]) -> Iterator[RawArticle | Unread]:
    """Yield the records' articles, each with a unique place. Raises Unreadable if no record has a text."""
    taken, found = set[str](), False
    for number, record in enumerate(records, 1):
        fields = _Fields(record) if isinstance(record, dict) else None
        place = _place(fields, number, taken)
        if fields is None:
            yield Unread(place, Message.of("not_record"))
        elif not _text(fields):
            yield Unread(place, _NO_TEXT)
        else:
            found = True
            yield _article(fields, place)
    if not found:
        raise Unreadable("no_field")


def _place(fields: _Fields | None, number: int, taken: set[str]) -> str:
    """Return a place by the record's key, which outlasts insertions before it; else by its number."""
    key = " ".join((fields.text(KEY) or fields.text(URL)).split())[:300] if fields else ""
    place = f"#{key or f'row-{number}'}"
    if place in taken:
        place = f"#row-{number}" if f"#row-{number}" not in taken else f"{place}-{number}"
    taken.add(place)
    return place


def _article(fields: _Fields, place: str) -> RawArticle:
    text = _text(fields)
    left = list[LeftOut]()
    lines = read_fragment(text, left) if _TAG.search(text) else unwrap(text.split("\n"))
    title = " ".join(read_fragment(fields.text(TITLE)))
    language = language_code(fields.text(LANGUAGE))
    url, source = fields.text(URL), fields.text(OUTLET)
    url = url if ADDRESS.fullmatch(url) else source if ADDRESS.fullmatch(source) else ""
    published = _date(fields.value(PUBLISHED), language)
    outlet, author = outlet_of(source), fields.text(AUTHOR)
    return RawArticle(lines, title, language, published, outlet, author, url, place, left)


def _date(value: Any, language: str) -> date | None:
    """Return the date of a value: a text, or seconds or milliseconds since 1970; None for a future date."""
    if isinstance(value, str) and re.fullmatch(r"\d{9,10}|\d{12,13}", value.strip()):
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        day = datetime.fromtimestamp(seconds, UTC).date() if 1e8 < seconds < 1e11 else None
        return day if day and day <= date.today() else None
    return parse_date(_flat(value, " "), language)
