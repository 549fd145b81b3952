"""No text of the interface is left behind: all of them in every language, and none outside their files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from rag.locales.catalogue import LOCALES, sections
from rag.ui.interface_language import nearest
from rag.ui.plurals import Plural
from rag.ui.strings import PARTS, strings

UI = Path(__file__).parents[2] / "rag" / "ui"
NAMES = {f"{part}.{field.name}" for part, kind in PARTS.items() for field in fields(kind)}
OTHERS = sorted(set(LOCALES) - {"en"})
SAME = {
    "models.in_ollama",
    "answer.because",
    "answer.form_dossier",
    "answer.source_label",
    "drawer.source_of",
    "drawer.dates",
    "drawer.organisations",
    "answer.sources",
    "figures.seconds",
    "figures.units",
    "navigation.articles",
    "holdings.articles",
    "conversations.conversations",
    "articles.article",
    "articles.articles_title",
    "articles.passages",
    "figures.date_field",
    "models.licence",
    "report_card.questions",
    "compare.question",
}
"""Texts that may read the same in another language as in English: names, cognates, signs."""
UNINFLECTED = {"vi", "zh"}
"""Languages in which a counted noun has one form, whatever categories CLDR gives them (Vietnamese: a second,
since Babel 2.19)."""
NO_TEXT = {"Byline"}
"""Strings of the code that look like text and are none: names, commands."""


def texts_of(language: str) -> dict[str, Any]:
    """Each text of the interface by its part and name."""
    parts = sections(language)["interface"]
    return {f"{part}.{name}": text for part, texts in parts.items() for name, text in texts.items()}


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def without_marks(text: str) -> str:
    """HTML's text alone."""
    return re.sub(r"<[^>]*>?|[^<]*>", "", text)


def forms(value: Any) -> list[str]:
    """The texts that a value of a language's file holds."""
    return (
        list(value.values()) if isinstance(value, dict) else [*value] if isinstance(value, list) else [value]
    )


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    texts = texts_of(language)
    assert set(texts) == NAMES
    assert all(form.strip() == form and form for value in texts.values() for form in forms(value))


def test_no_code_stands_twice_among_the_messages() -> None:
    codes = [code for part in sections("en")["messages"].values() for code in part]
    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_has_the_same_kind_and_places_as_in_english(language: str) -> None:
    english, texts = texts_of("en"), texts_of(language)
    for name in NAMES:
        kind = type(english[name])
        assert type(texts[name]) is kind, name
        expected = places("".join(forms(english[name])))
        if kind is dict:
            assert all(places(form) == expected for form in forms(texts[name])), name
        else:
            assert places("".join(forms(texts[name]))) == expected, name


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_left_in_english(language: str) -> None:
    english, texts = texts_of("en"), texts_of(language)
    assert [name for name in sorted(NAMES - SAME) if texts[name] == english[name]] == []


@pytest.mark.parametrize("language", OTHERS)
def test_each_of_streamlits_own_labels_is_put_into_the_language(language: str) -> None:
    pairs = list(zip(strings("en").streamlit.labels, strings(language).streamlit.labels, strict=True))
    assert [english for english, text in pairs if english == text and english != "mm"] == []
    assert all(places(english) == places(text) for english, text in pairs)


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_what_is_counted_has_every_form_of_its_language(language: str) -> None:
    told_apart = set() if language in UNINFLECTED else set(strings(language).locale.plural_form.tags)
    needed = told_apart | {"other"}
    counted = {name: value for name, value in texts_of(language).items() if isinstance(value, dict)}
    assert "holdings.articles" in counted
    assert {name: set(value) for name, value in counted.items()} == dict.fromkeys(counted, needed)


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", ["0 articles", "1 article", "2 articles", "1,021 articles"]),
        ("fr", ["0 article", "1 article", "2 articles", "1\u202f021 articles"]),
        ("zh", ["0 篇文章", "1 篇文章", "2 篇文章", "1,021 篇文章"]),
        ("vi", ["0 bài viết", "1 bài viết", "2 bài viết", "1.021 bài viết"]),
        ("ru", ["0 статей", "1 статья", "2 статьи", "1\xa0021 статья"]),
    ],
)
def test_counting(language: str, counted: list[str]) -> None:
    articles: Plural = strings(language).holdings.articles
    assert [articles.format(n) for n in (0, 1, 2, 1021)] == counted


@pytest.mark.parametrize(
    ("browser", "language"),
    [("fr-CA", "fr"), ("zh-TW", "zh"), ("ru", "ru"), ("vi_VN", "vi"), ("de-DE", "en"), (None, "en")],
)
def test_the_interface_speaks_the_browsers_language(browser: str | None, language: str) -> None:
    assert nearest(browser) == language


# --- no text outside the files


@pytest.mark.parametrize("path", sorted(UI.glob("*.py")), ids=lambda path: path.name)
def test_no_module_holds_a_text(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    found = [*_sentences(tree), *_drawn_words(tree)]
    assert [text for text in found if text not in NO_TEXT] == []


@pytest.mark.parametrize("path", sorted(UI.glob("*.js")), ids=lambda path: path.name)
def test_no_script_holds_a_text(path: Path) -> None:
    code = re.sub(r"(?m)//.*$", "", path.read_text("utf-8"))
    literals = [
        next(filter(None, found), "") for found in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`', code)
    ]
    words = [re.sub(r"\$\{[^}]*\}", "", literal) for literal in literals]
    keys = r"Escape|Enter|Tab|Home|End|Arrow\w+|Page\w+|F\d+|Delete|Key[A-Z]"
    found = [w for w in words if re.match(r"\s*\(?[A-Z]", w) and not re.fullmatch(keys, w)]
    assert [word for word in found if word not in NO_TEXT] == []


def _sentences(tree: ast.Module) -> Iterator[str]:
    """Strings of two words or more that are no docstring, no log message and no mark-up."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
            skipped |= set(ast.walk(node))
    constants = {node for node in ast.walk(tree) if isinstance(node, ast.Constant)} - skipped
    for node in constants:
        if re.search(r"[^\W\d_]{2,}[,.:;]? +[^\W\d_]{2,}", without_marks(str(node.value))):
            yield str(node.value)


WRITES = {"label", "help", "placeholder", "text", "body", "title", "caption", "alt"}
"""Names of Streamlit's parameters that a reader sees."""


def _drawn_words(tree: ast.Module) -> Iterator[str]:
    """Words in what is drawn: a first argument, or one that a reader sees."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("st."):
            continue
        if re.search(r"\.(get|pop|component|fragment|cache_\w+|[gs]et_option)$", ast.unparse(node.func)):
            continue
        shown = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg in WRITES)]
        parts = [part for value in shown for part in ast.walk(value) if isinstance(part, ast.Constant)]
        words = [without_marks(part.value) for part in parts if isinstance(part.value, str)]
        yield from (word for word in words if re.search(r"[^\W\d_]{2,}", word))
