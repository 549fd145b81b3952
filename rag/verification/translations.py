"""Compare a translation with its original, sentence by sentence: figures, dates and names.

Sentences are aligned by their lengths (Gale and Church, 1993, "A Program for Aligning Sentences in Bilingual
Corpora"). A figure or date counts as missing, or as new, where the other text's aligned sentences plainly
lack it, a name where all of the other text does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from rag.text.sentences import sentences
from rag.verification.claims import Verdict
from rag.verification.facts import Facts, extract
from rag.verification.names.gazetteer import mentions

_MOVES = {(1, 1): 0.1, (1, 2): 3.1, (2, 1): 3.1, (1, 0): 5.3, (0, 1): 5.3, (2, 2): 4.5}
"""Sentences of original and translation that belong together, each with the negative logarithm of its
probability (Gale and Church, table 5)."""
_VARIANCE = 6.8
"""Variance of a translation's length for each character (Gale and Church, section 3.2)."""
_READ = frozenset({"en", "fr", "ru", "vi", "zh"})
"""Languages whose figures and names are read."""
_LATIN = frozenset({"en", "fr", "vi"})
"""Languages in which most foreign names keep their spelling."""
_MISSING, _ADDED = attrgetter("missing"), attrgetter("added")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A part of a translation, `text[start:end]`, whose original says something else.

    `missing` are the original's values that it lacks, as the original writes them; `added` are its own values
    that the original lacks.
    """

    start: int
    end: int
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def discrepancies(
    original: str, original_language: str, text: str, language: str, published: date | None = None
) -> tuple[Discrepancy, ...] | None:
    """The parts of a translation that lack a value of the original, or add one, in order.

    None where the figures of a language cannot be read. `published` is the day of the original's article.
    """
    if not {original_language, language} <= _READ:
        return None
    ours, theirs = _Side(original, original_language, published), _Side(text, language, published)
    groups = _aligned(ours.sentences, theirs.sentences)
    sure = all(len(group[0]) == len(group[1]) == 1 for group in groups)
    found = []
    for n, (here, there) in enumerate(groups):
        near = [groups[n]] if sure else groups[max(n - 1, 0) : n + 2]
        missing = ours.lacking(here, theirs, [span for group in near for span in group[1]])
        added = theirs.lacking(there, ours, [span for group in near for span in group[0]])
        if missing or added:
            found.append(Discrepancy(*_place(groups, n), missing, added))
    return tuple(_merged(found))


def _merged(found: Sequence[Discrepancy]) -> Iterator[Discrepancy]:
    """Join those of the same place: an omitted sentence is told where the one before it is."""
    for place, same in groupby(found, key=lambda one: (one.start, one.end)):
        parts = list(same)
        missing, added = (tuple(v for one in parts for v in values(one)) for values in (_MISSING, _ADDED))
        yield Discrepancy(*place, missing, added)


class _Side:
    """One of the two texts."""

    def __init__(self, text: str, language: str, published: date | None) -> None:
        self.text, self.language, self._published = text, language, published
        self.sentences = sentences(text, language)

    def lacking(self, here: Sequence[Span], other: _Side, there: Sequence[Span]) -> tuple[str, ...]:
        """The values of sentences that the other text plainly lacks: figures there, names anywhere.

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
        """What a part of the text says."""
        return Facts.of(text, self.language, self._published)

    @cached_property
    def whole(self) -> Facts:
        """What all of the text says."""
        return self.facts(self.text)

    def _comparable(self, verdict: Verdict, other: _Side) -> bool:
        """Whether a name is known in all languages, or written alike in both."""
        if {self.language, other.language} <= _LATIN:
            return True
        return bool(mentions(verdict.claim.text, self.language))


def _text(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""


Group = tuple[Sequence[Span], Sequence[Span]]
"""Sentences of the original and those that translate them; either may be empty."""


def _place(groups: Sequence[Group], n: int) -> Span:
    """Where a group stands in the translation: an omitted one, at the translated sentence before it."""
    before = next((theirs for _, theirs in reversed(groups[: n + 1]) if theirs), ())
    spans = before or next((theirs for _, theirs in groups[n:] if theirs), ())
    return (spans[0][0], spans[-1][1]) if spans else (0, 0)


def _aligned(here: Sequence[Span], there: Sequence[Span]) -> list[Group]:
    """The cheapest alignment of two texts' sentences, by dynamic programming over their lengths."""
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
                for (a, b), prior in _MOVES.items()
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
    """Half the squared deviation of a translation's length from what the ratio of the texts lets expect."""
    expected = length * ratio
    return (translated - expected) ** 2 / (2 * _VARIANCE * max(expected, translated, 1))
