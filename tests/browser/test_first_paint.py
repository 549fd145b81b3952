"""Before Streamlit has drawn, and when it has broken the page."""

from __future__ import annotations

import pytest
from opening import PageOpener
from playwright.sync_api import WebSocketRoute, expect
from reader import Reader
from running import RunningApp
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

pytestmark = [pytest.mark.browser, pytest.mark.model]


def misplaced() -> bytes:
    """A message that draws where there is nothing."""
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, 900, 0])
    message.delta.new_element.empty.SetInParent()
    return message.SerializeToString()


def test_a_page_that_breaks_is_loaded_again_with_what_was_typed(
    reader: Reader, open_page: PageOpener
) -> None:
    page, sockets = reader.page, list[WebSocketRoute]()

    def route(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket("**/_stcore/stream", route)
    page.reload()
    reader.question.fill("Half a question")
    with page.expect_navigation():
        sockets[-1].send(misplaced())
    expect(reader.question).to_have_value("Half a question")
    assert "Bad delta path" in open_page.errors[-1]


def test_the_outline_of_the_page_is_there_before_anything_is_drawn(app: RunningApp, reader: Reader) -> None:
    page = reader.page
    page.route("**/static/js/**", lambda route: route.abort())  # nothing of Streamlit's runs
    page.goto(f"{app.url}/articles")
    expect(page.locator("#by-first")).to_be_visible()
    expect(page).to_have_title("Byline")
    page.unroute_all()
    page.reload()
    expect(page.locator(".by-list")).to_be_visible()
    expect(page.locator("#by-first")).to_have_count(0)


def test_a_question_sent_before_the_page_is_drawn_is_asked(app: RunningApp, reader: Reader) -> None:
    page, question = reader.page, "How many ships are expected every week?"
    page.goto(app.url, wait_until="domcontentloaded")
    page.evaluate(f"document.dispatchEvent(new CustomEvent('byline:ask', {{ detail: '{question}' }}))")
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(question)
    reader.wait("answered")
