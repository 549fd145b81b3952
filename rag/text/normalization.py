"""Normalise text for comparison: NFC, ASCII digits and spaces, no citation marks or list numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_COMBINED = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]{0,8}|[\u0300-\u036f]")
_CITATION = re.compile(r"[\[【［〔]\^?\d{1,4}(?:\s?[,，、;–-]\s?\d{1,4}){0,20}[\]】］〕]")
_LIST_NUMBER = re.compile(r"^\s*\(?\d{1,2}(?:[.)）]\s|[、．）])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A normalised text; `at[i]` is the original's offset of `text[i]`, `at[-1]` the original's length."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that corresponds to `text[start:end]`."""
        return self.at[start], self.at[end]


def folded(text: str) -> Folded:
    """Normalise a text; citation marks and list numbers become spaces. Never raises."""
    letters, at = [], []
    for cluster in _COMBINED.finditer(text):
        for letter in unicodedata.normalize("NFC", cluster[0]):
            letters.append(_plain(letter))
            at.append(cluster.start())
    plain = _LIST_NUMBER.sub(_blank, _CITATION.sub(_blank, "".join(letters)))
    return Folded(plain, (*at, len(text)))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _plain(letter: str) -> str:
    """Map full-width forms, digits of any script and all spaces to ASCII, one character to one."""
    if letter < "\x7f":
        return letter
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    if letter.isspace() and letter != "\u2028":
        return " "
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
