"""W3C trace context across the bus: one trace from the gateway's request to the service's last statement and log line.

Spans are recorded where `yanxiu_wire.spans` has begun to export them. Where it has not, the trace id travels just the
same, so that the logs of all processes that took part share it, and nothing else is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from opentelemetry import context, trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

HEADER = "traceparent"
_FLAGS = 2
_WHOLE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_ID = slice(3, 35)
_PROPAGATOR = TraceContextTextMapPropagator()
_IDS = RandomIdGenerator()


# The trace as messages carry it, where this process records nothing: OpenTelemetry's context, which holds the same,
# takes ten times as long to make and to read.
_CARRIED: ContextVar[str] = ContextVar("yanxiu_trace", default="")


class _Recorder:
    """The tracer of this process while it records."""

    tracer: trace.Tracer | None = None


def record_with(tracer: trace.Tracer | None) -> None:
    """Begin to record spans with a tracer; None ends it."""
    _Recorder.tracer = tracer


def records() -> bool:
    """Whether this process records spans, of whichever traces."""
    return _Recorder.tracer is not None


def recording() -> bool:
    """Whether the current trace is being recorded here; without an exporter this is all that tracing costs."""
    return _Recorder.tracer is not None and trace.get_current_span().is_recording()


def only_carried() -> bool:
    """Whether nothing is recorded in this process and there is a trace to carry on: then no span need be begun."""
    return _Recorder.tracer is None and bool(_carried())


def trace_id() -> str | None:
    """The current trace id (32 hex digits), None outside any trace."""
    return _carried()[_ID] or None


def adopted(headers: Mapping[str, str] | None) -> bool:
    """Take the trace that `headers` carry, else a new one, for the rest of this task.

    A message that came has no part in what is current where it is taken up: that is another's.

    False where spans are recorded, and nothing was done: then `continued` is for it.
    """
    if _Recorder.tracer is not None:
        return False
    _CARRIED.set(_told(headers) or _begun())
    return True


def continued(headers: Mapping[str, str] | None = None) -> AbstractContextManager[None]:
    """Run inside the trace that `headers` carry, else the current one, else a new one.

    Where spans are recorded the first `span` of the block begins the new one.
    """
    return _Carrying(headers) if _Recorder.tracer is None else _continued(headers)


class _Carrying:
    """A block in a trace that is carried on and not recorded."""

    __slots__ = ("_headers", "_token")

    def __init__(self, headers: Mapping[str, str] | None) -> None:
        self._headers = headers

    def __enter__(self) -> None:
        self._token = _CARRIED.set(_told(self._headers) or _carried() or _begun())

    def __exit__(self, *_: object) -> None:
        _CARRIED.reset(self._token)


@contextmanager
def _continued(headers: Mapping[str, str] | None) -> Iterator[None]:
    found = context.get_current()
    text = _told(headers) or ("" if _is_in_trace() else _CARRIED.get())
    if text:
        found = _PROPAGATOR.extract({HEADER: text}, found)
    token = context.attach(found)
    try:
        yield
    finally:
        context.detach(token)


def _is_in_trace() -> bool:
    return trace.get_current_span().get_span_context().is_valid


def _told(headers: Mapping[str, str] | None) -> str:
    """The trace that headers carry; empty where they carry none that can be read."""
    text = headers.get(HEADER) if headers else None
    if not text:
        return ""
    if _WHOLE.fullmatch(text):
        return text
    # Perhaps of a later version: the library knows what of it is to be read.
    found = trace.get_current_span(_PROPAGATOR.extract({HEADER: text}, context.Context())).get_span_context()
    return _written(found) if found.is_valid else ""


def _begun() -> str:
    """A trace of its own, which is not recorded, nor by anybody behind this process."""
    return f"00-{_IDS.generate_trace_id():032x}-{_IDS.generate_span_id():016x}-00"


def _carried() -> str:
    """The current trace as a message carries it, empty outside any."""
    text = _CARRIED.get()
    if text and _Recorder.tracer is None:
        return text
    found = trace.get_current_span().get_span_context()
    return _written(found) if found.is_valid else text


def _written(found: trace.SpanContext) -> str:
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


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
    text = _carried()
    return {HEADER: text} if text else {}


def sampled(headers: Mapping[str, str] | None) -> bool:
    """Whether the trace that a message carries is recorded by those who sent it."""
    flags = (headers or {}).get(HEADER, "").rpartition("-")[2]
    return len(flags) == _FLAGS and flags.isalnum() and bool(int(flags, 16) & trace.TraceFlags.SAMPLED)


def _link(headers: Mapping[str, str]) -> trace.Link | None:
    if HEADER not in headers:
        return None
    found = trace.get_current_span(_PROPAGATOR.extract({HEADER: headers[HEADER]}, context.Context()))
    return trace.Link(found.get_span_context()) if found.get_span_context().is_valid else None
