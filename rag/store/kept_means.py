"""Language means kept beside the models: all libraries of a machine share what one has measured."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from rag.embedding.base import Embedder
from rag.embedding.language_means import LanguageMeans, Vector, measure_language_means, parallel_sentences
from rag.progress import OnProgress, ignore
from rag.store.atomic_write import write_atomically

_FOLDER = "language-means"


def language_means_of(
    embedder: Embedder, models: Path | None, on_progress: OnProgress = ignore
) -> LanguageMeans:
    """Return the means kept in the models folder; measure and keep them if there are none.

    The file is named by a digest of the model's fingerprint and of the sentences. In a folder that cannot be
    written, or without one (None), nothing is kept.
    """
    if models is None:
        return measure_language_means(embedder, on_progress)
    digest = hashlib.sha256(embedder.fingerprint.encode() + parallel_sentences()).hexdigest()
    path = models / _FOLDER / f"{digest[:32]}.npz"
    means = _read(path, embedder.dimension)
    if means is None:
        means = measure_language_means(embedder, on_progress)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, _encode(means), mode=0o644)
    return means


def _read(path: Path, dimension: int) -> LanguageMeans | None:
    """Read a file of means; None if there is none, or if it is damaged."""
    try:
        with np.load(path) as file:
            kinds, languages, vectors = file["kinds"], file["languages"], file["vectors"]
    except (OSError, ValueError, EOFError, KeyError, BadZipFile):
        return None
    if vectors.shape != (len(kinds), dimension) or vectors.dtype != np.float32:
        return None
    means: dict[str, dict[str, Vector]] = {"passage": {}, "question": {}}
    for kind, language, vector in zip(kinds.tolist(), languages.tolist(), vectors, strict=True):
        means[kind][language] = vector
    return LanguageMeans(means["passage"], means["question"])


def _encode(means: LanguageMeans) -> bytes:
    """Encode vectors, shape (n, d), and the kind and language of each."""
    of_kind = {"passage": means.passages, "question": means.questions}
    rows = [(kind, language, v) for kind, of in of_kind.items() for language, v in of.items()]
    kinds, languages, vectors = zip(*rows, strict=True)
    buffer = io.BytesIO()
    np.savez(buffer, kinds=kinds, languages=languages, vectors=np.stack(vectors).astype(np.float32))
    return buffer.getvalue()
