"""Calls over the real bus: exact answers, refusals as data, faults masked, messages checked."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from nats.errors import NoRespondersError
from structlog.testing import capture_logs
from yanxiu_wire import tracing
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import (
    DeadlineExceeded,
    MessageMalformed,
    MessageTooLarge,
    RemoteFault,
    ServiceUnavailable,
)
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.rpc import Bus

from .conftest import Ask, Sample, Told

SECRET = "password of the database 530802198001011234"


async def echo(_district: str, ask: Ask, _deadline: Deadline) -> Told:
    return Told(number=ask.number, facts=ask.facts)


async def test_a_decimal_arrives_as_it_was_sent(sample: Sample) -> None:
    await sample.serve(echo)
    told = await sample.call("59.50", hours=Decimal("0.1"), on=date(2024, 9, 1))
    assert told.number == Decimal("59.50")
    assert str(told.number) == "59.50"
    assert told.facts == {"hours": "0.1", "on": "2024-09-01"}


async def test_a_bare_fraction_in_untyped_facts_is_read_as_the_decimal_it_spells(bus: Bus, sample: Sample) -> None:
    seen: list[Any] = []

    async def keep(_district: str, ask: Ask, _deadline: Deadline) -> Told:
        seen.append(ask.facts["hours"])
        return Told(number=Decimal(0))

    await sample.serve(keep)
    body = {"caller": {"subject": "s", "role": "auditor", "district": "puer"}, "facts": {"hours": 0.1}}
    await bus.nats.request(sample.endpoint.subject("puer"), json.dumps(body).encode(), timeout=2)
    assert seen == [Decimal("0.1")]


async def test_the_handler_is_told_the_district_of_the_subject(sample: Sample) -> None:
    async def name(district: str, _ask: Ask, _deadline: Deadline) -> Told:
        return Told(number=Decimal(1), facts={"district": district})

    await sample.serve(name)
    assert (await sample.call()).facts == {"district": "puer"}


async def test_a_refusal_is_data(sample: Sample) -> None:
    refused = Refused(
        errors=(
            RefusalItem(
                code="HOURS_OUT_OF_RANGE",
                field="facts.hours",
                value=99,
                clauses=("PUER-11-3",),
                message_zh="学时超出范围",
                message_en="hours out of range",
                remedy_zh="请更正学时",
                remedy_en="correct the hours",
            ),
        )
    )

    async def refuse(_district: str, _ask: Ask, _deadline: Deadline) -> Refused:
        return refused

    serving = await sample.serve(refuse)
    assert await sample.call() == refused
    assert await errors_in_stats(sample, serving.id) == 0


async def test_a_field_that_the_reader_does_not_know_is_ignored(bus: Bus, sample: Sample) -> None:
    await sample.serve(echo)
    body = {"caller": {"subject": "s", "role": "auditor", "district": "puer", "new": 1}, "number": "2", "newer": [1]}
    answer = await bus.nats.request(sample.endpoint.subject("puer"), json.dumps(body).encode(), timeout=2)
    assert json.loads(answer.data) == {"type": "told", "number": "2", "facts": {}}


async def test_of_an_unexpected_failure_only_an_id_crosses_and_the_log_has_the_rest(bus: Bus, sample: Sample) -> None:
    async def fail(_district: str, _ask: Ask, _deadline: Deadline) -> Told:
        raise RuntimeError(SECRET)

    await sample.serve(fail)
    with capture_logs() as logs:
        with pytest.raises(RemoteFault) as raised:
            await sample.call()
        raw = await bus.nats.request(
            sample.endpoint.subject("puer"), b'{"caller":{"subject":"s","role":"auditor","district":"puer"}}', timeout=2
        )
    faults = [entry for entry in logs if entry["event"] == "fault"]
    assert raised.value.service == sample.service
    assert faults[0]["fault_id"] == raised.value.fault_id
    assert faults[0]["exc_info"]
    assert faults[1]["fault_id"] in raw.data.decode()
    everything = raw.data.decode() + json.dumps(raw.headers) + str(raised.value)
    for hidden in ("password", "RuntimeError", "Traceback", "5308"):
        assert hidden not in everything


async def test_an_answer_that_cannot_be_encoded_is_a_masked_fault_too(sample: Sample) -> None:
    async def answer(_district: str, _ask: Ask, _deadline: Deadline) -> Any:
        return object()

    await sample.serve(answer)
    with capture_logs(), pytest.raises(RemoteFault):
        await sample.call()


async def test_a_fault_of_the_wire_raised_by_a_handler_keeps_its_code(sample: Sample) -> None:
    async def late(_district: str, _ask: Ask, _deadline: Deadline) -> Told:
        raise DeadlineExceeded(sample.service)

    await sample.serve(late)
    with pytest.raises(DeadlineExceeded):
        await sample.call()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", ""),
        (b"\xff\xfe", ""),
        (b"[" * 5000, ""),
        (b"{}", "caller"),
        (b'{"caller":{"subject":"s","role":"auditor"}}', "caller.district"),
        (b'{"caller":{"subject":"s","role":"king 530802198001011234","district":"puer"}}', "caller.role"),
        (b'{"caller":{"subject":"s","role":"auditor","district":"puer"},"number":"many"}', "number"),
    ],
)
async def test_a_message_that_does_not_fit_is_answered_with_the_field(
    bus: Bus, sample: Sample, body: bytes, field: str
) -> None:
    await sample.serve(echo)
    answer = await bus.nats.request(sample.endpoint.subject("puer"), body, timeout=2)
    assert answer.headers is not None
    assert answer.headers["Nats-Service-Error-Code"] == "MESSAGE_MALFORMED"
    facts = json.loads(answer.data)
    assert facts.get("field", "") == field
    assert facts["problem"]
    assert "5308" not in answer.data.decode()


async def test_an_answer_of_another_type_is_malformed_to_the_caller(bus: Bus, sample: Sample) -> None:
    await sample.serve(echo)
    other = Endpoint(sample.service, "ask", Ask, Refused)
    with pytest.raises(MessageMalformed):
        await bus.call(other, sample.ask(), district="puer")


async def test_nobody_there_is_said_at_once(bus: Bus, sample: Sample) -> None:
    deadline = Deadline.after(60)
    with pytest.raises(ServiceUnavailable) as raised:
        await bus.call(sample.endpoint, sample.ask(), district="puer", deadline=deadline)
    assert raised.value.service == sample.service
    assert deadline.remaining() > 55
    with pytest.raises(NoRespondersError):
        await bus.nats.request(sample.endpoint.subject("puer"), timeout=2)


@pytest.mark.parametrize("district", ["", "*", ">", "Puer", "puer.x", "puer x", "p", "普洱"])
async def test_what_is_no_district_never_becomes_a_subject(bus: Bus, sample: Sample, district: str) -> None:
    with pytest.raises(MessageMalformed) as raised:
        await bus.call(sample.endpoint, sample.ask(), district=district)
    assert raised.value.field == "district"


async def test_a_request_over_the_limit_is_a_clear_fault_and_the_connection_lives(bus: Bus, sample: Sample) -> None:
    await sample.serve(echo)
    with pytest.raises(MessageTooLarge) as raised:
        await sample.call(text="x" * bus.nats.max_payload)
    assert raised.value.size > raised.value.limit == bus.max_message
    almost = "x" * (bus.max_message - 500)
    assert (await sample.call(text=almost)).facts == {"text": almost}


async def test_an_answer_over_the_limit_is_a_clear_fault_and_the_service_lives(bus: Bus, sample: Sample) -> None:
    async def much(_district: str, ask: Ask, _deadline: Deadline) -> Told:
        return Told(number=ask.number, facts={"text": "x" * (bus.nats.max_payload if ask.number else 1)})

    await sample.serve(much)
    with pytest.raises(MessageTooLarge):
        await sample.call("1")
    assert (await sample.call("0")).facts == {"text": "x"}


async def test_both_sides_are_in_one_trace(sample: Sample) -> None:
    seen: list[str | None] = []

    async def keep(_district: str, _ask: Ask, _deadline: Deadline) -> Told:
        seen.append(tracing.trace_id())
        return Told(number=Decimal(0))

    await sample.serve(keep)
    with tracing.continued():
        mine = tracing.trace_id()
        await sample.call()
        await sample.call()
    await sample.call()
    assert mine is not None
    assert seen[:2] == [mine, mine]
    assert seen[2] not in (None, mine)
    assert tracing.trace_id() is None


async def errors_in_stats(sample: Sample, service_id: str) -> int:
    stats = await sample.bus.nats.request(f"$SRV.STATS.{sample.service}.{service_id}", timeout=2)
    return json.loads(stats.data)["endpoints"][0]["num_errors"]
