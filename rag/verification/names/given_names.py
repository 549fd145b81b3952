"""Distinguish people of the same surname by their given names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.word_sets import word_set
from rag.verification.names.chinese_characters import HAN
from rag.verification.names.chinese_names import DOT, transcribing_end, transcribing_start
from rag.verification.names.gazetteer import WORD
from rag.verification.names.name_matching import DOTTED, MAX_SOUND_DISTANCE, PassageWords, sounds_like
from rag.verification.names.phonetics import close, fold, latin, same_russian
from rag.verification.names.word_lists import is_common, words_of

_JOINED = re.compile(r"[ \u00a0-]|\. ")
PARTICLES = word_set("al el аль эль аз ар bin ibn бин ибн de von van der")
"""Words within names that are not given names."""


def is_other_person(passage: PassageWords, surname: str, given: tuple[str, ...], language: str) -> bool:
    """Tell whether the passage has the surname only after given names other than these."""
    rows = [row for row in neighbours(passage, surname, sides=(-1,)) if row]
    proper = tuple(w for w in given if not is_common(w, language) and fold(w) not in PARTICLES)
    return bool(proper and rows) and all(_differ(proper, row) for row in rows)


def neighbours(passage: PassageWords, part: str, sides: Sequence[int] = (-1, 1)) -> list[list[str]]:
    """Return, for each occurrence of a part of a name, the other parts of the name there ([] for none).

    `sides`: -1 for the parts before, 1 for those after; in Chinese both are returned.
    """
    if passage.language == "zh":
        split = [DOT.split(match[0]) for match in DOTTED.finditer(passage.text)]
        rows = [
            [transcribing_end(first), *middle, transcribing_start(last)] for first, *middle, last in split
        ]
        return [_without(row, part) for row in rows if any(_is_part(one, part) for one in row)]
    tokens, found = list(WORD.finditer(passage.text)), []
    for at, token in enumerate(tokens):
        if token[0][0].isupper() and _is_part(token[0], part):
            found.append([word for side in sides for word in _run(passage, tokens, at, side)])
    return found


def _without(row: list[str], part: str) -> list[str]:
    return [one for one in row if one and not _is_part(one, part)]


def _is_part(word: str, part: str) -> bool:
    if (HAN.search(word) is None) == (HAN.search(part) is None):
        return fold(word) == fold(part) or close(word, part)
    return sounds_like(part, word) if HAN.search(word) else sounds_like(word, part)


def _run(passage: PassageWords, tokens: list[re.Match[str]], at: int, step: int) -> list[str]:
    """Return the capitalised words next to a word on one side, particles between them skipped."""
    words: list[str] = []
    while 0 <= at + step < len(tokens) and len(words) < 4:
        first, second = sorted((at, at + step))
        at += step
        word = tokens[at][0]
        if not _JOINED.fullmatch(passage.text[tokens[first].end() : tokens[second].start()]):
            break
        if word[0].isupper() and not _is_title(passage, fold(word)):
            words.append(word)
        elif fold(word) not in PARTICLES:
            break
    return words


def _is_title(passage: PassageWords, word: str) -> bool:
    if word in words_of("starters", passage.language):
        return True
    return is_common(word, passage.language)


def _differ(given: tuple[str, ...], others: list[str]) -> bool:
    """Tell whether each side has a given name that the other lacks; an additional middle name is allowed."""
    missing = [mine for mine in given if not any(_may_be(mine, theirs) for theirs in others)]
    added = [theirs for theirs in others if not any(_may_be(mine, theirs) for mine in given)]
    return bool(missing and added)


def _may_be(mine: str, theirs: str) -> bool:
    """Tell whether two given names may be the same, by letters, by sound or as an initial."""
    han_mine, han_theirs = HAN.search(mine), HAN.search(theirs)
    if han_mine and han_theirs:
        return theirs.endswith(mine) or mine.endswith(theirs)
    if han_mine or han_theirs:
        word, run = (theirs, mine) if han_mine else (mine, theirs)
        return sounds_like(word, run, MAX_SOUND_DISTANCE + 0.08)
    one, other = latin(fold(mine)), latin(fold(theirs))
    return (
        same_russian(fold(mine), fold(theirs))
        or close(mine, theirs)
        or (one[:1] == other[:1] and min(len(one), len(other)) == 1)
    )
