"""Spans: who is traced is decided at the edge; a full queue drops and counts; a hanging collector holds up nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import REGISTRY
from yanxiu_wire import spans, tracing
from yanxiu_wire.consumed import taking
from yanxiu_wire.observing import ObservingSettings

LOW, HIGH = 1, (1 << 64) - 1


def header(trace: int, *, sampled: bool) -> dict[str, str]:
    return {"traceparent": f"00-{trace:032x}-{1:016x}-{'01' if sampled else '00'}"}


def recorded(place: spans.Place, share: float, headers: dict[str, str]) -> bool:
    with (
        spans.recording_to(InMemorySpanExporter(), "test", share, place=place),
        tracing.continued(headers),
        tracing.span("one", SpanKind.SERVER),
    ):
        assert tracing.sampled(tracing.carried()) is tracing.recording()
        return tracing.recording()


@pytest.mark.parametrize(
    ("place", "share", "headers", "wanted"),
    [
        ("edge", 1.0, {}, True),
        ("edge", 0.0, {}, False),
        ("edge", 0.0, header(HIGH, sampled=True), False),  # nobody outside can ask to be traced
        ("edge", 1.0, header(HIGH, sampled=False), False),  # but not to be
        ("edge", 0.5, header(LOW, sampled=True), True),
        ("edge", 0.5, header(HIGH, sampled=True), False),
        ("inside", 0.0, header(HIGH, sampled=True), True),  # what the gateway chose
        ("inside", 1.0, header(HIGH, sampled=False), False),
    ],
)
def test_the_edge_decides_and_the_others_follow(
    place: spans.Place,
    share: float,
    headers: dict[str, str],
    wanted: bool,
) -> None:
    assert recorded(place, share, headers) is wanted


def test_without_a_collector_the_trace_id_travels_and_nothing_is_recorded() -> None:
    with spans.exporting("test", ObservingSettings()), tracing.continued(), tracing.span("one", SpanKind.SERVER):
        assert not tracing.recording()
        assert tracing.started("two", {}) is None
        assert tracing.carried()["traceparent"].split("-")[1] == tracing.trace_id()
        assert not tracing.sampled(tracing.carried())


def test_a_failure_is_told_by_its_code_alone() -> None:
    exporter = InMemorySpanExporter()

    def fail() -> None:
        with tracing.continued(), tracing.span("one", SpanKind.SERVER):
            tracing.failed("REMOTE_FAULT")
            raise ValueError("secret")

    with spans.recording_to(exporter, "test", 1.0), pytest.raises(ValueError, match="secret"):
        fail()
    (span,) = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "REMOTE_FAULT")
    assert "secret" not in span.to_json()


class Stuck(SpanExporter):
    """A collector that takes a batch and does not answer."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002
        self.let_go.wait()
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Nothing."""


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("yanxiu_spans_total", {"outcome": outcome}) or 0.0


def test_a_full_queue_drops_and_counts_and_the_end_waits_no_longer_than_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spans, "MOST_WAITING", 8)
    monkeypatch.setattr(spans, "_BATCH", 4)
    monkeypatch.setattr(spans, "_LAST_SECONDS", 0.2)
    stuck, dropped = Stuck(), counted("dropped")
    try:
        with spans.recording_to(stuck, "test", 1.0):
            for _ in range(100):
                with tracing.continued(), tracing.span("one", SpanKind.SERVER):
                    pass
            # One batch is with the collector, eight wait: the others are gone.
            assert 100 - 8 - 4 <= counted("dropped") - dropped <= 100 - 8
            began = time.monotonic()
        assert time.monotonic() - began < 2
    finally:
        stuck.let_go.set()


def test_events_of_several_traces_are_handled_in_the_first_that_is_recorded_and_linked_to_the_others() -> None:
    exporter = InMemorySpanExporter()
    carried = [header(3, sampled=False), header(4, sampled=True), header(5, sampled=True), None]
    with spans.recording_to(exporter, "test", 0.0), taking("made-registry", carried):
        pass
    (span,) = exporter.get_finished_spans()
    assert span.context is not None
    assert span.context.trace_id == 4
    assert [link.context.trace_id for link in span.links] == [5]
    assert (span.attributes or {})["messaging.batch.message_count"] == 4


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"00-{3:032x}-{1:016x}-01", True),
        (f"cc-{3:032x}-{1:016x}-01-what-comes-later", True),
        (f"00-{0:032x}-{1:016x}-01", False),
        (f"00-{3:032x}-{0:016x}-01", False),
        (f"00-{3:032x}-{1:016x}-01-more", False),
        ("nonsense", False),
    ],
)
def test_a_trace_that_is_only_carried_is_the_one_that_would_be_recorded(text: str, *, kept: bool) -> None:
    headers = {"traceparent": text}
    with tracing.continued(headers):
        carried = tracing.carried()["traceparent"]
        assert (tracing.trace_id() == f"{3:032x}") is kept
    with spans.recording_to(InMemorySpanExporter(), "test", 1.0), tracing.continued(headers):
        assert (tracing.trace_id() == f"{3:032x}") is kept
        assert not kept or tracing.carried()["traceparent"] == carried
    assert tracing.trace_id() is None


def test_recording_that_begins_within_a_trace_goes_on_with_it() -> None:
    exporter = InMemorySpanExporter()
    with tracing.continued(header(7, sampled=True)), spans.recording_to(exporter, "test", 1.0):
        assert tracing.trace_id() == f"{7:032x}"
        with tracing.continued(), tracing.span("one", SpanKind.SERVER):
            assert tracing.trace_id() == f"{7:032x}"
    (span,) = exporter.get_finished_spans()
    assert span.context is not None
    assert span.context.trace_id == 7
