"""Traces through topics: W3C trace context in the `traceparent` header, a new span per hop.

Source: W3C Trace Context; CloudEvents Distributed Tracing extension.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("hytevirta")


class FileSpans(SpanExporter):
    """Finished spans as JSON lines: what a laptop and the privacy test read; a cluster uses a collector."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            self._file.write(_as_line(span))
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._file.close()


def _as_line(span: ReadableSpan) -> bytes:
    context = span.get_span_context()
    return orjson.dumps(
        {
            "name": span.name,
            "service": span.resource.attributes.get("service.name"),
            "trace_id": f"{context.trace_id:032x}" if context else None,
            "span_id": f"{context.span_id:016x}" if context else None,
            "parent_id": f"{span.parent.span_id:016x}" if span.parent else None,
            "start_ns": span.start_time,
            "end_ns": span.end_time,
            "links": [f"{link.context.trace_id:032x}" for link in span.links],
            "attributes": dict(span.attributes or {}),
            "status": span.status.status_code.name,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def set_up_traces(service: str, *, file: Path | None) -> None:
    """Without a file spans are made (so that logs carry trace ids and events a traceparent) but not kept."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        provider.add_span_processor(SimpleSpanProcessor(FileSpans(file)))
    trace.set_tracer_provider(provider)


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    traceparent: str | None = None,
    links: Sequence[str] = (),
    **attributes: str | int,
) -> Iterator[trace.Span]:
    """A span; `traceparent` makes it a child of the sender's, `links` point at the senders of a batch.

    Exceptions are recorded by type only: their texts may quote what was handled.
    """
    context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    linked = [
        Link(trace.get_current_span(_PROPAGATOR.extract({"traceparent": link})).get_span_context()) for link in links
    ]
    with _TRACER.start_as_current_span(
        name,
        context=context,
        kind=kind,
        links=linked,
        attributes=dict(attributes),
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except BaseException as exc:
            current.set_status(trace.StatusCode.ERROR, type(exc).__name__)
            raise


def current_traceparent() -> str | None:
    """The present span as a `traceparent` value."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
