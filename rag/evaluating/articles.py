"""Documents as article files: what Byline then reads is what a user would give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import yaml

from rag.errors import NothingThere, NotPermitted
from rag.evaluating.datasets import Document

_MARKS = re.compile(r"[\\`*_\[\]<>#|&~=+-]")
"""Characters that mean something in Markdown: as they stand in a text, they do not."""
_LONGEST_NAME = 200


def write_articles(documents: Sequence[Document], folder: Path) -> None:
    """Write each document to `<folder>/<language>/<id>.md`.

    Raises NotPermitted where the folder cannot be written.
    """
    try:
        for document in documents:
            path = article_path(document, folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_markdown(document), encoding="utf-8")
    except OSError as error:
        raise NotPermitted(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error


def article_path(document: Document, folder: Path) -> Path:
    """Where a document's file is. Raises NothingThere where its id is too long for a file's name."""
    name = quote(document.id, safe="").replace(".", "%2E")  # no hidden file, no other ending
    if len(name) > _LONGEST_NAME:
        raise NothingThere(f"The id {document.id[:40]}… is too long: ids become names of files.")
    return folder / document.language / f"{name}.md"


def _markdown(document: Document) -> str:
    said = {"language": document.language, "published": document.published, "title": document.title}
    if "://" in document.url:  # what else it may be names no outlet
        said["source"] = document.url
    front = yaml.safe_dump({k: v for k, v in said.items() if v}, allow_unicode=True, width=1_000_000)
    body = _MARKS.sub(r"\\\g<0>", document.text)
    return f"---\n{front}---\n\n{body}\n"
