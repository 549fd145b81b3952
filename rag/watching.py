"""Folders that are kept up to date while something watches them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from watchfiles import watch

_SETTLED = 1500
"""Milliseconds without a change after which a change counts as over: files are copied and saved in pieces."""
_WAKES = 500
"""Milliseconds after which the watcher says that nothing has changed, as it does first of all."""
_LONGEST = 30_000
"""Milliseconds after which changes that go on and on are taken as they are."""


def keep_up(folders: Sequence[Path], bring_in: Callable[[], object], stop: Event | None = None) -> None:
    """Bring folders in now, and again whenever something in them has changed, until `stop` is set.

    What changes while they are brought in counts, too: the watcher is there before. Raises
    FileNotFoundError where a folder is not there.
    """
    begun = False
    for changes in watch(
        *folders, debounce=_LONGEST, step=_SETTLED, stop_event=stop, raise_interrupt=True,
        rust_timeout=_WAKES, yield_on_timeout=True,
    ):  # fmt: skip
        if changes or not begun:
            begun = True
            bring_in()
