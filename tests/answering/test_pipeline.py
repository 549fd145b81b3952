from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from answering_examples import QUESTION, answering
from examples import write

from rag.answering.query import Request
from rag.errors import Interrupted, ModelMissing
from rag.events import (
    Answered,
    Checked,
    Event,
    Failed,
    Loading,
    NotFound,
    Prompted,
    Rephrased,
    Retrieved,
    Rewritten,
    Thinking,
    Token,
    Unconfirmed,
)
from rag.ingestion.ingester import Ingester
from rag.llm.generator import ChatMessage, Done, Thought
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Filters, Mended, Turn

REQUEST = Request(QUESTION, "en", "scripted")


class Cold(Scripted):
    """A model that is not in memory; an embedded one comes into it when it counts."""

    def __init__(self, *pieces: str, embedded: bool) -> None:
        super().__init__(*pieces)
        self.model, self.embedded = replace(self.model, loaded=False), embedded

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        self.model = replace(self.model, loaded=self.embedded)
        return super().count_tokens(messages)


@pytest.mark.parametrize(
    ("embedded", "told"), [(True, [Loading(), Loading(over=True)]), (False, [Loading()])]
)
def test_a_model_that_is_not_in_memory_is_told_to_be_loaded(ask, embedded: bool, told: list[Event]) -> None:
    cold = Cold("The works cost 42 million crowns [1].", embedded=embedded)
    first, *events = ask(cold)
    assert isinstance(first, Retrieved) and events[: len(told)] == told
    assert isinstance(events[len(told)], Prompted) and isinstance(events[-1], Answered)
    assert Loading() not in ask(Scripted("The works cost 42 million crowns [1]."))


def test_the_passages_come_first_then_words_then_the_checked_end(ask) -> None:
    events = ask(Scripted("The works cost ", "42 million crowns [", "1]."))
    shape = [type(event) for event in events]
    assert shape == [Retrieved, Prompted, Token, Token, Token, Checked, Answered]
    answer = events[-1].answer
    assert answer.text == "The works cost 42 million crowns. [1]"
    assert answer.hits == events[0].hits
    assert "42 million" in answer.hits[0].passage.text
    assert answer.sentences[0].support == "supported"
    assert answer.prompt_tokens == 10
    assert answer.timings.retrieve_ms <= answer.timings.first_token_ms <= answer.timings.total_ms


def test_what_was_found_and_not_read_is_kept(indexed: Store, embedder: HashEmbedder) -> None:
    scripted = Scripted("The works cost 42 million crowns [1].")
    events = list(answering(indexed, embedder, scripted, passages=1).answer(REQUEST))
    answer = events[-1].answer
    assert answer.unused == events[0].unused != ()
    assert not {*answer.unused} & {*answer.hits}
    assert all(hit.why for hit in answer.unused)


def test_what_the_reader_saw_while_it_streamed_holds_no_unknown_mark(ask) -> None:
    events = ask(Scripted("It cost 42 million [", "9", "] crowns 【1", "】."))
    streamed = "".join(event.text for event in events if isinstance(event, Token))
    assert streamed == "It cost 42 million crowns [1]."


def test_thoughts_are_kept_apart_from_the_answer(ask) -> None:
    events = ask(Scripted(Thought("Let me see [1]. "), Thought("Yes."), "The works cost 42 million [1]."))
    assert [event.text for event in events if isinstance(event, Thinking)] == ["Let me see [1]. ", "Yes."]
    assert events[-1].answer.thinking == "Let me see [1]. Yes."
    assert "Let me" not in events[-1].answer.text


def test_a_model_that_fails_in_the_middle_leaves_what_it_wrote(ask) -> None:
    events = ask(Scripted("The works cost 42 million [1]. The", Interrupted("The engine broke off.")))
    assert isinstance(events[-1], Failed)
    assert str(events[-1].message) == "The engine broke off."
    assert events[-1].answer.text.startswith("The works cost 42 million. [1]")
    assert events[-1].answer.interrupted


def test_a_model_that_is_gone_fails_with_its_message(indexed: Store, embedder: HashEmbedder) -> None:
    gone = ModelMissing("The model is no longer there.")
    events = list(answering(indexed, embedder, gone).answer(REQUEST))
    assert isinstance(events[0], Retrieved)
    assert str(events[-1].message) == "The model is no longer there."


def test_an_answer_that_no_passage_says_is_not_an_answer(ask) -> None:
    events = ask(Scripted("Zebras migrate every 77 days."))
    assert isinstance(events[-1], Unconfirmed)
    assert not events[-1].answer.found
    assert events[-1].answer.hits, "the closest passages are shown"


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "articles"), ("zh", "文章"), ("vi", "bài viết"), ("ru", "статьях")]
)
def test_not_found_is_said_in_the_language_of_the_question(ask, language: str, word: str) -> None:
    events = ask(Scripted("Zebras migrate every 77 days."), language=language)
    assert word in events[-1].answer.text


def test_nothing_near_is_not_even_asked_of_the_model(ask) -> None:
    generator = Scripted("Anything [1].")
    events = ask(generator, question="zzz qqq xxx")
    assert isinstance(events[-1], NotFound)
    assert generator.asked == []


def test_closing_the_answer_stops_the_model(indexed: Store, embedder: HashEmbedder) -> None:
    generator = Scripted("one ", "two ", "three ")
    events = answering(indexed, embedder, generator).answer(REQUEST)
    for event in events:
        if isinstance(event, Token):
            break
    events.close()
    assert generator.closed


def test_a_cut_answer_or_prompt_is_said(ask) -> None:
    events = ask(Scripted("The works cost 42 million [1].", Done(prompt_tokens=5, cut=True, prompt_cut=True)))
    assert len(events[-1].answer.warnings) == 2


def test_a_model_that_repeats_itself_is_stopped(ask) -> None:
    generator = Scripted("The works cost 42 million. ", *["Here is the answer: "] * 50)
    (*_, end) = ask(generator)
    assert end.answer.text.count("Here is the answer") == 1
    assert any("repeat" in str(warning) for warning in end.answer.warnings)
    assert generator.closed


def test_what_the_passages_do_not_say_is_set_apart_and_named(ask) -> None:
    (*_, end) = ask(Scripted("The works cost 42 million crowns [1]. They began in 1987 [1]."))
    assert "1987" not in end.answer.text
    supported, apart = end.answer.sentences
    assert (supported.support, apart.support) == ("supported", "unsupported")
    assert "1987" in str(apart.reason)


def test_a_question_about_somebody_whom_no_article_knows_is_refused_before_the_model_is_asked(ask) -> None:
    generator = Scripted("Barack Obama paid for the works [1].")
    (*_, end) = ask(generator, "What did Barack Obama pay for the works in the harbour of Kestrel Bay?")
    assert isinstance(end, Unconfirmed)
    assert generator.asked == []
    assert any("“Barack Obama”" in str(line) for line in end.answer.advice)


def test_a_misspelt_name_is_put_right(ask) -> None:
    (*_, end) = ask(Scripted("?"), "What did Irma Brandel say about ships in the harbour of Kestrel Bay?")
    assert isinstance(end, Unconfirmed)
    assert "Did you mean “Ida Brandt”?" in map(str, end.answer.advice)


def test_a_follow_up_is_searched_with_what_it_leans_on(ask) -> None:
    history = [Turn(QUESTION, "The works cost 42 million crowns. [1]")]
    events = ask(Scripted("Three years of dredging [1]."), "How long did they take?", history=history)
    assert isinstance(events[0], Rephrased)
    assert "Kestrel Bay" in events[0].question
    assert events[-1].answer.searched == events[0].question
    assert isinstance(events[-1], Answered)


def test_a_small_model_is_asked_what_is_asked_last_alone_and_told_what_was_before(ask) -> None:
    scripted = Scripted("Three years of dredging [1].")
    ask(scripted, "How long did they take?", history=[Turn(QUESTION, "They cost 42 million crowns. [1]")])
    (messages,) = scripted.asked
    *_, earlier, asked = messages[1].content.split("\n\n")
    assert earlier == f"Earlier: {QUESTION} They cost 42 million crowns."
    assert asked.startswith("Question: How long did they take?\n")


def test_a_question_that_stands_alone_is_left_alone(ask) -> None:
    history = [Turn("Who is the mayor of Montfleur?", "Nobody says.")]
    events = ask(Scripted("The works cost 42 million crowns [1]."), history=history)
    assert isinstance(events[0], Retrieved)
    assert events[-1].answer.searched == ""


class Bilingual(Scripted):
    """Answers in French, and translates when it is asked to."""

    def stream(self, messages, max_tokens):
        asked = "Translate" in messages[-1].content
        self.pieces = (
            ("The works cost 42 million crowns.",) if asked else ("Les travaux ont coûté 42 millions.",)
        )
        return super().stream(messages, max_tokens)


def test_an_answer_in_another_language_is_translated_once(ask) -> None:
    events = ask(Bilingual())
    assert [event.text for event in events if isinstance(event, Rewritten)] == [
        "The works cost 42 million crowns."
    ]
    assert events[-1].answer.text == "The works cost 42 million crowns. [1]"


def test_a_number_that_was_written_apart_is_put_right_before_the_check(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = write(tmp_path / "border", laos="The border\n\nThe border with Laos is 2 337 kilometres long.")
    Ingester(store, embedder).run([folder])
    said = Scripted("The border with Laos is 2, 337 kilometres long.")
    request = Request("How long is the border with Laos?", "en", "scripted")
    events = list(answering(store, embedder, said).answer(request))
    assert [event.text for event in events if isinstance(event, Rewritten)] == [
        "The border with Laos is 2,337 kilometres long."
    ]
    assert events[-1].answer.text == "The border with Laos is 2,337 kilometres long. [1]"


def test_filters_that_hide_the_nearest_article_are_named(indexed: Store, embedder: HashEmbedder) -> None:
    request = Request(QUESTION, "en", "scripted", filters=Filters(languages=("fr",)))
    (*_, end) = answering(indexed, embedder, Scripted("Zebras.")).answer(request)
    assert isinstance(end, NotFound)
    assert any("without the filters" in str(line) and "harbour" in str(line) for line in end.answer.advice)


OTHER = """The works in the harbour

Ships are back in Kestrel Bay, where dredging is over. The works in the harbour cost 57 million crowns.
"""


def test_sources_that_differ_are_both_named(store: Store, embedder: HashEmbedder, articles: Path) -> None:
    (articles / "other.txt").write_text(OTHER, encoding="utf-8")
    Ingester(store, embedder).run([articles])
    ready = answering(store, embedder, Scripted("The works cost 42 million crowns [1]."))
    (*_, end) = ready.answer(REQUEST)
    assert "The sources differ" in end.answer.text
    assert "42 million" in end.answer.text
    assert "57 million" in end.answer.text


def test_a_misspelled_name_is_searched_as_the_library_spells_it_and_told(ask) -> None:
    writer = Scripted("Harbour master Ida Brandt said that forty ships are expected every week [1].")
    first, *_, last = ask(writer, "How many ships are expected every week by harbour master Brnadt?")
    assert isinstance(first, Retrieved) and isinstance(last, Answered)
    assert first.mended == last.answer.mended == (Mended("Brnadt", "Brandt"),)
    assert "Brnadt" in writer.asked[0][-1].content, "the model reads what was asked"


def test_a_name_that_is_spelled_rightly_or_is_near_nothing_is_not_mended(ask) -> None:
    writer = Scripted("Harbour master Ida Brandt said that forty ships are expected every week [1].")
    assert (
        ask(writer, "How many ships are expected every week by harbour master Brandt?")[-1].answer.mended
        == ()
    )
    other = ask(writer, "How many ships are expected every week by harbour master Zimmermann?")[-1]
    assert isinstance(other, Unconfirmed) and other.answer.mended == ()
