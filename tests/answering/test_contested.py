"""Values of a list in another language: each may be the one that is asked for."""

from __future__ import annotations

import pytest
from examples import hit

from rag.answering.answer_state import AnswerState
from rag.answering.budget import Budget
from rag.answering.contested import is_contested
from rag.answering.context import Excerpt, RankedHit, ScoredSentence, ScoredToken
from rag.answering.query import Query, Request
from rag.types import Sentence

LIST = "• 2011 год — подаёт заявку на вступление.\n• 2025 год — страну принимают одиннадцатым членом."


def contested(text: str, language: str, logits: tuple[float, float], answer: str) -> bool:
    one = hit(text, language=language)
    tokens = tuple(
        ScoredToken(text.index(year), text.index(year) + 4, logit)
        for year, logit in zip(("2011", "2025"), logits, strict=True)
    )
    read = [RankedHit(one, (ScoredSentence(0, len(text), 1.0, tokens),))]
    question = "Khi nào Đông Timor gia nhập ASEAN?"
    state = AnswerState(
        Request(question, "vi", "m"),
        Query(question, "vi", question),
        Budget(passages=4, prompt_tokens=180, answer_tokens=9),
    )
    state.select([Excerpt(one, text)], read)
    return is_contested(state, [Sentence(answer, (1,), "supported")])


@pytest.mark.parametrize(
    ("logits", "answer", "expected"),
    [
        ((3.2, 2.5), "Đông Timor gia nhập ASEAN năm 2011.", True),
        ((2.5, 3.2), "Đông Timor gia nhập ASEAN năm 2011.", True),
        ((1.0, 3.2), "Đông Timor gia nhập ASEAN năm 2025.", False),
        ((3.2, 2.5), "Đông Timor đã gia nhập ASEAN.", False),
    ],
)
def test_a_date_is_contested_where_another_of_the_list_fits_about_as_well(
    logits: tuple[float, float], answer: str, expected: bool
) -> None:
    assert contested(LIST, "ru", logits, answer) is expected


def test_within_one_language_the_clauses_decide() -> None:
    text = "• 2011: Đông Timor nộp đơn.\n• 2025: Đông Timor gia nhập."
    assert not contested(text, "vi", (3.2, 2.5), "Đông Timor gia nhập ASEAN năm 2011.")
