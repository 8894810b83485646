"""A nats-server that is killed: calls end in a fault of ours, then work again, and nothing has to be restarted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from .conftest import Sample, Told


def reconnects(*buses: Bus) -> Awaitable[Any]:
    """Done when each of these buses has reconnected once more."""

    async def one(bus: Bus) -> None:
        back = asyncio.Event()
        forget = bus.on_reconnect(back.set)
        await asyncio.wait_for(back.wait(), 20)
        forget()

    return asyncio.gather(*(one(bus) for bus in buses))


async def test_a_call_in_flight_when_the_server_is_killed_ends_in_a_fault_of_the_wire(
    own_nats: Any, own_bus: Bus
) -> None:
    inside, never = asyncio.Event(), asyncio.Event()
    sample = Sample(own_bus, "outage")

    async def hold(_district: str, _ask: Any, _deadline: Deadline) -> Told:
        inside.set()
        await never.wait()
        return Told(number=Decimal(0))

    serving = await sample.serve(hold)
    limit = Deadline.after(1.5)
    call = asyncio.create_task(own_bus.call(sample.endpoint, sample.ask(), district="puer", deadline=limit))
    await inside.wait()
    own_nats.kill()
    with pytest.raises(DeadlineExceeded):
        await call
    never.set()
    own_nats.start()
    await serving.drain()


async def test_calls_while_the_server_is_away_wait_for_it_until_their_deadline(own_nats: Any, own_bus: Bus) -> None:
    sample = Sample(own_bus, "outage")

    async def echo(_district: str, ask: Any, _deadline: Deadline) -> Told:
        return Told(number=ask.number)

    await sample.serve(echo)
    assert (await sample.call("1")).number == 1
    own_nats.kill()
    with pytest.raises((ServiceUnavailable, DeadlineExceeded)):
        await own_bus.call(sample.endpoint, sample.ask("2"), district="puer", deadline=Deadline.after(0.3))
    back = reconnects(own_bus)
    own_nats.start()
    await back
    assert (await sample.call("7")).number == 7
    await sample.close()


async def test_who_ends_while_the_server_is_away_ends_well(own_nats: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had still to send goes to a socket that is gone: uvloop says so in a way of its own."""
    bus = await Bus.connect(own_nats.url, name="ending")
    own_nats.kill()
    with pytest.raises((ServiceUnavailable, DeadlineExceeded)):
        await bus.call(
            Sample(bus, "outage").endpoint, Sample(bus, "outage").ask(), district="puer", deadline=Deadline.after(0.3)
        )
    tried: list[Any] = []

    def gone(payload: Any) -> None:
        tried.append(payload)
        raise RuntimeError("the handler is closed")

    monkeypatch.setattr(bus.nats._transport, "writelines", gone)
    await bus.nats.publish("unsent", b"x")
    await bus.close()
    assert tried
    assert bus.nats.is_closed


async def test_services_and_callers_come_back_after_repeated_kills(own_nats: Any, own_bus: Bus) -> None:
    service = await Bus.connect(own_nats.url, name="service")
    sample = Sample(own_bus, "outage")
    done: list[Decimal] = []

    async def note(_district: str, ask: Any, _deadline: Deadline) -> Told:
        done.append(ask.number)
        return Told(number=ask.number)

    await sample.serve(note, bus=service)
    for _ in range(3):
        own_nats.kill()
        back = reconnects(own_bus, service)
        own_nats.start()
        await back
        assert (await sample.call("7")).number == 7
    assert done == [7, 7, 7]
    await sample.close()
    await service.close()


async def test_more_than_the_buffer_holds_while_the_server_is_away_is_unavailable_at_once(
    own_nats: Any, own_bus: Bus
) -> None:
    sample = Sample(own_bus, "outage")
    own_nats.kill()
    with pytest.raises(DeadlineExceeded):
        await own_bus.call(sample.endpoint, sample.ask(), district="puer", deadline=Deadline.after(0.3))
    assert not own_bus.connected
    text = "x" * 500_000
    limit = Deadline.after(1)
    calls = [own_bus.call(sample.endpoint, sample.ask(text=text), district="puer", deadline=limit) for _ in range(8)]
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(end) for end in ends} == {ServiceUnavailable, DeadlineExceeded}


async def test_no_server_at_all_is_said_after_the_wait(own_nats: Any) -> None:
    own_nats.kill()
    with pytest.raises(ServiceUnavailable) as raised:
        await Bus.connect(own_nats.url, name="early", wait=0.5)
    assert raised.value.service == "nats"


async def test_a_process_that_starts_before_the_server_connects_when_it_comes(own_nats: Any) -> None:
    own_nats.kill()
    connecting = asyncio.create_task(Bus.connect(own_nats.url, name="early", wait=20))
    await asyncio.to_thread(own_nats.start)
    bus = await connecting
    assert bus.connected
    await bus.close()


async def test_a_closed_bus_answers_calls_with_a_fault_of_the_wire(nats_server: Any) -> None:
    bus = await Bus.connect(nats_server.url, name="closing")
    await bus.close()
    endpoint = Endpoint("gone", "ask", dict, Told | Refused)
    with pytest.raises(ServiceUnavailable):
        await bus.call(endpoint, {}, district="puer")


async def test_who_finds_no_server_is_told_so_also_where_the_client_loses_the_end_of_his_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Python 3.11 does where a refused try and the end of the time come at one moment: it would try for ever."""
    monkeypatch.setattr("yanxiu_wire.ending._AGAIN_SECONDS", 0.01)
    bus, lost = Bus.unconnected(), list[str]()

    async def refused(_server: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if lost:
                raise
            lost.append("the end of the time")
            raise ConnectionRefusedError from None

    monkeypatch.setattr(bus.nats, "_connect_to_server", refused)
    async with asyncio.timeout(10):
        with pytest.raises(ServiceUnavailable):
            await bus.open("nats://127.0.0.1:1", name="test", wait=0.01)
    assert lost == ["the end of the time"]


async def test_who_is_cancelled_while_he_connects_leaves_nothing_behind(own_nats: Any) -> None:
    async def connect_and_give_up() -> list[str]:
        for turns in range(40):
            bus = Bus.unconnected()
            opening = asyncio.create_task(bus.open(own_nats.url, name="test"))
            for _ in range(turns):
                await asyncio.sleep(0.0001)
            opening.cancel()
            await asyncio.wait({opening})
            if not opening.cancelled():
                await bus.close()
            assert not bus.connected
        return [str(one) for one in asyncio.all_tasks() - {asyncio.current_task()}]

    # A loop of its own: that of the tests has tasks of many others.
    assert await asyncio.to_thread(asyncio.run, connect_and_give_up()) == []
