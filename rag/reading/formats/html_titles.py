"""Find the title of a page's article: the heading that agrees best with the titles in the metadata."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rag.reading.formats.html_head import PageHead

_HEADINGS = ("h1", "h2", "h3")
_MIN_AGREEMENT = 0.6
"""Minimum F1 of the words of a heading and a stated title that agree. Not fitted."""
_MIN_PART_AGREEMENT = 0.9
"""The same for an h2 or h3 whose words are only a part of the title's. Not fitted."""
_LEVEL_COST = 0.05
"""Subtracted from the F1 per level of heading below h1. Not fitted."""
_MAX_CHARACTERS = 300
"""Maximum number of characters of a heading that may be the title. Not fitted."""
_SEPARATOR = re.compile(r"\s+[|–—·•»-]\s+|\s*[|_]\s*")
_MAX_SITE_WORDS = {"|": 2, "_": 6}
"""Maximum number of words of the last part of a title that is taken for the site's name, by separator. Not
fitted."""
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")


def page_title(tree: Any, head: PageHead, lines: Sequence[str] = ()) -> str:
    """Return the heading that agrees best with the stated title; else that title, else the first h1.

    A single h1 goes before the title element, unless that is one of the page's `lines`: the h1 is then a
    section or the site.
    """
    stated, headings = _stated(head), list(_headings(tree))
    best, score = "", _MIN_AGREEMENT
    for text, level in headings:
        bare = without_site(stated, head)
        agreement = max(_agreement(text, title) for title in (stated, bare))
        if level and _words(text) < _words(bare) and agreement < _MIN_PART_AGREEMENT:
            continue  # a subheading
        if agreement - _LEVEL_COST * level > score:
            best, score = text, agreement - _LEVEL_COST * level
    firsts = [text for text, level in headings if level == 0]
    shown = without_site(stated, head) in lines
    if not best and len(firsts) == 1 and not head.meta.get("og:title") and not shown:
        return firsts[0]
    return best or without_site(stated, head) or (firsts or [""])[0]


def _stated(head: PageHead) -> str:
    """Return the title in the metadata: for link previews, in the linked data, or the title element's.

    The title for link previews goes first, unless it only repeats the title element, which is written for
    search engines, and the linked data have a headline.
    """
    preview = head.meta.get("og:title", "") or head.meta.get("twitter:title", "")
    headline = next(
        (str(node["headline"]) for node in head.linked if isinstance(node.get("headline"), str)), ""
    )
    repeated = not preview or _bare(without_site(preview, head)) == _bare(without_site(head.title, head))
    stated = headline if headline.strip() and repeated else preview or head.title
    return " ".join(stated.split())


def without_site(title: str, head: PageHead) -> str:
    """Return a title without the name of the site at either end.

    A part is the site's name if it equals og:site_name or is in the host's name, or if another title of
    the page lacks it. A short last part is, too (_MAX_SITE_WORDS).
    """
    separators = [*_SEPARATOR.finditer(title)]
    for cut, part in ((separator.start(), title[separator.end() :]) for separator in separators):
        if _is_site(part, head) or any(_bare(other) == _bare(title[:cut]) for other in head.titles):
            return title[:cut].strip()
    if separators and _is_site(title[: separators[0].start()], head):
        return title[separators[0].end() :].strip()
    last = separators[-1] if separators else None
    words = _MAX_SITE_WORDS.get(last[0].strip(), 0) if last else 0
    if not last or len(title[last.end() :].split()) > words:
        return title
    return without_site(title[: last.start()].strip(), head)


def _is_site(part: str, head: PageHead) -> bool:
    bare, site = _bare(part), _bare(head.outlet)
    host = _bare(head.url.partition("://")[2].partition("/")[0].removeprefix("www."))
    return bool(bare) and (bare == site or (len(bare) > 3 and bare in host))


def _headings(tree: Any) -> Iterator[tuple[str, int]]:
    for level, tag in enumerate(_HEADINGS):
        for element in tree.iter(tag):
            text = " ".join(" ".join(element.itertext()).split())
            if 0 < len(text) <= _MAX_CHARACTERS:
                yield text, level


def _agreement(heading: str, title: str) -> float:
    one, other = _words(heading), _words(title)
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", _folded(text))
