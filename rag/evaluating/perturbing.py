"""Is a false figure, date or name noticed, a true sentence left alone? Pairs and a checker → figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from statistics import median
from time import perf_counter
from typing import Literal, Protocol, TypedDict

from rag.checking.claims import Kind, Verdict
from rag.evaluating.card import share
from rag.evaluating.pairs import Listed, Pair

Said = Literal["absent", "unknown", "held", "unseen"]
"""What a checker says of a piece of a sentence; `unseen`: none of its verdicts is about it."""


class Checker(Protocol):
    """What is measured: rag.checking.verdicts."""

    def __call__(
        self, text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
    ) -> list[Verdict]:
        """What a passage says of each claim of a sentence."""


class Swapped(TypedDict):
    """What was said of a false value in the place of a true one: noticed, where it is `absent`."""

    text: str
    said: Said


class ClaimOutcome(TypedDict):
    """What was said of a true claim (accused, where it is `absent`), and of the false values in its place."""

    kind: Kind
    text: str
    said: Said
    swaps: list[Swapped]


class PairOutcome(TypedDict):
    """What came of a pair.

    `accused` holds what is `absent` by the checker in the untouched sentence, listed as a claim or not;
    `ms` is how long the check of that sentence took.
    """

    id: str
    language: str
    passage_language: str
    text: str
    accused: list[str]
    ms: float
    claims: list[ClaimOutcome]


class Shares(TypedDict):
    """Counts, and shares (0 to 1, four digits); null where there is nothing to count.

    Of the false values: `noticed`. Of the untouched sentences: `accused_sentences`, with anything that is
    `absent`. Of the true claims: `accused_claims`, `unknown_claims` and `unseen_claims`.
    """

    sentences: int
    claims: int
    swaps: int
    noticed: float | None
    accused_sentences: float | None
    accused_claims: float | None
    unknown_claims: float | None
    unseen_claims: float | None


class ClaimsReport(TypedDict):
    """What `eval claims --json` prints.

    `by_languages` has keys such as "en-fr", the sentence's language first; `by_passage` "same" and
    "other". Sentences have no kind: `by_kind` counts none. `sentence_ms` is the median.
    """

    overall: Shares
    by_kind: dict[str, Shares]
    by_passage: dict[str, Shares]
    by_languages: dict[str, Shares]
    sentence_ms: float | None
    pairs: list[PairOutcome]


def evaluate_claims(pairs: Sequence[Pair], check: Checker) -> ClaimsReport:
    """Have every sentence checked, as it is and with each false value."""
    outcomes = [_outcome(pair, check) for pair in pairs]
    return {
        "overall": shares(outcomes),
        "by_kind": _by_kind(outcomes),
        "by_passage": _grouped(
            outcomes, lambda one: "same" if one["language"] == one["passage_language"] else "other"
        ),
        "by_languages": _grouped(outcomes, lambda one: f"{one['language']}-{one['passage_language']}"),
        "sentence_ms": round(median(one["ms"] for one in outcomes), 3) if outcomes else None,
        "pairs": outcomes,
    }


def shares(outcomes: Sequence[PairOutcome]) -> Shares:
    """Outcomes → figures."""
    counted = _of_claims([claim for one in outcomes for claim in one["claims"]])
    counted["sentences"] = len(outcomes)
    counted["accused_sentences"] = share(bool(one["accused"]) for one in outcomes)
    return counted


def missed(report: ClaimsReport) -> Iterator[tuple[PairOutcome, ClaimOutcome, Swapped]]:
    """The false values that were not noticed."""
    for one in report["pairs"]:
        for claim in one["claims"]:
            for swap in claim["swaps"]:
                if swap["said"] != "absent":
                    yield one, claim, swap


def _outcome(pair: Pair, check: Checker) -> PairOutcome:
    began = perf_counter()
    found = _checked(pair, check, pair.text)
    ms = (perf_counter() - began) * 1000
    return {
        "id": pair.id,
        "language": pair.language,
        "passage_language": pair.passage_language,
        "text": pair.text,
        "accused": [one.claim.text for one in found if one.status == "absent"],
        "ms": round(ms, 3),
        "claims": [_claim_outcome(pair, claim, found, check) for claim in pair.claims],
    }


def _claim_outcome(pair: Pair, claim: Listed, found: Sequence[Verdict], check: Checker) -> ClaimOutcome:
    swaps: list[Swapped] = []
    for swap in claim.swaps:
        again = _checked(pair, check, pair.swapped(claim, swap))
        swaps.append({"text": swap, "said": _said(again, claim.start, claim.start + len(swap))})
    said = _said(found, claim.start, claim.start + len(claim.text))
    return {"kind": claim.kind, "text": claim.text, "said": said, "swaps": swaps}


def _checked(pair: Pair, check: Checker, text: str) -> list[Verdict]:
    return check(text, pair.language, pair.passage, pair.passage_language, published=pair.published)


def _said(found: Iterable[Verdict], start: int, end: int) -> Said:
    """What the verdicts that overlap a span come to: a sentence is accused for the worst of them."""
    said = {one.status for one in found if one.claim.start < end and start < one.claim.end}
    order: tuple[Said, ...] = ("absent", "unknown", "held")
    return next((status for status in order if status in said), "unseen")


def _of_claims(claims: Sequence[ClaimOutcome]) -> Shares:
    swaps = [swap["said"] == "absent" for claim in claims for swap in claim["swaps"]]
    return {
        "sentences": 0,
        "claims": len(claims),
        "swaps": len(swaps),
        "noticed": share(swaps),
        "accused_sentences": None,
        "accused_claims": share(claim["said"] == "absent" for claim in claims),
        "unknown_claims": share(claim["said"] == "unknown" for claim in claims),
        "unseen_claims": share(claim["said"] == "unseen" for claim in claims),
    }


def _by_kind(outcomes: Sequence[PairOutcome]) -> dict[str, Shares]:
    claims = [claim for one in outcomes for claim in one["claims"]]
    kinds = sorted({claim["kind"] for claim in claims})
    return {kind: _of_claims([claim for claim in claims if claim["kind"] == kind]) for kind in kinds}


def _grouped(outcomes: Sequence[PairOutcome], key: Callable[[PairOutcome], str]) -> dict[str, Shares]:
    names = sorted({key(one) for one in outcomes})
    return {name: shares([one for one in outcomes if key(one) == name]) for name in names}
