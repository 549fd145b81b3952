"""Parts of office documents, of news in XML and of exports that are easily lost."""

from __future__ import annotations

from html import escape

import pytest
from reading_examples import BODY, TITLES
from saved import documents, office_files

from rag.reading import read_bytes
from rag.types import Article

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
STYLES = f'<w:styles xmlns:w="{SPACE}"><w:style w:styleId="T"><w:name w:val="Title"/></w:style></w:styles>'
EN = "\n\n".join(BODY["en"])


def articles(data: bytes | str, suffix: str) -> list[Article]:
    found = list(read_bytes(data.encode() if isinstance(data, str) else data, f"/a/one{suffix}", suffix))
    assert all(isinstance(part, Article) for part in found), found
    return [part for part in found if isinstance(part, Article)]


def paragraph(text: str, style: str = "", run: str = "") -> str:
    said = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{said}<w:r>{run}<w:t>{escape(text)}</w:t></w:r></w:p>"


def word(body: str, **members: str) -> Article:
    data = documents.archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{SPACE}" xmlns:mc="{COMPATIBLE}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": STYLES,
            **{name.replace("__", "/") + ".xml": content for name, content in members.items()},
        }
    )
    (found,) = articles(data, ".docx")
    return found


BOX = f"<w:txbxContent>{paragraph('The pier has nine lamps.')}</w:txbxContent>"


@pytest.mark.parametrize(
    "part",
    [
        f"<w:tbl><w:tr><w:tc>{paragraph('Piers:')}<w:tbl><w:tr><w:tc>{paragraph('The pier has nine lamps.')}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc><w:p><w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r></w:p></w:tc></w:tr></w:tbl>",
        paragraph("The pier has nine lamps.", run='<w:rPr><w:vanish w:val="0"/></w:rPr>'),
    ],
)
def test_what_stands_in_a_box_or_cell_is_read_once(part: str) -> None:
    found = word(paragraph(TITLES["en"]) + part + "".join(map(paragraph, BODY["en"])))
    assert found.text.count("The pier has nine lamps.") == 1
    assert found.text.endswith(EN)


def test_notes_of_the_usual_type_are_read() -> None:
    note = f'<w:footnotes xmlns:w="{SPACE}"><w:footnote w:type="normal">{paragraph("In a letter of May.")}</w:footnote></w:footnotes>'
    assert word("".join(map(paragraph, [TITLES["en"], *BODY["en"]])), word__footnotes=note).text.endswith(
        "In a letter of May."
    )


def test_a_title_may_stand_below_the_office_that_issues_it() -> None:
    body = paragraph("Harbour office") + paragraph(TITLES["en"], "T") + "".join(map(paragraph, BODY["en"]))
    found = word(body)
    assert (found.title, found.text) == (TITLES["en"], f"Harbour office\n\n{EN}")


@pytest.mark.parametrize(
    "said",
    [
        "Word Document",
        "Document1",
        "Normal.dotm",
        "PowerPoint Presentation",
        "新建 Microsoft Word 文档",
        "Modèle",
    ],
)
def test_a_title_that_a_program_has_put_there_is_none(said: str) -> None:
    core = f'<c:core xmlns:c="x"><title>{said}</title></c:core>'
    assert (
        word("".join(map(paragraph, [TITLES["en"], *BODY["en"]])), docProps__core=core).title == TITLES["en"]
    )


def test_a_footnote_of_rich_text_is_read() -> None:
    rtf = rf"{{\rtf1 {TITLES['en']}\par The council voted.{{\footnote In a letter of May.}}\par It meets again.\par}}"
    (found,) = articles(rtf, ".rtf")
    assert "In a letter of May." in found.text


def test_a_german_table_names_its_columns_in_german() -> None:
    rows = [["Titel", "Inhalt", "Datum"], [TITLES["en"], EN, "12.03.2024"]]
    (found,) = articles(office_files.xlsx({"Presse": rows}), ".xlsx")
    assert (found.title, found.text, str(found.published)) == (TITLES["en"], EN, "2024-03-12")


def test_older_newsml_gives_its_headline_day_and_cells() -> None:
    inner = "".join(f"<p>{escape(line)}</p>" for line in BODY["en"])
    table = "<table><tr><td>Monday</td><td>4</td></tr></table><ul><li><p>A new pier.</p></li></ul>"
    item = f"<NewsItem><FirstCreated>20240312T0930</FirstCreated><HeadLine>{TITLES['en']}</HeadLine><ByLine>Anna Lund</ByLine>"
    item += f"<DataContent><nitf><body><body.content>{inner}{table}</body.content></body></nitf></DataContent></NewsItem>"
    (found,) = articles(f"<NewsML>{item}</NewsML>", ".xml")
    assert (found.title, found.author, str(found.published)) == (TITLES["en"], "Anna Lund", "2024-03-12")
    assert found.text == f"{EN}\n\nMonday | 4\n\nA new pier."


LINES = [
    line
    for language in ("en", "fr")
    for line in (TITLES[language], "12 March 2024", *BODY[language], "End of Document")
]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        ("\n\n".join(LINES), ".txt"),
        (f"<title>Nexis Uni</title>{''.join(f'<p>{line}</p>' for line in LINES)}", ".html"),
        ("\n\n".join(["Document 1 of 2", *LINES[:-1]]).replace("End of Document", "Document 2 of 2"), ".txt"),
    ],
)
def test_an_export_of_a_press_database_gives_each_article(data: str, suffix: str) -> None:
    english, french = articles(data, suffix)
    assert (english.title, english.text, str(english.published)) == (TITLES["en"], EN, "2024-03-12")
    assert (french.title, french.language) == (TITLES["fr"], "fr")


HEADS = {
    "europresse": '<span class="DocPublicationName">{outlet}</span><p>{day} • p. 4 • 312 mots</p><p class="titreArticleVisu">{title}</p>',
    "factiva": '<div class="author">Ada Holm</div><span class="enHeadline">{title}</span><div>312 words</div><div>{day}</div><div>{outlet}</div>',
}


@pytest.mark.parametrize("database", HEADS)
@pytest.mark.parametrize("box", ["<article>{}</article>", '<div class="article enArticle">{}</div>'])
def test_above_a_text_of_a_press_database_stand_title_and_day_in_any_order(database: str, box: str) -> None:
    boxes = "".join(
        box.format(
            HEADS[database].format(outlet="The Coast Times", day=day, title=TITLES[language])
            + "".join(f"<p>{line}</p>" for line in BODY[language])
        )
        for language, day in (("en", "12 March 2024"), ("fr", "mercredi 13 mars 2024"))
    )
    english, french = articles(f"<title>{database}</title><h1>2 documents</h1>{boxes}", ".html")
    assert (english.title, str(english.published)) == (TITLES["en"], "2024-03-12")
    assert (french.title, str(french.published)) == (TITLES["fr"], "2024-03-13")
    assert "312" not in english.text + french.text and french.text.endswith(BODY["fr"][-1])


def test_an_older_export_has_the_outlet_first() -> None:
    above = ("Coast Times", "March 12, 2024 Tuesday", "Final Edition")
    below = ("BYLINE: Ada Holm", "LENGTH: 240 words")
    lines = [
        line
        for name in ("en", "fr")
        for line in ("1 of 2 DOCUMENTS", *above, TITLES[name], *below, *BODY[name])
    ]
    english, french = articles("\n\n".join(lines), ".txt")
    assert (english.title, french.title) == (TITLES["en"], TITLES["fr"])
    assert str(french.published) == "2024-03-12" and "240 words" not in french.text


def test_proquest_parts_articles_by_rules() -> None:
    parts = (
        f"{'_' * 60}\n\n{TITLES[name]}\n\nPublication info: Coast Times ; Kell, 12 Mar 2024: A.4.\n\nFull text: "
        + "\n\n".join(BODY[name])
        + f"\n\nProQuest document ID: {n}\n\n"
        for n, name in enumerate(("en", "fr"), 29381)
    )
    english, french = articles("".join(parts), ".txt")
    assert (english.title, french.title, str(french.published)) == (TITLES["en"], TITLES["fr"], "2024-03-12")


@pytest.mark.parametrize("end", ["文章编号: 202403120040012", "news·20240312·CT·0001"])
def test_the_number_of_an_article_ends_it(end: str) -> None:
    lines = [
        line
        for name in ("zh", "fr")
        for line in (TITLES[name], "The Coast Times | 2024-03-12", *BODY[name], end)
    ]
    chinese, french = articles(documents.word([("Normal", line) for line in lines]), ".docx")
    assert (chinese.title, str(chinese.published)) == (TITLES["zh"], "2024-03-12")
    assert french.title == TITLES["fr"]


# PDF


def printed(*more: documents.Placed) -> Article:
    lines = [(60.0, 700.0 - 16 * n, 11.0, line[:90]) for n, line in enumerate(BODY["en"])]
    (found,) = articles(documents.pdf([[(60.0, 770.0, 20.0, TITLES["en"]), *more, *lines]]), ".pdf")
    return found


def test_symbols_of_a_private_font_are_read_as_their_letters() -> None:
    found = printed((60, 740, 11, "\uf0b7 " + "".join(chr(0xF000 + ord(char)) for char in "Nine lamps.")))
    assert found.text.startswith("• Nine lamps.")


def test_a_large_initial_belongs_to_its_word() -> None:
    found = printed((60, 716, 40, "N"), (90, 740, 11, "ine lamps stand on the pier."))
    assert (found.title, found.text.split(".")[0]) == (TITLES["en"], "Nine lamps stand on the pier")
