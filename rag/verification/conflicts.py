"""Find passages that contradict a figure or date of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.locales.catalogue import texts
from rag.types import Hit, Sentence
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Likeness
from rag.verification.expected import Expected, expected
from rag.verification.facts import Facts, extract

_MIN_COSINE = 0.7
"""Minimum centred cosine of a passage's sentence on the same fact, whatever its figures. Origin not
recorded."""
_MIN_COSINE_SAME_KIND = 0.45
"""The same if the question asks for a quantity (_QUANTITIES). Not fitted."""
_QUANTITIES: frozenset[Expected | None] = frozenset({"length", "weight", "area", "money", "percent", "count"})
_COMPARED_KINDS = frozenset({"number", "percent", "amount", "day", "year"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on which passages differ: `own` in passage n, `other` in passage m, numbered from 1."""

    own: str
    n: int
    other: str
    m: int

    def sentence(self, language: str) -> str:
        """Return a sentence that states the difference with both citation marks.

        It is in English if Byline has no texts in the language.
        """
        wording = texts("answers", language)["sources_differ"]
        return str(wording.format(own=self.own, n=self.n, other=self.other, m=self.m))


def differences(
    sentence: Sentence, language: str, hits: Sequence[Hit], nearest: Sequence[Likeness], question: str = ""
) -> list[Difference]:
    """Return the figures of a sentence on which its first cited passage and another passage differ.

    `nearest[n - 1]` is the sentence of passage n that is most similar to the sentence.
    """
    found = []
    kind = expected(question, language) if question else None
    min_cosine = _MIN_COSINE_SAME_KIND if kind in _QUANTITIES else _MIN_COSINE
    for n in sentence.citations[:1]:
        for m, other in enumerate(nearest, 1):
            if m in sentence.citations or other.cosine < min_cosine:
                continue
            own = Facts(nearest[n - 1].text, hits[n - 1].language)
            theirs = Facts(other.text, hits[m - 1].language, hits[m - 1].article.published)
            found += [
                Difference(a, n, b, m) for a, b in _differing(extract(sentence.text, language), own, theirs)
            ]
    return found


def _differing(claims: AnalysedText, own: Facts, other: Facts) -> list[tuple[str, str]]:
    """Return the sentence's value and the other passage's; [] unless each side has exactly one candidate."""
    held = {v.claim for v in own.presence(claims) if v.status == "held"}
    lacking = [
        v.claim
        for v in other.presence(claims)
        if v.status == "absent" and v.claim in held and v.claim.kind in _COMPARED_KINDS
    ]
    figures = [other.passage.figure_claim(one) for one in other.passage.figures if not one.doubtful]
    rivals = [one for claim in lacking for one in figures if one.kind == claim.kind]
    return [(lacking[0].text, rivals[0].text)] if len(lacking) == len(rivals) == 1 else []
