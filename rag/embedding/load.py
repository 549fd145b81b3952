"""Load the embedder that the settings name."""

from __future__ import annotations

from rag.embedding.base import Embedder
from rag.embedding.hub import torch_for
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.sentence_transformers import SentenceTransformerEmbedder
from rag.settings import DEFAULT_EMBEDDER, Settings


def load_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name. Raises ModelMissing or SettingsError."""
    if settings.embedder == DEFAULT_EMBEDDER:
        return OnnxEmbedder(settings.models / DEFAULT_EMBEDDER, settings.threads)
    source = settings.model_source(settings.embedder)
    with torch_for("BYLINE_EMBEDDER"):
        return SentenceTransformerEmbedder(source, settings.query_prefix, settings.passage_prefix)
