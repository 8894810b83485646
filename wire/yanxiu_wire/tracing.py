"""W3C trace context across the bus: one trace from the gateway's request to the service's last statement and log line.

Spans are recorded where `yanxiu_wire.spans` has begun to export them. Where it has not, the trace id travels just the
same, so that the logs of all processes that took part share it, and nothing else is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

HEADER = "traceparent"
_FLAGS = 2
_PROPAGATOR = TraceContextTextMapPropagator()
_IDS = RandomIdGenerator()
# What a process begins that records nothing is recorded by nobody behind it either.
_UNSAMPLED = trace.TraceFlags(trace.TraceFlags.DEFAULT)


class _Recorder:
    """The tracer of this process while it records."""

    tracer: trace.Tracer | None = None


def record_with(tracer: trace.Tracer | None) -> None:
    """Begin to record spans with a tracer; None ends it."""
    _Recorder.tracer = tracer


def recording() -> bool:
    """Whether the current trace is being recorded here; without an exporter this is all that tracing costs."""
    return _Recorder.tracer is not None and trace.get_current_span().is_recording()


def only_carried() -> bool:
    """Whether nothing is recorded in this process and there is a trace to carry on: then no span need be begun."""
    return _Recorder.tracer is None and trace.get_current_span().get_span_context().is_valid


def trace_id() -> str | None:
    """The current trace id (32 hex digits), None outside any trace."""
    found = trace.get_current_span().get_span_context()
    return trace.format_trace_id(found.trace_id) if found.is_valid else None


@contextmanager
def continued(headers: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run inside the trace that `headers` carry, else the current one, else a new one.

    Where spans are recorded the first `span` of the block begins the new one.
    """
    found = context.get_current()
    if headers and HEADER in headers:
        found = _PROPAGATOR.extract({HEADER: headers[HEADER]}, found)
    if _Recorder.tracer is None and not trace.get_current_span(found).get_span_context().is_valid:
        root = trace.SpanContext(
            _IDS.generate_trace_id(), _IDS.generate_span_id(), is_remote=False, trace_flags=_UNSAMPLED
        )
        found = trace.set_span_in_context(trace.NonRecordingSpan(root), found)
    token = context.attach(found)
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def span(
    name: str,
    kind: trace.SpanKind,
    attributes: Mapping[str, AttributeValue] | None = None,
    links: Iterable[Mapping[str, str]] = (),
) -> Iterator[None]:
    """A span of the current trace; exceptions are not recorded in it, their text may be personal.

    `links` are headers of messages that this is about and whose traces it is no part of. Neither name nor attributes
    may hold what a caller wrote: names of endpoints, tables and districts, numbers, codes.
    """
    tracer = _Recorder.tracer
    if tracer is None:
        yield
        return
    linked = [one for one in map(_link, links) if one is not None]
    with tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, links=linked, record_exception=False, set_status_on_exception=False
    ):
        yield


def note(name: str, value: AttributeValue) -> None:
    """Add an attribute to the current span."""
    if _Recorder.tracer is not None:
        trace.get_current_span().set_attribute(name, value)


def failed(code: str) -> None:
    """Mark the current span as failed; of an error its stable code alone is kept."""
    if _Recorder.tracer is not None:
        current = trace.get_current_span()
        current.set_attribute("error.type", code)
        current.set_status(trace.StatusCode.ERROR, code)


def started(name: str, attributes: Mapping[str, AttributeValue]) -> trace.Span | None:
    """A span that is not the current one and that whoever began it ends; None where nothing is recorded."""
    tracer = _Recorder.tracer
    if tracer is None or not trace.get_current_span().is_recording():
        return None
    return tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes)


def carried() -> dict[str, str]:
    """The headers that carry the current trace on."""
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return {}
    if not found.trace_state:
        # What the propagator writes too, in a fifth of its time: every message carries it.
        return {HEADER: f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"}
    headers: dict[str, str] = {}
    _PROPAGATOR.inject(headers)
    return headers


def sampled(headers: Mapping[str, str] | None) -> bool:
    """Whether the trace that a message carries is recorded by those who sent it."""
    flags = (headers or {}).get(HEADER, "").rpartition("-")[2]
    return len(flags) == _FLAGS and flags.isalnum() and bool(int(flags, 16) & trace.TraceFlags.SAMPLED)


def _link(headers: Mapping[str, str]) -> trace.Link | None:
    if HEADER not in headers:
        return None
    found = trace.get_current_span(_PROPAGATOR.extract({HEADER: headers[HEADER]}, context.Context()))
    return trace.Link(found.get_span_context()) if found.get_span_context().is_valid else None
