"""The visits process: it answers under `$SRV`, says when it is ready, and ends when told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from yanxiu_visits.endpoints import TABLE


async def test_it_answers_ping_info_and_stats_and_names_its_endpoints(quick_visits: Any) -> None:
    for verb, kind in (("PING", "ping"), ("INFO", "info"), ("STATS", "stats")):
        answer = json.loads((await quick_visits.bus.nats.request(f"$SRV.{verb}.visits", b"", timeout=5)).data)
        assert (answer["name"], answer["type"]) == ("visits", f"io.nats.micro.v1.{kind}_response")
    assert len(answer["endpoints"]) == len(TABLE)


async def test_the_process_says_ready_and_ends_on_sigterm(own_nats: Any, tmp_path: Path) -> None:
    environment = {**os.environ, "YANXIU_NATS_URL": own_nats.url, "YANXIU_DATA": str(tmp_path / "data")}
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


async def test_a_process_without_its_setting_names_it(own_nats: Any) -> None:
    environment = {"PATH": os.environ["PATH"], "YANXIU_NATS_URL": own_nats.url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yanxiu_visits", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, told = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 78
    assert "YANXIU_DATA" in json.loads(told.splitlines()[-1])["problem"]
