from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from chroma_run import index_of, on_both
from examples import write

from rag.errors import IndexMismatch, LibraryBusy, LibraryDamaged
from rag.ingestion.ingester import Ingester
from rag.ingestion.uploads import UploadFolder
from rag.retrieval.retriever import Retriever
from rag.store.chroma_servers import ChromaServers
from rag.store.store import Store
from rag.store.vector_reset import drop_vectors
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


@pytest.fixture
def filled(tmp_path: Path, store: Store, embedder: HashEmbedder, articles: Path) -> Store:
    Ingester(store, embedder).run([articles])
    return store


def test_a_second_owner_is_told_so_within_a_second(store: Store, tmp_path: Path) -> None:
    other = (
        "import sys\n"
        "from rag.testing import HashEmbedder; from rag.store.store import Store; from pathlib import Path; import time\n"
        "began = time.monotonic()\n"
        f"try: Store(Path({str(tmp_path / 'data')!r}), HashEmbedder())\n"
        "except Exception as error: print(type(error).__name__, time.monotonic() - began < 5, error)\n"
    )
    out = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True).stdout
    assert out.startswith("LibraryBusy True")
    assert "in use by process" in out


@pytest.mark.sqlite
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_library_is_for_its_user_alone(tmp_path: Path, embedder: HashEmbedder) -> None:
    folder = tmp_path / "data"
    added = UploadFolder(folder / "added").keep_text("A pasted text\n\nIt was pasted.")
    for _ in range(2):
        with closing(Store(folder, embedder)) as store:
            Ingester(store, embedder).run([added])
            store.backups.make()
            folders = [folder, *(path for path in folder.iterdir() if path.is_dir())]
            assert {path.name for path in folders} == {"data", "added", "backups", "vectors"}
            assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
            files = [*folder.glob("*.sqlite*"), *folder.glob("backups/*"), *folder.glob("added/*")]
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        for path in folders:
            path.chmod(0o755)  # as older versions left it
        (folder / "library.sqlite").chmod(0o644)


def test_a_second_owner_in_the_same_process_is_refused_too(
    store: Store, tmp_path: Path, embedder: HashEmbedder
) -> None:
    began = time.monotonic()
    with pytest.raises(LibraryBusy):
        Store(tmp_path / "data", embedder)
    assert time.monotonic() - began < 5


def test_another_embedding_model_is_refused_and_the_message_says_how_to_rebuild(
    filled: Store, tmp_path: Path, database: str
) -> None:
    filled.close()
    other = HashEmbedder()
    other.name, other.fingerprint = "another", "2"
    with pytest.raises(IndexMismatch, match=r"made with hashing .* another .* python -m rag repair"):
        Store(tmp_path / "data", other, database=database)
    drop_vectors(tmp_path / "data", database)
    reopened = Store(tmp_path / "data", other, database=database)
    assert len(reopened.ledger.pending()) == 3
    Ingester(reopened, other).run([])
    assert reopened.missing_vectors() == {}
    reopened.close()


def test_an_emptied_library_takes_another_embedding_model(
    filled: Store, tmp_path: Path, articles: Path, database: str
) -> None:
    _ = filled.language_means
    filled.remove_files(filled.ledger.sources())
    filled.close()
    other = HashEmbedder()
    other.name, other.dimension, other.fingerprint = "another", 32, "2"
    reopened = Store(tmp_path / "data", other, database=database)
    Ingester(reopened, other).run([articles])
    assert Retriever(reopened, other).search("The harbour", 1, language="en")
    reopened.close()


@on_both
def test_a_lost_and_a_stray_vector_are_noticed(filled: Store, servers: ChromaServers) -> None:
    some = min(filled.ledger.passage_ids()["fr-0"])
    index_of(filled, servers).delete("fr-0", [some])
    index_of(filled, servers).upsert("zh-0", [999_999], HashEmbedder().embed_passages(["stray"]))
    assert filled.missing_vectors() == {"fr-0": ({some}, set()), "zh-0": (set(), {999_999})}


@pytest.mark.sqlite
def test_a_ledger_that_is_no_database_is_named(tmp_path: Path, embedder: HashEmbedder) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.sqlite").write_bytes(b"not a database at all, but long enough" * 10)
    with pytest.raises(LibraryDamaged, match="damaged"):
        Store(tmp_path / "data", embedder)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("通车", "青石桥通车"),
        ("林远", "青石桥通车"),
        ("bibliotheque", "La bibliothèque ferme ses portes"),
        ("l'ancienne", "La bibliothèque ferme ses portes"),
        ("BRANDT", "The harbour opens again"),
        ("60 000", "La bibliothèque ferme ses portes"),
    ],
)
def test_keywords_find_words_in_any_script(filled: Store, question: str, title: str) -> None:
    found = filled.ledger.passages(filled.keywords.search(question, 5))
    assert [stored.article.title for stored in found.values()][:1] == [title]


def test_russian_words_are_found_in_other_forms_and_vietnamese_without_marks(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "ru.txt").write_text(
        "Гавань открыта\n\nВ понедельник открылась гавань, сообщила начальница порта."
    )
    (folder / "vi.txt").write_text("Cảng mở cửa\n\nCảng Đông Hải mở cửa trở lại vào thứ hai sau ba năm.")
    Ingester(store, embedder).run([folder])
    for question, language in {"в гавани": "ru", "dong hai": "vi", "Đông Hải": "vi"}.items():
        found = store.ledger.passages(store.keywords.search(question, 5)).values()
        assert [stored.article.language for stored in found] == [language]


def test_words_glued_together_are_found_by_their_parts(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "glued",
        one="The visit\n\nThe delegation stayed inMoscow, where Vietnamese andRussian officers met.",
        two="Визит\n\nДелегация была вМоскве и вернулась домой.",
    )
    Ingester(store, embedder).run([folder])
    for word in ("Moscow", "Russian", "Москве", "inMoscow"):
        assert len(store.keywords.search(word, 5)) == 1, word


def test_a_word_that_was_too_common_to_count_is_found_once_it_is_rare(
    store: Store, embedder: HashEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.keywords._MAX_SCORED_PASSAGES", 3)
    notes = {f"n{n}": f"Note {n}\n\nThe dredger worked on quay {n} all night." for n in range(5)}
    folder = write(tmp_path / "notes", **notes)
    Ingester(store, embedder).run([folder])
    assert store.keywords.search("dredger", 5) == store.keywords.search("dredger", 5) == {}
    for n in range(2, 5):
        (folder / f"n{n}.txt").unlink()
    Ingester(store, embedder).run([folder])
    assert len(store.keywords.search("dredger", 5)) == 2


@pytest.mark.parametrize("question", ['"', "a OR b AND", "NEAR(", "*", "", "!?", "的", "col:x", "-- '"])
def test_no_question_breaks_the_keyword_search(filled: Store, question: str) -> None:
    assert isinstance(filled.keywords.search(question, 5), dict)


@on_both
def test_a_language_goes_on_in_a_next_shard_and_is_searched_in_all(
    tmp_path: Path, embedder: HashEmbedder, database: str, servers: ChromaServers
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(9):
        (folder / f"{n}.txt").write_text(f"Quay {n}\n\nThe crane on quay{n} was mended in the night.")
    store = Store(tmp_path / "sharded", embedder, 4, database, servers)
    Ingester(store, embedder).run([folder])
    assert index_of(store, servers).shards() == ["en-0", "en-1", "en-2"]
    retriever = Retriever(store, embedder)
    for n in range(9):
        (first, *_) = retriever.search(f"crane quay{n}", 3, language="en")
        assert first.article.title == f"Quay {n}"
    for n in range(3):
        (folder / f"{n}.txt").unlink()
    (folder / "new.txt").write_text("Quay new\n\nThe crane on quaynew was painted.")
    Ingester(store, embedder).run([folder])
    assert store.missing_vectors() == {}
    assert index_of(store, servers).shards() == ["en-0", "en-1", "en-2"]  # room is used again
    assert retriever.search("crane quaynew", 1, language="en")[0].article.title == "Quay new"
    store.close()


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("Соколов", True),  # the article says Соколову
        ("Иван Соколов", True),  # Ивану Сергеевичу Соколову
        ("Иван Орлов", False),
        ("林远", True),  # in the middle of other characters
        ("林远东", False),
        ("Brandt", True),
        ("Ida Brandt", True),
        ("Brandt Kowalski", False),
        ("!?", False),
    ],
)
def test_a_name_is_mentioned_in_any_form_of_its_script(
    filled: Store, embedder: HashEmbedder, tmp_path: Path, name: str, there: bool
) -> None:
    (tmp_path / "ru.txt").write_text(
        "Орден вручён\n\nВ понедельник в порту орден вручили Ивану Сергеевичу Соколову, сообщила мэрия."
    )
    Ingester(filled, embedder).run([tmp_path / "ru.txt"])
    assert filled.keywords.mentions(name) is there
