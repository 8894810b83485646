"""Live standings: a registration by the school changes what a subscriber sees, over a real socket, and nothing else."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from websockets.exceptions import InvalidStatus
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_gateway.live_limits import Held, LiveLimits
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import REGISTER_TRAINING, TrainingRegistered
from yanxiu_wire.faults import WireFault

from tests.services.credits.standings.live import CHANGED, Gate, gate

_districts = itertools.count(1)


@pytest.fixture
async def door(nats_server: Any, tmp_path: Path) -> AsyncIterator[Gate]:
    async with gate(nats_server.url, tmp_path / "keys") as found:
        yield found


def teacher(house: Any, name: str = "t1") -> Caller:
    return house.caller("teacher", teacher=name)


async def test_a_registration_by_the_school_changes_what_the_teacher_sees(house: Any, door: Gate) -> None:
    project = (await house.project()).id
    leader = house.caller("school-leader", school="school-1")
    async with door.socket(door.token(teacher(house))) as mine, door.socket(door.token(teacher(house, "t2"))) as other:
        await mine.subscribe("t1")
        await other.subscribe("t2")
        assert (await mine.standing())["credits"] == "0"
        assert (await other.standing())["credits"] == "0"
        await house.register("t1", project=project, caller=leader, facts={"hours": "30"})
        assert await mine.standing() == {
            "verdict": "FAIL",
            "credits": "30",
            "findings": [{"clause": "MADE-4", "shortfall": "42"}],
        }
        await house.register("t1", caller=leader, facts={"hours": "42"})
        assert (await mine.standing())["verdict"] == "PASS"
        await other.quiet()
        await mine.quiet()


async def test_another_district_or_another_teacher_sees_nothing(house: Any, empty_house: Any, door: Gate) -> None:
    stranger = Caller(subject="s", role="institute-officer", district="elsewhere")
    leader = house.caller("school-leader", school="school-8")
    async with (
        door.socket(door.token(stranger)) as far,
        door.socket(door.token(teacher(house, "t2"))) as near,
        door.socket(door.token(leader)) as beside,
    ):
        await far.subscribe("t1")
        assert (await far.next())["payload"]["errors"][0]["extensions"]["code"] == "DISTRICT_UNKNOWN"
        for one in (near, beside):
            await one.subscribe("t1")
            assert await one.standing() is None
            assert (await one.next())["type"] == "complete"
        await house.register("t1", facts={"hours": "30"})
        for one in (near, beside):
            await one.quiet()


async def test_who_does_not_sign_in_is_sent_away(house: Any, door: Gate) -> None:
    async with door.socket(None) as silent:
        assert await silent.closed() == 4408
    async with door.socket(None) as early:
        await early.subscribe("t1")
        assert await early.closed() == 4401
    async with door.socket(None) as forged:
        await forged.send(type="connection_init", payload={"authorization": "Bearer x.y.z"})
        assert await forged.closed() == 4401
        assert forged.link.close_reason == "TOKEN_MALFORMED"
    async with door.socket(None) as late:
        ran_out = door.token(teacher(house), now=time.time() - 9_000)
        await late.send(type="connection_init", payload={"authorization": f"Bearer {ran_out}"})
        # With a new token he may connect again, which clients of graphql-ws do after this code.
        assert (await late.closed(), late.link.close_reason) == (4403, "TOKEN_EXPIRED")
    async with door.socket(None, protocol="graphql-ws") as legacy:
        assert await legacy.closed() == 4406


async def test_a_token_that_runs_out_closes_its_socket(house: Any, door: Gate) -> None:
    # A minute's grace is given to clocks that differ: this token was good until a minute ago but two seconds.
    token = door.token(teacher(house), ttl=timedelta(seconds=62), now=time.time() - 120)
    async with door.socket(token) as mine:
        await mine.subscribe("t1")
        assert (await mine.standing())["verdict"] == "FAIL"
        assert (await mine.closed(), mine.link.close_reason) == (4403, "TOKEN_EXPIRED")


@pytest.mark.parametrize(
    "frame",
    [
        "[]", "7", '"a"', "null", "[" * 5_000, "{}", '{"type":5}', '{"type":[]}', '{"type":"subscribe"}', "no JSON",
        '{"type":"subscribe","id":"a","payload":{"query":5}}', '{"type":"subscribe","id":"a","payload":[]}',
        '{"type":"subscribe","id":{},"payload":{"query":"{ me { role } }"}}', '{"type":"complete","id":[]}',
        '{"type":"subscribe","id":"a","payload":{"query":"{ me { role } }","variables":[1]}}',
        '{"type":"subscribe","id":"a","payload":{}}', '{"type":"wrong"}',
    ],
)  # fmt: skip
async def test_a_frame_of_another_shape_ends_its_socket_and_is_no_fault(
    house: Any, door: Gate, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with door.socket(door.token(teacher(house))) as mine:
        await mine.link.send(frame)
        assert await mine.closed() == 4400
    assert not [one for one in caplog.records if one.levelname in ("ERROR", "CRITICAL")]


async def test_one_caller_does_not_take_the_room_of_others(nats_server: Any, tmp_path: Path, house: Any) -> None:
    held = Held(LiveLimits(sockets=10, sockets_of_caller=2, sockets_of_nobody=2, init_seconds=30))
    async with gate(nats_server.url, tmp_path / "keys", held) as door:
        token, other = door.token(teacher(house)), door.token(replace(teacher(house, "t2"), subject="somebody else"))
        async with door.socket(token), door.socket(token), door.socket(None) as third:
            await third.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
            assert (await third.closed(), third.link.close_reason) == (4403, "TOO_MANY_CONNECTIONS")
            headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
            body, url = {"query": CHANGED, "variables": {"t": "t1"}}, f"http://127.0.0.1:{door.port}/graphql"
            async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
                answer = await http.post(url, json=body, headers=headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"
            async with door.socket(other) as mine:
                await mine.subscribe("t2")
                assert (await mine.standing())["credits"] == "0"
            async with door.socket(None), door.socket(None):
                with pytest.raises(InvalidStatus) as refused:
                    async with door.socket(None):
                        pass
                assert refused.value.response.status_code == 503


async def test_sockets_and_subscriptions_are_bounded(
    nats_server: Any, tmp_path: Path, house: Any, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held(LiveLimits(sockets=2, subscriptions_of_socket=2, subscriptions_of_caller=3))
    async with gate(nats_server.url, tmp_path / "keys", held) as door:
        token = door.token(teacher(house))
        async with door.socket(token) as first, door.socket(token) as second:
            with pytest.raises(InvalidStatus) as refused:
                async with door.socket(token):
                    pass
            assert refused.value.response.status_code == 503
            assert [line for line in caplog.records if line.levelname == "ERROR"] == [], "it fills no log"
            for socket, most in ((first, 2), (second, 1)):
                for _ in range(most):
                    await socket.subscribe("t1")
                    await socket.standing()
            await first.subscribe("t1")
            over = (await first.next())["payload"][0]["extensions"]
            assert (over["code"], over["field"]) == ("LIMIT_EXCEEDED", "subscriptions")
            await second.subscribe("t1")
            over = (await second.next())["payload"]["errors"][0]["extensions"]
            assert (over["code"], over["field"]) == ("LIMIT_EXCEEDED", "subscriptions")
        async with asyncio.timeout(10):
            # The server notices the closing a moment later, and tells nobody.
            while held.sockets or held.subscriptions:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_what_is_no_subscription_and_what_is_wrong_is_said(house: Any, door: Gate) -> None:
    async with door.socket(door.token(teacher(house))) as mine:
        await mine.subscribe("t1", 'query($t: ID!) { standing(teacher: $t, kind: "year") { verdict } }')
        told = await mine.next()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "OPERATION_UNKNOWN")
        await mine.subscribe("t1", 'subscription($t: ID!) { standingChanged(teacher: $t, kind: "year") { wrong } }')
        assert (await mine.next())["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        await mine.subscribe("t1", CHANGED.replace('"year"', '"decade"'))
        assert (await mine.next())["payload"]["errors"][0]["extensions"]["code"] == "PERIOD_UNKNOWN"


@pytest.mark.parametrize("name", ["acceptLanguage", "Accept-Language"])
async def test_a_subscriber_names_his_language_when_he_signs_in(house: Any, door: Gate, name: str) -> None:
    unknown = CHANGED.replace('"year"', '"decade"')
    said = {}
    for language in ("zh", "en"):
        async with door.socket(door.token(teacher(house)), also={name: language}) as mine:
            await mine.subscribe("t1", unknown)
            said[language] = (await mine.next())["payload"]["errors"][0]["message"]
    assert said["en"].isascii()
    assert not said["zh"].isascii()


async def test_a_gateway_that_ends_lets_its_subscribers_go(house: Any, door: Gate) -> None:
    async with door.socket(door.token(teacher(house))) as mine:
        await mine.subscribe("t1")
        await mine.standing()
        door.held.end()
        assert await mine.closed() == 1012


async def test_server_sent_events_say_the_same(house: Any, door: Gate) -> None:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {door.token(teacher(house))}"}
    body = {"query": CHANGED, "variables": {"t": "t1"}}
    url = f"http://127.0.0.1:{door.port}/graphql"
    project = (await house.project()).id
    async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
        async with http.stream("POST", url, json=body, headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "gzip" in answer.request.headers["accept-encoding"]
            assert "content-encoding" not in answer.headers, "an event would wait in the packer for the next"
            lines = answer.aiter_lines()
            assert '"credits":"0"' in await _event(lines)
            await house.register("t1", project=project, facts={"hours": "30"})
            assert '"credits":"30"' in await _event(lines)
            door.held.end()
            assert [line async for line in lines if line.startswith("event")] == ["event: complete"]
        async with http.stream("POST", url, json=body, headers={"accept": "text/event-stream"}) as refused:
            assert refused.status_code == 401


async def _event(lines: AsyncIterator[str]) -> str:
    async with asyncio.timeout(20):
        async for line in lines:
            if line.startswith("data: "):
                return line
    raise AssertionError("the stream ended")


async def test_after_the_bus_was_killed_the_subscriber_catches_up(
    own_nats: Any, own_bus: Any, tmp_path: Path, clock: Any, house_of: Any, service: Any
) -> None:
    rulebook: Rulebook = service.laws._rulebook  # the same made-up law in a service of its own
    settings = Settings(nats_url=own_nats.url, data=tmp_path / "data", keys=tmp_path / "keys")
    async with running(settings, rulebook, clock=clock) as own, gate(own_nats.url, tmp_path / "keys") as door:
        house = house_of(own, own_bus, f"k-{next(_districts)}")
        await house.bind(registry.PackBinding(pack="made", since=date(2020, 1, 1)))
        await house.employ("t1")
        project = (await house.project()).id
        async with door.socket(door.token(teacher(house))) as mine:
            await mine.subscribe("t1")
            assert (await mine.standing())["credits"] == "0"
            own_nats.restart()
            await _registered(house, project)
            assert (await mine.standing())["credits"] == "30"


async def _registered(house: Any, project: str) -> None:
    """Register with the same key until the bus carries it again."""
    command = house.training("t1", project=project, facts={"hours": "30"})
    async with asyncio.timeout(30):
        while True:
            try:
                answer = await house.call(REGISTER_TRAINING, command, 5)
            except WireFault:
                continue
            assert isinstance(answer, TrainingRegistered), answer
            return
