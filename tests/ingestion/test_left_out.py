"""What was left out is kept, an article can be taken as it is, and pages are read again from their originals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_examples import Reply, Site, fetcher, sites

from rag.errors import NothingThere
from rag.ingestion.intake import Intake
from rag.store.store import FileState, Store
from rag.testing import HashEmbedder
from rag.types import ArticleInfo

pytestmark = pytest.mark.slow  # needs a local server and a library of its own in each test

BODY = "The harbour of Kestrel Bay opened again on Monday after three years of dredging."
SHARING = "Share | Facebook | Twitter"
TEXT = f"The harbour opens again\n\n{SHARING}\n\n{BODY}\n\nForty ships are expected every week.\n"
NAVIGATION = "<nav><a href=/a>Weather</a><a href=/b>Sport</a></nav>"
PAGE = (
    "<html><head><title>The harbour opens again</title></head>"
    f"<body>{NAVIGATION}<article><h1>The harbour opens again</h1><p>{BODY}</p></article></body></html>"
)
FOOTER = "".join(
    f"This is sentence {n} of the notice that the lawyers have put below every mail.\n" for n in range(9)
)


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with sites() as (one,):
        yield one


@pytest.fixture
def site(server: Site) -> Site:
    server.reset({"/harbour": Reply(PAGE.encode())})
    return server


@pytest.fixture
def intake(store: Store, embedder: HashEmbedder, site: Site) -> Intake:
    return Intake(store, embedder, fetcher(f"127.0.0.1:{site.port}"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "articles" / "harbour.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def only(store: Store) -> ArticleInfo:
    (info,) = store.ledger.articles(-1)
    return info


def text(store: Store) -> str:
    article = store.ledger.article(only(store).id)
    assert article is not None
    return article.text


def left_out(store: Store) -> list[tuple[str, str]]:
    lines = store.records.of(only(store)).left_out
    assert lines is not None, "known"
    return [(line.text, line.step) for line in lines]


def test_left_out_lines_are_known_each_with_its_step(intake: Intake, store: Store, file: Path) -> None:
    intake.ingest([file])
    assert left_out(store) == [(SHARING, "notice")]
    assert SHARING not in text(store)


def test_they_outlive_the_trash(intake: Intake, store: Store, file: Path) -> None:
    intake.ingest([file])
    article = only(store).id
    intake.take_out([article])
    intake.put_back([article])
    assert left_out(store) == [(SHARING, "notice")]


def test_they_are_renewed_where_the_article_itself_stays_the_same(
    intake: Intake, store: Store, file: Path
) -> None:
    intake.ingest([file])
    file.write_text(TEXT.replace(SHARING, f"{SHARING} | Telegram"), encoding="utf-8")
    assert intake.ingest([file]).unchanged == 1
    assert left_out(store) == [(f"{SHARING} | Telegram", "notice")]


def test_an_article_taken_as_it_is_stays_so_until_it_is_cleaned_again(
    intake: Intake, store: Store, file: Path
) -> None:
    intake.ingest([file])
    assert intake.take_as_is(str(file))
    assert text(store).splitlines()[0] == SHARING and left_out(store) == []
    assert store.records.of(only(store)).as_is
    file.write_text(f"{TEXT}\nAdvertisement\n", encoding="utf-8")
    intake.ingest([file.parent])
    assert text(store).endswith("Advertisement"), "after a change of the file, too"
    assert intake.take_as_is(str(file), as_is=False)
    assert SHARING not in text(store) and not store.records.of(only(store)).as_is


def test_only_the_article_that_was_chosen_is_taken_as_it_is(
    intake: Intake, store: Store, tmp_path: Path
) -> None:
    records = tmp_path / "two.jsonl"
    row = '{"title": "%s", "text": "%s\\\\n\\\\n%s"}\n'
    records.write_text(
        "".join(row.replace("\\\\n", "\\n") % (name, SHARING, BODY) for name in ("Harbour", "Quay"))
    )
    intake.ingest([records])
    intake.take_as_is("Quay")
    texts = {info.title: store.ledger.article(info.id) for info in store.ledger.articles(-1)}
    assert SHARING in texts["Quay"].text and SHARING not in texts["Harbour"].text  # type: ignore[union-attr]


def test_what_cannot_be_read_again_stays_as_it_was(intake: Intake, store: Store, file: Path) -> None:
    intake.ingest([file])
    file.unlink()
    with pytest.raises(NothingThere, match="no longer exists"):
        intake.take_as_is(str(file))
    assert not store.records.of(only(store)).as_is
    with pytest.raises(NothingThere):
        intake.take_as_is("no such article")


def test_a_page_is_read_again_from_its_original(intake: Intake, store: Store, site: Site) -> None:
    intake.ingest([], addresses=[f"{site.url}/harbour"])
    assert "Weather" not in text(store)
    site.routes["/harbour"] = Reply(b"", 503)
    intake.take_as_is("The harbour opens again")
    assert "Weather" in text(store) and site.seen == ["/harbour"], "nothing was fetched"


def test_pages_of_an_earlier_reader_are_read_again_from_their_originals(
    intake: Intake, store: Store, site: Site
) -> None:
    address = f"{site.url}/harbour"
    intake.ingest([], addresses=[address])
    store.ledger.put([], [FileState(address, store.files.stamps()[address], [address], reader=1)])
    assert intake.outdated() == 1
    assert intake.reread().unchanged == 1 and site.seen == ["/harbour"]
    assert intake.outdated() == 0


def test_no_original_is_kept_where_the_setting_says_so(
    store: Store, embedder: HashEmbedder, site: Site
) -> None:
    intake = Intake(store, embedder, fetcher(f"127.0.0.1:{site.port}"), originals=False)
    intake.ingest([], addresses=[f"{site.url}/harbour"])
    assert store.originals.files() == set()
    intake.take_as_is("The harbour opens again")
    assert "Weather" in text(store) and site.seen == ["/harbour", "/harbour"], "fetched once more"


def test_the_original_goes_with_its_article(intake: Intake, store: Store, site: Site) -> None:
    intake.ingest([], addresses=[f"{site.url}/harbour"])
    article = only(store).id
    intake.take_out([article])
    assert store.originals.files() == {f"{site.url}/harbour"}, "it can be put back"
    store.trash.drop([article])
    assert store.originals.files() == set()


def test_a_report_names_articles_of_which_more_than_half_was_left_out(intake: Intake, tmp_path: Path) -> None:
    mail = f"From: Quay News <news@quay.example>\nSubject: %s\n\n{BODY}\n\n-- \n%s"
    for name, footer in (("short", "Quay News, Kestrel Bay\n"), ("long", FOOTER)):
        (tmp_path / f"{name}.eml").write_text(mail % (name, footer), encoding="utf-8")
    (named,) = intake.ingest([tmp_path]).shortened
    assert (named.source, named.title) == (str(tmp_path / "long.eml"), "long")
    assert 0.5 < named.share < 1
