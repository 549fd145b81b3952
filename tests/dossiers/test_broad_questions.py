"""Recognition of broad questions.

broad_questions.tsv has 200 questions by somebody who had not seen the phrases: language, form or "none", question,
subject. The phrases were set on every second line, from the first on.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.dossiers.broad_questions import BroadQuestion, broad_question
from rag.dossiers.form_classifier import FormClassifier, FormGuess
from rag.downloads.e5_convert import ONNX_FILE
from rag.embedding.onnx import OnnxEmbedder
from rag.settings import DEFAULT_EMBEDDER, Settings

LINES = Path(__file__).with_name("broad_questions.tsv").read_text("utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES]

TRADERS = ("Chile", "Peru", "Cuba")


@pytest.mark.parametrize(("form", "share"), [("dossier", 0.8), ("timeline", 0.85)])
def test_most_broad_questions_are_known(form: str, share: float) -> None:
    asked = [(language, question) for language, wanted, question, _ in ROWS if wanted == form]
    known = [found for language, question in asked if (found := broad_question(question, language))]
    assert sum(one.form == form for one in known) >= share * len(asked)


def test_few_other_questions_are_taken_for_broad_ones() -> None:
    others = [(language, question) for language, wanted, question, _ in ROWS if wanted == "none"]
    asked = {question: broad_question(question, language) for language, question in others}
    taken = [question for question, found in asked.items() if found and found.form != "list"]
    assert len(taken) <= 0.03 * len(others), taken


@pytest.mark.model
def test_the_classifier_knows_broad_questions_without_a_known_phrase() -> None:
    """Its training questions are others (bench/question_forms.tsv)."""
    folder = Settings.load().models / DEFAULT_EMBEDDER
    if not (folder / ONNX_FILE).is_file():
        pytest.skip(f"the embedding model is not in {folder}: run `python -m rag setup`")
    guess = FormClassifier(OnnxEmbedder(folder).embed_query).guess
    found = [(wanted, broad_question(question, language, guess)) for language, wanted, question, _ in ROWS]
    known = [broad.form == wanted for wanted, broad in found if broad and wanted != "none"]
    assert sum(known) >= 0.95 * sum(wanted != "none" for wanted, _ in found)
    taken = [broad for wanted, broad in found if broad and broad.form != "list" and wanted == "none"]
    assert len(taken) <= 0.03 * sum(wanted == "none" for wanted, _ in found)


@pytest.mark.parametrize(("probability", "form"), [(0.95, "timeline"), (0.5, None)])
def test_a_guess_counts_from_a_probability_on(probability: float, form: str | None) -> None:
    asked = broad_question(
        "Where did the ferry come from, and where is it now",
        "en",
        lambda _: FormGuess(probability, "timeline"),
    )
    assert (asked.form if asked else None) == form


@pytest.mark.parametrize(
    ("language", "question", "form", "subject"),
    [
        ("en", "A timeline of Vietnam and Canada", "timeline", "Vietnam and Canada"),
        ("en", "Please summarise the border talks.", "dossier", "border talks"),
        ("en", "How have the talks with Chile evolved over the years?", "timeline", "talks with Chile"),
        ("fr", "Fais le point sur l’Angola, s’il te plaît", "dossier", "Angola"),
        ("zh", "请总结一下海上边界的报道", "dossier", "海上边界"),
        ("vi", "Tóm tắt quan hệ với Nga", "dossier", "quan hệ với Nga"),
        ("ru", "Хронология переговоров о границе", "timeline", "переговоров о границе"),
        ("zh", "文章里关于旧渡轮都说了什么?", "dossier", "旧渡轮"),
        ("zh", "旧渡轮大事记", "timeline", "旧渡轮"),
        ("fr", "Quelles ont été, dans l'ordre, les étapes du chantier ?", "timeline", "chantier"),
        (
            "en",
            "Tell me everything you have on the ferry and who paid for it",
            "dossier",
            "ferry and who paid for it",
        ),
        ("ru", "Что в статьях говорится о пароме?", "dossier", "пароме"),
    ],
)
def test_the_subject_is_what_is_left(language: str, question: str, form: str, subject: str) -> None:
    assert broad_question(question, language) == BroadQuestion(form, subject)  # type: ignore[arg-type]


def test_a_named_form_outweighs_what_asks_for_a_fact() -> None:
    asked = broad_question("旧渡轮大事记:什么时候卖的?", "zh")
    assert asked and asked.form == "timeline"
    assert broad_question("旧渡轮什么时候卖的?", "zh") is None


@pytest.mark.parametrize("question", ["Summarise", "A timeline, please.", "summary " * 60, ""])
def test_without_a_subject_or_too_long_it_is_no_broad_question(question: str) -> None:
    assert broad_question(question, "en") is None


@pytest.mark.parametrize(
    ("language", "question", "compared"),
    [
        ("en", "Compare the border with Chile and that with Peru", ("border with Chile", "border with Peru")),
        ("en", "How does the old ferry differ from the new bridge?", ("old ferry", "new bridge")),
        ("en", "Compare trade with Chile, Peru and Cuba", tuple(f"trade with {x}" for x in TRADERS)),
        ("fr", "Qu’est-ce qui distingue le Pérou du Chili ?", ("Pérou", "Chili")),
        ("zh", "秘鲁与智利的防务合作有何区别？", ("秘鲁 防务合作", "智利 防务合作")),
        ("zh", "请比较旧渡轮和新大桥", ("旧渡轮", "新大桥")),
        ("zh", "比较秘鲁与智利、秘鲁与古巴的边界", ("秘鲁与智利 边界", "秘鲁与古巴 边界")),
        ("zh", "第二次和第四次对话有什么不同?", ("第二次对话", "第四次对话")),
        ("en", "Compare the second and fourth ferry", ("second ferry", "fourth ferry")),
        ("en", "Compare Chile and Peru with Chile and Cuba", ("Chile and Peru", "Chile and Cuba")),
        ("vi", "So sánh quan hệ với Chile và quan hệ với Peru", ("quan hệ với Chile", "quan hệ với Peru")),
        ("ru", "Чем паром отличается от моста?", ("паром", "моста")),
    ],
)
def test_what_is_compared_is_told_apart(language: str, question: str, compared: tuple[str, ...]) -> None:
    asked = broad_question(question, language)
    assert asked
    assert (asked.form, asked.compared) == ("comparison", compared)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Compare the harbour"),
        ("en", "How many ships came in 2019 compared with 2018?"),
        ("fr", "Combien coûte le pont par rapport au bac ?"),
        ("zh", "谁比较了两座桥？"),
    ],
)
def test_what_names_one_thing_or_asks_for_a_figure_is_no_comparison(language: str, question: str) -> None:
    asked = broad_question(question, language)
    assert asked is None or asked.form != "comparison"
