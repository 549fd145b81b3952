"""Convert Markdown to plain lines of text."""

from __future__ import annotations

import html
import re

_MAX_LINES_ABOVE_TITLE = 4
"""Maximum number of lines before a first-level heading that is the title: a menu, a date. Not fitted."""
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.*)")
_RULE = re.compile(r"\s{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})[ \t]*$")
_QUOTE = re.compile(r"^\s{0,3}(?:>[ \t]?)+")
_BULLET = re.compile(r"^\s*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_FOOTNOTE = re.compile(r"^\s{0,3}\[\^[^\]\n]{1,60}\]:[ \t]*")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]\n^][^\]\n]{0,200}\]:[ \t]*\S")

_TARGET = r"\((?:[^()\n]|\([^()\n]{0,300}\)){0,2000}\)"
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED = re.compile("[\ue000-\ue07f]")
_CODE = re.compile(r"(`{1,3})([^`\n]{1,1000})\1")
_IMAGE = re.compile(rf"!\[[^\]\n]{{0,500}}\](?:{_TARGET}|\[[^\]\n]{{0,200}}\])")
_LINK = re.compile(rf"\[([^\[\]\n]{{0,1000}})\](?:{_TARGET}|\[[^\]\n]{{0,200}}\])")
_NOTE = re.compile(r"\[\^[^\]\n]{1,60}\]")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_EMPHASES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(\*\*\*|\*\*|___|__|~~)(?=\S)([^\n]{1,1000}?)(?<=\S)\1",
        r"(?<![A-Za-z0-9*])(\*)(?![\s*])([^*\n]{1,1000}?)(?<!\s)\*(?![A-Za-z0-9*])",
        r"(?<![A-Za-z0-9_])(_)(?![\s_])([^_\n]{1,1000}?)(?<!\s)_(?![A-Za-z0-9_])",
    )
)


def to_lines(text: str) -> tuple[str, list[str]]:
    """Return the title, from a heading at the top ("" if there is none), and the other lines.

    Other headings are between blank lines.
    """
    lines: list[str] = []
    title = ""
    fenced, before = False, 0
    source = _without(_without(_without(text, "<!--", "-->"), "<script", "</script>"), "<style", "</style>")
    for line in source.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            lines.append(line)
        else:
            heading = _heading(line, lines)
            max_before = _MAX_LINES_ABOVE_TITLE if heading and heading[0] == 1 else 0
            if heading and not title and before <= max_before:
                title = heading[1]
            elif heading:
                lines += ["", heading[1], ""]
            else:
                lines.append(_plain(line))
        before += bool(line.strip())
    return title, lines


def _heading(line: str, lines: list[str]) -> tuple[int, str] | None:
    """Return level and text of a heading; one marked by an underline is removed from the end of `lines`."""
    found = _HEADING.match(line)
    if found:
        return len(found[1]), _inline(found[2].rstrip("# \t"))
    if lines and lines[-1].strip() and _UNDERLINE.match(line):
        return (1 if "=" in line else 2), lines.pop().strip()
    return None


def _plain(line: str) -> str:
    """Return a line without block markup; "" for rules, link definitions and table delimiters."""
    if _RULE.match(line) or _REFERENCE.match(line) or _is_delimiter(line):
        return ""
    return _inline(_BULLET.sub("• ", _FOOTNOTE.sub("", _QUOTE.sub("", line))))


def _is_delimiter(line: str) -> bool:
    """Tell whether a line is the delimiter row between a table's header and its body."""
    return "|" in line and "--" in line and not line.strip("|:- \t")


def _inline(text: str) -> str:
    """Return a text without inline markup; escaped characters are moved to a private range meanwhile."""
    text = _ESCAPE.sub(lambda found: chr(0xE000 + ord(found[1])), text)
    text = _CODE.sub(r"\2", _IMAGE.sub("", text))
    text = _LINK.sub(r"\1", _NOTE.sub("", text))
    text = html.unescape(_TAG.sub("", _ADDRESS.sub(r"\1", text)))
    for emphasis in _EMPHASES:
        text = emphasis.sub(r"\2", text)
    return _ESCAPED.sub(lambda found: chr(ord(found[0]) - 0xE000), text).strip()


def _without(text: str, opening: str, closing: str) -> str:
    """Return the text without the parts between two marks; an unclosed part is kept."""
    parts, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        parts.append(text[at:start])
        at = end + len(closing)
    return "".join([*parts, text[at:]])
