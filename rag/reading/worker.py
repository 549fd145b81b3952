"""`python -m rag.reading.worker`: reads files for its parent process, within limits on time and memory.

It imports only what reading needs. A file that crashes it does not affect the parent. If the system has no
resource limits (Windows), only the parent's timeout stops it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from rag.reading.file_reader import read_file
from rag.reading.worker_protocol import read_request, write_chunk

MAX_MEMORY_BYTES = 448 << 20
"""Maximum size of the process's data segment; with its code it stays below 512 MB. Not fitted."""
MAX_CPU_S = 9
"""CPU seconds for one article. Not fitted."""


def main() -> None:
    """Write the chunks of each file named by a line of standard input, until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries print to standard output
    _limit_memory()
    answers.write(b"ready\n")
    answers.flush()
    for line in sys.stdin.buffer:
        _limit_time()
        for chunk in read_file(read_request(line)):
            answers.write(write_chunk(chunk))
            answers.flush()
            _limit_time()


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(kind, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _limit_time() -> None:
    """Allow MAX_CPU_S more; the system ends the process when they are used."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        hard_limit = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (spent + MAX_CPU_S, hard_limit))


if __name__ == "__main__":
    main()
