"""The sentences that are quoted for a question."""

from __future__ import annotations

from dataclasses import replace

from examples import hit

from rag.answering import quotations
from rag.answering.context import RankedHit, ScoredSentence, ScoredToken
from rag.types import SHOWN_QUOTES, Hit, Quote
from rag.verification.support import QuestionText

FIRST = hit("It opened in May. It cost 42 million. ", title="Harbour")
SECOND = hit("The mayor came. It rained.", title="Rain")


def select_quotes(read: list[RankedHit], hits: list[Hit], question: str = "?") -> tuple[Quote, ...]:
    return quotations.select_quotes(read, hits, QuestionText(question, "en"))


def ranked(one: object, *parts: tuple[str, float]) -> RankedHit:
    text, sentences = one.passage.text, []  # type: ignore[attr-defined]
    for part, score in parts:
        start = text.index(part)
        token = ScoredToken(start, start + 2, 1.0)
        sentences.append(ScoredSentence(start, start + len(part), score, (token,)))
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
        select_quotes(
            [RankedHit(one, (ScoredSentence(0, len(text), 1.0, (ScoredToken(*span, 1.0),)),))], [one]
        )[0].strong
        for text, span in (("Ils sont huit pays.", (9, 12)), ("耗资四千二百万元。", (2, 4)))
        for one in [hit(text)]
    ]
    assert found == [((9, 13),), ((2, 7),)]


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


def test_headings_and_questions_come_last_and_the_words_of_the_question_count() -> None:
    parts = [
        ("Why the harbour?", 3.0),
        ("What it cost", 2.0),
        ("The bridge opened.", 1.0),
        ("The harbour closed.", 0.9),
    ]
    one = hit("\n".join(text for text, _ in parts), title="Harbour")
    found = select_quotes([ranked(one, *parts)], [one], "When did the harbour close?")
    texts = [one.passage.text[quote.start : quote.end] for quote in found]
    assert texts[:2] == ["The harbour closed.", "The bridge opened."]


def test_asked_when_the_whole_day_is_marked() -> None:
    text = "They settled their programme for 2019 in Moscow on Monday 3 December."
    one, tokens = hit(text), []
    for word, logit in (("2019", 5.0), ("3", 1.0), ("December", 1.0)):
        start = text.index(word)
        tokens.append(ScoredToken(start, start + len(word), logit))
    read = [RankedHit(one, (ScoredSentence(0, len(text), 1.0, tuple(tokens)),))]
    marks = {
        question: [text[slice(*mark)] for mark in select_quotes(read, [one], question)[0].strong]
        for question in ("When did they settle it?", "Which year is it for?")
    }
    assert marks == {"When did they settle it?": ["3 December"], "Which year is it for?": ["2019"]}
