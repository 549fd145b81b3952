"""Compare a draft's value with its rivals in a passage: the log-odds that a rival is the right value.

The rivals of a claim are the passage's other values of its kind. The features of a rival are its score as an
answer to the sentence without the claim (answer scorer), the share of the sentence that its clause covers
(clause_scores), the similarity of its sentence to the draft's without the claim, and that of the nouns that
both values count. If the passage also has the claimed value, the features are differences from that one.
Weights of the logistic regression: contest.json, fitted by bench/contest.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rag.answering.answer_scorer import AnswerScore, AnswerScorer
from rag.answering.verifier import ClauseVectors
from rag.drafts.quotable_sentences import quotable_sentences
from rag.verification.analysed_text import AnalysedText
from rag.verification.binding import Binding
from rag.verification.claims import WRONG, Span, Status
from rag.verification.clause_scores import ClaimLookup
from rag.verification.facts import Facts
from rag.verification.figures.quantities import Figure
from rag.verification.moments import Moment
from rag.verification.names.name_matching import read_passage
from rag.verification.rivals import Rival

BLANK = "…"
"""Replaces the claim in the question to the answer scorer."""
MAX_GAP, MIN_LOGIT, MAX_LOGIT = 10.0, -12.0, 4.0
"""Limits of the features: of the difference of two logits of the answer scorer, and of a logit. Not
fitted."""
MIN_PART_LETTERS = 3
"""Minimum length of a word of a name that may stand for the whole name. Not fitted."""
MAX_OTHERS = 4
"""Maximum number of a sentence's other claims that the features "held" and "lacking" count. Not fitted."""


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights by feature: "held" for passages with the claimed value, "absent" for others."""
    found: Mapping[str, Mapping[str, float]] = json.loads(
        Path(__file__).with_name("contest.json").read_text("utf-8")
    )
    return found


@dataclass(frozen=True, slots=True)
class Contested:
    """A claim of a sentence, compared with a passage; a date with all its parts is one claim.

    `places` are the claimed value's spans in the passage. `sort` is that of a name. `rival` is the most
    likely other value, and `logit` the log-odds that it is the right one.
    """

    claim: ClaimLookup
    span: Span
    status: Status
    places: tuple[Span, ...]
    sort: str = ""
    rival: Rival | None = None
    logit: float = 0.0

    @property
    def wrong(self) -> bool:
        """Whether the passage lacks the value, or has it only of something else."""
        return self.status in WRONG

    @property
    def comparable(self) -> bool:
        """Whether it can be reported to differ: it is neither a small number nor a doubtful name."""
        return not self.claim.is_small_number and (self.claim.name is None or self.sort != "other")


class PassageComparer:
    """Compares texts by the answer scorer, if there is one, and by the vectors of clauses."""

    def __init__(self, vectors: ClauseVectors, scorer: AnswerScorer | None) -> None:
        self.vectors, self._scorer = vectors, scorer

    def scores(self, question: str, language: str, facts: Facts, pieces: Sequence[Span]) -> list[AnswerScore]:
        """Score the tokens of a passage's pieces as answers to a question; [] without a scorer."""
        texts = [(facts.passage.text[start:end], facts.language) for start, end in pieces]
        return self._scorer.find(question, language, texts) if self._scorer else []

    def near(self, text: str, language: str, facts: Facts, spans: Sequence[Span]) -> list[float]:
        """Return the mean-centred cosines of a text with spans of a passage."""
        return self.vectors.cosines(text, language, facts.passage.text, facts.language, spans)


class Contest:
    """Compares the claims of a sentence with a passage, whose `pieces` the answer scorer reads one by one."""

    def __init__(
        self, claims: AnalysedText, facts: Facts, pieces: Sequence[Span], reader: PassageComparer
    ) -> None:
        self._claims, self._passage, self._facts = claims, facts.passage, facts
        self._pieces, self._reader = pieces, reader
        self._sentences = quotable_sentences(facts.passage.text, facts.language)
        self._binding = Binding(facts, claims, facts.look_up(claims), None, None)
        self._groups = self._grouped()

    def contested(self) -> list[Contested]:
        """Return each claim with its most likely rival."""
        return [self._contested(span) for span in self._groups]

    def held(self) -> list[tuple[Span, tuple[Span, ...]]]:
        """Return the spans of the claims that the passage has, each with the spans in the passage."""
        return [(span, places) for span, (_, status, places) in self._groups.items() if status == "held"]

    def features(self, span: Span) -> list[tuple[Rival, str, dict[str, float]]]:
        """Return each rival of a claim with the name of its weights, "held" or "absent", and its features."""
        one, status, places = self._groups[span]
        sure = status != "held" or places
        rivals = [
            rival for rival in self._binding.rivals(one) if sure and self._may_replace(one, rival, places)
        ]
        if not rivals:
            return []
        blanked = f"{self._claims.text[: span[0]]}{BLANK}{self._claims.text[span[1] :]}"
        spans = [one.span for one in self._sentences]
        near = self._reader.near(blanked, self._claims.language, self._facts, spans)
        scores = self._reader.scores(blanked, self._claims.language, self._facts, self._pieces)
        return [
            (rival, "held" if places else "absent", self._features(span, rival, near, gap, logit))
            for rival, gap, logit in self._gaps(rivals, places, scores)
        ]

    def _may_replace(self, one: ClaimLookup, rival: Rival, places: Sequence[Span]) -> bool:
        """Tell whether a rival can replace a claim.

        A date must be as exact as the claimed one, a duration of the same unit, and a name in a sentence
        without the claimed one.
        """
        mine, other = self._binding.moment_of(one), self._moment(rival)
        if mine and other:
            return bool(other.day if mine.day is not None else other.months or not mine.months)
        if one.figure and one.figure.unit and one.figure.measure == "duration":
            return any(
                f.unit and f.unit.same(one.figure.unit) for f in self._figures([(rival.start, rival.end)])
            )
        if one.name is None or not places:
            return True
        sentence = self._sentences[self._sentence(rival.start)]
        there = read_passage(self._passage.text[sentence.own : sentence.end], self._facts.language)
        long = [word for word in one.name.words if len(word) >= MIN_PART_LETTERS]
        return not any(there.has(word, self._claims.language) for word in long)

    def _moment(self, rival: Rival) -> Moment | None:
        """Return the moment of a rival date; None for a rival of another kind."""
        there = (m for m in self._facts.moments if self._passage.span(m.parts[0])[0] == rival.start)
        return next(there, None)

    def _gaps(
        self, rivals: Sequence[Rival], places: Sequence[Span], scores: Sequence[AnswerScore]
    ) -> Iterator[tuple[Rival, float, float]]:
        """Yield each rival, the excess of its logit over the best other value's, and its logit."""
        logits = [self._logit(scores, (rival.start, rival.end)) for rival in rivals]
        own = [self._logit(scores, place) for place in places]
        for rival, logit in zip(rivals, logits, strict=True):
            others = [x for r, x in zip(rivals, logits, strict=True) if r.text != rival.text]
            best = max([*others, *own], default=MIN_LOGIT)
            yield rival, min(max(logit - best, -MAX_GAP), MAX_GAP) if scores else 0.0, logit

    def _grouped(self) -> dict[Span, tuple[ClaimLookup, Status, tuple[Span, ...]]]:
        """Return, by a claim's span, its worst part, that part's status, and its places in the passage."""
        said = {(v.claim.start, v.claim.end): v.status for v in self._binding.verdicts()}
        groups: dict[Span, list[ClaimLookup]] = {}
        for one in self._binding.lookups:
            groups.setdefault(self._binding.whole_span(one), []).append(one)
        order: tuple[Status, ...] = ("elsewhere", "absent", "held", "unknown")
        found = {}
        for span, ones in groups.items():
            worst = min(ones, key=lambda one: order.index(said[one.span]))
            status = said[worst.span]
            places = () if status == "absent" else tuple(self._binding.held_at(worst))
            found[span] = worst, "held" if places and status == "elsewhere" else status, places
        return found

    def _contested(self, span: Span) -> Contested:
        one, status, places = self._groups[span]
        sort = one.name.sort(self._claims.text) if one.name else ""
        plain = Contested(one, span, status, places, sort)
        if status == "unknown" or not plain.comparable or self._is_subject(plain):
            return plain
        scored = [(_weighed(case, values), rival) for rival, case, values in self.features(span)]
        if not scored:
            return plain
        logit, best = max(scored, key=lambda pair: pair[0])
        return replace(plain, rival=best, logit=logit)

    def _is_subject(self, claim: Contested) -> bool:
        """Tell whether a claim is a place that several sentences mention, so that they are all about it."""
        told = {self._sentence(start) for start, _ in claim.places}
        return claim.sort == "place" and len(told) > 1

    def _features(
        self, span: Span, rival: Rival, near: Sequence[float], gap: float, logit: float
    ) -> dict[str, float]:
        one, _, places = self._groups[span]
        clauses = {self._passage.clauses.index_at(start) for start, _ in places}
        own_share = max((self._binding.share(one, clause) for clause in clauses), default=0.0)
        own_near = max((near[self._sentence(start)] for start, _ in places), default=0.0)
        here = near[self._sentence(rival.start)]
        others = [status for other, (_, status, _) in self._groups.items() if other != span]
        lacking = sum(status in WRONG for status in others)
        return {
            "near": here - own_near,
            "sentence gap": max(near) - here,
            "share": self._binding.share(one, rival.clause) - own_share,
            "gap": gap,
            "logit": logit,
            "noun": self._noun(one, rival, places),
            "name": float(one.name is not None),
            "lacking": float(min(lacking, MAX_OTHERS)),
            "held": float(min(len(others) - lacking, MAX_OTHERS)),
            "shared parts": float(self._shared_parts(one, rival)),
            "across": float(self._claims.language != self._passage.language),
        }

    def _noun(self, one: ClaimLookup, rival: Rival, places: Sequence[Span]) -> float:
        """Return by how much the rival's noun is nearer to the claim's than the claimed value's noun is.

        The nouns are those that the values count; the figure is a difference of cosines, 0 without nouns.
        """
        mine = self._claims.counted_nouns(one.figure) if one.figure else []
        theirs, own = self._counted([(rival.start, rival.end)]), self._counted(places)
        if not mine or not theirs or (places and not own):
            return 0.0
        first = self._claims.text[slice(*mine[0])]
        cosines = self._reader.near(first, self._claims.language, self._facts, [*theirs, *own])
        return max(cosines[: len(theirs)]) - max(cosines[len(theirs) :], default=0.0)

    def _counted(self, values: Sequence[Span]) -> list[Span]:
        """Return the spans of the nouns that the figures at these spans count."""
        return [span for one in self._figures(values) for span in self._passage.counted_nouns(one)[:1]]

    def _figures(self, values: Sequence[Span]) -> list[Figure]:
        return [one for one in self._passage.figures if self._passage.span(one) in values]

    def _shared_parts(self, one: ClaimLookup, rival: Rival) -> int:
        """Count how many of day, month and year a rival date shares with the claimed one."""
        mine, other = self._binding.moment_of(one), self._moment(rival)
        return mine.shared_parts(other) if mine and other else 0

    def _sentence(self, place: int) -> int:
        """Return the index of the sentence that contains an offset."""
        return max((n for n, one in enumerate(self._sentences) if one.own <= place), default=0)

    def _logit(self, scores: Sequence[AnswerScore], span: Span) -> float:
        """Return the highest logit of a token of a span, clipped to the limits; 0 without scores."""
        found = [
            score.max_logit(span[0] - start, span[1] - start)
            for score, (start, end) in zip(scores, self._pieces, strict=False)
            if start <= span[0] < end
        ]
        return min(max(*found, MIN_LOGIT), MAX_LOGIT) if found else 0.0


def _weighed(case: str, values: Mapping[str, float]) -> float:
    row = weights()[case]
    return row["intercept"] + sum(weight * values[name] for name, weight in row.items() if name in values)
