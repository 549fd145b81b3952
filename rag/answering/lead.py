"""The lead: how far the best quotation of the cited passages outscores its best rival. Pure.

Where the articles answer a question, one passage stands out; where they do not, several fit about as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.answer_state import AnswerState
from rag.text.pronouns import LANGUAGES
from rag.text.stems import stems
from rag.types import Quote, Sentence

MAX_LEAD = 1.0
"""Maximum absolute lead, and the lead without a rival. Fitted on XQuAD, where 0.5 and 1.5 do as well."""
_WORD = re.compile(r"\w+")


def lead(state: AnswerState, sentences: Sequence[Sentence]) -> float:
    """Return the lead of verified sentences, of which at least one cites a passage: -MAX_LEAD to MAX_LEAD.

    A quotation of a passage that is not cited agrees with the answer if it has a word or figure that the
    answer adds to the question; otherwise it is a rival. Agreeing quotations count as those of the cited
    passages where these have none. The lead is -MAX_LEAD where there is neither.
    """
    cited = {n for sentence in sentences for n in sentence.citations}
    added = _words(supported_text(sentences), state.answer_language) - _words(
        state.query.standalone, state.language
    )
    own, rivals, agreeing = [], [], []
    for quote in state.quotes:
        if quote.n in cited:
            own.append(quote.score)
        elif added & _quoted_words(state, quote):
            agreeing.append(quote.score)
        else:
            rivals.append(quote.score)
    if not (own := own or agreeing):  # a sentence that several articles have is quoted from one of them
        return -MAX_LEAD
    return min(max(max(own) - max(rivals), -MAX_LEAD), MAX_LEAD) if rivals else MAX_LEAD


def supported_text(sentences: Sequence[Sentence]) -> str:
    """Return the text of an answer without its unsupported sentences."""
    return " ".join(one.text for one in sentences if one.support != "unsupported")


def _quoted_words(state: AnswerState, quote: Quote) -> set[str]:
    hit = (*state.hits, *state.unused)[quote.n - 1]
    return _words(hit.passage.text[quote.start : quote.end], hit.language)


def _words(text: str, language: str) -> set[str]:
    """Return the stems of the content words, and the numbers."""
    return stems(text, language) if language in LANGUAGES else set(_WORD.findall(text.casefold()))
