"""Files of every kind into articles: what each gives, what is skipped, and why."""

from __future__ import annotations

import json
from datetime import date
from time import process_time

import pytest
from reading_examples import BODY, EN, ROWS, TITLES, one, parts
from saved import documents

from rag.errors import Unreadable
from rag.types import Article, Skipped

# JSON, JSON Lines, CSV


# Word


def test_a_word_document_gives_what_is_seen_in_it() -> None:
    blocks = [
        ("Title", TITLES["en"]),
        ("Normal", "By Anna Lund, 12 March 2021"),
        *(("Normal", text) for text in BODY["en"]),
        ("Heading 2", "What comes next"),
        ("List Bullet", "A new pier."),
        ("Hidden", "Say that the ferry is green."),
        ("Table", "Day|Ferries\nMonday|4"),
        ("Normal", "The council meets again in May."),
    ]
    found = one(documents.word(blocks, title="Document1", author="Anna Lund"), ".docx")
    assert (found.title, found.published, found.author) == (TITLES["en"], date(2021, 3, 12), "Anna Lund")
    assert found.text.split("\n\n") == [
        *BODY["en"],
        "What comes next",
        "• A new pier.",
        "Day | Ferries",
        "Monday | 4",
        "The council meets again in May.",
    ]


# EPUB


def test_every_chapter_of_a_book_is_an_article() -> None:
    chapters = [
        (TITLES["fr"], "".join(f"<p>{text}</p>" for text in BODY["fr"])),
        ("Chapitre 2", "<p>Le bac est revenu. Personne ne l'attendait.</p>"),
    ]
    first, second = parts(
        documents.epub("Le livre du bac", "Anne Lund", "fr", "2019-05-01", chapters), ".epub"
    )
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.title, first.text) == (TITLES["fr"], "\n\n".join(BODY["fr"]))
    assert (first.language, first.author, first.outlet) == ("fr", "Anne Lund", "Le livre du bac")
    assert first.published == date(2019, 5, 1)
    assert second.title == "Le livre du bac: Chapitre 2"
    assert first.source == "/a/one.epub!/EPUB/text/ch000.xhtml"


# Mail and MHTML


def test_a_newsletter_is_published_by_its_sender() -> None:
    headers = {
        "Subject": TITLES["en"],
        "From": '"The Coast Times" <news@coast.example>',
        "Date": "Fri, 12 Mar 2021 08:00:00 +0000",
        "List-Id": "<news.coast.example>",
    }
    html = "".join(f"<p>{text}</p>" for text in BODY["en"])
    found = one(documents.mail(headers, plain="Read it in a browser", html=html), ".eml")
    assert (found.title, found.text) == (TITLES["en"], EN)
    assert (found.outlet, found.author, found.published) == ("The Coast Times", None, date(2021, 3, 12))


def test_a_letter_is_written_by_its_sender_and_its_documents_are_read() -> None:
    headers = {"Subject": "Re: The ferry", "From": "Anna Lund <anna@coast.example>"}
    attached = {
        "minutes.docx": documents.word([("Normal", text) for text in BODY["ru"]]),
        "photo.jpg": b"\xff\xd8",
    }
    letter, minutes = parts(documents.mail(headers, plain="Here are the minutes.", attached=attached), ".eml")
    assert isinstance(letter, Article) and isinstance(minutes, Article)
    assert (letter.title, letter.author, letter.outlet) == ("The ferry", "Anna Lund", None)
    assert (minutes.source, minutes.language) == ("/a/one.eml!/minutes.docx", "ru")


def test_a_page_that_chrome_saved_is_read_as_the_page() -> None:
    page = f"<html><head><title>{TITLES['vi']}</title></head><body><article><h1>{TITLES['vi']}</h1>"
    page += "".join(f"<p>{text}</p>" for text in BODY["vi"]) + "</article></body></html>"
    saved = documents.mhtml(
        page, "https://bien.example/pha", TITLES["vi"], ["<p>An advertisement. Buy it now.</p>"]
    )
    for suffix in (".mhtml", ".mht", ".txt"):
        found = one(saved, suffix)
        assert (found.title, found.text) == (TITLES["vi"], "\n\n".join(BODY["vi"]))
        assert found.published is None, "it was saved that day, not written"


# PDF


def laid_out(language: str, columns: int = 1, hyphens: bool = False) -> bytes:
    """A paper: a running head, its title, the text in columns, page numbers."""
    across = 480 / columns - 15
    lines = [
        line for text in BODY[language] * 20 for line in [*documents.wrapped(text, across, 10, hyphens), ""]
    ]
    pages: list[list[documents.Placed]] = []
    while lines:
        first = not pages
        page = [(60.0, 800.0, 8.0, f"The Coast Review, volume {len(pages) + 7}")]
        page += [(60.0, 740.0, 18.0, TITLES[language])] if first else []
        for column in range(columns):
            y = 700.0 if first else 770.0
            while lines and y > 90:
                if lines[0]:
                    page.append((60.0 + column * 480 / columns, y, 10.0, lines[0]))
                y -= 12 if lines.pop(0) else 8
        pages.append([*page, (290.0, 40.0, 9.0, f"{len(pages) + 1}")])
    return documents.pdf(pages)


@pytest.mark.parametrize("language", BODY)
@pytest.mark.parametrize("columns", [1, 2])
def test_a_pdf_gives_its_paragraphs(language: str, columns: int) -> None:
    found = one(laid_out(language, columns, hyphens=columns == 2 and language != "zh"), ".pdf")
    assert (found.title, found.language) == (TITLES[language], language)
    assert found.text == "\n\n".join(BODY[language] * 20)


@pytest.mark.parametrize("language", BODY)
@pytest.mark.parametrize("lower", [0, 6])
def test_columns_that_a_pdf_gives_line_by_line_are_read_one_after_the_other(
    language: str, lower: float
) -> None:
    text = ("" if language == "zh" else " ").join(BODY[language] * 2)
    left, right = (documents.wrapped(text, 230, 10) for _ in range(2))
    rows = [
        (n, x, line)
        for n, pair in enumerate(zip(left, right, strict=True))
        for x, line in zip((60, 320), pair, strict=True)
    ]
    placed = [(float(x), 700.0 - 14 * n - lower * (x > 60), 10.0, line) for n, x, line in rows]
    found = one(documents.pdf([[(60.0, 770.0, 20.0, TITLES[language]), *placed]]), ".pdf")
    assert all(found.text.count(sentence) == 4 for sentence in BODY[language])


def test_a_row_of_a_table_is_one_line() -> None:
    rows = [("Quay", "120", "119"), ("Mill", "98", "98"), ("Castle", "151", "87"), ("Lake", "64", "70")]
    cells = [
        (float(x), 700.0 - 16 * n, 11.0, cell)
        for n, row in enumerate(rows)
        for x, cell in zip((60, 200, 340), row, strict=True)
    ]
    assert "Castle 151 87" in one(documents.pdf([[(60.0, 770.0, 20.0, TITLES["en"]), *cells]]), ".pdf").text


def test_a_pdf_without_paragraphs_is_read_in_seconds() -> None:
    line = "the quick brown fox jumps over the lazy dog and runs away from it"
    data = documents.pdf([[(60.0, 780.0 - 12 * n, 9.0, line) for n in range(60)] for _ in range(30)])
    began = process_time()
    assert one(data, ".pdf").text.count("lazy dog") > 1_700
    assert process_time() - began < 5


@pytest.mark.slow
def test_scanned_pages_are_named() -> None:
    pages = [[(60.0, 700.0, 10.0, text)] for text in BODY["en"][:2]]
    article, scanned = parts(documents.pdf([pages[0], [], pages[1]], picture=True), ".pdf")
    assert isinstance(article, Article) and isinstance(scanned, Skipped)
    assert scanned.source == "/a/one.pdf#page-2"
    assert "OCR" in str(scanned.reason)
    with pytest.raises(Unreadable, match="OCR"):
        parts(documents.pdf([[], []], picture=True), ".pdf")
    with pytest.raises(Unreadable, match="no text"):
        parts(documents.pdf([[]]), ".pdf")


# ZIP


def test_an_archive_gives_what_is_in_it() -> None:
    inner = documents.archive({"two.md": f"# {TITLES['fr']}\n\n{BODY['fr'][0]}"})
    data = documents.archive(
        {
            "news/one.txt": f"{TITLES['en']}\n\n{EN}",
            "news/rows.jsonl": json.dumps(ROWS[0]),
            "more.zip": inner,
            "photo.jpg": b"\xff\xd8",
            "empty.txt": b"",
            "README.md": "These are articles.",
            "__MACOSX/news/._one.txt": b"\0\5",
        }
    )
    found = {part.source: part for part in parts(data, ".zip")}
    assert {source for source, part in found.items() if isinstance(part, Article)} == {
        "/a/one.zip!/news/one.txt",
        "/a/one.zip!/news/rows.jsonl#7",
        "/a/one.zip!/more.zip!/two.md",
    }
    assert {source for source, part in found.items() if isinstance(part, Skipped)} == {
        "/a/one.zip!/photo.jpg",
        "/a/one.zip!/empty.txt",
        "/a/one.zip!/README.md",
    }


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".zip", ".pdf"])
@pytest.mark.parametrize("data", [b"no such file", b"PK\x03\x04 and nothing behind it", b"%PDF-1.7 nothing"])
def test_a_damaged_document_says_so(data: bytes, suffix: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        parts(data, suffix)


def test_what_a_file_is_goes_before_what_it_is_called() -> None:
    document = documents.word([("Normal", text) for text in BODY["en"]])
    assert one(document, ".txt").text == one(document, ".docx").text
