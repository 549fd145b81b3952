"""Is a sentence borne out by the passages that it cites? Its claims looked up, its meaning compared. Pure.

A sentence is supported where the passages say all that can be looked up and mean the same; partly
where they say some of it; unsupported where what it adds to the question is in none of them. Marks
are never moved: one on a passage that does not say it is taken away, a missing one is added where the
match is clear. Where an inference model has read the passages too, one that entails the sentence means
the same whatever the embedder says, and one that contradicts it does not; a figure that it lacks it lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.checking import verdicts
from rag.checking.claims import Claim, Judgement, Likeness, Status, Verdict
from rag.documents import Hit, Sentence

_NEAR, _CLEAR = 0.3, 0.45
"""Balanced cosines of a sentence and a passage: it may say it, and does if it holds what the sentence adds;
it says it, if nothing differs. Set on answers to some 80 questions in five languages."""
_ENTAILED, _CONTRADICTED = 0.5, 0.8
"""How sure an inference model must be. Accusing wants more; neither could be measured here, for want of such
a model for these languages."""
_MISNAMED = "the model named passage {}, which does not say it"
_OTHERWISE = "the passage says something else, or says it otherwise"
_UNCLEAR = "no passage says this clearly"
_AGAINST = "passage {} contradicts it"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a sentence answers: what it holds is nothing that the answer adds."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Looked:
    """A claim, whether it is in the question, and what each passage says of it, from passage 1."""

    claim: Claim
    asked: bool
    said: tuple[Status, ...]

    def over(self, numbers: Sequence[int]) -> Status:
        """What these passages come to: one that holds it is enough."""
        found = {self.said[n - 1] for n in numbers}
        order: tuple[Status, ...] = ("held", "unknown", "absent")
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


def check(
    found: Sequence[Sentence], hits: Sequence[Hit], meant: Sequence[Sequence[Meant]], question: Asked
) -> list[Sentence]:
    """Each sentence with what supports it, its marks put right.

    `meant[i][n - 1]` is of sentence i and passage n. The sentences are in the question's language.
    """
    return [
        _checked(one, _look_up(one.text, hits, question, row), row)
        for one, row in zip(found, meant, strict=True)
    ]


def _look_up(text: str, hits: Sequence[Hit], question: Asked, meant: Sequence[Meant]) -> list[_Looked]:
    asked = verdicts(text, question.language, question.text, question.language)
    known = {(v.claim.start, v.claim.end) for v in asked if v.status == "held"}
    rows = [
        _verdicts(text, question.language, hit, meaning.entails)
        for hit, meaning in zip(hits, meant, strict=True)
    ]
    said = [{(v.claim.start, v.claim.end): v for v in row} for row in rows]
    # what counts as a name may depend on the passage: one that does not see a claim says nothing of it
    claims = {span: v.claim for by_span in said for span, v in by_span.items()}
    return [
        _Looked(claim, span in known, tuple(v[span].status if span in v else "unknown" for v in said))
        for span, claim in sorted(claims.items())
    ]


def _verdicts(text: str, language: str, hit: Hit, entailed: bool) -> list[Verdict]:
    """What a hit says of each claim; where it entails the sentence, a name that is not found is left open."""
    article = hit.article
    found = verdicts(text, language, hit.titled, hit.language, published=article.published)
    return [
        replace(one, status="unknown")
        if entailed and (one.claim.kind, one.status) == ("name", "absent")
        else one
        for one in found
    ]


def _checked(sentence: Sentence, looked: Sequence[_Looked], meant: Sequence[Meant]) -> Sentence:
    near = [meaning.weight for meaning in meant]
    kept = tuple(n for n in sentence.citations if _says(n, looked, near))
    cited = kept or _matching(looked, near)
    added = bool(cited) and not kept
    if not cited:
        against = [n for n, meaning in enumerate(meant, 1) if meaning.contradicts]
        why = _AGAINST.format(_listed(against)) if against else _UNCLEAR
        why = _reason(looked, sentence.citations) or why
        return replace(sentence, citations=(), support="unsupported", reason=why)
    missing = [one for one in looked if one.over(cited) == "absent"]
    new = [one for one in looked if not one.asked]
    result = replace(sentence, citations=cited, added=added, support="supported", reason="")
    if missing and new and all(one in missing for one in new):
        return replace(result, citations=(), support="unsupported", reason=_reason(looked, cited))
    if missing:
        return replace(result, support="partly", reason=_reason(looked, cited))
    if max(near[n - 1] for n in cited) < _NEAR:
        return replace(result, support="partly", reason=_OTHERWISE)
    if added and sentence.citations:
        return replace(result, support="partly", reason=_MISNAMED.format(_listed(sentence.citations)))
    return result


def _says(n: int, looked: Sequence[_Looked], near: Sequence[float]) -> bool:
    """Whether a passage says some of the sentence: near enough, and not all of its claims absent."""
    said = [one.said[n - 1] for one in looked]
    return near[n - 1] >= _NEAR and (not said or any(status != "absent" for status in said))


def _matching(looked: Sequence[_Looked], near: Sequence[float]) -> tuple[int, ...]:
    """The passage that says most of a sentence, and a second one for what the first lacks."""
    clear = [n for n, value in enumerate(near, 1) if value >= (_NEAR if _adds(n, looked) else _CLEAR)]
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
    return "held" in new and "absent" not in new


def _gain(n: int, chosen: Sequence[int], looked: Sequence[_Looked]) -> int:
    """How many claims a passage holds that the chosen ones do not, less those that it lacks if none is."""
    held = sum(one.said[n - 1] == "held" for one in looked if not chosen or one.over(chosen) == "absent")
    return held if chosen else held - sum(one.said[n - 1] == "absent" for one in looked)


def _reason(looked: Sequence[_Looked], cited: Sequence[int]) -> str:
    """Which claim is in which passage, and which in none: the year “2019” is in no cited passage."""
    among = cited or range(1, len(looked[0].said) + 1 if looked else 1)
    lacking = [one.claim for one in looked if one.over(among) == "absent"]
    if not lacking:
        return ""
    where = "no cited passage" if cited else "no passage"
    missing = f"{', '.join(map(_named, lacking))} {'is' if len(lacking) == 1 else 'are'} in {where}"
    held = [(one.claim, n) for one in looked for n in among if one.said[n - 1] == "held"]
    return "; ".join([*(f"{_named(claim)} is in passage {n}" for claim, n in held[:1]), missing])


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _named(claim: Claim) -> str:
    return f"the {claim.kind} “{claim.text}”"
