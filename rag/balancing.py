"""How far an embedding model moves a text by the language that it is in.

In a mixed index a question in one language does not see the others: a vector holds its text's
language beside its subject, and the language weighs more. `parallel.json` says the same in several
languages, so what their mean vectors differ by is the language alone. Taking it away lets passages of
all languages be compared; it depends on the model only, not on what a library holds, so it is right
for the first article in a language as for the ten-thousandth.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Embedder
from rag.progress import OnProgress, Progress, ignore

Vector = NDArray[np.float32]


def unit(vectors: Vector) -> Vector:
    """Rows (or the one row) of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


@dataclass(frozen=True, slots=True)
class Shifts:
    """The mean vectors, shape (d,), of the same sentences by language: as passages, and as questions.

    A language that was not measured has the mean of those that were, under "".
    """

    passages: Mapping[str, Vector]
    questions: Mapping[str, Vector]

    def passage(self, language: str) -> Vector:
        """What a passage's vector holds of its language."""
        return self.passages.get(language, self.passages[""])

    def question(self, language: str) -> Vector:
        """What a question's vector holds of its language."""
        return self.questions.get(language, self.questions[""])

    def balanced_question(self, vector: Vector, language: str) -> Vector:
        """A question's vector, shape (d,), without its language; of length 1."""
        return unit(vector - self.question(language))

    def balanced_passages(self, vectors: Vector, languages: Iterable[str]) -> Vector:
        """Passages' vectors, shape (n, d) with n > 0, each without its language; of length 1."""
        return unit(vectors - np.stack([self.passage(language) for language in languages]))


def measure(embedder: Embedder, on_progress: OnProgress = ignore) -> Shifts:
    """Embed the parallel sentences: some 700 short texts, seconds with the bundled model."""
    parallel = json.loads(files("rag").joinpath("parallel.json").read_text("utf-8"))
    languages = list(parallel["statements"][0])
    passages, questions = dict[str, Vector](), dict[str, Vector]()
    for n, language in enumerate(languages):
        on_progress(Progress("Measuring what languages do to vectors", n, len(languages)))
        passages[language] = embedder.embed_passages([s[language] for s in parallel["statements"]]).mean(
            axis=0
        )
        asked = [embedder.embed_query(q[language]) for q in parallel["questions"]]
        questions[language] = np.mean(asked, axis=0)
    on_progress(Progress("Measuring what languages do to vectors", len(languages), len(languages)))
    return Shifts(_with_mean(passages), _with_mean(questions))


def _with_mean(vectors: dict[str, Vector]) -> dict[str, Vector]:
    return {**vectors, "": np.mean(list(vectors.values()), axis=0)}
