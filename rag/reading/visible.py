"""What of a page nobody sees, by its attributes, its own styles and the class names in common use."""

from __future__ import annotations

import re
from typing import Any

from rag.reading.furniture import introduces

_SHARE = 0.5
"""Share of a page's text beyond which what seems hidden is the page: a script would have shown it."""
_OUT = ("script", "style", "noscript", "template", "iframe")
_HIDES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:px|pt|em|rem|%)?(?![.\d])|opacity:0(?:\.0+)?(?![.\d])"
    r"|(?:left|top|right|text-indent|margin-left):-\d{3,}|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%"
    r"|mso-hide:all|transform:scale\(0\)"
)
_NO_SIZE = re.compile(r"(?<![-\w])(?:max-)?(width|height):[01](?:px|pt|em)?(?![.\d%])")
_WHITE = re.compile(r"(?<![-\w])color:(?:#fff(?:fff)?|white|rgba?\(255,255,255)(?![\da-f])")
_TRANSPARENT = re.compile(r"(?<![-\w])color:transparent")
_BACKGROUND = re.compile(
    r"(?<![-\w])background(?:-color|-image)?:(?!#fff(?:fff)?(?![\da-f])|white|transparent|none)"
)
_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|a11y-hidden|assistive-text"
    r"|hidden-text|offscreen|off-screen|u-hidden|is-hidden|d-none|preheader)(?:\s|$)",
    re.IGNORECASE,
)
_BOXES = frozenset({"div", "section", "aside", "ul", "ol", "p", "table"})
_OTHERS = re.compile(
    r"relat|recommend|more-|-more|read-?(?:also|next)|see-?also|teaser|promo|popular|trending|most-?read|newsletter"
    r"|share|social|breadcrumb|tags?(?:$|[\s_-])|similar|suggest|lien-quan|xem-them|doc-them|xiangguan|tuijian",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|cmp|editsection|infobox|navbox|catlinks|reflist|references?|toc"
    r"|(?:tr|wp|img|image|photo|media|amp-wp)-?caption(?:-text)?|caption|legende?|image-?credits?|photo-?credits?"
    r"|(?:field-)?contacts?|press-?contacts?|subscription-widget|signup|tplcaption)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Words of class names for what stands around an article, or beneath its pictures."""
_LONGEST_AROUND = 600
"""Letters beyond which what is so named is more than that."""
_SUMMARY = 200
"""Letters of a teaser's summary, at most."""
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"(?:[a-z]+)?([.#][\w-]+)", re.IGNORECASE)
_MEDIA = re.compile(r"@[^{};]{1,300}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,500}[^{}]{0,2000}\}")


def prune(tree: Any, *, page: bool = True) -> None:
    """Take out of a tree of lxml what is hidden, and of a page captions and lists of links to others."""
    hidden = _hidden_names(tree)
    for element in [each for each in tree.iter(*_OUT) if each.getparent() is not None]:
        element.drop_tree()
    most = _SHARE * _letters(tree)
    for element in [each for each in tree.iter() if isinstance(each.tag, str)]:
        if element.getparent() is None or element.tag in ("html", "head", "body"):
            continue
        unwanted = _is_hidden(element, hidden) or (page and _is_around(element))
        if unwanted and _letters(element) <= most:
            element.drop_tree()


def _is_around(element: Any) -> bool:
    """Tell whether an element is no article by what it is, or by what it is called."""
    if element.tag == "figcaption" or element.get("role") in ("dialog", "alertdialog"):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if _AROUND.search(names) and _letters(element) <= _LONGEST_AROUND:
        return True
    return element.tag in _BOXES and _is_teasers(element, names)


def _is_teasers(element: Any, names: str) -> bool:
    """Tell whether a box leads to other articles: by its name or its first words, and its links."""
    links = [_letters(link) for link in element.iter("a")]
    share = sum(links) / max(_letters(element), 1) if links else 0.0
    if share < 0.4 and len(links) < 2:
        return False
    if _OTHERS.search(names):
        return share >= 0.4 or all(_letters(p) <= _SUMMARY for p in element.iter("p"))
    return share >= 0.6 and introduces(" ".join("".join(element.itertext()).split()))


def _is_hidden(element: Any, hidden: set[str]) -> bool:
    style = _bare(element.get("style", ""))
    names = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").lower() == "true"
        or bool(names & hidden)
        or _CLASSES.search(element.get("class", "")) is not None
        or (bool(style) and (_hides(style) or (_is_white(style) and not _on_colour(element))))
    )


def _hides(style: str) -> bool:
    sizes = {found[1] for found in _NO_SIZE.finditer(style)}
    return _HIDES.search(style) is not None or (
        "height" in sizes and ("overflow:hidden" in style or len(sizes) == 2)
    )


def _is_white(style: str) -> bool:
    return (_WHITE.search(style) or _TRANSPARENT.search(style)) is not None


def _on_colour(element: Any) -> bool:
    """Tell whether it, or what it stands in, says that it has a background."""
    around = [element, *element.iterancestors()]
    return any(_BACKGROUND.search(_bare(each.get("style", ""))) or each.get("bgcolor") for each in around)


def _hidden_names(tree: Any) -> set[str]:
    """Classes and ids that the page's own styles hide on every screen."""
    css = "".join(style.text or "" for style in tree.iter("style"))[:200_000]
    names = set[str]()
    for selectors, body in _RULE.findall(_MEDIA.sub("", re.sub(r"/\*.{0,2000}?\*/", "", css, flags=re.S))):
        if _hides(_bare(body)):
            names |= {found[1] for one in selectors.split(",") if (found := _SELECTOR.fullmatch(one.strip()))}
    return names


def _bare(style: str) -> str:
    return re.sub(r"\s+|!important", "", style.lower())


def _letters(element: Any) -> int:
    return sum(map(str.isalpha, "".join(element.itertext())))
