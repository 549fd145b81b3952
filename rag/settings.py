"""The settings, and the only reader of the environment.

Every setting is a variable `BYLINE_<NAME>`; `OLLAMA_HOST` is Ollama's own and is honoured as it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

DEFAULT_EMBEDDER = "multilingual-e5-small"
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"


class Settings(BaseSettings):
    """What can be set. Paths may start with `~`."""

    model_config = SettingsConfigDict(env_prefix="BYLINE_", frozen=True, populate_by_name=True)

    data: Path = Field(default_factory=lambda: user_data_path("byline") / "library")
    """The data folder: ledger, texts, keyword index and vectors. One process owns it at a time."""
    models: Path = Field(default_factory=lambda: user_data_path("byline") / "models")
    """Where models lie; shared by all data folders. Any GGUF file put here can be picked."""
    corpus: Path = Path(__file__).parent.parent / "corpus"
    """The sample library that `setup` indexes."""
    embedder: str = DEFAULT_EMBEDDER
    """The bundled model, or any sentence-transformers model, by id or folder."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """Texts in front of a question and a passage, for models of `embedder` that want them."""
    reranker: str = ""
    """Any sentence-transformers CrossEncoder, by id or folder; no text is reranked where unset."""
    nli: str = ""
    """Any sentence-transformers CrossEncoder with labels for entailment, neutral and contradiction, by id or
    folder, that reads each sentence of an answer with the passages it may rest on; none where unset."""
    model: str = DEFAULT_MODEL
    """The language model that answers unless another one is picked."""
    ollama_host: str = Field(
        default="http://127.0.0.1:11434",
        validation_alias=AliasChoices("BYLINE_OLLAMA_HOST", "OLLAMA_HOST"),
    )
    passages: int | None = Field(default=None, ge=1, le=20)
    prompt_tokens: int | None = Field(default=None, ge=100)
    """At most this many passages are given to the model, and tokens of them; by the model, and how fast it
    reads on this machine, where unset (rag.budget)."""
    answer_tokens: int = Field(default=200, ge=20)
    """An answer ends here at the latest."""
    context_tokens: int = Field(default=4096, ge=1024)
    """Context that the embedded engine sets up; the prompt and the answer must fit."""
    visit: str = ""
    """Hosts and networks that pages may be fetched from though they are not public, apart by commas, with
    a port that is neither 80 nor 443: "intranet.example, 192.168.1.0/24, 127.0.0.1:8000"."""
    proxy: str = ""
    """The proxy through which pages are fetched, "http://proxy.example:3128"; none where unset. Names that
    this machine cannot resolve are then left to the proxy."""
    watch: str = ""
    """Folders that the app keeps up with, apart as in PATH (":", on Windows ";")."""
    feeds: int = Field(default=60, ge=5)
    """Minutes between two looks at a feed, unless one is subscribed to with another interval."""
    manage_models: bool | None = None
    """Whether the page may fetch and delete models; where unset, only while it serves this machine alone."""
    threads: int | None = Field(default=None, ge=1)
    """Threads of the embedded engines; the number of processors where unset."""

    @classmethod
    def load(cls, data: Path | None = None) -> Self:
        """Read the environment; `data` outranks `BYLINE_DATA`.

        Raises SettingsError, naming the variable, where a value cannot be used.
        """
        try:
            settings = cls() if data is None else cls(data=data)
        except ValidationError as error:
            first = error.errors()[0]
            name = "BYLINE_" + str(first["loc"][0]).upper().removeprefix("BYLINE_")
            raise SettingsError(f"{name} cannot be used: {first['msg']}.") from error
        paths = {k: getattr(settings, k).expanduser().resolve() for k in ("data", "models", "corpus")}
        return settings.model_copy(update=paths)

    @property
    def watched(self) -> list[Path]:
        """The folders to keep up with."""
        return [Path(part).expanduser().resolve() for part in self.watch.split(os.pathsep) if part.strip()]

    def model_source(self, name: str) -> str:
        """The folder of that name in the models folder, where there is one; else the name itself."""
        inside = self.models / name
        return str(inside) if inside.is_dir() else name
