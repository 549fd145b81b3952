"""What is PostgreSQL's own: its errors, lost connections, several libraries and processes, and our functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest

from rag.errors import BylineError, DatabaseUnavailable, LibraryBusy, NotPermitted, SettingsError
from rag.ingestion.ingester import Ingester
from rag.store import open_database
from rag.store.ledger import Ledger
from rag.store.store import Store
from rag.store.tsquery import tsquery, words
from rag.testing import HashEmbedder
from rag.text.letters import plain_letters

pytestmark = pytest.mark.slow  # a server

SECRET = "hunter2"


@pytest.fixture
def address() -> Iterator[str]:
    with databases.opened("postgresql") as made:
        yield made


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    with closing(open_database.open_database(Path(), address)) as database:
        yield Ledger(database)


def ended(address: str) -> None:
    """End all connections of Byline, as a restarted server does."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'byline'"
        )


def refusal(address: str) -> str:
    """What a person is told who opens a library there."""
    with pytest.raises(BylineError) as told:
        open_database.open_database(Path(), address).close()
    assert SECRET not in str(told.value) and isinstance(told.value, DatabaseUnavailable)
    return str(told.value)


@pytest.mark.parametrize("address", [f"postgresql://u:{SECRET}@[", f"mysql://u:{SECRET}@host/db"])
def test_what_is_no_address_is_told_without_its_password(address: str) -> None:
    pytest.importorskip("psycopg")
    assert "postgresql://USER" in refusal(address)


def test_a_server_that_cannot_be_reached_is_named() -> None:
    pytest.importorskip("psycopg")
    told = refusal(f"postgresql://u:{SECRET}@127.0.0.1:1/news")
    assert "127.0.0.1:1/news does not answer" in told and "refused" in told


def test_a_wrong_password_and_a_missing_database_are_told_apart(address: str) -> None:
    import psycopg

    server = databases.started()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'right'")
        rules = Path(connection.execute("SHOW hba_file").fetchall()[0][0])
        rules.write_text(f"local all stranger scram-sha-256\n{rules.read_text()}")
        connection.execute("SELECT pg_reload_conf()")
    stranger = server.replace("postgres:@", f"stranger:{SECRET}@")
    assert "refuses the sign-in" in refusal(stranger)
    assert "create the database first" in refusal(server.replace("/postgres?", "/nowhere?"))


def test_without_the_package_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_database, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"byline\[team\]"):
        open_database.open_database(Path(), "postgresql://u@h/d")


def test_a_database_that_may_only_be_read_is_told_on_the_first_change(ledger: Ledger, address: str) -> None:
    ledger.set_meta(embedder="a")
    only = address.replace("-csearch_path", "-cdefault_transaction_read_only%3Don%20-csearch_path")
    with closing(open_database.open_database(Path(), only, alone=False)) as database:
        other = Ledger(database)
        assert other.meta("embedder") == "a"
        with pytest.raises(NotPermitted, match="cannot be written"):
            other.set_meta(embedder="b")


def test_a_restarted_server_is_noticed_by_nobody_who_reads_or_begins_to_write(
    ledger: Ledger, address: str
) -> None:
    ledger.set_meta(embedder="a")
    ended(address)
    assert ledger.meta("embedder") == "a"
    ended(address)
    ledger.set_meta(embedder="b")
    assert ledger.meta("embedder") == "b"


def test_a_change_cut_off_in_the_middle_is_told_and_leaves_nothing(ledger: Ledger, address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="does not answer"), ledger._transaction() as db:
        db.execute("INSERT INTO meta VALUES ('half', '1')")
        ended(address)
        db.execute("INSERT INTO meta VALUES ('other half', '1')")
    assert ledger.meta("half") is None
    ledger.set_meta(whole="1")
    assert ledger.meta("whole") == "1"


def test_a_database_of_a_newer_byline_is_left_alone(ledger: Ledger, address: str) -> None:
    ledger.set_meta(version="99")
    with pytest.raises(DatabaseUnavailable, match="newer version"):
        open_database.open_database(Path(), address, alone=False)


def test_a_second_owner_is_refused_even_with_a_folder_of_its_own(
    address: str, tmp_path: Path, embedder: HashEmbedder
) -> None:
    refused = pytest.raises(LibraryBusy, match="in use by another process")
    with closing(Store(tmp_path / "one", embedder, database=address)), refused:
        Store(tmp_path / "two", embedder, database=address)
    Store(tmp_path / "two", embedder, database=address).close()


def test_an_altered_text_is_found_by_the_check(
    address: str, tmp_path: Path, embedder: HashEmbedder, articles: Path
) -> None:
    with closing(Store(tmp_path / "data", embedder, database=address)) as store:
        Ingester(store, embedder).run([articles])
        assert store.ledger.check() == []
        with store._database.transaction() as db:
            db.execute("UPDATE articles SET text = text || '!' WHERE language = 'fr'")
        (fault,) = store.ledger.check()
        assert fault.endswith("library.txt was altered")


@pytest.mark.parametrize(
    "text", ["Harbour", "ÉCOLE Œuvre", "Straße", "ĐÔNG HẢI", "Ёлка ГАВАНЬ", "國防部長", "ＡＢ１２ ﬁn", ""]
)
def test_the_server_folds_letters_as_we_do(ledger: Ledger, text: str) -> None:
    assert ledger._rows("SELECT fold(?)", (text,)) == [(plain_letters(text),)]


def test_the_character_that_postgresql_cannot_hold_keeps_its_place(ledger: Ledger) -> None:
    ledger.set_meta(odd="a\0b")
    assert ledger.meta("odd") == "a\ufffdb"


IVANS = ["ivan petrov", "petrov ivan", "ivan a b petrov", "ivan a b c petrov"]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('"ivan"', IVANS),
        ('"iv"*', IVANS),
        ('"ivan petrov"', IVANS[:1]),
        ('NEAR("ivan" "petrov", 2)', IVANS[:3]),
        ('"60 000" OR "nobody"', ["60.000 euros"]),
        ('"école"', ["ecole"]),
        ('"running"', ["he runs"]),
        ('"_"', []),
    ],
)
def test_a_query_of_fts5_finds_the_same_in_postgresql(ledger: Ledger, query: str, matches: list[str]) -> None:
    among = "to_tsvector('byline', ?) @@ to_tsquery('byline', ?)"
    texts = [*IVANS, "60.000 euros", "ecole", "he runs"]
    found = [t for t in texts if ledger._rows(f"SELECT {among}", (" ".join(words(t)), tsquery(query)))[0][0]]
    assert found == matches
