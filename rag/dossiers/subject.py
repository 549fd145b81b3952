"""The subject of a broad question: the names and dates that a text about it contains."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from rag.answering.question_entities import REQUIRED_KINDS
from rag.text.pronouns import pronouns_of
from rag.text.stems import stems
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Verdict
from rag.verification.facts import Facts, extract
from rag.verification.names.gazetteer import capital_of, mentions

MIN_CONTENT_STEMS, MIN_CONTENT_SYLLABLES = 2, 3
"""Minimum number of stems (in Vietnamese, of syllables) apart from names that make a subject's content, as
"trade talks" is and "relations" is not. Not fitted."""


class Subject:
    """A subject and its language (ISO 639-1)."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language

    @cached_property
    def names(self) -> frozenset[str]:
        """The gazetteer keys of its names and adjectives; other names and dates as they are written."""
        return self._known | {one.claim.text for one in self._others("", "en", None)}

    def surely_held(self, text: str, language: str, published: date | None) -> frozenset[str]:
        """Return the names and dates that the gazetteer lacks and a text surely contains."""
        others = self._others(text, language, published) if self.unlisted else []
        return frozenset(one.claim.text for one in others if one.status == "held")

    @cached_property
    def unlisted(self) -> frozenset[str]:
        """The names and dates that the gazetteer lacks."""
        return self.names - self._known

    @property
    def is_known(self) -> bool:
        """Whether the gazetteer has one of its names, which can then be compared across scripts."""
        return bool(self._keys)

    def held(self, text: str, language: str, published: date | None) -> frozenset[str]:
        """Return the names and dates that a text contains or may contain; a capital implies its country."""
        there = {key for one in mentions(text, language) for key in one.keys}
        there |= {country for key in there if (country := capital_of(key))}
        known = {min(keys) for keys in self._keys.values() if {*keys, *map(capital_of, keys)} & there}
        others = self._others(text, language, published) if self.unlisted else []
        return frozenset(known | {one.claim.text for one in others if one.status != "absent"})

    @property
    def is_names_alone(self) -> bool:
        """Whether it consists of the gazetteer's names and function words only."""
        return not stems(self.without(self._known).text, self.language)

    @cached_property
    def content(self) -> Subject | None:
        """The subject without names and function words; None if it has no names, or too little is left."""
        rest = self.without(self._known)
        least = MIN_CONTENT_SYLLABLES if self.language == "vi" else MIN_CONTENT_STEMS
        if not self._keys or len(stems(rest.text, self.language)) < least:
            return None
        stop_words = pronouns_of(self.language).stop_words
        words = (word for word in rest.text.split() if word.lower() not in stop_words)
        return Subject(" ".join(words), self.language)

    @property
    def _known(self) -> frozenset[str]:
        return frozenset(map(min, self._keys.values()))

    def without(self, names: frozenset[str]) -> Subject:
        """Return the subject without some of the gazetteer's names."""
        text = self.text
        for start, end in sorted(self._keys, reverse=True):
            if min(self._keys[start, end]) in names:
                text = f"{text[:start]} {text[end:]}"
        return Subject(" ".join(text.split()), self.language)

    @cached_property
    def _keys(self) -> dict[tuple[int, int], frozenset[str]]:
        """The gazetteer's keys by the span that names them."""
        titled = self.text.title()
        small = self.text == self.text.lower() and len(titled) == len(self.text)
        found = mentions(titled if small else self.text, self.language)
        if small and self.language == "vi":  # a single syllable may be mistaken for a name ("sát", Chad)
            found = tuple(one for one in found if " " in titled[one.start : one.end])
        return {(one.start, one.end): one.keys for one in found}

    @cached_property
    def _claims(self) -> AnalysedText:
        return extract(self.text, self.language)

    def _others(self, text: str, language: str, published: date | None) -> list[Verdict]:
        """Return the verdicts of a text on the names and dates that the gazetteer lacks."""
        verdicts = Facts(text, language, published).presence(self._claims)
        return [one for one in verdicts if one.claim.kind in REQUIRED_KINDS and not self._is_known(one)]

    def _is_known(self, verdict: Verdict) -> bool:
        claim = verdict.claim
        return any(start < claim.end and claim.start < end for start, end in self._keys)
