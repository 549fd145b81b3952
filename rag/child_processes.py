"""The environment of child processes."""

from __future__ import annotations

import os
from pathlib import Path

SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
"""Endings of the environment variables that no child process gets: it reads strangers' files."""


def child_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without secrets, with the folder of this `rag` on the import path."""
    import rag

    path = os.pathsep.join(filter(None, [str(Path(rag.__path__[0]).parent), os.environ.get("PYTHONPATH")]))
    kept = {name: value for name, value in os.environ.items() if not name.endswith(SECRET_ENDINGS)}
    return {**kept, "PYTHONPATH": path, **more}
