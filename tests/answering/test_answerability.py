from __future__ import annotations

from collections.abc import Sequence

from examples import Knowing, hit

from rag.answering.answer_scorer import AnswerScore
from rag.answering.answerability import Answerability

BORN = hit("Ida Brandt was born in 1961.", title="Life")
PAID = hit("Ida Brandt paid 40 crowns.", title="Money")


class Sharing(Knowing):
    """A passage answers as likely as it has words of the question; "paid" answers what asks for "pay"."""

    def find(self, question: str, language: str, passages: Sequence[tuple[str, str]]) -> list[AnswerScore]:
        words = question.strip("?").replace("pay", "paid").split()
        shares = [sum(word in text for word in words) / len(words) for text, _ in passages]
        return [AnswerScore(0.01 + 0.98 * share, 0, 0) for share in shares]


def test_of_two_passages_as_near_the_one_that_answers_comes_first() -> None:
    ready = Answerability(Knowing({"born": 0.9, "paid": 0.1}))
    assert ready.rank(["When was Ida Brandt born?"], "en", [PAID, BORN])[0].hit.passage == BORN.passage


def test_a_passage_that_answers_one_way_of_asking_counts_as_answering() -> None:
    ready = Answerability(Sharing({}))
    asked = "When was Ida Brandt born? In 1961. How much did she pay?"
    assert ready.rank([asked], "en", [BORN, PAID])[0].hit.passage == BORN.passage
    assert ready.rank([asked, "pay?"], "en", [BORN, PAID])[0].hit.passage == PAID.passage


def test_nothing_is_reordered_without_a_scorer() -> None:
    ready = Answerability(None)
    ranked = ready.rank(["When?"], "en", [PAID, BORN])
    assert [one.hit for one in ranked] == [PAID, BORN]
    assert [len(one.sentences) for one in ranked] == [1, 1]
