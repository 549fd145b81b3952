"""The fingerprint by which an unchanged file is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's fingerprint: SHA-256 of its bytes, size in bytes, modification time in nanoseconds."""

    digest: str
    size: int
    modified_ns: int
