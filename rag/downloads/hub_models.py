"""Download GGUF files of the Hugging Face hub into the models folder.

huggingface_hub makes the requests: mirrors (HF_ENDPOINT), tokens, offline mode, retries and ranges. Since
version 2 it does not resume a download of another process, so this module keeps the partial file.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag import memory
from rag.downloads.cancellation import Stopped
from rag.downloads.download import RESERVED_BYTES, FreeSpace, byline_error, free_space, locked
from rag.downloads.hub_names import parse, select_files
from rag.downloads.recommended import pinned
from rag.errors import BylineError, DiskFull, FetchError, NoNetwork, WrongDigest, first_line
from rag.llm.model_source import ModelSource, write_source
from rag.locales.message import Message
from rag.progress import OnProgress, Progress

_TIMEOUT_S = 10
"""Timeout of requests for a repository's metadata. Not fitted."""
_PARTIAL = ".partial"
_GB = 1e9


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository: its path there, its size in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name in the models folder."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model of the hub: its files at one commit, and its licence according to the hub."""

    name: str
    repository: str
    revision: str
    files: tuple[HubFile, ...]
    licence: str

    @property
    def size(self) -> int:
        """Size in bytes."""
        return sum(file.size for file in self.files)


def look_up(name: str) -> HubModel:
    """Look up a model's files on the hub. Raises FetchError, NoNetwork or WrongDigest."""
    from huggingface_hub import HfApi

    hub_name, pin = parse(name), pinned(name)
    try:
        info = HfApi().model_info(
            hub_name.repository,
            revision=pin.revision if pin else None,
            files_metadata=True,
            timeout=_TIMEOUT_S,
        )
    except Exception as error:
        raise hub_error(error, hub_name.repository) from error
    available = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    files = []
    for path in select_files(hub_name, available):
        stored = available[path].lfs
        if stored is None:
            raise FetchError("hub_no_digest", repository=hub_name.repository, file=path)
        files.append(HubFile(path, stored.size, stored.sha256))
    if pin and files[0].sha256 != pin.sha256:
        raise WrongDigest("hub_other_file", file=files[0].name, repository=hub_name.repository)
    tags = [tag.removeprefix("license:") for tag in info.tags or () if tag.startswith("license:")]
    return HubModel(name, hub_name.repository, info.sha or "main", tuple(files), tags[0] if tags else "")


def fetch_from_hub(
    name: str,
    folder: Path,
    on_progress: OnProgress,
    free: FreeSpace = free_space,
    total_memory: Callable[[], int | None] = memory.total,
) -> None:
    """Download a model by its name; an interrupted download is resumed.

    Raises FetchError, NoNetwork, WrongDigest, DiskFull or NotPermitted.
    """
    on_progress(Progress(Message.of("fetching_model", name=name), 0, 0, "bytes"))
    model = look_up(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(model.files[0].name, model.size, folder, on_progress):
            missing = [file for file in model.files if not _is_complete(file, folder)]
            _check_space(model, missing, folder, free, total_memory)
            done = model.size - sum(file.size for file in missing)
            for file in missing:
                _fetch(model, file, folder, done, on_progress)
                done += file.size
    except OSError as error:
        raise byline_error(error, name, folder) from error
    source = ModelSource(
        repository=model.repository,
        revision=model.revision,
        sha256=model.files[0].sha256,
        licence=model.licence,
    )
    write_source(folder / model.files[0].name, source)


def _is_complete(file: HubFile, folder: Path) -> bool:
    """Tell whether a file is complete. Raises FetchError if another file has its name."""
    path = folder / file.name
    if not path.exists():
        return False
    if path.stat().st_size != file.size or _sha256(path) != file.sha256:
        raise FetchError("hub_name_taken", file=file.name, folder=folder)
    return True


def _check_space(
    model: HubModel,
    missing: list[HubFile],
    folder: Path,
    free: FreeSpace,
    total_memory: Callable[[], int | None],
) -> None:
    """Raise FetchError if the model exceeds the machine's memory, DiskFull if it exceeds the disk."""
    need, available = memory.needed(model.size), total_memory()
    if available is not None and need > available:
        raise FetchError(
            "hub_no_memory", name=model.name, need=round(need / _GB, 1), there=round(available / _GB, 1)
        )
    partial = sum(
        _partial(file, folder).stat().st_size for file in missing if _partial(file, folder).exists()
    )
    bytes_needed = sum(file.size for file in missing) - partial + RESERVED_BYTES
    if missing and free(folder) < bytes_needed:
        raise DiskFull(
            "no_room",
            name=model.name,
            need=round(bytes_needed / _GB, 1),
            folder=folder,
            free=round(free(folder) / _GB, 1),
        )


class _Reporting(io.FileIO):
    """A file opened for appending that reports its size after each write."""

    def __init__(self, path: Path, on_bytes: Callable[[int], None]) -> None:
        super().__init__(path, "r+")
        self.seek(0, io.SEEK_END)
        self._on_bytes = on_bytes

    def write(self, data: object) -> int:
        """Write all bytes, and report."""
        rest = memoryview(data)  # type: ignore[arg-type]
        while rest:
            rest = rest[super().write(rest) :]
        self._on_bytes(self.tell())
        return len(memoryview(data))  # type: ignore[arg-type]


def _fetch(model: HubModel, file: HubFile, folder: Path, done: int, on_progress: OnProgress) -> None:
    """Complete a partial file; verify and rename it."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        disable_progress_bars,
    )

    partial = _partial(file, folder)
    partial.touch()
    label = Message.of("fetching_model", name=model.name)
    url = hf_hub_url(model.repository, file.path, revision=model.revision)
    disable_progress_bars()
    try:
        with _Reporting(
            partial, lambda size: on_progress(Progress(label, done + size, model.size, "bytes"))
        ) as sink:
            http_get(url, sink, resume_size=sink.tell(), headers=build_hf_headers(), expected_size=file.size)
    except (BylineError, Stopped):
        raise
    except Exception as error:
        raise hub_error(error, model.repository) from error
    actual = _sha256(partial)
    if actual != file.sha256:
        partial.unlink()
        raise WrongDigest("wrong_digest", file=file.name, actual=actual, expected=file.sha256)
    partial.replace(folder / file.name)


def _partial(file: HubFile, folder: Path) -> Path:
    """Return the partial file's path, which differs between files of the same name but other contents."""
    return folder / f"{file.name}.{file.sha256[:8]}{_PARTIAL}"


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def hub_error(error: Exception, repository: str) -> Exception:
    """Return Byline's error for one of huggingface_hub's; an error of the disk is returned unchanged."""
    from huggingface_hub import constants
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

    reason = first_line(error)
    if isinstance(error, GatedRepoError):
        return FetchError("hub_gated", repository=repository)
    if isinstance(error, RepositoryNotFoundError):
        return FetchError("hub_no_repository", repository=repository)
    if isinstance(error, HfHubHTTPError):
        return FetchError("hub_refused", url=constants.ENDPOINT, said=reason)
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
        return error
    return NoNetwork("hub_unreachable", url=constants.ENDPOINT, said=reason)
