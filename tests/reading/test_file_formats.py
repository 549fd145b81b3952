"""Files of every kind into articles: what each gives, what is skipped, and why."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from reading_examples import BODY, TITLES
from saved import documents

from rag.errors import Unreadable
from rag.reading import read_bytes
from rag.types import Article, Skipped

EN, ZH = "\n\n".join(BODY["en"]), "\n\n".join(BODY["zh"])


def parts(data: bytes | str, suffix: str) -> list[Article | Skipped]:
    return list(read_bytes(data.encode() if isinstance(data, str) else data, f"/a/one{suffix}", suffix))


def one(data: bytes | str, suffix: str) -> Article:
    (found,) = parts(data, suffix)
    assert isinstance(found, Article)
    return found


# JSON, JSON Lines, CSV

ROWS: list[dict[str, Any]] = [
    {
        "id": 7,
        "Title": TITLES["en"],
        "body": EN,
        "published_at": "2021-03-12T08:00:00Z",
        "source": {"id": None, "name": "The Coast Times"},
        "authors": [{"name": "Anna Lund"}, {"name": "Per Holm"}],
        "url": "https://coast.example/ferry",
    },
    {
        "headline": {"rendered": TITLES["zh"]},
        "content": {"rendered": "".join(f"<p>{p}</p>" for p in BODY["zh"])},
    },
]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (json.dumps(ROWS), ".json"),
        (json.dumps({"status": "ok", "articles": ROWS}), ".json"),
        (json.dumps({"took": 3, "hits": {"hits": [{"_id": "x", "_source": row} for row in ROWS]}}), ".json"),
        (json.dumps({"first": ROWS[0], "second": ROWS[1]}), ".json"),
        ("\n".join(map(json.dumps, ROWS)), ".jsonl"),
    ],
)
def test_every_record_is_an_article(data: str, suffix: str) -> None:
    english, chinese = parts(data, suffix)
    assert isinstance(english, Article) and isinstance(chinese, Article)
    assert (english.title, english.text, english.language) == (TITLES["en"], EN, "en")
    assert (english.published, english.outlet) == (date(2021, 3, 12), "The Coast Times")
    assert (english.author, english.url) == ("Anna Lund, Per Holm", "https://coast.example/ferry")
    assert (chinese.title, chinese.text, chinese.language) == (TITLES["zh"], ZH, "zh")
    assert english.source != chinese.source
    assert english.source.startswith(f"/a/one{suffix}#")


def test_a_record_alone_is_the_files_article() -> None:
    assert one(json.dumps(ROWS[0]), ".json").source == "/a/one.json"


def test_a_record_keeps_its_source_when_others_come_before_it() -> None:
    before = one(json.dumps([ROWS[0]]), ".json").source
    assert parts(json.dumps([{"id": 8, "text": "Another."}, ROWS[0]]), ".json")[1].source == before


def test_records_with_one_key_have_sources_of_their_own() -> None:
    same = [{"id": 1, "text": f"Text {n}."} for n in range(3)]
    assert len({part.source for part in parts(json.dumps(same), ".json")}) == 3


def test_a_record_without_text_costs_itself_only() -> None:
    found = parts('{"text": "The ferry stays."}\n{"title": "No text"}\nnot json\n', ".jsonl")
    assert [type(part) for part in found] == [Article, Skipped, Skipped]
    assert "text, content or body" in str(found[1].reason)  # type: ignore[union-attr]


CSV = """Titre;Contenu;Date;Auteur;Lien
"Le vieux ferry; toujours là";"Le conseil a voté mardi.

La maire a remercié les équipages.";12/03/2021;Anne Lund;https://cote.example/ferry
;;;;
"""


def test_a_table_gives_an_article_for_each_row() -> None:
    article, empty = parts(CSV, ".csv")
    assert isinstance(article, Article) and isinstance(empty, Skipped)
    assert article.title == "Le vieux ferry; toujours là"
    assert article.text == "Le conseil a voté mardi.\n\nLa maire a remercié les équipages."
    assert (article.published, article.author) == (date(2021, 3, 12), "Anne Lund")
    assert article.url == "https://cote.example/ferry"


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        ("{", ".json", "not JSON"),
        ("[" * 100_000, ".json", "not JSON"),
        ('{"name": "package", "version": 1}', ".json", "No record"),
        ("[]", ".json", "No record"),
        ("a,b\n1,2\n", ".csv", "No record"),
        ("no records here\n", ".jsonl", "No record"),
    ],
)
def test_what_holds_no_records_says_so(data: str, suffix: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parts(data, suffix)


@pytest.mark.parametrize("seconds", [1615536000, 1615536000000, "1615536000", 1615536000.5])
def test_a_moment_in_seconds_is_a_day(seconds: object) -> None:
    assert one(json.dumps({"text": "The ferry stays.", "date": seconds}), ".json").published == date(
        2021, 3, 12
    )


def test_a_day_to_come_is_none() -> None:
    assert one(json.dumps({"text": "The ferry stays.", "date": 32503680000}), ".json").published is None


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
