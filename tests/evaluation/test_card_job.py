"""A report card made beside an open library: with its models, stopped, kept, read again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import GenerationError, Interrupted
from rag.evaluation import card_job
from rag.library import Library
from rag.llm.generator import Generator, Model
from rag.progress import Progress, ignore
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted

pytestmark = pytest.mark.slow  # opens a library of its own in each test

NEVER = threading.Event()


class OneModel:
    """Models that has one, which writes the same to every question; it notes its end."""

    def __init__(self, *pieces: object) -> None:
        self.pieces, self.closed = pieces, False

    def generator(self, name: str) -> Generator:
        return Scripted(*self.pieces)

    def find(self, name: str) -> Model:
        return Model(name=name, runtime="embedded", size=1)

    def digest(self, name: str) -> str:
        return ""

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def questions(tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten questions about the three articles."""
    asked = {"q": "What did the works in the harbour of Kestrel Bay cost?", "language": "en"}
    rows = [{**asked, "id": str(n), "articles": ["harbour"], "accept": [["42"]]} for n in range(10)]
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(rows))
    monkeypatch.setattr(card_job, "SAMPLE", file)
    return file


@pytest.fixture
def opened(tmp_path: Path, articles: Path, embedder: HashEmbedder) -> Iterator[Library]:
    settings = Settings(data=tmp_path / "data", corpus=articles)
    store = Store(settings.data, embedder)
    with Library(settings, store, embedder, OneModel("The works cost 42 million crowns.")) as library:
        yield library


def test_a_card_is_made_kept_and_read_again_and_the_library_stays_as_it_was(
    opened: Library, questions: Path
) -> None:
    told: list[Progress] = []
    card = card_job.make(opened, "small", 4, told.append, NEVER)
    assert card is not None and card_job.last(opened) == card
    assert card.report["overall"]["questions"] == 4 and card.report["overall"]["right"] == 1
    assert card.report["index"]["articles"] == 3 and opened.overview().articles == 0
    assert (told[-1].done, told[-1].total) == (4, 4)
    assert not opened._models.closed, "its models are still there"


def test_a_stop_ends_it_and_the_last_card_stays(opened: Library, questions: Path) -> None:
    before = card_job.make(opened, "small", 1, ignore, NEVER)
    stop = threading.Event()

    def tell(progress: Progress) -> None:
        if progress.total == 8:
            stop.set()

    assert card_job.make(opened, "small", 8, tell, stop) is None
    assert card_job.last(opened) == before


def test_a_model_that_always_fails_is_reported(opened: Library, questions: Path) -> None:
    opened._models.pieces = (Interrupted("The engine broke off."),)
    with pytest.raises(GenerationError, match="broke off"):
        card_job.make(opened, "small", 2, ignore, NEVER)


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"made": "x", "report": {}}'])
def test_what_is_no_card_is_none(opened: Library, kept: str) -> None:
    (opened.settings.data / "report-card.json").write_text(kept)
    assert card_job.last(opened) is None


def test_questions_are_taken_evenly_from_all_of_them(questions: Path) -> None:
    asked = card_job.read_questions([questions])
    assert [one.id for one in card_job.spread(asked, 5)] == ["0", "2", "4", "6", "8"]
    assert len(card_job.spread(asked, 99)) == 10
