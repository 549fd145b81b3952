"""The language models that the settings name."""

from __future__ import annotations

from rag.llm.ollama import Ollama
from rag.llm.openai_endpoint import endpoints
from rag.llm.openai_server import OpenAIServer
from rag.llm.registry import Models
from rag.settings import Settings


def models_of(settings: Settings) -> Models:
    """Return the language models of this machine and of the servers that are set. Raises SettingsError."""
    keys = settings.openai_key.get_secret_value()
    return Models(
        settings.models,
        Ollama(settings.ollama_host),
        settings.context_tokens,
        settings.threads,
        servers=[OpenAIServer(endpoint) for endpoint in endpoints(settings.openai_url, keys)],
    )
