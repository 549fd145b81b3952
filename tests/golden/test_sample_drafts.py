"""Drafts against the sample library, with the real embedding model, across languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.library import Library
from rag.service.setup import missing_models
from rag.settings import DEFAULT_EMBEDDER, Settings

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings.load().model_copy(
        update={"data": tmp_path_factory.mktemp("drafts"), "embedder": DEFAULT_EMBEDDER}
    )
    if missing_models(settings):
        pytest.skip("the default models are not here; fetch them: python -m rag setup")
    with Library.open(settings) as opened:
        opened.index_sample()
        yield opened


@pytest.mark.parametrize(
    ("sentence", "said", "instead"),
    [
        ("越南派出的CSB 8002号船上约有120名船员。", "120名", "80"),
        (
            "The Philippine ship in the drill, the BRP Gabriela Silang, is 90 metres long.",
            "90 metres",
            "83 metres",
        ),
    ],
    ids=["in another language", "a value of something else in the passage"],
)
def test_an_altered_figure_is_named_with_the_articles_own(
    library: Library, sentence: str, said: str, instead: str
) -> None:
    (found,) = library.check_draft(sentence)
    assert [(one.said, one.instead) for one in found.deviations] == [(said, instead)]


@pytest.mark.parametrize(
    "sentence",
    [
        "La Russie a retiré ses troupes de la baie de Cam Ranh en 2002.",
        "2019年11月25日,阮志咏主持发布了国防白皮书。",
    ],
)
def test_what_an_article_in_another_language_says_is_confirmed(library: Library, sentence: str) -> None:
    (found,) = library.check_draft(sentence)
    assert found.finding == "confirmed"


def test_what_no_article_tells_is_neither_confirmed_nor_accused(library: Library) -> None:
    (found,) = library.check_draft("South Korea's exports of cars to Vietnam rose by 8 per cent in 2023.")
    assert found.finding == "not_found"
