"""Does a passage entail a sentence, or contradict it? Any CrossEncoder trained to tell, where one is set.

Natural-language inference (Bowman, Angeli, Potts and Manning 2015, arXiv 1508.05326): such a model reads a
premise and a hypothesis together and tells entailment, neutrality and contradiction apart. It costs one run
for every passage that a sentence may rest on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.checking.claims import Judgement
from rag.errors import ModelMissing
from rag.pairs import PairReader
from rag.settings import Settings

_KINDS = ("entail", "contradict", "neutral")
_INSTEAD = (
    "set BYLINE_NLI to a sentence-transformers CrossEncoder with the labels entailment, neutral and"
    " contradiction, by id or folder, or unset it"
)


def load_entailment(settings: Settings) -> Entailment | None:
    """The model that the settings name, None where they name none. Raises ModelMissing."""
    return Entailment(settings.model_source(settings.nli)) if settings.nli else None


class Entailment:
    """Any sentence-transformers CrossEncoder with these three labels; see PairReader.

    Which output means what is read from the model's configuration (`id2label`): models differ in it.
    Raises ModelMissing where the model cannot be loaded, or its labels are others.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._reader = PairReader(name_or_folder, "inference model", _INSTEAD)
        self.name = self._reader.name
        labels = [label.lower() for label in self._reader.labels]
        places = [[n for n, label in enumerate(labels) if label.startswith(k)] for k in _KINDS]
        if sorted(n for found in places for n in found) != [0, 1, 2] or not all(places):
            raise ModelMissing(f"The labels of {self.name} are {', '.join(labels[:5])}: {_INSTEAD}.")
        ((self._entailed,), (self._contradicted,), _) = places

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """Judge each pair of a premise and a hypothesis, in order."""
        rows = map(_softmax, self._reader.logits(pairs))
        return [Judgement(row[self._entailed], row[self._contradicted]) for row in rows]


def _softmax(logits: Sequence[float]) -> list[float]:
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]
