"""Names of models on the Hugging Face hub: hf:OWNER/REPO:QUANT or hf:OWNER/REPO/FILE.gguf."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.errors import FetchError
from rag.locales.message import Message

PREFIX = "hf:"
DEFAULT_QUANTISATION = "Q4_K_M"
"""Quantisation of a name that gives none: that of the bundled model."""
MAX_LISTED = 12
"""Maximum number of files listed in the error if none matches. Not fitted."""

_NAME = re.compile(
    r"hf:(?P<repository>\w[\w.-]*/\w[\w.-]*)(?:/(?P<file>\w[\w./-]*\.gguf)|:(?P<quantisation>\w[\w.-]*))?",
    re.ASCII,
)
_PART = re.compile(r"-\d{5}-of-\d{5}(?=\.gguf$)")
_ACCESSORY = re.compile(r"mmproj|imatrix", re.IGNORECASE)
"""Files that accompany a model: image projectors, importance matrices."""


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository, and a file of it or a quantisation; "" if the name gives none."""

    repository: str
    file: str = ""
    quantisation: str = ""


def parse(name: str) -> HubName:
    """Parse a name. Raises FetchError."""
    match = _NAME.fullmatch(name)
    if match is None or ".." in name:
        raise FetchError("hub_bad_name", name=name)
    return HubName(match["repository"], match["file"] or "", match["quantisation"] or "")


def select_files(name: HubName, files: Iterable[str]) -> list[str]:
    """Return the file of a name, or all parts of a split one, in order. Raises FetchError."""
    models = sorted(f for f in files if f.endswith(".gguf") and not _ACCESSORY.search(f))
    wanted = name.file or name.quantisation or DEFAULT_QUANTISATION
    if name.file:
        found = [file for file in models if file == name.file]
    else:
        end = re.compile(rf"(?<![A-Za-z0-9]){re.escape(wanted)}(?![A-Za-z0-9_])", re.IGNORECASE)
        found = [file for file in models if end.search(_PART.sub("", file).rsplit("/", 1)[-1])]
    if not found and not (name.file or name.quantisation) and len(models) == 1:
        found = models
    if not found:
        listed = ", ".join(models[:MAX_LISTED]) or Message.of("hub_no_gguf")
        raise FetchError("hub_no_file", repository=name.repository, wanted=wanted, there=listed)
    first = min(found, key=lambda file: (len(_PART.sub("", file)), file))
    return [file for file in models if _PART.sub("", file) == _PART.sub("", first)]
