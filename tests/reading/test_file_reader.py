"""Files into articles: what an article is, and what cannot be read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading_examples import BODY, TITLES, article, whole

from rag.errors import Unreadable
from rag.reading import MAX_TEXT_BYTES, SUFFIXES, read, read_bytes
from rag.types import Article

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
        (b"\xd0\xcf\x11\xe0...", "an old Office document"),
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
    (tmp_path / "one.key").write_text("x")
    (tmp_path / "folder.md").mkdir()
    for name, reason in {
        "one.key": "can be read",
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
        file.truncate(MAX_TEXT_BYTES + 1)
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


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(sorted(SUFFIXES)),
)
@example(b"\xc2\x80", ".atom")  # feedparser gives no version where nothing but a control character stands
def test_whatever_is_read_is_clean_text(data: bytes, suffix: str) -> None:
    try:  # lines of JSON, of a table, or of a feed may be several articles
        parts = list(read_bytes(data, f"/articles/one{suffix}", suffix))
    except Unreadable:
        return
    for found in (part for part in parts if isinstance(part, Article)):
        for text in (found.title, found.text, found.outlet or ""):
            assert text == unicodedata.normalize("NFC", text)
            text.encode()
            assert not set("\0\r\u2028\ufeff") & set(text)
        assert found.title
        assert found.text == found.text.strip() != ""
        assert "\n\n\n" not in found.text


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
