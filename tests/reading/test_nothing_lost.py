"""Whatever is read: title, text and what was left out together have every word of the file."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_examples import BODY, CAPTIONS, HEADINGS, TEASERS, TITLES

from rag.errors import Unreadable
from rag.reading import Reading, load, readings
from rag.text.sentences import sentences
from rag.text.splitter import split

CORPUS = Path(__file__).parents[2] / "corpus"
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
LINES = st.sampled_from(
    [
        *(line for lines in BODY.values() for line in lines),
        *TITLES.values(),
        *CAPTIONS.values(),
        *(heading for headings in HEADINGS.values() for heading in headings),
        *(line for teasers in TEASERS.values() for teaser in teasers for line in teaser),
        *(
            "12 March 2021",
            "2021年3月12日 09:00 来源：海岸日报",
            "By Jane Doe",
            "Share",
            "Facebook",
            "News",
            "4",
            "4",
        ),
        *("• 30 April 1999. Cambodia is admitted.", "Home > News > Coast", "#ferry #island", "The end. –AFP"),
    ]
)
BOXES = st.sampled_from(
    [
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<li>{}</li>",
        "<td>{}</td>",
        "<div>{}</div>",
        "<div hidden>{}</div>",
        '<div class="related"><a href="/1">{}</a></div>',
        "<figcaption>{}</figcaption>",
        "<footer>{}</footer>",
        '<p style="opacity:0">{}</p>',
        "<aside><p>{}</p></aside>",
        "<nav><a href='/2'>{}</a></nav>",
    ]
)


def words(*texts: str) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(texts).casefold()))


def lost(content: str, suffix: str, given_words: Counter[str]) -> Counter[str]:
    """The words of a file that are neither in an article nor left out."""
    try:
        found = [
            part
            for part in readings(content.encode(), f"/a/one{suffix}", suffix)
            if isinstance(part, Reading)
        ]
    except Unreadable:
        return Counter()  # the whole file is named as skipped
    kept = words(
        *(part.article.title for part in found),
        *(part.article.text for part in found),
        *(line.text for part in found for line in part.left_out),
    )
    return given_words - kept


@given(st.lists(LINES, min_size=1, max_size=14), st.sampled_from([".txt", ".md"]))
def test_of_a_text_nothing_is_lost(lines: list[str], suffix: str) -> None:
    assert not lost("\n\n".join(lines), suffix, words(*lines))


@given(st.lists(st.tuples(BOXES, LINES), min_size=1, max_size=14), st.booleans())
def test_of_a_page_nothing_is_lost(boxes: list[tuple[str, str]], inside: bool) -> None:
    inner = "".join(box.format(escape(line)) for box, line in boxes)
    body = f"<article>{inner}</article>" if inside else inner
    assert not lost(f"<html><body>{body}</body></html>", ".html", words(*(line for _, line in boxes)))


def _plain(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.md")), ids=lambda path: path.name)
def test_every_sentence_of_the_corpus_is_in_a_passage(path: Path) -> None:
    content, _ = load(path, path.suffix)
    (found,) = readings(content, str(path), path.suffix)
    assert isinstance(found, Reading)
    article = found.article
    stored = _plain(" ".join(passage.text for passage in split(article)) + article.title)
    body = content.decode().split("\n---\n", 1)[-1]
    for line in body.split("\n"):
        line = re.sub(r"^[#>\s*+-]+|\[\^?\d+\]|[*_`]{1,3}", "", line)
        line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
        for start, end in sentences(line, article.language):
            sentence = line[start:end]
            assert _plain(sentence) in stored, sentence
