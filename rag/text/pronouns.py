"""Anaphora in questions: the words that refer to an earlier turn, in five languages.

pronouns.json holds regular expressions for a question in one line, in lower case, with straight apostrophes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronouns:
    """Anaphoric expressions of one language.

    - `idle`: phrases whose pronoun refers to nothing (il y a) or to the present (this week).
    - `subject`: subject pronouns, which open a clause; any noun before them can be the antecedent.
    - `owner`: possessives; any noun before them can be the antecedent.
    - `doubling`: pronouns that repeat the subject (Macron a-t-il): the antecedent is the noun before them,
      unless that is an `oblique` one.
    - `other`: objects, demonstratives, "then": the antecedent is a noun of an earlier clause. `clause`
      matches where a clause begins, `noun` what precedes a noun.
    - `always`: refer to an earlier turn whatever the question names.
    - `opening`: how a continuation begins or ends ("And in 2020?").
    - `general`: a question about things in general, which needs no name.
    - `definite`: a definite noun phrase, which refers to a thing mentioned before.
    - `native`: adjectives of nationality in lower case (allemand), which identify as a name does.
    - `light`: stop words. `few`: up to this many other words, without a name, are an incomplete question.
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
"""Languages whose anaphoric expressions are listed."""

_MATCHES_NOTHING = "(?!)"


@cache
def pronouns_of(language: str) -> Pronouns:
    """Return the expressions of one of LANGUAGES. KeyError for another."""
    listed = json.loads((files("rag.text") / "pronouns.json").read_text(encoding="utf-8"))[language]
    patterns = {
        name: re.compile("|".join(alternatives) or _MATCHES_NOTHING)
        for name, alternatives in listed.items()
        if isinstance(alternatives, list)
    }
    return Pronouns(**patterns, light=frozenset(listed["light"].split()), few=listed["few"])
