"""What a fresh machine needs: the default models, and the sample library indexed."""

from __future__ import annotations

from rag.downloads.download import ensure_models, missing
from rag.downloads.model_catalogue import CatalogueModel
from rag.ingestion.report import Report
from rag.library import Library
from rag.progress import OnProgress, ignore
from rag.settings import Settings


def missing_models(settings: Settings) -> list[CatalogueModel]:
    """Return the default models that are not on this machine yet."""
    return missing(settings)


def setup(settings: Settings, on_progress: OnProgress = ignore) -> Report:
    """Download the default models and index the sample library, if they are missing."""
    ensure_models(settings, on_progress)
    with Library.open(settings) as library:
        return library.index_sample(on_progress)
