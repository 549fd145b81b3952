"""What the core says, in the interface's language.

The core speaks English: its errors, reasons and warnings are read on the command line, kept with answers
and handed from process to process as text. Each has a code in messages/en.json, whose wording is the core's
own with names in place of values (a test holds the two together); the other files have the same codes. A
text is known by its wording, so that what was kept years ago is told in any language, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from rag import refusing
from rag.ui import wording
from rag.ui.strings import Strings

_PLACE = re.compile(r"\{(\w+)\}")
_CLAIM = re.compile(r"the (\w+) “(.*?)”(?:, |$)")
_AND = re.compile(r"; (?=the \w+ “)")
_APART = "also"
"""The code of two reasons in one."""


def told(message: str, s: Strings) -> str:
    """A message of the core in the interface's language; as it is where it is none that is known."""
    if s.language == "en":
        return message
    first, *more = _AND.split(message, 1)
    if more:
        both = {"first": told(first, s), "second": told(more[0], s)}
        return wordings(s.language)[_APART].format(**both)
    found = known(message)
    if found is None:
        return message
    code, values = found
    filled = {name: _value(name, value, s) for name, value in values.items()}
    return wordings(s.language)[code].format(**filled)


def advice(sentences: Sequence[str], language: str, s: Strings) -> list[str]:
    """What a refusal advises, written in `language`, in the interface's."""
    return [_advised(sentence, language, s) for sentence in sentences]


def refusal(text: str, s: Strings) -> str:
    """“Not in your articles” in the interface's language, whatever it was said in."""
    return s.not_found if not text or text in refusing.NOT_FOUND.values() else text


def known(message: str) -> tuple[str, Mapping[str, str]] | None:
    """The code of a message of the core, and its values; None where it is none."""
    return _find(message, tuple((code, text) for code, text in wordings("en").items() if code != _APART))


@cache
def wordings(language: str) -> Mapping[str, str]:
    """Every message in a language, by code."""
    text = files("rag.ui").joinpath(f"messages/{language}.json").read_text("utf-8")
    return dict(json.loads(text))


def _value(name: str, value: str, s: Strings) -> str:
    """A value may be a message itself, or a list of claims."""
    if name != "claims":
        return told(value, s)
    claims = [wordings(s.language)[f"claim_{kind}"].format(text=text) for kind, text in _CLAIM.findall(value)]
    return wording.listed(claims, s) if claims else value


def _advised(sentence: str, language: str, s: Strings) -> str:
    said = {code: texts.get(language, texts["en"]) for code, texts in refusing.ADVICE.items()}
    found = _find(sentence, tuple(said.items()))
    if found is None:
        return sentence
    code, values = found
    names = refusing.unquoted(values.get("names", ""), language)
    filled = dict(values) | ({"names": refusing.quoted(names, s.language)} if names else {})
    return refusing.ADVICE[code].get(s.language, sentence).format(**filled)


@lru_cache(maxsize=4096)
def _find(text: str, wordings: tuple[tuple[str, str], ...]) -> tuple[str, Mapping[str, str]] | None:
    """The first wording that a text has, the one with most words of its own first."""
    for code, pattern in _patterns(wordings):
        if match := pattern.fullmatch(text):
            return code, match.groupdict()
    return None


@cache
def _patterns(wordings: tuple[tuple[str, str], ...]) -> list[tuple[str, re.Pattern[str]]]:
    by_length = sorted(wordings, key=lambda entry: -len(_PLACE.sub("", entry[1])))
    return [(code, _pattern(text)) for code, text in by_length]


def _pattern(text: str) -> re.Pattern[str]:
    parts = _PLACE.split(text)
    places = [f"(?P<{part}>.*?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)]
    return re.compile("".join(places), re.DOTALL)
