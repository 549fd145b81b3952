"""Optical character recognition of PDF pages, by tesseract (Apache-2.0) if the system has it.

PDFium renders the pages. Tesseract inherits the worker process's limits on memory and CPU time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from rag.reading.cleaning.encoding import wash

TIMEOUT_S = 20.0
"""Maximum time for one document, below worker_pool.TIMEOUT_S, after which a silent worker is killed. Not
fitted."""
_DOTS_PER_POINT = 200 / 72
_MAX_PIXELS = 12_000_000
"""Resolution of a rendered page (200 dpi), and its maximum size. Not fitted."""
_LANGUAGES = ("eng", "fra", "chi_sim", "vie", "rus", "deu", "spa")
"""Language models that are used if they are installed; each takes additional time."""


def is_installed() -> bool:
    """Tell whether tesseract is installed."""
    return shutil.which("tesseract") is not None


def recognise(pages: Iterable[Any]) -> Iterator[list[str]]:
    """Yield the paragraphs of each PDFium page; end early after TIMEOUT_S or a failure."""
    end = time.monotonic() + TIMEOUT_S
    for page in pages:
        if (left := end - time.monotonic()) <= 0:
            return
        found = _run(["stdin", "stdout", "-l", _languages()], _rendered(page), left)
        if found is None:
            return
        yield [" ".join(part.split()) for part in wash(found).split("\n\n") if part.strip()]


def _rendered(page: Any) -> bytes:
    """Render a page in grey, as a PGM file."""
    width, height = page.get_size()
    scale = min(_DOTS_PER_POINT, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    data, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)


@cache
def _languages() -> str:
    """Return tesseract's argument for the installed ones of _LANGUAGES."""
    listed = (_run(["--list-langs"], b"", TIMEOUT_S) or "").split()
    return "+".join(code for code in _LANGUAGES if code in listed) or "eng"


def _run(arguments: list[str], data: bytes, seconds: float) -> str | None:
    """Return the output of tesseract; None if it fails or takes longer than `seconds`."""
    try:
        done = subprocess.run(
            ["tesseract", *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
