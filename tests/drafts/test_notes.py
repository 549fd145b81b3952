"""The draft with its notes as Markdown."""

from __future__ import annotations

from rag.drafts.checked_draft import Backing, CheckedSentence, Deviation
from rag.drafts.notes import with_notes
from rag.types import ArticleInfo

ARTICLE = ArticleInfo(id="a", source="/a.md", title="The *bridges*", language="en", outlet="Quay News")
DRAFT = "Good day.\n\nThe bridge cost 15 million. It opened in 1934!"


def checked() -> list[CheckedSentence]:
    said = DRAFT.index("15 million")
    first = DRAFT.index("The bridge")
    last = DRAFT.index("It opened")
    words = "The bridge cost 14 million."
    backing = Backing(ARTICLE, "en", 0, len(words), words, ((16, 26),))
    deviation = Deviation("number", said - first, said - first + 10, "15 million", "14 million", 1)
    return [
        CheckedSentence(0, 9, "Good day.", "en", "passed_over"),
        CheckedSentence(first, last - 1, DRAFT[first : last - 1], "en", "differs", (backing,), (deviation,)),
        CheckedSentence(last, len(DRAFT), DRAFT[last:], "en", "not_found"),
    ]


def test_the_text_keeps_its_lines_and_each_sentence_looked_up_has_a_note() -> None:
    text = with_notes(DRAFT, checked(), "en")
    assert "Good day.\n\nThe bridge cost 15 million. ≠[^1] It opened in 1934\\! ?[^2]\n" in text
    assert "[^1]: **Differs.** “15 million”: the article has “14 million”." in text
    assert "    > The bridge cost 14 million.\n" in text
    assert "The \\*bridges\\*, Quay News" in text, "an article's words are not Markdown"
    assert "[^2]: **Not confirmed.**" in text
    assert "Confirmed: 0 · Differs: 1 · Not confirmed: 1" in text


def test_the_notes_are_in_the_language_asked_for() -> None:
    assert "**Diffère.**" in with_notes(DRAFT, checked(), "fr")
