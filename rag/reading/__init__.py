"""Bytes into articles: decode, read by format, tell the article from the page, language and date."""

from __future__ import annotations

from rag.reading.article_reader import READER, Reading, lost_share, read_bytes, readings
from rag.reading.file_reader import Chunk, ReadFiles, Wanted, load, read, read_files
from rag.reading.formats.dispatch import LARGEST, READS, SUFFIXES, not_an_article
from rag.reading.worker_pool import Readers

__all__ = [
    "LARGEST",
    "READER",
    "READS",
    "SUFFIXES",
    "Chunk",
    "ReadFiles",
    "Readers",
    "Reading",
    "Wanted",
    "load",
    "lost_share",
    "not_an_article",
    "read",
    "read_bytes",
    "read_files",
    "readings",
]
