from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.citations import MarkStream, cited_sentences, with_marks
from rag.types import Sentence


def shown(text: str, passages: int = 3, size: int = 1) -> str:
    marks = MarkStream(passages)
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    return "".join(map(marks.feed, pieces)) + marks.finish()


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("It opened [1].", "It opened [1]."),
        ("开放【2】。", "开放 [2]。"),
        ("Both [1, 2] agree.", "Both [1][2] agree."),
        ("Both [1][2] agree.", "Both [1] [2] agree."),
        ("All [1-3] agree.", "All [1][2][3] agree."),
        ("It opened [^1].", "It opened [1]."),
        ("It opened [Passage 1].", "It opened [1]."),
        ("Il ouvre [1 et 3].", "Il ouvre [1][3]."),
        ("It opened [7].", "It opened."),
        ("It opened [1, 7].", "It opened [1]."),
        ("It opened [0].", "It opened."),
        ("A list [of things] stays.", "A list [of things] stays."),
        ("An open [ stays open", "An open [ stays open"),
        ("It broke off [1", "It broke off"),
        ("It broke off [", "It broke off"),
        ("One line.\n[1] Another.", "One line.\n [1] Another."),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_marks_are_read_however_they_are_written_and_cut(written: str, reads: str, size: int) -> None:
    assert shown(written, size=size) == reads


@given(st.text(alphabet="ab 123[]【】,.\n", max_size=60), st.integers(1, 7))
def test_a_cut_stream_reads_as_a_whole_one(text: str, size: int) -> None:
    assert shown(text, size=size) == shown(text, size=1000)


@given(st.text(alphabet="ab 0123456789[]【】,", max_size=60), st.integers(1, 7))
def test_no_unknown_number_is_ever_shown_as_a_mark(text: str, size: int) -> None:
    found = cited_sentences(shown(text, 3, size), "en", 3)
    assert all(1 <= n <= 3 for s in found for n in s.citations)


def test_a_mark_belongs_to_its_sentence_even_behind_the_full_stop() -> None:
    found = cited_sentences("The harbour opened. [1] It cost much [2]. Nobody asked.", "en", 2)
    assert [(s.text, s.citations) for s in found] == [
        ("The harbour opened.", (1,)),
        ("It cost much.", (2,)),
        ("Nobody asked.", ()),
    ]


def test_marks_are_written_behind_their_sentences_and_the_layout_stays() -> None:
    text = "Two things:\n\n1. It opened. [1][2]\n2. It closed."
    said = [("Two things:", ()), ("1. It opened.", (1, 2)), ("2. It closed.", (3,))]
    found = [Sentence(text, cited, "supported") for text, cited in said]
    assert with_marks(text, found, "en") == "Two things:\n\n1. It opened. [1][2]\n2. It closed. [3]"
    assert with_marks("通车【", [Sentence("通车", (1,), "supported")], "zh") == "通车[1]【"


@given(st.text(alphabet="ab. \n[1]23。", max_size=80))
def test_marks_can_always_be_written_back(text: str) -> None:
    clean = shown(text)
    found = cited_sentences(clean, "en", 3)
    again = cited_sentences(with_marks(clean, found, "en", keep_unsupported=True), "en", 3)
    assert [s.text for s in again] == [s.text for s in found]


def test_a_sentence_that_nothing_bears_out_is_left_out_of_the_answer() -> None:
    found = [Sentence("It opened.", (1,), "supported"), Sentence("It cost a fortune.")]
    assert with_marks("It opened. [1] It cost a fortune.", found, "en") == "It opened. [1]"
    assert with_marks("It opened. [1] It cost a fortune.", found, "en", keep_unsupported=True).endswith(
        "a fortune."
    )
