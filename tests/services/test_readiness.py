"""A service is ready from the moment that it answers until it is told to end, and says what is missing before."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from yanxiu_cli.settings import PROGRAMS
from yanxiu_wire.rpc import Bus
from yanxiu_wire.serving import Serving
from yanxiu_wire.settings import read_settings

LAST_STAGE = ["requests"]
Probe = Callable[[], Awaitable[tuple[int, dict[str, Any]]]]


class Told:
    """What the probe answered before the first request was taken, while the process ran, and while it drained."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, heap: Any, probed: Probe) -> None:
        self.running = asyncio.Event()
        self.before = self.draining = (0, {})
        serve, drain = Bus.serve, Serving.drain

        async def served(*args: Any, **named: Any) -> Serving:
            self.before = await probed()
            return await serve(*args, **named)

        async def drained(serving: Serving) -> None:
            self.draining = await probed()
            await drain(serving)

        monkeypatch.setattr(Bus, "serve", served)
        monkeypatch.setattr(Serving, "drain", drained)
        monkeypatch.setattr(heap, "settle", self.running.set)  # the last that a process does of its start


@pytest.mark.parametrize("process", ["registry", "credits", "jobs", "visits"])
async def test_a_process_is_ready_once_it_answers_and_not_while_it_drains(
    own_nats: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    service = PROGRAMS.get(process, process)
    main = importlib.import_module(f"yanxiu_{service}.__main__")
    kind = importlib.import_module(f"yanxiu_{service}.settings").Settings
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"YANXIU_NATS_URL": own_nats.url, "YANXIU_METRICS_PORT": str(port), "YANXIU_FENCE": "false"}
    given |= {"YANXIU_DATA": str(tmp_path / "data"), "YANXIU_KEYS": str(tmp_path / "keys")}

    async def probed() -> tuple[int, dict[str, Any]]:
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"http://127.0.0.1:{port}/ready")
        return answer.status_code, msgspec.json.decode(answer.content)

    told = Told(monkeypatch, main.heap, probed)
    alone = {"jobs_alone": True} if process == "jobs" else {}
    running = asyncio.create_task(main.run(read_settings(kind, given), **alone))
    started = asyncio.create_task(told.running.wait())
    try:
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        while_running = await probed()
        os.kill(os.getpid(), signal.SIGTERM)
        await running
    finally:
        started.cancel()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)
    assert told.before == (503, {"status": "unready", "waiting_for": LAST_STAGE})
    assert while_running == (200, {"status": "ready", "waiting_for": []})
    assert told.draining == (503, {"status": "draining", "waiting_for": []})
