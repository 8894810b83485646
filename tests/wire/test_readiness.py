"""What a process says of itself to whoever probes it: not ready before its last stage, nor after its end began."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx2
import pytest
from yanxiu_wire.metrics import offer_metrics
from yanxiu_wire.observing import ObservingSettings
from yanxiu_wire.readiness import SILENT_SECONDS, Readiness


def test_a_process_is_ready_after_its_last_stage_while_what_it_needs_holds_and_until_it_drains() -> None:
    held = [True]
    readiness = Readiness("databases", "requests")
    readiness.needs("nats", lambda: held[0])
    status, told = readiness.ready()
    assert (status, told.status, told.waiting_for) == (503, "unready", ("databases", "requests"))
    readiness.reached("requests")
    assert readiness.ready()[1].waiting_for == ("databases",)
    readiness.reached("databases")
    assert readiness.ready()[0] == 200
    held[0] = False
    assert readiness.ready()[1].waiting_for == ("nats",)
    held[0] = True
    readiness.drain()
    status, told = readiness.ready()
    assert (status, told.status) == (503, "draining")
    with pytest.raises(ValueError, match="databases, requests"):
        readiness.reached("misspelt")


async def test_a_loop_that_stands_still_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness = Readiness()
    later = time.monotonic() + SILENT_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert readiness.live()[0] == 503
    async with readiness.beating():
        await asyncio.sleep(0)
        assert readiness.live()[0] == 200


async def test_the_port_of_the_metrics_answers_both_probes_while_the_loop_is_busy() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    readiness = Readiness("requests")
    offer_metrics("made-up", ObservingSettings(nats_url="nats://nowhere", metrics_port=port), readiness)

    def asked(path: str) -> tuple[int, str]:
        with httpx2.Client(trust_env=False) as http:
            answer = http.get(f"http://127.0.0.1:{port}{path}")
        return answer.status_code, answer.text

    # From this thread: nothing of the loop may be needed.
    assert asked("/ready") == (503, '{"status":"unready","waiting_for":["requests"]}')
    readiness.reached("requests")
    assert asked("/ready") == (200, '{"status":"ready","waiting_for":[]}')
    assert asked("/live")[0] == 200
    status, metrics = asked("/metrics")
    assert status == 200
    assert 'yanxiu_build_info{service="made-up"' in metrics
