"""Bytes into text, whatever they were saved as."""

from __future__ import annotations

from html import escape

import pytest
from reading_examples import BODY, TITLES, article, whole


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *((language, "utf-8") for language in BODY),
        *((language, "utf-8-sig") for language in BODY),
        *((language, "utf-16") for language in BODY),
        *((language, "utf-16-le") for language in BODY),
        *((language, "utf-16-be") for language in BODY),
        *((language, "utf-32") for language in BODY),
        ("zh", "gb18030"),
        ("ru", "cp1251"),
        ("fr", "cp1252"),
        ("en", "cp1252"),
    ],
)
def test_an_article_is_read_whatever_it_was_saved_as(language: str, encoding: str) -> None:
    found = article(whole(language).encode(encoding))
    assert found.text == "\n\n".join(BODY[language])
    assert found.language == language


def test_a_page_is_read_as_it_declares() -> None:
    page = f"<html><head><meta charset=gb2312><title>{TITLES['zh']}</title></head><body>"
    page += "".join(f"<p>{line}</p>" for line in BODY["zh"]) + "</body></html>"
    assert article(page.encode("gb18030"), ".html").text == "\n\n".join(BODY["zh"])
    # Saved again as UTF-8, with the old declaration left in it.
    assert article(page.encode(), ".html").text == "\n\n".join(BODY["zh"])


@pytest.mark.parametrize(("language", "encoding"), [("ru", "cp1251"), ("zh", "gb18030")])
@pytest.mark.parametrize("stated", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_declaration_that_gives_no_words_is_not_believed(language: str, encoding: str, stated: str) -> None:
    lines = "".join(f"<p>{line}</p>" for line in BODY[language])
    page = f"<html><head><meta charset={stated}><title>{TITLES[language]}</title></head><body>{lines}</body></html>"
    assert article(page.encode(encoding), ".html").text == "\n\n".join(BODY[language])
    feed = f"""<?xml version="1.0" encoding="{stated}"?><rss version="2.0"><channel><title>-</title><item>
        <title>{TITLES[language]}</title><link>http://n.example/1</link><pubDate>Вт, 12 мар 2024 08:00:00 +0300</pubDate>
        <description>{escape(lines)}</description></item></channel></rss>"""
    found = article(feed.encode(encoding), ".rss")
    assert found.text == "\n\n".join(BODY[language]) and found.language == language
    if language == "ru":
        assert str(found.published) == "2024-03-12"


def test_accents_are_no_sign_of_a_wrong_declaration() -> None:
    text = "".join(
        f"<p>Été {n} : l’élève a déjà été à l’île, où la fête a été créée · · · · ¿Qué? ÀÉÈ</p>"
        for n in range(30)
    )
    page = f"<html><head><meta charset=windows-1252><title>À l’île</title></head><body>{text}</body></html>"
    assert "l’élève a déjà été à l’île" in article(page.encode("cp1252"), ".html").text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    data = whole("ru").encode()
    assert article(data[:-1] + b"\xff.").text.startswith(BODY["ru"][0])


def test_characters_that_nobody_sees_are_gone() -> None:
    hidden = "\u200b\u00ad\ufeff\u202e\u2060" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    found = article(
        f"Title\r\n\r\nThe fer\x00ry{hidden} le\u0301ft.\u2028It came back.\r\n" + "More text. " * 20
    )
    assert found.text.startswith("The ferry léft.\n\nIt came back.")
