"""The language models of a machine: list, download and delete them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

from rag import memory
from rag.downloads import cancellation
from rag.downloads.download import ensure_models, missing
from rag.downloads.hub_models import fetch_from_hub
from rag.downloads.hub_names import PREFIX
from rag.downloads.model_catalogue import CATALOGUE, CatalogueModel
from rag.downloads.recommended import RECOMMENDED, Recommended
from rag.errors import ModelMissing
from rag.llm.engine_process import model_file
from rag.llm.generator import Model
from rag.llm.ollama_names import is_loopback
from rag.llm.registry import Models
from rag.locales.message import Message
from rag.progress import OnProgress, ignore
from rag.settings import DEFAULT_MODEL, Settings


class Inventory:
    """Models on this machine and in the catalogue. Thread safe."""

    def __init__(
        self, models: Models, settings: Settings, available: Callable[[], int | None] = memory.available
    ) -> None:
        self._models, self._settings, self._available = models, settings, available

    def installed(self) -> list[Model]:
        """Return the models that can be selected, with their licences if known."""
        licences = {entry.name: entry.licence for entry in CATALOGUE}
        return [
            replace(m, licence=self._models.licence(m) or licences.get(m.name, ""))
            for m in self._models.list()
        ]

    def default(self) -> str:
        """Return the name of the configured model, or of the first available one.

        Raises ModelMissing if there is none, EngineUnavailable if the configured one may be on a server
        that does not answer.
        """
        name = self._settings.model
        if model_file(self._settings.models, name).is_file():
            return name  # without asking the servers for their models
        names = [model.name for model in self._models.list()]
        if name in names:
            return name
        if not names and name != DEFAULT_MODEL:
            self._models.find(name)
        if not names:
            raise ModelMissing("no_model")
        return names[0]

    def offered(self) -> list[CatalogueModel]:
        """Return the language models of the catalogue that are not on this machine."""
        return missing(self._settings, [entry for entry in CATALOGUE if entry.kind == "language"])

    def recommended(self) -> list[Recommended]:
        """Return the recommended models of the hub that are not on this machine, best first."""
        return [model for model in RECOMMENDED if not (self._settings.models / model.file).exists()]

    @property
    def server_url(self) -> str:
        """URL of the Ollama server, which may not be running."""
        return self._models.server_url

    def troubles(self) -> list[Message]:
        """Return why models of OpenAI-compatible servers are missing from the last list."""
        return [trouble.message for trouble in self._models.troubles()]

    def is_ollama_running(self) -> bool:
        """Tell whether an Ollama server answers."""
        return self._models.is_ollama_running()

    def free_memory(self, installed: Sequence[Model]) -> dict[str, int | None]:
        """Return the memory that another model can use, in bytes, by runtime; None if unknown.

        It includes the memory of loaded models, because they would be unloaded.
        """
        free, local = self._available(), is_loopback(self._models.server_url)
        runtimes = {"embedded", "ollama"} if local else {"embedded"}
        unloadable = [model for model in installed if model.loaded and model.runtime in runtimes]
        total = None if free is None else free + sum(memory.needed(model.size) for model in unloadable)
        return {"embedded": total, "ollama": total if local else None}

    def fetch(self, name: str, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """Download a model of the catalogue, of the hub (hf:OWNER/REPO:QUANT), else through Ollama.

        Returns False if `stop` was set. An incomplete download is resumed the next time. Raises as
        `rag.downloads.download.fetch`, `fetch_from_hub` and `Ollama.pull` do.
        """
        entry = next((entry for entry in CATALOGUE if entry.name == name), None)

        def work(report: OnProgress) -> None:
            if entry:
                ensure_models(self._settings, report, [entry])
            elif name.startswith(PREFIX):
                fetch_from_hub(name, self._settings.models, report)
            else:
                self._models.pull(name, report)

        if stop is not None:
            return cancellation.run(work, on_progress, stop)
        work(on_progress)
        return True

    def remove(self, name: str) -> None:
        """Delete a model; see Models.remove."""
        self._models.remove(name)
