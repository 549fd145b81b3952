"""Mean-centre embeddings per language.

Multilingual embeddings encode the language of a text more strongly than its subject, so that a question
retrieves passages of its own language only. The mean vectors of the same sentences in several languages
(`parallel_sentences.json`) differ by the language alone; subtracting them makes passages of all languages
comparable. The means depend on the model, not on the articles, so a library's first article in a language is
centred like all later ones (docs/benchmarks.md, "Mean centring").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.embedding.base import Embedder
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore

Vector = NDArray[np.float32]


def unit(vectors: Vector) -> Vector:
    """Scale vectors, shape (n, d) or (d,), to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """Mean vectors, shape (d,), of the parallel sentences by language, embedded as passages and as questions.

    The key "" holds the mean of all measured languages, which is used for every other language.
    """

    passages: Mapping[str, Vector]
    questions: Mapping[str, Vector]

    def passage(self, language: str) -> Vector:
        """Return the mean of a language's passages, shape (d,)."""
        return self.passages.get(language, self.passages[""])

    def question(self, language: str) -> Vector:
        """Return the mean of a language's questions, shape (d,)."""
        return self.questions.get(language, self.questions[""])

    def centre_question(self, vector: Vector, language: str) -> Vector:
        """Centre a question's vector, shape (d,), and scale it to length 1."""
        return unit(vector - self.question(language))

    def centre_passages(self, vectors: Vector, languages: Iterable[str]) -> Vector:
        """Centre passages' vectors, shape (n, d) with n > 0, and scale them to length 1."""
        return unit(vectors - np.stack([self.passage(language) for language in languages]))


def parallel_sentences() -> bytes:
    """Return the parallel sentences: JSON with lists of statements and questions, each by language."""
    return files("rag.embedding").joinpath("parallel_sentences.json").read_bytes()


def measure_language_means(embedder: Embedder, on_progress: OnProgress = ignore) -> LanguageMeans:
    """Embed about 700 parallel sentences and average them; this takes seconds with the bundled model."""
    parallel = json.loads(parallel_sentences())
    languages = list(parallel["statements"][0])
    passages, questions = dict[str, Vector](), dict[str, Vector]()
    for n, language in enumerate(languages):
        on_progress(Progress(Message.of("measuring"), n, len(languages)))
        passages[language] = embedder.embed_passages([s[language] for s in parallel["statements"]]).mean(
            axis=0
        )
        vectors = [embedder.embed_query(q[language]) for q in parallel["questions"]]
        questions[language] = np.mean(vectors, axis=0)
    on_progress(Progress(Message.of("measuring"), len(languages), len(languages)))
    return LanguageMeans(_with_mean(passages), _with_mean(questions))


def _with_mean(vectors: dict[str, Vector]) -> dict[str, Vector]:
    return {**vectors, "": np.mean(list(vectors.values()), axis=0)}
