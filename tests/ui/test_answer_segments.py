"""An answer's text, cut into paragraphs, sentences and citation marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.types import Sentence
from rag.ui.answer_segments import Paragraph, paragraphs


def words(cut: list[Paragraph]) -> list[str]:
    return ["".join(s.get("t", "") for s in p["segments"]) for p in cut]


def marks(cut: list[Paragraph]) -> list[int]:
    return [s["c"] for p in cut for s in p["segments"] if "c" in s]


def shown(cut: list[Paragraph]) -> str:
    """The paragraphs as a reader sees them, citations in angle brackets."""
    lines = []
    for paragraph in cut:
        segments = paragraph["segments"]
        lines.append("".join(s.get("t", "") + (f"<{s['c']}>" if "c" in s else "") for s in segments))
    return "\n".join(lines)


def test_marks_become_citations() -> None:
    assert shown(paragraphs("It opened [1] in March [2][3].", 3)) == "It opened<1> in March.<2><3>"


def test_a_citation_holds_on_to_the_word_before_it() -> None:
    segments = paragraphs("It opened in March [1]. Then", 1)[0]["segments"]
    assert segments == [{"t": "It opened in "}, {"c": 1, "t": "March."}, {"t": " Then"}]


def test_a_citation_holds_on_to_a_few_ideographs_not_to_a_whole_sentence() -> None:
    segments = paragraphs("双方同意在年内完成勘界[1]。", 1)[0]["segments"]
    assert segments == [{"t": "双方同意在年内完成"}, {"c": 1, "t": "勘界。"}]


def test_numbers_of_no_passage_never_show() -> None:
    cut = paragraphs("It opened [7] in March [0].", 2)
    assert (marks(cut), words(cut)) == ([], ["It opened in March."])


def test_lines_become_paragraphs_and_items() -> None:
    cut = paragraphs("Two things:\n\n- **ships** [1]\n2. rain\n", 1)
    assert [p["kind"] for p in cut] == ["p", "li", "li"]
    assert words(cut) == ["Two things:", "ships", "rain"]


def test_every_piece_knows_its_sentence() -> None:
    sentences = [Sentence("One is here.", (1,)), Sentence("Two is  there.", (2,))]
    cut = paragraphs("One is here [1]. Two is there [2].", 2, sentences)
    by_sentence = [(s.get("s"), s.get("t"), s.get("c")) for s in cut[0]["segments"]]
    assert by_sentence == [
        (0, "One is ", None),
        (0, "here.", 1),
        (None, " ", None),
        (1, "Two is ", None),
        (1, "there.", 2),
    ]


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    cut = paragraphs("One. [1] Two.", 1, [Sentence("One.", (1,)), Sentence("Two.")])
    assert [s.get("s") for s in cut[0]["segments"]] == [0, None, 1]


def test_a_citation_that_the_check_added_stands_at_the_end_of_its_sentence() -> None:
    sentences = [Sentence("One.", (2,), added=True), Sentence("Two.", (1,))]
    assert shown(paragraphs("One. Two [1].", 2, sentences)) == "One.<2> Two.<1>"


def test_a_sentence_that_is_not_in_the_text_changes_nothing() -> None:
    sentences = [Sentence("Never said.", (1,)), Sentence("Said.", (1,))]
    cut = paragraphs("Said [1].", 1, sentences)
    assert cut[0]["segments"] == [{"t": "Said.", "c": 1, "s": 1}]


def test_twice_the_same_sentence_is_two_sentences() -> None:
    cut = paragraphs("Yes. Yes.", 0, [Sentence("Yes."), Sentence("Yes.")])
    assert [s.get("s") for s in cut[0]["segments"]] == [0, None, 1]


@given(st.text(alphabet="ab。 .\n[1]-*", max_size=60))
def test_no_letter_is_lost_or_invented(text: str) -> None:
    cut = paragraphs(text, 1, [Sentence(part) for part in text.split(".")])
    letters = [c for c in "".join(words(cut)) if c in "ab。"]
    assert letters == [c for c in text if c in "ab。"]
    assert set(marks(cut)) <= {1}


def test_a_table_has_its_cells_under_their_columns() -> None:
    cut = paragraphs("Both:\n| Ferry | Bridge |\n|---|---|\n| slow [1] | “fast” [2] |\n- later", 2)
    assert [p["kind"] for p in cut] == ["p", "th", "th", "td", "td", "li"]
    assert shown(cut) == "Both:\nFerry\nBridge\nslow<1>\n“fast”<2>\nlater"
    assert [p["label"] for p in cut if p["kind"] == "td"] == ["Ferry", "Bridge"]
