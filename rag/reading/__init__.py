"""Bytes into articles: decode, read by format, tell the article from the page, language and date."""

from __future__ import annotations

from rag.reading.articles import read_bytes
from rag.reading.files import Chunk, ReadFiles, Wanted, read, read_files
from rag.reading.formats import LARGEST, READS, SUFFIXES, not_an_article
from rag.reading.readers import Readers

__all__ = [
    "LARGEST",
    "READS",
    "SUFFIXES",
    "Chunk",
    "ReadFiles",
    "Readers",
    "Wanted",
    "not_an_article",
    "read",
    "read_bytes",
    "read_files",
]
