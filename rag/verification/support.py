"""Is a sentence borne out by the passages that it cites? Its claims looked up, its meaning compared. Pure.

A sentence is supported where the passages say all that can be looked up and mean the same; partly
where they say some of it; unsupported where what it adds to the question is in none of them. Marks
are never moved: one on a passage that does not say it is taken away, a missing one is added where the
match is clear. Where an inference model has read the passages too, one that entails the sentence means
the same whatever the embedder says, and one that contradicts it does not; a figure that it lacks it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.locales.message import Message
from rag.text.language import count_words
from rag.types import Hit, Sentence
from rag.verification import reasons
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import WRONG, Claim, Judgement, Likeness, Status, Verdict
from rag.verification.expected import expected, gives
from rag.verification.facts import Affinity, Facts, FactsCache, extract

_MIN_COSINE, _CLEAR_COSINE = 0.3, 0.45
"""Balanced cosines of a sentence and a passage: it may say it, and does if it holds what the sentence adds;
it says it, if nothing differs. Set on answers to some 80 questions in five languages."""
_ENTAILED, _CONTRADICTED = 0.5, 0.8
"""How sure an inference model must be. Accusing wants more; neither could be measured here, for want of such
a model for these languages."""
_MAX_FRAGMENT = 5
"""Words (Chinese: characters) up to which a last sentence without end mark and claim was cut off."""
_MAX_FRAGMENT_NUMBER = 3
"""Numbers up to this make a fragment no claim: "Deux équ"."""
_ENDS = tuple('.:!?…。：！？"”’»)]』」')
_ARTICLE = re.compile(r"(?:the|les?|la)\s|l['’]", re.IGNORECASE)
"""Opens a phrase such as "The Vietnamese delegation", a fragment unless the question names its noun."""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The question that a sentence answers: what it holds is nothing that the answer adds."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Looked:
    """A claim, whether it is in the question, and what each passage says of it, from passage 1."""

    claim: Claim
    asked: bool
    verdicts: tuple[Verdict, ...]

    @property
    def said(self) -> tuple[Status, ...]:
        """The status by passage."""
        return tuple(verdict.status for verdict in self.verdicts)

    def over(self, numbers: Sequence[int]) -> Status:
        """What these passages come to: one that holds it is enough."""
        found = {self.said[n - 1] for n in numbers}
        order: tuple[Status, ...] = ("held", "unknown", "elsewhere", "absent")
        return next((status for status in order if status in found), "unknown")


@dataclass(frozen=True, slots=True)
class Meant:
    """How near a sentence is to a passage; what an inference model says of both, where one has read them."""

    near: Likeness
    judged: Judgement | None = None

    @property
    def weight(self) -> float:
        """The balanced cosine; 1 where the passage surely entails the sentence, -1 where it contradicts."""
        return -1.0 if self.contradicts else 1.0 if self.entails else self.near.near

    @property
    def entails(self) -> bool:
        """Whether the passage entails the sentence."""
        return self.judged is not None and self.judged.entailed >= _ENTAILED

    @property
    def contradicts(self) -> bool:
        """Whether the passage surely contradicts the sentence."""
        return self.judged is not None and self.judged.contradicted >= _CONTRADICTED


class Cosines(Protocol):
    """Cosines of a text with pieces of a passage, each in its language, both balanced."""

    def __call__(
        self, text: str, language: str, passage: str, passage_language: str, spans: Sequence[tuple[int, int]]
    ) -> Sequence[float]:
        """One cosine for each span of the passage."""


def check(
    found: Sequence[Sentence],
    hits: Sequence[Hit],
    meant: Sequence[Sequence[Meant]],
    question: QuestionText,
    cache: FactsCache | None = None,
    cosines: Cosines | None = None,
) -> list[Sentence]:
    """Each sentence with what supports it, its marks put right.

    `meant[i][n - 1]` is of sentence i and passage n. The sentences are in the question's language. Without
    `cosines` claims are bound to clauses by words, names and figures alone.
    """
    known = cache or FactsCache()
    facts = [known.of(hit.titled, hit.language, hit.article.published) for hit in hits]
    asked = extract(question.text, question.language)
    read = [extract(one.text, question.language) for one in found]
    checked = [
        _checked(one, _look_up(claims, facts, asked, row, cosines), row)
        for one, claims, row in zip(found, read, meant, strict=True)
    ]
    return _with_expected(_without_fragment(checked, read, asked), read, asked)


def _without_fragment(
    checked: list[Sentence], read: Sequence[AnalysedText], asked: AnalysedText
) -> list[Sentence]:
    """A last sentence that was cut off is not judged: it has no marks."""
    if not checked or read[-1].text.rstrip().endswith(_ENDS) or not _is_fragment(read[-1], asked):
        return checked
    last = replace(
        checked[-1], citations=(), added=False, support="unsupported", reason=Message.of("cut_off")
    )
    return [*checked[:-1], last]


def _is_fragment(claims: AnalysedText, asked: AnalysedText) -> bool:
    """Whether a text without an end mark says nothing: few words, and no claim or only who a group is of."""
    if count_words(claims.text) > _MAX_FRAGMENT:
        return False
    figures = [one for one in claims.figures if not one.loose]
    if any(one.kind != "number" or max(one.values) > _MAX_FRAGMENT_NUMBER for one in figures):
        return False
    if not claims.names:
        return True
    named = [(one.start, one.end) for one in claims.names]
    others = [w for w in claims.words if not any(start <= w.start < end for start, end in named)]
    known = {word.stem for word in asked.words}
    opened = _ARTICLE.match(claims.text) is not None and expected(asked.text, asked.language) != "person"
    return opened and len(others) == 1 and others[0].start > named[-1][1] and others[0].stem not in known


def _with_expected(
    checked: list[Sentence], read: Sequence[AnalysedText], asked: AnalysedText
) -> list[Sentence]:
    """Where no sentence has the kind of value that the question asks for, none is fully supported."""
    kind = expected(asked.text, asked.language)
    if kind is None or gives(read, kind):
        return checked
    reason = Message.of(f"asks_{kind}")
    return [replace(x, support="partly", reason=reason) if x.support == "supported" else x for x in checked]


def _look_up(
    claims: AnalysedText,
    facts: Sequence[Facts],
    asked: AnalysedText,
    meant: Sequence[Meant],
    cosines: Cosines | None,
) -> list[_Looked]:
    told = Facts.of(asked.text, asked.language).presence(claims) if asked.text else []
    known = {(v.claim.start, v.claim.end) for v in told if v.status == "held"}
    rows = [
        _verdicts(claims, one, asked, meaning.entails, cosines)
        for one, meaning in zip(facts, meant, strict=True)
    ]
    said = [{(v.claim.start, v.claim.end): v for v in row} for row in rows]
    # what counts as a name may depend on the passage: one that does not see a claim says nothing of it
    every = {span: v.claim for by_span in said for span, v in by_span.items()}
    return [
        _Looked(claim, span in known, tuple(v.get(span, Verdict(claim, "unknown")) for v in said))
        for span, claim in sorted(every.items())
    ]


def _verdicts(
    claims: AnalysedText, facts: Facts, asked: AnalysedText, entailed: bool, cosines: Cosines | None
) -> list[Verdict]:
    """What a hit says of each claim; where it entails the sentence, a name that is not found is left open."""
    affinity = _affinity(claims, facts, cosines) if cosines else None
    found = facts.verdicts(claims, affinity, asked if asked.text else None)
    return [
        replace(one, status="unknown")
        if entailed and (one.claim.kind, one.status) == ("name", "absent")
        else one
        for one in found
    ]


def _affinity(claims: AnalysedText, facts: Facts, cosines: Cosines) -> Affinity:
    def of(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[float]:
        return cosines(text, claims.language, facts.reading.text, facts.language, spans)

    return of


def _checked(sentence: Sentence, looked: Sequence[_Looked], meant: Sequence[Meant]) -> Sentence:
    near = [meaning.weight for meaning in meant]
    kept = tuple(n for n in sentence.citations if _says(n, looked, near))
    cited = kept or _matching(looked, near)
    added = bool(cited) and not kept
    if not cited:
        against = [n for n, meaning in enumerate(meant, 1) if meaning.contradicts]
        why = Message.of("against", n=reasons.listed(against)) if against else Message.of("unclear")
        why = _reason(looked, sentence.citations) or why
        return replace(sentence, citations=(), support="unsupported", reason=why)
    missing = [one for one in looked if one.over(cited) in WRONG]
    new = [one for one in looked if not one.asked]
    result = replace(sentence, citations=cited, added=added, support="supported", reason=None)
    if missing and new and all(one in missing for one in new):
        return replace(result, citations=(), support="unsupported", reason=_reason(looked, cited))
    if missing:
        return replace(result, support="partly", reason=_reason(looked, cited))
    if max(near[n - 1] for n in cited) < _MIN_COSINE:
        return replace(result, support="partly", reason=Message.of("otherwise"))
    if added and sentence.citations:
        reason = Message.of("misnamed", n=reasons.listed(sentence.citations))
        return replace(result, support="partly", reason=reason)
    return result


def _says(n: int, looked: Sequence[_Looked], near: Sequence[float]) -> bool:
    """Whether a passage says some of the sentence: near enough, and not all of its claims absent."""
    said = [one.said[n - 1] for one in looked]
    return near[n - 1] >= _MIN_COSINE and (not said or any(status not in WRONG for status in said))


def _matching(looked: Sequence[_Looked], near: Sequence[float]) -> tuple[int, ...]:
    """The passage that says most of a sentence, and a second one for what the first lacks."""
    clear = [
        n for n, value in enumerate(near, 1) if value >= (_MIN_COSINE if _adds(n, looked) else _CLEAR_COSINE)
    ]
    chosen: list[int] = []
    while clear and len(chosen) < 2:
        best = max(clear, key=lambda n: (_gain(n, chosen, looked), near[n - 1], -n))
        if chosen and _gain(best, chosen, looked) <= 0:
            break
        chosen.append(best)
        clear.remove(best)
    return tuple(sorted(chosen))


def _adds(n: int, looked: Sequence[_Looked]) -> bool:
    """Whether a passage holds all that a sentence adds to the question, and it adds something."""
    new = [one.said[n - 1] for one in looked if not one.asked]
    return "held" in new and not WRONG.intersection(new)


def _gain(n: int, chosen: Sequence[int], looked: Sequence[_Looked]) -> int:
    """How many claims a passage holds that the chosen ones do not, less those that it lacks if none is."""
    held = sum(one.said[n - 1] == "held" for one in looked if not chosen or one.over(chosen) in WRONG)
    return held if chosen else held - sum(one.said[n - 1] in WRONG for one in looked)


def _reason(looked: Sequence[_Looked], cited: Sequence[int]) -> Message | None:
    """Which claim is in which passage, said of something else, or in none."""
    among = cited or range(1, len(looked[0].said) + 1 if looked else 1)
    wrong = [one for one in looked if one.over(among) in WRONG]
    if not wrong:
        return None
    found = [reasons.held(one.claim, n) for one in looked for n in among if one.said[n - 1] == "held"][:1]
    for one in wrong:
        if one.over(among) == "elsewhere":
            n = next(n for n in among if one.said[n - 1] == "elsewhere")
            found.append(reasons.elsewhere(one.claim, n, one.verdicts[n - 1].rival))
    absent = [one.claim for one in wrong if one.over(among) == "absent"]
    return reasons.joined([*found, *([reasons.lacking(absent, cited=bool(cited))] if absent else [])])
