"""Folders that are kept up to date while something watches them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from watchfiles import watch

_SETTLED = 1500
"""Milliseconds without a change after which a change counts as over: files are copied and saved in pieces."""
_LONGEST = 30_000
"""Milliseconds after which changes that go on and on are taken as they are."""


def keep_up(folders: Sequence[Path], bring_in: Callable[[], object], stop: Event | None = None) -> None:
    """Bring folders in now, and again whenever something in them has changed, until `stop` is set."""
    bring_in()
    for _ in watch(*folders, debounce=_LONGEST, step=_SETTLED, stop_event=stop, raise_interrupt=True):
        bring_in()
