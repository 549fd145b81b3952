from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_examples import ApiLibrary
from examples import HARBOUR


@pytest.fixture
def asked_library(tmp_path: Path) -> Iterator[ApiLibrary]:
    """A library of one article, with a scripted model."""
    with ApiLibrary(tmp_path) as opened:
        opened.add("ports", harbour=HARBOUR)
        yield opened
