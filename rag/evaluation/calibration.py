"""Calibration of a language model: the weight of its log-probabilities in the confidence of answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import cast

from rag.answering.answer_state import AnswerState
from rag.answering.calibrations import Calibrations
from rag.answering.confidence import Confidence, PlattScale, lead_scale
from rag.answering.lead import supported_text
from rag.errors import GenerationError, NothingThere
from rag.evaluation.dataset_index import LIBRARY_FOLDER, folder_or_temporary
from rag.evaluation.examined_library import ExaminedLibrary, Guest
from rag.evaluation.judgement import accepted
from rag.evaluation.logistic import fit_logistic
from rag.evaluation.question_sets import EvalQuestion
from rag.events import Event, Failed, Judged
from rag.llm.generator import Model
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.settings import Settings
from rag.types import Sentence

MIN_ANSWERS = 12
"""Minimum number of answers for a calibration. Not fitted."""


class Preempted(Exception):
    """A question of a calibration was aborted, because the model is needed for something else."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A judged answer; `text` are its supported sentences."""

    text: str
    judged: Judged


class Recorder(Confidence):
    """Records all judgements and confirms no answer, so that a second attempt is always made."""

    def __init__(self, calibrations: Calibrations) -> None:
        super().__init__(calibrations.scale_of)
        self.attempts: list[Attempt] = []

    def judge(self, state: AnswerState, sentences: Sequence[Sentence], model: Model) -> Judged:
        """See Confidence.judge."""
        judged = super().judge(state, sentences, model)
        self.attempts.append(Attempt(supported_text(sentences), judged))
        return judged

    def confirms(self, judged: Judged) -> bool:  # noqa: ARG002
        """See Confidence.confirms."""
        return False


class RecordingLibrary(ExaminedLibrary):
    """A library that confirms no answer and records every attempt."""

    recorder: Recorder

    def _confidence(self) -> Confidence:
        self.recorder = Recorder(self.calibrations)
        return self.recorder

    def attempts(
        self, question: EvalQuestion, model: str, interrupted: Callable[[], bool] = lambda: False
    ) -> list[Attempt]:
        """Ask a question; returns the attempts that passages support.

        Raises GenerationError, and Preempted once `interrupted` returns True.
        """
        self.recorder.attempts = []
        events = self.ask(question.text, question.history, model)
        _finish(cast("Generator[Event, None, None]", events), interrupted)
        return self.recorder.attempts


class RecordingGuest(Guest, RecordingLibrary):
    """A recording library that shares the models of an open one."""


@contextmanager
def recording_library(settings: Settings) -> Iterator[RecordingLibrary]:
    """Open a recording library in a temporary folder. Raises what `Library.open` raises."""
    with folder_or_temporary(None) as folder:
        data = settings.in_folder(folder / LIBRARY_FOLDER)
        with closing(RecordingLibrary.open(data)) as library:
            yield library


def tuning_half(questions: Sequence[EvalQuestion]) -> list[EvalQuestion]:
    """Return every second question. The others are sealed: they are reported on, never fitted on."""
    return list(questions[::2])


class Calibration:
    """A calibration of one model in progress; `remaining` are the questions not asked yet."""

    def __init__(self, model: Model, questions: Sequence[EvalQuestion]) -> None:
        self.model, self.remaining = model, list(questions)
        self._rows: list[tuple[float, float, bool]] = []

    def ask_next(self, library: RecordingLibrary, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Ask the next question. Raises GenerationError, and Preempted, after which it can be asked again."""
        question = self.remaining[0]
        for attempt in library.attempts(question, self.model.name, interrupted):
            if attempt.judged.log_prob is not None:
                right = question.answerable and accepted(attempt.text, question.accept)
                self._rows.append((attempt.judged.lead, attempt.judged.log_prob, right))
        del self.remaining[0]

    def fitted(self) -> tuple[PlattScale, int]:
        """Fit the scale; returns it with the number of answers it was fitted on.

        Raises NothingThere if fewer than MIN_ANSWERS answers have log-probabilities.
        """
        if len(self._rows) < MIN_ANSWERS:
            raise NothingThere("too_few_answers", name=self.model.name, n=len(self._rows))
        return fit_model_scale(self._rows), len(self._rows)


def calibrate(
    questions: Sequence[EvalQuestion],
    library: RecordingLibrary,
    model: Model,
    on_progress: OnProgress = ignore,
) -> tuple[PlattScale, int]:
    """Ask every question and fit the model's scale. Raises what Calibration raises."""
    calibration = Calibration(model, questions)
    while calibration.remaining:
        calibration.ask_next(library)
        done = len(questions) - len(calibration.remaining)
        on_progress(Progress(Message.of("asking_questions"), done, len(questions)))
    return calibration.fitted()


def fit_model_scale(
    rows: Sequence[tuple[float, float, bool]], of_lead: PlattScale | None = None
) -> PlattScale:
    """Fit a model's scale on the lead, mean log-probability and correctness of answers.

    The weight is 0 if answers of higher log-probability are not more often right: 34 answers of a 0.5B
    model gave a negative weight.
    """
    leads, log_probs, right = zip(*rows, strict=True)
    offset = [(of_lead or lead_scale()).logit(one) for one in leads]
    scale = fit_scale(log_probs, right, offset)
    return scale if scale.weight > 0 else fit_scale([0.0] * len(rows), right, offset)


def fit_scale(
    signals: Sequence[float], right: Sequence[bool], offset: Sequence[float] | float = 0.0
) -> PlattScale:
    """Fit the scale of one signal; `offset` is the known part of each answer's logit."""
    weight, intercept = fit_logistic([[one] for one in signals], right, offset=offset)
    return PlattScale(round(float(weight), 3), round(float(intercept), 3))


def _finish(events: Generator[Event, None, None], interrupted: Callable[[], bool]) -> None:
    with closing(events):
        for event in events:
            if isinstance(event, Failed):
                raise GenerationError(event.message)
            if interrupted():
                raise Preempted
