"""Watch folders and index them after every change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from watchfiles import watch

QUIET_MS = 1500
"""Time without a change before indexing starts: a file may be written in several steps. Not fitted."""
WAKE_MS = 500
"""Interval at which the watcher reports that nothing has changed; its first report starts indexing. Not
fitted."""
MAX_DELAY_MS = 30_000
"""Maximum time until indexing starts while changes continue. Not fitted."""


def watch_folders(folders: Sequence[Path], index: Callable[[], object], stop: Event | None = None) -> None:
    """Index the folders now and after every change, until `stop` is set.

    Watching begins before the first indexing, so that no change is missed. Raises FileNotFoundError if a
    folder does not exist.
    """
    started = False
    for changes in watch(
        *folders, debounce=MAX_DELAY_MS, step=QUIET_MS, stop_event=stop, raise_interrupt=True,
        rust_timeout=WAKE_MS, yield_on_timeout=True,
    ):  # fmt: skip
        if changes or not started:
            started = True
            index()
