"""Byline: ask a library of articles, and follow every sentence to its passage.

Importing the package disables the telemetry of its dependencies, in this process and its children, before
they are imported: onnxruntime 1.32 reads ORT_DISABLE_TELEMETRY once, when it is loaded, and calling its
`disable_telemetry_events()` is too late (tests/faults/test_no_egress.py).
"""

import os

TELEMETRY_OFF = {
    "ORT_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "OTEL_SDK_DISABLED": "true",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}
"""Environment variables, with the values that disable telemetry: of onnxruntime, chromadb, huggingface_hub
(with transformers and sentence-transformers), OpenTelemetry (in chromadb), streamlit."""

os.environ.update(TELEMETRY_OFF)
