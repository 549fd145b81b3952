from __future__ import annotations

from datetime import date

from examples import hit

from rag.answering.context import RankedHit, ScoredSentence, select_excerpts
from rag.text.splitter import estimate_tokens


def ranked(text: str, *worths: float, title: str = "Harbour") -> RankedHit:
    """A passage whose sentences, "|" between them, have these scores."""
    sentences, at = [], 0
    for sentence, score in zip(text.split("|"), worths, strict=True):
        sentences.append(ScoredSentence(at, at + len(sentence), score))
        at += len(sentence) + 1
    return RankedHit(hit(text.replace("|", " "), title), tuple(sentences))


def test_the_sentence_that_answers_is_read_with_the_one_before_it() -> None:
    one = ranked("The mayor came.|He was born in 1961.|It rained all day in the old town.", 0.1, 0.9, 0.0)
    (excerpt,) = select_excerpts([one], 14, 4)
    assert excerpt.text == "The mayor came. He was born in 1961."


def test_what_is_left_out_between_sentences_is_marked() -> None:
    one = ranked("One fell.|Two rose.|Three sat.|Four ran.", 0.9, 0.1, 0.05, 0.8)
    (excerpt,) = select_excerpts([one], 11, 4)
    assert excerpt.text == "One fell. … Three sat. Four ran."


def test_sentences_of_several_passages_share_the_budget_and_the_best_hit_comes_first() -> None:
    near = ranked("Far off.|Quite wrong.", 0.2, 0.1, title="A")
    best = ranked("It opened in 2011.|Nobody came.", 0.9, 0.0, title="B")
    chosen = select_excerpts([near, best], 13, 4)
    assert [excerpt.text for excerpt in chosen] == ["It opened in 2011.", "Far off."]


def test_the_best_is_always_there_and_the_rest_keeps_within_the_budget() -> None:
    many = [ranked("word " * 100, 1 - n / 10, title=f"Title {n}") for n in range(8)]
    assert len(select_excerpts(many, 10, 4)) == 1
    assert len(select_excerpts(many, 100_000, 4)) == 4
    chosen = select_excerpts(many, 300, 8)
    assert 1 < len(chosen) < 8
    assert sum(estimate_tokens(f"{excerpt.heading}{excerpt.text}") for excerpt in chosen) <= 300


def test_a_long_sentence_makes_room_for_a_short_one_behind_it() -> None:
    many = [ranked("short", 3), ranked("word " * 500, 2, title="B"), ranked("also short", 1, title="C")]
    assert [excerpt.text for excerpt in select_excerpts(many, 60, 4)] == ["short", "also short"]


def test_a_heading_is_the_title_with_its_date() -> None:
    one = RankedHit(hit("text", "Harbour", published=date(2020, 5, 3)), (ScoredSentence(0, 4, 1.0),))
    assert select_excerpts([one], 60, 4)[0].heading == "Harbour (2020-05-03)"
