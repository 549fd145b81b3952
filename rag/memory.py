"""How much memory this machine has left, and giving back what is no longer used."""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")


def available(meminfo: Path = _MEMINFO) -> int | None:
    """Bytes that a program can have without swapping; None where the system does not tell."""
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB$", meminfo.read_text("ascii"), re.MULTILINE)
    except OSError:
        found = None
    return int(found[1]) * 1024 if found else None


def total() -> int | None:
    """Bytes of memory that are built in; None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


_OVERHEAD = 1.31
"""Measured with the embedded engine, 4,096 tokens of context and a prompt of 500: 639 MB for a file of
491 MB, 1,345 MB for one of 1,117 MB."""


def needed(size: int) -> int:
    """About how many bytes a model of so many bytes on disk takes while it answers."""
    return round(size * _OVERHEAD)


def give_back() -> None:
    """Return freed memory to the system: glibc keeps what many small things held (230 of 1,480 MB seen)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim:
            trim(0)
