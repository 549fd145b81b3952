"""What leaves a notebook is read again by other programs as it was: Word, Markdown, BibTeX, RIS."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from markdown_it import MarkdownIt
from ui_examples import hit

from rag.locales.catalogue import LOCALES
from rag.notebooks.entries import Entry, KeptSource, Notebook, NotebookHead
from rag.notebooks.exports import FORMS, exported
from rag.notebooks.notebook_markdown import escaped
from rag.notebooks.references import house_style
from rag.types import ArticleInfo

HARBOUR = hit().article
WEB = ArticleInfo(
    id="b2",
    source="https://example.org/a_b?x={1}&y=50%25",
    title="Cầu Đá & 100 % {größer} _x_ ~ ^ \\ #5 $",
    language="vi",
    published=date(2024, 12, 1),
    outlet="Báo Bến_Sông",
    author="Nguyễn Văn An; 王小明",
)
HOSTILE = [
    "* no list\n- none\n+ none\n1. none\n2) none\n# no head\n=====\n> no quotation\n| a | b |\n|---|---|\n`code` <b>x</b>",
    "$x$ ~~gone~~ [link](http://a.example) ![i](u) _em_ **b** &amp; \\* http://a.example www.a.example a@b.example",
    "tab\there \x00\x0b\x1f end \ud83d lone ✍️",
    "Новость: 新闻，越南语 Cầu Đá — « guillemets » “quotes”",
]


def source(article: ArticleInfo, text: str = "A passage.") -> KeptSource:
    return KeptSource(article=article, start=0, end=len(text), text=text, quoted=((0, len(text)),))


def entry(kind: str, text: str, *articles: ArticleInfo, **more: str) -> Entry:
    return Entry(id=kind, kind=kind, text=text, sources=tuple(map(source, articles)), **more)  # type: ignore[arg-type]


def notebook(*entries: Entry) -> Notebook:
    return Notebook(NotebookHead("n", "Port / 港口: *story*", len(entries)), entries)


STORY = notebook(
    entry("quotation", "The harbour opened.", WEB, label="9 Mar 2025"),
    entry("note", "Call the mayor.\n\nSecond\nthird"),
    entry(
        "answer",
        "Opened [1], and more [2][1].\n## Group\n- “One” — Quay [2]\n| A | B |\n| “x” [1] | — |",
        HARBOUR,
        WEB,
        question="When?",
        model="small",
    ),
)


def written(form: str, story: Notebook = STORY, language: str = "en") -> str:
    return exported(story, form, language).data.decode("utf-8")  # type: ignore[arg-type]


def paragraphs(story: Notebook, language: str = "en") -> list[tuple[str, str]]:
    """Style and text of each paragraph, as Word's file holds them."""
    document = docx.Document(BytesIO(exported(story, "docx", language).data))
    return [(one.style.name, one.text) for one in document.paragraphs if one.style is not None]


def test_word_has_headings_quotations_notes_and_numbered_references() -> None:
    found = paragraphs(STORY)
    assert found[:8] == [
        ("Title", "Port / 港口: *story*"),
        ("Normal", "9 Mar 2025"),
        ("Quote", "“The harbour opened.”"),
        ("Caption", f"Báo Bến_Sông, {WEB.title} [1]"),
        ("Normal", "Call the mayor."),
        ("Normal", "Second\nthird"),
        ("Heading 1", "When?"),
        ("Normal", "Opened [2], and more [1][2]."),
    ]
    assert ("Heading 2", "Group") in found and ("List Bullet", "“One” — Quay [1]") in found
    assert (
        "Caption",
        "Written by the model small from the sources cited; check it against them.",
    ) in found
    at = found.index(("Heading 1", "References"))
    assert [text for _, text in found[at + 1 :]] == [
        f"[1]\tNguyễn Văn An; 王小明, “{WEB.title}”, Báo Bến_Sông, 1 December 2024, {WEB.source}",
        "[2]\t“The harbour opens”, Quay News, 9 March 2025, harbour.md",
    ]


def test_words_references_are_links_and_its_tables_are_tables() -> None:
    document = docx.Document(BytesIO(exported(STORY, "docx", "en").data))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["A", "B"], ["“x” [2]", "—"]]
    links = [one.address for part in document.paragraphs for one in part.hyperlinks]
    assert links == [WEB.source]
    assert document.core_properties.title == "Port / 港口: *story*"
    assert document.core_properties.author == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_out_of_word_as_it_is(text: str) -> None:
    (_, note), *_ = paragraphs(notebook(entry("note", text)))[1:]
    assert note.split() == re.sub(r"[\x00-\x08\x0b\x1f\ud800-\udfff]", " ", text).split()


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    shown = MarkdownIt("gfm-like", {"linkify": False}).parse(
        written("md", notebook(entry("note", text), entry("quotation", text, HARBOUR)))
    )
    kinds = {one.type for one in shown}
    assert not kinds & {
        "bullet_list_open",
        "ordered_list_open",
        "table_open",
        "html_block",
        "fence",
        "code_block",
    }
    inline = [one for token in shown if token.type == "inline" for one in token.children or ()]
    assert {one.type for one in inline} <= {"text", "hardbreak", "softbreak", "text_special"}
    said = [one.content for one in inline if one.content]
    expected = re.sub(r"[\x00-\x08\x0b\x1f\ud800-\udfff]", " ", text).split()
    assert "".join("".join(said).split()).count("".join(expected)) == 2


def test_markdown_has_every_part() -> None:
    text = written("md")
    for part in (
        "# Port / 港口: \\*story\\*",
        "**9 Mar 2025**",
        "> “The harbour opened.”",
        "Second\\\nthird",
        "## When?",
        "### Group",
        "| A | B |\n| --- | --- |",
        "## References",
    ):
        assert f"\n{part}\n" in f"\n{text}", part
    assert escaped("12) x") == "12\\) x"


def test_bibtex_has_braces_in_pairs_and_signs_escaped() -> None:
    text = written("bib")
    second, first = text.index("@article{quaynews2025-"), text.index("@article{baobensong2024-")
    assert first < second
    assert "author = {{Nguyễn Văn An} and {王小明}}," in text
    assert (
        r"title = {{Cầu Đá \& 100 \% \{größer\} \_x\_ \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{} \#5 \$}}," in text
    )
    assert "url = {https://example.org/a_b?x=%7B1%7D&y=50%25}," in text
    assert "year = {2024},\n  month = dec,\n  day = {1}," in text
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")
    assert "url = {}" not in text and "harbour.md" not in text
    keys = re.findall(r"@\w+\{([^,]+),", text)
    assert len(set(keys)) == 2 and all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


def test_ris_has_a_tag_and_a_value_on_each_line() -> None:
    story = notebook(
        entry("quotation", "x", replace(WEB, title="Two\nlines\r\nER  - ")), entry("answer", "y [1]", HARBOUR)
    )
    lines = exported(story, "ris", "en").data.decode("utf-8").split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) and "\n" not in line for line in lines)
    assert lines[:8] == [
        "TY  - NEWS",
        "AU  - Nguyễn Văn An",
        "AU  - 王小明",
        "TI  - Two lines ER -",
        "T2  - Báo Bến_Sông",
        "PY  - 2024",
        "DA  - 2024/12/01/",
        "LA  - vi",
    ]
    assert lines.count("ER  - ") == lines.count("TY  - NEWS") == 2


def test_house_style_is_in_the_readers_language_and_tells_no_folder() -> None:
    assert house_style(HARBOUR, "fr") == "« The harbour opens », Quay News, 9 mars 2025, harbour.md"
    assert written("txt").startswith("[1] Nguyễn Văn An; 王小明, “Cầu Đá")
    for form in FORMS:
        assert b"/library/en" not in exported(STORY, form, "en").data


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_an_empty_notebook_is_written_in_every_form(language: str) -> None:
    for form in FORMS:
        file = exported(notebook(), form, language)
        assert file.name == f"Port 港口 story.{form}"
