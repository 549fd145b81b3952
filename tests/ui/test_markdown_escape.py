"""Foreign text in Streamlit's Markdown: shown as letters, never obeyed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ui.markdown_escape import WORD_JOINER, plain

HOSTILE = [
    "![x](http://evil.example/x.png)",
    "[click](http://evil.example)",
    "![x][r]\n\n[r]: http://evil.example/x.png",
    "<img src=http://evil.example/x.png onerror=alert(1)>",
    "&lt;img src=x&gt; &#60;b&#62;",
    "`code` **bold** _it_ ~~gone~~ $x^2$",
    "# heading",
    "- item",
    "1. item",
    "| a | b |",
    ":material/delete: :red[danger] :smile: :streamlit: :100: :+1:",
    "https://evil.example www.evil.example me@evil.example",
    "\\[click](http://evil.example)",
    "> quote",
]


def read_as_markdown(text: str) -> str:
    """What a reader of Markdown makes of backslashes, with the joiners taken out."""
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text).replace(WORD_JOINER, "")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_reader_sees_the_very_letters(text: str) -> None:
    assert read_as_markdown(plain(text)) == " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_markdown_obeys_is_left(text: str) -> None:
    bare = re.sub(r"\\[^A-Za-z0-9\s]", "", plain(text))
    assert not re.search(r"[`*\[\]<>!$~|&]", bare)
    assert not re.match(r"[#+\-=]|\d+[.)]( |$)", bare)


@pytest.mark.parametrize("text", HOSTILE)
def test_streamlits_shortcodes_and_bare_addresses_are_broken_up(text: str) -> None:
    left = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", plain(text))
    assert not re.search(r":[\w/+-]+:|:\w+\[|https?://|www\.|\w@\w", left)


@pytest.mark.parametrize("name", ["qwen2.5-coder-1.5b-instruct-q4_k_m", "gemma3:4b", "14:30", "1.12 GB"])
def test_names_of_models_and_times_of_day_stay_as_they_are(name: str) -> None:
    assert plain(name) == name


def test_characters_that_turn_the_direction_of_writing_are_dropped() -> None:
    assert plain("a\u202eb\u2066c\u200fd\x07\x1b") == "abcd"


def test_letters_of_all_scripts_and_their_joiners_stay() -> None:
    text = "Đối thoại · 边界 · Четвёртый · क्\u200dष · 👩\u200d🌾"
    assert plain(text) == text


@given(st.text())
def test_any_text_becomes_one_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1
