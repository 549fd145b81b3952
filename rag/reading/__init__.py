"""Read articles from bytes: decode, parse the format, remove boilerplate, detect language and date."""

from __future__ import annotations

from rag.reading.article_reader import READER_VERSION, Reading, lost_share, read_bytes, readings
from rag.reading.file_reader import Chunk, ReadFiles, ReadRequest, load, read, read_files
from rag.reading.formats.dispatch import FORMATS_VERSION, MAX_TEXT_BYTES, SUFFIXES, not_an_article
from rag.reading.worker_pool import Readers

__all__ = [
    "FORMATS_VERSION",
    "MAX_TEXT_BYTES",
    "READER_VERSION",
    "SUFFIXES",
    "Chunk",
    "ReadFiles",
    "ReadRequest",
    "Readers",
    "Reading",
    "load",
    "lost_share",
    "not_an_article",
    "read",
    "read_bytes",
    "read_files",
    "readings",
]
