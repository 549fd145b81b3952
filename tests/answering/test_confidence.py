"""The probability that an answer is right: what raises it, where it is kept, and what it decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from answering_examples import QUESTION, answering, confidence
from examples import hit

from rag.answering.answer_state import AnswerState
from rag.answering.budget import Budget
from rag.answering.calibrations import FILE_NAME, Calibrations
from rag.answering.confidence import Confidence, PlattScale
from rag.answering.context import Excerpt, RankedHit, ScoredSentence
from rag.answering.query import Query, Request
from rag.conversations.exchange import Exchange, from_json, to_json
from rag.errors import NotPermitted
from rag.events import Answered, Event, Judged, Unconfirmed
from rag.llm.generator import Done
from rag.service import json_output
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Hit, Sentence

MODEL = Scripted().model
SAID = "The works cost 42 million crowns."
RIGHT = hit(SAID, title="Harbour")
SAME = hit("They paid 42 million crowns for the works.", title="Again")
OTHER = hit("A new library cost less.", title="Library")


def state(scores: dict[str, tuple[Hit, float]], log_probs: tuple[float, ...] = ()) -> AnswerState:
    """An answer to QUESTION whose passages have one quotation each, of these scores."""
    made = AnswerState(Request(QUESTION, "en", "scripted"), Query(QUESTION, "en", QUESTION), BUDGET)
    ranked = [
        RankedHit(one, (ScoredSentence(0, len(one.passage.text), score),)) for one, score in scores.values()
    ]
    made.select([Excerpt(one.hit, one.hit.passage.text) for one in ranked], ranked)
    made.log_probs = log_probs
    return made


BUDGET = Budget(passages=3, prompt_tokens=200, answer_tokens=100)
SUPPORTED = [Sentence(SAID, (1,), "supported")]


def judged(
    scores: dict[str, tuple[Hit, float]], *log_probs: float, scale: PlattScale | None = None
) -> Judged:
    return Confidence(lambda _: scale).judge(state(scores, log_probs), SUPPORTED, MODEL)


def test_an_answer_whose_passage_stands_out_is_likelier() -> None:
    near, far = ({"right": (RIGHT, 0.9), "other": (OTHER, score)} for score in (0.8, 0.1))
    assert judged(near).probability < judged(far).probability
    assert judged(far).lead == pytest.approx(0.8)


def test_a_passage_that_says_the_same_is_no_rival() -> None:
    alone = judged({"right": (RIGHT, 0.9), "other": (OTHER, 0.1)})
    confirmed = judged({"right": (RIGHT, 0.9), "same": (SAME, 0.85), "other": (OTHER, 0.1)})
    assert confirmed.probability == alone.probability


def test_a_cited_passage_whose_sentence_is_quoted_from_another_article_stands_out_as_that_does() -> None:
    """A sentence that several articles have is quoted once."""
    copy = hit(SAID, title="Reprint")
    passages = state({"reprint": (copy, 0.9), "right": (RIGHT, 0.8), "other": (OTHER, 0.1)})
    assert [quote.n for quote in passages.quotes] == [1, 3]
    cited = [Sentence(SAID, (2,), "supported")]
    assert Confidence(lambda _: None).judge(passages, cited, MODEL).lead == pytest.approx(0.8)


def test_an_answer_whose_passages_have_no_quotation_is_unlikely() -> None:
    passages = state({"right": (hit(" "), 0.9), "other": (OTHER, 0.1)})
    judged = Confidence(lambda _: None).judge(passages, SUPPORTED, MODEL)
    assert judged.lead == -1
    assert judged.probability < 0.1


def test_what_only_the_unsupported_sentences_say_makes_no_passage_agree() -> None:
    invented = [*SUPPORTED, Sentence("A library was built.", (), "unsupported")]
    passages = state({"right": (RIGHT, 0.9), "other": (OTHER, 0.8)})
    assert Confidence(lambda _: None).judge(passages, invented, MODEL).lead == pytest.approx(0.1)


def test_a_calibrated_model_is_judged_by_how_sure_it_is_and_no_other() -> None:
    passages = {"right": (RIGHT, 0.9), "other": (OTHER, 0.5)}
    scale = PlattScale(weight=2.0, intercept=0.5)
    assert judged(passages, -2.0, scale=scale).probability < judged(passages, -0.1, scale=scale).probability
    assert judged(passages, -2.0).probability == judged(passages, -0.1).probability
    assert judged(passages, scale=scale).probability == judged(passages).probability


@pytest.fixture
def ask(indexed: Store, embedder: HashEmbedder):
    def run(*log_probs: float) -> list[Event]:
        said = Scripted(f"{SAID} [1]", Done(prompt_tokens=9, logprobs=log_probs))
        request = Request(QUESTION, "en", "scripted")
        return list(answering(indexed, embedder, said, judge=confidence()).answer(request))

    return run


def test_an_unlikely_answer_is_shown_as_not_confirmed_with_the_reason(ask) -> None:
    end = ask(-3.0)[-1]
    assert isinstance(end, Unconfirmed)
    assert [str(one.reason) for one in end.answer.sentences] == ["it is not likely enough to be right"]


def test_the_probability_is_told_stored_and_printed(ask) -> None:
    *events, end = ask(-0.1)
    (told,) = [event.probability for event in events if isinstance(event, Judged)]
    assert isinstance(end, Answered) and end.answer.confidence == told > 0.9
    exchange = from_json(to_json(Exchange(id="e", question=QUESTION, model="scripted").after(end)))
    assert exchange.confidence == told
    assert json_output.answer(end.answer)["confidence"] == round(told, 3)


def test_a_calibration_is_kept_for_this_version_of_the_model(tmp_path: Path) -> None:
    scale, kept = PlattScale(1.5, 0.2), Calibrations(tmp_path)
    kept.store(MODEL, scale, 30)
    kept.store(replace(MODEL, name="other", size=2), PlattScale(9.0, 9.0), 30)
    assert Calibrations(tmp_path).scale_of(MODEL) == scale
    assert kept.scale_of(replace(MODEL, size=MODEL.size + 1)) is None
    assert kept.scale_of(replace(MODEL, name="unknown")) is None


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"scripted": 1}', '{"scripted": {"version": "1"}}'])
def test_a_damaged_file_of_calibrations_is_as_none(tmp_path: Path, damaged: str) -> None:
    (tmp_path / FILE_NAME).write_text(damaged)
    kept = Calibrations(tmp_path)
    assert kept.scale_of(MODEL) is None
    kept.store(MODEL, PlattScale(1.0, 0.0), 30)
    assert kept.scale_of(MODEL) == PlattScale(1.0, 0.0)


def test_a_calibration_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotPermitted, match="cannot be written"):
        Calibrations(tmp_path / "missing").store(MODEL, PlattScale(1.0, 0.0), 30)
