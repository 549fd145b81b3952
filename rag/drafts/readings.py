"""What windows of articles say of each claim of a sentence, and which of them tells of the same.

A sentence is judged by the window that goes with it best: near to it, with most of its claims. What another
window has in the place of a claim does not count against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.drafts.checked_draft import Backing
from rag.drafts.contest import Contested
from rag.drafts.quotable import QuotableSentence
from rag.drafts.windows import Window
from rag.verification.claims import Span

MIN_COSINE = 0.3
"""Mean-centred cosine from which a sentence of an article comes close to one of a draft: as the verification
of answers has it (rag.verification.support)."""
CLEAR_COSINE = 0.45
"""The same from which both say the same, if no figure, date or name differs: as there."""
MIN_LOGIT = {"held": 0.3, "held name": 1.0, "absent": -0.2, "absent name": -0.4}
"""Log-odds from which a value is told to differ, where the window has the claimed one too and where it has
not. Of true claims with a rival in their passage 2 of 100 figures and 2 of 100 names are above; of those
whose sentence was taken out of the passage, 8 and 8 (docs/benchmarks.md, "Drafts")."""
MAX_SURE_LOGIT = -1.0
"""Log-odds of a rival up to which the claimed value counts as said of the same thing: of true claims with a
rival 6 of 100 are above, of values of something else in the passage 82 (as MIN_LOGIT)."""
MAX_COSINE_GAP = 0.15
"""Cosine below that of the nearest window from which a window's claims are not looked at. Not fitted."""
CLAIM_WEIGHT = 0.15
"""What a claim that a window has, or lacks, weighs beside its cosine. Set on tests/drafts/tune.tsv."""
MAX_BACKINGS = 3
"""Sentences of articles quoted for one of a draft. Not fitted."""


@dataclass(frozen=True, slots=True)
class WindowReading:
    """A window's sentences with their cosines, and what it says of each claim."""

    window: Window
    sentences: tuple[tuple[QuotableSentence, float], ...]
    contested: tuple[Contested, ...] = ()

    @property
    def near(self) -> float:
        """The best cosine of a sentence."""
        return max((cosine for _, cosine in self.sentences), default=0.0)

    @property
    def fit(self) -> float:
        """How well it goes with the draft's sentence."""
        held = sum(one.status == "held" for one in self.contested)
        return self.near + CLAIM_WEIGHT * (held - sum(one.wrong for one in self.contested))

    def says(self, claim: Contested) -> bool:
        """Whether it has a claim's value, surely of the same thing."""
        return not claim.wrong and (claim.rival is None or not claim.places or claim.logit <= MAX_SURE_LOGIT)

    def differs(self, claim: Contested) -> bool:
        """Whether it plainly has another value in the place of a claim's."""
        if claim.rival is None or claim.rival.start < self.window.offset:
            return False
        case = ("held" if claim.places else "absent") + " name" * bool(claim.claim.name)
        return claim.logit > MIN_LOGIT[case]

    def confirming(self) -> list[Backing]:
        """The nearest sentence, and those that have figures and dates that it lacks."""
        chosen = [max(self.sentences, key=_cosine)[0]]
        for claim in self.contested:
            places = [start for start, _ in claim.places if start >= self.window.offset]
            if claim.claim.name or any(one.has(place) for place in places for one in chosen):
                continue
            having = [pair for pair in self.sentences if any(map(pair[0].has, places))]
            chosen += [max(having, key=_cosine)[0]] if having else []
        return [self.backing(one) for one in chosen[:MAX_BACKINGS]]

    def closest(self) -> list[Backing]:
        """The nearest sentence, where it comes close; else none."""
        return self.confirming()[:1] if self.near >= MIN_COSINE else []

    def sentence_of(self, place: int) -> QuotableSentence:
        """The sentence that holds a value."""
        return next(one for one, _ in self.sentences if one.has(place))

    def backing(self, sentence: QuotableSentence, strong: Sequence[Span] = ()) -> Backing:
        """A sentence as it is quoted."""
        (start, end), apart = sentence.span, self.window.start - self.window.offset
        marks = tuple((a - start, b - start) for a, b in strong)
        text = self.window.titled[start:end]
        return Backing(self.window.article, self.window.language, start + apart, end + apart, text, marks)


def confirming(readings: Sequence[WindowReading]) -> list[Backing]:
    """The quotations of the window that says all of a sentence, or of two that do together; else none."""
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
    """The claims in whose place the window that goes best with a sentence has another value."""
    near = [one for one in readings if one.near >= MIN_COSINE]
    best = max(near, key=lambda one: one.fit, default=None)
    return [(best, claim) for claim in best.contested if best.differs(claim)] if best else []


def _cosine(sentence: tuple[QuotableSentence, float]) -> float:
    return sentence[1]
