"""Character classes of scripts, and the definition of a word, for all packages.

`HAN` covers Unicode's Han blocks: unified ideographs with all extensions, and compatibility ideographs.
A word is a sequence of letters and digits, or a single Han character, as Chinese is written without spaces.
"""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters, for use inside a character class: f"[{HAN}]"."""

HAN_CHARACTER = re.compile(f"[{HAN}]")
HAN_RUN = re.compile(f"[{HAN}]+")
WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
"""A Han character, or a sequence of letters and digits of other scripts."""
WORD_LETTERS = re.compile(f"[{HAN}]|[^\\W\\d_{HAN}]+")
"""A Han character, or a sequence of letters of other scripts."""


def is_han(character: str) -> bool:
    """Tell whether a character is a Han character."""
    return HAN_CHARACTER.match(character) is not None
