"""Write documents as Markdown files, so that Byline reads them like a user's articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import yaml

from rag.errors import NothingThere, NotPermitted
from rag.evaluation.datasets import Document

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>#|&~=+-]")
"""Characters with a meaning in Markdown, which are escaped."""
MAX_NAME_CHARACTERS = 200
"""Maximum length of a file name; file systems allow 255 bytes. Not fitted."""


def write_articles(documents: Sequence[Document], folder: Path) -> None:
    """Write each document to `<folder>/<language>/<id>.md`.

    Raises NotPermitted if the folder cannot be written.
    """
    try:
        for document in documents:
            path = article_path(document, folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_markdown(document), encoding="utf-8")
    except OSError as error:
        raise NotPermitted("folder_not_written", folder=folder, why=error.strerror) from error


def article_path(document: Document, folder: Path) -> Path:
    """Return the path of a document's file. Raises NothingThere if its id is too long for a file name."""
    name = quote(document.id, safe="").replace(".", "%2E")  # no hidden file, no second suffix
    if len(name) > MAX_NAME_CHARACTERS:
        raise NothingThere("id_too_long", id=document.id[:40])
    return folder / document.language / f"{name}.md"


def _markdown(document: Document) -> str:
    fields = {"language": document.language, "published": document.published, "title": document.title}
    if "://" in document.url:  # other values name no outlet
        fields["source"] = document.url
    front = yaml.safe_dump({k: v for k, v in fields.items() if v}, allow_unicode=True, width=1_000_000)
    body = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", document.text)
    return f"---\n{front}---\n\n{body}\n"
