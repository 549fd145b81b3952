"""The tools of /mcp, asked with the client of the package mcp over a real port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from api_examples import ANSWER, QUESTION, ApiLibrary, serving

pytest.importorskip("mcp")

from mcp.client.client import Client


@pytest.fixture(scope="module")
def url(served: ApiLibrary) -> Any:
    with pytest.MonkeyPatch.context() as patch, serving(served, patch) as url:
        yield url


def talking(url: str, talk: Callable[[Client], Any]) -> Any:
    async def run() -> Any:
        async with Client(f"{url}/mcp") as client:
            return await talk(client)

    with start_blocking_portal() as portal:  # a browser may run in this thread
        return portal.call(run)


def test_an_assistant_finds_the_tools(url: str) -> None:
    async def talk(client: Client) -> list[str]:
        return [tool.name for tool in (await client.list_tools()).tools]

    assert talking(url, talk) == ["search", "ask", "open_article", "list_collections"]


def test_an_assistant_asks_and_opens_what_was_cited(url: str) -> None:
    async def talk(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        told = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        id = told["passages"][0]["article"]["id"]
        return told, (await client.call_tool("open_article", {"id": id})).structured_content

    told, article = talking(url, talk)
    assert told["reply"] == ANSWER
    assert "Ida Brandt" in article["text"]


def test_an_unknown_article_is_told_and_no_traceback(url: str) -> None:
    async def talk(client: Client) -> Any:
        return await client.call_tool("open_article", {"id": "nothing"})

    told = talking(url, talk)
    assert told.is_error and "nothing" in told.content[0].text
