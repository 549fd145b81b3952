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
"""Leads are cut to this on both sides; without a rival it is the lead. 0.5 and 1.5 fit as well."""
_WORD = re.compile(r"\w+")


def lead(state: AnswerState, sentences: Sequence[Sentence]) -> float:
    """The lead of verified sentences, of which at least one cites a passage: -MAX_LEAD to MAX_LEAD.

    A rival is a quotation of a passage that is not cited and has no word or figure of the answer, apart from
    the question's: what says the same is no rival. Where no cited passage has a quotation of its own, those
    that say the same stand for it; -MAX_LEAD where there is none.
    """
    cited = {n for sentence in sentences for n in sentence.citations}
    added = _words(said(sentences), state.answer_language) - _words(state.query.standalone, state.language)
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


def said(sentences: Sequence[Sentence]) -> str:
    """What an answer says where it is confirmed: its sentences without the unsupported ones."""
    return " ".join(one.text for one in sentences if one.support != "unsupported")


def _quoted_words(state: AnswerState, quote: Quote) -> set[str]:
    hit = (*state.hits, *state.unused)[quote.n - 1]
    return _words(hit.passage.text[quote.start : quote.end], hit.language)


def _words(text: str, language: str) -> set[str]:
    """The stems of the content words, and the numbers."""
    return stems(text, language) if language in LANGUAGES else set(_WORD.findall(text.casefold()))
