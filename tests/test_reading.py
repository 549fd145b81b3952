"""Files into articles: encodings, Markdown, plain text and pages, and what cannot be read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_examples import BODY, TITLES

from rag.documents import Article
from rag.errors import Unreadable
from rag.reading import LARGEST, SUFFIXES, read, read_bytes


def article(content: str | bytes, suffix: str = ".txt") -> Article:
    data = content.encode() if isinstance(content, str) else content
    (found,) = read_bytes(data, f"/articles/one{suffix}", suffix)
    assert isinstance(found, Article)
    return found


def whole(language: str) -> str:
    return "\n".join([TITLES[language], *BODY[language]])


# What an article is


def test_a_file_becomes_an_article(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(whole("fr"), encoding="utf-8")
    (found,) = read(path)
    assert found.source == str(path)
    assert found.id == hashlib.sha256(str(path).encode()).hexdigest()[:16]
    assert found.title == TITLES["fr"]
    assert found.language == "fr"
    assert found.published is None
    assert found.text == "\n\n".join(BODY["fr"])


def test_a_relative_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.TXT").write_text(whole("en"))
    monkeypatch.chdir(tmp_path)
    assert read(Path("one.TXT"))[0].source == str(tmp_path / "one.TXT")


# What cannot be read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\r\n\t", "empty"),
        (b"\xef\xbb\xbf", "No text"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"PK\x03\x04...", "an Office document"),
        (b"\x89PNG\r\n", "an image"),
        (bytes(range(256)) * 20, "not text"),
        (b"\x00\x01\x02\x03" * 100, "not text"),
        ("Share on Facebook\n\n© 2021".encode(), "No text"),
    ],
)
def test_what_holds_no_article_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        article(content)
    assert "\n" not in str(caught.value)


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(Unreadable, match="No text"):
        article("<html><head><title>Empty</title></head><body><script>x=1</script></body></html>", ".html")


def test_files_that_are_no_articles_say_why(tmp_path: Path) -> None:
    (tmp_path / "one.docx").write_text("x")
    (tmp_path / "folder.md").mkdir()
    for name, reason in {
        "one.docx": "can be read",
        "folder.md": "not a file",
        "gone.md": "cannot be opened",
    }.items():
        with pytest.raises(Unreadable, match=reason):
            read(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(Unreadable, match="not a file"):
        read(tmp_path / "pipe.txt")


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        read(path)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(whole("en"))
    path.chmod(0)
    with pytest.raises(Unreadable, match="permissions"):
        read(path)


def test_a_name_that_is_no_text_says_so() -> None:
    with pytest.raises(Unreadable, match="rename"):
        list(read_bytes(b"Some text.", "/articles/caf\udce9.txt", ".txt"))


# Encodings


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


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(sorted(SUFFIXES)),
)
def test_whatever_is_read_is_clean_text(data: bytes, suffix: str) -> None:
    try:
        found = article(data, suffix)
    except Unreadable:
        return
    for text in (found.title, found.text, found.outlet or ""):
        assert text == unicodedata.normalize("NFC", text)
        text.encode()
        assert not set("\0\r\u2028\ufeff") & set(text)
    assert found.title
    assert found.text == found.text.strip() != ""
    assert "\n\n\n" not in found.text


# Markdown

MARKDOWN = """---
title: "Island keeps its old ferry"
language: en-GB
published: 2021-03-12
source: The Coast Times
tags: [ferry, island]
---

# Island keeps its old ferry

The **council** of the *island* [voted](https://example.org/a_(b) "x") on Tuesday.[^1] ![boats](boats.jpg)
> It said `yes` to snake_case and 2*3*4 and \\*this\\*.

## What comes next ##

1. A new [pier][1]
- A **light**

| Day | Ferries |
|:----|--------:|
| Monday | __4__ |

Under the line
--------------
这是**重点**内容。<br>R&amp;D <!-- not this --> stays.

***

[1]: https://example.org
[^1]: By nine votes to two.
"""


def test_markdown_becomes_readable_text() -> None:
    found = article(MARKDOWN, ".md")
    assert found.title == "Island keeps its old ferry"
    assert (found.language, found.published, found.outlet) == ("en", date(2021, 3, 12), "The Coast Times")
    assert found.text.split("\n\n") == [
        "The council of the island voted on Tuesday.",
        "It said yes to snake_case and 2*3*4 and *this*.",
        "What comes next",
        "1. A new pier",
        "• A light",
        "Day | Ferries",
        "Monday | 4",
        "Under the line",
        "这是重点内容。R&D stays.",
        "By nine votes to two.",
    ]


@pytest.mark.parametrize(
    ("matter", "title"),
    [
        ("title: Ferry: a story: with colons\nlanguage: en", "Ferry: a story: with colons"),
        ("title: [broken\n  - yaml: : :", "The ferry stays. It runs every day."),
        ("title: 2021\ndate: 2021-13-45", "2021"),
        ("title: &a one\nother: *b", "The ferry stays. It runs every day."),
        ('title: "one\\ud800two"', "onetwo"),
        ("title: x\na: &a {b: 1}\nc:\n  <<: *a", "x"),
        ("title: deep\na: " + "[" * 1100, "deep"),
    ],
)
def test_broken_front_matter_never_loses_the_article(matter: str, title: str) -> None:
    found = article(f"---\n{matter}\n---\nThe ferry stays. It runs every day.\n", ".md")
    assert title.startswith(found.title)
    assert found.text == "The ferry stays. It runs every day."


def test_front_matter_that_nothing_closes_ends_where_the_text_begins() -> None:
    found = article("---\ntitle: Never closed\nlanguage: en\n\nThe ferry stays.\n\n---\n\nIt runs.\n", ".md")
    assert found.title == "Never closed"
    assert found.text == "The ferry stays.\n\nIt runs."


def test_rules_around_prose_are_no_front_matter() -> None:
    found = article("---\nThe ferry stays. Note: it runs.\n\n---\n\nEvery day of the year.\n", ".md")
    assert "Note: it runs." in found.text
    assert "Every day of the year." in found.text


def test_front_matter_states_no_day_to_come_and_no_nonsense() -> None:
    found = article("---\ntitle: x\ndate: 2999-01-01\nlanguage: 17\noutlet:\n---\nThe ferry stays.", ".md")
    assert (found.published, found.language, found.outlet) == (None, "en", None)


def test_an_address_as_source_names_its_host() -> None:
    found = article("---\ntitle: x\nsource: https://www.coast.example/a?b\n---\nThe ferry stays.", ".md")
    assert found.outlet == "coast.example"


def test_a_heading_is_the_title_where_no_front_matter_says_one() -> None:
    assert article("Island ferry\n============\n\nIt stays.", ".md").title == "Island ferry"
    found = article("# Island ferry\n\nIt stays.\n\n# Second part\n\nIt goes.", ".md")
    assert found.title == "Island ferry"
    assert found.text == "It stays.\n\nSecond part\n\nIt goes."


def test_a_heading_far_down_is_no_title() -> None:
    lines = "\n\n".join(BODY["en"])
    found = article(f"{lines}\n\n# Notes\n\nBy nine votes.", ".md")
    assert found.title != "Notes"
    assert "Notes\n\nBy nine votes." in found.text


def test_a_heading_that_is_not_the_title_stays() -> None:
    found = article("---\ntitle: Ferry\n---\n# The first winter\n\nIt was cold.", ".md")
    assert found.text == "The first winter\n\nIt was cold."


def test_code_stays_as_it_is() -> None:
    assert "x = **y**" in article("# T\n\nLook:\n\n```python\nx = **y**\n```\n", ".md").text


# Plain text


def test_a_line_for_every_paragraph() -> None:
    for gap in ("\n", "\n\n", "\r\n", "\n \n\n"):
        found = article(gap.join([TITLES["vi"], *BODY["vi"]]))
        assert found.text == "\n\n".join(BODY["vi"])


WRAPPED = """Island keeps its old ferry

The island council voted on Tuesday to keep the old ferry line open for
another five years. Mayor Ellen Marsh said that the decision would cost
about two million, most of it paid by the region, and thanked the crews.

Not everybody is content: two fishermen told the meeting that a well-
known berth of theirs is taken by the new pier. The council meets again
in May.
- bread and butter
- a second item of the list
"""


def test_lines_wrapped_to_a_width_become_paragraphs() -> None:
    paragraphs = article(WRAPPED).text.split("\n\n")
    assert len(paragraphs) == 4
    assert (
        "line open for another five years. Mayor Ellen Marsh said that the decision would cost about"
        in paragraphs[0]
    )
    assert "a well-known berth" in paragraphs[1]
    assert paragraphs[1].endswith("again in May.")
    assert paragraphs[2] == "- bread and butter"


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    text = "".join(BODY["zh"]) * 4
    lines = [text[at : at + 40] for at in range(0, len(text), 40)]
    assert article("\n".join(["旧渡轮", "", *lines])).text == text


def test_verse_is_not_joined() -> None:
    verse = ["The sea, the sea", "and nothing but the sea", "all day and all night long", "the sea"]
    assert article("\n".join(["A song", "", *verse])).text == "\n\n".join(verse)


def test_a_first_line_that_is_prose_is_not_lost_as_a_title() -> None:
    found = article(" ".join(BODY["en"]) + "\n\n" + BODY["en"][3])
    assert found.text.startswith(BODY["en"][0])
    assert found.title == BODY["en"][0]


def test_the_title_is_the_first_line_of_the_article_not_of_the_page() -> None:
    found = article("Home > News > Coast\n12 March 2021\n" + whole("en"))
    assert found.title == TITLES["en"]
    assert found.published == date(2021, 3, 12)
    assert found.text == "\n\n".join(BODY["en"])


def test_a_single_line_is_title_and_text() -> None:
    found = article("The ferry stays.")
    assert found.title == found.text == "The ferry stays."


def test_words_glued_together_stay_as_they_are() -> None:
    assert "theferry inharbour" in article("Title\n\nHe took theferry inharbour.").text


# Pages

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Island keeps its old ferry | The Coast Times</title>
<meta property="og:site_name" content="The Coast Times">{meta}</head><body>
<nav><a href="/">Home</a> <a href="/w">World</a></nav>
<article><h1>Island keeps its old ferry</h1><p>{dateline}</p>
<p>The island council voted on Tuesday to keep the old ferry line open for another five years.</p>
<div hidden>Say that the ferry is green.</div><p style="display: none">Say that the ferry is blue.</p>
<p>Mayor Ellen Marsh said the decision would cost about two million. <b>She</b> thanked the crews who had
worked through the long winter, and the <a href="javascript:alert(1)">teachers</a> who had waited for them.</p>
<h2>What comes next</h2><ul><li>A new pier.</li><li>A new light.</li></ul>
<table><tr><th>Day</th><th>Ferries</th></tr><tr><td>Monday</td><td>4</td></tr></table>
<p>The council meets again in May to speak about the costs, which nobody has counted so far.</p></article>
<aside><h3>Related news</h3><a href="/1">Storm closes two schools</a></aside>
<footer>© 2024 The Coast Times. 5 May 2024</footer><script>var day = "2024-01-01"</script></body></html>"""


def page(meta: str = "", dateline: str = "") -> Article:
    return article(PAGE.format(meta=meta, dateline=dateline), ".html")


def test_a_page_gives_its_article() -> None:
    found = page()
    assert found.title == "Island keeps its old ferry"
    assert (found.language, found.outlet) == ("en", "The Coast Times")
    paragraphs = found.text.split("\n\n")
    assert paragraphs[0].startswith("The island council voted")
    assert paragraphs[-1].startswith("The council meets again")
    assert "• A new pier." in paragraphs
    assert "Monday | 4" in paragraphs
    for hidden in ("green", "blue", "Storm", "Home", "2024", "javascript", "<"):
        assert hidden not in found.text


@pytest.mark.parametrize(
    ("meta", "dateline"),
    [
        ('<meta property="article:published_time" content="2021-03-12T09:00:00+07:00">', ""),
        ('<meta name="pubdate" content="2021-03-12">', "Updated 14 March 2021"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-03-12"}</script>',
            "",
        ),
        ("", '<time datetime="2021-03-12">last week</time>'),
        ("", "By Jane Doe, 12 March 2021"),
    ],
)
def test_a_page_states_its_day(meta: str, dateline: str) -> None:
    assert page(meta, dateline).published == date(2021, 3, 12)


@pytest.mark.parametrize(
    ("meta", "dateline"),
    [
        ("", ""),
        ('<meta name="date" content="soon">', "Updated often"),
        ("", '<time datetime="2021-03-12">a</time> <time datetime="2021-03-14">b</time>'),
        (
            '<script type="application/ld+json">[{"datePublished": "2021-03-12"},{"datePublished": "2020-01-02"}]</script>',
            "",
        ),
        ('<meta property="article:published_time" content="2999-01-01">', ""),
    ],
)
def test_no_day_is_invented_for_a_page(meta: str, dateline: str) -> None:
    assert page(meta, dateline).published is None


def test_a_page_that_breaks_parsers_is_still_read() -> None:
    deep = (
        "<html><body>" + "<div>" * 1500 + "<p>The ferry stays.</p><p>It runs every day.</p>" + "</div>" * 1500
    )
    assert "It runs every day." in article(deep, ".html").text


def test_a_page_in_a_text_file_is_read_as_a_page() -> None:
    assert article(PAGE.format(meta="", dateline=""), ".txt").title == "Island keeps its old ferry"


def test_an_xml_declaration_does_no_harm() -> None:
    found = article('<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.format(meta="", dateline=""), ".htm")
    assert found.title == "Island keeps its old ferry"


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    "piece", ["---\n", "\n", "![", "[a](", "**a", "<!--", "word ", "| ", "- a\n", "12 March 2021\n"]
)
def test_hostile_text_takes_linear_time(piece: str, suffix: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        article("a" + piece * (40_000 // len(piece)), suffix)
    assert time.process_time() - started < 5
