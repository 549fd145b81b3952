"""The whole pipeline on the sample library, with the models that a first run fetches.

The question's language differs from the article's in the first three. Models write the same answer each
time: the temperature is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.evaluation.judgement import accepted, unmarked
from rag.events import Answered, Event, Failed, NotFound, Unconfirmed
from rag.library import Library
from rag.sample_questions import SampleQuestion, sample_questions
from rag.service.setup import missing_models
from rag.settings import DEFAULT_EMBEDDER, DEFAULT_MODEL, Settings

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings.load().model_copy(
        update={
            "data": tmp_path_factory.mktemp("golden"),
            "embedder": DEFAULT_EMBEDDER,
            "model": DEFAULT_MODEL,
        }
    )
    if missing_models(settings):
        pytest.skip("the default models are not here; fetch them: python -m rag setup")
    with Library.open(settings) as opened:
        opened.index_sample()
        yield opened


def end(library: Library, question: str) -> Event:
    """The last event of an answer."""
    *_, last = library.ask(question)
    assert not isinstance(last, Failed), last
    return last


@pytest.mark.parametrize("one", sample_questions(), ids=lambda one: f"{one.language}-{one.article}")
def test_a_sample_question_is_answered_rightly_from_the_right_article(
    library: Library, one: SampleQuestion
) -> None:
    last = end(library, one.question)
    assert isinstance(last, Answered), "it was not confirmed"
    answer = last.answer
    assert accepted(unmarked(answer.text), [[one.expected]]), answer.text
    cited = {answer.hits[n - 1].article.source for s in answer.sentences for n in s.citations}
    assert [Path(source).with_suffix("").parts[-2:] for source in cited] == [
        tuple(one.article.removesuffix(".md").split("/"))
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How many Vietnamese citizens live in South Korea?",
        "À combien s'élève le commerce entre Cuba et le Vietnam ?",
        "佩通坦2025年8月访问芒街时见了哪些人?",
    ],
    ids=["en", "fr", "zh"],
)
def test_a_question_that_no_article_answers_is_refused(library: Library, question: str) -> None:
    assert isinstance(end(library, question), Unconfirmed | NotFound)


def test_the_examples_are_those_of_the_readers_language_first(library: Library) -> None:
    languages = {one.question: one.language for one in sample_questions()}
    assert [languages[question] for question in library.suggested.of_library("ru")][:2] == ["ru", "ru"]
    assert len(library.suggested.of_library("de")) == 3
