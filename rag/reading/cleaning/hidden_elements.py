"""Remove the hidden elements of a page, and boxes such as captions and lists of links.

Pages that fade in, wait for a script or sit behind a paywall hide the whole article; text for machines alone
is hidden beside a visible article. So a hidden element is kept if it has more prose than all visible text,
or if it has the words of the page's title and the visible text has not. The constants were set by hand, on
97 pages written for the purpose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from rag.reading.cleaning.line_rules import display_width
from rag.reading.formats.html_lines import class_and_id, lines_of
from rag.text.scripts import WORD

_HIDES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:px|pt|em|rem|%)?(?![.\d])|opacity:0(?:\.0+)?(?![.\d])"
    r"|(?:left|top|right|text-indent|margin-left):-\d{3,}|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%"
    r"|mso-hide:all|transform:scale\(0\)"
)
_NO_SIZE = re.compile(r"(?<![-\w])(?:max-)?(width|height):[01](?:px|pt|em)?(?![.\d%])")
_WHITE_TEXT = re.compile(r"(?<![-\w])color:(?:#fff(?:fff)?|white|transparent|rgba?\(255,255,255)(?![\da-f])")
_BACKGROUND = re.compile(
    r"(?<![-\w])background(?:-color|-image)?:(?!#fff(?:fff)?(?![\da-f])|white|transparent|none)"
)
_MAY_HIDE = re.compile(
    r"none|hidden|collapse|hide|font-size|opacity|clip|scale|height|:\s*-\d", re.IGNORECASE
)
"""The parts of styles that hide, quicker to search."""
_HIDING_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|a11y-hidden|assistive-text"
    r"|hidden-text|offscreen|off-screen|u-hidden|is-hidden|d-none|preheader)(?:\s|$)",
    re.IGNORECASE,
)
_BOXES = frozenset({"div", "section", "aside", "ul", "ol", "p", "table"})
_TEASER_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|more|read-?(?:also|next)|see-?also|teasers?|promos?"
    r"|popular|trending|most-?read|newsletter|share|social|breadcrumbs?|tags?|similar|suggest(?:ed|ions?)?"
    r"|lien-quan|xem-them|doc-them|xiangguan|tuijian)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words of class names of lists of links to other articles."""
_CAPTION_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:ads?|adverts?|advertisements?|cookies?|consent|gdpr|cmp|editsection|infobox|navbox|catlinks|reflist|references?|toc"
    r"|(?:tr|wp|img|image|photo|media|amp-wp)-?caption(?:-text)?|caption|legende?|image-?credits?|photo-?credits?"
    r"|(?:field-)?contacts?|press-?contacts?|subscription-widget|signup|tplcaption)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words of class names of captions, notices and references."""
_MAX_CAPTION_LETTERS = 600
"""Maximum number of letters of a box that is removed because of a caption's class."""
_MAX_TEASER_LETTERS = 200
"""Maximum number of letters of a paragraph in a list of teasers."""
_MIN_LINK_SHARE = 0.4
"""Minimum share of a list of links' letters that are in links."""
MAX_BOX_SHARE = 0.4
"""Maximum share of a page's prose in a box that is removed; a larger box is the article, whatever its
class."""
_MIN_PROSE_WIDTH = 40
"""Minimum display width of a line of prose."""
_MIN_ARTICLE_WIDTH = 100
"""Minimum display width of the prose of a hidden element that may be the article."""
_MIN_TITLE_SHARE = 0.5
"""Minimum share of the title's words that the article contains."""
_STOP = re.compile(r"[.!?…。！？]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\[\]\d\s]*$|[.!?]\s+[A-ZÀ-ÞĐА-ЯЁ]|[。！？]")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"(?:[a-z]+)?([.#][\w-]+)", re.IGNORECASE)
_MEDIA = re.compile(r"@[^{};]{1,300}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,500}[^{}]{0,2000}\}")


def remove_hidden(tree: Any, title: str = "") -> list[str]:
    """Remove the hidden elements of an lxml tree, by the rule above; return their lines."""
    names, removed, gone = _hidden_names(tree), list[str](), set[Any]()
    hidden = [element for element in _elements(tree) if _is_hidden(element, names)]
    known = set(hidden)
    inner = sum(prose_length(each) for each in hidden if not _is_within(each, known))
    visible = prose_length(tree) - inner
    for element in hidden:
        if element.getparent() is None or _is_within(element, gone):
            continue
        if prose_length(element) > visible or (title and _is_article(element, tree, title)):
            continue
        removed += lines_of(element)
        gone.add(element)
        element.drop_tree()
    return removed


def remove_boxes(tree: Any, max_prose: float) -> list[str]:
    """Remove captions, notices and lists of links to other articles from a tree; return their lines.

    Boxes with more prose than `max_prose` stay.
    """
    removed = list[str]()
    for element in _elements(tree):
        if element.getparent() is not None and _is_box(element) and prose_length(element) <= max_prose:
            removed += lines_of(element)
            element.drop_tree()
    return removed


def prose_length(element: Any) -> int:
    """Return the display width of all lines of prose below an element."""
    text = "".join(element.itertext())
    short = len(text) < _MIN_PROSE_WIDTH and display_width(text) < _MIN_PROSE_WIDTH
    return 0 if short or not _STOP.search(text) else prose_length_in(lines_of(element))


def prose_length_in(lines: Iterable[str]) -> int:
    """Return the display width of the lines that are prose: long enough, with the end of a sentence."""
    widths = (display_width(line) for line in lines if _SENTENCE_END.search(line))
    return sum(width for width in widths if width >= _MIN_PROSE_WIDTH)


def _is_article(element: Any, tree: Any, title: str) -> bool:
    """Tell whether a hidden element has the title's words, and the visible lines of prose have not."""
    if prose_length(element) < _MIN_ARTICLE_WIDTH:
        return False
    words = set(WORD.findall(title.casefold())) or {""}
    lines = Counter(lines_of(element))
    others = (line for line in Counter(lines_of(tree)) - lines if _SENTENCE_END.search(line))
    inside, outside = (
        len(words & set(WORD.findall(" ".join(each).casefold()))) / len(words) for each in (lines, others)
    )
    return inside >= _MIN_TITLE_SHARE and outside < _MIN_TITLE_SHARE / 2


def _elements(tree: Any) -> list[Any]:
    return [
        each for each in tree.iter() if isinstance(each.tag, str) and each.tag not in ("html", "head", "body")
    ]


def _is_within(element: Any, others: set[Any]) -> bool:
    return any(each in others for each in element.iterancestors())


def _is_box(element: Any) -> bool:
    """Tell whether an element is a caption, notice, dialogue or list of links, by its tag or its names."""
    if element.tag == "figcaption" or element.get("role") in ("dialog", "alertdialog"):
        return True
    names = class_and_id(element)
    if element.tag != "sup" and _CAPTION_CLASSES.search(names) and _letters(element) <= _MAX_CAPTION_LETTERS:
        return True
    return element.tag in _BOXES and _TEASER_CLASSES.search(names) is not None and _is_teaser_list(element)


def _is_teaser_list(element: Any) -> bool:
    """Tell whether a box with a teaser's class links to other articles, and holds no prose of this one."""
    share, links = _link_share(element), sum(1 for _ in element.iter("a"))
    if share >= _MIN_LINK_SHARE:
        return True
    return (
        links > 1
        and not any(map(_is_linked_prose, element.iter("p", "li")))
        and all(_letters(p) <= _MAX_TEASER_LETTERS for p in element.iter("p"))
    )


def _link_share(element: Any) -> float:
    links = sum(_letters(link) for link in element.iter("a"))
    return links / max(_letters(element), 1)


def _is_linked_prose(element: Any) -> bool:
    """Tell whether a paragraph is a sentence that contains a link; a teaser's link is separate."""
    text = "".join(element.itertext())
    return 0 < _link_share(element) < _MIN_LINK_SHARE and _SENTENCE_END.search(text) is not None


def _is_hidden(element: Any, hidden: set[str]) -> bool:
    style = _bare(element.get("style", ""))
    names = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").lower() == "true"
        or bool(names & hidden)
        or _HIDING_CLASSES.search(element.get("class", "")) is not None
        or (bool(style) and (_hides(style) or _is_white_on_white(element, style)))
    )


def _hides(style: str) -> bool:
    sizes = {found[1] for found in _NO_SIZE.finditer(style)}
    return _HIDES.search(style) is not None or (
        "height" in sizes and ("overflow:hidden" in style or len(sizes) == 2)
    )


def _is_white_on_white(element: Any, style: str) -> bool:
    """Tell whether text is white, and neither the element nor an ancestor has a background."""
    if not _WHITE_TEXT.search(style):
        return False
    around = [element, *element.iterancestors()]
    return not any(_BACKGROUND.search(_bare(each.get("style", ""))) or each.get("bgcolor") for each in around)


def _hidden_names(tree: Any) -> set[str]:
    """Return the classes and ids that the page's style elements hide, outside of media queries."""
    css = "".join(style.text or "" for style in tree.iter("style"))[:200_000]
    return set(_hiding_selectors(_MEDIA.sub("", re.sub(r"/\*.{0,2000}?\*/", "", css, flags=re.S))))


def _hiding_selectors(css: str) -> Iterator[str]:
    for selectors, body in _RULE.findall(css):
        if _MAY_HIDE.search(body) and _hides(_bare(body)):
            found = (_SELECTOR.fullmatch(one.strip()) for one in selectors.split(","))
            yield from (match[1] for match in found if match)


def _bare(style: str) -> str:
    return re.sub(r"\s+|!important", "", style.lower())


def _letters(element: Any) -> int:
    return sum(map(str.isalpha, "".join(element.itertext())))
