from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from chroma_run import on_both
from examples import write

from rag.errors import NothingThere
from rag.ingestion.ingester import Ingester
from rag.ingestion.report import Report
from rag.progress import Progress
from rag.reading import Chunk, ReadRequest, read_files
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


@pytest.fixture
def ingest(store: Store, embedder: HashEmbedder):
    def run(*paths: Path) -> Report:
        return Ingester(store, embedder).run(paths)

    return run


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def texts(store: Store) -> list[str]:
    ids = [info.id for info in store.ledger.articles(-1)]
    return [stored.passage.text for stored in store.ledger.passages_of(ids)]


@on_both
def test_articles_come_in_and_a_second_run_leaves_them_alone(ingest, articles: Path, store: Store) -> None:
    assert counts(ingest(articles)) == (3, 0, 0, 0)
    assert counts(ingest(articles)) == (0, 0, 3, 0)
    assert store.ledger.overview().languages == {"en": 1, "fr": 1, "zh": 1}
    assert store.missing_vectors() == {}


def test_offsets_survive_the_store(ingest, articles: Path, store: Store) -> None:
    ingest(articles)
    for info in store.ledger.articles(-1):
        article = store.ledger.article(info.id)
        assert article is not None
        for stored in store.ledger.passages_of([info.id]):
            assert article.text[stored.passage.start : stored.passage.end] == stored.passage.text != ""


@on_both
def test_an_edited_article_replaces_its_old_passages(ingest, articles: Path, store: Store) -> None:
    ingest(articles)
    write(articles, harbour="The harbour closes\n\nThe harbour of Kestrel Bay closed for good on Friday.")
    assert counts(ingest(articles)) == (0, 1, 2, 0)
    assert not any("42 million" in text for text in texts(store))
    assert any("closed for good" in text for text in texts(store))
    assert store.keywords.search("dredging", 5) == {}
    assert store.missing_vectors() == {}


def test_a_file_that_was_only_touched_is_unchanged(ingest, articles: Path) -> None:
    ingest(articles)
    os.utime(articles / "harbour.txt", (1, 1))
    assert counts(ingest(articles)) == (0, 0, 3, 0)


@on_both
def test_a_file_that_is_gone_leaves(ingest, articles: Path, store: Store) -> None:
    ingest(articles)
    (articles / "bridge.txt").unlink()
    assert counts(ingest(articles)) == (0, 0, 2, 1)
    assert "zh" not in store.ledger.overview().languages
    assert store.missing_vectors() == {}


def test_another_folder_takes_nothing_away(ingest, articles: Path, tmp_path: Path, store: Store) -> None:
    ingest(articles)
    ingest(write(tmp_path / "more", extra="One more\n\nA short article about a lighthouse keeper."))
    assert store.ledger.overview().articles == 4


def test_a_folder_that_is_not_there_changes_nothing(
    ingest, articles: Path, tmp_path: Path, store: Store
) -> None:
    ingest(articles)
    with pytest.raises(NothingThere, match="does not exist"):
        ingest(articles, tmp_path / "nowhere")
    assert store.ledger.overview().articles == 3


def test_what_is_no_article_is_skipped_with_a_reason_and_the_others_come_in(ingest, articles: Path) -> None:
    (articles / "photo.jpg").write_bytes(b"\xff\xd8")
    (articles / "empty.txt").write_bytes(b"")
    (articles / "README.md").write_text("These are articles.")
    report = ingest(articles)
    assert report.added == 3
    reasons = {Path(s.source).name: str(s.reason) for s in report.skipped}
    assert set(reasons) == {"photo.jpg", "empty.txt", "README.md"}
    assert ".jpg" in reasons["photo.jpg"]
    assert all(reasons.values())


def test_a_folder_is_the_same_however_it_is_named(ingest, articles: Path) -> None:
    ingest(articles)
    assert counts(ingest(articles / ".." / articles.name)) == (0, 0, 3, 0)


def test_a_link_out_of_the_folder_is_not_followed(ingest, articles: Path, tmp_path: Path) -> None:
    write(tmp_path / "private", secret="A secret\n\nNobody should find this text.")
    (articles / "link.txt").symlink_to(tmp_path / "private" / "secret.txt")
    report = ingest(articles)
    assert report.added == 3
    assert "link" in str(report.skipped[0].reason)


@on_both
def test_an_article_that_changes_its_language_moves(ingest, articles: Path, store: Store) -> None:
    ingest(articles)
    write(
        articles,
        harbour="Le port rouvre\n\nLe port de la baie rouvre lundi après trois ans de travaux de dragage.",
    )
    ingest(articles)
    assert store.ledger.overview().languages == {"fr": 2, "zh": 1}
    assert store.missing_vectors() == {}


def test_progress_ends_at_its_total(store: Store, embedder: HashEmbedder, articles: Path) -> None:
    seen: list[Progress] = []
    Ingester(store, embedder, seen.append).run([articles])
    assert [p.done for p in seen if p.unit == "articles"] == [0, 1, 2, 3]
    measured = [p for p in seen if str(p.label).startswith("Measuring")]
    assert (measured[0].done, measured[-1].done) == (0, measured[-1].total)
    assert seen[-1].done == seen[-1].total


# Files of several articles


def rows(*texts: str) -> str:
    return "\n".join(json.dumps({"id": text.split()[0], "text": text}) for text in texts)


def test_of_a_changed_file_only_what_changed_is_embedded_again(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(rows("One ship sank.", "Two ships sailed.", "Three ships came."))
    assert counts(Ingester(store, embedder).run([file])) == (3, 0, 0, 0)
    file.write_text(rows("Zero ships left.", "One ship sank.", "Two ships sailed at last."))
    embedded: list[str] = []
    original = embedder.embed_passages
    embedder.embed_passages = lambda texts: embedded.extend(texts) or original(texts)  # type: ignore[method-assign, func-returns-value]
    assert counts(Ingester(store, embedder).run([file])) == (1, 1, 1, 1)
    assert {"Zero ships left.", "Two ships sailed at last."} <= {*embedded}
    assert "One ship sank." not in embedded
    assert sorted(texts(store)) == ["One ship sank.", "Two ships sailed at last.", "Zero ships left."]
    assert counts(Ingester(store, embedder).run([file])) == (0, 0, 3, 0)
    file.unlink()
    assert counts(Ingester(store, embedder).run([file])) == (0, 0, 0, 3)
    assert store.missing_vectors() == {}


def test_what_was_skipped_is_reported_again_without_being_read_again(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = write(tmp_path / "news", empty="")
    (folder / "news.jsonl").write_text(rows("One ship sank.") + "\nnot json")
    read: list[str] = []

    def reading(files: Iterable[ReadRequest]) -> Iterator[Chunk]:
        for chunk in read_files(files):
            read.append(chunk.file)
            yield chunk

    first = Ingester(store, embedder, read=reading).run([folder])
    assert len(first.skipped) == 2
    assert len(read) > 2
    read.clear()
    second = Ingester(store, embedder, read=reading).run([folder])
    assert not read
    assert sorted(second.skipped, key=str) == sorted(first.skipped, key=str)
    store.files.forget(store.files.skipped())
    Ingester(store, embedder, read=reading).run([folder])
    assert {Path(file).name for file in read} == {"news.jsonl", "empty.txt"}


def test_a_file_that_can_no_longer_be_read_keeps_its_articles(ingest, articles: Path, store: Store) -> None:
    ingest(articles)
    (articles / "harbour.txt").write_bytes(b"")
    report = ingest(articles)
    assert counts(report) == (0, 0, 2, 0)
    assert "empty" in str(report.skipped[0].reason)
    assert any("Ida Brandt" in text for text in texts(store))


def test_the_end_of_an_article_with_too_many_passages_is_kept_and_told(
    store: Store, embedder: HashEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.text.splitter.MAX_PASSAGES", 5)
    body = "\n\n".join(f"Paragraph {n} tells of ship number {n} in the bay. " * 6 for n in range(10))
    write(tmp_path / "news", long=f"A long one\n\n{body}", short="A short one\n\nIt is short.")
    report = Ingester(store, embedder).run([tmp_path / "news"])
    (told,) = report.overlong
    assert told.title == "A long one" and 0.4 < told.share < 0.6
    article = store.ledger.article(next(i.id for i in store.ledger.articles(-1) if i.title == "A long one"))
    assert article is not None and "ship number 9" in article.text, "the text is not lost"
    assert len(store.ledger.passages_of([article.id])) == 5
