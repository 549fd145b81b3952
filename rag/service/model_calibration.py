"""Calibrate the confidence of a language model that is new on this machine, while the application is idle.

The model answers bundled questions about the sample library, one at a time. A user's question interrupts the
calibration, which is resumed later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from rag.answering.calibrations import version
from rag.errors import GenerationError, NothingThere
from rag.evaluation import folder_library
from rag.evaluation.calibration import Calibration, Preempted, RecordingGuest, tuning_half
from rag.evaluation.examined_library import guest_library
from rag.evaluation.question_sets import SAMPLE, EvalQuestion, read_questions
from rag.library import Library
from rag.llm.generator import Model
from rag.llm.usage import Usage

IDLE_S = 120.0
"""Seconds without a question after which a calibration begins. Not fitted."""
_NEVER = Usage().last
_log = logging.getLogger(__name__)


class ModelCalibration:
    """Calibrates the model that was used last, after `idle_s` seconds without use.

    It stops when `stopped` returns True. A model that fails is tried again only in the next process.
    `questions` are about the sample library, by default the tuning half of the report card's.
    """

    def __init__(
        self,
        library: Library,
        stopped: Callable[[], bool],
        idle_s: float = IDLE_S,
        questions: Sequence[EvalQuestion] = (),
    ) -> None:
        self._library, self._stopped, self._idle_s, self._questions = library, stopped, idle_s, questions
        self._begun: dict[tuple[str, str], Calibration | None] = {}
        self._settled = _NEVER

    def run(self) -> None:
        """Start or resume a calibration that is due; return when it is done or interrupted.

        Raises BylineError if the sample library cannot be read or the calibration cannot be stored.
        """
        if self._is_idle() and self._library.settings.corpus.is_dir() and (due := self._due()):
            with suppress(Preempted), guest_library(self._library, RecordingGuest) as guest:
                folder_library.index(guest, [self._library.settings.corpus], lambda _: self._check_idle())
                self._finish(due, guest)

    def _is_idle(self) -> bool:
        return self._library.usage.idle_s >= self._idle_s and not self._stopped()

    def _check_idle(self) -> None:
        """Raise Preempted if the application is no longer idle."""
        if not self._is_idle():
            raise Preempted

    def _due(self) -> Calibration | None:
        """Return the calibration of the model that was used last; None if none is needed, or it was tried.

        Listing models sends requests to servers, so it is done only if the last use may require
        calibration.
        """
        used = self._library.usage.last
        if used in (self._settled, _NEVER):
            return None
        model = next((one for one in self._library.models() if one.name == used[0]), None)
        if model is None:
            return None
        calibration = self._calibration_of(model)
        if calibration is None:
            self._settled = used
        return calibration

    def _calibration_of(self, model: Model) -> Calibration | None:
        """Return a model's calibration, begun now or before; None if it is not needed, or was tried."""
        if (
            not self._library.confidence
            or self._library.calibrations.is_tried(model)
            or _may_cost_money(model)
        ):
            return None
        key = model.name, version(model)
        if key not in self._begun:
            questions = self._questions or tuning_half(read_questions([SAMPLE]))
            self._begun[key] = Calibration(model, questions)
        return self._begun[key]

    def _finish(self, calibration: Calibration, guest: RecordingGuest) -> None:
        """Ask the remaining questions, then fit and store the calibration. Raises Preempted."""
        model, stored = calibration.model, self._library.calibrations
        try:
            while calibration.remaining:
                calibration.ask_next(guest, lambda: not self._is_idle())
            stored.store(model, *calibration.fitted())
        except NothingThere:
            stored.store_failed(model)
        except GenerationError:
            self._begun[model.name, version(model)] = None
            raise
        _log.info("Calibrated %s", model.name)


def _may_cost_money(model: Model) -> bool:
    """Tell whether requests to a model may cost money, so that it gets only those that people make."""
    return model.runtime == "openai" and model.remote
