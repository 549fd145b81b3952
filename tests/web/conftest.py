from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_examples import Reply, Site, sites


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Site]]:
    with sites(2) as both:
        yield both


@pytest.fixture
def site(servers: list[Site]) -> Site:
    """It stands for the web."""
    servers[0].reset({"/page": Reply(b"<h1>A page</h1>")})
    return servers[0]


@pytest.fixture
def victim(servers: list[Site]) -> Site:
    """It stands for what this machine offers to itself."""
    servers[1].reset({"/": Reply(b"<h1>A secret</h1>"), "/secret": Reply(b"<h1>A secret</h1>")})
    return servers[1]
