from __future__ import annotations

import pytest
from examples import hit

from rag.refusing import Evidence, advice

CLOSEST = hit("The works cost 42 million crowns.", title="Harbour")


def test_the_closest_passages_are_named_with_what_they_do_not_tell() -> None:
    lines = advice("en", [CLOSEST], Evidence(elsewhere=["Ida Brandt"]))
    assert lines == (
        "The closest passages, in “Harbour”, do not say it.",
        "They do not mention “Ida Brandt”.",
    )


def test_a_filter_that_hides_a_nearer_article_is_told() -> None:
    assert "without the filters, “Harbour” comes closer" in advice("en", [], Evidence(filtered=CLOSEST))[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Aucun article ne mentionne « Ida Brandt »."),
        ("zh", "没有文章提到“Ida Brandt”。"),
        ("vi", "Không có bài viết nào nhắc đến “Ida Brandt”."),
        ("ru", "Ни одна статья не упоминает: «Ida Brandt»."),
        ("it", "No article mentions “Ida Brandt”."),
    ],
)
def test_advice_is_in_the_language_of_the_question(language: str, said: str) -> None:
    assert advice(language, [], Evidence(nowhere=["Ida Brandt"])) == (said,)
