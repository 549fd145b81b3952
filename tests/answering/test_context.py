from __future__ import annotations

from datetime import date

from examples import hit

from rag.answering.context import Stretch, Weighed, choose
from rag.text.splitter import estimate_tokens


def weighed(text: str, *worths: float, title: str = "Harbour") -> Weighed:
    """A passage whose sentences, "|" between them, are worth so much."""
    stretches, at = [], 0
    for sentence, worth in zip(text.split("|"), worths, strict=True):
        stretches.append(Stretch(at, at + len(sentence), worth))
        at += len(sentence) + 1
    return Weighed(hit(text.replace("|", " "), title), tuple(stretches))


def test_the_sentence_that_answers_is_read_with_the_one_before_it() -> None:
    one = weighed("The mayor came.|He was born in 1961.|It rained all day in the old town.", 0.1, 0.9, 0.0)
    (excerpt,) = choose([one], 14, 4)
    assert excerpt.text == "The mayor came. He was born in 1961."


def test_what_is_left_out_between_sentences_is_marked() -> None:
    one = weighed("One fell.|Two rose.|Three sat.|Four ran.", 0.9, 0.1, 0.05, 0.8)
    (excerpt,) = choose([one], 11, 4)
    assert excerpt.text == "One fell. … Three sat. Four ran."


def test_sentences_of_several_passages_share_the_budget_and_the_best_hit_comes_first() -> None:
    near = weighed("Far off.|Quite wrong.", 0.2, 0.1, title="A")
    best = weighed("It opened in 2011.|Nobody came.", 0.9, 0.0, title="B")
    chosen = choose([near, best], 13, 4)
    assert [excerpt.text for excerpt in chosen] == ["It opened in 2011.", "Far off."]


def test_the_best_is_always_there_and_the_rest_keeps_within_the_budget() -> None:
    many = [weighed("word " * 100, 1 - n / 10, title=f"Title {n}") for n in range(8)]
    assert len(choose(many, 10, 4)) == 1
    assert len(choose(many, 100_000, 4)) == 4
    chosen = choose(many, 300, 8)
    assert 1 < len(chosen) < 8
    assert sum(estimate_tokens(f"{excerpt.heading}{excerpt.text}") for excerpt in chosen) <= 300


def test_a_long_sentence_makes_room_for_a_short_one_behind_it() -> None:
    many = [weighed("short", 3), weighed("word " * 500, 2, title="B"), weighed("also short", 1, title="C")]
    assert [excerpt.text for excerpt in choose(many, 60, 4)] == ["short", "also short"]


def test_a_heading_is_the_title_with_its_date() -> None:
    one = Weighed(hit("text", "Harbour", published=date(2020, 5, 3)), (Stretch(0, 4, 1.0),))
    assert choose([one], 60, 4)[0].heading == "Harbour (2020-05-03)"
