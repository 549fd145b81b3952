"""Measures what reading each hostile file of the tests costs: seconds, memory, outcome.

.venv/bin/python bench/hostile.py

Ends with an error where one takes more than the reader's limits, 10 s and 512 MB.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from saved import hostile

MAX_S, MAX_MB = 11, 512
"""Seconds, one of them for the start of a process, and megabytes that reading a file may take."""


def main() -> None:
    over = []
    with TemporaryDirectory() as folder:
        hostile.make(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            read = hostile.read_alone(path)
            said = "; ".join(dict.fromkeys(read.reasons)) or ("ended by its limits" if read.ended else "")
            outcome = said or f"{len(read.articles)} articles"
            name = path.name.encode("unicode_escape", "replace").decode()[:24]
            print(f"{name:24} {read.seconds:5.1f} s {read.megabytes:5.0f} MB  {outcome}", flush=True)
            over += [name] * (read.seconds > MAX_S or read.megabytes > MAX_MB)
    if over:
        sys.exit(f"Over the limits: {', '.join(over)}")


if __name__ == "__main__":
    main()
