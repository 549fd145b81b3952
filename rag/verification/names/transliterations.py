"""A name of syllables, Chinese or Vietnamese, in a passage: as it is, or as another language reads it."""

from __future__ import annotations

from functools import lru_cache

from rag.text.word_sets import word_set
from rag.verification.names import chinese_characters
from rag.verification.names.chinese_characters import palladius
from rag.verification.names.phonetics import distance, fold, same_russian, sounds, vietnamese_sounds

RUSSIAN_SURNAMES = word_set(
    "нгуен чан ле фам хоанг хюинь фан ву во данг буй до хо нго зыонг динь чыонг дао доан выонг чинь "
    "лыонг май то та као ха лам"
)
"""Vietnamese surnames as Russian writes them."""


def in_a_row(there: tuple[str, ...], where: str, words: tuple[str, ...]) -> bool:
    """Whether the syllables stand in a row, or are the end of a name there."""
    wanted = [fold(word) for word in words]
    size = len(wanted)
    for at in range(len(there) - size + 1):
        if there[at] == wanted[0] and list(there[at : at + size]) == wanted:
            return True
    if where == "ru":
        heard = [(vietnamese_sounds(word), sounds(word)) for word in wanted]
        spoken = [sounds(word) for word in there]
        return any(
            all(
                min(distance(v, s), distance(p, s)) <= 0.35
                for (v, p), s in zip(heard, spoken[at:], strict=False)
            )
            for at in range(len(spoken) - size + 1)
            if min(distance(heard[0][0], spoken[at]), distance(heard[0][1], spoken[at])) <= 0.2
        )
    return False


def said_in_russian(there: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether Vietnamese syllables in a row, or pinyin, are what a Russian name says."""
    joined, spoken = fold("".join(words)), [sounds(word) for word in words]
    for at, word in enumerate(there):
        row = there[at : at + len(words)]
        heard = [(vietnamese_sounds(w), sounds(w)) for w in row]
        if len(row) == len(words) and all(
            v and min(distance(v, s), distance(p, s), _started(v, s)) <= 0.3
            for (v, p), s in zip(heard, spoken, strict=True)
        ):
            return True
        if word not in chinese_surnames():
            continue
        syllables = [s for w in there[at : at + len(words)] for s in chinese_characters.cut_pinyin(w)]
        options = [frozenset({palladius(s)}) - {""} for s in syllables]
        if options and all(options) and _segments(joined, options):
            return True
    return False


def otherwise_read(there: tuple[str, ...], where: str, words: tuple[str, ...], language: str) -> bool:
    """Tập Cận Bình for Xi Jinping or Си Цзиньпин, and the other way round."""
    options = _other_readings(syllables_of(words, language), where)
    return bool(options) and _spelled(there, options)


def read_aloud(there: tuple[str, ...], where: str, name: str) -> bool:
    """Whether a Han name is read aloud somewhere in the passage."""
    russian = [frozenset(filter(None, map(palladius, chinese_characters.pinyin(c)))) for c in name]
    systems = [
        [frozenset(chinese_characters.pinyin(c)) for c in name],
        [frozenset(chinese_characters.vietnamese(c)) for c in name],
        russian,
    ]
    if any(_spelled(there, system) for system in systems if all(system)):
        return True
    rows = (there[at : at + len(name)] for at in range(len(there) - len(name) + 1))
    return where == "ru" and any(_said_in_vietnamese(name, row) for row in rows)


def vietnamese_in_han(text: str, words: tuple[str, ...]) -> bool:
    """Whether characters in a row have the Vietnamese readings that Russian words say."""
    size = len(words)
    return size >= 3 and any(
        _said_in_vietnamese(text[at : at + size], words) for at in range(len(text) - size + 1)
    )


def _said_in_vietnamese(characters: str, words: tuple[str, ...]) -> bool:
    """Whether Russian words say the Vietnamese readings of characters: 范国宝, Фам Куок Бао."""
    return all(
        any(distance(vietnamese_sounds(r), sounds(word)) <= 0.3 for r in chinese_characters.vietnamese(c))
        for c, word in zip(characters, words, strict=True)
    )


def _spelled(there: tuple[str, ...], options: list[frozenset[str]]) -> bool:
    """Whether neighbouring words are one reading of each syllable, in order."""
    for at, word in enumerate(there):
        if not any(word.startswith(option) for option in options[0]):
            continue
        for size in range(1, len(options) + 1):
            if _segments("".join(there[at : at + size]), options):
                return True
    return False


def in_han(text: str, syllables: tuple[str, ...]) -> bool:
    """Whether characters in a row are read so; one of three may be missing in the Vietnamese table."""
    size, mandarin = len(syllables), all(s in chinese_characters.syllables() for s in syllables)
    for at in range(len(text) - size + 1) if size >= 2 else ():
        if not chinese_characters.reads(text[at], syllables[0]):
            continue
        row = zip(text[at : at + size], syllables, strict=True)
        wrong = [c for c, s in row if not chinese_characters.reads(c, s)]
        if not wrong or (
            size > 2 and not mandarin and len(wrong) == 1 and not chinese_characters.vietnamese(wrong[0])
        ):
            return True
    return False


def palladian_in_han(text: str, joined: str, size: int) -> bool:
    """Whether two to four characters, the first a surname, are read as a Russian name says."""
    for at in range(len(text) - 1):
        if text[at] not in chinese_characters.surnames():
            continue
        for length in range(max(2, size), min(4, size + 1) + 1):
            row = text[at : at + length]
            options = [frozenset(filter(None, map(palladius, chinese_characters.pinyin(c)))) for c in row]
            if len(row) == length and all(options) and _segments(joined, options):
                return True
    return False


def _started(one: str, other: str) -> float:
    """0 where one is the other with a Russian ending."""
    return 0.0 if len(one) >= 2 and other.startswith(one) and len(other) - len(one) <= 2 else 1.0


def _segments(joined: str, options: list[frozenset[str]]) -> bool:
    """Whether a word is one option of each set, one after the other; a Russian ending may follow."""
    ends = {0}
    for step in options:
        ends = {end + len(option) for end in ends for option in step if joined.startswith(option, end)}
        if not ends:
            return False
    return any(joined == joined[:end] or same_russian(joined, joined[:end]) for end in ends)


def syllables_of(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The folded syllables of a name."""
    folded = [fold(word) for word in words]
    if language == "vi" or all(map(vietnamese_sounds, folded)):
        return tuple(folded)
    return tuple(syllable for word in folded for syllable in chinese_characters.cut_pinyin(word))


@lru_cache(maxsize=1024)
def _other_readings(syllables: tuple[str, ...], language: str) -> list[frozenset[str]]:
    """The readings that the same characters have in another language."""
    options = []
    for syllable in syllables:
        characters = chinese_characters.characters_of(syllable) or chinese_characters.characters_by_pinyin(
            syllable
        )
        readings = {
            r for c in characters for r in (*chinese_characters.pinyin(c), *chinese_characters.vietnamese(c))
        } | {syllable}
        if language == "ru":
            readings = {palladius(r) for r in readings} - {""}
        options.append(frozenset(readings))
    return options if all(options) else []


@lru_cache(maxsize=1)
def chinese_surnames() -> frozenset[str]:
    """Chinese surnames in pinyin."""
    return frozenset(
        reading for c in chinese_characters.surnames() for reading in chinese_characters.pinyin(c)[:1]
    )
