"""Fragments: last sentences of an answer that was cut off."""

from __future__ import annotations

import re

from rag.text.language import count_words
from rag.verification.analysed_text import AnalysedText
from rag.verification.expected import expected

_MAX_FRAGMENT_WORDS = 5
"""Maximum number of words (in Chinese, of characters) of a last sentence that is a fragment. Not fitted."""
_MAX_FRAGMENT_NUMBER = 3
"""Largest number that does not count as a claim of a fragment: "Deux équ". Not fitted."""
_END_MARKS = tuple('.:!?…。：！？"”’»)]』」')
_ARTICLE = re.compile(r"(?:the|les?|la)\s|l['’]", re.IGNORECASE)
"""Opens a noun phrase such as "The Vietnamese delegation", which is a fragment."""


def is_fragment(claims: AnalysedText, question: AnalysedText) -> bool:
    """Tell whether a text is a fragment that states nothing.

    It has no end mark, few words, and no claims; or it is a noun phrase whose only claim is a name ("The
    Vietnamese delegation"), its noun is not of the question, and the question does not ask for a person.
    """
    if claims.text.rstrip().endswith(_END_MARKS) or count_words(claims.text) > _MAX_FRAGMENT_WORDS:
        return False
    figures = [one for one in claims.figures if not one.doubtful]
    if any(one.kind != "number" or max(one.values) > _MAX_FRAGMENT_NUMBER for one in figures):
        return False
    if not claims.names:
        return True
    named = [(one.start, one.end) for one in claims.names]
    others = [w for w in claims.words if not any(start <= w.start < end for start, end in named)]
    known = {word.stem for word in question.words}
    opened = (
        _ARTICLE.match(claims.text) is not None and expected(question.text, question.language) != "person"
    )
    return opened and len(others) == 1 and others[0].start > named[-1][1] and others[0].stem not in known
