"""Find the entries of a multilingual gazetteer (places, organisations, a few people) in a text.

gazetteer.json was compiled for Byline. It maps the key of an entry to its forms by language. A form ends with
"*" if any ending may follow, with "?" if a short one may. "~" before a form marks one that only implies
the entry: an adjective, a nationality. A capital in a form must also be one in the text. "in" lists the keys
of the entries that contain a place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from rag.verification.names.phonetics import fold

_TABLE = Path(__file__).with_name("gazetteer.json")
WORD = re.compile(r"[^\W_\u4e00-\u9fff]+")
_GAP = re.compile(r"[ \u00a0]{1,2}|[-‑–'’]|\.[ ]?|[ ][-–][ ]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_AFTER_ONE_CHARACTER = re.compile(
    r"方|军|国|籍|媒|企|总统|总理|首相|外长|防长|政府|两|双|三|关系|对|战略|间|侨|裔|语|文|式|人|占|圆|元|股"
)
"""Text after a form of one character (美, 法) that stands for a country."""
_TRANSCRIBING_ENDS = frozenset("尔斯克姆特德顿普布蒂")
"""Characters that end transcriptions, but hardly a Chinese word: a form of two characters after one is the
end of a longer name."""
_MAX_ENDING_LETTERS = 8
"""Maximum number of letters after the stem of a form with "*". Not fitted."""
_MAX_CAPITALISED_LETTERS = 4
"""Maximum length of a Russian form, with its marks, that occurs only with a capital. Not fitted."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry in a text: the keys that its form may stand for, and its span.

    `implied`: the form only implies the entry (French, a Frenchman).
    """

    keys: frozenset[str]
    start: int
    end: int
    implied: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a form: its stem, the mark of its ending, and whether it is capitalised or an acronym."""

    stem: str
    ending: str
    capital: bool
    upper: bool


@dataclass(frozen=True, slots=True)
class _Form:
    key: str
    words: tuple[_Word, ...]
    implied: bool


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = json.loads(_TABLE.read_text("utf-8"))
    return table


def containers(key: str) -> tuple[str, ...]:
    """Return the keys of the entries that contain a place, or that a body represents."""
    return tuple(_table()[key].get("in", ()))


def forms_of(key: str) -> tuple[str, ...]:
    """Return the forms of a key in all languages, as stems if endings may follow."""
    forms = (form for language, row in _table()[key].items() if language != "in" for form in row)
    return tuple(dict.fromkeys(form.strip("~*?") for form in forms))


@cache
def capital_of(key: str) -> str:
    """Return the key of the country whose capital this is, or "": a country's first place is its capital."""
    countries = containers(key)
    return countries[0] if countries and _first_inside().get(countries[0]) == key else ""


@cache
def _first_inside() -> dict[str, str]:
    first: dict[str, str] = {}
    for key in _table():
        for outer in containers(key):
            first.setdefault(outer, key)
    return first


def key_of(word: str, language: str) -> str:
    """Return a word as it is compared: without accents, but in Vietnamese with its tones."""
    return word.casefold() if language == "vi" else fold(word)


@lru_cache(maxsize=64)
def mentions(text: str, language: str) -> tuple[Mention, ...]:
    """Return the mentions of entries in a text, in order, without overlaps; the longest form wins.

    English forms are found in texts of all languages.
    """
    found = [*_in_letters(text, language), *(_in_han(text) if language == "zh" else ())]
    return tuple(sorted(found, key=lambda m: m.start))


def _in_letters(text: str, language: str) -> list[Mention]:
    words = [(m[0], m.start(), m.end()) for m in WORD.finditer(text)]
    found, at = [], 0
    while at < len(words):
        forms = _matching_forms(text, words, at, language) + (
            _matching_forms(text, words, at, "en") if language != "en" else []
        )
        if not forms:
            at += 1
            continue
        best = max(len(form.words) for form in forms)
        forms = [form for form in forms if len(form.words) == best]
        named = [form for form in forms if not form.implied] or forms
        keys = frozenset(form.key for form in forms)
        found.append(Mention(keys, words[at][1], words[at + best - 1][2], named[0].implied))
        at += best
    return found


def _matching_forms(text: str, words: list[tuple[str, int, int]], at: int, language: str) -> list[_Form]:
    """Return the forms that match the words from index `at` on."""
    starts = _forms_by_stem(language)
    key = key_of(words[at][0], language)
    stems = [key[:size] for size in range(max(2, len(key) - _MAX_ENDING_LETTERS), min(len(key), 40))]
    forms = [form for stem in [*stems, key] for form in starts.get(stem, ())]
    return [form for form in forms if _matches(form, text, words, at, language)]


def _matches(form: _Form, text: str, words: list[tuple[str, int, int]], at: int, language: str) -> bool:
    if at + len(form.words) > len(words):
        return False
    for step, expected in enumerate(form.words):
        word, start, _ = words[at + step]
        if step and not _GAP.fullmatch(text[words[at + step - 1][2] : start]):
            return False
        if not _matches_word(expected, word, language):
            return False
    return True


def _matches_word(expected: _Word, word: str, language: str) -> bool:
    key = key_of(word, language)
    if not key.startswith(expected.stem):
        return False
    ending = key[len(expected.stem) :]
    if (expected.capital and not word[0].isupper()) or (expected.upper and not word.isupper()):
        return False
    if expected.ending == "*":
        return len(ending) <= _MAX_ENDING_LETTERS
    if expected.ending == "?":
        return 1 <= len(ending) <= 2 and all(c in "аеиоуыюяйэeiouya" for c in ending)
    return not ending


@cache
def _forms_by_stem(language: str) -> dict[str, list[_Form]]:
    """Return the forms of a language in letters, by the stem of their first word."""
    starts: dict[str, list[_Form]] = {}
    for key, row in _table().items():
        for form in row.get(language, ()) if language != "zh" else ():
            words = tuple(_word(w, language) for w in re.findall(r"[^\W_]+[*?]?", form.removeprefix("~")))
            starts.setdefault(words[0].stem, []).append(_Form(key, words, form.startswith("~")))
            if language == "ru" and "*" in form and words[0].capital and len(form) > _MAX_CAPITALISED_LETTERS:
                # Russian nationalities and adjectives are lower case: монголы, африканский.
                small = tuple(replace(word, capital=False) for word in words)
                starts[words[0].stem].append(_Form(key, small, True))
    return starts


def _word(text: str, language: str) -> _Word:
    plain = text.rstrip("*?")
    short = len(plain) <= 4 and plain.isupper()
    return _Word(key_of(plain, language), text[len(plain) :], plain[0].isupper(), short and len(plain) > 1)


def _in_han(text: str) -> list[Mention]:
    starts, found, at = _han_forms(), [], 0
    while at < len(text):
        forms = [
            f for f in starts.get(text[at], ()) if text.startswith(f[0], at) and _is_separate(f[0], text, at)
        ]
        if not forms:
            at += 1
            continue
        size = max(len(form) for form, _, _ in forms)
        best = [(key, implied) for form, key, implied in forms if len(form) == size]
        implied = all(implied for _, implied in best)
        found.append(Mention(frozenset(key for key, _ in best), at, at + size, implied))
        at += size
    return found


def _is_separate(form: str, text: str, at: int) -> bool:
    """Tell whether a form is not part of another word.

    One character stands for a country only beside another such, or before a word such as 总统. Two characters
    may be part of a longer word: 发展中国家, 艾尔德里.
    """
    if len(form) > 1:
        after_transcription = at > 0 and text[at - 1] in _TRANSCRIBING_ENDS
        inside = (form == "中国" and text.startswith("家", at + 2)) or after_transcription
        return len(form) > 2 or not inside
    beside = text[at + 1 : at + 2] in _single_characters() or (
        at > 0 and text[at - 1] in _single_characters()
    )
    return beside or _AFTER_ONE_CHARACTER.match(text, at + 1) is not None


@cache
def _single_characters() -> frozenset[str]:
    """Return the forms of one character."""
    return frozenset(form for forms in _han_forms().values() for form, _, _ in forms if len(form) == 1)


@cache
def _han_forms() -> dict[str, list[tuple[str, str, bool]]]:
    starts: dict[str, list[tuple[str, str, bool]]] = {}
    for key, row in _table().items():
        for written in row["zh"]:
            form = written.removeprefix("~")
            if _HAN.match(form):
                starts.setdefault(form[0], []).append((form, key, written.startswith("~")))
    return starts
