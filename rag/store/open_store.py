"""Open the store that the settings name."""

from __future__ import annotations

from rag.embedding.base import Embedder
from rag.settings import Settings
from rag.store.chroma_servers import chroma_servers
from rag.store.store import Store


def open_store(settings: Settings, embedder: Embedder) -> Store:
    """Open the data folder with the servers that the settings name. Raises SettingsError, and as Store."""
    database, servers = settings.database.get_secret_value(), chroma_servers(settings)
    return Store(
        settings.data,
        embedder,
        database=database,
        servers=servers,
        alone=not settings.shared,
        models=settings.models,
    )
