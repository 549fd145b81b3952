"""A data folder that may not be written can be searched and asked."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from card_examples import knowing
from conversing import ScriptedConversations, until

from rag.errors import NotPermitted
from rag.ingestion.ingester import Ingester
from rag.service.background import BackgroundServices
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


@pytest.fixture
def folder(tmp_path: Path, articles: Path) -> Iterator[Path]:
    """A library of three articles and a conversation, in a folder that may not be written."""
    data = tmp_path / "library"
    with closing(Store(data, HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([articles])
    with closing(ScriptedConversations(data / "conversations.sqlite")) as conversations:
        conversations.asked("When did the harbour open?")
    if os.geteuid():
        paths = [data, *data.rglob("*")]
        for path in paths:
            path.chmod(0o500 if path.is_dir() else 0o400)
        yield data
        for path in paths:
            path.chmod(0o700)
        return
    for step in (["--bind"], ["-o", "remount,ro,bind"]):  # no permission stops this user
        if subprocess.run(["mount", *step, data, data], check=False).returncode:
            pytest.skip("may not mount")
    yield data
    subprocess.run(["umount", data], check=True)


def test_its_conversations_are_read_and_new_ones_are_not_kept(folder: Path) -> None:
    with closing(ScriptedConversations(folder / "conversations.sqlite")) as conversations:
        (head,) = conversations.heads()
        found = conversations.get(head.id)
        assert found is not None and found.exchanges[0].question == "When did the harbour open?"
        assert conversations.search("harbour") and conversations.trouble is None
        new = conversations.asked("Where?")
        until(lambda: conversations.trouble == "denied")
        assert {one.id for one in conversations.heads()} == {head.id, new.id}


def contents(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_it_is_searched_and_asked_but_not_changed(folder: Path, tmp_path: Path, articles: Path) -> None:
    before = contents(folder)
    with knowing(tmp_path, {"harbour": "Ida Brandt is the harbour master."}) as library:
        assert "cannot be written" in str(library.notice())
        services = BackgroundServices(library)
        services.start()
        hits = library.search("Harbour master Ida Brandt of Kestrel Bay")
        assert hits[0].article.title == "The harbour opens again"
        *_, end = library.ask("Who is the harbour master of Kestrel Bay?")
        assert "Ida Brandt" in end.answer.text
        for change in (
            lambda: library.ingest([articles]),
            lambda: library.intake.take_out([hits[0].article.id]),
            lambda: library.intake.retry(),
            lambda: library.feeds.remove("https://example.org"),
        ):
            with pytest.raises(NotPermitted, match="cannot be written"):
                change()
        assert library.index_sample().added == 0
        services.close()
    assert contents(folder) == before


def test_two_may_read_it_at_once(folder: Path, tmp_path: Path) -> None:
    with knowing(tmp_path, {}) as one, knowing(tmp_path, {}) as other:
        assert one.search("bridge") and other.search("bridge")
