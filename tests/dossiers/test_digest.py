"""A digest: what an article says, in its own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.dossiers.digest import KEY_SENTENCES, Digest, digest, gist
from rag.types import Article

TEXT = """The port of Kestrel Bay reopened on 3 March 2024 after three years of dredging.

Mayor Ida Brandt said that the works cost 42 million euros. The ferry company Quay Lines had waited for the port.
Forty ships are expected every week. Rain fell on the guests. The dredging of the port of Kestrel Bay was paid for
by the European Union and by Norway. Hugo Lind of the port authority plans a second quay by June 2026.

- Opening hours
- Ida Brandt will speak again."""
ARTICLE = Article(
    id="a", source="/port.md", title="The port", language="en", published=date(2024, 3, 4), text=TEXT
)


def words(made: Digest) -> dict[str, list[str]]:
    return {kind: [TEXT[a:b] for a, b in getattr(made, kind)] for kind in Digest.__slots__}


def test_key_sentences_are_whole_in_their_order_and_hold_the_subject() -> None:
    said = words(digest(ARTICLE))["sentences"]
    assert len(said) == KEY_SENTENCES
    assert said[0].startswith("The port of Kestrel Bay reopened")
    assert all(one.endswith(".") for one in said) and "Rain fell on the guests." not in said
    assert [TEXT.index(one) for one in said] == sorted(TEXT.index(one) for one in said)
    assert gist(ARTICLE) == said[0]


def test_names_dates_and_figures_are_listed_by_kind() -> None:
    found = words(digest(ARTICLE))
    assert "Ida Brandt" in found["people"]
    assert found["organisations"] == ["Quay Lines", "European Union"] and "Norway" in found["places"]
    assert found["dates"] == ["3 March 2024", "June 2026"]
    assert found["figures"] == ["42 million euros"]


def test_a_short_article_is_its_own_digest() -> None:
    short = replace(ARTICLE, text="The port reopened. Ships came.")
    assert digest(short).sentences == ()
    assert gist(short) == "The port reopened."
    assert gist(replace(ARTICLE, text="Opening hours")) == ""


@pytest.mark.parametrize(
    ("language", "text", "date", "place"),
    [
        ("zh", "青石桥于2024年5月1日在越南通车。市长出席了通车仪式。", "2024年5月1日", "越南"),
        ("fr", "Le pont a ouvert le 1er mai 2024 au Vietnam. Le maire a parlé.", "1er mai 2024", "Vietnam"),
        ("vi", "Cầu thông xe ngày 1/5/2024 tại Lào. Thị trưởng có mặt.", "1/5/2024", "Lào"),
        ("ru", "Мост открыли 1 мая 2024 года во Вьетнаме. Мэр был там.", "1 мая 2024", "Вьетнаме"),
        ("de", "Die Brücke wurde am 1. Mai 2024 in Vietnam eröffnet.", "", "Vietnam"),
    ],
)
def test_in_other_languages(language: str, text: str, date: str, place: str) -> None:
    made = digest(replace(ARTICLE, language=language, text=text))
    assert place in [text[a:b] for a, b in made.places]
    assert not date or date in [text[a:b] for a, b in made.dates]
