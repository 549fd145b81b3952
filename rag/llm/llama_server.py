"""`python -m rag.llm.llama_server`: llama.cpp's server for one GGUF file, in a process of its own.

Loading holds Python's global lock: in the page's process nobody could click or ask meanwhile, 7 to 15 s for a
file of 1.1 GB on two cores (xllamacpp 2026.10). A file on which the engine aborts, or for which there is no
memory, ends only this process. It reads one line of JSON, the arguments of `_params`, from standard input,
writes its address to standard output once it answers, and ends at the end of its input, with its parent.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

_BATCH_TOKENS = 128
"""Prompt tokens between two checks of the stop flag: about 2 s on two cores. Not fitted."""


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the engine prints to standard output
    arguments = json.loads(sys.stdin.readline())
    # Threads that spin while waiting quadruple the time of an answer on two busy cores (bench/answering.py).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import xllamacpp

    try:
        server = xllamacpp.Server(_params(**arguments))
    except RuntimeError as error:
        sys.exit(str(error))
    answers.write(f"{server.listening_address}\n")
    answers.flush()
    sys.stdin.read()
    os._exit(0)  # without waiting for an answer


def _params(path: str, context: int, threads: int | None, key: str, template: str = "") -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.cpuparams.n_threads = threads or os.cpu_count() or 2
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE  # mapped weights are in memory twice
    params.fit_params = params.warmup = False  # each reads the weights once more
    params.cache_ram_mib = 0  # prompts hardly repeat: caching them only costs memory
    params.verbosity = -1
    params.ui = False
    params.api_keys = [key]  # other local programs must not use the engine
    if template:
        params.chat_template, params.use_jinja = template, True
    return params


if __name__ == "__main__":
    main()
