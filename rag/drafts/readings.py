"""Decide whether windows of articles confirm a sentence, or differ from it.

Whether a sentence differs is decided by the window that fits it best: the one that is near and has most of
its claims. Other values in other windows do not count against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.drafts.checked_draft import Backing
from rag.drafts.contest import Contested
from rag.drafts.quotable_sentences import QuotableSentence
from rag.drafts.windows import Window
from rag.verification.claims import Span

MIN_COSINE = 0.3
"""Minimum mean-centred cosine of a sentence with one of a draft that it may differ from; as in the
verification of answers (rag.verification.support)."""
CLEAR_COSINE = 0.45
"""Minimum cosine of a sentence that confirms one of a draft, if no figure, date or name differs; as there."""
MIN_LOGIT = {"held": 0.3, "held name": 1.0, "absent": -0.2, "absent name": -0.4}
"""Log-odds of a rival above which a value differs, by whether the window also has the claimed value. Of true
claims with a rival in their passage, 2 of 100 figures and 2 of 100 names are above; if their sentence is
taken out of the passage, 8 and 8 (docs/benchmarks.md, "Drafts")."""
MAX_SURE_LOGIT = -1.0
"""Maximum log-odds of a rival at which the claimed value counts as confirmed. Of true claims with a rival, 6
of 100 are above; of values that the passage has of something else, 82 (data as for MIN_LOGIT)."""
MAX_COSINE_GAP = 0.15
"""Maximum cosine by which a window may be less near than the nearest one to have its claims compared. Not
fitted."""
CLAIM_WEIGHT = 0.15
"""Weight of a claim that a window has (or, negative, lacks), in units of cosine. Fitted on
tests/drafts/tune.tsv."""
MAX_BACKINGS = 3
"""Maximum number of sentences quoted for a sentence of a draft. Not fitted."""


@dataclass(frozen=True, slots=True)
class WindowReading:
    """A window's sentences with their cosines to a sentence of a draft, and its claims compared."""

    window: Window
    sentences: tuple[tuple[QuotableSentence, float], ...]
    contested: tuple[Contested, ...] = ()

    @property
    def near(self) -> float:
        """The highest cosine of a sentence."""
        return max((cosine for _, cosine in self.sentences), default=0.0)

    @property
    def fit(self) -> float:
        """The measure of how well the window fits: the highest cosine, plus CLAIM_WEIGHT for each claim."""
        held = sum(one.status == "held" for one in self.contested)
        return self.near + CLAIM_WEIGHT * (held - sum(one.wrong for one in self.contested))

    def says(self, claim: Contested) -> bool:
        """Tell whether the window has a claim's value, and surely of the same thing."""
        return not claim.wrong and (claim.rival is None or not claim.places or claim.logit <= MAX_SURE_LOGIT)

    def differs(self, claim: Contested) -> bool:
        """Tell whether the window clearly has another value in place of a claim's."""
        if claim.rival is None or claim.rival.start < self.window.offset:
            return False
        case = ("held" if claim.places else "absent") + " name" * bool(claim.claim.name)
        return claim.logit > MIN_LOGIT[case]

    def confirming(self) -> list[Backing]:
        """Return the nearest sentence, and those with claimed figures and dates that it lacks."""
        chosen = [max(self.sentences, key=_cosine)[0]]
        for claim in self.contested:
            places = [start for start, _ in claim.places if start >= self.window.offset]
            if claim.claim.name or any(one.has(place) for place in places for one in chosen):
                continue
            having = [pair for pair in self.sentences if any(map(pair[0].has, places))]
            chosen += [max(having, key=_cosine)[0]] if having else []
        return [self.backing(one) for one in chosen[:MAX_BACKINGS]]

    def closest(self) -> list[Backing]:
        """Return the nearest sentence if its cosine is at least MIN_COSINE, else []."""
        return self.confirming()[:1] if self.near >= MIN_COSINE else []

    def sentence_of(self, place: int) -> QuotableSentence:
        """Return the sentence that contains the offset of a value."""
        return next(one for one, _ in self.sentences if one.has(place))

    def backing(self, sentence: QuotableSentence, strong: Sequence[Span] = ()) -> Backing:
        """Return the quotation of a sentence, with the spans in `strong` marked."""
        (start, end), apart = sentence.span, self.window.start - self.window.offset
        marks = tuple((a - start, b - start) for a, b in strong)
        text = self.window.titled[start:end]
        return Backing(self.window.article, self.window.language, start + apart, end + apart, text, marks)


def confirming(readings: Sequence[WindowReading]) -> list[Backing]:
    """Return the quotations of a window that confirms a sentence, or of two that do together; else []."""
    clear = [one for one in readings if one.near >= CLEAR_COSINE and one.contested]
    for one in clear:
        if all(map(one.says, one.contested)) and any(c.status == "held" for c in one.contested):
            return one.confirming()
    for one, other in combinations(clear, 2):
        both = list(zip(one.contested, other.contested, strict=False))
        together = len(one.contested) == len(other.contested) == len(both)
        apart = any(one.differs(a) or other.differs(b) for a, b in both)
        if together and not apart and all(one.says(a) or other.says(b) for a, b in both):
            return [*one.confirming()[:2], *other.confirming()[:1]]
    return []


def differing(readings: Sequence[WindowReading]) -> list[tuple[WindowReading, Contested]]:
    """Return the claims of which the best-fitting window has another value."""
    near = [one for one in readings if one.near >= MIN_COSINE]
    best = max(near, key=lambda one: one.fit, default=None)
    return [(best, claim) for claim in best.contested if best.differs(claim)] if best else []


def _cosine(sentence: tuple[QuotableSentence, float]) -> float:
    return sentence[1]
