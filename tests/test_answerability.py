from __future__ import annotations

from collections.abc import Sequence

from examples import Knowing, hit

from rag.answerability import Answerability
from rag.evidence import Found

BORN = hit("Ida Brandt was born in 1961.", title="Life")
PAID = hit("Ida Brandt paid 40 crowns.", title="Money")


class Sharing(Knowing):
    """A passage answers as likely as it has words of the question; "paid" answers what asks for "pay"."""

    def find(
        self, question: str, language: str, passages: Sequence[tuple[str, str]], answer: str = ""
    ) -> list[Found]:
        words = question.strip("?").replace("pay", "paid").split()
        shares = [sum(word in text for word in words) / len(words) for text, _ in passages]
        return [Found(0.01 + 0.98 * share, 0, 0) for share in shares]


def test_of_two_passages_as_near_the_one_that_answers_comes_first() -> None:
    ready = Answerability(Knowing({"born": 0.9, "paid": 0.1}))
    assert ready.weighed(["When was Ida Brandt born?"], "en", [PAID, BORN])[0].hit.passage == BORN.passage


def test_a_passage_that_answers_one_way_of_asking_counts_as_answering() -> None:
    ready = Answerability(Sharing({}))
    asked = "When was Ida Brandt born? In 1961. How much did she pay?"
    assert ready.weighed([asked], "en", [BORN, PAID])[0].hit.passage == BORN.passage
    assert ready.weighed([asked, "pay?"], "en", [BORN, PAID])[0].hit.passage == PAID.passage


def test_nothing_is_reordered_or_doubted_without_evidence() -> None:
    ready = Answerability(None)
    weighed = ready.weighed(["When?"], "en", [PAID, BORN])
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


def test_an_answer_that_was_asked_for_again_is_doubted_sooner() -> None:
    ready, unsure = Answerability(Knowing({"": 0.5})), [-1.9, -1.9, -1.9]
    assert not ready.doubted("When?", "en", [PAID], "In 1950.", unsure)
    assert ready.doubted("When?", "en", [PAID], "In 1950.", unsure, again=True)


def test_an_answer_from_the_questions_own_language_is_doubted_sooner_still() -> None:
    ready, unsure = Answerability(Knowing({"": 0.5})), [-1.7, -1.7, -1.7]
    assert not ready.doubted("When?", "en", [PAID], "In 1950.", unsure, again=True)
    assert ready.doubted("When?", "en", [PAID], "In 1950.", unsure, own=True)
