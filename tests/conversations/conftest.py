"""These tests run on a file and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from databases import pytest_generate_tests

__all__ = ["path", "pytest_generate_tests"]


@pytest.fixture
def path(place: Path) -> Path:
    """The file of a test with the mark `sqlite`."""
    assert isinstance(place, Path)
    return place
