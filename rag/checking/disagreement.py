"""Do passages differ on a figure or date that an answer states? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.checking import verdicts
from rag.checking.claims import Likeness
from rag.checking.figures import figure_claims
from rag.documents import Hit, Sentence

_SAME = 0.7
"""Balanced cosine from which a sentence of a passage says the same thing, but for its figures."""
_COMPARED = frozenset({"number", "percent", "amount", "day", "year"})
_SAY = {
    "en": "The sources differ: {own} [{n}], {other} [{m}].",
    "fr": "Les sources divergent : {own} [{n}], {other} [{m}].",
    "zh": "来源说法不一：{own}[{n}]，{other}[{m}]。",
    "vi": "Các nguồn nói khác nhau: {own} [{n}], {other} [{m}].",
    "ru": "Источники расходятся: {own} [{n}], {other} [{m}].",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure as passage n has it, and as passage m has it: numbers from 1."""

    own: str
    n: int
    other: str
    m: int

    def sentence(self, language: str) -> str:
        """What the reader is told, with both marks; in English where the language is none of Byline's."""
        said = _SAY.get(language, _SAY["en"])
        return said.format(own=self.own, n=self.n, other=self.other, m=self.m)


def differences(
    sentence: Sentence, language: str, hits: Sequence[Hit], nearest: Sequence[Likeness]
) -> list[Difference]:
    """On which figures of a sentence another passage differs; `nearest[n - 1]` is of passage n."""
    found = []
    for n in sentence.citations[:1]:
        for m, other in enumerate(nearest, 1):
            if m not in sentence.citations and other.near >= _SAME:
                found += _differing(sentence.text, language, hits, (n, nearest[n - 1].text), (m, other.text))
    return found


def _differing(
    text: str, language: str, hits: Sequence[Hit], own: tuple[int, str], other: tuple[int, str]
) -> list[Difference]:
    (n, mine), (m, theirs) = own, other
    spoken, theirs_spoken = hits[n - 1].language, hits[m - 1].language
    held = {v.claim for v in verdicts(text, language, mine, spoken) if v.status == "held"}
    lacking = [
        v.claim
        for v in verdicts(text, language, theirs, theirs_spoken, published=hits[m - 1].article.published)
        if v.status == "absent" and v.claim in held and v.claim.kind in _COMPARED
    ]
    result = []
    for claim in lacking:
        rivals = [c for c in figure_claims(theirs, theirs_spoken) if c.kind == claim.kind]
        if len(lacking) == len(rivals) == 1:  # else it cannot be told which stands for which
            result.append(Difference(claim.text, n, rivals[0].text, m))
    return result
