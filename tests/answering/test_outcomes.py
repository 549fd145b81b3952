"""What is confirmed, what is not, and in which language."""

from __future__ import annotations

import pytest
from answering_examples import QUESTION

from rag.answering.gate import FOREIGN_LETTERS
from rag.events import Unconfirmed
from rag.llm.generator import Done, Thought
from rag.testing import Scripted


def test_a_model_that_only_thought_is_said_to_have_written_nothing(ask) -> None:
    (*_, end) = ask(Scripted(Thought("Let me see.")))
    assert isinstance(end, Unconfirmed)
    assert "wrote no answer" in str(end.answer.warnings[-1])


def test_a_sentence_that_was_cut_off_is_not_judged(ask) -> None:
    cut = Done(prompt_tokens=5, cut=True)
    answer = ask(Scripted("The works cost 42 million crowns [1]. The harbour mas [1]", cut))[-1].answer
    assert [sentence.text for sentence in answer.sentences] == ["The works cost 42 million crowns."]
    assert isinstance(ask(Scripted("The works cost 42 mil [1]", cut))[-1], Unconfirmed)


def test_an_answer_is_in_the_language_that_the_question_names(ask) -> None:
    generator = Scripted("Les travaux ont coûté 42 millions [1].")
    answer = ask(generator, question=f"{QUESTION} Answer in French.")[-1].answer
    assert answer.language == "fr" and answer.question == f"{QUESTION} Answer in French."
    prompt = generator.asked[0][-1].content
    assert "in French" not in prompt and "français" in prompt


def test_a_denial_by_the_model_is_not_shown(ask) -> None:
    (*_, end) = ask(Scripted("The passages do not mention the cost."))
    assert isinstance(end, Unconfirmed) and end.answer.sentences == ()


@pytest.mark.parametrize("left", ["It is named 东盟家庭跑 [1].", "The works cost 42 миллиона crowns [1]."])
def test_an_answer_with_words_left_untranslated_is_not_confirmed(ask, left: str) -> None:
    assert isinstance(ask(Scripted(left))[-1], Unconfirmed)


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("ru", "Корабль Gabriela Silang зовут BRP-83, COVID-19 и IT-компания", False),
        ("ru", "командантom назначен Гаван", True),
        ("ru", "бег 东盟家庭跑", True),
        ("zh", "Fomin 上将与 Росатом", True),
        ("zh", "Fomin 上将", False),
        ("vi", "Đường biên dài 1.449 km", False),
        ("fr", "Ça coûte 42 œufs à Hô Quôc Dung", False),
    ],
)
def test_names_in_latin_letters_are_no_words_left_untranslated(language: str, text: str, left: bool) -> None:
    assert bool(FOREIGN_LETTERS[language].search(text)) is left
