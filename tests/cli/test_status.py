"""`yanxiu status`: what answers is listed, what does not is named, and the exit code says which it is."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from yanxiu_cli.__main__ import run
from yanxiu_cli.platform_state import EXPECTED, State, Trouble, look, troubles
from yanxiu_wire.rpc import Bus
from yanxiu_wire.vitals import ConsumerVitals, DistrictVitals, LedgerVitals, Vitals, in_metadata, of_metadata

from tests.conftest import NatsServer

WHOLE = Vitals(
    build="1.2.3",
    measured_at=datetime(2026, 11, 22, tzinfo=UTC),
    packs={"puer": "2023.1"},
    districts={
        "puer": DistrictVitals(
            waiting=3,
            oldest_seconds=9,
            job_parts=2,
            ledger=LedgerVitals(entries=12, signed_entries=10, signed_on=date(2026, 11, 22)),
        )
    },
    consumers={"credits-registry": ConsumerVitals(waiting=1, unacknowledged=0)},
    circuits={"credits": "closed"},
    figures={"sockets": 4},
)
TODAY = date(2026, 11, 22)


def signed_on(day: date) -> Vitals:
    """All is well, also where the command looks at the day it is."""
    puer = WHOLE.districts["puer"]
    assert puer.ledger is not None
    return replace(WHOLE, districts={"puer": replace(puer, ledger=replace(puer.ledger, signed_on=day))})


class Made:
    """Processes that only tell how they are."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.today = datetime.now(UTC).date()
        self.vitals = signed_on(self.today)
        self._stack = AsyncExitStack()

    async def serve(self, *services: str) -> None:
        for service in services:
            serving = await self.bus.serve(service, "1.2.3", {})
            serving.tell(lambda: self.vitals)
            self._stack.push_async_callback(serving.drain)

    async def stop(self) -> None:
        await self._stack.aclose()


async def said(own_nats: NatsServer, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setenv("YANXIU_NATS_URL", own_nats.url)
    return await asyncio.to_thread(run, ["status", *words])


async def test_what_answers_is_shown_and_what_does_not_is_down(
    own_nats: NatsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bus = await Bus.connect(own_nats.url, name="made")
    made = Made(bus)
    try:
        await made.serve(*EXPECTED, "credits")
        assert await said(own_nats, monkeypatch) == 0
        shown = capsys.readouterr().out
        assert shown.count("\ncredits ") == 2
        for word in ("puer 2023.1", f"{made.today}: 10", "sockets 4", "一切正常 all well", "nats-server 2."):
            assert word in shown, word
        await made.stop()
        await made.serve("registry", "credits", "visits")
        assert await said(own_nats, monkeypatch, "--json") == 1
        told = json.loads(capsys.readouterr().out)
        assert [one["service"] for one in told["instances"]] == ["credits", "registry", "visits"]
        assert [one["en"] for one in told["troubles"]] == ["gateway does not answer"]
    finally:
        await made.stop()
        await bus.close()


async def test_without_a_platform_it_says_so(
    own_nats: NatsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_nats.kill()
    monkeypatch.setattr("yanxiu_cli.session.CONNECT_WITHIN", 0.3)
    assert await said(own_nats, monkeypatch) == 1
    assert "平台没有应答" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--watch", "0.1"), ("--watch", "2", "--json")])
def test_a_refresh_that_makes_no_sense_is_refused(words: tuple[str, ...]) -> None:
    assert run(["status", *words]) == 2


def ill(**changed: object) -> list[Trouble]:
    """The troubles of a platform whose credits process differs in that."""
    from yanxiu_cli.platform_state import Instance

    def process(service: str, vitals: Vitals | None) -> Instance:
        named = {"service": service, "id": service, "started": "", "vitals": vitals}
        return Instance(requests=0, errors=0, average_us=0, running=0, waiting=0, **named)  # type: ignore[arg-type]

    others = [process(service, WHOLE) for service in EXPECTED if service != "credits"]
    return list(troubles((*others, process("credits", replace(WHOLE, **changed))), TODAY))


def district(**given: object) -> dict[str, DistrictVitals]:
    return {"puer": DistrictVitals(**given)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "words", "down"),
    [
        ({}, "", False),
        ({"districts": district(dead_letters=2)}, "2 dead letters", False),
        ({"districts": district(stream_behind=True)}, "the stream lacks", False),
        ({"districts": district(stream_behind=None)}, "", False),
        ({"districts": district(ledger=LedgerVitals(entries=1, closed=True))}, "ledger is closed", True),
        (
            {"districts": district(ledger=LedgerVitals(entries=1, signed_on=date(2026, 11, 20)))},
            "since 2026-11-20",
            False,
        ),
        ({"districts": district(ledger=LedgerVitals(entries=1, signed_on=date(2026, 11, 21)))}, "", False),
        ({"circuits": {"visits": "open"}}, "circuit to visits is open", True),
        ({"problem": "puer: OSError"}, "could not measure", False),
        ({"build": "1.2.4"}, "several versions run: 1.2.3, 1.2.4", False),
    ],
)
def test_what_needs_a_look_is_named_and_what_is_down_is_worse(
    changed: dict[str, object], words: str, down: bool
) -> None:
    found = ill(**changed)
    if not words:
        assert found == []
        return
    assert [one.down for one in found] == [down]
    assert words in found[0].en
    state = State(at=WHOLE.measured_at, server="2", instances=(), streams=(), troubles=tuple(found))
    assert state.code == (1 if down else 3)


async def test_streams_are_listed_with_those_who_read_them(own_nats: NatsServer) -> None:
    from nats.js import api

    bus = await Bus.connect(own_nats.url, name="made")
    try:
        await bus.jetstream.add_stream(name="MADE", subjects=["made.>"])
        await bus.jetstream.add_consumer("MADE", api.ConsumerConfig(durable_name="reader"))
        await bus.jetstream.publish("made.one", b"x")
        (stream,) = (await look(bus)).streams or ()
        assert (stream.name, stream.messages, stream.newest) == ("MADE", 1, 1)
        assert [(one.name, one.waiting, one.in_hand) for one in stream.consumers] == [("reader", 1, 0)]
    finally:
        await bus.close()


def test_vitals_survive_the_way_and_those_of_another_version_are_passed_over() -> None:
    assert of_metadata(in_metadata(WHOLE)) == WHOLE
    assert of_metadata({"vitals": '{"build": 7}'}) is None
    assert of_metadata(None) is None
