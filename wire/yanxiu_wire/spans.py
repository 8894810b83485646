"""Spans leave for a collector (OTLP over HTTP): in batches, from a bounded queue, and never at a request's expense.

Where the collector is away or slow, spans are dropped and counted; what answers requests does not notice.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import Literal

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler, TraceIdRatioBased

from yanxiu_wire import log, tracing
from yanxiu_wire.metrics import Count
from yanxiu_wire.observing import ObservingSettings

MOST_WAITING = 4096
_BATCH = 512
_EVERY_MS = 1000
_SEND_SECONDS = 2.0
# At the end of the process; its drain has more.
_LAST_SECONDS = 3.0
_log = log.logger()

SPANS = Count(
    "yanxiu_spans_total",
    "跟踪片段：已送出 sent、采集器未接收 refused、队列已满而丢弃 dropped",
    "spans that were sent, that the collector did not take (refused), that found the queue full (dropped)",
    ("outcome",),
)

Place = Literal["edge", "inside"]


@contextlib.contextmanager
def exporting(service: str, settings: ObservingSettings, *, place: Place = "inside") -> Iterator[None]:
    """Record spans and send them to the collector that the settings name, if they name one, while the block runs."""
    if not settings.otlp_endpoint:
        yield
        return
    # It would say so for every batch; that the collector is away is said once, below.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    # Its HTTP client and protobuf cost ten megabytes, which nobody pays who traces nothing.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    to = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
    with recording_to(OTLPSpanExporter(to, timeout=_SEND_SECONDS), service, settings.trace_share, place=place):
        yield


@contextlib.contextmanager
def recording_to(exporter: SpanExporter, service: str, share: float, *, place: Place = "inside") -> Iterator[None]:
    """Record spans and hand them to an exporter while the block runs; then hand over what waits, for three seconds."""
    resource = Resource.create(
        {
            "service.namespace": "yanxiu",
            "service.name": f"yanxiu-{service}",
            "service.version": version("yanxiu"),
            "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
        }
    )
    provider = TracerProvider(sampler=sampler(share, place), resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(_Bounded(exporter))
    tracing.record_with(provider.get_tracer("yanxiu"))
    try:
        yield
    finally:
        tracing.record_with(None)
        # A collector that hangs must not hold up the end: what has not left by then is lost.
        ending = threading.Thread(target=provider.shutdown, daemon=True)
        ending.start()
        ending.join(_LAST_SECONDS)


def sampler(share: float, place: Place) -> Sampler:
    """Who is traced: at the `edge` that share of the traces, whatever the caller asks for; inside what the edge chose.

    A caller from outside may ask not to be traced; that he is, he may not.
    """
    chosen = TraceIdRatioBased(share)
    if place == "inside":
        return ParentBased(chosen)
    return ParentBased(chosen, remote_parent_sampled=chosen, remote_parent_not_sampled=ALWAYS_OFF)


class _Bounded(BatchSpanProcessor):
    """The library's processor, which would drop without counting, behind a queue whose end is known."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._waiting = 0
        self._lock = threading.Lock()
        super().__init__(
            _Counting(exporter, self._left),
            max_queue_size=MOST_WAITING,
            schedule_delay_millis=_EVERY_MS,
            max_export_batch_size=_BATCH,
        )

    def on_end(self, span: ReadableSpan) -> None:
        """Take a span in, unless too many wait."""
        if span.context is None or not span.context.trace_flags.sampled:
            return
        with self._lock:
            if self._waiting >= MOST_WAITING:
                SPANS.add("dropped")
                return
            self._waiting += 1
        super().on_end(span)

    def _left(self, spans: int) -> None:
        with self._lock:
            self._waiting -= spans


class _Counting(SpanExporter):
    """An exporter that counts what becomes of what it is given."""

    def __init__(self, exporter: SpanExporter, left: Callable[[int], None]) -> None:
        self._exporter = exporter
        self._left = left
        self._away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them."""
        self._left(len(spans))
        result = self._exporter.export(spans)
        away = result is not SpanExportResult.SUCCESS
        SPANS.add("refused" if away else "sent", by=len(spans))
        if away != self._away:
            self._away = away
            _log.warning("collector-away" if away else "collector-back")
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is held here."""
        return self._exporter.force_flush(timeout_millis)
