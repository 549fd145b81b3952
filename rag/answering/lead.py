"""The lead: how far the best quotation outscores its best rival. Pure.

Where the articles answer a question, one passage stands out; where they do not, several fit about as well.
"""

from __future__ import annotations

import re

from rag.answering.answer_state import AnswerState
from rag.text.pronouns import LANGUAGES
from rag.text.stems import stems
from rag.types import Quote

MAX_LEAD = 1.5
"""Lead where no rival is left; larger ones count as much. Not fitted."""
_WORD = re.compile(r"\w+")


def lead(state: AnswerState, answer: str) -> float:
    """The best quotation's score less that of its best rival, at most MAX_LEAD.

    A rival is a quotation of another passage that has no word or figure of the answer, apart from the
    question's: what says the same is no rival.
    """
    if not state.quotes:
        return 0.0
    best, *others = state.quotes
    added = _words(answer, state.answer_language) - _words(state.query.standalone, state.language)
    rivals = [one for one in others if one.n != best.n and not added & _quoted_words(state, one)]
    return min(best.score - max(one.score for one in rivals), MAX_LEAD) if rivals else MAX_LEAD


def _quoted_words(state: AnswerState, quote: Quote) -> set[str]:
    hit = (*state.hits, *state.unused)[quote.n - 1]
    return _words(hit.passage.text[quote.start : quote.end], hit.language)


def _words(text: str, language: str) -> set[str]:
    """The stems of the content words, and the numbers."""
    return stems(text, language) if language in LANGUAGES else set(_WORD.findall(text.casefold()))
