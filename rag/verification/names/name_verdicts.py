"""Does a passage have the names that a sentence claims? In five languages and three scripts.

`held` where the passage has the name in any spelling, `absent` where it plainly has not; what cannot be
compared (a translated institution, an acronym, a capital for its country) is `unknown`.
"""

from __future__ import annotations

from dataclasses import replace

from rag.verification.claims import Status
from rag.verification.names.chinese_characters import transcribing
from rag.verification.names.gazetteer import capital_of, inside
from rag.verification.names.given_names import other_first_name
from rag.verification.names.name_distance import is_far
from rag.verification.names.name_matching import PassageWords
from rag.verification.names.phonetics import fold
from rag.verification.names.word_lists import Name, is_common, translates

_MAX_LENGTH = 120
"""Characters of the longest name that is compared."""


def name_status(name: Name, language: str, passage: PassageWords) -> Status:  # noqa: PLR0911 (one line a case)
    """Whether a passage has a name of a sentence in a language."""
    if name.end - name.start > _MAX_LENGTH:
        return "unknown"
    if passage.copies(name.words):
        return "held"
    if name.mention and name.mention.keys:
        return _known(name, language, passage)
    same = language == passage.language
    if passage.has_whole(name.words, language):
        return "held"
    spelt = tuple(word for word in name.words if len(word.strip(".")) > 1)
    name = replace(name, words=spelt or name.words)  # an initial tells little
    there = [passage.has(word, language) for word in name.words]
    status = _of_parts(name, there, language, passage)
    if status != "absent":
        return status
    if name.opening and same and passage.stemmed_like(name.words[0]):
        return "unknown"
    if (
        not name.sure
        or passage.cut
        or (_acronym(name) and not (same and passage.lacks_initials(name.words[0])))
    ):
        return "unknown"
    if same or _surely_lacks(name, language, passage):
        return "absent"
    return "unknown"


def _surely_lacks(name: Name, language: str, passage: PassageWords) -> bool:
    """Whether a name is surely one, and far from all that a passage of another language has."""
    if name.tagged and not (language == "zh" and _sounds_foreign(name.words[0])):
        return False
    if passage.syllabic(name.words, language):
        return True
    if name.opening or translates(name.words, language):
        return False
    return is_far(passage, name.words, language)


def _sounds_foreign(written: str) -> bool:
    """Whether characters only write a foreign sound: 科英布拉."""
    return len(written) >= 3 and all(character in transcribing() for character in written)


def _known(name: Name, language: str, passage: PassageWords) -> Status:
    """A name of the gazetteer: any form of it holds; what it stands in, or stands for it, leaves it open."""
    keys = name.mention.keys if name.mention else frozenset()
    if keys & passage.keys:
        return "held"
    if all(len(word) >= 5 and passage.has(word, language) for word in name.words):
        return "held"
    if not name.sure or passage.cut or any(_stands_for(key, passage.keys) for key in keys):
        return "unknown"
    return "absent"


def _stands_for(key: str, there: frozenset[str]) -> bool:
    """Whether a capital may stand for its country, or the country for it; not beside its other places."""
    if any(key in inside(other) for other in there):
        return True
    country = capital_of(key)
    return country in there and not any(country in inside(other) for other in there)


def _of_parts(name: Name, there: list[bool], language: str, passage: PassageWords) -> Status:
    """Held if all parts are there, or the last without another first name; absent if none is."""
    if all(there):
        return "absent" if passage.syllabic(name.words, language) else "held"
    if passage.syllabic(name.words, language) or not any(there):
        return "absent"
    plain = [not is_common(word, language) for word in name.words]
    missing = [
        word for word, found, proper in zip(name.words, there, plain, strict=True) if not found and proper
    ]
    if not missing:
        return "unknown" if language != passage.language else "absent"
    if there[-1] and plain[-1]:
        return "absent" if other_first_name(passage, name.words[-1], name.words[:-1], language) else "held"
    if language == passage.language or not any(is_common(word, language) for word in missing):
        return "absent"
    return "unknown"


def _acronym(name: Name) -> bool:
    """Letters that may stand for words of the passage, in another language for other words."""
    return len(name.words) == 1 and name.words[0].isupper() and 2 <= len(fold(name.words[0])) <= 6
