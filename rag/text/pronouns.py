"""Anaphora in questions: words that refer to an earlier turn, in five languages.

pronouns.json holds regular expressions for a question on one line, in lower case, with straight apostrophes.
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

    - `pleonastic`: phrases whose pronoun refers to nothing (il y a) or to the present (this week).
    - `subject`: subject pronouns, which open a clause; any noun before them can be the antecedent.
    - `possessive`: possessives; any noun before them can be the antecedent.
    - `resumptive`: pronouns that repeat the subject (Macron a-t-il): the antecedent is the noun before them,
      unless that is an `oblique` one.
    - `dependent`: objects, demonstratives, "then": the antecedent is a noun of an earlier clause. `clause`
      matches where a clause begins, `noun` what precedes a noun.
    - `explicit`: expressions that always refer to an earlier turn.
    - `opening`: the beginning or end of a continuation ("And in 2020?").
    - `generic`: a question about things in general, which needs no name.
    - `definite`: a definite noun phrase, which refers to a thing mentioned before.
    - `nationality`: adjectives of nationality in lower case (allemand), which identify as names do.
    - `stop_words`: words without content. A question without a name is incomplete with up to
      `max_incomplete_words` other words.
    """

    pleonastic: re.Pattern[str]
    subject: re.Pattern[str]
    possessive: re.Pattern[str]
    resumptive: re.Pattern[str]
    oblique: re.Pattern[str]
    dependent: re.Pattern[str]
    clause: re.Pattern[str]
    noun: re.Pattern[str]
    explicit: re.Pattern[str]
    opening: re.Pattern[str]
    generic: re.Pattern[str]
    definite: re.Pattern[str]
    nationality: re.Pattern[str]
    stop_words: frozenset[str]
    max_incomplete_words: int


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
    return Pronouns(
        **patterns,
        stop_words=frozenset(listed["stop_words"].split()),
        max_incomplete_words=listed["max_incomplete_words"],
    )
