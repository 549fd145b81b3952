"""Notebooks in their file: what is kept, ordered, removed and written in two pages at once."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from notebook_examples import OPENED, SHIPS, answered, timeline

from rag.conversations import Exchange
from rag.errors import LibraryDamaged, NothingThere, NotPermitted
from rag.notebooks.entries import Entry
from rag.notebooks.keeping import entry_of, origin
from rag.notebooks.notebooks import PURGE_AFTER, Notebooks
from rag.store.database import ServerDatabase


@pytest.fixture
def path(place: Path) -> Path:
    return place


@pytest.fixture
def notebooks(place: Path | ServerDatabase) -> Iterator[Notebooks]:
    opened = Notebooks(place)
    yield opened
    opened.close()


@pytest.fixture
def story(notebooks: Notebooks) -> str:
    return notebooks.new("Harbour story")


def texts(notebooks: Notebooks, story: str) -> list[str]:
    return [one.text for one in notebooks.read(story).entries]


# --- in the file


def keep(notebooks: Notebooks, story: str, exchange: Exchange, part: str) -> Entry:
    entry = entry_of(exchange, part)
    assert entry is not None
    notebooks.keep(story, entry)
    return entry


def test_everything_is_there_after_a_restart_in_the_order_that_was_made(path: Path) -> None:
    first = Notebooks(path)
    story = first.new("Harbour story")
    quotation, whole = keep(first, story, answered(), "q0"), keep(first, story, answered(), "")
    first.note(story, "note-1", "  as typed\n\n ✍️ ", after=quotation.id)
    first.move(whole.id, before=quotation.id)
    first.close()
    second = Notebooks(path)
    entries = second.read(story).entries
    assert entries[:2] == (whole, quotation)
    assert (entries[2].kind, entries[2].text) == ("note", "  as typed\n\n ✍️ ")
    second.close()


def test_keeping_twice_keeps_once_and_keeping_again_brings_back_to_the_same_place(
    notebooks: Notebooks, story: str
) -> None:
    exchange = timeline()
    for part in ("s0", "s1", "s0"):
        keep(notebooks, story, exchange, part)
    assert texts(notebooks, story) == [OPENED, SHIPS]
    assert notebooks.origins(story) == {"x2 s0", "x2 s1"}
    notebooks.let_go(story, origin("x2", "s0"))
    assert texts(notebooks, story) == [SHIPS]
    keep(notebooks, story, exchange, "s0")
    assert texts(notebooks, story) == [OPENED, SHIPS]


def test_a_removed_entry_comes_back_to_its_place(notebooks: Notebooks, story: str) -> None:
    for n in range(3):
        notebooks.note(story, f"n{n}", f"note {n}", after=f"n{n - 1}" if n else "")
    notebooks.remove("n1")
    assert texts(notebooks, story) == ["note 0", "note 2"]
    notebooks.move("n2", before="n0")
    notebooks.remove("n1", undo=True)
    assert texts(notebooks, story) == ["note 2", "note 0", "note 1"]


def test_two_pages_on_one_note_lose_neither_text(notebooks: Notebooks, story: str) -> None:
    notebooks.note(story, "n", "")
    notebooks.note(story, "last", "end", after="n")
    notebooks.edit("n", "The harbour", ["", "The"], "fork-1")
    notebooks.edit("n", "Ships", [""], "fork-2")
    notebooks.edit("n", "Ships come", [""], "fork-2")
    assert texts(notebooks, story) == ["The harbour", "Ships come", "end"]
    notebooks.edit("n", "The harbour opens", ["The harbour"], "fork-3")
    assert texts(notebooks, story) == ["The harbour opens", "Ships come", "end"]


def test_what_is_typed_into_a_note_that_another_page_removed_is_kept(
    notebooks: Notebooks, story: str
) -> None:
    notebooks.note(story, "n", "")
    notebooks.remove("n")
    notebooks.edit("n", "Typed", [""], "fork")
    assert texts(notebooks, story) == ["Typed"]


def test_changes_that_are_sent_twice_are_made_once(notebooks: Notebooks, story: str) -> None:
    changes: list[Callable[[], None]] = [
        lambda: notebooks.note(story, "a", "A"),
        lambda: notebooks.note(story, "b", "B", after="a"),
        lambda: notebooks.edit("a", "A!", ["A"], "fork"),
        lambda: notebooks.move("b", before="a"),
    ]
    for change in changes:
        change()
        change()
    assert texts(notebooks, story) == ["B", "A!"]


def test_two_processes_see_each_others_changes(place: Path | ServerDatabase) -> None:
    one, two = Notebooks(place), Notebooks(place)
    story = one.new("Story")
    two.note(story, "n", "From two")
    one.note(story, "m", "From one", after="n")
    assert texts(two, story) == texts(one, story) == ["From two", "From one"]
    one.close()
    two.close()


# --- several notebooks


def test_notebooks_have_names_of_their_own_and_the_one_used_last_is_the_default(
    notebooks: Notebooks, story: str
) -> None:
    other = notebooks.new("  Библиотека  ")
    assert [one.name for one in notebooks.all()] == ["Библиотека", "Harbour story"]
    assert notebooks.into("", "Mine") == other
    notebooks.use(story)
    assert notebooks.into("", "Mine") == story and notebooks.into(other, "Mine") == other
    with pytest.raises(NothingThere, match="“HARBOUR story” already"):
        notebooks.rename(other, "HARBOUR story")
    with pytest.raises(NothingThere, match="at most 80"):
        notebooks.new(" ")
    assert notebooks.named("библиотека").id == other
    with pytest.raises(NothingThere, match="Notebooks: Harbour story, Библиотека"):
        notebooks.named("none")


def test_the_first_thing_kept_makes_a_notebook(notebooks: Notebooks) -> None:
    assert notebooks.all() == []
    id = notebooks.into("", "My notebook")
    assert [(one.id, one.name) for one in notebooks.all()] == [(id, "My notebook")]


def test_a_deleted_notebook_comes_back_with_its_entries(notebooks: Notebooks, story: str) -> None:
    notebooks.note(story, "n", "Text")
    notebooks.delete(story)
    with pytest.raises(NothingThere, match="deleted"):
        notebooks.read(story)
    notebooks.new("Harbour story")
    notebooks.delete(story, undo=True)
    notebooks.delete(story, undo=True)
    assert notebooks.read(story).head.name == "Harbour story (2)"
    assert texts(notebooks, story) == ["Text"]


def test_what_is_typed_into_a_notebook_that_another_page_deleted_is_kept(
    notebooks: Notebooks, story: str
) -> None:
    notebooks.note(story, "n", "")
    notebooks.delete(story)
    notebooks.edit("n", "Typed", [""], "fork")
    assert texts(notebooks, story) == ["Typed"]


def test_what_was_deleted_is_gone_after_a_while(path: Path) -> None:
    first = Notebooks(path)
    gone, stays = first.new("Gone"), first.new("Stays")
    first.note(stays, "n", "Text")
    first.remove("n")
    first.delete(gone)
    first.close()
    before = (datetime.now(UTC) - PURGE_AFTER - timedelta(1)).isoformat()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE notebooks SET deleted = ? WHERE deleted IS NOT NULL", (before,))
        db.execute("UPDATE entries SET deleted = ?", (before,))
    second = Notebooks(path)
    assert [one.id for one in second.all()] == [stays]
    assert second._rows("SELECT * FROM entries") == []
    second.close()


# --- the file


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_notebooks_are_for_their_user_alone(path: Path, notebooks: Notebooks, story: str) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_reported_and_its_backup_takes_its_place(path: Path) -> None:
    first = Notebooks(path)
    story = first.new("Story")
    first.back_up()
    first.close()
    path.write_bytes(b"no database" * 1000)
    second = Notebooks(path)
    assert [one.id for one in second.all()] == [story]
    assert second.aside is not None and second.restored is not None
    second.close()


def test_what_a_damaged_file_still_yields_is_added_to_its_backup(path: Path) -> None:
    first = Notebooks(path)
    story = first.new("Story")
    first.note(story, "early", "Before the backup")
    first.back_up()
    first.edit("early", "Changed after it", ["Before the backup"], "fork")
    first.note(story, "later", "After the backup", after="early")
    first.note(first.new("Later story"), "other", "Elsewhere")
    first.close()
    damage(path)
    second = Notebooks(path)
    assert [one.name for one in second.all()] == ["Later story", "Story"]
    assert texts(second, story) == ["Changed after it", "After the backup"]
    assert second.aside is not None
    second.close()


@pytest.mark.parametrize(
    "altered",
    [
        "id = 'earlx'",
        "record = replace(record, 'Before', CAST(x'ff' AS TEXT))",
        "record = replace(record, 'Before', 'Bexore')",
    ],
)
def test_a_note_with_altered_letters_does_not_replace_that_of_the_backup(path: Path, altered: str) -> None:
    first = Notebooks(path)
    story = first.new("Story")
    first.note(story, "early", "Before the backup")
    first.back_up()
    first.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE entries SET {altered}")
    damage(path)
    second = Notebooks(path)
    assert texts(second, story) == ["Before the backup"]
    second.close()


def damage(path: Path) -> None:
    """Overwrite the first page of an index."""
    with closing(sqlite3.connect(path)) as db:
        ((page,),) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entries_of'")
        ((size,),) = db.execute("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def test_damage_while_it_is_open_is_reported_and_mended_at_the_next_try(path: Path) -> None:
    opened = Notebooks(path)
    opened.new("Story")
    opened.back_up()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(LibraryDamaged, match="Try again"):
        opened.all()
        opened.new("Another")
    assert [one.name for one in opened.all()] == ["Story"]
    opened.close()


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    newer = Notebooks(path)
    with pytest.raises(NotPermitted, match="newer version"):
        newer.all()
    newer.close()
