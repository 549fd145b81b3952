"""The words of a quotation that answer: the date, figure or name of the type asked for, marked whole. Pure.

The answer scorer marks tokens, which may be parts of a date, and prefers years to days: asked "when", it
marks the 2019 of "settled their programme for 2019 on Monday 3 December".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answering.context import ScoredToken
from rag.text.sentences import trimmed
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Span
from rag.verification.expected import Expected, expected
from rag.verification.facts import extract
from rag.verification.moments import moments
from rag.verification.support import QuestionText

DAY_GAIN, MIN_LOGIT = 5.0, -3.0
"""Gain in logit of a date with its day for "when" over a bare year, and the minimum logit of a value of the
type asked for. Not fitted: looked at on the report card's questions."""

_WITHIN_WORD = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]{2}|\d/|/\d")
"""Two letters or digits of one word, in scripts that set words apart; a slash and a digit: 1/25.000."""


def answer_mark(
    sentence: str, language: str, tokens: Sequence[ScoredToken], question: QuestionText
) -> Span | None:
    """Return the span of a sentence that most likely answers; None if nothing does.

    The tokens' spans are those of the sentence.
    """
    text = extract(sentence, language)
    scored = [(_logit_of(span, tokens) + gain, span) for span, gain in _asked_values(text, question)]
    if scored and max(scored)[0] >= MIN_LOGIT:
        return _whole_words(sentence, max(scored)[1])
    run = _answering_run(tokens)
    return _whole(text, trimmed(sentence, *run)) if run else None


def _answering_run(tokens: Sequence[ScoredToken]) -> Span | None:
    """Return the span of the likeliest token and those around it that answer, too; None if it does not."""
    best = max(range(len(tokens)), key=lambda i: tokens[i].logit, default=None)
    if best is None or tokens[best].logit < 0:
        return None
    first = last = best
    while first > 0 and tokens[first - 1].logit >= 0:
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1].logit >= 0:
        last += 1
    return tokens[first].start, tokens[last].end


def _asked_values(text: AnalysedText, question: QuestionText) -> list[tuple[Span, float]]:
    """Return the values of the type asked for that only a text has, not the question: span, gain in logit."""
    asked = expected(question.text, question.language)
    known = question.text.casefold()
    found = _values(text, asked) if asked else ()
    return [(span, gain) for span, gain in found if text.text[slice(*span)].casefold() not in known]


def _values(text: AnalysedText, asked: Expected) -> Iterator[tuple[Span, float]]:
    figures = [one for one in text.figures if not one.doubtful]
    if asked == "date":
        for moment in moments(text.folded.text, figures):
            span = text.folded.span(moment.parts[0].start, moment.parts[-1].end)
            yield span, DAY_GAIN * bool(moment.day)
    for figure in figures:
        measure = figure.unit.measure if figure.unit else ""
        fits = {
            "year": figure.kind == "year",
            "percent": figure.kind == "percent",
            "count": not measure and figure.kind in ("number", "amount"),
            "duration": measure in ("duration", "period"),
        }
        if fits.get(asked, measure == asked):
            yield text.span(figure), 0.0


def _logit_of(span: Span, tokens: Sequence[ScoredToken]) -> float:
    """Return the highest logit of a token that overlaps a span; -100 if none does."""
    return max((t.logit for t in tokens if t.start < span[1] and span[0] < t.end), default=-100.0)


def _whole(text: AnalysedText, span: Span) -> Span:
    """Return a token's span, extended to the date, figure or name that it is part of, and to whole words."""
    dates = moments(text.folded.text, text.figures)
    spans = [text.folded.span(one.parts[0].start, one.parts[-1].end) for one in dates]
    spans += [*map(text.span, text.figures), *((one.start, one.end) for one in text.names)]
    around = [one for one in spans if one[0] < span[1] and span[0] < one[1]]
    return _whole_words(text.text, max(around, key=lambda one: one[1] - one[0], default=span))


def _whole_words(text: str, span: Span) -> Span:
    start, end = span
    while start > 0 and _WITHIN_WORD.fullmatch(text, start - 1, start + 1):
        start -= 1
    while end < len(text) and _WITHIN_WORD.fullmatch(text, end - 1, end + 1):
        end += 1
    return start, end
