"""Do passages differ on a figure or date that an answer states? Pure."""

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
"""Balanced cosine from which a sentence of a passage says the same thing, but for its figures."""
_MIN_COSINE_SAME_KIND = 0.45
"""The same where the question asks for a figure of a kind, which both have. Not fitted."""
_PLAIN: frozenset[Expected | None] = frozenset({"length", "weight", "area", "money", "percent", "count"})
_COMPARED = frozenset({"number", "percent", "amount", "day", "year"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure as passage n has it, and as passage m has it: numbers from 1."""

    own: str
    n: int
    other: str
    m: int

    def sentence(self, language: str) -> str:
        """What the reader is told, with both marks; in English where the language is none of Byline's."""
        wording = texts("answers", language)["sources_differ"]
        return str(wording.format(own=self.own, n=self.n, other=self.other, m=self.m))


def differences(
    sentence: Sentence, language: str, hits: Sequence[Hit], nearest: Sequence[Likeness], question: str = ""
) -> list[Difference]:
    """On which figures of a sentence another passage differs; `nearest[n - 1]` is of passage n."""
    found = []
    kind = expected(question, language) if question else None
    for n in sentence.citations[:1]:
        for m, other in enumerate(nearest, 1):
            if m in sentence.citations or other.near < (
                _MIN_COSINE_SAME_KIND if kind in _PLAIN else _MIN_COSINE
            ):
                continue
            own = Facts.of(nearest[n - 1].text, hits[n - 1].language)
            theirs = Facts.of(other.text, hits[m - 1].language, hits[m - 1].article.published)
            found += [
                Difference(a, n, b, m) for a, b in _differing(extract(sentence.text, language), own, theirs)
            ]
    return found


def _differing(claims: AnalysedText, own: Facts, other: Facts) -> list[tuple[str, str]]:
    """The value of the sentence and that of the other passage, where it is plain which stands for which."""
    held = {v.claim for v in own.presence(claims) if v.status == "held"}
    lacking = [
        v.claim
        for v in other.presence(claims)
        if v.status == "absent" and v.claim in held and v.claim.kind in _COMPARED
    ]
    figures = [other.reading.figure_claim(one) for one in other.reading.figures if not one.loose]
    rivals = [one for claim in lacking for one in figures if one.kind == claim.kind]
    return [(lacking[0].text, rivals[0].text)] if len(lacking) == len(rivals) == 1 else []
