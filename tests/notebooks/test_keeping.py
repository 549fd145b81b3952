"""What of an exchange is kept: its answer, a quotation, an entry of a timeline, a cell of a comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest
from notebook_examples import OPENED, SHIPS, answered, timeline
from ui_examples import ARTICLE, CITED, answer, hit

from rag.conversations import Exchange
from rag.events import Answered
from rag.locales.message import Message
from rag.notebooks.entries import Notebook, NotebookHead
from rag.notebooks.keeping import entry_of
from rag.notebooks.notebook_markdown import markdown
from rag.types import Quote, Sentence


def test_an_answer_is_kept_with_the_passages_that_it_cites_and_its_model() -> None:
    more = replace(answer("It opened [2].", sentences=()), hits=(hit("Then rain."), hit()))
    entry = entry_of(Exchange(id="x1", question="When?", model="small").after(Answered(more)), "")
    assert entry is not None
    assert (entry.kind, entry.text, entry.question, entry.model) == (
        "answer",
        "It opened [1].",
        "When?",
        "small",
    )
    (source,) = entry.sources
    assert source.article.title == "The harbour opens" and source.text == CITED
    assert ARTICLE.text[slice(*source.spans[0])] == CITED


def test_how_far_the_sources_support_a_sentence_is_kept_and_written() -> None:
    reason = Message.of("claim_day", text="5 May")
    partly = Sentence("It opened late.", (2,), "partly", reason=reason)
    more = replace(answer("It opened late [2].", sentences=(partly,)), hits=(hit("Then rain."), hit()))
    entry = entry_of(Exchange(id="x1", question="When?", model="small").after(Answered(more)), "")
    assert entry is not None and entry.sentences == (replace(partly, citations=(1,)),)
    text = markdown(Notebook(NotebookHead("n", "Story", 1), (entry,)), "en")
    assert "Only partly supported by its sources: “It opened late.” (the day “5 May”)" in text


def test_a_quotation_is_kept_word_for_word_with_its_place_in_the_article() -> None:
    entry = entry_of(answered(), "q0")
    assert entry is not None and entry.text == OPENED
    assert ARTICLE.text[slice(*entry.sources[0].spans[0])] == OPENED


def test_an_entry_of_a_timeline_is_kept_with_its_date_and_all_that_tell_it() -> None:
    first, second = entry_of(timeline(), "s0"), entry_of(timeline(), "s1")
    assert first is not None and second is not None
    assert (first.label, first.text) == ("9 Mar 2025", OPENED)
    assert (second.label, second.text) == ("~ Apr 2025", SHIPS)
    assert [one.article.outlet for one in second.sources] == ["Quay News", "Le Quai"]
    assert {ARTICLE.text[slice(*one.spans[0])] for one in second.sources} == {SHIPS}


def test_a_cell_of_a_comparison_is_kept_under_the_head_of_its_column() -> None:
    row = f"| Port | Ships |\n| — | “{SHIPS}” — Quay News [1] |"
    at = CITED.index(SHIPS)
    told = answer(
        f"Compared.\n{row}",
        sentences=(Sentence(SHIPS, (1,), "supported"),),
        quotes=(Quote(1, at, at + len(SHIPS), 1.0),),
        kind="comparison",
    )
    entry = entry_of(Exchange(id="x3", question="Compare?", model="").after(Answered(told)), "s0")
    assert entry is not None and entry.label == "Ships"


@pytest.mark.parametrize("part", ["q1", "q-1", "s5", "s0", "z", "q²", "q"])
def test_what_an_answer_has_not_is_not_kept(part: str) -> None:
    assert entry_of(answered(), part) is None


def test_an_answer_that_was_not_confirmed_is_not_kept_but_its_quotations_are() -> None:
    unsure = replace(answered(), state="unconfirmed")
    assert entry_of(unsure, "") is None and entry_of(unsure, "q0") is not None
