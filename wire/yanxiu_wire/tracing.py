"""W3C trace context across the bus: one trace from the gateway's request to the service's last log line.

A span is recorded when the process has configured an OpenTelemetry provider; without one the trace id travels just the
same, so that the logs of all processes that took part share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
_IDS = RandomIdGenerator()
_TRACER = trace.get_tracer("yanxiu")


def trace_id() -> str | None:
    """The current trace id (32 hex digits), None outside any trace."""
    found = trace.get_current_span().get_span_context()
    return trace.format_trace_id(found.trace_id) if found.is_valid else None


@contextmanager
def continued(headers: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run inside the trace that `headers` carry, else the current one, else a new one."""
    found = context.get_current()
    if headers and "traceparent" in headers:
        found = _PROPAGATOR.extract(dict(headers), found)
    if not trace.get_current_span(found).get_span_context().is_valid:
        root = trace.SpanContext(
            _IDS.generate_trace_id(), _IDS.generate_span_id(), is_remote=False, trace_flags=trace.TraceFlags(1)
        )
        found = trace.set_span_in_context(trace.NonRecordingSpan(root), found)
    token = context.attach(found)
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def span(name: str, kind: trace.SpanKind) -> Iterator[None]:
    """A span of the current trace; exceptions are not recorded in it, their text may be personal."""
    with _TRACER.start_as_current_span(name, kind=kind, record_exception=False, set_status_on_exception=False):
        yield


def carried() -> dict[str, str]:
    """The headers that carry the current trace on."""
    headers: dict[str, str] = {}
    _PROPAGATOR.inject(headers)
    return headers
