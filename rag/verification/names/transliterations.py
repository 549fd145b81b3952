"""Find Chinese and Vietnamese names in a passage, as they are written or as another language reads them.

Words of a passage are folded; `words` are those of the name.
"""

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
"""Vietnamese surnames in Russian transcription."""
_MAX_SYLLABLE_DISTANCE = 0.3
"""Maximum phonetic distance of a Russian word that transcribes a Vietnamese syllable. Origin not recorded, as
for the next two."""
_MAX_FIRST_DISTANCE, _MAX_NEXT_DISTANCE = 0.2, 0.35
"""The same for the first, and for each, syllable of a name that is searched for in a Russian passage."""


def has_syllables(passage_words: tuple[str, ...], passage_language: str, words: tuple[str, ...]) -> bool:
    """Tell whether a passage has the syllables in succession; in Russian they are compared by sound."""
    syllables = tuple(fold(word) for word in words)
    starts = range(len(passage_words) - len(syllables) + 1)
    if any(passage_words[at : at + len(syllables)] == syllables for at in starts):
        return True
    if passage_language != "ru":
        return False
    spoken = [sounds(word) for word in passage_words]
    return any(
        _syllable_distance(syllables[0], spoken[at]) <= _MAX_FIRST_DISTANCE
        and all(
            _syllable_distance(syllable, word) <= _MAX_NEXT_DISTANCE
            for syllable, word in zip(syllables, spoken[at:], strict=False)
        )
        for at in starts
    )


def _syllable_distance(syllable: str, spoken: str) -> float:
    """Return the distance of a syllable, in Vietnamese or other pronunciation, from the sounds of a word."""
    return min(distance(vietnamese_sounds(syllable), spoken), distance(sounds(syllable), spoken))


def has_russian_name(passage_words: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether a Russian name transcribes adjacent Vietnamese syllables, or pinyin, of the passage."""
    joined, spoken = fold("".join(words)), [sounds(word) for word in words]
    for at, word in enumerate(passage_words):
        row = passage_words[at : at + len(words)]
        if len(row) == len(words) and all(map(_is_transcribed, row, spoken)):
            return True
        if word not in chinese_surnames():
            continue
        syllables = [s for w in passage_words[at : at + len(words)] for s in chinese_characters.cut_pinyin(w)]
        options = [frozenset({palladius(s)}) - {""} for s in syllables]
        if options and all(options) and _segments(joined, options):
            return True
    return False


def has_other_reading(
    passage_words: tuple[str, ...], passage_language: str, words: tuple[str, ...], language: str
) -> bool:
    """Tell whether a passage has the name in another language's reading: Xi Jinping, Tập Cận Bình."""
    options = _other_readings(syllables_of(words, language), passage_language)
    return bool(options) and _spelled(passage_words, options)


def has_reading(passage_words: tuple[str, ...], passage_language: str, name: str) -> bool:
    """Tell whether a passage has a reading of a name in Han characters: pinyin, Palladius or Vietnamese."""
    russian = [frozenset(filter(None, map(palladius, chinese_characters.pinyin(c)))) for c in name]
    systems = [
        [frozenset(chinese_characters.pinyin(c)) for c in name],
        [frozenset(chinese_characters.vietnamese(c)) for c in name],
        russian,
    ]
    if any(_spelled(passage_words, system) for system in systems if all(system)):
        return True
    rows = (passage_words[at : at + len(name)] for at in range(len(passage_words) - len(name) + 1))
    return passage_language == "ru" and any(_transcribes_vietnamese(name, row) for row in rows)


def vietnamese_in_han(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether Russian words transcribe the Vietnamese readings of adjacent characters in a text."""
    size = len(words)
    return size >= 3 and any(
        _transcribes_vietnamese(text[at : at + size], words) for at in range(len(text) - size + 1)
    )


def _transcribes_vietnamese(characters: str, words: tuple[str, ...]) -> bool:
    """Tell whether Russian words transcribe the Vietnamese readings of characters: 范国宝, Фам Куок Бао."""
    return all(
        any(
            distance(vietnamese_sounds(r), sounds(word)) <= _MAX_SYLLABLE_DISTANCE
            for r in chinese_characters.vietnamese(c)
        )
        for c, word in zip(characters, words, strict=True)
    )


def _spelled(passage_words: tuple[str, ...], options: list[frozenset[str]]) -> bool:
    """Tell whether adjacent words, joined, consist of one option for each syllable, in order."""
    for at, word in enumerate(passage_words):
        if not any(word.startswith(option) for option in options[0]):
            continue
        for size in range(1, len(options) + 1):
            if _segments("".join(passage_words[at : at + size]), options):
                return True
    return False


def in_han(text: str, syllables: tuple[str, ...]) -> bool:
    """Tell whether a text has adjacent characters with these readings.

    Of three characters or more one may be missing in the Vietnamese table, unless all syllables are pinyin.
    """
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
    """Tell whether a Russian name is the Palladius reading of characters that begin with a surname.

    `joined` is the name without spaces, `size` the number of its words; the characters are two to four.
    """
    for at in range(len(text) - 1):
        if text[at] not in chinese_characters.surnames():
            continue
        for length in range(max(2, size), min(4, size + 1) + 1):
            row = text[at : at + length]
            options = [frozenset(filter(None, map(palladius, chinese_characters.pinyin(c)))) for c in row]
            if len(row) == length and all(options) and _segments(joined, options):
                return True
    return False


def _prefix_distance(one: str, other: str) -> float:
    """Return 0 if `other` is `one` with an ending of at most two sounds, else 1."""
    return 0.0 if len(one) >= 2 and other.startswith(one) and len(other) - len(one) <= 2 else 1.0


def _is_transcribed(syllable: str, spoken: str) -> bool:
    """Tell whether a Russian word sounds like a Vietnamese syllable, perhaps with an ending."""
    heard = vietnamese_sounds(syllable)
    near = min(_syllable_distance(syllable, spoken), _prefix_distance(heard, spoken))
    return heard != "" and near <= _MAX_SYLLABLE_DISTANCE


def _segments(joined: str, options: list[frozenset[str]]) -> bool:
    """Tell whether a word is the concatenation of one option of each set, perhaps with a Russian ending."""
    ends = {0}
    for step in options:
        ends = {end + len(option) for end in ends for option in step if joined.startswith(option, end)}
        if not ends:
            return False
    return any(joined == joined[:end] or same_russian(joined, joined[:end]) for end in ends)


def syllables_of(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the folded syllables of a name: its words in Vietnamese, else its pinyin syllables."""
    folded = [fold(word) for word in words]
    if language == "vi" or all(map(vietnamese_sounds, folded)):
        return tuple(folded)
    return tuple(syllable for word in folded for syllable in chinese_characters.cut_pinyin(word))


@lru_cache(maxsize=1024)
def _other_readings(syllables: tuple[str, ...], language: str) -> list[frozenset[str]]:
    """Return, for each syllable, the readings in another language of all characters that it may write."""
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
    """Return the Chinese surnames in pinyin."""
    return frozenset(
        reading for c in chinese_characters.surnames() for reading in chinese_characters.pinyin(c)[:1]
    )
