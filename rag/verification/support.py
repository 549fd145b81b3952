"""Judge whether the cited passages support each sentence of an answer.

Two checks are combined: the sentence's claims (figures, dates, names) are looked up in the passages, and its
meaning is compared with theirs by centred cosines. A sentence is "supported" if the passages have all its
claims and mean the same, "partly" if they have some of its claims, and "unsupported" if none has what
the sentence adds to the question.

A citation of a passage that does not say the sentence is removed; one is added if a passage matches
clearly. If an NLI model has judged sentence and passage, entailment and contradiction overrule the cosine,
but not the claims: an absent figure remains absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.locales.message import Message
from rag.types import Hit, Sentence
from rag.verification import reasons
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import WRONG, Claim, Judgement, Likeness, Status, Verdict
from rag.verification.expected import expected, has_type
from rag.verification.facts import Affinity, Facts, FactsCache, extract
from rag.verification.fragments import is_fragment
from rag.verification.polarity import denied

_MIN_COSINE, _CLEAR_COSINE = 0.3, 0.45
"""Minimum centred cosine of a sentence with a passage that may be cited for it, and with one that may be
cited even if the sentence adds no claim that the passage has. Fitted on answers to about 80 questions in five
languages."""
_MIN_ENTAILMENT, _MIN_CONTRADICTION = 0.5, 0.8
"""Minimum probability with which the NLI model judges a pair; a contradiction must be more certain. Not
fitted: there was no such model for these languages."""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The question that a sentence answers; claims that it contains are not new in the answer."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _ClaimVerdicts:
    """A claim, the verdict of each passage, from passage 1, and whether the question has it.

    `clause` is the index of the claim's clause in the sentence.
    """

    claim: Claim
    clause: int
    in_question: bool
    verdicts: tuple[Verdict, ...]

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The status in each passage."""
        return tuple(verdict.status for verdict in self.verdicts)

    def best_status(self, numbers: Sequence[int]) -> Status:
        """Return the best status in the passages with these numbers."""
        found = {self.statuses[n - 1] for n in numbers}
        order: tuple[Status, ...] = ("held", "unknown", "elsewhere", "absent")
        return next((status for status in order if status in found), "unknown")


@dataclass(frozen=True, slots=True)
class SemanticMatch:
    """The similarity of a sentence and a passage, and an NLI model's judgement if there is one."""

    nearest: Likeness
    judgement: Judgement | None = None

    @property
    def weight(self) -> float:
        """The centred cosine; 1 if the passage entails the sentence, -1 if it contradicts it."""
        return -1.0 if self.contradicts else 1.0 if self.entails else self.nearest.cosine

    @property
    def entails(self) -> bool:
        """Whether the passage entails the sentence."""
        return self.judgement is not None and self.judgement.entailed >= _MIN_ENTAILMENT

    @property
    def contradicts(self) -> bool:
        """Whether the passage contradicts the sentence."""
        return self.judgement is not None and self.judgement.contradicted >= _MIN_CONTRADICTION


class Cosines(Protocol):
    """Computes cosines of a text with parts of a passage, each centred by its language."""

    def __call__(
        self, text: str, language: str, passage: str, passage_language: str, spans: Sequence[tuple[int, int]]
    ) -> Sequence[float]:
        """Return one cosine for each span of the passage."""


def check(
    found: Sequence[Sentence],
    hits: Sequence[Hit],
    matches: Sequence[Sequence[SemanticMatch]],
    question: QuestionText,
    cache: FactsCache | None = None,
    cosines: Cosines | None = None,
) -> list[Sentence]:
    """Return the sentences with their support, reason and corrected citations.

    `matches[i][n - 1]` compares sentence i with passage n. The sentences are in the question's language.
    Without `cosines` the nouns that numbers count are not compared.
    """
    known = cache or FactsCache()
    facts = [known.of(hit.titled, hit.language, hit.article.published) for hit in hits]
    analysed_question = extract(question.text, question.language)
    read = [extract(one.text, question.language) for one in found]
    checked = [
        _checked(one, _look_up(claims, facts, analysed_question, row, cosines), row)
        for one, claims, row in zip(found, read, matches, strict=True)
    ]
    if checked and is_fragment(read[-1], analysed_question):
        checked[-1] = _refuted(checked[-1], Message.of("cut_off"))
    return _with_expected(_without_denied(checked, read, facts, analysed_question), read, analysed_question)


def _without_denied(
    checked: Sequence[Sentence],
    read: Sequence[AnalysedText],
    facts: Sequence[Facts],
    question: AnalysedText,
) -> list[Sentence]:
    """Mark sentences as unsupported if a cited passage negates what they or the question affirm."""

    def judged(sentence: Sentence, claims: AnalysedText) -> Sentence:
        for n in sentence.citations:
            if word := denied((claims, question), facts[n - 1].passage):
                return _refuted(sentence, Message.of("denied", n=str(n), word=word))
        return sentence

    return [judged(sentence, claims) for sentence, claims in zip(checked, read, strict=True)]


def _refuted(sentence: Sentence, reason: Message) -> Sentence:
    return replace(sentence, citations=(), added=False, support="unsupported", reason=reason)


def _with_expected(
    checked: list[Sentence], read: Sequence[AnalysedText], question: AnalysedText
) -> list[Sentence]:
    """Downgrade supported sentences to "partly" if no sentence has the expected type of answer."""
    kind = expected(question.text, question.language)
    if kind is None or has_type(read, kind):
        return checked
    reason = Message.of(f"asks_{kind}")
    return [replace(x, support="partly", reason=reason) if x.support == "supported" else x for x in checked]


def _look_up(
    claims: AnalysedText,
    facts: Sequence[Facts],
    question: AnalysedText,
    matches: Sequence[SemanticMatch],
    cosines: Cosines | None,
) -> list[_ClaimVerdicts]:
    """Look up each claim of a sentence in each passage, in order of the claims."""
    in_question = Facts(question.text, question.language).presence(claims) if question.text else []
    known = {(v.claim.start, v.claim.end) for v in in_question if v.status == "held"}
    rows = [
        _verdicts(claims, one, question, match.entails, cosines)
        for one, match in zip(facts, matches, strict=True)
    ]
    by_passage = [{(v.claim.start, v.claim.end): v for v in row} for row in rows]
    # What counts as a name may depend on the passage: if a passage has no verdict, it is "unknown".
    every = {span: v.claim for by_span in by_passage for span, v in by_span.items()}
    return [
        _ClaimVerdicts(
            claim,
            claims.clauses.index_at(claim.start),
            span in known,
            tuple(v.get(span, Verdict(claim, "unknown")) for v in by_passage),
        )
        for span, claim in sorted(every.items())
    ]


def _verdicts(
    claims: AnalysedText, facts: Facts, question: AnalysedText, entailed: bool, cosines: Cosines | None
) -> list[Verdict]:
    """Return a passage's verdicts; if it entails the sentence, an absent name is only "unknown"."""
    affinity = _affinity(claims, facts, cosines) if cosines else None
    found = facts.verdicts(claims, affinity, question if question.text else None)
    return [
        replace(one, status="unknown")
        if entailed and (one.claim.kind, one.status) == ("name", "absent")
        else one
        for one in found
    ]


def _affinity(claims: AnalysedText, facts: Facts, cosines: Cosines) -> Affinity:
    def of(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[float]:
        return cosines(text, claims.language, facts.passage.text, facts.language, spans)

    return of


def _checked(
    sentence: Sentence, verdicts: Sequence[_ClaimVerdicts], matches: Sequence[SemanticMatch]
) -> Sentence:
    """Return a sentence with its support, reason and corrected citations; `matches` is by passage."""
    near = [match.weight for match in matches]
    kept = tuple(n for n in sentence.citations if _may_support(n, verdicts, near))
    cited = kept or _best_passages(verdicts, near)
    added = bool(cited) and not kept
    if not cited:
        against = [n for n, match in enumerate(matches, 1) if match.contradicts]
        why = Message.of("against", n=reasons.listed(against)) if against else Message.of("unclear")
        why = _reason(verdicts, sentence.citations) or why
        return replace(sentence, citations=(), support="unsupported", reason=why)
    missing = [one for one in verdicts if one.best_status(cited) in WRONG]
    new = [one for one in verdicts if not one.in_question]
    result = replace(sentence, citations=cited, added=added, support="supported", reason=None)
    if missing and new and all(one in missing for one in new):
        return replace(result, citations=(), support="unsupported", reason=_reason(verdicts, cited))
    if missing:
        return replace(result, support="partly", reason=_reason(verdicts, cited))
    if max(near[n - 1] for n in cited) < _MIN_COSINE:
        return replace(result, support="partly", reason=Message.of("otherwise"))
    if added and sentence.citations:
        reason = Message.of("misnamed", n=reasons.listed(sentence.citations))
        return replace(result, support="partly", reason=reason)
    return result


def _may_support(n: int, verdicts: Sequence[_ClaimVerdicts], near: Sequence[float]) -> bool:
    """Tell whether passage n is similar enough to a sentence, and not all claims are wrong in it."""
    statuses = [one.statuses[n - 1] for one in verdicts]
    return near[n - 1] >= _MIN_COSINE and (not statuses or any(status not in WRONG for status in statuses))


def _best_passages(verdicts: Sequence[_ClaimVerdicts], near: Sequence[float]) -> tuple[int, ...]:
    """Return the number of the passage with most claims of a sentence, and of one with claims it lacks."""
    clear = [
        n
        for n, cosine in enumerate(near, 1)
        if cosine >= (_MIN_COSINE if _has_new_claims(n, verdicts) else _CLEAR_COSINE)
    ]
    chosen: list[int] = []
    while clear and len(chosen) < 2:
        best = max(clear, key=lambda n: (_gain(n, chosen, verdicts), near[n - 1], -n))
        if chosen and _gain(best, chosen, verdicts) <= 0:
            break
        chosen.append(best)
        clear = [n for n in clear if n != best and _belongs(n, best, verdicts)]
    return tuple(sorted(chosen))


def _belongs(n: int, best: int, verdicts: Sequence[_ClaimVerdicts]) -> bool:
    """Tell whether what passage n adds to passage `best` belongs to the sentence.

    It does if n has a claim of `best`, or the clauses of the sentence to which it adds have none. Otherwise n
    speaks of something else: a date of it is not that of what `best` tells.
    """
    held = {one.claim: one.clause for one in verdicts if one.statuses[best - 1] == "held"}
    there = {one.claim: one.clause for one in verdicts if one.statuses[n - 1] == "held"}
    return bool(held.keys() & there.keys()) or not {*held.values()} & {*there.values()}


def _has_new_claims(n: int, verdicts: Sequence[_ClaimVerdicts]) -> bool:
    """Tell whether a sentence adds claims to the question, and passage n has them all."""
    new = [one.statuses[n - 1] for one in verdicts if not one.in_question]
    return "held" in new and not WRONG.intersection(new)


def _gain(n: int, chosen: Sequence[int], verdicts: Sequence[_ClaimVerdicts]) -> int:
    """Count the claims that passage n has and the chosen lack; for the first, minus its wrong ones."""
    open_ = [one for one in verdicts if not chosen or one.best_status(chosen) in WRONG]
    held = sum(one.statuses[n - 1] == "held" for one in open_)
    return held if chosen else held - sum(one.statuses[n - 1] in WRONG for one in verdicts)


def _reason(verdicts: Sequence[_ClaimVerdicts], cited: Sequence[int]) -> Message | None:
    """Explain which claims are wrong in the cited passages, or in all if none is cited; else None."""
    among = cited or range(1, len(verdicts[0].statuses) + 1 if verdicts else 1)
    wrong = [one for one in verdicts if one.best_status(among) in WRONG]
    if not wrong:
        return None
    found = [reasons.held(one.claim, n) for one in verdicts for n in among if one.statuses[n - 1] == "held"][
        :1
    ]
    for one in wrong:
        if one.best_status(among) == "elsewhere":
            n = next(n for n in among if one.statuses[n - 1] == "elsewhere")
            found.append(reasons.elsewhere(one.claim, n, one.verdicts[n - 1].rival))
    absent = [one.claim for one in wrong if one.best_status(among) == "absent"]
    return reasons.joined([*found, *([reasons.lacking(absent, cited=bool(cited))] if absent else [])])
