"""What the page is told to draw of an answer, at each point of its life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest
from ui_examples import CITED, answer, hit

from rag.conversations import Exchange
from rag.events import Answered, Failed, Loading, NotFound, Retrieved, Thinking, Token, Unconfirmed
from rag.locales.message import verbatim
from rag.types import Filters, Mended, Quote, Sentence, Why
from rag.ui.answer_view import payload
from rag.ui.strings import strings

ENGLISH = strings("en")

SENTENCE = "The harbour opened in March."
QUOTE = Quote(1, 0, len(SENTENCE), 2.0, ((SENTENCE.index("March"), SENTENCE.index("March") + 5),))
ASKED = Exchange(id="x1", question="When?", model="small")


def test_before_anything_is_found() -> None:
    shown = payload(ASKED, ENGLISH)
    assert shown["status"] == ENGLISH.answer.searching
    assert shown["sources"] == [] and shown["footer"] == []


def test_the_passages_come_before_the_first_word() -> None:
    shown = payload(ASKED.after(Retrieved((hit(),))), ENGLISH)
    assert shown["status"] == ENGLISH.answer.reading
    source = shown["sources"][0]
    assert (source["n"], source["title"]) == (1, "The harbour opens")
    assert source["label"] == "Source 1: The harbour opens"
    assert source["credits"] == ["Quay News", "9 March 2025", "English"]
    assert shown["paragraphs"] == []


def test_a_model_that_is_being_loaded_is_reported_with_the_seconds_since_the_question() -> None:
    began = datetime.now(UTC) - timedelta(seconds=7.4)
    loading = replace(ASKED, asked=began).after(Retrieved((hit(),))).after(Loading())
    assert payload(loading, ENGLISH)["status"] == ENGLISH.answer.loading
    assert payload(loading, ENGLISH)["elapsed"] == "7 s"
    there = loading.after(Loading(over=True))
    assert (payload(there, ENGLISH)["status"], payload(there, ENGLISH)["elapsed"]) == (
        ENGLISH.answer.reading,
        "7 s",
    )
    assert payload(there.after(Token("It")), ENGLISH)["elapsed"] == ""
    just = replace(ASKED, asked=datetime.now(UTC)).after(Retrieved((hit(),)))
    assert payload(just, ENGLISH)["elapsed"] == ""


def test_thoughts_are_apart_from_the_answer() -> None:
    shown = payload(ASKED.after(Retrieved((hit(),))).after(Thinking("Hm.")), ENGLISH)
    assert shown["status"] == ENGLISH.answer.thinking
    assert shown["thoughts"]["text"] == "Hm." and shown["paragraphs"] == []


def test_words_as_they_come() -> None:
    written = ASKED.after(Retrieved((hit(),))).after(Token("It opened")).after(Token(" [1]"))
    shown = payload(written, ENGLISH)
    assert shown["status"] == ENGLISH.answer.writing
    assert shown["paragraphs"][0]["segments"] == [{"t": "It "}, {"c": 1, "t": "opened"}]


def test_a_whole_answer_tells_its_model_and_times() -> None:
    shown = payload(ASKED.after(Answered(answer())), ENGLISH)
    assert shown["status"] == "" and shown["notice"] is None
    assert shown["footer"] == [
        "small",
        "passages in 0.1 s",
        "first word after 1.5 s",
        "done in 12 s",
    ]
    assert shown["sources"][0]["aside"] == ""


def test_doubts_are_reported_in_words() -> None:
    sentences = (
        Sentence("A.", (1,), "partly", reason=verbatim("No 7.")),
        Sentence("B."),
        Sentence("C.", (1,), "supported"),
    )
    shown = payload(ASKED.after(Answered(answer("A [1]. B. C [1].", sentences=sentences))), ENGLISH)
    assert [s["level"] for s in shown["support"]] == ["partly", "unsupported", "supported"]
    labels = [s["label"] for s in shown["support"]]
    assert labels == [f"{ENGLISH.answer.partly}: No 7.", ENGLISH.answer.unsupported, ""]


def test_a_source_that_was_not_cited_says_so() -> None:
    uncited = answer("It opened.", sentences=(Sentence("It opened."),))
    shown = payload(ASKED.after(Answered(uncited)), ENGLISH)
    assert (shown["sources"][0]["used"], shown["sources"][0]["aside"]) == (False, ENGLISH.answer.not_cited)


def test_an_unconfirmed_answer_shows_quotations_and_folds_what_the_model_wrote() -> None:
    doubted = Sentence("It cost 7.", support="unsupported", reason=verbatim("No 7."))
    end = answer("Not confirmed.", outcome="unconfirmed", sentences=(doubted,), quotes=(QUOTE,))
    shown = payload(ASKED.after(Unconfirmed(end)), ENGLISH)
    assert shown["notice"]["title"] == ENGLISH.answer.unconfirmed
    assert shown["paragraphs"] == []
    assert shown["apart"]["folded"] and shown["apart"]["sentences"] == [
        {"text": "It cost 7.", "reason": "No 7."}
    ]
    (quoted,) = shown["quotes"]["quotes"]
    assert "".join(piece["t"] for piece in quoted["pieces"] if piece["mark"] != "pale") == SENTENCE
    assert [piece["t"] for piece in quoted["pieces"] if piece["mark"] == "strong"] == ["March"]
    assert (shown["sources"][0]["used"], shown["sources"][0]["aside"]) == (False, "")


def test_quotations_come_with_the_passages_and_stay_below_an_answer() -> None:
    early = payload(ASKED.after(Retrieved((hit(),), quotes=(QUOTE,))), ENGLISH)
    assert not early["quotes"]["below"] and len(early["quotes"]["quotes"]) == 1
    late = payload(ASKED.after(Answered(answer(quotes=(QUOTE,)))), ENGLISH)
    assert late["quotes"]["below"] and len(late["quotes"]["quotes"]) == 1


def test_an_excerpt_begins_at_the_answering_sentence() -> None:
    later = Quote(1, CITED.index("Two"), len(CITED), 1.0)
    shown = payload(ASKED.after(Retrieved((hit(),), quotes=(later,))), ENGLISH)
    assert shown["sources"][0]["excerpt"] == "… Two ships came 🚢 in."


def test_nothing_found_is_said_without_quotations() -> None:
    shown = payload(ASKED.after(NotFound(answer("Nothing.", outcome="not_found"))), ENGLISH)
    assert shown["notice"]["title"] == ENGLISH.answer.not_found
    assert shown["paragraphs"] == [] and shown["quotes"]["quotes"] == []


def test_a_failure_keeps_what_was_written_and_says_what_happened() -> None:
    broken = Failed(verbatim("Ollama went away."), answer("It ope"))
    shown = payload(ASKED.after(broken), ENGLISH)
    assert shown["paragraphs"] and "Ollama went away." in shown["notice"]["text"]
    assert ENGLISH.answer.failed_kept in shown["notice"]["text"]


def test_a_failure_before_the_first_word_promises_nothing_kept() -> None:
    shown = payload(ASKED.after(Failed(verbatim("No such model."), answer(""))), ENGLISH)
    assert ENGLISH.answer.failed_kept not in shown["notice"]["text"]


def test_warnings_are_passed_on() -> None:
    warned = answer(warnings=(verbatim("The answer was cut."),))
    assert payload(ASKED.after(Answered(warned)), ENGLISH)["warnings"] == ["The answer was cut."]


def test_the_answer_says_which_filters_were_on() -> None:
    assert payload(ASKED, ENGLISH)["searched"] == ""
    filtered = replace(
        ASKED, filters=Filters(languages=("fr", "zh"), since=date(2025, 3, 9), sources=("Quay News",))
    )
    said = "Searched only: French and Chinese · Quay News · since 9 March 2025"
    assert payload(filtered, ENGLISH)["searched"] == said
    followed = replace(filtered, searched="Who opened the harbour?")
    assert payload(followed, ENGLISH)["searched"] == f"Searched: Who opened the harbour? · {said}"


def test_passages_that_were_not_read_come_last_with_why_they_were_found() -> None:
    found = replace(hit("A quay was built."), why=Why(dense=0.834, balance=-0.21, keyword=0.5))
    early = payload(ASKED.after(Retrieved((hit(),), (found,))), ENGLISH)
    for shown in (early, payload(ASKED.after(Answered(answer(unused=(found,)))), ENGLISH)):
        assert (shown["read"], shown["unused"]) == (1, "1 passage found and not used")
        read, left = shown["sources"]
        assert (read["unread"], left["unread"], left["n"], left["aside"]) == (False, True, 2, "")
        assert left["why"][0] == ENGLISH.drawer.why_near


def test_a_list_of_articles_is_titled_as_such_and_names_no_model() -> None:
    shown = payload(ASKED.after(Answered(answer("1 article [1]", sentences=(), kind="library"))), ENGLISH)
    assert shown["sourcesTitle"] == "Articles" and shown["footer"] == [ENGLISH.answer.without_model]
    assert [segment["c"] for segment in shown["paragraphs"][0]["segments"] if "c" in segment] == [1]
    assert shown["notice"] is None and shown["offers"] == []


def test_a_greeting_offers_questions_and_has_no_footer() -> None:
    hello = answer("Hello!", sentences=(), kind="greeting", offers=("Where?", "Why?"))
    shown = payload(ASKED.after(Answered(replace(hello, hits=()))), ENGLISH)
    assert shown["offers"] == ["Where?", "Why?"]
    assert shown["footer"] == [] and shown["sources"] == []


def test_names_that_were_searched_in_another_spelling_are_told_from_the_first_passage_on() -> None:
    begun = ASKED.after(Retrieved((hit(),), mended=(Mended("Lavrvo", "Lavrov"), Mended("Sochy", "Sochi"))))
    assert payload(begun, ENGLISH)["searched"] == "Also searched: Lavrov and Sochi"
    ended = begun.after(Answered(answer(mended=(Mended("Lavrvo", "Lavrov"),))))
    assert payload(ended, strings("fr"))["searched"] == "Aussi cherché : Lavrov"


@pytest.mark.parametrize("id", ["pTLs__ctUb29", "__", "_-_-_-_-_-_-", "plain"])
def test_an_exchange_of_any_id_is_drawn(id: str) -> None:
    def script(id: str) -> None:
        from rag.conversations import Exchange
        from rag.ui import answer_view
        from rag.ui.strings import strings

        exchange = Exchange(id=id, question="Why?", model="m", state="stopped")
        answer_view.mount(exchange, answer_view.key(id), lambda: None, strings("en"))

    assert not AppTest.from_function(script, args=(id,)).run().exception
