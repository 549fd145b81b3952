"""Fits the classifier of questions' forms: rag/dossiers/form_classifier.json.

python bench/question_forms.py [--write] [--xquad QUESTIONS] fits on the rows of question_forms.tsv that are
marked "train". For the others, and for tests/dossiers/broad_questions.tsv, it prints how many broad questions
are known, and how many others are taken for broad: by phrases alone, and with the classifier. Both files were
written by people who had seen neither phrases nor code. XQuAD's questions ask for a single fact; every fourth
is added to the training.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rag.dossiers.broad_questions import broad_question
from rag.dossiers.form_classifier import FormClassifier
from rag.embedding.load import load_embedder
from rag.evaluation.logistic import fit_logistic
from rag.settings import Settings

HERE = Path(__file__).parent
TARGET = HERE.parent / "rag" / "dossiers" / "form_classifier.json"
HELD = HERE.parent / "tests" / "dossiers" / "broad_questions.tsv"
RIDGES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
FOLDS = 5


class Asked(NamedTuple):
    language: str
    form: str
    text: str


def read(path: Path, marked: str = "") -> list[Asked]:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [Asked(*row[:3]) for row in rows if not marked or row[3] == marked]


def xquad(path: Path | None, remainder: Sequence[int]) -> list[Asked]:
    if path is None:
        return []
    rows = [json.loads(line)["q"] for line in path.read_text("utf-8").splitlines()]
    return [
        Asked(code, "none", row[code])
        for n, row in enumerate(rows)
        for code in ("en", "zh", "vi", "ru")
        if n % 4 in remainder
    ]


def log_loss(x: np.ndarray, y: np.ndarray, ridge: float) -> float:
    """Return the mean log-loss in cross-validation."""
    losses = []
    for fold in range(FOLDS):
        held = np.arange(len(y)) % FOLDS == fold
        weights = fit_logistic(x[~held], y[~held], ridge)
        logits = x[held] @ weights[:-1] + weights[-1]
        losses.append(np.logaddexp(0, np.where(y[held] > 0, -logits, logits)))
    return float(np.concatenate(losses).mean())


def fitted(x: np.ndarray, y: np.ndarray) -> list[float]:
    losses = {ridge: log_loss(x, y, ridge) for ridge in RIDGES}
    best = min(losses, key=losses.__getitem__)
    print("ridge", best, "log-loss", round(losses[best], 3))
    return [round(float(weight), 3) for weight in fit_logistic(x, y, best)]


def report(name: str, asked: Sequence[Asked], classifier: FormClassifier) -> None:
    """Print how many questions are taken for broad, and how many of these in the right form."""
    for broad in (True, False):
        rows = [one for one in asked if (one.form != "none") == broad]
        for how, classify in (("phrases", None), ("with the classifier", classifier.guess)):
            found = [broad_question(one.text, one.language, classify) for one in rows]
            forms = [one.form if one and one.form != "list" else "none" for one in found]
            right = sum(form == one.form for form, one in zip(forms, rows, strict=True))
            taken = sum(form != "none" for form in forms)
            print(
                f"{name}, {'broad' if broad else 'other'}, {how}: {taken} of {len(rows)}, form right {right}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--xquad", type=Path)
    options = parser.parse_args()
    embed = load_embedder(Settings.load()).embed_query
    train = [*read(HERE / "question_forms.tsv", "train"), *xquad(options.xquad, [0])]
    x = np.stack([embed(one.text) for one in train])
    broad = np.array([one.form != "none" for one in train])
    timeline = np.array([one.form == "timeline" for one in train])
    weights = {"broad": fitted(x, broad), "timeline": fitted(x[broad], timeline[broad])}
    if options.write:
        TARGET.write_text(json.dumps(weights) + "\n", "utf-8")
    classifier = FormClassifier(embed)
    report("test", read(HERE / "question_forms.tsv", "test"), classifier)
    report("held", read(HELD), classifier)
    report("XQuAD", xquad(options.xquad, [1, 2, 3]), classifier)


if __name__ == "__main__":
    main()
