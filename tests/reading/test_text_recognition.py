"""Pages of a PDF that are pictures: read where tesseract is installed, else refused with that reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_examples import BODY, TITLES
from saved import documents

from rag.errors import Unreadable
from rag.reading import read_bytes
from rag.reading.formats import ocr
from rag.types import Article

SCANNED = documents.pdf([[]], picture=True)
WITHOUT_UNICODE = documents.pdf(
    [[(60.0, 700.0 - 16 * n, 11.0, "ÀÁÂÃÄÅ ÈÉÊËÌÍÎ ÒÓÔÕÖ ÙÚÛÜ") for n in range(9)]]
)
BEFORE_UNICODE = documents.pdf(
    [[(60.0, 700.0 - 16 * n, 11.0, "C¸c ®¹i biÓu dù héi nghÞ ®· thèng nhÊt kÕ ho¹ch") for n in range(9)]]
)
"""Vietnamese in a font of TCVN3."""
PRINTED = [(60.0, 700.0 - 16 * n, 11.0, line[:90]) for n, line in enumerate(BODY["en"])]


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name, which finds the same article in every picture of a page in PGM."""
    found = tmp_path / "found.txt"
    found.write_text("\n\n".join([TITLES["en"], *BODY["en"]]), "utf-8")
    program = tmp_path / "tesseract"
    program.write_text(f'#!/bin/sh\nread -r kind rest\n[ "$kind" = P5 ] && exec /bin/cat "{found}"\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    ocr._languages.cache_clear()


@pytest.mark.parametrize("data", [SCANNED, WITHOUT_UNICODE, BEFORE_UNICODE])
@pytest.mark.usefixtures("tesseract")
def test_a_scanned_document_is_read_where_tesseract_is_installed(data: bytes) -> None:
    (found,) = read_bytes(data, "/a/one.pdf", ".pdf")
    assert isinstance(found, Article)
    assert (found.title, found.text) == (TITLES["en"], "\n\n".join(BODY["en"]))


@pytest.mark.usefixtures("tesseract")
def test_a_scanned_page_of_a_document_is_an_article_of_its_own() -> None:
    first, second = read_bytes(documents.pdf([PRINTED, []], picture=True), "/a/one.pdf", ".pdf")
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (second.source, second.title) == ("/a/one.pdf#page-2", TITLES["en"])


@pytest.mark.parametrize("data", [SCANNED, WITHOUT_UNICODE, BEFORE_UNICODE])
def test_without_tesseract_the_refusal_names_it(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="tesseract"):
        list(read_bytes(data, "/a/one.pdf", ".pdf"))


@pytest.mark.usefixtures("tesseract")
def test_time_for_text_recognition_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "TIMEOUT_S", 0.0)
    with pytest.raises(Unreadable, match="scanned"):
        list(read_bytes(SCANNED, "/a/one.pdf", ".pdf"))
