"""What the drawer shows: the passage at its exact place, or the one that the answer kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_examples import ARTICLE, CITED, hit

from rag.conversations import Exchange, Translation
from rag.locales.catalogue import LOCALES
from rag.locales.message import verbatim
from rag.types import Hit, Why
from rag.ui.drawer import marked_lines, payload
from rag.ui.strings import strings
from rag.verification.translations import Discrepancy

ENGLISH = strings("en")


def exchange(*hits: Hit, text: str = "It opened [1].") -> Exchange:
    return Exchange(id="x1", question="When?", model="small", state="answered", hits=hits, text=text)


def highlighted(shown: dict[str, Any]) -> list[str]:
    return ["".join(p["t"] for p in line if p["mark"] == "cited") for line in shown["paragraphs"]]


def lines(shown: dict[str, Any]) -> list[str]:
    return ["".join(p["t"] for p in line) for line in shown["paragraphs"]]


def test_the_whole_article_with_exactly_the_passage_marked() -> None:
    shown = payload(exchange(hit()), 1, ARTICLE, ENGLISH)
    assert lines(shown) == ["A quay was built.", CITED, "Then rain."]
    assert highlighted(shown) == ["", CITED, ""]
    assert shown["note"] == ""
    assert shown["credits"] == ["Quay News", "9 March 2025", "English"]
    assert shown["source"] == "/library/en/harbour.md"


def test_a_passage_over_two_paragraphs_is_marked_in_both() -> None:
    shown = payload(exchange(hit("ships came 🚢 in.\n\nThen")), 1, ARTICLE, ENGLISH)
    assert highlighted(shown) == ["", "ships came 🚢 in.", "Then"]


@pytest.mark.parametrize(
    ("article", "said"),
    [
        (None, ENGLISH.drawer.article_gone),
        (replace(ARTICLE, text="All is new here."), ENGLISH.drawer.article_changed),
        (replace(ARTICLE, text=f"Oh. {ARTICLE.text}"), ENGLISH.drawer.article_changed),
    ],
)
def test_the_kept_passage_where_the_article_has_gone_or_changed(article: Any, said: str) -> None:
    shown = payload(exchange(hit()), 1, article, ENGLISH)
    assert (shown["note"], lines(shown), highlighted(shown)) == (said, [CITED], [CITED])


def test_the_other_passages_of_the_article_that_the_answer_cites_are_marked_too() -> None:
    hits = hit(), hit("A quay was built."), hit("Then rain.")
    shown = payload(exchange(*hits, text="It opened [1][2]."), 1, ARTICLE, ENGLISH)
    marks = [p["mark"] for line in shown["paragraphs"] for p in line]
    assert marks == ["also", "cited", ""], "the third passage is not cited"


def test_one_goes_from_citation_to_citation_in_the_answers_order() -> None:
    asked = exchange(*[hit()] * 4, text="It opened [1][4]. Ships came [2].")
    around = [payload(asked, n, ARTICLE, ENGLISH)["around"] for n in (1, 2, 4)]
    assert [(a["previous"], a["next"]) for a in around] == [(0, 2), (1, 4), (2, 0)]
    none = payload(exchange(*[hit()] * 3, text="No."), 2, ARTICLE, ENGLISH)["around"]
    assert (none["previous"], none["next"]) == (1, 3), "nothing is cited: all that was found"


@pytest.mark.parametrize(
    ("source", "opened"),
    [
        ("https://quay.example/2025?a=1", True),
        ("HTTP://quay.example/", True),
        ("/library/en/harbour.md", False),
        ("javascript:alert(1)", False),
        ("https://quay.example/ javascript:alert(1)", False),
        ("data:text/html,https://quay.example", False),
    ],
)
def test_only_addresses_of_the_web_are_opened(source: str, opened: bool) -> None:
    shown = payload(exchange(hit()), 1, replace(ARTICLE, source=source), ENGLISH)
    assert shown["address"] == (source if opened else "")
    assert shown["source"] == source


def test_a_reference_names_title_outlet_date_and_source() -> None:
    shown = payload(exchange(hit()), 1, ARTICLE, ENGLISH)
    assert shown["reference"] == "The harbour opens, Quay News, 2025-03-09, /library/en/harbour.md"


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (Why(dense=0.83, balance=-0.9, keyword=0.7), ["close to the question", "shares most of its words"]),
        (Why(dense=0.8, balance=-0.82, keyword=0.18), ["loosely related to the question", "some of its"]),
        (Why(dense=0.7, balance=-0.68, keyword=0.0), ["far from the question", "found by its meaning"]),
        (Why(dense=0.7, balance=-0.68, keyword=0.0, rerank=4.2), ["found by its meaning"]),
    ],
)
def test_why_a_passage_was_found_is_reported_in_words(why: Why, told: list[str]) -> None:
    said = payload(exchange(replace(hit(), why=why)), 1, ARTICLE, ENGLISH)["why"]
    assert [part in line for part, line in zip(told, said, strict=True)] == [True] * len(told)


@given(st.text(alphabet="ab🚢\n", max_size=40), st.data())
def test_the_marked_letters_are_those_between_start_and_end(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = [piece for line in marked_lines(text, (start, end)) for piece in line]
    assert "".join(p["t"] for p in pieces if p["mark"] == "cited") == text[start:end].replace("\n", "")
    assert "".join(p["t"] for p in pieces) == text.replace("\n", "")


def test_a_passage_that_was_not_read_is_shown_too_and_stands_among_its_like() -> None:
    asked = replace(exchange(*[hit()] * 2), unused=(hit("A quay was built."), hit("Then rain.")))
    shown = payload(asked, 3, ARTICLE, ENGLISH)
    assert "".join(highlighted(shown)) == "A quay was built."
    around = shown["around"]
    assert around == {"text": ENGLISH.answer.unused_one, "previous": 0, "next": 4}
    assert payload(asked, 1, ARTICLE, ENGLISH)["around"]["next"] == 0, "no way leads from one to the other"


def test_a_passage_in_the_interfaces_language_needs_no_translation() -> None:
    assert payload(exchange(hit()), 1, ARTICLE, ENGLISH)["translation"] is None
    offered = payload(exchange(hit()), 1, ARTICLE, strings("vi"))["translation"]
    assert (offered["offer"], offered["text"]) == (strings("vi").drawer.translate, "")


@pytest.mark.parametrize(
    ("there", "said", "offer"),
    [
        (Translation(n=1, language="fr", model="m:1", running=True), "m:1 en cours", "Arrêter"),
        (
            Translation(n=1, language="fr", model="m:1", text="Un quai."),
            "Traduction automatique par m:1 en français",
            "",
        ),
        (
            Translation(n=1, language="fr", model="m:1", text="Un", stopped=True),
            "conservé",
            "Traduire ce passage",
        ),
        (
            Translation(n=1, language="fr", model="m:1", failure=verbatim("It is gone.")),
            "It is gone.",
            "Traduire ce passage",
        ),
    ],
)
def test_a_translation_says_whose_it_is_and_what_became_of_it(
    there: Translation, said: str, offer: str
) -> None:
    french = strings("fr")
    shown = payload(replace(exchange(hit()), translations=(there,)), 1, ARTICLE, french)["translation"]
    assert said in shown["status"] and shown["text"] == there.text
    assert shown["offer"] == offer


TRANSLATED = "Un quai fut construit. Le port a ouvert en mai. Il pleut."


@pytest.mark.parametrize("language", sorted(LOCALES.keys() - {"en"}))
def test_what_a_translated_sentence_lacks_or_adds_stands_under_it(language: str) -> None:
    start = TRANSLATED.index("Le port")
    differs = Discrepancy(start, start + 24, missing=("March",), added=("mai", "2023"))
    there = Translation(n=1, language=language, model="m:1", text=TRANSLATED, discrepancies=(differs,))
    s = strings(language)
    shown = payload(replace(exchange(hit()), translations=(there,)), 1, ARTICLE, s)["translation"]
    assert "".join(part["t"] for part in shown["parts"]) == TRANSLATED
    noted = [part for part in shown["parts"] if part["note"]]
    assert [part["t"] for part in noted] == ["Le port a ouvert en mai."]
    assert s.drawer.translation_missing.format(values="March") in noted[0]["note"]
    assert "mai" in noted[0]["note"] and "2023" in noted[0]["note"]
    assert s.drawer.translation_differs in shown["status"]


@pytest.mark.parametrize(("found", "said"), [((), True), (None, False)])
def test_only_a_translation_that_was_compared_is_said_not_to_differ(
    found: tuple[Discrepancy, ...] | None, said: bool
) -> None:
    there = Translation(n=1, language="fr", model="m:1", text=TRANSLATED, discrepancies=found)
    french = strings("fr")
    shown = payload(replace(exchange(hit()), translations=(there,)), 1, ARTICLE, french)["translation"]
    assert (french.drawer.translation_agrees in shown["status"]) is said
    assert shown["parts"] == [{"t": TRANSLATED, "note": ""}]
