"""The sentences of a draft, each with its language, and whether it states anything that can be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text.back_references import REFERS_BACK
from rag.text.language import ANSWER_LANGUAGES, count_words, detect
from rag.text.list_marks import LIST_MARK
from rag.text.sentences import sentences
from rag.verification.analysed_text import AnalysedText

MIN_WORDS_OF_OWN_LANGUAGE = 5
"""Minimum number of words (in Chinese, characters) of a sentence whose language is detected; a shorter one
has the draft's language. Not fitted."""
MIN_WORDS = 3
"""Minimum number of words of a sentence that is looked up; shorter ones are headings or datelines. Not
fitted."""
_MARK = re.compile(rf"(?:[#>*]+\s*)?(?:{LIST_MARK.pattern})?")
"""The marks of Markdown (a heading, a quotation, bold type) and of a list item."""
_ASKS = ("?", "？")
_CLOSERS = "\"'”’»」』)）"
_ENDED = re.compile(r"[.!…。！；;:：,，]\W*$")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence, `draft[start:end] == text`.

    `sought` is the text to search for: it includes the sentence before if this one refers back to it.
    `heading`: it fills a line without ending punctuation, in a draft of several lines.
    """

    start: int
    end: int
    text: str
    language: str
    sought: str
    heading: bool = False

    @property
    def checkable(self) -> bool:
        """Whether it states a figure, date or name."""
        if self.heading or count_words(self.text) < MIN_WORDS or self.text.rstrip(_CLOSERS).endswith(_ASKS):
            return False
        read = AnalysedText(self.text, self.language)
        named = any(name.sure and not name.opening for name in read.names)
        return named or any(not one.doubtful for one in read.figures)


def draft_sentences(draft: str) -> list[DraftSentence]:
    """Return the sentences of a draft, in order, without list marks."""
    return list(_sentences(draft))


def _sentences(draft: str) -> Iterator[DraftSentence]:
    own, before = detect(draft, among=ANSWER_LANGUAGES), ""
    for whole, end in sentences(draft, own):
        mark = _MARK.match(draft, whole, end)
        start = mark.end() if mark and mark.end() < end else whole
        text = draft[start:end]
        long = count_words(text) >= MIN_WORDS_OF_OWN_LANGUAGE
        language = detect(text, among=ANSWER_LANGUAGES) if long else own
        sought = f"{before} {text}" if before and REFERS_BACK.match(text) else text
        heading = not _ENDED.search(text) and start == whole and "\n" in draft.strip()
        yield DraftSentence(start, end, text, language, sought, heading and _is_line(draft, start, end))
        before = text


def _is_line(draft: str, start: int, end: int) -> bool:
    """Tell whether a sentence fills its line."""
    return not draft[:start].rpartition("\n")[2].strip() and not draft[end:].partition("\n")[0].strip()
