"""The process: it says when it is ready, answers everything it accepted, and lives through a lost nats-server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_durable.migrate import differences
from yanxiu_registry.__main__ import CANNOT_START, MIGRATIONS
from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.vault import KEY_FILE
from yanxiu_wire import registry as wire
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, WireFault
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import Client, caller, fresh_key, open_district


class Process:
    """`python -m yanxiu_registry` with its log."""

    def __init__(self, nats_url: str, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "YANXIU_NATS_URL": nats_url,
            "YANXIU_DATA": str(folder / "data"),
            "YANXIU_KEYS": str(folder / "keys"),
            "YANXIU_PACKS": "puer",
        }
        self.lines: list[dict[str, Any]] = []
        self.running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and read the log until it says ready or ends."""
        command = (sys.executable, "-m", "yanxiu_registry")
        self.running = await asyncio.create_subprocess_exec(
            *command, env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        await self.until("ready")

    async def until(self, event: str) -> None:
        """Read the log until a line names the event, or the log ends."""
        assert self.running is not None
        assert self.running.stderr is not None
        async with asyncio.timeout(30):
            while line := await self.running.stderr.readline():
                self.lines.append(json.loads(line))
                if self.lines[-1]["event"] == event:
                    return

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.running is not None
        self.running.send_signal(number)
        await self.until("-")
        return await self.running.wait()

    @property
    def said(self) -> list[str]:
        return [line["event"] for line in self.lines]


@contextlib.asynccontextmanager
async def started(nats_url: str, folder: Path) -> AsyncIterator[Process]:
    process = Process(nats_url, folder)
    await process.start()
    try:
        yield process
    finally:
        assert process.running is not None
        if process.running.returncode is None:
            await process.end(signal.SIGKILL)


def school(number: int) -> dict[str, Any]:
    given = {"name": f"第{number}小学", "stage": "primary", "location": "rural", "opened_on": date(2001, 9, 1)}
    return {"code": f"{number:04}", **given}


async def insist(client: Client, number: int, key: str, serving: asyncio.Event) -> wire.School:
    """Ask with the same key while the service is there until it answers; what was asked of a killed one times out."""
    command = wire.CreateSchool(caller=client.who, key=key, **school(number))
    async with asyncio.timeout(60):
        while True:
            await serving.wait()
            try:
                answer = await client.bus.call(
                    wire.CREATE_SCHOOL, command, district=client.district, deadline=Deadline.after(2)
                )
            except WireFault:
                continue
            assert isinstance(answer, wire.School), answer
            return answer


async def codes_of(client: Client) -> list[str]:
    return [one.code for one in (await client.ask(wire.LIST_SCHOOLS, page=wire.Page(first=500))).items]


async def test_sigterm_answers_everything_that_was_accepted(own_nats: Any, own_bus: Bus, tmp_path: Path) -> None:
    async with started(own_nats.url, tmp_path) as process:
        ready = process.lines[-1]
        assert (ready["event"], ready["service"], ready["packs"]) == ("ready", "registry", ["puer"])
        officer = await open_district(own_bus, "puer")
        calls = [asyncio.create_task(officer.ask(wire.CREATE_SCHOOL, **school(number))) for number in range(60)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        assert await process.end(signal.SIGTERM) == 0
        assert process.said[-1] == "stopped"
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert not [one for one in answers if isinstance(one, DeadlineExceeded)], "nobody is left waiting"
    async with started(own_nats.url, tmp_path):
        done = [one.code for one in answers if isinstance(one, wire.School)]
        assert done, "some were accepted before the signal"
        assert not [one for one in answers if isinstance(one, Refused)]
        assert await codes_of(officer) == sorted(done), "what was answered is there, and nothing else"


async def test_a_process_that_stood_still_past_the_deadline_writes_nothing_late_and_the_same_key_succeeds_after(
    own_nats: Any, own_bus: Bus, tmp_path: Path
) -> None:
    async with started(own_nats.url, tmp_path) as process:
        officer = await open_district(own_bus, "puer")
        assert process.running is not None
        commands = [wire.CreateSchool(caller=officer.who, key=fresh_key(), **school(number)) for number in range(50)]
        process.running.send_signal(signal.SIGSTOP)
        late = [
            own_bus.call(wire.CREATE_SCHOOL, one, district=officer.district, deadline=Deadline.after(0.3))
            for one in commands
        ]
        told = await asyncio.gather(*late, return_exceptions=True)
        assert {type(one) for one in told} == {DeadlineExceeded}
        process.running.send_signal(signal.SIGCONT)
        # Behind the fifty in the process's own order: when it is answered, they have been.
        again = await own_bus.call(wire.CREATE_SCHOOL, commands[7], district=officer.district)
        assert isinstance(again, wire.School)
        assert await codes_of(officer) == [again.code], "0 of 50 written after their callers were told"


async def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled(
    own_nats: Any, own_bus: Bus, tmp_path: Path
) -> None:
    serving = asyncio.Event()
    async with started(own_nats.url, tmp_path) as process:
        officer = await open_district(own_bus, "puer")
        for kill in range(3):
            serving.set()
            numbers = range(kill * 20, kill * 20 + 20)
            calls = [asyncio.create_task(insist(officer, number, fresh_key(), serving)) for number in numbers]
            await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            serving.clear()
            if kill == 1:
                back = asyncio.Event()
                own_bus.on_reconnect(back.set)
                await asyncio.to_thread(own_nats.restart)
                await asyncio.gather(process.until("nats-reconnected"), back.wait())
            else:
                await process.end(signal.SIGKILL)
                await process.start()
            serving.set()
            await asyncio.gather(*calls)
        assert await codes_of(officer) == [f"{number:04}" for number in range(60)]


async def test_without_its_key_it_ends_with_one_clear_line(own_nats: Any, own_bus: Bus, tmp_path: Path) -> None:
    async with started(own_nats.url, tmp_path) as process:
        await open_district(own_bus, "puer")
        await process.end(signal.SIGTERM)
    (tmp_path / "keys" / KEY_FILE).unlink()
    async with started(own_nats.url, tmp_path) as process:
        assert process.running is not None
        assert await process.running.wait() == CANNOT_START
        (line,) = process.lines
        assert line["event"] == "cannot-start"
        assert KEY_FILE in line["problem"]


async def test_a_missing_setting_is_named(own_nats: Any, tmp_path: Path) -> None:
    process = Process(own_nats.url, tmp_path)
    del process.environment["YANXIU_KEYS"]
    await process.start()
    assert process.running is not None
    assert await process.running.wait() == CANNOT_START
    assert "YANXIU_KEYS" in process.lines[-1]["problem"]


async def test_the_health_of_every_endpoint_is_told(registry: Any, bus: Bus) -> None:
    answer = await bus.nats.request("$SRV.STATS.registry", b"", timeout=5)
    told = json.loads(answer.data)
    assert {one["name"] for one in told["endpoints"]} == {endpoint.verb for endpoint in endpoints_of(wire.SERVICE)}
    client = Client(bus, "nowhere", caller())
    assert isinstance(await client.ask(wire.GET_DISTRICT), Refused)


def test_the_migrations_make_the_tables_that_the_code_knows() -> None:
    assert differences(METADATA, MIGRATIONS) == []


def test_every_key_begins_with_the_district() -> None:
    for table in METADATA.sorted_tables:
        assert next(iter(table.primary_key.columns)).name == "district", table.name


@pytest.mark.parametrize("table", [one.name for one in METADATA.sorted_tables])
def test_every_index_and_foreign_key_begins_with_the_district(table: str) -> None:
    found = METADATA.tables[table]
    for index in found.indexes:
        assert list(index.columns)[0].name == "district"  # noqa: RUF015 - a column collection has no next
    for key in found.foreign_key_constraints:
        assert key.column_keys[0] == "district"
