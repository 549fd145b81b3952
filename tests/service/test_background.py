from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from examples import BRIDGE, HARBOUR, write
from web_examples import Reply, Site, sites

from rag.errors import NothingThere
from rag.library import Library
from rag.llm.configured import models_of
from rag.service.background import BackgroundServices
from rag.service.client import RemoteLibrary
from rag.service.rpc import RpcClient
from rag.service.shared_library import INTERFACE
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # waits for watchers and polls

RSS = {"Content-Type": "application/rss+xml"}
PAGE = f"<html><body><article><h1>The bridge</h1><p>{BRIDGE}</p></article></body></html>".encode()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    assert holds()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "watched", harbour=HARBOUR)


@pytest.fixture
def site() -> Iterator[Site]:
    with sites(1) as (only,):
        yield only


@pytest.fixture
def library(tmp_path: Path, folder: Path, embedder: HashEmbedder, site: Site) -> Iterator[Library]:
    own = {"data": tmp_path / "data", "models": tmp_path / "models"}
    settings = Settings(**own, watch=str(folder), visit=f"127.0.0.1:{site.port}")
    with Library(settings, Store(settings.data, embedder), embedder, models_of(settings)) as opened:
        yield opened


def test_a_watched_folder_comes_in_and_is_kept_up_with(library: Library, folder: Path) -> None:
    keeper = BackgroundServices(library)
    keeper.start()
    until(lambda: library.overview().articles == 1)
    write(folder, bridge=BRIDGE)
    until(lambda: library.overview().articles == 2)
    keeper.close()


def test_a_folder_that_is_not_there_yet_is_tried_again(library: Library, folder: Path) -> None:
    moved = folder.rename(folder.with_name("elsewhere"))
    keeper = BackgroundServices(library, interval_s=0.1)
    keeper.start()
    time.sleep(0.5)
    moved.rename(folder)
    until(lambda: library.overview().articles == 1)
    keeper.close()


def test_due_feeds_are_looked_at_and_others_hand_their_work_over(library: Library, site: Site) -> None:
    item = f"<item><title>The bridge</title><link>{site.url}/1</link></item>"
    feed = f'<rss version="2.0"><channel><title>K</title>{item}</channel></rss>'.encode()
    site.reset({"/1": Reply(PAGE), "/feed": Reply(feed, headers=RSS)})
    keeper = BackgroundServices(library, interval_s=0.2)
    keeper.start()
    owner = RpcClient.reach(library.settings.data, INTERFACE)
    assert owner is not None
    remote = RemoteLibrary(owner)
    assert remote.feeds.add(f"{site.url}/feed").minutes == 60
    until(lambda: library.overview().articles == 2)
    until(lambda: remote.feeds.all()[0].looked is not None)
    site.seen.clear()
    assert remote.feeds.update().added == 0
    assert site.seen == ["/feed"], "an entry comes in once"
    remote.feeds.remove(f"{site.url}/feed")
    with pytest.raises(NothingThere):
        remote.feeds.remove(f"{site.url}/feed")
    keeper.close()
