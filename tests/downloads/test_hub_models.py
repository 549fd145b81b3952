"""Models of the hub: found by name, verified, resumed, refused where they do not fit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from engines import Loader, gguf
from hub_server import COMMIT, HubServer, Repository

from rag.downloads import hub_models, recommended
from rag.downloads.hub_models import fetch_from_hub
from rag.downloads.hub_names import parse, select_files
from rag.downloads.inventory import Inventory
from rag.errors import BylineError, DiskFull, FetchError, NoNetwork, WrongDigest
from rag.llm.ollama import Ollama
from rag.llm.registry import Models
from rag.progress import Progress, ignore
from rag.settings import Settings

pytestmark = pytest.mark.slow  # needs a local server

FILES = [
    "README.md",
    "Tree-4B-Q4_K_M.gguf",
    "Tree-4B-UD-Q4_K_M.gguf",
    "Tree-4B-Q8_0-00001-of-00002.gguf",
    "Tree-4B-Q8_0-00002-of-00002.gguf",
    "BF16/Tree-4B-BF16.gguf",
    "mmproj-Q4_K_M.gguf",
]
NAME = "hf:somebody/Tree-4B-GGUF:Q4_K_M"


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return gguf(tmp_path / "published", "tree").read_bytes() + bytes(range(256)) * 4000


def at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what HF_ENDPOINT does, which is read once."""
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", url)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)


@pytest.fixture
def hub(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    files = {"README.md": b"#", "Tree-4B-Q4_K_M.gguf": data}
    with HubServer({"somebody/Tree-4B-GGUF": Repository(files)}) as running:
        at(running.url, monkeypatch)
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def inventory(folder: Path) -> Iterator[Inventory]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        models = Models(folder, Ollama(f"127.0.0.1:{unused.getsockname()[1]}"), 4096, 2, Loader())
        yield Inventory(models, Settings(models=folder), lambda: 4_000_000_000)
        models.close()


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ("", ["Tree-4B-Q4_K_M.gguf"]),
        (":q4_k_m", ["Tree-4B-Q4_K_M.gguf"]),
        (":UD-Q4_K_M", ["Tree-4B-UD-Q4_K_M.gguf"]),
        (":Q8_0", FILES[3:5]),
        ("/BF16/Tree-4B-BF16.gguf", ["BF16/Tree-4B-BF16.gguf"]),
    ],
)
def test_a_name_chooses_a_file_or_all_parts_of_one(asked: str, files: list[str]) -> None:
    assert select_files(parse(f"hf:somebody/Tree-4B-GGUF{asked}"), FILES) == files


def test_a_quantisation_that_is_not_there_is_reported_with_those_there_are() -> None:
    with pytest.raises(FetchError, match=r"no GGUF file Q2_K\. It has: BF16/Tree-4B-BF16\.gguf, Tree"):
        select_files(parse("hf:somebody/Tree-4B-GGUF:Q2_K"), FILES)


@pytest.mark.parametrize(
    "name", ["hf:", "hf:a", "hf:a/b/c", "hf:../x/y.gguf", "hf:a/../../y.gguf", "hf:a/b:"]
)
def test_what_is_no_name_is_reported_with_the_form_of_one(name: str) -> None:
    with pytest.raises(FetchError, match="hf:OWNER/REPO:QUANT"):
        parse(name)


def test_a_model_of_the_hub_is_fetched_listed_and_deleted(
    hub: HubServer, inventory: Inventory, folder: Path, data: bytes
) -> None:
    seen: list[Progress] = []
    assert inventory.fetch(NAME, seen.append, threading.Event())
    assert (seen[-1].done, seen[-1].total) == (len(data), len(data))
    assert (folder / "Tree-4B-Q4_K_M.gguf").read_bytes() == data
    (model,) = inventory.installed()
    assert (model.name, model.runtime, model.licence) == ("Tree-4B-Q4_K_M", "embedded", "apache-2.0")
    assert any(f"/resolve/{COMMIT}/" in path for _, path, *_ in hub.requests)  # the files of one commit
    assert inventory.fetch(NAME)
    assert len(hub.ranges()) == 1  # it was there
    inventory.remove(model.name)
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == []


def test_a_download_that_was_cut_goes_on_where_it_was(
    hub: HubServer, folder: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 100_000)
    hub.cut_after = 300_000
    fetch_from_hub(NAME, folder, ignore)
    assert hub.ranges() == ["", "bytes=300000-"]
    assert (folder / "Tree-4B-Q4_K_M.gguf").read_bytes() == data


def test_a_download_of_another_day_goes_on(hub: HubServer, folder: Path, data: bytes) -> None:
    folder.mkdir()
    partial = folder / f"Tree-4B-Q4_K_M.gguf.{sha256(data).hexdigest()[:8]}.partial"
    partial.write_bytes(data[:1000])
    fetch_from_hub(NAME, folder, ignore)
    assert hub.ranges() == ["bytes=1000-"]
    assert not partial.exists()


def test_another_file_than_the_hub_states_is_not_kept(hub: HubServer, folder: Path) -> None:
    hub.flipped = True
    with pytest.raises(WrongDigest):
        fetch_from_hub(NAME, folder, ignore)
    assert list(folder.glob("Tree*")) == []


def test_a_file_of_the_same_name_is_left_alone(hub: HubServer, folder: Path) -> None:
    mine = gguf(folder, "Tree-4B-Q4_K_M")
    before = mine.read_bytes()
    with pytest.raises(FetchError, match="Another"):
        fetch_from_hub(NAME, folder, ignore)
    assert mine.read_bytes() == before


def test_what_does_not_fit_is_reported_before_it_is_fetched(hub: HubServer, folder: Path) -> None:
    with pytest.raises(FetchError, match=r"needs about 0 GB of memory"):
        fetch_from_hub(NAME, folder, ignore, total_memory=lambda: 1000)
    with pytest.raises(DiskFull, match=r"0\.1 GB"):
        fetch_from_hub(NAME, folder, ignore, free=lambda _: 1000)
    assert hub.ranges() == []


def failure(folder: Path, name: str = NAME) -> BylineError:
    with pytest.raises(BylineError) as caught:
        fetch_from_hub(name, folder, ignore)
    return caught.value


def test_what_the_hub_refuses_is_reported_with_what_to_do(hub: HubServer, folder: Path) -> None:
    assert "has no repository nobody/nothing" in str(failure(folder, "hf:nobody/nothing:Q4_K_M"))
    hub.repositories["somebody/Tree-4B-GGUF"].lfs = False
    assert "states no SHA-256" in str(failure(folder))


def test_a_gated_model_needs_a_token(hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repositories["somebody/Tree-4B-GGUF"].gated = True
    assert "HF_TOKEN" in str(failure(folder))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch_from_hub(NAME, folder, ignore)
    assert ("Bearer hf_secret") in {authorization for *_, authorization in hub.requests}


def test_no_network_is_reported_as_such(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        at(url, monkeypatch)
        error = failure(folder)
    assert isinstance(error, NoNetwork)
    assert "HF_ENDPOINT" in str(error)


def test_a_fetch_is_stopped_and_what_came_is_kept(
    hub: HubServer, inventory: Inventory, folder: Path, data: bytes
) -> None:
    stop = threading.Event()

    def on_progress(progress: Progress) -> None:
        if progress.done:
            stop.set()

    assert not inventory.fetch(NAME, on_progress, stop) or stop.is_set()
    assert inventory.fetch(NAME)
    assert (folder / "Tree-4B-Q4_K_M.gguf").read_bytes() == data


def test_a_recommended_model_must_be_the_pinned_file(
    hub: HubServer, folder: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = replace(recommended.RECOMMENDED[0], sha256=sha256(data).hexdigest())
    monkeypatch.setattr(hub_models, "pinned", lambda _: pin)
    fetch_from_hub(NAME, folder, ignore)
    monkeypatch.setattr(hub_models, "pinned", lambda _: replace(pin, sha256="0" * 64))
    assert isinstance(failure(folder), WrongDigest)
    assert f"/revision/{pin.revision}" in hub.requests[0][1]


def test_the_best_model_that_fits_is_recommended(inventory: Inventory, folder: Path) -> None:
    offered = inventory.recommended()
    sizes = [best.size for free in (10e9, 3.4e9, 2e9) if (best := recommended.best(offered, int(free)))]
    assert sizes == [2_740_937_888, 2_497_280_736, 1_280_835_840]
    assert recommended.best(offered, 10**9) is recommended.best(offered, None) is None
    gguf(folder, Path(offered[0].file).stem)
    assert offered[0] not in inventory.recommended()
