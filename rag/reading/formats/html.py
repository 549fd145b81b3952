"""Read the article's lines and metadata from HTML pages.

Hidden elements and boxes are removed. Then trafilatura (Apache-2.0) extracts the article twice, in recall
mode and in balanced mode; if recall mode adds other text at the ends, balanced mode bounds the article. A
text that is only in linked data or scripts is read from there.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.hidden_elements import (
    MAX_BOX_SHARE,
    prose_length,
    prose_length_in,
    remove_boxes,
    remove_hidden,
)
from rag.reading.cleaning.line_rules import is_teaser_heading
from rag.reading.formats.html_dates import published_on, search_date
from rag.reading.formats.html_head import PageHead, read_head
from rag.reading.formats.html_lines import class_and_id, element_text, lines_of, lines_without_tree, parse
from rag.reading.formats.html_scripts import linked_text, script_text
from rag.reading.formats.html_titles import page_title
from rag.reading.raw_article import RawArticle
from rag.types import LeftOut

_MAX_CHARACTERS = 1_500_000
"""Maximum size of a page for trafilatura, which takes 2 to 3 s per million characters. Not fitted."""
_MAX_ATTRIBUTE_CHARACTERS = 2_000
"""Maximum length of an attribute; longer ones are pictures, framed pages or program state. Not fitted."""
_MAX_CSS_CHARACTERS = 200_000
"""Maximum length of a style sheet or script that is read. Not fitted."""
_TAG_CHARACTERS = 30
"""Number of characters that an element counts as, in addition to its text. Not fitted."""
_DATA_URL = re.compile(r"""(?<=["'(=])data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{100,}""")
_BULLET = re.compile(r"^- ", re.MULTILINE)
_MAX_RECALL_RATIO = 1.08
"""Maximum ratio of recall mode's text to balanced mode's; above it recall mode has other text at the ends.
Origin not recorded, as for the other ratios and lengths here."""
_MAX_CONTAINER_RATIO = 1.3
"""Maximum ratio of the text in other places (boxes of one class, linked data, visible lines) to the extracted
text; above it the extraction is incomplete."""
_MIN_TEXT_CHARACTERS = 250
"""Minimum length of an extracted text; for a shorter one scripts are searched."""
_BOILERPLATE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:ads?|shar(?:e|ing)|social|newsletter|sidebar|\w*banner|breadcrumbs?|buttons?|authors?|\w*footer|foot|messages?|hidden|hide|noprint|nav"
    r"|navigation|subnav|navbar|menu|bar|widgets?|byline|related|comments?|tags?|consent|modal|meta|rating|cookies?"
    r"|taboola|outbrain|embed|popular|stories|bio|profile|info|infos|options|timestamp|attachment)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words of class names and ids of boxes around an article."""
_MAX_TEASER_CHARACTERS = 1_500
"""Maximum length of the part of a paid article that a page shows. Not fitted."""
_MIN_DESCRIPTION_CHARACTERS = 20
"""Minimum length of a line or description that is compared with others. Not fitted."""
_STANDFIRST_LINES = 16
"""Lines below the title in which a standfirst is searched. Not fitted."""
_STANDFIRST_CLASSES = re.compile(
    r"chap[oô]|standfirst|sapo|(?:^|[\s_-])(?:lead|lede|dek|intro|summary|excerpt|subtitle|subhead(?:line)?|deck"
    r"|abstract|anons|lid)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words of class names of standfirsts."""


def read_page(text: str, address: str = "") -> RawArticle:
    """Read a page; `address` is its address, which is used if the page does not state one."""
    if len(text) > _MAX_CHARACTERS:
        text = _DATA_URL.sub("", text)
    tree = parse(text)
    all_lines = lines_of(tree) if tree is not None else []
    head = read_head(tree, address) if tree is not None else PageHead()
    if not all_lines and not (
        tree is not None and script_text(tree, head)
    ):  # or the parser gave up: too deep
        return RawArticle(lines_without_tree(text), url=address)
    if len(text) > _MAX_CHARACTERS:
        _lighten(tree)
    title = page_title(tree, head, all_lines)
    published = published_on(tree, head, all_lines, title)
    hidden = remove_hidden(tree, title)
    shown = lines_of(tree)
    boxes = remove_boxes(tree, MAX_BOX_SHARE * prose_length_in(shown))
    _protect(tree)
    published = published or search_date(tree, head)
    lines = _article(tree, head, title, shown)
    left_out = _left_out(all_lines, [title, *lines], {"box": boxes, "hidden": hidden, "title": [title]})
    return RawArticle(
        lines,
        wash(title),
        published=published,
        outlet=head.outlet,
        author=head.author,
        url=head.url,
        left_out=left_out,
        all_lines=all_lines,
    )


def read_fragment(text: str, left: list[LeftOut] | None = None) -> list[str]:
    """Return the visible lines of HTML that is all article: of a feed, a mail or a book.

    The hidden ones are appended to `left`.
    """
    tree = parse(text)
    if tree is not None:
        hidden = remove_hidden(tree)
        if left is not None:
            left += [LeftOut(line, "hidden") for line in hidden]
        if lines := lines_of(tree):
            return lines
    return lines_without_tree(text)


def _lighten(tree: Any) -> None:
    """Remove large parts without text from a tree: comments, drawings, scripts, long attributes."""
    from lxml import etree

    etree.strip_elements(tree, etree.Comment, "svg", with_tail=False)
    for element in tree.iter():
        if element.tag == "style" or (element.tag == "script" and "json" not in element.get("type", "")):
            element.text = (element.text or "")[:_MAX_CSS_CHARACTERS]
        long = [name for name, value in element.attrib.items() if len(value) > _MAX_ATTRIBUTE_CHARACTERS]
        for name in long:
            del element.attrib[name]


def _article(tree: Any, head: PageHead, title: str, shown: Sequence[str]) -> list[str]:
    """Return the article's lines: the extracted text, completed from linked data and the article element.

    `shown` are all visible lines. They are returned if the page is too large, or nothing is extracted.
    """
    if sum(map(len, shown)) + _TAG_CHARACTERS * sum(1 for _ in tree.iter()) > _MAX_CHARACTERS:
        return list(shown)
    text = _completed(head, _extracted_text(tree, head))
    if not text.strip():
        return list(shown)
    lines = _paragraphs(text, shown)
    lines = _article_element(tree, lines) or lines
    return [*_standfirst(tree, head, shown, title, text), *_with_subheadings(tree, lines)]


def _extracted_text(tree: Any, head: PageHead) -> str:
    """Return trafilatura's text; if it is short, the text of the page's scripts if that is longer."""
    recall, balanced = _extracted(tree, recall=True), _extracted(tree, recall=False)
    exceeds = len(recall) > _MAX_RECALL_RATIO * len(balanced) > _MIN_TEXT_CHARACTERS
    text = _bounded(recall, balanced) if exceeds else recall
    return text if len(text) >= _MIN_TEXT_CHARACTERS else max(script_text(tree, head), text, key=len)


def _paragraphs(text: str, shown: Sequence[str]) -> list[str]:
    """Split a text into lines; if the extraction has lost its paragraphs, into the visible lines in it."""
    lines = [" ".join(line.split()) for line in _BULLET.sub("• ", text).split("\n")]
    if len(lines) > 1:
        return lines
    parts = [line for line in shown if line in lines[0]]
    return parts if sum(map(len, parts)) * _MAX_CONTAINER_RATIO > len(lines[0]) else lines


def _completed(head: PageHead, text: str) -> str:
    """Return the text of the linked data if the extracted text is a part of it, or has lost its paragraphs.

    Most lines of the extracted text must occur in the linked data; otherwise it is returned unchanged.
    """
    linked = linked_text(head)
    is_part = len(text) <= _MAX_TEASER_CHARACTERS and len(linked) > _MAX_CONTAINER_RATIO * len(text)
    if not is_part and "\n" in text.strip():
        return text
    words = "".join(linked.split())
    lines = [line for line in text.split("\n") if len(line) >= _MIN_DESCRIPTION_CHARACTERS]
    agreed = sum(len(line) for line in lines if "".join(line.split()) in words)
    return linked if agreed > sum(map(len, lines)) / 2 else text


def _bounded(recall: str, balanced: str) -> str:
    """Return recall mode's lines from the first to the last that balanced mode also has."""
    lines, core = recall.split("\n"), {line for line in balanced.split("\n") if line.strip()}
    common = [n for n, line in enumerate(lines) if line in core]
    found = "\n".join(lines[common[0] : common[-1] + 1]) if common else ""
    return found if len(found) >= len(balanced) / _MAX_RECALL_RATIO else balanced


def _article_element(tree: Any, lines: Sequence[str]) -> list[str]:
    """Return the paragraphs of the page's article element if the extraction has lost many of them; else [].

    They are those in boxes of the same classes as the extracted ones. If the extraction has hardly any prose,
    all lines of the element are returned.
    """
    articles = [each for each in tree.iter("article") if prose_length(each)]
    if len(articles) != 1:
        return []
    extracted = prose_length_in(lines)
    known = {line for line in lines if len(line) >= _MIN_DESCRIPTION_CHARACTERS}
    if extracted * _MAX_CONTAINER_RATIO < _MIN_TEXT_CHARACTERS:
        return lines_of(articles[0]) if prose_length(articles[0]) >= _MIN_TEXT_CHARACTERS else []
    paragraphs = [(each, element_text(each)) for each in articles[0].iter("p")]
    boxes = {each.getparent().get("class") for each, text in paragraphs if text in known} - {None, ""}
    found = [text for each, text in paragraphs if each.getparent().get("class") in boxes]
    return found if prose_length_in(found) > _MAX_CONTAINER_RATIO * extracted else []


def _protect(tree: Any) -> None:
    """Remove the class and id of boxes that trafilatura would drop by mistake.

    In the names of these boxes its patterns match only a part of a word, or the boxes hold much of the text.
    """
    from trafilatura.xpaths import OVERALL_DISCARD_XPATH, REMOVE_COMMENTS_XPATH

    limit = MAX_BOX_SHARE * prose_length(tree)
    for path in (*OVERALL_DISCARD_XPATH, *REMOVE_COMMENTS_XPATH):
        for element in path(tree):
            text, names = prose_length(element), class_and_id(element)
            if text > limit or (text and not _BOILERPLATE_CLASSES.search(names)):
                for name in ("class", "id", "role"):
                    element.attrib.pop(name, None)


def _extracted(tree: Any, *, recall: bool) -> str:
    """Return the text that trafilatura extracts from its own copy of a tree; "" for none."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(tree, include_comments=False, favor_recall=recall)
    except Exception:  # a page can break any extractor
        return ""
    return str(found.text or "") if found is not None else ""


def _standfirst(tree: Any, head: PageHead, shown: Sequence[str], title: str, text: str) -> list[str]:
    """Return the lines below the title that were not extracted and are a standfirst.

    It begins with the page's description, or is prose in a box whose class names it so.
    """
    start = next((n for n, line in enumerate(shown) if line == title), len(shown))
    below, extracted = shown[start + 1 : start + 1 + _STANDFIRST_LINES], {*text.split("\n")}
    starts = [each.rstrip(".… ") for each in head.descriptions if len(each) >= _MIN_DESCRIPTION_CHARACTERS]
    above = takewhile(lambda line: line not in text, below)
    described = (line for line in above if len(line) >= _MIN_DESCRIPTION_CHARACTERS)
    found = next((line for line in described if any(map(line.startswith, starts))), "")
    end = next((n for n, line in enumerate(below) if line in extracted), 0)
    boxes = (each for each in tree.iter() if end and _STANDFIRST_CLASSES.search(class_and_id(each)))
    named = {line for box in boxes for line in lines_of(box) if prose_length_in([line])}
    kept = [line for n, line in enumerate(below) if line == found or (n < end and line in named)]
    return [*kept, ""] if kept else []


def _with_subheadings(tree: Any, lines: Sequence[str]) -> list[str]:
    """Return the lines with the headings directly above each of them on the page, but the first."""
    found = map(element_text, tree.iter("h2", "h3", "h4", "h5", "h6"))
    headings = {text for text in found if not is_teaser_heading(text)} - {*lines}
    above = {line: heading for heading, line in pairwise(lines_of(tree)) if heading in headings}
    first = next(filter(None, lines), "")
    return [each for line in lines for each in (above.pop(line, "") if line != first else "", line) if each]


def _left_out(
    all_lines: Sequence[str], kept: Sequence[str], dropped: Mapping[str, Sequence[str]]
) -> list[LeftOut]:
    """Return the page's lines that are not in the article, each with the step that dropped it.

    A line is in the article if it is one of its lines, or if all its words are in it, each as often.
    """
    words = Counter(word for line in kept for word in line.split())
    steps = {line: step for step, lines in dropped.items() for line in lines}
    whole = Counter(kept) & Counter(all_lines)
    words.subtract(word for line in whole.elements() for word in line.split())
    left = list[LeftOut]()
    for line in all_lines:
        if whole[line]:
            whole[line] -= 1
            continue
        counted = Counter(line.split())
        if all(words[word] >= count for word, count in counted.items()):
            words.subtract(counted)
        else:
            left.append(LeftOut(line, steps.get(line, "page")))
    return left
