"""A bundle goes from the gateway's credential to the service's own, and comes back in as many messages as it needs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from yanxiu_wire import credits as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.rounds import Round

from tests.conftest import NatsServer
from tests.guard import Guard

CALLER = Caller(subject="synthetic", role="district-officer", district="puer")


async def test_a_bundle_is_asked_and_answered_with_the_rights_of_each(tmp_path: Path) -> None:
    guard = Guard(tmp_path)
    server = NatsServer(tmp_path, fsync=False, guard=guard)
    try:
        gateway, asked = await guard.connect(server.url, "gateway"), await guard.connect(server.url, "credits")

        async def long(_district: str, _request: Any, _deadline: Deadline) -> wire.ProjectPage:
            return wire.ProjectPage(items=(), cursors=("x" * 700_000,), has_next=False, total=0)

        serving = await asked.serve("credits", "1.0.0", {wire.LIST_PROJECTS: long})
        its = Round(gateway)
        queries = [wire.ListProjects(caller=CALLER, search=str(number)) for number in range(4)]
        found = await asyncio.gather(
            *(gateway.call(wire.LIST_PROJECTS, one, district="puer", carry=its.carry) for one in queries)
        )
        assert [len(one.cursors[0]) for one in found] == [700_000] * 4, "each in a message of its own"
        assert not gateway.denials.of("publish", "yanxiu.v1.credits.bundle.puer")
        assert not asked.denials.subjects
        await serving.drain()
        await gateway.close()
        await asked.close()
    finally:
        server.stop()
