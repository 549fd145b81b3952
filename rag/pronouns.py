"""The words by which a question leans on what was said before, in five languages; pronouns.json lists them.

Its patterns are regular expressions for a question in one line, in lower case, with straight apostrophes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronouns:
    """What a language leans with.

    `idle`: turns of phrase in which a pronoun stands for nothing (il y a), or for today (this week).
    `subject`: pronouns that open a clause of their own, so that whatever was named before may be meant.
    `owner`: possessives, which any noun before them may own. `doubling`: pronouns that only repeat the
    subject (Macron a-t-il), so that the noun before them must be one, not an `oblique` one. `other`:
    objects, demonstratives, "then": only a noun of an earlier clause can be meant, one before a `clause`;
    `noun` tells nouns by what stands before them. `always`: these lean whatever is named. `opening`: how
    a continuation begins or ends. `general`: a question about things in general, which needs no name.
    `definite`: the thing that was spoken of. `native`: whose it is, in lower case (allemand), which is
    as good as a name. `light`: words that name nothing by themselves. `few`: up to so many other words
    without a name are too few to stand alone.
    """

    idle: re.Pattern[str]
    subject: re.Pattern[str]
    owner: re.Pattern[str]
    doubling: re.Pattern[str]
    oblique: re.Pattern[str]
    other: re.Pattern[str]
    clause: re.Pattern[str]
    noun: re.Pattern[str]
    always: re.Pattern[str]
    opening: re.Pattern[str]
    general: re.Pattern[str]
    definite: re.Pattern[str]
    native: re.Pattern[str]
    light: frozenset[str]
    few: int


LANGUAGES = ("en", "fr", "ru", "vi", "zh")
"""Languages whose pronouns are known."""

_NEVER = "(?!)"


@cache
def pronouns_of(language: str) -> Pronouns:
    """The pronouns of one of LANGUAGES; KeyError for another."""
    listed = json.loads((files("rag") / "pronouns.json").read_text(encoding="utf-8"))[language]
    patterns = {
        name: re.compile("|".join(alternatives) or _NEVER)
        for name, alternatives in listed.items()
        if isinstance(alternatives, list)
    }
    return Pronouns(**patterns, light=frozenset(listed["light"].split()), few=listed["few"])
