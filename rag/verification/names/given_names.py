"""Two people of one surname: do the first names beside it in a passage say that it is somebody else?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.word_sets import word_set
from rag.verification.names.chinese_names import head, tail
from rag.verification.names.gazetteer import WORD
from rag.verification.names.name_matching import DOTTED, MAX_SOUND_DISTANCE, PassageWords, sounds_like
from rag.verification.names.phonetics import close, fold, latin, same_russian
from rag.verification.names.word_lists import is_common, words_of

_HAN = re.compile(r"[\u4e00-\u9fff]")
_JOINED = re.compile(r"[ \u00a0-]|\. ")
PARTICLES = word_set("al el аль эль аз ар bin ibn бин ибн de von van der")


def other_first_name(passage: PassageWords, surname: str, first: tuple[str, ...], language: str) -> bool:
    """Whether the surname stands in the passage behind other first names only."""
    rows = beside(passage, surname, sides=(-1,))
    proper = tuple(w for w in first if not is_common(w, language) and fold(w) not in PARTICLES)
    rows = [row for row in rows if row]
    return bool(proper and rows) and all(_other(proper, row) for row in rows)


def beside(passage: PassageWords, part: str, sides: Sequence[int] = (-1, 1)) -> list[list[str]]:
    """What stands right beside each place of a part of a name: the other parts of that name, [] for none."""
    if passage.language == "zh":
        split = [re.split(r"[·•・‧]", match[0]) for match in DOTTED.finditer(passage.text)]
        rows = [[tail(first), *middle, head(last)] for first, *middle, last in split]
        return [_without(row, part) for row in rows if any(_is_part(one, part) for one in row)]
    tokens, found = list(WORD.finditer(passage.text)), []
    for at, token in enumerate(tokens):
        if token[0][0].isupper() and _is_part(token[0], part):
            found.append([word for side in sides for word in _run(passage, tokens, at, side)])
    return found


def _without(row: list[str], part: str) -> list[str]:
    return [one for one in row if one and not _is_part(one, part)]


def _is_part(word: str, part: str) -> bool:
    if (_HAN.search(word) is None) == (_HAN.search(part) is None):
        return fold(word) == fold(part) or close(word, part)
    return sounds_like(part, word) if _HAN.search(word) else sounds_like(word, part)


def _run(passage: PassageWords, tokens: list[re.Match[str]], at: int, step: int) -> list[str]:
    """The capitalised words on one side of a word, over particles, as far as nothing else stands between."""
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


def _other(first: tuple[str, ...], before: list[str]) -> bool:
    """Whether two rows of first names differ both ways: an extra middle name is no other person."""
    extra = [mine for mine in first if not any(_may_be(mine, theirs) for theirs in before)]
    strange = [theirs for theirs in before if not any(_may_be(mine, theirs) for mine in first)]
    return bool(extra and strange)


def _may_be(mine: str, theirs: str) -> bool:
    """Whether two first names may be one, by letters, by sound or as an initial."""
    han_mine, han_theirs = _HAN.search(mine), _HAN.search(theirs)
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
