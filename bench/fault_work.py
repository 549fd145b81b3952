"""What bench/faults.py does to a library in a process of its own."""

from __future__ import annotations

import os
import random
import sys
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from card_examples import MODEL, Knows
from engines import gguf

from rag.conversations.exchange import Rating
from rag.embedding.load import load_embedder
from rag.errors import BylineError
from rag.ingestion.uploads import UploadFolder
from rag.library import Library
from rag.llm.ollama import Ollama
from rag.llm.registry import Models
from rag.service import repair
from rag.service.api_keys import ApiKeys
from rag.settings import Settings
from rag.store import article_embedding
from rag.store.store import Store
from rag.testing import HashEmbedder

MARK = "BYLINE_FAULTS"
"""Names, in a process's environment, the run that it belongs to."""
QUICK = "BYLINE_FAULTS_QUICK"
"""Set in the environment where a test embedder takes the bundled model's place."""
FILLER = "BYLINE_FAULTS_FILLER"
"""Names, in the environment, a file with which the disk is filled before what an operation does."""
OPERATIONS = ("ingest", "removal", "answer", "repair", "conversation")
QUESTION = "What did the minister say?"
_FLUSHED_S = 0.6
"""Seconds after which a change of a conversation is in the file."""


class Counted:
    """An embedder that notes in a file how many passages it embeds for the library."""

    def __init__(self, real: Any, log: Path) -> None:
        self._real, self._log = real, log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if sys._getframe(1).f_code.co_filename == article_embedding.__file__:  # searches embed as well
            file = os.open(self._log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
            os.write(file, f"{len(texts)}\n".encode())
            os.close(file)
        return self._real.embed_passages(texts)


def embedder_of(settings: Settings | None = None) -> Any:
    real = HashEmbedder() if os.environ.get(QUICK) else load_embedder(Settings.load())
    return Counted(real, settings.data.parent / "embedded.log") if settings else real


repair.load_embedder = embedder_of  # type: ignore[assignment]  # in its child processes, too


def library_of(settings: Settings) -> Library:
    engines = settings.data.parent / "engines"
    if not engines.is_dir():
        gguf(engines, MODEL)
    replies = {"minister": "The minister said that the ships come and go every week. " * 20}
    models = Models(
        engines,
        Ollama("http://127.0.0.1:9"),
        4096,
        None,
        load=lambda model, **_: Knows(model, replies),
    )
    embedder = embedder_of(settings)
    return Library(settings, Store(settings.data, embedder), embedder, models)


def perform(operation: str, data: Path, folder: Path, seed: int) -> None:
    """Do one operation to the end; each but a repair also searches, which must find something."""
    settings, chance = Settings.load(data), random.Random(seed)
    print("began", flush=True)
    if operation == "repair":
        repair.repair(settings)
        return
    with library_of(settings) as library:
        if operation != "ingest":
            assert library.search(QUESTION), "nothing is found"
        if filler := os.environ.get(FILLER):
            fill(Path(filler))
        globals()[f"_{operation}"](library, folder=folder, chance=chance)


def _ingest(library: Library, folder: Path, **_: object) -> None:
    library.ingest([folder])
    assert library.search(QUESTION), "nothing is found"


def _removal(library: Library, chance: random.Random, **_: object) -> None:
    articles = [info.id for info in library._store.ledger.articles(-1)]
    library.intake.take_out(chance.sample(articles, 5))
    library.intake.put_back(sorted(library.removed.ids()))


def _answer(library: Library, chance: random.Random, **_: object) -> None:
    conversation = library.conversations.new()
    conversation.ask(f"{QUESTION} {chance.random()}", MODEL)
    time.sleep(_FLUSHED_S)
    with suppress(OSError), (library.settings.data.parent / "asked.log").open("a") as log:
        log.write(f"{conversation.id}\n")
    while conversation.running:
        time.sleep(0.01)


def _conversation(library: Library, chance: random.Random, **_: object) -> None:
    heads = library.conversations.heads()
    found = library.conversations.get(chance.choice(heads).id) if heads else None
    for n in range(5 if found and found.exchanges else 0):
        assert found is not None
        found.rename(f"Title {n} {chance.random()}")
        found.rate(found.exchanges[0].id, Rating(good=bool(n % 2)))
        time.sleep(0.1)


def _finish(library: Library, folder: Path, **_: object) -> None:
    library.intake.put_back(sorted(library.removed.ids()))
    library.ingest([folder])


def _upload(library: Library, **_: object) -> None:
    path = UploadFolder(library.settings.data / "added").keep_text("A pasted text\n\nIt was pasted.")
    library.ingest([path])


def _notes(library: Library, **_: object) -> None:
    notebook = library.notebooks.new("Harbour")
    for n in range(20):
        library.notebooks.note(notebook, f"note-{n}", f"Note {n} says what was seen at the harbour. " * 20)
    ApiKeys(library.settings.data).create("a program")


def _page(library: Library, **_: object) -> None:
    """Paste a text on the page "Add articles"; where it cannot be stored, it is still in the form."""
    from streamlit.testing.v1 import AppTest

    def script(library) -> None:  # type: ignore[no-untyped-def]  # runs as a file of its own
        from rag.ui import upload_page
        from rag.ui.strings import strings

        upload_page.draw_form(library, strings("en"))

    text = "A pasted text\n\n" + "It was pasted. " * 20_000
    page = AppTest.from_function(script, args=(library,), default_timeout=60).run()
    page.text_area[0].set_value(text)
    fill(Path(os.environ[FILLER]))  # SQLite and Chroma may have given room back meanwhile
    page.button[0].click().run()
    assert not page.exception, page.exception[0].value
    assert page.text_area, "there was room: the text is stored and is being indexed"
    assert page.text_area[0].value == text, "what was typed is gone"
    assert any("50 MB" in part.value for part in page.markdown), "nothing is told"
    assert len([*(library.settings.data / "added").iterdir()]) == 1, "a half-written file is left"


def fill(filler: Path) -> None:
    """Write until nothing more can be written."""
    size = 1 << 16
    with filler.open("ab", buffering=0) as file:
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


def content(library: Library) -> list[int]:
    """Count articles, passages, conversations and notes; the last number is a checksum of their texts."""
    size, chats = library.overview(), library.conversations.heads()
    notes = [
        note.text for head in library.notebooks.all() for note in library.notebooks.read(head.id).entries
    ]
    articles = library._store.ledger.with_ids(library._store.files.by_article())
    texts = [*{article.text for article in articles}]
    for head in chats:
        found = library.conversations.get(head.id)
        texts += [f"{each.question} {each.text}" for each in (found.exchanges if found else ())]
    checksum = zlib.crc32("\0".join(sorted([*texts, *notes])).encode())
    return [size.articles, size.passages, len(chats), len(notes), checksum]


def error_text(error: BaseException) -> str:
    """One word for how an operation ended: what a reader is told, or a traceback."""
    if isinstance(error, BylineError):
        return f"told {error.message.code}"
    return f"TRACEBACK {type(error).__name__}: {error}"
