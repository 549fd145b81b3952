"""Look up a sentence's names in a passage, across five languages and three scripts.

The status is `held` if the passage has the name in any spelling, `absent` if it clearly lacks it, and
`unknown` if they cannot be compared: a translated institution, an acronym, a capital for its country.
"""

from __future__ import annotations

from dataclasses import replace

from rag.verification.claims import Status
from rag.verification.names.chinese_characters import transcribing
from rag.verification.names.gazetteer import capital_of, containers
from rag.verification.names.given_names import is_other_person
from rag.verification.names.name_distance import is_far
from rag.verification.names.name_matching import PassageWords
from rag.verification.names.phonetics import fold
from rag.verification.names.word_lists import Name, is_common, translates

_MAX_CHARACTERS = 120
"""Maximum length of a name that is compared. Not fitted."""
_MIN_FOREIGN_CHARACTERS = 3
"""Minimum length of a Chinese name that is a transcription if all its characters transcribe. Not fitted."""
_MIN_ENTRY_WORD_LETTERS = 5
"""Minimum length of the words of a gazetteer name that is also found word by word. Not fitted."""
_ACRONYM_LETTERS = range(2, 7)
"""Lengths of acronyms. Not fitted."""


def name_status(name: Name, language: str, passage: PassageWords) -> Status:
    """Return whether a passage has a name of a sentence in `language`.

    The name is looked up letter by letter, then as an entry of the gazetteer, as a whole, and part by part.
    """
    if name.end - name.start > _MAX_CHARACTERS:
        return "unknown"
    if passage.has_verbatim(name.words):
        return "held"
    if name.mention and name.mention.keys:
        return _status_of_entry(name, language, passage)
    if passage.has_complete(name.words, language):
        return "held"
    without_initials = tuple(word for word in name.words if len(word.strip(".")) > 1)
    name = replace(name, words=without_initials or name.words)
    there = [passage.has(word, language) for word in name.words]
    status = _status_of_parts(name, there, language, passage)
    return status if status != "absent" or _is_surely_absent(name, language, passage) else "unknown"


def _is_surely_absent(name: Name, language: str, passage: PassageWords) -> bool:
    """Tell whether a name that was not found is absent, and not merely unrecognised.

    It may be unrecognised if it is an acronym, which has other letters in other languages, or if it may be no
    name.
    """
    same = language == passage.language
    if name.opening and same and passage.has_stem_of(name.words[0]):
        return False
    if not name.sure or passage.truncated:
        return False
    if _may_be_acronym(name) and not (same and passage.lacks_initials(name.words[0])):
        return False
    return same or _is_far_from_all(name, language, passage)


def _is_far_from_all(name: Name, language: str, passage: PassageWords) -> bool:
    """Tell whether a name is not a guess, and far from all names of a passage in another language."""
    if name.guessed and not (language == "zh" and _is_transcription(name.words[0])):
        return False
    if passage.is_syllabic(name.words, language):
        return True
    if name.opening or translates(name.words, language):
        return False
    return is_far(passage, name.words, language)


def _is_transcription(written: str) -> bool:
    """Tell whether Han characters transcribe a foreign name, because each is used for that: 科英布拉."""
    return len(written) >= _MIN_FOREIGN_CHARACTERS and transcribing().issuperset(written)


def _status_of_entry(name: Name, language: str, passage: PassageWords) -> Status:
    """Look up an entry of the gazetteer: any form of it is "held", a capital for its country "unknown"."""
    keys = name.mention.keys if name.mention else frozenset()
    if keys & passage.keys:
        return "held"
    if all(len(word) >= _MIN_ENTRY_WORD_LETTERS and passage.has(word, language) for word in name.words):
        return "held"
    if not name.sure or passage.truncated or any(_stands_for(key, passage.keys) for key in keys):
        return "unknown"
    return "absent"


def _stands_for(key: str, there: frozenset[str]) -> bool:
    """Tell whether the passage has the capital of a country `key`, or the country of a capital `key`.

    A country does not stand for its capital if the passage names another of its places.
    """
    if any(key in containers(other) for other in there):
        return True
    country = capital_of(key)
    return country in there and not any(country in containers(other) for other in there)


def _status_of_parts(name: Name, there: list[bool], language: str, passage: PassageWords) -> Status:
    """Decide by the words of a name that the passage has, as `there` says of each.

    The name is held if all are there, or the last one, the surname, without another given name. Words of
    institutions, which other languages translate, do not count as missing.
    """
    if all(there):
        return "absent" if passage.is_syllabic(name.words, language) else "held"
    if passage.is_syllabic(name.words, language) or not any(there):
        return "absent"
    plain = [not is_common(word, language) for word in name.words]
    missing = [
        word for word, found, proper in zip(name.words, there, plain, strict=True) if not found and proper
    ]
    if not missing:
        return "unknown" if language != passage.language else "absent"
    if there[-1] and plain[-1]:
        return "absent" if is_other_person(passage, name.words[-1], name.words[:-1], language) else "held"
    if language == passage.language or not any(is_common(word, language) for word in missing):
        return "absent"
    return "unknown"


def _may_be_acronym(name: Name) -> bool:
    """Tell whether a name may be an acronym, which other languages build of other words."""
    return len(name.words) == 1 and name.words[0].isupper() and len(fold(name.words[0])) in _ACRONYM_LETTERS
