from __future__ import annotations

import pytest
from examples import hit

from rag.locales.message import Message
from rag.types import Hit, Sentence
from rag.verification.claims import Judgement, Likeness
from rag.verification.support import QuestionText, SemanticMatch
from rag.verification.support import check as check_all

PORT = hit("The harbour of Kestrel Bay opened again on 3 May after works that cost 42 million crowns.")
BANK = hit("The bank closed four branches.", title="Bank")


def check(
    found: list[Sentence], hits: list[Hit], near: list[list[float]], asked: QuestionText
) -> list[Sentence]:
    return check_all(
        found, hits, [[SemanticMatch(Likeness(value, "")) for value in row] for row in near], asked
    )


def judged(sentence: Sentence, hits: list[Hit], *rows: tuple[float, float, float]) -> Sentence:
    """The check of a sentence; a row for each hit: how near, how likely entailed, how likely contradicted."""
    meant = [SemanticMatch(Likeness(near, ""), Judgement(*judgement)) for near, *judgement in rows]
    return check_all([sentence], hits, [meant], ASKED)[0]


ASKED = QuestionText("What happened at the harbour?", "en")


def test_a_figure_that_the_passage_lacks_is_named() -> None:
    (checked,) = check([Sentence("It opened on 3 May and cost 43 million.", (1,))], [PORT], [[0.9]], ASKED)
    assert (checked.support, checked.citations) == ("partly", (1,))
    assert "“43 million” was not found in the cited passages" in str(checked.reason)
    assert "“3 May” is in passage 1" in str(checked.reason)


def test_a_figure_that_the_passage_has_supports() -> None:
    (checked,) = check([Sentence("The works cost 42 million.", (1,))], [PORT], [[0.9]], ASKED)
    assert (checked.support, checked.added, checked.reason) == ("supported", False, None)


def test_a_sentence_whose_question_takes_for_granted_what_the_passage_negates_is_unsupported() -> None:
    asked = QuestionText("When did the harbour of Kestrel Bay close?", "en")
    passage = hit("The harbour of Kestrel Bay did not close on 3 May, as the mayor had wished.")
    (checked,) = check([Sentence("On 3 May.", (1,))], [passage], [[0.9]], asked)
    assert (checked.support, checked.citations) == ("unsupported", ())
    assert "“not close”" in str(checked.reason)


def test_a_date_of_a_passage_that_speaks_of_something_else_adds_nothing() -> None:
    museum = hit("In February 1854 the museum of Montfleur moved to the old mint.", title="Museum")
    asked = QuestionText("When did Kestrel Bay let the divers in?", "en")
    said = Sentence("Kestrel Bay let the divers in in February 1854.")
    (checked,) = check([said], [PORT, museum], [[0.7, 0.4]], asked)
    assert checked.support == "partly"


def test_a_figure_in_words_and_another_language_supports() -> None:
    asked = QuestionText("Combien les travaux ont-ils coûté ?", "fr")
    (checked,) = check([Sentence("Quarante-deux millions de couronnes.")], [PORT], [[0.6]], asked)
    assert (checked.support, checked.citations, checked.added) == ("supported", (1,), True)


def test_what_all_that_is_new_in_a_sentence_is_nowhere_is_unsupported() -> None:
    asked = QuestionText("When did the harbour of Kestrel Bay open?", "en")
    (checked,) = check([Sentence("Kestrel Bay opened in 1987.", (1,))], [PORT], [[0.9]], asked)
    assert (checked.support, checked.citations) == ("unsupported", ())
    assert "1987" in str(checked.reason)


def test_a_missing_mark_is_added_where_the_match_is_clear_and_not_elsewhere() -> None:
    clear, unclear = check(
        [Sentence("The harbour opened on 3 May."), Sentence("The sea is blue.")],
        [BANK, PORT],
        [[0.1, 0.9], [0.1, 0.2]],
        ASKED,
    )
    assert (clear.citations, clear.added, clear.support) == ((2,), True, "supported")
    assert (unclear.citations, unclear.support) == ((), "unsupported")


def test_a_mark_on_a_passage_that_does_not_say_it_is_taken_away_and_that_is_reported() -> None:
    (checked,) = check([Sentence("The harbour opened on 3 May.", (1,))], [BANK, PORT], [[0.1, 0.9]], ASKED)
    assert (checked.citations, checked.added, checked.support) == ((2,), True, "partly")
    assert "passage 1" in str(checked.reason)


def test_two_passages_that_say_half_each_are_both_cited() -> None:
    sentence = Sentence("The harbour opened on 3 May and the bank closed four branches.")
    (checked,) = check([sentence], [BANK, PORT], [[0.6, 0.7]], ASKED)
    assert (checked.citations, checked.support) == ((1, 2), "supported")


def test_what_the_question_says_is_nothing_that_the_answer_adds() -> None:
    asked = QuestionText("Did Ida Brandt open the harbour in 2019?", "en")
    (checked,) = check([Sentence("Yes, Ida Brandt opened it in 2019.", (1,))], [PORT], [[0.9]], asked)
    assert checked.support != "supported"


def test_what_a_passage_entails_is_supported_however_far_the_embedder_puts_it() -> None:
    checked = judged(Sentence("Ships can moor there again."), [BANK, PORT], (0.1, 0.0, 0.1), (0.2, 0.9, 0.0))
    assert (checked.support, checked.citations, checked.added) == ("supported", (2,), True)


def test_what_a_passage_contradicts_is_unsupported_however_near_and_that_is_reported() -> None:
    checked = judged(
        Sentence("The harbour never opened again.", (1,)), [PORT, BANK], (0.9, 0.0, 0.95), (0, 0, 0)
    )
    assert (checked.support, checked.citations) == ("unsupported", ())
    assert str(checked.reason) == "passage 1 contradicts it"


def test_a_judgement_that_is_not_sure_changes_nothing() -> None:
    sentence = Sentence("The harbour opened on 3 May.", (1,))
    assert judged(sentence, [PORT], (0.9, 0.3, 0.6)).support == "supported"


def test_a_figure_that_the_passage_lacks_is_named_though_it_seems_to_entail_the_sentence() -> None:
    checked = judged(Sentence("It opened on 3 May and cost 43 million.", (1,)), [PORT], (0.9, 0.99, 0.0))
    assert checked.support == "partly"
    assert "43 million" in str(checked.reason)


def test_a_passage_that_another_one_contradicts_still_supports() -> None:
    checked = judged(Sentence("The harbour opened on 3 May."), [BANK, PORT], (0.3, 0.0, 0.9), (0.9, 0.9, 0.0))
    assert (checked.support, checked.citations) == ("supported", (2,))


@pytest.mark.parametrize(
    ("text", "language", "question"),
    [
        ("Deux équ", "fr", "Combien d'équipes le Vietnam a-t-il envoyées ?"),
        ("The Vietnamese delegation", "en", "What did Fomin say about cooperation?"),
        ("Le vice-ministre de la", "fr", "Qu'a dit le vice-ministre ?"),
    ],
)
def test_a_fragment_that_was_cut_off_is_not_judged(text: str, language: str, question: str) -> None:
    army = hit("Deux équipes vietnamiennes. The Vietnamese delegation met the vice-ministre de la Défense.")
    asked = QuestionText(question, language)
    first, last = check([Sentence("42.", (1,)), Sentence(text, (1,))], [army], [[0.9], [0.9]], asked)
    assert last == Sentence(text, (), support="unsupported", reason=Message.of("cut_off"))
    assert first.reason != last.reason


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Kestrel Bay", "Where were the works?"),
        ("On 3 May", "When did the harbour open?"),
        ("42 million crowns", "How much did the works cost?"),
        ("The Kestrel harbour", "Which harbour opened again?"),
    ],
)
def test_a_short_answer_without_an_end_mark_is_judged(text: str, question: str) -> None:
    (checked,) = check([Sentence(text, (1,))], [PORT], [[0.9]], QuestionText(question, "en"))
    assert (checked.support, checked.citations) == ("supported", (1,))


def test_a_name_copied_as_it_stands_is_not_accused() -> None:
    passage = hit("AlexanderVasilyevich Fomin met General Nguyen Tan Cuong in Moscow.")
    text = "AlexanderVasilyevich Fomin met Nguyen Tan Cuong."
    (checked,) = check([Sentence(text, (1,))], [passage], [[0.9]], ASKED)
    assert (checked.support, checked.reason) == ("supported", None)
