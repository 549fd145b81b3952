"""Text recognition of the pages of a PDF, by tesseract (Apache-2.0) where the system has it.

PDFium renders the pages. A reading process's limits on memory and computing hold for tesseract, too.
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

SECONDS = 20.0
"""Seconds for one document, on the clock: a reading process may be silent for 30."""
_DOTS_PER_POINT = 200 / 72
_MAX_PIXELS = 12_000_000
_LANGUAGES = ("eng", "fra", "chi_sim", "vie", "rus", "deu", "spa")
"""The models that are used where they are installed: each takes time."""


def is_installed() -> bool:
    """Tell whether there is a tesseract to run."""
    return shutil.which("tesseract") is not None


def recognised(pages: Iterable[Any]) -> Iterator[list[str]]:
    """Yield the paragraphs of each page of PDFium's; stop when the time is over."""
    end = time.monotonic() + SECONDS
    for page in pages:
        if (left := end - time.monotonic()) <= 0:
            return
        found = _run(["stdin", "stdout", "-l", _languages()], _picture(page), left)
        if found is None:
            return
        yield [" ".join(part.split()) for part in wash(found).split("\n\n") if part.strip()]


def _picture(page: Any) -> bytes:
    """Render a page in grey, as a file of PGM."""
    width, height = page.get_size()
    scale = min(_DOTS_PER_POINT, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    data, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)


@cache
def _languages() -> str:
    listed = (_run(["--list-langs"], b"", SECONDS) or "").split()
    return "+".join(code for code in _LANGUAGES if code in listed) or "eng"


def _run(arguments: list[str], data: bytes, seconds: float) -> str | None:
    """Return what tesseract prints; None where it fails, or takes longer."""
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
