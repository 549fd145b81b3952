"""Records of JSON, JSON Lines and CSV into articles."""

from __future__ import annotations

import json
from datetime import date

import pytest
from reading_examples import EN, ROWS, TITLES, ZH, one, parts

from rag.errors import Unreadable
from rag.types import Article, Skipped


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (json.dumps(ROWS), ".json"),
        (json.dumps({"status": "ok", "articles": ROWS}), ".json"),
        (json.dumps({"took": 3, "hits": {"hits": [{"_id": "x", "_source": row} for row in ROWS]}}), ".json"),
        (json.dumps({"first": ROWS[0], "second": ROWS[1]}), ".json"),
        ("\n".join(map(json.dumps, ROWS)), ".jsonl"),
    ],
)
def test_every_record_is_an_article(data: str, suffix: str) -> None:
    english, chinese = parts(data, suffix)
    assert isinstance(english, Article) and isinstance(chinese, Article)
    assert (english.title, english.text, english.language) == (TITLES["en"], EN, "en")
    assert (english.published, english.outlet) == (date(2021, 3, 12), "The Coast Times")
    assert (english.author, english.url) == ("Anna Lund, Per Holm", "https://coast.example/ferry")
    assert (chinese.title, chinese.text, chinese.language) == (TITLES["zh"], ZH, "zh")
    assert english.source != chinese.source
    assert english.source.startswith(f"/a/one{suffix}#")


def test_a_record_alone_is_the_files_article() -> None:
    assert one(json.dumps(ROWS[0]), ".json").source == "/a/one.json"


def test_a_record_keeps_its_source_when_others_come_before_it() -> None:
    before = one(json.dumps([ROWS[0]]), ".json").source
    assert parts(json.dumps([{"id": 8, "text": "Another."}, ROWS[0]]), ".json")[1].source == before


def test_records_with_one_key_have_sources_of_their_own() -> None:
    same = [{"id": 1, "text": f"Text {n}."} for n in range(3)]
    assert len({part.source for part in parts(json.dumps(same), ".json")}) == 3


def test_a_record_without_text_costs_itself_only() -> None:
    found = parts('{"text": "The ferry stays."}\n{"title": "No text"}\nnot json\n', ".jsonl")
    assert [type(part) for part in found] == [Article, Skipped, Skipped]
    assert "text, content or body" in str(found[1].reason)  # type: ignore[union-attr]


CSV = """Titre;Contenu;Date;Auteur;Lien
"Le vieux ferry; toujours là";"Le conseil a voté mardi.

La maire a remercié les équipages.";12/03/2021;Anne Lund;https://cote.example/ferry
;;;;
"""


def test_a_table_gives_an_article_for_each_row() -> None:
    article, empty = parts(CSV, ".csv")
    assert isinstance(article, Article) and isinstance(empty, Skipped)
    assert article.title == "Le vieux ferry; toujours là"
    assert article.text == "Le conseil a voté mardi.\n\nLa maire a remercié les équipages."
    assert (article.published, article.author) == (date(2021, 3, 12), "Anne Lund")
    assert article.url == "https://cote.example/ferry"


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        ("{", ".json", "not JSON"),
        ("[" * 100_000, ".json", "not JSON"),
        ('{"name": "package", "version": 1}', ".json", "No record"),
        ("[]", ".json", "No record"),
        ("a,b\n1,2\n", ".csv", "No record"),
        ("no records here\n", ".jsonl", "No record"),
    ],
)
def test_what_holds_no_records_says_so(data: str, suffix: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parts(data, suffix)


@pytest.mark.parametrize("seconds", [1615536000, 1615536000000, "1615536000", 1615536000.5])
def test_a_moment_in_seconds_is_a_day(seconds: object) -> None:
    assert one(json.dumps({"text": "The ferry stays.", "date": seconds}), ".json").published == date(
        2021, 3, 12
    )


def test_a_day_to_come_is_none() -> None:
    assert one(json.dumps({"text": "The ferry stays.", "date": 32503680000}), ".json").published is None
