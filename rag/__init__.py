"""Byline: ask a library of articles, and follow every sentence to its passage.

Importing the package switches off what its dependencies would report to their makers. It has to happen
before they are imported, and children inherit it: onnxruntime 1.32 reads ORT_DISABLE_TELEMETRY once, as it is
loaded, and its `disable_telemetry_events()` comes too late (tests/faults/test_no_egress.py).
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
"""Variables of the environment, and the value that switches reporting off: onnxruntime, chromadb,
huggingface_hub (with transformers and sentence-transformers), OpenTelemetry (in chromadb), streamlit."""

os.environ.update(TELEMETRY_OFF)
