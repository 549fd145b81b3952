"""Attach metrics and traces to an open library, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.library import Library

if TYPE_CHECKING:
    from rag.observability.metrics import Metrics


def observe(library: Library) -> None:
    """Have the library's answers counted and traced where a setting says so.

    Raises SettingsError where metrics are wanted but their package is not installed.
    """
    settings = library.settings
    if settings.metrics:
        try:
            from rag.observability.metrics import Metrics
        except ModuleNotFoundError as error:
            raise SettingsError(
                "setting_package", name="BYLINE_METRICS", package="prometheus-client"
            ) from error
        library.observers.append(Metrics(library.overview))
    if settings.traces:
        from rag.observability.traces import Traces

        library.observers.append(Traces(settings.traces, texts=settings.trace_texts))


def metrics_of(library: Library) -> Metrics | None:
    """Return the library's metrics; None where they are off."""
    if not library.settings.metrics:
        return None
    from rag.observability.metrics import Metrics

    return next((one for one in library.observers if isinstance(one, Metrics)), None)
