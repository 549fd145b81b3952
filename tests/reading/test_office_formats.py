"""Office documents, messages, news in XML and exports of press databases into articles."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_examples import BODY, TITLES
from saved import documents, office_files

from rag.errors import Unreadable
from rag.reading import Reading, read_bytes, readings
from rag.types import Article

EN, ZH = "\n\n".join(BODY["en"]), "\n\n".join(BODY["zh"])
DAY = date(2024, 3, 12)


def articles(data: bytes | str, suffix: str) -> list[Article]:
    found = list(read_bytes(data.encode() if isinstance(data, str) else data, f"/a/one{suffix}", suffix))
    assert all(isinstance(part, Article) for part in found), found
    return [part for part in found if isinstance(part, Article)]


def one(data: bytes | str, suffix: str) -> Article:
    (found,) = articles(data, suffix)
    return found


# OpenDocument


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)


def test_a_document_of_libreoffice_gives_its_heading_and_paragraphs() -> None:
    body = f"<text:h>{TITLES['en']}</text:h>{paragraphs(BODY['en'])}"
    article = one(office_files.odt(body, author="Anna Lund"), ".odt")
    assert (article.title, article.text, article.author) == (TITLES["en"], EN, "Anna Lund")


def test_lists_tables_and_notes_of_a_document_are_read_and_deleted_text_is_not() -> None:
    body = (
        f"{paragraphs([BODY['en'][0]])}<text:list><text:list-item><text:p>The crews stay.</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>2023</text:p></table:table-cell>"
        "<table:table-cell><text:p>31,000 cars</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>The ferry goes.</text:p></text:tracked-changes>"
        "<text:p>The mayor agreed.<text:note><text:note-body><text:p>In a letter of May.</text:p></text:note-body></text:note></text:p>"
    )
    text = one(office_files.odt(body, title=TITLES["en"]), ".odt").text
    assert "• The crews stay." in text and "2023 | 31,000 cars" in text
    assert text.count("In a letter of May.") == 1
    assert "The ferry goes." not in text


# PowerPoint, Excel, RTF


def test_slides_come_in_the_order_of_their_numbers() -> None:
    slides = [[TITLES["en"]], *([f"The ferry made {n} trips on that day."] for n in range(2, 12))]
    article = one(office_files.pptx(slides, title=TITLES["en"]), ".pptx")
    assert article.title == TITLES["en"]
    assert article.text.split("\n\n") == [line for (line,) in slides[1:]]


def test_rows_of_a_workbook_with_named_columns_are_articles() -> None:
    rows = [["Title", "Text", "Date"], [TITLES["en"], EN, "2024-03-12"], [TITLES["zh"], ZH, "2024-03-12"]]
    english, chinese = articles(office_files.xlsx({"Press": rows}), ".xlsx")
    assert (english.title, english.text, english.published) == (TITLES["en"], EN, DAY)
    assert (chinese.title, chinese.text, chinese.language) == (TITLES["zh"], ZH, "zh")
    assert english.source == "/a/one.xlsx!/Press#row-1"


def test_a_sheet_without_named_columns_is_an_article_of_its_rows() -> None:
    rows = [["Year", "Cars carried"], ["2022", "29,500"], ["2023", "31,000"]]
    article = one(office_files.xlsx({"Ferry traffic": rows}), ".xlsx")
    assert article.title == "Ferry traffic"
    assert "2023 | 31,000" in article.text


def test_rich_text_gives_its_text() -> None:
    rtf = r"{\rtf1\ansi\ansicpg1252 {\b L\'92\'eele garde son vieux ferry}\par\par Le conseil a vot\'e9 mardi.\par\u1052?\u1101?\u1088? soutient.\par}"
    article = one(rtf, ".rtf")
    assert article.title == TITLES["fr"]
    assert "Le conseil a voté mardi." in article.text
    assert "Мэр soutient." in article.text


@pytest.mark.parametrize("suffix", [".odt", ".pptx", ".xlsx", ".rtf", ".msg", ".mbox", ".xml"])
@pytest.mark.parametrize(
    "data", [b"The ferry stays.", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1 cut"]
)
def test_a_file_that_is_not_what_it_is_called_is_refused(suffix: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        articles(data, suffix)


@given(
    st.sampled_from(["odt", "pptx", "xlsx", "msg"]), st.integers(0, 5000), st.binary(min_size=1, max_size=9)
)
def test_a_damaged_document_is_read_or_refused(kind: str, at: int, junk: bytes) -> None:
    data = SAMPLES[kind]
    at %= len(data)
    with suppress(Unreadable):
        list(read_bytes(data[:at] + junk + data[at + len(junk) :], f"/a/one.{kind}", f".{kind}"))


# Mail


SENT = datetime(2024, 3, 12, 9, 30, tzinfo=UTC)
MESSAGE = office_files.msg(f"FW: {TITLES['en']}", EN, "Anna Lund", "anna@coast.example", SENT)
SAMPLES = {
    "odt": office_files.odt(paragraphs(BODY["en"]), title=TITLES["en"]),
    "pptx": office_files.pptx([BODY["en"]], title=TITLES["en"]),
    "xlsx": office_files.xlsx({"Press": [["Title", "Text"], [TITLES["en"], EN]]}),
    "msg": MESSAGE,
}


def test_a_message_of_outlook_gives_subject_sender_day_and_text() -> None:
    article = one(MESSAGE, ".msg")
    assert (article.title, article.author, article.published) == (TITLES["en"], "Anna Lund", DAY)
    assert article.text == EN


def test_every_mail_of_a_mailbox_is_an_article() -> None:
    heads = {
        "Subject": TITLES["en"],
        "From": "Anna Lund <a@coast.example>",
        "Date": "Tue, 12 Mar 2024 09:30:00 +0000",
    }
    english = documents.mail(heads, plain=EN + "\n\n>From the pier one sees it.")
    chinese = documents.mail({"Subject": TITLES["zh"], "From": "b@coast.example"}, plain=ZH)
    mark = b"From a@coast.example Tue Mar 12 09:30:00 2024\n"
    first, second = articles(mark + english + b"\n" + mark + chinese, ".mbox")
    assert (first.title, first.published, first.author) == (TITLES["en"], DAY, "Anna Lund")
    assert first.text.endswith("From the pier one sees it.")
    assert (second.title, second.text) == (TITLES["zh"], ZH)
    assert [first.source, second.source] == ["/a/one.mbox#1", "/a/one.mbox#2"]


def test_a_signature_is_left_out_and_can_be_seen() -> None:
    data = documents.mail({"Subject": TITLES["en"]}, plain=f"{EN}\n\n-- \nAnna Lund\nThe Coast Times")
    (found,) = readings(data, "/a/one.eml", ".eml")
    assert isinstance(found, Reading)
    assert found.article.text == EN
    assert [line.text for line in found.left_out if line.step == "signature"] == [
        "Anna Lund",
        "The Coast Times",
    ]


# News in XML


NITF = (
    '<nitf xml:lang="en-GB"><head><docdata><date.issue norm="20240312T093000Z"/></docdata></head><body><body.head>'
    f"<hedline><hl1>{TITLES['en']}</hl1></hedline><byline><byttl>Anna Lund</byttl></byline>"
    f"<distributor>The Coast Times</distributor></body.head><body.content>{{}}</body.content></body></nitf>"
).format("".join(f"<p>{escape(line)}</p>" for line in BODY["en"]))


def test_a_story_in_nitf_gives_what_the_agency_states() -> None:
    article = one(NITF, ".xml")
    assert (article.title, article.text, article.language) == (TITLES["en"], EN, "en")
    assert (article.published, article.author, article.outlet) == (DAY, "Anna Lund", "The Coast Times")


def test_each_item_of_newsml_is_an_article() -> None:
    item = (
        '<newsItem guid="urn:{n}" xml:lang="{lang}"><itemMeta><provider><name>The Coast Times</name></provider>'
        "<versionCreated>2024-03-12T09:30:00Z</versionCreated></itemMeta><contentMeta>"
        "<headline>{title}</headline></contentMeta><contentSet><inlineXML>{body}</inlineXML></contentSet></newsItem>"
    )
    chinese = "<html><body>" + "".join(f"<p>{line}</p>" for line in BODY["zh"]) + "</body></html>"
    items = item.format(n=1, lang="en", title=TITLES["en"], body=NITF)
    items += item.format(n=2, lang="zh", title=TITLES["zh"], body=chinese)
    space = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
    first, second = articles(f"<newsMessage {space}><itemSet>{items}</itemSet></newsMessage>", ".xml")
    assert (first.title, first.text, first.published, first.outlet) == (
        TITLES["en"],
        EN,
        DAY,
        "The Coast Times",
    )
    assert (second.title, second.text, second.language) == (TITLES["zh"], ZH, "zh")
    assert first.source == "/a/one.xml#urn:1"


def test_a_feed_and_a_page_that_are_called_xml_are_read_as_such() -> None:
    feed = f'<rss version="2.0"><channel><item><title>{TITLES["en"]}</title><description>{EN}</description></item></channel></rss>'
    assert one(feed, ".xml").title == TITLES["en"]
    page = f"<html><body><article><h1>{TITLES['en']}</h1>{''.join(f'<p>{escape(line)}</p>' for line in BODY['en'])}</article></body></html>"
    assert one(page, ".xml").text == EN


# Press databases


@pytest.mark.parametrize("end", ["End of Document", "Document CSTTMS0020240312ek3c0001x", "Document 1 of 2"])
def test_a_word_file_of_a_press_database_gives_each_article(end: str) -> None:
    blocks = [
        ("Normal", line)
        for language in ("en", "fr")
        for line in (TITLES[language], "12 March 2024", *BODY[language], end)
    ]
    english, french = articles(documents.word(blocks), ".docx")
    assert (english.title, english.text) == (TITLES["en"], EN)
    assert (french.title, french.language) == (TITLES["fr"], "fr")
    assert [english.source, french.source] == ["/a/one.docx#1", "/a/one.docx#2"]


def test_a_page_of_a_press_database_gives_each_article() -> None:
    boxes = "".join(
        f"<article><h1>{TITLES[language]}</h1>{''.join(f'<p>{line}</p>' for line in BODY[language])}</article>"
        for language in ("en", "zh")
    )
    first, second = articles(f"<html><title>Europresse</title><body>{boxes}</body></html>", ".html")
    assert (first.title, first.text) == (TITLES["en"], EN)
    assert (second.title, second.language) == (TITLES["zh"], "zh")


def test_a_document_that_says_end_of_document_once_is_one_article() -> None:
    blocks = [
        ("Title", TITLES["en"]),
        *(("Normal", line) for line in BODY["en"]),
        ("Normal", "End of Document"),
    ]
    assert one(documents.word(blocks), ".docx").title == TITLES["en"]


# Strict Open XML


def test_a_strict_word_document_is_read(tmp_path: Path) -> None:
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    inner = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (TITLES["en"], *BODY["en"])
    )
    notes = f'<w:footnotes xmlns:w="{space}"><w:footnote><w:p><w:r><w:t>In a letter of May.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    comment = f'<w:comments xmlns:w="{space}"><w:comment><w:p><w:r><w:t>Is this so?</w:t></w:r></w:p></w:comment></w:comments>'
    data = documents.archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{inner}</w:body></w:document>',
            "word/footnotes.xml": notes,
            "word/comments.xml": comment,
        }
    )
    article = one(data, ".docx")
    assert (article.title, article.text) == (TITLES["en"], f"{EN}\n\nIn a letter of May.")
