"""`python -m rag.reading.worker`: reads files for its parent, within limits on time and memory.

It imports what reading needs and nothing else. A file that breaks it breaks nobody else; where the
system has no resource limits (Windows), only the parent's clock stops it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from rag.reading.file_reader import read_file
from rag.reading.worker_protocol import read_wanted, write_chunk

MEMORY = 448 << 20
"""Bytes of data that the process may hold; with its code that stays below 512 MB."""
SECONDS = 9
"""Seconds of computing for one article."""


def main() -> None:
    """Answer each line of standard input with the chunks of a file, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _limit_memory()
    answers.write(b"ready\n")
    answers.flush()
    for line in sys.stdin.buffer:
        _limit_time()
        for chunk in read_file(read_wanted(line)):
            answers.write(write_chunk(chunk))
            answers.flush()
            _limit_time()


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(kind, (MEMORY, MEMORY))


def _limit_time() -> None:
    """Allow that many seconds more; what takes longer ends the process."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
