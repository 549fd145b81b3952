"""The language models of a machine: which there are and can be had, fetching one, deleting one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event

from rag import memory, stopping
from rag.catalogue import CATALOGUE, CatalogueModel
from rag.fetching import ensure_models, missing
from rag.generating import Model
from rag.generating.models import Models
from rag.generating.ollama_names import is_loopback
from rag.progress import OnProgress, ignore
from rag.settings import Settings


class Inventory:
    """What the page of models and `python -m rag models` call. Thread safe, as Models is."""

    def __init__(
        self, models: Models, settings: Settings, available: Callable[[], int | None] = memory.available
    ) -> None:
        self._models, self._settings, self._available = models, settings, available

    def there(self) -> list[Model]:
        """Every model that can be picked, with its licence where that is known."""
        licences = {entry.name: entry.licence for entry in CATALOGUE}
        return [
            replace(m, licence=self._models.licence(m) or licences.get(m.name, ""))
            for m in self._models.list()
        ]

    def offered(self) -> list[CatalogueModel]:
        """The language models of the catalogue that are not on this machine."""
        return missing(self._settings, [entry for entry in CATALOGUE if entry.kind == "language"])

    @property
    def server_url(self) -> str:
        """The address of the Ollama server, whether one answers there or not."""
        return self._models.server_url

    def served(self) -> bool:
        """Whether an Ollama server answers."""
        return self._models.served()

    def room(self, there: Sequence[Model]) -> dict[str, int | None]:
        """Bytes of memory that one more model can have, by where it would run; None where unknown.

        Those of `there` that are in memory make room for it.
        """
        free, near = self._available(), is_loopback(self._models.server_url)
        here = [model for model in there if model.loaded and (near or model.runtime == "embedded")]
        room = None if free is None else free + sum(memory.needed(model.size) for model in here)
        return {"embedded": room, "ollama": room if near else None}

    def fetch(self, name: str, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """Fetch a model of the catalogue, or else let Ollama fetch one; False where it was stopped.

        What has come till then is kept for the next time. Raises as `rag.fetching.fetch` and
        `Ollama.pull` do.
        """
        entry = next((entry for entry in CATALOGUE if entry.name == name), None)

        def work(report: OnProgress) -> None:
            if entry:
                ensure_models(self._settings, report, [entry])
            else:
                self._models.pull(name, report)

        if stop is not None:
            return stopping.run(work, on_progress, stop)
        work(on_progress)
        return True

    def remove(self, name: str) -> None:
        """Delete a model; see Models.remove."""
        self._models.remove(name)
