"""Traces, as a real collector receives them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from api_examples import ANSWER, QUESTION, ApiLibrary
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as messages
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as services

from rag.observability.traces import Traces
from rag.service.observation import observe


class Collector(services.TraceServiceServicer):
    """A collector that keeps the spans."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.server = grpc.server(ThreadPoolExecutor(2))
        services.add_TraceServiceServicer_to_server(self, self.server)
        self.port = self.server.add_insecure_port("127.0.0.1:0")

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        return messages.ExportTraceServiceResponse()

    def attributes(self, name: str) -> dict[str, Any]:
        (span,) = [one for one in self.spans if one.name == name]
        return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@pytest.fixture
def collector() -> Iterator[Collector]:
    running = Collector()
    running.server.start()
    yield running
    running.server.stop(None)


def traced(library: ApiLibrary, collector: str, texts: bool) -> Traces:
    library.settings = library.settings.model_copy(update={"traces": collector, "trace_texts": texts})
    observe(library)
    (traces,) = library.observers
    assert isinstance(traces, Traces)
    return traces


def test_an_answer_is_traced_without_its_words(asked_library: ApiLibrary, collector: Collector) -> None:
    traces = traced(asked_library, f"http://127.0.0.1:{collector.port}", texts=False)
    list(asked_library.ask(QUESTION))
    traces.close()

    by_name = {span.name: span for span in collector.spans}
    assert {"question", "retrieval", "generation"} <= set(by_name)
    root = by_name.pop("question")
    assert all(span.parent_span_id == root.span_id for span in by_name.values())
    assert all(root.start_time_unix_nano <= span.start_time_unix_nano for span in by_name.values())
    assert collector.attributes("question")["openinference.span.kind"] == "CHAIN"
    assert collector.attributes("generation")["openinference.span.kind"] == "LLM"
    documents = collector.attributes("retrieval")
    assert documents["retrieval.documents.0.document.id"].endswith("#0")
    assert "harbour" not in str(collector.spans).lower() and "crowns" not in str(collector.spans)
    assert os.environ["OTEL_SDK_DISABLED"] == "true", "dependencies still send nothing"


def test_texts_are_traced_where_the_setting_says_so(asked_library: ApiLibrary, collector: Collector) -> None:
    traces = traced(asked_library, f"http://127.0.0.1:{collector.port}", texts=True)
    list(asked_library.ask(QUESTION))
    traces.close()
    assert collector.attributes("question")["input.value"] == QUESTION
    assert "42 million crowns" in collector.attributes("retrieval")["retrieval.documents.0.document.content"]
    assert QUESTION in str(collector.attributes("generation"))


def test_a_collector_that_is_away_costs_no_answer(asked_library: ApiLibrary) -> None:
    traced(asked_library, "http://127.0.0.1:9", texts=False)
    (*_, end) = asked_library.ask(QUESTION)
    assert end.answer.text == ANSWER or end.answer.quotes
