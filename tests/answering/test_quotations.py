"""The sentences that are quoted for a question."""

from __future__ import annotations

from dataclasses import replace

from examples import hit

from rag.answering.context import RankedHit, ScoredSentence
from rag.answering.quotations import select_quotes
from rag.types import SHOWN_QUOTES

FIRST = hit("It opened in May. It cost 42 million. ", title="Harbour")
SECOND = hit("The mayor came. It rained.", title="Rain")


def ranked(one: object, *parts: tuple[str, float]) -> RankedHit:
    text, sentences = one.passage.text, []  # type: ignore[attr-defined]
    for part, score in parts:
        start = text.index(part)
        sentences.append(ScoredSentence(start, start + len(part), score, (start, start + 2)))
    return RankedHit(one, tuple(sentences))  # type: ignore[arg-type]


def test_the_best_sentences_come_first_with_their_passage_and_words() -> None:
    read = [
        ranked(FIRST, ("It opened in May. ", 1.0), ("It cost 42 million. ", 3.0)),
        ranked(SECOND, ("The mayor came. ", 2.0), ("It rained.", 0.5)),
    ]
    found = select_quotes(read, [SECOND, FIRST])
    texts = [(SECOND, FIRST)[one.n - 1].passage.text[one.start : one.end] for one in found]
    assert texts == ["It cost 42 million.", "The mayor came.", "It opened in May."]
    start = FIRST.passage.text.index("It cost")
    assert found[0].strong == ((start, start + len("It")),)


def test_words_that_answer_are_whole() -> None:
    found = [
        select_quotes([RankedHit(one, (ScoredSentence(0, len(text), 1.0, span),))], [one])[0].strong
        for text, span in (("Ils sont huit pays.", (9, 12)), ("耗资四千二百万元。", (2, 4)))
        for one in [hit(text)]
    ]
    assert found == [((9, 13),), ((2, 4),)]


def test_each_passage_has_its_best_sentence_behind_those_that_are_shown() -> None:
    parts = [(f"No. {n}.", float(n)) for n in range(1, 6)]
    many = hit(" ".join(text for text, _ in parts), title="Many")
    found = select_quotes([ranked(many, *parts), ranked(SECOND, ("It rained.", 0.1))], [many, SECOND])
    assert [one.n for one in found] == [1] * SHOWN_QUOTES + [2]


def test_a_sentence_that_two_articles_have_is_quoted_once() -> None:
    copy = replace(SECOND, passage=replace(SECOND.passage, article_id="other"))
    found = select_quotes(
        [ranked(SECOND, ("It rained.", 1.0)), ranked(copy, ("It rained.", 0.9))], [SECOND, copy]
    )
    assert [one.n for one in found] == [1]
