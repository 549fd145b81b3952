"""Calibration of a model after its first use, while nobody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.confidence import Confidence
from rag.errors import GenerationError
from rag.evaluation.question_sets import SAMPLE, read_questions
from rag.library import Library
from rag.llm.generator import ChatMessage, Done, Generator, Model, Piece, Text
from rag.service.model_calibration import ModelCalibration
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted

pytestmark = pytest.mark.slow  # opens libraries
QUESTION = "How many border markers stand between Vietnam and Laos?"
MODEL = Model(name="new", runtime="embedded", size=7)


class Copying(Scripted):
    """A model that copies the passages of its prompt, and tells how sure it is."""

    def __init__(self, log_probs: Sequence[float] = (-0.2,)) -> None:
        super().__init__()
        self.prompts: list[str] = []
        self.log_probs = tuple(log_probs)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        self.prompts.append(messages[-1].content)
        yield Text(max(self.prompts[-1].split("\n"), key=len))
        yield Done(prompt_tokens=9, logprobs=self.log_probs)


class OneModel:
    def __init__(self, generator: Generator) -> None:
        self._generator, self.listed = generator, 0

    def list(self) -> list[Model]:
        self.listed += 1
        return [MODEL]

    def find(self, _name: str) -> Model:
        return MODEL

    def generator(self, _name: str) -> Generator:
        return self._generator

    def digest(self, _name: str) -> str:
        return ""

    def close(self) -> None:
        pass


class Judging(Library):
    """A library that judges answers, whatever its embedder."""

    def _confidence(self) -> Confidence:
        return Confidence(self.calibrations.scale_of)


@pytest.fixture
def opened(tmp_path: Path, embedder: HashEmbedder):
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models")
    settings.models.mkdir()
    libraries: list[Library] = []

    def run(generator: Generator) -> Library:
        models = OneModel(generator)
        libraries.append(Judging(settings, Store(settings.data, embedder), embedder, models))  # type: ignore[arg-type]
        libraries[-1].index_sample()
        return libraries[-1]

    yield run
    for library in libraries:
        library.close()


def calibration_of(
    library: Library, stopped: Callable[[], bool] = lambda: False, idle_s: float = 0.0
) -> ModelCalibration:
    return ModelCalibration(library, stopped, idle_s, read_questions([SAMPLE])[:32])


def go_on(library: Library, idle_s: float = 0.0) -> None:
    calibration_of(library, idle_s=idle_s).run()


def test_a_model_is_calibrated_after_its_first_use_and_once(opened) -> None:
    model = Copying()
    library = opened(model)
    go_on(library)
    assert not model.prompts, "no model was used yet"
    list(library.ask(QUESTION, model="new"))
    go_on(library)
    assert library.calibrations.scale_of(MODEL)
    asked = len(model.prompts)
    go_on(library)
    assert len(model.prompts) == asked


def test_a_question_interrupts_and_the_calibration_goes_on_afterwards(opened) -> None:
    model = Copying()
    library = opened(model)
    list(library.ask(QUESTION, model="new"))
    first = len(model.prompts)
    calibration = calibration_of(library, lambda: len(model.prompts) == first + 6)
    calibration.run()
    assert len(model.prompts) == first + 6, "given up at once"
    assert not library.calibrations.scale_of(MODEL)
    model.prompts.append("")
    calibration.run()
    assert library.calibrations.scale_of(MODEL)
    assert len(set(model.prompts)) > len(model.prompts) - 5, "few questions are asked twice"


def test_nothing_begins_while_people_ask(opened) -> None:
    model = Copying()
    library = opened(model)
    list(library.ask(QUESTION, model="new"))
    asked = len(model.prompts)
    go_on(library, idle_s=60.0)
    assert len(model.prompts) == asked


def test_a_model_without_log_probabilities_is_tried_once(opened) -> None:
    model = Copying(log_probs=())
    library = opened(model)
    list(library.ask(QUESTION, model="new"))
    go_on(library)
    asked = len(model.prompts)
    go_on(library)
    assert len(model.prompts) == asked
    assert library.calibrations.scale_of(MODEL) is None


def test_a_model_that_fails_is_not_tried_again_by_this_process(opened) -> None:
    class Failing(Copying):
        def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
            raise GenerationError("It broke off.")

    library = opened(Failing())
    list(library.ask(QUESTION, model="new"))
    calibration = calibration_of(library)
    with pytest.raises(GenerationError, match="It broke off"):
        calibration.run()
    calibration.run()


def test_a_model_that_may_be_paid_for_by_request_is_only_asked_by_people(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = replace(MODEL, runtime="openai", server="gpu-box:8000", remote=True)
    monkeypatch.setattr(OneModel, "list", lambda self: [far])
    model = Copying()
    library = opened(model)
    list(library.ask(QUESTION, model="new"))
    asked = len(model.prompts)
    go_on(library)
    assert len(model.prompts) == asked


def test_models_are_not_listed_where_nothing_is_left_to_do(opened) -> None:
    library = opened(Copying())
    models = library._models
    calibration = calibration_of(library)
    calibration.run()
    assert models.listed == 0, "no model was used yet"
    list(library.ask(QUESTION, model="new"))
    calibration.run()
    calibration.run()
    listed = models.listed
    calibration.run()
    assert models.listed == listed, "it is calibrated"
