"""Every running service answers `$SRV.PING`, `INFO` and `STATS`, with the time that its requests truly took."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_wire.caller import Caller
from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.credits import REGISTER_TRAINING, RegisterTraining
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.slices.district import District
from tests.slices.platform import Platform

# The credits service looks out so long for a teacher whom it does not know yet.
PATIENCE_NANOSECONDS = 750_000_000
DAY = date(2024, 7, 12)
ENDPOINTS = {service: endpoints_of(service) for service in AREAS}


@pytest.fixture
async def wire(platform: Platform) -> AsyncIterator[Bus]:
    """A bus on the platform's own server."""
    connected = await platform.bus()
    yield connected
    await connected.close()


async def asked(bus: Bus, verb: str, service: str) -> dict[str, Any]:
    answer = json.loads((await bus.nats.request(f"$SRV.{verb}.{service}", b"", timeout=5)).data)
    assert answer["name"] == service
    assert answer["type"] == f"io.nats.micro.v1.{verb.lower()}_response"
    return answer


async def everyone(bus: Bus, verb: str) -> set[str]:
    """The names of all who answer one verb; returns when the three have."""
    inbox = bus.nats.new_inbox()
    heard = await bus.nats.subscribe(inbox)
    await bus.nats.publish(f"$SRV.{verb}", b"", reply=inbox)
    names: set[str] = set()
    async with asyncio.timeout(5):
        while not names >= ENDPOINTS.keys():
            names.add(json.loads((await heard.next_msg(timeout=5)).data)["name"])
    await heard.unsubscribe()
    return names


async def stats_of(bus: Bus, verb: str) -> dict[str, Any]:
    stats = await asked(bus, "STATS", REGISTER_TRAINING.service)
    return next(one for one in stats["endpoints"] if one["name"] == verb)


@pytest.mark.parametrize("service", ENDPOINTS)
async def test_a_service_says_who_it_is_and_what_it_answers(wire: Bus, service: str) -> None:
    ping, info, stats = [await asked(wire, verb, service) for verb in ("PING", "INFO", "STATS")]
    assert ping["id"] == info["id"] == stats["id"]
    assert ping["version"] == info["version"] == stats["version"]
    verbs = {endpoint.verb for endpoint in ENDPOINTS[service]}
    for told in (info, stats):
        assert {one["name"] for one in told.get("endpoints", [])} == verbs


@pytest.mark.parametrize("verb", ["PING", "INFO", "STATS"])
async def test_all_three_answer_whoever_asks_for_nobody_in_particular(wire: Bus, platform: Platform, verb: str) -> None:
    assert await everyone(wire, verb) >= ENDPOINTS.keys()  # the gateway may answer too


async def test_the_times_told_are_those_that_the_requests_took(wire: Bus, platform: Platform) -> None:
    district = await District(platform, "timed").open()
    teacher = await district.hire("T1")
    project = await district.project()
    await district.register(teacher, project)
    officer = Caller(subject="synthetic", role="district-officer", district=district.code)
    before = await stats_of(wire, REGISTER_TRAINING.verb)
    began = time.monotonic_ns()
    requests = [
        RegisterTraining(caller=officer, key=f"stats-{number}", teacher=f"nobody-{number}", on=DAY, facts={})
        for number in range(4)
    ]
    # All at once: what a service is timed by is each request from pickup to answer, not the moment of its dispatch.
    calls = (wire.call(REGISTER_TRAINING, request, district=district.code) for request in requests)
    answers = await asyncio.gather(*calls)
    took = time.monotonic_ns() - began
    assert all(isinstance(answer, Refused) for answer in answers)
    after = await stats_of(wire, REGISTER_TRAINING.verb)
    assert after["num_requests"] - before["num_requests"] == len(requests)
    spent = after["processing_time"] - before["processing_time"]
    assert len(requests) * PATIENCE_NANOSECONDS <= spent <= len(requests) * took
    assert after["average_processing_time"] == pytest.approx(after["processing_time"] / after["num_requests"], abs=1)
