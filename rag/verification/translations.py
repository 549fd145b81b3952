"""Compare a translation with its original, sentence by sentence: figures, dates and names.

Sentences are aligned by their lengths (Gale and Church, 1993, "A Program for Aligning Sentences in Bilingual
Corpora"). A figure or date is missing, or added, if it is absent from the other text's aligned sentences;
a name if it is absent from all of the other text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from rag.text.sentences import sentences
from rag.verification.claims import Span, Verdict
from rag.verification.facts import Facts, extract
from rag.verification.names.gazetteer import mentions

_MATCH_COSTS = {(1, 1): 0.1, (1, 2): 3.1, (2, 1): 3.1, (1, 0): 5.3, (0, 1): 5.3, (2, 2): 4.5}
"""Negative log-probability of a match of so many sentences of the original with so many of the translation
(Gale and Church, table 5)."""
_LENGTH_VARIANCE = 6.8
"""Variance of a translation's length per character of the original (Gale and Church, section 3.2)."""
_LANGUAGES = frozenset({"en", "fr", "ru", "vi", "zh"})
"""Languages whose figures and names can be extracted."""
_LATIN = frozenset({"en", "fr", "vi"})
"""Languages in which most foreign names keep their spelling."""
_MISSING, _ADDED = attrgetter("missing"), attrgetter("added")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A part of a translation, `text[start:end]`, whose values differ from the original's.

    `missing`: values of the original that the part lacks, as the original writes them. `added`: values of the
    part that the original lacks.
    """

    start: int
    end: int
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def discrepancies(
    original: str, original_language: str, text: str, language: str, published: date | None = None
) -> tuple[Discrepancy, ...] | None:
    """Return the parts of a translation that lack or add a value, in order.

    None if Byline cannot extract figures in one of the languages. `published` is the date of the
    original's article.
    """
    if not {original_language, language} <= _LANGUAGES:
        return None
    ours, theirs = _Side(original, original_language, published), _Side(text, language, published)
    groups = _aligned(ours.sentences, theirs.sentences)
    one_to_one = all(len(group[0]) == len(group[1]) == 1 for group in groups)
    found = []
    for n, (here, there) in enumerate(groups):
        near = [groups[n]] if one_to_one else groups[max(n - 1, 0) : n + 2]  # the alignment may be off by one
        missing = ours.lacking(here, theirs, [span for group in near for span in group[1]])
        added = theirs.lacking(there, ours, [span for group in near for span in group[0]])
        if missing or added:
            found.append(Discrepancy(*_place(groups, n), missing, added))
    return tuple(_merged(found))


def _merged(found: Sequence[Discrepancy]) -> Iterator[Discrepancy]:
    """Merge discrepancies of the same span: an omitted sentence has the span of the one before it."""
    for place, same in groupby(found, key=lambda one: (one.start, one.end)):
        parts = list(same)
        missing, added = (tuple(v for one in parts for v in values(one)) for values in (_MISSING, _ADDED))
        yield Discrepancy(*place, missing, added)


class _Side:
    """One of the two texts, with the spans of its sentences."""

    def __init__(self, text: str, language: str, published: date | None) -> None:
        self.text, self.language, self._published = text, language, published
        self.sentences = sentences(text, language)

    def lacking(self, here: Sequence[Span], other: _Side, there: Sequence[Span]) -> tuple[str, ...]:
        """Return the values of sentences `here` that the other text lacks: figures `there`, names anywhere.

        A translation may say "he" for a name, but not in all of the text.
        """
        claims = extract(_text(self.text, here), self.language)
        beside, whole = other.facts(_text(other.text, there)), other.whole
        verdicts = [one for one in beside.presence(claims) if one.claim.kind != "name"]
        verdicts += [
            one for one in whole.presence(claims) if one.claim.kind == "name" and self._comparable(one, other)
        ]
        verdicts.sort(key=lambda one: one.claim.start)
        return tuple(dict.fromkeys(one.claim.text for one in verdicts if one.status == "absent"))

    def facts(self, text: str) -> Facts:
        """Analyse a part of the text."""
        return Facts(text, self.language, self._published)

    @cached_property
    def whole(self) -> Facts:
        """The facts of all of the text."""
        return self.facts(self.text)

    def _comparable(self, verdict: Verdict, other: _Side) -> bool:
        """Tell whether the gazetteer has a name, or both languages are written in Latin script."""
        if {self.language, other.language} <= _LATIN:
            return True
        return bool(mentions(verdict.claim.text, self.language))


def _text(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""


AlignedSentences = tuple[Sequence[Span], Sequence[Span]]
"""Spans of sentences of the original, and of those that translate them; either may be empty."""


def _place(groups: Sequence[AlignedSentences], n: int) -> Span:
    """Return the span of a group in the translation; of an omitted one, that of the sentence before it."""
    before = next((theirs for _, theirs in reversed(groups[: n + 1]) if theirs), ())
    spans = before or next((theirs for _, theirs in groups[n:] if theirs), ())
    return (spans[0][0], spans[-1][1]) if spans else (0, 0)


def _aligned(here: Sequence[Span], there: Sequence[Span]) -> list[AlignedSentences]:
    """Align two texts' sentences by dynamic programming: the cheapest sequence of matches by length."""
    ours, theirs = ([end - start for start, end in spans] for spans in (here, there))
    ratio = sum(theirs) / max(sum(ours), 1)
    best: dict[Span, tuple[float, Span]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            steps = [
                (
                    best[i - a, j - b][0]
                    + prior
                    + _cost(sum(ours[i - a : i]), sum(theirs[j - b : j]), ratio),
                    (a, b),
                )
                for (a, b), prior in _MATCH_COSTS.items()
                if (i - a, j - b) in best and a <= i and b <= j
            ]
            if steps:
                best[i, j] = min(steps)
    groups, i, j = [], len(ours), len(theirs)
    while i or j:
        a, b = best[i, j][1]
        groups.append((here[i - a : i], there[j - b : j]))
        i, j = i - a, j - b
    return groups[::-1]


def _cost(length: int, translated: int, ratio: float) -> float:
    """Return half the squared deviation of a translation's length from its expected length, by variance."""
    expected = length * ratio
    return (translated - expected) ** 2 / (2 * _LENGTH_VARIANCE * max(expected, translated, 1))
