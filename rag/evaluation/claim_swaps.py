"""Measure verification: the share of false values noticed, and of true sentences wrongly flagged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from statistics import median
from time import perf_counter
from typing import Literal, Protocol, TypedDict

from rag.evaluation.claim_pairs import ListedClaim, Pair
from rag.evaluation.report_card import share
from rag.verification.claims import WRONG, ClaimKind, Verdict
from rag.verification.facts import FactsCache, extract

ClaimStatus = Literal["absent", "elsewhere", "unknown", "held", "unseen"]
"""A checker's verdict on a span of a sentence; `unseen`: no verdict covers it."""


class Checker(Protocol):
    """The function under test, such as ClauseCheck."""

    def __call__(
        self, text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
    ) -> list[Verdict]:
        """Return a verdict for each claim of a sentence, given a passage."""


class ClauseCheck:
    """The check by figures, dates, names and clauses; each passage is analysed once."""

    def __init__(self) -> None:
        self._facts = FactsCache()

    def __call__(
        self, text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
    ) -> list[Verdict]:
        """Return a verdict for each claim of a sentence; see Checker."""
        return self._facts.of(passage, passage_language, published).verdicts(extract(text, language))


class SwapOutcome(TypedDict):
    """The verdict on a false value in place of a true one; `absent` means noticed."""

    text: str
    said: ClaimStatus


class ClaimOutcome(TypedDict):
    """The verdict on a true claim (`absent` means wrongly flagged), and those on its false values."""

    kind: ClaimKind
    text: str
    said: ClaimStatus
    swaps: list[SwapOutcome]


class PairOutcome(TypedDict):
    """The result for a pair.

    `accused` holds the spans of the true sentence that the checker calls `absent`, whether listed as
    claims or not; `ms` is the time of that check in milliseconds.
    """

    id: str
    language: str
    passage_language: str
    text: str
    accused: list[str]
    ms: float
    claims: list[ClaimOutcome]


class Shares(TypedDict):
    """Counts, and shares (0 to 1, four digits); null if the denominator is 0.

    Of false values: `noticed`. Of true sentences: `accused_sentences`, with any span `absent`. Of true
    claims: `accused_claims`, `unknown_claims` and `unseen_claims`.
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
    """The JSON of `eval claims`.

    `by_languages` has keys such as "en-fr", the sentence's language first; `by_passage` has "same" and
    "other". `by_kind` counts no sentences, as these have no kind. `sentence_ms` is the median.
    """

    overall: Shares
    by_kind: dict[str, Shares]
    by_passage: dict[str, Shares]
    by_languages: dict[str, Shares]
    sentence_ms: float | None
    pairs: list[PairOutcome]


def evaluate_claims(pairs: Sequence[Pair], check: Checker) -> ClaimsReport:
    """Check every sentence as it is and with each false value."""
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
    """Compute counts and shares."""
    counted = _of_claims([claim for one in outcomes for claim in one["claims"]])
    counted["sentences"] = len(outcomes)
    counted["accused_sentences"] = share(bool(one["accused"]) for one in outcomes)
    return counted


def missed(report: ClaimsReport) -> Iterator[tuple[PairOutcome, ClaimOutcome, SwapOutcome]]:
    """Yield the false values that were not noticed."""
    for one in report["pairs"]:
        for claim in one["claims"]:
            for swap in claim["swaps"]:
                if swap["said"] not in WRONG:
                    yield one, claim, swap


def _outcome(pair: Pair, check: Checker) -> PairOutcome:
    began = perf_counter()
    found = _check_pair(pair, check, pair.text)
    ms = (perf_counter() - began) * 1000
    return {
        "id": pair.id,
        "language": pair.language,
        "passage_language": pair.passage_language,
        "text": pair.text,
        "accused": [one.claim.text for one in found if one.status in WRONG],
        "ms": round(ms, 3),
        "claims": [_claim_outcome(pair, claim, found, check) for claim in pair.claims],
    }


def _claim_outcome(pair: Pair, claim: ListedClaim, found: Sequence[Verdict], check: Checker) -> ClaimOutcome:
    swaps: list[SwapOutcome] = []
    for swap in claim.swaps:
        again = _check_pair(pair, check, pair.swapped(claim, swap))
        swaps.append({"text": swap, "said": _worst_status(again, claim.start, claim.start + len(swap))})
    status = _worst_status(found, claim.start, claim.start + len(claim.text))
    return {"kind": claim.kind, "text": claim.text, "said": status, "swaps": swaps}


def _check_pair(pair: Pair, check: Checker, text: str) -> list[Verdict]:
    return check(text, pair.language, pair.passage, pair.passage_language, published=pair.published)


def _worst_status(found: Iterable[Verdict], start: int, end: int) -> ClaimStatus:
    """Return the worst of the verdicts that overlap a span."""
    statuses = {one.status for one in found if one.claim.start < end and start < one.claim.end}
    order: tuple[ClaimStatus, ...] = ("absent", "elsewhere", "unknown", "held")
    return next((status for status in order if status in statuses), "unseen")


def _of_claims(claims: Sequence[ClaimOutcome]) -> Shares:
    swaps = [swap["said"] in WRONG for claim in claims for swap in claim["swaps"]]
    return {
        "sentences": 0,
        "claims": len(claims),
        "swaps": len(swaps),
        "noticed": share(swaps),
        "accused_sentences": None,
        "accused_claims": share(claim["said"] in WRONG for claim in claims),
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
