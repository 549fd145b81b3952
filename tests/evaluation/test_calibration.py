"""How far a model's certainty counts: fitted on the answers that it gives to questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.errors import GenerationError, Interrupted, NothingThere
from rag.evaluation.calibration import MIN_ANSWERS, RecordingLibrary, calibrate, tuning_half
from rag.evaluation.logistic import fit_logistic, wilson
from rag.evaluation.question_sets import EvalQuestion
from rag.llm.generator import ChatMessage, Done, Generator, Model, Piece, Text
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted

pytestmark = pytest.mark.slow  # opens a library of its own in most tests

COST = "What did the works in the harbour of Kestrel Bay cost?"
SHIPS = "How many ships does the harbour master expect in Kestrel Bay every week?"
MODEL = Model(name="small", runtime="embedded", size=1)


class HalfRight(Scripted):
    """Gives the cost to every question: surely where it was asked for, unsurely where not."""

    def __init__(self, sure: Sequence[float] = (-0.1,), unsure: Sequence[float] = (-1.5,)) -> None:
        super().__init__()
        self.sure, self.unsure = sure, unsure

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        yield Text("The works cost 42 million crowns.")
        log_probs = self.sure if COST in messages[-1].content else self.unsure
        yield Done(prompt_tokens=9, logprobs=tuple(log_probs))


class OneModel:
    """Models that has one."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def generator(self, name: str) -> Generator:
        return self._generator

    def digest(self, name: str) -> str:
        return ""

    def close(self) -> None:
        pass


@pytest.fixture
def fit(tmp_path: Path, articles: Path, embedder: HashEmbedder):
    """Calibrate a model on questions about the three articles."""
    settings = Settings(data=tmp_path / "data", models=tmp_path)

    def run(generator: Generator, count: int = MIN_ANSWERS):
        asked = [question(COST, "42") if n % 2 else question(SHIPS, "forty") for n in range(count)]
        with RecordingLibrary(
            settings, Store(settings.data, embedder), embedder, OneModel(generator)
        ) as library:
            library.ingest([articles])
            return calibrate(asked, library, MODEL)

    return run


def question(text: str, expected: str) -> EvalQuestion:
    return EvalQuestion(
        **{"id": text, "text": text, "language": "en", "kind": "same", "where": "", "history": ()},
        articles=("harbour.txt",),
        accept=((expected,),),
    )


def test_a_model_that_is_surer_of_right_answers_gets_a_scale_that_heeds_it(fit) -> None:
    scale, answers = fit(HalfRight())
    assert answers >= MIN_ANSWERS, "each attempt counts, though none is confirmed"
    assert scale.weight > 0.5
    assert scale.logit(-0.1) > scale.logit(-1.5)


def test_a_model_that_is_as_sure_of_wrong_answers_gets_a_scale_that_ignores_it(fit) -> None:
    scale, _ = fit(HalfRight(unsure=(-0.1,)))
    assert abs(scale.weight * 1.4) < 0.5


def test_a_model_that_is_surer_of_wrong_answers_gets_a_scale_that_ignores_it(fit) -> None:
    scale, _ = fit(HalfRight(sure=(-1.5,), unsure=(-0.1,)))
    assert scale.weight == 0
    assert scale.logit(-2.0) == scale.logit(-0.1)


def test_too_few_answers_or_no_log_probabilities_are_reported(fit) -> None:
    with pytest.raises(NothingThere, match=r"small gave 0 answers .* too few"):
        fit(HalfRight(sure=(), unsure=()))
    with pytest.raises(NothingThere, match="too few"):
        fit(HalfRight(), count=2)


def test_a_model_that_fails_is_reported(fit) -> None:
    with pytest.raises(GenerationError, match="It broke off"):
        fit(Scripted(Interrupted("It broke off.")))


def test_a_half_is_every_second_question_and_the_other_is_kept_apart() -> None:
    asked = [question(str(n), "42") for n in range(5)]
    assert [one.id for one in tuning_half(asked)] == ["0", "2", "4"]


def test_a_logistic_regression_finds_the_weights_that_made_its_labels() -> None:
    random = np.random.default_rng(3)
    x, known = random.normal(size=(4000, 2)), random.normal(size=4000)
    y = random.random(4000) < 1 / (1 + np.exp(-(x @ [1.5, -0.5] + 0.3 + known)))
    np.testing.assert_allclose(fit_logistic(x, y, offset=known), [1.5, -0.5, 0.3], atol=0.15)


def test_an_interval_is_as_wilson_gives_it() -> None:
    assert wilson(17, 24) == pytest.approx((0.508, 0.851), abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == pytest.approx(1.0)
