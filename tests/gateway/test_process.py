"""The gateway as a process: its probes, and an end that answers what it has accepted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import registry
from yanxiu_wire.caller import Caller
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.rpc import Bus

from tests.gateway.world import World

OFFICER = Caller(subject="synthetic", role="institute-officer", district="puer")
SECONDS = 60.0


class Process:
    """A gateway process of the test's own."""

    def __init__(self, nats_url: str, keys: Path, log: Path, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = os.environ | {
            "YANXIU_NATS_URL": nats_url,
            "YANXIU_KEYS": str(keys),
            "YANXIU_HTTP_PORT": str(port),
            **settings,
        }
        self.log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yanxiu_gateway"], env=environment, stdout=stream, stderr=stream
            )
        self.http = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS)

    async def status(self, path: str, *wanted: int) -> dict[str, Any]:
        """The body of a probe once it answers with a wanted status; the port opens without telling anybody."""
        until = time.monotonic() + SECONDS
        while True:
            assert self.process.poll() is None, self.log.read_text()
            try:
                answer = await self.http.get(path)
                if answer.status_code in wanted:
                    return answer.json()
            except httpx2.TransportError:
                pass
            assert time.monotonic() < until, self.logs()
            await asyncio.sleep(0.02)

    def logs(self) -> str:
        """The ends of all logs in the process's folder."""
        return "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in self.log.parent.glob("*.log"))

    async def ended(self) -> int:
        return await asyncio.to_thread(self.process.wait, SECONDS)


@pytest.fixture
async def process(own_nats: Any, keys: Path, tmp_path: Path) -> AsyncIterator[Process]:
    DevelopmentIssuer.open(keys)
    started = Process(own_nats.url, keys, tmp_path / "gateway.log", YANXIU_DRAIN_SECONDS="0.3")
    async with started.http:
        yield started
    started.process.kill()
    started.process.wait()


def handlers(world: World, module: Any) -> dict[Any, Any]:
    return {
        one: world.handle(one) for one in endpoints_of(module.SERVICE) if hasattr(world, one.verb.replace("-", "_"))
    }


async def test_the_gateway_lives_at_once_and_is_ready_when_every_service_has_answered(
    process: Process, own_bus: Bus, world: World
) -> None:
    assert await process.status("/live", 200) == {"status": "live"}
    unready = await process.status("/ready", 503)
    assert unready == {
        "status": "unready",
        "parts": {"nats": "ok", "keys": "ok", "registry": "down", "credits": "down", "visits": "down"},
        "circuits": {},
    }
    serving = await own_bus.serve("registry", "1.0.0", handlers(world, registry))
    third = await own_bus.serve("visits", "1.0.0", {})
    second = await own_bus.serve("credits", "1.0.0", handlers(world, wire_credits))
    assert (await process.status("/ready", 200))["status"] == "ready"
    await second.drain()
    degraded = await process.status("/ready", 200)
    assert (degraded["status"], degraded["parts"]["credits"]) == ("degraded", "down")
    await serving.drain()
    await third.drain()


async def test_on_sigterm_it_says_so_answers_what_it_accepted_and_ends(
    process: Process, own_bus: Bus, world: World, keys: Path
) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()
    answer = world.handle(registry.GET_DISTRICT)

    async def held(district: str, request: Any, deadline: Any) -> Any:
        asked.set()
        await may_answer.wait()
        return await answer(district, request, deadline)

    serving = await own_bus.serve("registry", "1.0.0", {**handlers(world, registry), registry.GET_DISTRICT: held})
    third = await own_bus.serve("visits", "1.0.0", {})
    second = await own_bus.serve("credits", "1.0.0", handlers(world, wire_credits))
    await process.status("/ready", 200)
    token = DevelopmentIssuer.open(keys).issue(OFFICER)
    request = asyncio.create_task(
        process.http.post(
            "/graphql", json={"query": "{ district { code } }"}, headers={"authorization": f"Bearer {token}"}
        )
    )
    await asked.wait()
    process.process.send_signal(signal.SIGTERM)
    assert (await process.status("/ready", 503))["status"] == "draining"
    may_answer.set()
    assert (await request).json()["data"] == {"district": {"code": "puer"}}
    assert await process.ended() == 0
    lines = [json.loads(line) for line in process.log.read_text().splitlines()]
    assert [line["event"] for line in lines if line["event"].startswith("gateway-")] == [
        "gateway-starts",
        "gateway-stopped",
    ]
    assert all(line["service"] == "gateway" for line in lines)
    await serving.drain()
    await third.drain()
    await second.drain()


@pytest.mark.parametrize(("name", "value"), [("YANXIU_KEYS", ""), ("YANXIU_HTTP_PORT", "many")])
def test_a_wrong_setting_is_named_and_nothing_starts(tmp_path: Path, name: str, value: str) -> None:
    environment = os.environ | {"YANXIU_KEYS": str(tmp_path), name: value}
    done = subprocess.run(
        [sys.executable, "-m", "yanxiu_gateway"], env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 2
    assert name in json.loads(done.stderr.splitlines()[-1])["problem"]
