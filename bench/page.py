"""Times the page with 500 conversations and 10,000 articles: first view, typing, opening a citation.

    python bench/page.py [--articles 10000] [--conversations 500] [--folder DIR]

The real app runs in its own process and is driven with Chromium, which must be on the PATH. Articles and
vectors are synthetic, with three passages each. Conversations have three answers, the opened one eight, each
with twenty sentences and twenty citations. Times: from navigation until the list of conversations and the
question field are visible; from a key until its letter is painted (Event Timing); from a click on a citation
until the highlighted words, and until their article, are visible. An otherwise empty Streamlit page with such
a field is measured alternately.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from listing import items
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright

from rag.conversations import Exchange, Head
from rag.conversations.database_file import DatabaseFile
from rag.conversations.rows import purge_and_mark, put
from rag.conversations.summaries import now
from rag.embedding.load import load_embedder
from rag.library import Library
from rag.settings import Settings
from rag.store.article_embedding import Embedding
from rag.store.store import Store
from rag.types import Hit, Sentence, Timings

ROOT = Path(__file__).parents[1]
OPENED, LONG, SHORT = "conversation-0", 8, 3  # answers of the opened conversation, and of the others
SENTENCES, BATCH, ROUNDS, VIEWS = 20, 200, 10, 5
TARGETS = {
    "first view, a conversation": 2_000,
    "first view, a new one": 2_000,
    "typing, slowest key": 100,
    "citation, words in sight": 300,
    "citation, article around them": 300,
}
ROW, FIELD = ".by-conversations-row", '[data-testid="stChatInput"] textarea'

KEYS = """() => { window.slow = [];
  new PerformanceObserver((list) => window.slow.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "event", durationThreshold: 16 }); }"""
CITE = """async (n) => {
  const chips = [...document.querySelectorAll(".by-chip")], chip = chips[(n * 37) % chips.length];
  chip.scrollIntoView({ block: "center" });
  await new Promise((done) => setTimeout(done, 300));
  const began = performance.now(), seen = {};
  chip.click();
  while (!seen.article && performance.now() - began < 10_000) {
    await new Promise(requestAnimationFrame);
    const box = document.querySelector("dialog[open] mark.by-cited")?.getBoundingClientRect();
    if (box && box.top >= 0 && box.top < innerHeight) seen.words ??= performance.now() - began;
    const whole = document.querySelector("dialog[open] .by-address")?.textContent;
    if (whole) seen.article = performance.now() - began;
  }
  return [seen.words, seen.article];
}"""


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    rows = np.random.default_rng(1).standard_normal((len(texts), 384), np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def fill(settings: Settings, articles: int, conversations: int) -> None:
    store, rest = Store(settings.data, load_embedder(settings)), items(articles)
    while batch := list(islice(rest, BATCH)):
        store.put(batch, Embedding(vectors))
    store.close()
    with Library.open(settings) as library:
        hits = library.search("word1 word2 word30", 8)
    file = DatabaseFile(settings.data / "conversations.sqlite", purge_and_mark)
    with file.transaction() as db:
        for n in range(conversations):
            head = Head(
                id=f"conversation-{n}", title=f"Question {n} of many", updated=now() - timedelta(hours=n)
            )
            put(db, [head], [(head.id, one) for one in answers(n, hits)])
    file.close()


def answers(n: int, hits: Sequence[Hit]) -> Iterator[Exchange]:
    chance, parent = random.Random(n), None
    for m in range(SHORT if n else LONG):
        said = [
            f"Sentence {i} of the answer says what word{i} and word{i + 1} are about"
            for i in range(SENTENCES)
        ]
        cited = [chance.randrange(4) + 1 for _ in said]
        exchange = Exchange(
            id=f"{n}-{m}",
            parent=parent,
            question=f"Question {n}, {m}: what do the articles say?",
            model="none",
            state="answered",
            hits=tuple(hits[:4]),
            unused=tuple(hits[4:]),
            text=" ".join(f"{text} [{c}]." for text, c in zip(said, cited, strict=True)),
            language="en",
            sentences=tuple(Sentence(f"{t}.", (c,), "supported") for t, c in zip(said, cited, strict=True)),
            timings=Timings(100, 2_000, 5_000),
        )
        parent = exchange.id
        yield exchange


@contextmanager
def running(data: Path, app: Path = ROOT / "app.py") -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    environment = os.environ | {"BYLINE_DATA": str(data), "OLLAMA_HOST": "127.0.0.1:9"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def first_view(browser: Browser, url: str, *parts: str) -> float:
    """Measure milliseconds until these parts and the field are visible to a new visitor, without cache."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    for part in (*parts, FIELD):
        page.locator(part).first.wait_for(timeout=180_000)
    spent = (time.perf_counter() - began) * 1000
    page.context.close()
    return spent


def typing(page: Page) -> float:
    """Measure the slowest key in milliseconds; the browser does not report less than 16."""
    page.evaluate(KEYS)
    page.locator(FIELD).click()
    page.keyboard.type("What do the articles say about this, and since when?", delay=40)
    page.wait_for_timeout(500)
    return float(max(page.evaluate("window.slow"), default=16))


def first_views(browser: Browser, url: str, bare: str) -> dict[str, list[float]]:
    views = {
        "first view, a conversation": (f"{url}/?chat={OPENED}", ".by-chip", ROW),
        "first view, a new one": (url, ".st-key-welcome", ROW),
        "first view, Streamlit alone": (bare,),
    }
    for view in views.values():  # opens the library and warms up both apps
        first_view(browser, *view)
    found: dict[str, list[float]] = {name: [] for name in views}
    for _ in range(VIEWS):
        for name, view in views.items():
            found[name].append(first_view(browser, *view))
    return found


def measured(browser: Browser, url: str) -> dict[str, list[float]]:
    chat, found = f"{url}/?chat={OPENED}", dict[str, list[float]]()
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page.goto(chat)
    page.locator(".by-chip").first.wait_for(timeout=180_000)
    page.wait_for_timeout(2_000)
    found["typing, slowest key"] = [typing(page)]
    times: list[Any] = []
    for n in range(ROUNDS):
        times.append(page.evaluate(CITE, n))
        page.keyboard.press("Escape")  # closes the drawer, so that the next one does not find these words
        page.locator("dialog[open]").wait_for(state="detached")
    found["citation, words in sight"] = [words for words, _ in times]
    found["citation, article around them"] = [article for _, article in times]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="kept, and used again where it is filled")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        settings = Settings.load(options.folder or Path(scratch) / "library")
        if not (settings.data / "conversations.sqlite").exists():
            fill(settings, options.articles, options.conversations)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        bare = Path(scratch) / "bare.py"
        bare.write_text("import streamlit\n\nstreamlit.chat_input('Ask')\n")
        with running(settings.data) as url, running(settings.data, bare) as alone:
            found = first_views(browser, url, alone) | measured(browser, url)
        browser.close()
    print(f"{'ms':>32} {'median':>8} {'slowest':>8} {'target':>8}")
    for name, times in found.items():
        target = f"{TARGETS[name]:,}" if name in TARGETS else ""
        print(f"{name:>32} {median(times):8,.0f} {max(times):8,.0f} {target:>8}")


if __name__ == "__main__":
    main()
