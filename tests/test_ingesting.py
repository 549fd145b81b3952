from __future__ import annotations

import os
from pathlib import Path

import pytest
from examples import HashEmbedder, write

from rag.errors import NothingThere
from rag.ingesting import Ingestion, Report
from rag.progress import Progress
from rag.store import Store


@pytest.fixture
def ingest(store: Store, embedder: HashEmbedder):
    def run(*paths: Path) -> Report:
        return Ingestion(store, embedder).run(paths)

    return run


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def texts(store: Store) -> list[str]:
    ids = [info.id for info in store.ledger.articles(-1)]
    return [stored.passage.text for stored in store.ledger.passages_of(ids)]


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
    reasons = {Path(s.source).name: s.reason for s in report.skipped}
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
    assert "link" in report.skipped[0].reason


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
    Ingestion(store, embedder, seen.append).run([articles])
    assert [p.done for p in seen] == [0, 1, 2, 3]
    assert seen[-1].done == seen[-1].total
