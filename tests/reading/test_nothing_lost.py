"""Whatever is read: title, text and what was left out together have every word of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_examples import BODY, CAPTIONS, HEADINGS, TEASERS, TITLES
from saved import documents

from rag.errors import Unreadable
from rag.reading import Reading, load, readings
from rag.reading.raw_article import is_same_title
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


def lost(content: str | bytes, suffix: str, lines: Sequence[str]) -> Counter[str]:
    """The words of a file's lines that are neither in an article nor left out; a title may be repeated."""
    data = content.encode() if isinstance(content, str) else content
    try:
        parts = list(readings(data, f"/a/one{suffix}", suffix))
    except Unreadable:
        return Counter()  # the whole file is named as skipped
    found = [part for part in parts if isinstance(part, Reading)]
    if not found:
        return Counter()
    titles = [part.article.title for part in found]
    repeated = [line for line in lines for title in titles if is_same_title(line, title)]
    texts = [part.article.text for part in found]
    return words(*lines) - words(
        *titles, *repeated[1:], *texts, *(line.text for part in found for line in part.left_out)
    )


@given(st.lists(LINES, min_size=1, max_size=14), st.sampled_from([".txt", ".md"]))
def test_of_a_text_nothing_is_lost(lines: list[str], suffix: str) -> None:
    assert not lost("\n\n".join(lines), suffix, lines)


@given(st.lists(st.tuples(BOXES, LINES), min_size=1, max_size=14), st.booleans())
def test_of_a_page_nothing_is_lost(boxes: list[tuple[str, str]], inside: bool) -> None:
    inner = "".join(box.format(escape(line)) for box, line in boxes)
    body = f"<article>{inner}</article>" if inside else inner
    assert not lost(f"<html><body>{body}</body></html>", ".html", [line for _, line in boxes])


WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
TEXT_BOX = f"<w:txbxContent>{PARAGRAPH}</w:txbxContent>"
WORD_BOXES = st.sampled_from(
    [
        PARAGRAPH,
        f"<w:sdt><w:sdtContent>{PARAGRAPH}</w:sdtContent></w:sdt>",
        f"<w:tbl><w:tr><w:tc>{PARAGRAPH}</w:tc><w:tc>{PARAGRAPH.format('4')}</w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{TEXT_BOX}</mc:Choice></mc:AlternateContent></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc><w:p><w:r>{TEXT_BOX}</w:r></w:p></w:tc></w:tr></w:tbl>",
    ]
)


@given(st.lists(st.tuples(WORD_BOXES, LINES), min_size=1, max_size=14))
def test_of_a_word_document_nothing_is_lost(boxes: list[tuple[str, str]]) -> None:
    body = "".join(box.format(escape(line)) for box, line in boxes)
    root = f'<w:document xmlns:w="{WORD_SPACE}" xmlns:mc="{COMPATIBLE}"><w:body>{body}</w:body></w:document>'
    data = documents.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": root})
    assert not lost(data, ".docx", [line for _, line in boxes])


@given(st.lists(LINES, min_size=1, max_size=14, unique=True), st.sampled_from([1, 2]), st.floats(7, 20))
def test_of_a_pdf_nothing_is_lost(lines: list[str], columns: int, size: float) -> None:
    """Lines differ, because PDFium drops a text that is drawn again nearby: shadows are drawn so."""
    first, *parts = (part for line in lines for part in documents.wrapped(line, 230, 10))
    placed = [
        (60.0 + 260 * (n % columns), 770 - 14.0 * (n // columns), 10.0, part) for n, part in enumerate(parts)
    ]
    placed = [(60.0, 800.0, size, first), *placed]
    assert not lost(documents.pdf([placed]), ".pdf", lines)


@given(st.lists(LINES, min_size=1, max_size=14), st.integers(0, 14))
def test_of_a_plain_mail_nothing_is_lost(lines: list[str], signature: int) -> None:
    said = [*lines[:signature], "-- ", *lines[signature:]]
    head = "Subject: The ferry\nContent-Type: text/plain; charset=utf-8\n\n"
    assert not lost(head + "\n\n".join(said), ".eml", lines)


@given(st.lists(st.tuples(BOXES, LINES), min_size=1, max_size=14), st.sampled_from([".eml", ".rss", ".csv"]))
def test_of_html_in_a_mail_feed_or_record_nothing_is_lost(boxes: list[tuple[str, str]], suffix: str) -> None:
    inner = "".join(box.format(escape(line)) for box, line in boxes)
    quoted = inner.replace('"', '""')
    around = {
        ".eml": f"Subject: The ferry\nContent-Type: text/html; charset=utf-8\n\n{inner}",
        ".rss": f'<rss version="2.0"><channel><item><title>The ferry</title><description><![CDATA[{inner}]]></description></item></channel></rss>',
        ".csv": f'title,text\nThe ferry,"{quoted}"\n',
    }
    assert not lost(around[suffix], suffix, [line for _, line in boxes])


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
