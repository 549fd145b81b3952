"""Whatever happens to a file of the data folder: one message at most, and `repair` brings everything back.

The short version of `bench/faults.py damages`.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import pytest
from conversing import ScriptedConversations
from examples import BRIDGE, HARBOUR, LIBRARY, write

from rag.errors import BylineError
from rag.ingestion.ingester import Ingester
from rag.library import Library
from rag.llm.configured import models_of
from rag.service import repair
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


class Here:
    """Stands for the child process of a repair: works in this one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[..., Any], *given: object) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*given))
        except Exception as error:
            done.set_exception(error)
        return done


def overwritten(path: Path) -> None:
    data, chance = bytearray(path.read_bytes()), random.Random(path.name)
    for _ in range(100):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "deleted": Path.unlink,
    "emptied": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "overwritten": overwritten,
}
FILES = ("library.sqlite", "embeddings.sqlite", "conversations.sqlite", "vectors/chroma.sqlite3", "owner")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three articles and a conversation, with backups."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
    with closing(Store(folder / "data", HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([folder / "articles"])
    conversations = ScriptedConversations(folder / "data" / "conversations.sqlite")
    conversations.asked("When?")
    conversations.close()
    conversations.back_up()
    return folder / "data"


@pytest.fixture(autouse=True)
def repairs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "load_embedder", lambda _: HashEmbedder())
    monkeypatch.setattr(repair, "_child", Here)


def opened(settings: Settings) -> Library:
    return Library(settings, Store(settings.data, HashEmbedder()), HashEmbedder(), models_of(settings))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_reported_in_a_line_and_mended(
    whole: Path, tmp_path: Path, file: str, damage: str
) -> None:
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models")
    shutil.copytree(whole, settings.data)
    DAMAGES[damage](settings.data / file)
    try:
        with opened(settings) as library:
            assert library.search("Harbour master Ida Brandt")
    except BylineError as error:
        assert "repair" in str(error) and "\n" not in str(error)
    repair.repair(settings)
    assert repair.verify(settings) == []
    with opened(settings) as library:
        assert library.overview().articles == 3 and len(library.conversations.heads()) == 1
        assert library.search("Harbour master Ida Brandt")[0].article.title == "The harbour opens again"


@pytest.mark.parametrize("altered", [b"m\xffster", b"minter"])
def test_an_altered_letter_in_an_article_is_found_and_mended(
    whole: Path, tmp_path: Path, altered: bytes
) -> None:
    """SQLite's own check passes both."""
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models")
    shutil.copytree(whole, settings.data)
    ledger = settings.data / "library.sqlite"
    assert b"Harbour master Ida" in ledger.read_bytes()
    ledger.write_bytes(ledger.read_bytes().replace(b"Harbour master Ida", b"Harbour " + altered + b" Ida"))
    assert len(repair.verify(settings)) == 1
    repair.repair(settings)
    assert repair.verify(settings) == []
    with opened(settings) as library:
        assert "Harbour master Ida Brandt" in library.search("Ida Brandt")[0].passage.text
