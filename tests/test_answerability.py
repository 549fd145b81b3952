from __future__ import annotations

from collections.abc import Sequence

from examples import hit

from rag.answerability import Answerability
from rag.evidence import Evidence, Found

BORN = hit("Ida Brandt was born in 1961.", title="Life")
PAID = hit("Ida Brandt paid 40 crowns.", title="Money")


class Knowing(Evidence):
    """Evidence of what is known beforehand: a passage answers as likely as its text says here."""

    def __init__(self, chances: dict[str, float]) -> None:
        self._chances = chances

    def score(
        self, question: str, language: str, passages: Sequence[tuple[str, str]], answer: str = ""
    ) -> list[float]:
        return [found.chance for found in self.find(question, language, passages, answer)]

    def find(
        self, question: str, language: str, passages: Sequence[tuple[str, str]], answer: str = ""
    ) -> list[Found]:
        chances = [next(v for word, v in self._chances.items() if word in text) for text, _ in passages]
        return [Found(chance, 0, 0) for chance in chances]


def test_of_two_passages_as_near_the_one_that_answers_comes_first() -> None:
    ready = Answerability(Knowing({"born": 0.9, "paid": 0.1}))
    assert ready.weighed("When was Ida Brandt born?", "en", [PAID, BORN])[0].hit.passage == BORN.passage


def test_nothing_is_reordered_or_doubted_without_evidence() -> None:
    ready = Answerability(None)
    weighed = ready.weighed("When?", "en", [PAID, BORN])
    assert [one.hit for one in weighed] == [PAID, BORN]
    assert [len(one.stretches) for one in weighed] == [1, 1]
    assert not ready.doubted("When?", "en", [PAID], "In 1950.", [-9.0, -9.0])


def test_an_answer_that_neither_passage_nor_engine_is_sure_of_is_doubted() -> None:
    unlikely, likely = Answerability(Knowing({"": 1e-6})), Answerability(Knowing({"": 0.9}))
    unsure, sure = [-2.0, -1.5, -1.0, -0.1], [-0.1, -0.05, -0.01]
    assert unlikely.doubted("When?", "en", [PAID], "In 1950.", unsure)
    assert not likely.doubted("When?", "en", [PAID], "In 1950.", unsure)
    assert likely.doubted("When?", "en", [PAID], "In 1950.", [-4.0, -3.5, -3.0])
    assert not likely.doubted("When?", "en", [PAID], "In 1950.", sure)


def test_an_engine_that_tells_no_chances_is_not_doubted() -> None:
    assert not Answerability(Knowing({"": 1e-6})).doubted("When?", "en", [PAID], "In 1950.", [])
