"""The mark of a list item: a bullet, or the number of a numbered list.

Readers of files add letters (rag.reading.cleaning.line_wrapping), which are marks only by a layout.
"""

from __future__ import annotations

import re

from rag.text.scripts import HAN

_HAN_NUMERAL = "一二三四五六七八九十"
_BULLET = r"[-*–—](?=\s)|[•‣▪◦●]"
_NUMBER = rf"\(?\d{{1,3}}(?:[.)](?=[\s{HAN}])|[、．）](?!\d))"
_HAN_NUMBER = rf"[（(]?[{_HAN_NUMERAL}]{{1,3}}(?:[)）]|、(?![{_HAN_NUMERAL}]))"

LIST_MARK = re.compile(rf"[^\S\n]*(?:{_BULLET}|{_NUMBER}|{_HAN_NUMBER})[^\S\n]*")
"""Matches the mark of a line, with the spaces around it: "- ", "• ", "12. ", "(3) ", "1．", "二、".

A dash or asterisk counts only before a space, because "-5 °C" is a value, and a number with a full stop only
before a space or a Han character, because "12.5 million" is one.
"""
