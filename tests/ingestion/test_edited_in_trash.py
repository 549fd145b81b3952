"""What changes while an article is in the trash is there once it is put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from web_examples import Reply, fetcher, sites

from rag.ingestion.intake import Intake
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk, and a server on this machine


def texts(store: Store) -> list[str]:
    return [article.text for article in store.ledger.with_ids(store.files.by_article())]


def test_an_edit_of_a_file_is_read_once_it_is_put_back(
    store: Store, embedder: HashEmbedder, articles: Path
) -> None:
    intake = Intake(store, embedder, fetcher(""))
    file = articles / "harbour.txt"
    intake.ingest([articles])
    (taken,) = store.ledger.named(str(file))
    intake.take_out([taken.id])
    file.write_text(f"{file.read_text('utf-8')}\n\nLater: the ferry sails at one.", encoding="utf-8")
    intake.ingest([articles])
    intake.put_back([taken.id])
    report = intake.ingest([articles])
    assert (report.updated, report.added, report.unchanged) == (1, 0, 2)
    assert any("the ferry sails at one" in text for text in texts(store))
    assert intake.ingest([articles]).unchanged == 3


def test_an_edit_of_a_page_is_read_once_it_is_put_back(store: Store, embedder: HashEmbedder) -> None:
    with sites(1) as (site,):
        intake, address = Intake(store, embedder, fetcher(f"127.0.0.1:{site.port}")), f"{site.url}/ferry"
        for text in ("The ferry sails at noon.", "The ferry sails at one."):
            body = f"<html><body><article><h1>The ferry</h1><p>{text * 5}</p></article></body></html>"
            headers = {"Content-Type": "text/html", "ETag": f'"{len(body)}"'}
            site.reset({"/ferry": Reply(body.encode(), 200, headers)})
            intake.ingest([], addresses=[address])
            if not store.trash.ids():
                intake.take_out(list(store.files.by_article()))
        intake.put_back(sorted(store.trash.ids()))
        intake.ingest([], addresses=[address])
    assert ["sails at one" in text for text in texts(store)] == [True]
