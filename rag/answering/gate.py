"""The decision whether an answer is confirmed, before generation and after verification."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.answer_state import AnswerState
from rag.answering.question_entities import QuestionEntities
from rag.answering.refusals import denies, echoes
from rag.text.scripts import HAN
from rag.types import Hit, Sentence

MIN_COSINE, MIN_KEYWORD_SHARE = 0.2, 0.5
"""Mean-centred cosine, and share of the question's words, either of which makes a passage relevant. Not
fitted."""


_LATIN, _CYRILLIC = "A-Za-zÀ-ɏḀ-ỿ", "Ѐ-ӿ"
_OTHER_THAN_LATIN = re.compile(f"[{HAN}{_CYRILLIC}]")
FOREIGN_LETTERS = {
    **dict.fromkeys(("en", "fr", "vi"), _OTHER_THAN_LATIN),
    "ru": re.compile(f"[{HAN}]|(?<=[{_CYRILLIC}])[{_LATIN}]|[{_LATIN}](?=[{_CYRILLIC}])"),
    "zh": re.compile(f"[{_CYRILLIC}]"),
}
"""Letters that an answer in a language has only where words were left untranslated."""
_QUOTED_SENTENCE = re.compile(r"[“«「][^”»」]{25,}[”»」]|[“「][^”」]{12,}[。！？][”」]")


class AnswerGate:
    """Rejects questions without relevant passages, and answers that the passages do not support."""

    def __init__(self, entities: QuestionEntities) -> None:
        self._entities = entities

    def is_near(self, state: AnswerState) -> bool:
        """Tell whether a selected passage is relevant to the question, or its article has a name of it."""
        return any(map(_is_relevant, state.hits)) or self._entities.has_telling_name(
            state.query.for_entities, state.language, state.hits
        )

    def knows_entities(self, state: AnswerState, found: Sequence[Hit]) -> bool:
        """Tell whether the articles of the hits found contain each name and date of the question.

        Those of the selected hits usually do; then the others are not read.
        """
        return not all(self._is_missing_entity(state, hits) for hits in (state.hits, found))

    def is_supported(self, state: AnswerState, sentences: Sequence[Sentence]) -> bool:
        """Tell whether cited articles have the question's names and dates, and the answer says something."""
        numbers = sorted({n for sentence in sentences for n in sentence.citations})
        cited = [state.hits[n - 1] for n in numbers]
        said = bool(cited) and not _says_nothing(state) and not _has_foreign_script(state)
        return said and not self._is_missing_entity(state, cited)

    def _is_missing_entity(self, state: AnswerState, hits: Sequence[Hit]) -> bool:
        return bool(self._entities.absent(state.query.for_entities, state.language, hits))


def _is_relevant(hit: Hit) -> bool:
    return hit.near >= MIN_COSINE or hit.words >= MIN_KEYWORD_SHARE


def _has_foreign_script(state: AnswerState) -> bool:
    """Tell whether a word of the answer is in a script that neither its language nor the question uses.

    Small models leave words of the passage untranslated. A quoted sentence may be in any script.
    """
    text = _QUOTED_SENTENCE.sub(" ", state.text)
    foreign = FOREIGN_LETTERS.get(state.answer_language)
    return bool(foreign and set(foreign.findall(text)) - set(state.query.original))


def _says_nothing(state: AnswerState) -> bool:
    """Tell whether the answer states that there is none, or only repeats the question."""
    question = state.query.for_verification
    return denies(state.text, state.answer_language) or echoes(state.text, question, state.answer_language)
