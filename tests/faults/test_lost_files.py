"""Files of the data folder that are gone or empty: noticed at opening, and brought back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from examples import write

from rag.errors import LibraryDamaged
from rag.ingestion.ingester import Ingester
from rag.ingestion.uploads import UploadFolder
from rag.library import Library
from rag.llm.configured import models_of
from rag.locales.message import Message
from rag.reading import Chunk, ReadRequest, read_files
from rag.service import repair
from rag.service.background import BackgroundServices
from rag.settings import Settings
from rag.store import backups
from rag.store.mendings import Mending
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Skipped

pytestmark = pytest.mark.slow  # Chroma on disk

QUESTION = "Harbour master Ida Brandt of Kestrel Bay"


@pytest.fixture
def settings(tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A closed library of three articles, with its first backup."""
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models")
    with closing(Store(settings.data, HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([articles])
    monkeypatch.setattr(repair, "load_embedder", lambda _: HashEmbedder())
    return settings


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    shutil.rmtree(settings.data / "vectors")
    with opened(settings) as library:
        yield library


def opened(settings: Settings) -> Library:
    return Library(settings, Store(settings.data, HashEmbedder()), HashEmbedder(), models_of(settings))


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, empty], ids=["gone", "empty"])
def test_a_lost_ledger_is_reported_and_comes_back_with_all_its_articles(settings: Settings, damage) -> None:
    damage(settings.data / "library.sqlite")
    with pytest.raises(LibraryDamaged, match=r"library\.sqlite is missing or empty.*repair"):
        opened(settings)
    (settings.data / "added").mkdir()
    write(settings.data / "added", pasted="A pasted text\n\nThe lighthouse keeper is Per Holm.")
    assert repair.restore_ledger(settings.data)[0].code == "restored"
    assert [str(told) for told in repair._rebuild(settings, None)] == ["The library has 4 articles."]
    with opened(settings) as library:
        assert library.search(QUESTION)[0].article.title == "The harbour opens again"
        assert library.search("Who is the lighthouse keeper?")[0].article.title == "A pasted text"


def test_articles_of_known_folders_that_came_after_the_backup_come_back(
    settings: Settings, articles: Path
) -> None:
    write(articles, later="A later one\n\nThe ferry sails at noon.")
    with closing(Store(settings.data, HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([articles])
    (settings.data / "library.sqlite").write_bytes(b"junk" * 5000)
    assert repair.restore_ledger(settings.data)[0].code == "restored"
    assert [str(told) for told in repair._rebuild(settings, None)] == ["The library has 4 articles."]
    with closing(Store(settings.data, HashEmbedder())) as store:
        assert store.missing_vectors() == {}
    assert list(settings.data.glob("library-damaged-*.sqlite")), "the damaged file is kept"


def test_a_file_that_a_busy_machine_could_not_read_in_time_is_read_once_more(
    settings: Settings, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Busy:
        tried = False

        def __call__(self, files: Iterable[ReadRequest]) -> Iterator[Chunk]:
            for file in files:
                if self.tried:
                    yield from read_files([file])
                else:
                    self.tried = True
                    yield Chunk(file.name, skipped=(Skipped(file.name, Message.of("too_slow")),), last=True)

        def close(self) -> None:
            pass

    write(articles, later="A later one\n\nThe ferry sails at noon.")
    (settings.data / "library.sqlite").unlink()
    monkeypatch.setattr(repair, "Readers", Busy)
    repair.restore_ledger(settings.data)
    assert [str(told) for told in repair._rebuild(settings, None)] == ["The library has 4 articles."]


def test_without_a_good_backup_a_new_ledger_is_begun(settings: Settings) -> None:
    for file in [settings.data / "library.sqlite", *(settings.data / "backups").iterdir()]:
        file.write_bytes(b"junk" * 5000)
    assert repair.restore_ledger(settings.data)[0].code == "restored_nothing"
    assert [str(told) for told in repair._rebuild(settings, None)] == ["The library has 0 articles."]
    with closing(Store(settings.data, HashEmbedder())) as store:
        assert store.missing_vectors() == {}


@pytest.mark.parametrize("how", ["deleted", "emptied", "junk"])
def test_lost_vectors_are_reported_while_words_still_find_articles(settings: Settings, how: str) -> None:
    file = settings.data / "vectors" / "chroma.sqlite3"
    if how == "deleted":
        file.unlink()
    else:
        file.write_bytes(b"" if how == "emptied" else b"junk" * 5000)
    with opened(settings) as library:
        assert library.search(QUESTION)[0].article.title == "The harbour opens again"
        assert str(library.notice()).startswith("3 articles have lost their vectors")
    with opened(settings) as library:
        assert library.notice() is not None, "until they are made again"


def test_lost_vectors_are_made_again_in_the_background(library: Library) -> None:
    assert library.notice() is not None
    services = BackgroundServices(library, interval_s=0.05)
    services.start()
    while library.notice() is not None or library.intake.changing:
        pass
    services.close()
    assert library._store.missing_vectors() == {} and library.intake.unfinished() == 0


PAGE = b'{"title": "The ferry", "text": "The ferry to Ardmore sails at noon with Captain Roe."}'
ADDRESS = "https://example.org/ferry"


def test_what_came_after_the_backup_is_copied_from_the_damaged_ledger(
    settings: Settings, tmp_path: Path
) -> None:
    """A page, its original, its collection, a corrected author, and the folder of a file."""
    late = write(tmp_path / "late", keeper="The keeper\n\nThe lighthouse keeper is Per Holm.")
    with opened(settings) as library:
        library.ingest([late])
        library.intake.take({ADDRESS: PAGE}, lambda _: None, None)
        (ferry,) = library._store.ledger.named(ADDRESS)
        library.collections.add("Harbour news", [ferry.id])
        library.intake.mend([ferry.id], Mending(author="Ida Brandt"))
        library._store.backups.make = lambda: False  # type: ignore[method-assign]
    damage(settings.data / "library.sqlite")
    told, damaged = repair.restore_ledger(settings.data)
    assert told.code == "restored"
    repair._rebuild(settings, damaged)
    with opened(settings) as library:
        assert library.overview().articles == 5
        (hit,) = [hit for hit in library.search("Captain Roe") if hit.article.title == "The ferry"]
        assert hit.article.author == "Ida Brandt"
        assert library.collections.articles("Harbour news") == [hit.article.id]
        original = library._store.originals.get(ADDRESS)
        assert original is not None and original.data == PAGE
        assert library.search("Who is the lighthouse keeper?")[0].article.title == "The keeper"
        assert library._store.missing_vectors() == {}


def test_a_library_that_was_moved_gets_no_upload_twice(settings: Settings) -> None:
    with opened(settings) as library:
        library.ingest([UploadFolder(settings.data / "added").keep_text("A pasted text\n\nIt was pasted.")])
        library._store.backups.make = lambda: False  # type: ignore[method-assign]
    moved = settings.model_copy(update={"data": settings.data.rename(settings.data.with_name("moved"))})
    damage(moved.data / "library.sqlite")
    _, damaged = repair.restore_ledger(moved.data)
    repair._rebuild(moved, damaged)
    with opened(moved) as library:
        assert library.overview().articles == 4 and library._store.copies.count() == 0


def test_an_article_with_an_altered_letter_is_not_copied(settings: Settings) -> None:
    with opened(settings) as library:
        library.intake.take({ADDRESS: PAGE}, lambda _: None, None)
        library._store.backups.make = lambda: False  # type: ignore[method-assign]
    ledger = settings.data / "library.sqlite"
    ledger.write_bytes(ledger.read_bytes().replace(b"Captain Roe", b"Captain Rye"))
    _, damaged = repair.restore_ledger(settings.data)
    repair._rebuild(settings, damaged)
    with opened(settings) as library:
        assert library.overview().articles == 3


def test_where_groups_restrict_a_collection_nothing_is_shown_that_was_hidden(settings: Settings) -> None:
    with opened(settings) as library:
        library.intake.take({ADDRESS: PAGE}, lambda _: None, None)
        library.collections.add("Secret", [library._store.ledger.named(ADDRESS)[0].id])
        library.collections.restrict("Secret", ["desk"])
        library._store.backups.make = lambda: False  # type: ignore[method-assign]
    damage(settings.data / "library.sqlite")
    _, damaged = repair.restore_ledger(settings.data)
    repair._rebuild(settings, damaged)
    with opened(settings) as library:
        assert library.overview().articles == 3


def damage(path: Path) -> None:
    """Damage a table that nothing of this needs."""
    with closing(sqlite3.connect(path)) as db:
        ((page,),) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'visits'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


def test_what_came_last_is_soon_in_a_backup(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was fetched is in no file of the reader's."""
    monkeypatch.setattr(backups, "_BYTES_PER_S", 1e12)  # a minute has passed
    with opened(settings) as library:
        library.intake.take({ADDRESS: PAGE}, lambda _: None, None)
    (settings.data / "library.sqlite").unlink()
    repair.restore_ledger(settings.data)
    with opened(settings) as library:
        assert library.search("Captain Roe")[0].article.title == "The ferry"


def test_a_new_library_has_nothing_to_restore(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models")
    for _ in range(2):
        with opened(settings) as library:
            assert library.notice() is None
