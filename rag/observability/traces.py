"""OpenTelemetry traces of answers, under the names of OpenInference, which Phoenix and Langfuse read.

A trace has a span for the question, and in it one each for retrieval, generation and the check. Without
`texts` it has no word of a question, an article or an answer: ids, scores, counts and times only.
Names: https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
"""

from __future__ import annotations

import os
import time
from typing import Any

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Tracer, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, set_span_in_context

from rag.events import Checked, Event, Failed, Judged, Prompted, Retrieved, Token
from rag.observability.outcomes import STOPPED, answer_of, outcome_of
from rag.types import Hit

_KIND = "openinference.span.kind"
_DISABLED = "OTEL_SDK_DISABLED"
_TIMEOUT_S = 5
"""Seconds after which spans that the collector does not take are dropped. Not fitted."""


class Traces:
    """An Observer that sends a trace of each answer to a collector (OTLP, gRPC). Thread safe.

    A collector that does not answer costs spans, never an answer.
    """

    def __init__(self, collector: str, *, texts: bool) -> None:
        self._texts = texts
        disabled = os.environ.pop(_DISABLED, "")  # set for Byline's dependencies; read by the constructor
        self._provider = TracerProvider(resource=Resource.create({"service.name": "byline"}))
        os.environ[_DISABLED] = disabled
        exporter = OTLPSpanExporter(
            endpoint=collector, insecure=not collector.startswith("https://"), timeout=_TIMEOUT_S
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer: Tracer = self._provider.get_tracer("byline")  # type: ignore[assignment]

    def __call__(self, question: str) -> _Trace:
        """Begin to trace an answer."""
        return _Trace(self._tracer, question if self._texts else "", texts=self._texts)

    def flush(self) -> None:
        """Send the spans that wait."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send the spans that wait, and end."""
        self._provider.shutdown()


class _Trace:
    def __init__(self, tracer: Tracer, question: str, *, texts: bool) -> None:
        self._tracer, self._texts = tracer, texts
        self._root = tracer.start_span("question", attributes={_KIND: "CHAIN"})
        self._context = set_span_in_context(self._root)
        if question:
            self._root.set_attribute("input.value", question)
        self._part: Span | None = self._begin("retrieval", "RETRIEVER")
        self._outcome, self._tokens, self._written_ns = STOPPED, 0, 0

    def event(self, event: Event) -> None:
        match event:
            case Retrieved(hits):
                self._end(**_documents(hits, texts=self._texts))
            case Prompted(messages):
                self._end()
                self._part, self._tokens = self._begin("generation", "LLM"), 0
                if self._texts:
                    self._part.set_attributes(_messages(messages))
            case Token():
                self._tokens, self._written_ns = self._tokens + 1, time.time_ns()
            case Judged(probability):
                self._check({"byline.probability": probability})
            case Checked(sentences):
                self._check({"byline.sentences": len(sentences)})
            case _ if outcome := outcome_of(event):
                self._outcome = outcome
                self._describe(event)

    def close(self) -> None:
        self._end()
        self._root.set_attribute("byline.outcome", self._outcome)
        self._root.end()

    def _check(self, attributes: dict[str, Any]) -> None:
        """End the generation where its last word came, and begin the check there."""
        if self._written_ns and self._part:
            self._part.set_attribute("byline.pieces", self._tokens)
            self._part.end(self._written_ns)
            self._part = self._begin("check", "GUARDRAIL", self._written_ns)
            self._written_ns = 0
        if self._part:
            self._part.set_attributes(attributes)

    def _describe(self, event: Event) -> None:
        answer = answer_of(event)
        if answer is None:
            return
        self._root.set_attributes({"byline.kind": answer.kind, "byline.language": answer.language})
        if answer.model:
            self._root.set_attribute("llm.model_name", answer.model)
        if isinstance(event, Failed):
            self._root.set_attribute("byline.error", event.message.code)
        if self._texts:
            self._root.set_attribute("output.value", answer.text)

    def _begin(self, name: str, kind: str, start_ns: int | None = None) -> Span:
        return self._tracer.start_span(
            name, context=self._context, attributes={_KIND: kind}, start_time=start_ns
        )

    def _end(self, **attributes: Any) -> None:
        if self._part:
            self._part.set_attributes(attributes)
            self._part.end()
            self._part = None


def _documents(hits: tuple[Hit, ...], *, texts: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n, hit in enumerate(hits):
        name = f"retrieval.documents.{n}.document"
        found |= {f"{name}.id": f"{hit.passage.article_id}#{hit.passage.ordinal}", f"{name}.score": hit.score}
        if texts:
            found[f"{name}.content"] = hit.passage.text
    return found


def _messages(messages: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {
        f"llm.input_messages.{n}.message.{name}": text
        for n, (role, content) in enumerate(messages)
        for name, text in (("role", role), ("content", content))
    }
