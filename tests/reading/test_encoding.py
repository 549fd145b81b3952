"""Bytes into text, whatever they were saved as."""

from __future__ import annotations

from base64 import encodebytes
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
@pytest.mark.parametrize("stated", ["utf-8", "iso-8859-1", "windows-1252", "koi8-r", "iso-8859-5", "gb2312"])
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


def test_a_page_that_says_it_is_russian_may_be_french_or_chinese() -> None:
    for language, encoding in (("fr", "cp1252"), ("zh", "gb18030")):
        lines = "".join(f"<p>{line}</p>" for line in BODY[language])
        page = f"<html><head><meta charset=windows-1251></head><body>{lines}</body></html>"
        assert article(page.encode(encoding), ".html").text.endswith(BODY[language][-1])


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_a_text_that_was_encoded_twice_is_read_as_it_was(language: str) -> None:
    assert article(whole(language).encode().decode("latin-1").encode()).text == "\n\n".join(BODY[language])


@pytest.mark.parametrize(
    ("stated", "encoding"),
    [("windows-1251", "koi8-r"), ("windows-1251", "utf-8"), ("iso-8859-1", "utf-8"), ("koi8-r", "koi8-r")],
)
@pytest.mark.parametrize("cte", ["8bit", "base64"])
def test_a_mail_in_another_encoding_than_it_says_is_read(stated: str, encoding: str, cte: str) -> None:
    lines = [line for line in BODY["ru"] if "«" not in line]  # which KOI8-R lacks
    text = "\n\n".join(lines).encode(encoding)
    head = b"Subject: " + TITLES["ru"].encode(encoding)
    head += f"\nContent-Type: text/plain; charset={stated}\nContent-Transfer-Encoding: {cte}\n\n".encode()
    found = article(head + (encodebytes(text) if cte == "base64" else text), ".eml")
    assert (found.title, found.text) == (TITLES["ru"], "\n\n".join(lines))


def test_a_subject_that_says_gb2312_may_have_letters_that_it_lacks() -> None:
    subject = encodebytes("朱镕基访问海港".encode("gbk")).strip().decode()
    mail = f"Subject: =?gb2312?B?{subject}?=\nContent-Type: text/plain; charset=gb2312\n\n"
    found = article(mail.encode() + "\n\n".join(BODY["zh"]).encode("gbk"), ".eml")
    assert found.title == "朱镕基访问海港"


def test_accents_are_no_sign_of_a_wrong_declaration() -> None:
    text = "".join(
        f"<p>Été {n} : l’élève a déjà été à l’île, où la fête a été créée · · · · ¿Qué? ÀÉÈ</p>"
        for n in range(30)
    )
    page = f"<html><head><meta charset=windows-1252><title>À l’île</title></head><body>{text}</body></html>"
    assert "l’élève a déjà été à l’île" in article(page.encode("cp1252"), ".html").text


def test_utf8_that_was_taken_for_windows_1251_is_read() -> None:
    assert "паромная линия" in article(whole("ru").encode().decode("cp1251").encode()).text


def test_a_page_that_says_gb2312_may_be_big5() -> None:
    lines = [
        "島上的議會星期二投票決定，舊的渡輪航線將再開放五年。",
        "鎮長表示，這項決定大約需要兩百萬元，其中大部分由地區政府支付。",
    ]
    page = f"<html><head><meta charset=gb2312><title>渡輪</title></head><body>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>"
    assert article(page.encode("big5"), ".html").text == "\n\n".join(lines)


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    data = whole("ru").encode()
    assert article(data[:-1] + b"\xff.").text.startswith(BODY["ru"][0])


def test_characters_that_nobody_sees_are_gone() -> None:
    hidden = "\u200b\u00ad\ufeff\u202e\u2060" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    found = article(
        f"Title\r\n\r\nThe fer\x00ry{hidden} le\u0301ft.\u2028It came back.\r\n" + "More text. " * 20
    )
    assert found.text.startswith("The ferry léft.\n\nIt came back.")
