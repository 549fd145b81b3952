"""Hostile text as title, passage, answer, question, outlet, name of a model: shown, never obeyed.

Every fixture that opens a page also asserts that nothing asked another machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from articles import article, write
from ollama_server import OllamaServer, ServedModel
from opening import PageOpener
from playwright.sync_api import expect
from reader import Reader
from running import ROOT, RunningApp, ingest

pytestmark = [pytest.mark.browser, pytest.mark.model]

HTML = " ".join(
    (
        '<img src="http://evil.example/a.png" onerror="window.hacked=1">',
        "<script>window.hacked=1</script>",
        '<a href="javascript:window.hacked=1">x</a>',
        '<iframe src="http://evil.example/f"></iframe>',
        '<svg onload="window.hacked=1"></svg>',
        "<style>body{display:none}</style>",
        '<meta http-equiv="refresh" content="0;url=http://evil.example/h">',
        '<form action="http://evil.example/i"><button>go</button></form>',
        '<video poster="http://evil.example/j.png" autoplay></video>',
        "</p></div><!--",
    )
)
MARKDOWN = " ".join(
    (
        "![pic](http://evil.example/b.png)",
        "[link](http://evil.example/c)",
        "[run](javascript:window.hacked=1)",
        "![ref][r]",
        "<http://evil.example/g>",
        "www.evil.example",
        ":material/delete:",
        ":red[x]",
        "$x^2$",
        "a\u200bb\u2060c",
        "| t | u |",
    )
)
LONG = "w" * 400
TURNED = "\u202egnihtemos\u202c"

ARTICLE = article(
    f"Harbour {MARKDOWN[:60]} {HTML[:64]} {TURNED}",  # titles are cut at 200 characters
    "en",
    "2025-03-10",
    f"{MARKDOWN} {HTML}",
    f"The harbour of Kestrel Bay opened on Monday, {MARKDOWN} `{HTML}` http://evil.example/d {LONG}",
    "[r]: http://evil.example/e.png",
)
RAW = f"""Kestrel {HTML} {MARKDOWN}

The harbour of Kestrel Bay did not open on Tuesday. Divers had found a rusty mooring chain across its mouth,
and the pilots asked for two more days to lift it, to sound the channel again and to light the outer buoys
before the first ferry, the grain barges and the fishing fleet were let in, said the harbour master at noon.
{MARKDOWN} {HTML} {TURNED}
"""
"""Plain text: nothing is cleaned away. It has words of its own, or it would count as a copy."""
REPLY = (
    f"The harbour of Kestrel Bay opened on Monday, {MARKDOWN} {HTML} [1]. "
    f"[r]: http://evil.example/f.png {LONG} [1]"
)
MODEL = "_evil_:red"
QUESTION = f"When did the harbour open? {MARKDOWN}"
UNCONFIRMED = f"{QUESTION} {HTML}"
"""A question that is as near to other passages: no answer to it is confirmed."""

INJECTED = """() => [window.hacked, ...document.querySelectorAll(
  "img[src*=evil], [href*=evil], script[src*=evil], iframe, video, form[action], .stApp img, .katex, [onerror], [onload], "
  + "a[href^=javascript]"
)].filter(Boolean).map(String)"""


@pytest.fixture(scope="module")
def hostile(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("hostile")
    ingest(write(folder / "articles", {"evil.md": ARTICLE, "evil.txt": RAW}), folder / "data")
    with (
        OllamaServer([ServedModel(MODEL, reply=REPLY, quantisation=MARKDOWN)]) as engine,
        RunningApp(
            folder / "data",
            OLLAMA_HOST=engine.host,
            BYLINE_MODEL=MODEL,
            BYLINE_PROMPT_TOKENS="2000",  # room for both
        ) as running,
    ):
        yield running


def check(reader: Reader) -> None:
    assert reader.page.evaluate(INJECTED) == []
    reader.expect_to_fit()


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_texts_are_only_ever_letters(hostile: RunningApp, open_page: PageOpener, width: int) -> None:
    reader = open_page(hostile.url, width=width)
    check(reader)
    reader.ask_and_wait(UNCONFIRMED, "unconfirmed")
    check(reader)
    written = reader.last.locator(".by-apart")
    written.locator("summary").click()
    expect(written).to_contain_text("![pic](http://evil.example/b.png)")
    check(reader)
    reader = open_page(hostile.url, width=width)
    reader.ask_and_wait(QUESTION)
    check(reader)
    _read(reader)
    reader.page.reload()
    expect(reader.last).to_have_attribute("aria-busy", "false")
    check(reader)
    _read(reader)
    reader.page.goto(f"{hostile.url}/articles")
    expect(reader.page.locator(".by-list-title").first).to_contain_text("evil.example")
    check(reader)


def test_without_the_escaping_this_would_be_seen(
    hostile: RunningApp, open_page: PageOpener, tmp_path: Path
) -> None:
    """A page whose labels are not escaped is found out: the tests above can fail."""
    (tmp_path / "sitecustomize.py").write_text(
        "import rag.ui.markdown_escape as e\ne.plain = lambda text: text\n"
    )
    copy = Path(shutil.copytree(hostile.data, tmp_path / "data"))
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    with (
        OllamaServer([ServedModel(MODEL, quantisation=MARKDOWN)]) as engine,
        RunningApp(copy, OLLAMA_HOST=engine.host, BYLINE_MODEL=MODEL, PYTHONPATH=path) as careless,
    ):
        reader = open_page(careless.url)
        reader.page.locator(".st-key-picker button").click()
        for _ in range(100):  # 20 s at most
            if open_page.strangers:
                break
            reader.page.wait_for_timeout(200)
    assert "http://evil.example/b.png" in open_page.strangers
    open_page.strangers.clear()


def _read(reader: Reader) -> None:
    """Open all that shows foreign text, and look each time."""
    expect(reader.text).to_contain_text("![pic](http://evil.example/b.png)")
    expect(reader.text).to_contain_text('<img src="http://evil.example/a.png"')
    reader.chips.first.hover()
    check(reader)
    expect(reader.sources.nth(1)).to_be_visible()
    for source in reader.sources.all():
        source.click()
        expect(reader.article.get_by_role("heading")).to_contain_text('<img src="http://evil.example/a.png"')
        check(reader)
        reader.page.keyboard.press("Escape")
        expect(reader.article).to_have_count(0)
    reader.page.locator(".st-key-picker button").click()
    expect(reader.page.get_by_test_id("stPopoverBody")).to_contain_text("_evil_")
    check(reader)
    reader.page.keyboard.press("Escape")
