"""A text as it is compared: letters composed, digits and spaces plain, marks gone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]{0,8}|[\u0300-\u036f]")
_MARK = re.compile(r"[\[【［〔]\^?\d{1,4}(?:\s?[,，、;–-]\s?\d{1,4}){0,20}[\]】］〕]")
_ITEM = re.compile(r"^\s*\(?\d{1,2}(?:[.)）]\s|[、．）])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text: `at[i]` is where in the original `text[i]` stood; `at` has one entry more, the end."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` was folded from."""
        return self.at[start], self.at[end]


def folded(text: str) -> Folded:
    """Fold a text; citation marks and the numbers of list items become blanks. Never raises."""
    letters, at = [], []
    for cluster in _CLUSTER.finditer(text):
        for letter in unicodedata.normalize("NFC", cluster[0]):
            letters.append(_plain(letter))
            at.append(cluster.start())
    plain = _ITEM.sub(_blank, _MARK.sub(_blank, "".join(letters)))
    return Folded(plain, (*at, len(text)))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _plain(letter: str) -> str:
    """One character for one: full-width forms, digits of any script and odd spaces, made ordinary."""
    if letter < "\x7f":
        return letter
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    if letter.isspace() and letter != "\u2028":
        return " "
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
