"""One trace from a request at the gateway to statements in the services and to those who consume what was announced."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from yanxiu_wire.spans import recording_to

from tests.conftest import NatsServer
from tests.slices.collector import Collector
from tests.slices.district import TRAINING, District
from tests.slices.platform import Platform
from tests.slices.stage import Stage

# What a span may say of itself: nothing that a caller wrote, nothing of a statement but its verb and table.
ATTRIBUTES = {
    "http.request.method", "http.route", "http.response.status_code", "graphql.operation.type", "graphql.document.hash",
    "graphql.operation.name", "yanxiu.cost", "yanxiu.district", "rpc.system", "rpc.service", "rpc.method", "error.type",
    "db.system.name", "db.operation.name", "db.collection.name", "messaging.system", "messaging.operation.type",
    "messaging.consumer.group.name", "messaging.batch.message_count",
}  # fmt: skip


CHOSEN = 1
SENT_WITHIN = 20.0
FOLLOWERS = {"process credits-registry", "process visits-registry"}


def trace_of(spans: Iterable[ReadableSpan], trace: str) -> dict[str, list[ReadableSpan]]:
    """The spans of one trace by name."""
    found: dict[str, list[ReadableSpan]] = {}
    for one in spans:
        if one.context is not None and f"{one.context.trace_id:032x}" == trace:
            found.setdefault(one.name, []).append(one)
    return found


def trace_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def answering_in(spans: Iterable[ReadableSpan]) -> ReadableSpan:
    return next(one for one in spans if one.name == "registry.create-teacher" and one.kind is SpanKind.SERVER)


def consumers(spans: Iterable[ReadableSpan], trace: str) -> set[str]:
    """Who handled what was announced in a trace: as part of it, or linked to it."""
    linked = {
        one.name for one in spans if trace in {trace_id(one), *(f"{link.context.trace_id:032x}" for link in one.links)}
    }
    return {name for name in linked if name.startswith("process ")}


def complete(spans: Sequence[ReadableSpan]) -> bool:
    opened = [one for one in spans if one.name == "registry.create-teacher" and one.kind is SpanKind.SERVER]
    return bool(opened) and consumers(spans, trace_id(opened[0])) == FOLLOWERS


def below(child: ReadableSpan, parent: ReadableSpan) -> bool:
    return child.parent is not None and parent.context is not None and child.parent.span_id == parent.context.span_id


async def test_a_mutation_is_one_trace_from_the_door_to_who_hears_of_it(own_nats: NatsServer, tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    with recording_to(exporter, "test", 1.0, place="edge"):
        async with Stage(own_nats, tmp_path, "2024-09-02").playing() as stage:
            district = await District(stage, "traced").open()
            teacher, project = await district.hire("T1"), await district.project()
            await district.register(teacher, project)
            given = {"idempotencyKey": "traced-again-1", "teacherId": teacher, "projectId": project, **TRAINING}
            query = "mutation($i: RegisterTrainingInput!) { registerTraining(input: $i) { errors { code } } }"
            answer = await stage.post(district.token(), query, {"i": given})
            async with asyncio.timeout(SENT_WITHIN):
                while not complete(exporter.get_finished_spans()):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)  # spans are handed over every second
            missing = await stage.post(district.token(), '{ teachers(first: 1, after: "x") { totalCount } }')
    trace = answer.headers["x-trace-id"]
    assert answer.headers["traceresponse"].split("-")[1] == trace
    assert missing.headers["x-trace-id"] != trace
    every = exporter.get_finished_spans()
    opened = answering_in(every)
    hired = trace_of(every, trace_id(opened))
    (door,), (operation,) = hired["POST /graphql"], hired["mutation"]
    asking, answering = hired["registry.create-teacher"][::-1]
    assert (asking.kind, answering.kind) == (SpanKind.CLIENT, SpanKind.SERVER)
    assert below(operation, door)
    assert below(asking, operation)
    assert below(answering, asking)
    (row,) = hired["INSERT teacher"]
    assert below(row, answering)
    (published,) = hired["publish yanxiu.v1.events.registry.teacher-changed"]
    assert below(published, answering)
    assert consumers(every, trace_id(opened)) == FOLLOWERS


async def test_spans_say_nothing_that_anybody_wrote(own_nats: NatsServer, tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    with recording_to(exporter, "test", 1.0, place="edge"):
        async with Stage(own_nats, tmp_path, "2024-09-02").playing() as stage:
            district = await District(stage, "traced-words").open()
            await district.hire("T1")
            await stage.post(district.token(), 'query WrittenWord { teachers(search: "WrittenWord") { totalCount } }')
            await stage.post(district.token(), "{ WrittenWord }")
    spans = exporter.get_finished_spans()
    assert len(spans) > 50
    for one in spans:
        assert set(one.attributes or {}) <= ATTRIBUTES, one.name
        assert not one.events
        assert re.fullmatch(r"[A-Za-z0-9 ./_-]+", one.name), one.name
    told = "".join(one.to_json() for one in spans)
    assert "WrittenWord" not in told
    assert "虚构" not in told
    assert {one.status.status_code for one in spans} <= {StatusCode.UNSET, StatusCode.ERROR}


async def test_a_districts_own_process_and_every_other_send_their_spans_to_the_collector(
    platform: Platform, collector: Collector
) -> None:
    """Of the processes, whose share of traces is so small that this id alone is among them."""
    district = await District(platform, "traced").open()
    teacher, project = await district.hire("T1"), await district.project()
    await district.register(teacher, await district.project())
    given = {"idempotencyKey": "traced-alone-1", "teacherId": teacher, "projectId": project, **TRAINING}
    query = "mutation($i: RegisterTrainingInput!) { registerTraining(input: $i) { errors { code } } }"
    headers = {"authorization": f"Bearer {district.token()}", "traceparent": f"00-{CHOSEN:032x}-{CHOSEN:016x}-01"}
    answer = await platform.http.post("/graphql", json={"query": query, "variables": {"i": given}}, headers=headers)
    assert answer.json()["data"]["registerTraining"]["errors"] == []
    async with asyncio.timeout(SENT_WITHIN):
        while not (way := _way(collector)) or way[-1][1] != "POST /graphql":  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # each of the processes sends what it has every second
    spans = [(service, span) for service, span in collector.spans() if int.from_bytes(span.trace_id) == CHOSEN]
    assert len(spans) == len(list(collector.spans()))
    # The district's process does it, the service has it done, the gateway asks.
    assert way == [
        ("yanxiu-credits", "credits.register-training"),
        ("yanxiu-credits", "credits.register-training"),
        ("yanxiu-gateway", "credits.register-training"),
        ("yanxiu-gateway", "mutation"),
        ("yanxiu-gateway", "POST /graphql"),
    ]


def _way(collector: Collector) -> list[tuple[str, str]]:
    """From the entry into the ledger upwards, who had it done, as far as it was sent."""
    found = list(collector.spans())
    by_id = {span.span_id: (service, span) for service, span in found}
    way: list[tuple[str, str]] = []
    span = next((span for _, span in found if span.name == "INSERT ledger"), None)
    while span is not None and (its := by_id.get(span.parent_span_id)) is not None:
        service, span = its
        way.append((service, span.name))
    return way
