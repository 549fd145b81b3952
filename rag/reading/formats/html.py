"""HTML pages: the article's lines, and what the page states about it.

The article is found by trafilatura (Apache-2.0) in recall mode, after hidden elements and boxes of other
matter are taken out. Its balanced mode is read beside it, and linked data where a page has the text there.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.hidden_elements import (
    MAX_BOX_SHARE,
    prose,
    prose_in,
    remove_boxes,
    remove_hidden,
)
from rag.reading.cleaning.line_rules import is_caption
from rag.reading.formats.html_dates import published_on, search_date
from rag.reading.formats.html_head import PageHead, read_head
from rag.reading.formats.html_lines import lines_of, lines_without_tree, parse
from rag.reading.formats.html_scripts import linked_text, script_text
from rag.reading.formats.html_titles import page_title
from rag.reading.raw_article import RawArticle
from rag.types import LeftOut

_MAX_CHARACTERS = 1_500_000
"""Characters up to which trafilatura is run: it takes 2 to 3 seconds for a million."""
_MAX_ATTRIBUTE = 2_000
"""Characters of an attribute; a longer one is a picture, a page in a frame or a program's state."""
_MAX_CSS_CHARACTERS = 200_000
_TAG_CHARACTERS = 30
"""Characters that an element counts as beside its text. Not fitted."""
_EMBEDDED = re.compile(r"""(?<=["'(=])data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{100,}""")
_BULLET = re.compile(r"^- ", re.MULTILINE)
_MAX_RECALL_RATIO = 1.08
"""Length of recall mode's text beside balanced mode's from which it holds other matter at either end."""
_MAX_CONTAINER_RATIO = 1.3
"""Prose of boxes of one class beside the extracted, from which the extraction lost some of them."""
_MIN_TEXT = 250
"""Characters below which the text is looked for in scripts."""
_MAX_ABOVE_SHARE = 0.15
"""Share of the text above a title up to which it is the page's; a title may be the wrong line."""
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:ads?|shar(?:e|ing)|social|newsletter|sidebar|\w*banner|breadcrumbs?|buttons?|authors?|\w*footer|foot|messages?|hidden|hide|noprint|nav"
    r"|navigation|subnav|navbar|menu|bar|widgets?|byline|related|comments?|tags?|consent|modal|meta|rating|cookies?"
    r"|taboola|outbrain|embed|popular|stories|bio|profile|info|infos|options|timestamp|attachment)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Whole words of the names of boxes around an article."""
_MAX_SHOWN = 1_500
"""Characters of what a page shows of an article that is paid for. Not fitted."""
_MIN_DESCRIPTION = 20
_STANDFIRST_LINES = 16


def read_page(text: str, address: str = "") -> RawArticle:
    """Read a page; `address` is where it stands, where that is known and the page does not state it."""
    if len(text) > _MAX_CHARACTERS:
        text = _EMBEDDED.sub("", text)
    tree = parse(text)
    every = lines_of(tree) if tree is not None else []
    head = read_head(tree, address) if tree is not None else PageHead()
    if not every and not (tree is not None and script_text(tree, head)):  # also a tree cut off by its depth
        return RawArticle(lines_without_tree(text), url=address)
    if len(text) > _MAX_CHARACTERS:
        _lighten(tree)
    title = page_title(tree, head)
    published = published_on(tree, head, title)
    hidden = remove_hidden(tree, title)
    shown = lines_of(tree)
    boxes = remove_boxes(tree)
    _protect(tree)
    published = published or search_date(tree, head)
    lines = _article(tree, head, title, shown)
    captions = [line for line in lines if is_caption(line)]
    lines = [line for line in lines if line not in captions]
    left_out = _left_out(
        every, [title, *lines], {"caption": captions, "box": boxes, "hidden": hidden, "title": [title]}
    )
    return RawArticle(
        lines,
        wash(title),
        published=published,
        outlet=head.outlet,
        author=head.author,
        url=head.url,
        left_out=left_out,
        every=every,
    )


def read_fragment(text: str) -> list[str]:
    """Return the lines of a piece of HTML that is all article: of a feed, a mail or a book."""
    tree = parse(text)
    if tree is not None:
        remove_hidden(tree)
        if lines := lines_of(tree):
            return lines
    return lines_without_tree(text)


def _lighten(tree: Any) -> None:
    """Take what is large and no text out of a tree: comments, drawings, programs, pictures in attributes."""
    from lxml import etree

    etree.strip_elements(tree, etree.Comment, "svg", with_tail=False)
    for element in tree.iter():
        if element.tag == "style" or (element.tag == "script" and "json" not in element.get("type", "")):
            element.text = (element.text or "")[:_MAX_CSS_CHARACTERS]
        for name in [name for name, value in element.attrib.items() if len(value) > _MAX_ATTRIBUTE]:
            del element.attrib[name]


def _article(tree: Any, head: PageHead, title: str, shown: Sequence[str]) -> list[str]:
    """Return the article's lines: of the readings that differ much, those that the page confirms."""
    if sum(map(len, shown)) + _TAG_CHARACTERS * sum(1 for _ in tree.iter()) > _MAX_CHARACTERS:
        return list(shown)
    recall, balanced = _extracted(tree, recall=True), _extracted(tree, recall=False)
    text = recall
    if len(recall) > _MAX_RECALL_RATIO * len(balanced) > _MIN_TEXT:
        text = _between(recall, balanced)
    if len(text) < _MIN_TEXT:
        text = max(script_text(tree, head), text, key=len)
    text = _stated_whole(head, text)
    if not text.strip():
        return list(shown)
    lines = [" ".join(line.split()) for line in _BULLET.sub("• ", text).split("\n")]
    if len(lines) == 1:  # a text without its paragraphs
        parts = [line for line in shown if line in lines[0]]
        lines = parts if sum(map(len, parts)) * _MAX_CONTAINER_RATIO > len(lines[0]) else lines
    lines = _contained(tree, lines) or lines
    return [*_standfirst(head, shown, title, text), *_below_title(title, lines, shown)]


def _stated_whole(head: PageHead, text: str) -> str:
    """Return the text of the page's linked data where the page shows a part of it, or no paragraphs."""
    linked = linked_text(head)
    is_part = len(text) <= _MAX_SHOWN and len(linked) > _MAX_CONTAINER_RATIO * len(text)
    if not is_part and "\n" in text.strip():
        return text
    words = "".join(linked.split())
    lines = [line for line in text.split("\n") if len(line) >= _MIN_DESCRIPTION]
    agreed = sum(len(line) for line in lines if "".join(line.split()) in words)
    return linked if agreed > sum(map(len, lines)) / 2 else text


def _between(recall: str, balanced: str) -> str:
    """Return recall mode's lines from the first to the last that balanced mode has too."""
    lines, sure = recall.split("\n"), {line for line in balanced.split("\n") if line.strip()}
    common = [n for n, line in enumerate(lines) if line in sure]
    found = "\n".join(lines[common[0] : common[-1] + 1]) if common else ""
    return found if len(found) >= len(balanced) / _MAX_RECALL_RATIO else balanced


def _contained(tree: Any, lines: Sequence[str]) -> list[str]:
    """Return the lines of the page's article element, where the extracted ones lack boxes of it.

    Boxes belong together that have one class. Where the extraction has no prose, all of the element counts.
    """
    articles = [each for each in tree.iter("article") if prose(each)]
    if len(articles) != 1:
        return _one_in_several(articles, lines)
    extracted, known = prose_in(lines), {line for line in lines if len(line) >= _MIN_DESCRIPTION}
    if extracted * _MAX_CONTAINER_RATIO < _MIN_TEXT:
        return lines_of(articles[0]) if prose(articles[0]) >= _MIN_TEXT else []
    paragraphs = [(each, " ".join("".join(each.itertext()).split())) for each in articles[0].iter("p")]
    boxes = {each.getparent().get("class") for each, text in paragraphs if text in known} - {None, ""}
    found = [text for each, text in paragraphs if each.getparent().get("class") in boxes]
    return found if prose_in(found) > _MAX_CONTAINER_RATIO * extracted else []


def _one_in_several(articles: Sequence[Any], lines: Sequence[str]) -> list[str]:
    """Return the lines of neighbouring article elements, none with a heading or a link, as of one article."""
    parts = [
        each for each in articles if next(each.iter("h1", "h2", "h3", "h4", "a", "article"), each) is each
    ]
    parents = {each.getparent() for each in parts}
    if len(parts) != len(articles) or len(parents) != 1:
        return []
    found = [line for each in parts for line in lines_of(each)]
    return found if prose_in(found) > _MAX_CONTAINER_RATIO * prose_in(lines) else []


def _protect(tree: Any) -> None:
    """Take the names from boxes of text that trafilatura would drop for a word within a word of them.

    Those too that hold most of the text, whatever they are called.
    """
    from trafilatura.xpaths import OVERALL_DISCARD_XPATH, REMOVE_COMMENTS_XPATH

    limit = MAX_BOX_SHARE * prose(tree)
    for path in (*OVERALL_DISCARD_XPATH, *REMOVE_COMMENTS_XPATH):
        for element in path(tree):
            text, names = prose(element), f"{element.get('class', '')} {element.get('id', '')}"
            if text > limit or (text and not _FURNITURE.search(names)):
                for name in ("class", "id", "role"):
                    element.attrib.pop(name, None)


def _extracted(tree: Any, *, recall: bool) -> str:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(deepcopy(tree), include_comments=False, favor_recall=recall)
    except Exception:  # a page can break any extractor
        return ""
    return str(found.text or "") if found is not None else ""


def _standfirst(head: PageHead, shown: Sequence[str], title: str, text: str) -> list[str]:
    """Return the line between title and text that is the page's own description, where it was left out."""
    start = next((n for n, line in enumerate(shown) if line == title), len(shown))
    for line in shown[start + 1 : start + 1 + _STANDFIRST_LINES]:
        if line in text:
            break
        said = (each.rstrip(".… ") for each in head.descriptions if len(each) >= _MIN_DESCRIPTION)
        if len(line) >= _MIN_DESCRIPTION and any(line.startswith(each) for each in said):
            return [line, ""]
    return []


def _below_title(title: str, lines: Sequence[str], shown: Sequence[str]) -> Sequence[str]:
    """Return the lines without those above the page's title: a notice, a menu; a large part stays."""
    above = set(shown[: shown.index(title)]) if title in shown else set()
    start = next((n for n, line in enumerate(lines) if line not in above), 0)
    dropped, every = (sum(map(len, each)) for each in (lines[:start], lines))
    return lines[start:] if dropped <= _MAX_ABOVE_SHARE * every else lines


def _left_out(
    every: Sequence[str], kept: Sequence[str], dropped: Mapping[str, Sequence[str]]
) -> list[LeftOut]:
    """Return the page's lines that are not in the article, each with the step that dropped it."""
    words = Counter(word for line in kept for word in line.split())
    steps = {line: step for step, lines in dropped.items() for line in lines}
    left = list[LeftOut]()
    for line in every:
        counted = Counter(line.split())
        if counted <= words:
            words -= counted
        else:
            left.append(LeftOut(line, steps.get(line, "page")))
    return left
