"""Data sets into libraries: what is read, what is refused, what becomes an article."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eval_examples import PASSAGES, QUESTIONS, jsonl, opener
from numpy.typing import NDArray

from rag.errors import NothingThere, NotPermitted
from rag.evaluation.cross_lingual_search import evaluate_retrieval
from rag.evaluation.dataset_index import indexed
from rag.evaluation.datasets import Dataset, Document
from rag.evaluation.headline_search import evaluate_headlines
from rag.evaluation.news_data import read_news
from rag.evaluation.parallel_data import read_parallel
from rag.evaluation.ranking import Ranker
from rag.settings import Settings
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # opens a library of its own in most tests

CODES = ["en", "fr", "zh"]
STORM = "A storm took the pier. Nobody was hurt. The mayor wants a pier of stone. It would cost nine million."


@pytest.fixture
def parallel(tmp_path: Path) -> Dataset:
    return read_parallel(jsonl(tmp_path / "P.jsonl", PASSAGES), jsonl(tmp_path / "Q.jsonl", QUESTIONS), CODES)


def dataset(*documents: Document) -> Dataset:
    return Dataset(documents, [], tuple(dict.fromkeys(document.language for document in documents)))


def test_a_library_of_parallel_passages_is_measured(parallel: Dataset) -> None:
    with indexed(parallel, Settings(), open_library=opener()) as made:
        report = evaluate_retrieval(parallel, Ranker(made.library.search, made.keys), made.facts)
    assert report["index"]["articles"] == 9
    assert report["index"]["skipped"] == []
    assert report["data"] == {"passages": 3, "questions": 2, "languages": CODES}
    rows = report["all_languages"]["by_language"]
    # a question in its passage's words finds it first; the quick embedder sees no words in Chinese
    assert rows["en"]["hit@1"] == rows["fr"]["hit@1"] == 1.0
    assert report["other_languages"]


def test_no_text_of_a_passage_is_lost_or_read_as_markdown(parallel: Dataset) -> None:
    with indexed(parallel, Settings(), open_library=opener()) as made:
        found = made.library.search("lantern whale oil", 1)[0]
        article = made.library.article(found.article.id)
    assert article
    assert article.text == " ".join(PASSAGES[0]["en"].split())
    assert made.keys[article.source] == "en/lantern"


def test_what_became_no_article_is_said(parallel: Dataset) -> None:
    documents = [*parallel.documents, Document(id="stars", language="en", text="***")]
    with indexed(dataset(*documents), Settings(), open_library=opener()) as made:
        (skipped,) = made.facts["skipped"]
    assert skipped["source"].endswith("stars.md")
    assert "No text is left" in skipped["reason"]
    assert made.facts["articles"] == 9


def test_nothing_that_becomes_an_article_is_an_error() -> None:
    stars = dataset(Document(id="stars", language="en", text="***"))
    with (
        pytest.raises(NothingThere, match="No text is left"),
        indexed(stars, Settings(), open_library=opener()),
    ):
        pass


@pytest.mark.parametrize("name", ["../up", ".hidden", "a/b", "été 东京", "x.tar.gz", "A: b?"])
def test_an_id_may_be_anything(name: str, tmp_path: Path) -> None:
    made_of = dataset(Document(id=name, language="en", text="The ferry carries forty lorries."))
    with indexed(made_of, Settings(), tmp_path / "kept", open_library=opener()) as made:
        found = Ranker(made.library.search, made.keys).rank("lorries")
    assert found == [f"en/{name}"]
    assert len(list((tmp_path / "kept/articles/en").iterdir())) == 1


def test_headlines_are_measured(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a",
            "lang": "en",
            "date": "2021-03-02",
            "title": "Pier: lost",
            "text": STORM,
            "url": "/news/1",
        },
        {"id": "b", "lang": "en", "title": "", "text": "Pears are late. The frost was hard. Growers wait."},
        {"id": "c", "lang": "en", "text": "No second sentence begins in this one"},
    ]
    news = read_news([jsonl(tmp_path / "news.jsonl", rows)])
    assert [(q.kind, q.text) for q in news.questions] == [
        ("title", "Pier: lost"),
        ("sentence", "Growers wait."),
    ]
    with indexed(news, Settings(), open_library=opener()) as made:
        (pier,) = {h.article for h in made.library.search("mayor", 20) if h.article.source.endswith("a.md")}
        report = evaluate_headlines(news, Ranker(made.library.search, made.keys), made.facts)
    assert (pier.title, str(pier.published), pier.language, pier.outlet) == (
        "Pier: lost",
        "2021-03-02",
        "en",
        None,
    )
    assert report["data"]["asked"] == {"en": {"articles": 3, "titles": 1, "sentences": 1}}
    assert report["by_language"]["en"]["hit@1"] == 1.0


def test_articles_that_nothing_asks_for_are_an_error(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "news.jsonl", [{"id": "a", "lang": "en", "text": "One sentence only"}])
    with pytest.raises(NothingThere, match="no article has a title"):
        read_news([file])


def test_the_sentence_that_is_asked_begins_in_the_second_half(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "news.jsonl", [{"id": "a", "lang": "en", "text": STORM}])
    (question,) = read_news([file]).questions
    assert question.text == "It would cost nine million."


# --- an index that is kept


class Counting(HashEmbedder):
    def __init__(self) -> None:
        self.texts = 0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return super().embed_passages(texts)


def test_a_kept_index_is_used_again(parallel: Dataset, tmp_path: Path) -> None:
    facts, rankings = [], []
    for embedder in (first := Counting(), again := Counting()):
        with indexed(parallel, Settings(), tmp_path / "kept", open_library=opener(embedder)) as made:
            facts.append(made.facts)
            rankings.append(Ranker(made.library.search, made.keys).rank("pear trees"))
    assert first.texts > 0
    assert again.texts == 0
    assert facts[1] == {**facts[0], "reused": True}
    assert rankings[0] == rankings[1] != []


def test_a_temporary_index_leaves_nothing(parallel: Dataset) -> None:
    with indexed(parallel, Settings(), open_library=opener()) as made:
        folder = made.library.settings.data
        assert folder.is_dir()
    assert not folder.parent.exists()


def test_an_index_of_other_documents_is_refused(parallel: Dataset, tmp_path: Path) -> None:
    with indexed(parallel, Settings(), tmp_path / "kept", open_library=opener()):
        pass
    fewer = dataset(*parallel.documents[1:])
    for other, settings in ((fewer, Settings()), (parallel, Settings(embedder="another"))):
        with pytest.raises(NotPermitted, match="another folder"), indexed(other, settings, tmp_path / "kept"):
            pass


def test_a_folder_of_other_files_is_left_alone(parallel: Dataset, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("Dear Ida")
    with pytest.raises(NotPermitted, match="mine contains other files"), indexed(parallel, Settings(), mine):
        pass
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


class Broken(HashEmbedder):
    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise KeyboardInterrupt


def test_an_interrupted_index_is_finished_the_next_time(parallel: Dataset, tmp_path: Path) -> None:
    broken = opener(Broken())
    with (
        pytest.raises(KeyboardInterrupt),
        indexed(parallel, Settings(), tmp_path / "kept", open_library=broken),
    ):
        pass
    with indexed(parallel, Settings(), tmp_path / "kept", open_library=opener()) as made:
        assert not made.facts["reused"]
        assert made.facts["articles"] == 9


# --- what is refused


def rows_with(rows: list[Any], n: int, **changed: Any) -> list[Any]:
    return [{**row, **changed} if i == n else row for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("passages", "questions", "codes", "message"),
    [
        ([*PASSAGES, "{"], QUESTIONS, CODES, "P.jsonl, line 4: this is not JSON "),
        ([*PASSAGES, "[1]"], QUESTIONS, CODES, "P.jsonl, line 4: this is not a JSON object."),
        ([], QUESTIONS, CODES, "P.jsonl contains no rows."),
        (rows_with(PASSAGES, 1, id=""), QUESTIONS, CODES, 'P.jsonl, line 2: "id" is missing or empty.'),
        (rows_with(PASSAGES, 1, fr=7), QUESTIONS, CODES, 'P.jsonl, line 2: "fr" must be a text.'),
        (rows_with(PASSAGES, 1, id="ferry"), QUESTIONS, CODES, "P.jsonl, line 3: the id ferry occurs twice"),
        (PASSAGES, rows_with(QUESTIONS, 1, passage="lake"), CODES, "Q.jsonl, line 2: it asks about passage lake"),
        (PASSAGES, rows_with(QUESTIONS, 1, q="Why?"), CODES, 'Q.jsonl, line 2: "q" must be an object.'),
        (PASSAGES, rows_with(QUESTIONS, 0, q={"en": "Why?"}), CODES, "line 1, q: there is no text in “fr”, only in en"),
        (PASSAGES, QUESTIONS, ["en", "vi"], "line 1: there is no text in “vi”, only in en, fr, zh."),
        (PASSAGES, QUESTIONS, ["english"], "--languages: “english” is not a language"),
        (PASSAGES, QUESTIONS, [""], "--languages is empty"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_named(
    tmp_path: Path, passages: list[Any], questions: list[Any], codes: list[str], message: str
) -> None:
    files = jsonl(tmp_path / "P.jsonl", passages), jsonl(tmp_path / "Q.jsonl", questions)
    with pytest.raises(NothingThere) as refused:
        read_parallel(*files, codes)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a", "lang": "en"}, 'line 2: "text" is missing'),
        ({"id": "a", "lang": "English", "text": STORM}, "line 2: “English” is not a language"),
        ({"id": "a", "text": STORM}, 'line 2: "lang" is missing'),
        ({"id": "0", "lang": "en", "text": STORM}, "line 2: the id en 0 occurs twice"),
    ],
)
def test_news_that_cannot_be_used_is_named(tmp_path: Path, row: dict[str, str], message: str) -> None:
    file = jsonl(tmp_path / "news.jsonl", [{"id": "0", "lang": "en", "text": STORM}, row])
    with pytest.raises(NothingThere) as refused:
        read_news([file])
    assert message in str(refused.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NothingThere, match=r"news\.jsonl is not UTF-8"):
        read_news([tmp_path / "news.jsonl"])
    shutil.rmtree(tmp_path)
    with pytest.raises(NothingThere, match=r"news\.jsonl cannot be read"):
        read_news([tmp_path / "news.jsonl"])
