"""`python -m rag`."""

import os

# Before numpy is loaded: its products are small here, and its threads take the processors from ONNX Runtime.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from rag.cli.main import main

if __name__ == "__main__":
    main()
