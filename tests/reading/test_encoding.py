"""Bytes into text, whatever they were saved as."""

from __future__ import annotations

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


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    data = whole("ru").encode()
    assert article(data[:-1] + b"\xff.").text.startswith(BODY["ru"][0])


def test_characters_that_nobody_sees_are_gone() -> None:
    hidden = "\u200b\u00ad\ufeff\u202e\u2060" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    found = article(
        f"Title\r\n\r\nThe fer\x00ry{hidden} le\u0301ft.\u2028It came back.\r\n" + "More text. " * 20
    )
    assert found.text.startswith("The ferry léft.\n\nIt came back.")
