"""The settings, and the only reader of the environment.

Every setting is an environment variable `BYLINE_<NAME>`; Ollama's own `OLLAMA_HOST` is read as well.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

DEFAULT_EMBEDDER = "multilingual-e5-small"
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"


class Settings(BaseSettings):
    """All settings. Paths may start with `~`."""

    model_config = SettingsConfigDict(env_prefix="BYLINE_", frozen=True, populate_by_name=True)

    data: Path = Field(default_factory=lambda: user_data_path("byline") / "library")
    """The data folder: articles, keyword index and vectors. One process owns it at a time."""
    database: SecretStr = SecretStr("")
    """A PostgreSQL server for articles, keyword index and collections, which several machines can share:
    "postgresql://user:password@host/database"; unset: SQLite, in the data folder."""
    models: Path = Field(default_factory=lambda: user_data_path("byline") / "models")
    """The models folder, shared by all data folders. Any GGUF file in it can be selected."""
    corpus: Path = Path(__file__).parent.parent / "corpus"
    """The sample library that `setup` indexes."""
    embedder: str = DEFAULT_EMBEDDER
    """The bundled model, or any sentence-transformers model, by id or folder."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """Prefixes of questions and passages, for embedding models that were trained with them."""
    reranker: str = ""
    """A sentence-transformers CrossEncoder, by id or folder; unset: no reranking."""
    nli: str = ""
    """A sentence-transformers CrossEncoder with the labels entailment, neutral and contradiction, by id or
    folder, which also verifies each sentence of an answer; unset: none."""
    model: str = DEFAULT_MODEL
    """The default language model."""
    ollama_host: str = Field(
        default="http://127.0.0.1:11434",
        validation_alias=AliasChoices("BYLINE_OLLAMA_HOST", "OLLAMA_HOST"),
    )
    openai_url: str = ""
    """OpenAI-compatible servers whose models can be selected, separated by commas:
    "http://127.0.0.1:8000"."""
    openai_key: SecretStr = SecretStr("")
    """The key of these servers; several, separated by commas, are one for each."""
    chroma: str = ""
    """Chroma servers that hold the vectors, separated by commas: "http://127.0.0.1:8000"; unset: the data
    folder holds them."""
    chroma_token: SecretStr = SecretStr("")
    """A bearer token that is sent to them, for a proxy before them."""
    passages: int | None = Field(default=None, ge=1, le=20)
    prompt_tokens: int | None = Field(default=None, ge=100)
    """Maximum passages in the prompt, and their maximum tokens; unset: chosen by the model and its measured
    prompt speed (rag.answering.budget)."""
    answer_tokens: int = Field(default=200, ge=20)
    """Maximum tokens of an answer."""
    context_tokens: int = Field(default=4096, ge=1024)
    """Context of the embedded engine, in tokens, for the prompt and the answer."""
    visit: str = ""
    """Hosts and networks that may be fetched from in addition to public ones, separated by commas, with a
    port unless it is 80 or 443: "intranet.example, 192.168.1.0/24, 127.0.0.1:8000"."""
    proxy: str = ""
    """The proxy for fetching pages, "http://proxy.example:3128"; unset: none. It resolves host names that
    this machine cannot resolve."""
    watch: str = ""
    """Watched folders, whose changes are indexed; separated as in PATH (":", on Windows ";")."""
    originals: bool = True
    """Whether the originals of fetched pages and feed entries are kept, compressed, for reading them
    again."""
    calibrate: bool = True
    """Whether the app calibrates a model after its first use, while no question is being answered."""
    feeds: int = Field(default=60, ge=5)
    """Default interval between two fetches of a feed, in minutes."""
    manage_models: bool | None = None
    """Whether the page can download and delete models; unset: only while it serves this machine alone."""
    api: Literal["on", "off", "loopback"] = "loopback"
    """Where the API is served: "loopback", while the app serves this machine alone, to whose programs it is
    open without a key; "on", everywhere, always with a key; "off", nowhere."""
    metrics: bool = False
    """Whether answers are counted and timed for Prometheus, at /metrics."""
    traces: str = ""
    """The OpenTelemetry collector that traces of answers are sent to (OTLP, gRPC):
    "http://127.0.0.1:4317"."""
    trace_texts: bool = False
    """Whether traces have the texts of questions, passages, prompts and answers."""
    sign_in: Literal["", "oidc", "proxy"] = ""
    """How people sign in: with an OpenID provider, or at a proxy that names them in headers; unset: not at
    all."""
    groups_claim: str = "groups"
    """The claim of the ID token that names a person's groups."""
    user_header: str = "X-Forwarded-User"
    groups_header: str = "X-Forwarded-Groups"
    """The headers with which a proxy names the person and their groups, separated by commas."""
    proxies: str = ""
    """Addresses and networks of the proxies whose headers are believed, separated by commas; unset: the app
    must serve this machine alone."""
    sign_out: str = ""
    """The address at which the proxy signs people out."""
    editors: str = ""
    admins: str = ""
    """The groups whose members may change the library, and also models, access and keys; by commas."""
    threads: int | None = Field(default=None, ge=1)
    """Threads of the embedded engines; unset: the number of processors."""

    @classmethod
    def load(cls, data: Path | None = None) -> Self:
        """Read the environment; `data` outranks `BYLINE_DATA`.

        Raises SettingsError, naming the variable, if a value cannot be used.
        """
        try:
            settings = cls() if data is None else cls(data=data)
        except ValidationError as error:
            first = error.errors()[0]
            name = "BYLINE_" + str(first["loc"][0]).upper().removeprefix("BYLINE_")
            raise SettingsError("setting", name=name, why=first["msg"]) from error
        paths = {k: getattr(settings, k).expanduser().resolve() for k in ("data", "models", "corpus")}
        return settings.model_copy(update=paths)

    def in_folder(self, data: Path) -> Self:
        """Return the settings of another library, which is in a folder alone."""
        return self.model_copy(update={"data": data, "database": SecretStr("")})

    @property
    def shared(self) -> bool:
        """Whether several processes may have the library open: its tables and vectors are on servers."""
        return bool(self.database.get_secret_value() and self.chroma.strip(" ,"))

    @property
    def watched(self) -> list[Path]:
        """The watched folders."""
        return [Path(part).expanduser().resolve() for part in self.watch.split(os.pathsep) if part.strip()]

    def model_source(self, name: str) -> str:
        """Return the subfolder of the models folder of that name if it exists, else the name itself."""
        inside = self.models / name
        return str(inside) if inside.is_dir() else name
