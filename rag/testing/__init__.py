"""Test doubles for code that uses Byline: neither needs a model file or the network."""

from rag.testing.hash_embedder import HashEmbedder
from rag.testing.scripted import Scripted

__all__ = ["HashEmbedder", "Scripted"]
