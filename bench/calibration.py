"""Fits the probability that an answer is right: rag/answering/confidence.json.

python bench/calibration.py SIGNALS.jsonl [--xquad PASSAGES QUESTIONS] [--seeds FOLDER] [--write]

Asks the default model, as Byline does but confirming nothing, so that every attempt is made and judged:
- the questions on XQuAD's articles that the answer scorer was not trained on, each passage filed in one of
  four languages, every question asked in the passage's language or another. One passage in four is left out,
  so that its questions have no answer;
- the report card's questions about the sample library;
- the questions about the five scraped articles of --seeds.
SIGNALS.jsonl keeps what was measured: questions that it has are not asked again, so that refitting takes no
time. XQuAD's are fitted on; of the others every second one is for choosing the threshold, and the rest is
sealed: only reported. --write stores the coefficients, and the reliability curve of what was not fitted on.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rag.answering import confidence
from rag.answering.calibrations import version
from rag.answering.confidence import PlattScale, probability
from rag.evaluation.article_files import write_articles
from rag.evaluation.calibration import (
    RecordingLibrary,
    fit_model_scale,
    fit_scale,
    recording_library,
    tuning_half,
)
from rag.evaluation.datasets import Document
from rag.evaluation.judgement import accepted, plain
from rag.evaluation.logistic import wilson
from rag.evaluation.question_sets import SAMPLE, EvalQuestion, read_questions
from rag.llm.configured import models_of
from rag.settings import DEFAULT_MODEL, Settings
from rag.text.stems import stems

TARGET = Path(confidence.__file__).with_name("confidence.json")
LANGUAGES = ("en", "zh", "vi", "ru")
PROMPT_TOKENS = 180
"""Budget of the passages: on a faster machine than two cores it would grow."""
THRESHOLDS = (0.4, 0.5, 0.6, 0.7)
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MIN_STEMS, MIN_SHARE = 3, 0.7
"""An answer of XQuAD with at least 3 stems is given by a text with 70 % of them. Not fitted."""
_NUMBER, _PUNCTUATION = re.compile(r"\d+(?:[., ]\d+)*"), re.compile(r"[\W_]+")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question; what it is for ("fit", "tune" or "sealed"); whether a text answers it rightly."""

    question: EvalQuestion
    use: str
    is_right: Callable[[str], bool]


def held_out(passages: Sequence[Row]) -> set[str]:
    """The articles that bench/evidence.py holds out."""
    articles = sorted({_article(row["id"]) for row in passages})
    Random(1).shuffle(articles)
    return set(articles[: len(articles) // 6])


def xquad(passages: Sequence[Row], questions: Sequence[Row]) -> tuple[list[Document], list[JudgedQuestion]]:
    """The documents, each in one language, and the questions on the held-out articles."""
    held = held_out(passages)
    chosen = [row for row in questions if _article(row["passage"]) in held]
    left_out = set(sorted({row["passage"] for row in chosen})[::4])
    filed = {row["id"]: LANGUAGES[n % len(LANGUAGES)] for n, row in enumerate(passages)}
    documents = [
        Document(id=row["id"], language=filed[row["id"]], text=" ".join(row[filed[row["id"]]].split()))
        for row in passages
        if row["id"] not in left_out
    ]
    asked = [
        _judged(row, n, filed[row["passage"]], row["passage"] in left_out) for n, row in enumerate(chosen)
    ]
    return documents, asked


def _judged(row: Row, n: int, filed: str, unanswerable: bool) -> JudgedQuestion:
    """A question in the passage's language (every second one) or in another."""
    others = [code for code in LANGUAGES if code != filed]
    language = filed if n % 2 == 0 else others[n % 3]
    question = EvalQuestion(
        id=f"{row['id']}/{language}",
        text=row["q"][language],
        language=language,
        kind="none" if unanswerable else "same" if language == filed else "cross",
        articles=() if unanswerable else (row["passage"],),
        accept=tuple((row["a"][code],) for code in LANGUAGES),
        history=(),
        where="",
    )
    return JudgedQuestion(question, "fit", lambda text: not unanswerable and _gives(text, row["a"]))


def _gives(text: str, answers: dict[str, str]) -> bool:
    """Whether a text gives one of an answer's versions, whatever the punctuation."""
    return any(_has(text, answers[code], code) for code in LANGUAGES)


def _has(text: str, answer: str, language: str) -> bool:
    letters, wanted = _letters(answer), stems(answer, language)
    if letters.isdigit():
        return letters in map(_letters, _NUMBER.findall(text))
    most = len(wanted) >= MIN_STEMS and len(wanted & stems(text, language)) >= MIN_SHARE * len(wanted)
    return most or letters in _letters(text)


def _letters(text: str) -> str:
    return _PUNCTUATION.sub("", plain(text))


def listed(file: Path) -> list[JudgedQuestion]:
    """The questions of a file as in rag/evaluation/questions."""
    questions = read_questions([file])
    tune = {one.id for one in tuning_half(questions)}
    return [JudgedQuestion(one, "tune" if one.id in tune else "sealed", _judge(one)) for one in questions]


def _judge(question: EvalQuestion) -> Callable[[str], bool]:
    return lambda text: question.answerable and accepted(text, question.accept)


def measured(name: str, library: RecordingLibrary, asked: Iterable[JudgedQuestion]) -> Iterator[Row]:
    """Ask the questions; a row for each."""
    for one in asked:
        attempts = library.attempts(one.question, DEFAULT_MODEL)
        yield {
            "set": name,
            "id": one.question.id,
            "kind": one.question.kind,
            "answerable": one.question.answerable,
            "use": one.use,
            "attempts": [
                {
                    "text": attempt.text,
                    "lead": round(attempt.judged.lead, 4),
                    "log_prob": attempt.judged.log_prob,
                    "right": one.is_right(attempt.text),
                }
                for attempt in attempts
            ],
        }


def collect(options: argparse.Namespace) -> list[Row]:
    """Read the rows that are there, and ask what is missing."""
    rows = _lines(options.signals) if options.signals.exists() else []
    known = {(row["set"], row["id"]) for row in rows}
    settings = Settings.load().model_copy(update={"prompt_tokens": PROMPT_TOKENS})
    with TemporaryDirectory() as folder, options.signals.open("a", encoding="utf-8") as file:
        for name, articles, asked in _sets(options, settings, Path(folder)):
            new = [one for one in asked if (name, one.question.id) not in known]
            if not new:
                continue
            with recording_library(settings) as library:
                library.ingest([articles])
                for row in measured(name, library, new):
                    rows.append(row)
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    file.flush()
    return rows


def _sets(
    options: argparse.Namespace, settings: Settings, folder: Path
) -> Iterator[tuple[str, Path, list[JudgedQuestion]]]:
    if options.xquad:
        documents, asked = xquad(*map(_lines, options.xquad))
        write_articles(documents, folder)
        yield "xquad", folder, asked
    yield "card", settings.corpus, listed(SAMPLE)
    if options.seeds:
        yield "seeds", options.seeds, listed(SAMPLE.with_name("seeds.json"))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The scales of the lead and of the default model's mean log-probability."""

    of_lead: PlattScale
    of_model: PlattScale | None
    answers: int = 0

    @classmethod
    def on(cls, rows: Sequence[Row]) -> Fitted:
        """Fit them on the attempts of these rows."""
        attempts = [one for row in rows for one in row["attempts"]]
        of_lead = fit_scale([one["lead"] for one in attempts], [one["right"] for one in attempts])
        scored = [one for one in attempts if one["log_prob"] is not None]
        triples = [(one["lead"], one["log_prob"], one["right"]) for one in scored]
        return cls(of_lead, fit_model_scale(triples, of_lead), len(attempts))

    def probability(self, attempt: Row) -> float:
        """The probability that an attempt is right."""
        return probability(attempt["lead"], attempt["log_prob"], self.of_model, self.of_lead)

    def confirmed(self, row: Row, threshold: float) -> Row | None:
        """The attempt that would be confirmed: the first that is likely enough."""
        return next((one for one in row["attempts"] if self.probability(one) >= threshold), None)

    def curve(self, rows: Sequence[Row]) -> list[Row]:
        """Mean probability and share of right answers by probability, over all attempts."""
        pairs = [(self.probability(one), one["right"]) for row in rows for one in row["attempts"]]
        found = []
        for low, high in pairwise(BINS):
            if within := [pair for pair in pairs if low <= pair[0] < high]:
                mean, right = (round(float(value), 3) for value in np.mean(within, axis=0))
                found.append({"from": low, "to": high, "answers": len(within), "mean": mean, "right": right})
        return found


def report(name: str, rows: Sequence[Row], made: Fitted) -> None:
    """Print what would be confirmed at each threshold."""
    answerable = sum(row["answerable"] for row in rows)
    print(f"\n{name}: {len(rows)} questions, {answerable} with an answer")
    for threshold in THRESHOLDS:
        found = [one for row in rows if (one := made.confirmed(row, threshold))]
        right = sum(one["right"] for one in found)
        low, high = wilson(right, len(found))
        print(
            f"  p >= {threshold}: {right} right and {len(found) - right} wrong confirmed"
            f" (right, of confirmed: {low:.2f} to {high:.2f})"
        )


def store(made: Fitted, others: Sequence[Row]) -> None:
    """Write confidence.json."""
    model = next(one for one in models_of(Settings.load()).list() if one.name == DEFAULT_MODEL)
    assert made.of_model
    stored = {
        "lead": asdict(made.of_lead),
        "models": {model.name: {**asdict(made.of_model), "answers": made.answers, "version": version(model)}},
        "reliability": made.curve(others),
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def _article(passage: str) -> str:
    return passage.split("-", maxsplit=1)[0]


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("signals", type=Path)
    parser.add_argument("--xquad", type=Path, nargs=2, metavar=("PASSAGES", "QUESTIONS"))
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = collect(options)
    fit, tune, sealed = ([row for row in rows if row["use"] == use] for use in ("fit", "tune", "sealed"))
    made = Fitted.on(fit)
    print(f"fitted on {made.answers} answers: {made.of_lead}, {made.of_model}")
    report("fitted on", fit, made)
    report("for the threshold", tune, made)
    for name in dict.fromkeys(row["set"] for row in sealed):
        report(f"sealed, {name}", [row for row in sealed if row["set"] == name], made)
    report("sealed", sealed, made)
    report("sealed, by the lead alone", sealed, replace(made, of_model=None))
    for part in made.curve([*tune, *sealed]):
        print("  {from} to {to}: {answers} answers, mean {mean}, right {right}".format(**part))
    if options.write:
        store(made, [*tune, *sealed])


if __name__ == "__main__":
    main()
