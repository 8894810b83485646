"""The visits process: nothing to call yet, but it is there, it says so, and it ends when told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import Any

from yanxiu_visits.__main__ import running
from yanxiu_visits.settings import Settings
from yanxiu_wire.rpc import Bus


async def test_it_answers_ping_info_and_stats_with_no_endpoints(nats_server: Any, bus: Bus) -> None:
    async with running(Settings(nats_url=nats_server.url)):
        for verb, kind in (("PING", "ping"), ("INFO", "info"), ("STATS", "stats")):
            answer = json.loads((await bus.nats.request(f"$SRV.{verb}.visits", b"", timeout=5)).data)
            assert (answer["name"], answer["type"]) == ("visits", f"io.nats.micro.v1.{kind}_response")
            assert answer.get("endpoints", []) == []


async def test_the_process_says_ready_and_ends_on_sigterm(own_nats: Any) -> None:
    environment = {**os.environ, "YANXIU_NATS_URL": own_nats.url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yanxiu_visits", env=environment, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async with asyncio.timeout(30):
        first = json.loads(await process.stderr.readline())
        assert (first["event"], first["service"]) == ("ready", "visits")
        process.send_signal(signal.SIGTERM)
        rest = [json.loads(line)["event"] async for line in process.stderr]
        assert await process.wait() == 0
    assert rest[0] == "draining"
    assert rest[-1] == "stopped"
