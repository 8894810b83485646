"""A subscriber who comes back with his cursor, over both transports and to another gateway: told what changed, once."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import CREDIT_RECOGNISED
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import newest_message_id

from tests.services.credits.standings.live import CHANGED, Gate, gate


def teacher(house: Any, name: str = "t1") -> Caller:
    return house.caller("teacher", teacher=name)


async def seen(door: Gate, token: str, whose: str = "t1") -> tuple[Any, str]:
    """The state and the cursor of one who looks and goes."""
    async with door.socket(token) as first:
        await first.subscribe(whose)
        shown, also = await first.pushed()
        assert set(also) == {"cursor"}
        return shown, also["cursor"]


async def test_who_comes_back_is_told_at_once_what_changed_and_nothing_twice(
    house: Any, nats_server: Any, bus: Bus, tmp_path: Path
) -> None:
    project = (await house.project()).id
    keys = tmp_path / "keys"
    async with gate(nats_server.url, keys) as door:
        token = door.token(teacher(house))
        shown, cursor = await seen(door, token)
        assert shown["credits"] == "0"
        async with door.socket(token) as back:
            await back.subscribe("t1", cursor=cursor)
            await back.quiet()
            # Another's registration is announced in the district, and is none of his.
            await house.register("t2", project=project, facts={"hours": "10"})
            await back.quiet()
            await house.register("t1", project=project, facts={"hours": "30"})
            now, also = await back.pushed()
            assert (now["credits"], also["resumed"]) == ("30", True)
            latest = also["cursor"]
        await announced(bus, house.district)
    # Another gateway, or the same after a restart: nothing was kept for him.
    async with gate(nats_server.url, keys) as door:
        async with door.socket(token) as back:
            await back.subscribe("t1", cursor=latest)
            await back.subscribe("t1", cursor=cursor)
            now, also = await back.pushed()
            assert (now["credits"], also["resumed"]) == ("30", True)
            await back.quiet()
        await house.register("t1", facts={"hours": "42"})
        async with door.socket(token) as late:
            await late.subscribe("t1", cursor=latest)
            now, also = await late.pushed()
            assert (now["verdict"], also["resumed"]) == ("PASS", True)


async def test_a_cursor_of_another_question_or_caller_gets_the_state_anew_and_is_told_so(
    house: Any, nats_server: Any, tmp_path: Path
) -> None:
    async with gate(nats_server.url, tmp_path / "keys") as door:
        token = door.token(teacher(house))
        _, cursor = await seen(door, token)
        leader = door.token(house.caller("school-leader", school="school-1"))
        stranger = door.token(house.caller("school-leader", school="school-8"))
        async with door.socket(leader) as other, door.socket(token) as mine, door.socket(stranger) as far:
            await other.subscribe("t1", cursor=cursor)
            assert (await other.pushed())[1]["resumed"] is False
            for bad in ("", "AAAA", 7, {"cursor": cursor}, cursor[:-4], cursor * 9):
                await mine.subscribe("t1", cursor=bad)
                assert (await mine.pushed())[1]["resumed"] is False
            await far.subscribe("t1", cursor=cursor)
            assert (await far.pushed())[0] is None
            assert (await far.next())["type"] == "complete"


async def test_an_event_source_resumes_with_the_id_of_its_last_event(
    house: Any, nats_server: Any, tmp_path: Path
) -> None:
    project = (await house.project()).id
    async with gate(nats_server.url, tmp_path / "keys") as door:
        token = door.token(teacher(house))
        async with events(door, token) as heard:
            cursor, told = await anext(heard)
            assert told["extensions"] == {"cursor": cursor}
        await house.register("t1", project=project, facts={"hours": "30"})
        async with events(door, token, {"last-event-id": cursor}) as heard:
            latest, told = await anext(heard)
            assert told["data"]["standingChanged"]["credits"] == "30"
            assert told["extensions"] == {"cursor": latest, "resumed": True}
        async with events(door, token, {"last-event-id": latest}) as heard:
            waiting = asyncio.ensure_future(anext(heard))
            await house.register("t1", facts={"hours": "42"})
            _, told = await waiting
            assert told["data"]["standingChanged"]["verdict"] == "PASS"


@contextlib.asynccontextmanager
async def events(door: Gate, token: str, also: Any = None) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """Ids and payloads of a stream of events."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}", **(also or {})}
    body = {"query": CHANGED, "variables": {"t": "t1"}}
    url = f"http://127.0.0.1:{door.port}/graphql"
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=20) as http,
        http.stream("POST", url, json=body, headers=headers) as answer,
    ):
        lines = answer.aiter_lines()

        async def read() -> AsyncIterator[tuple[str, Any]]:
            name = ""
            async for line in lines:
                if line.startswith("id: "):
                    name = line.removeprefix("id: ")
                elif line.startswith("data: {"):
                    yield name, json.loads(line.removeprefix("data: "))

        yield read()


async def announced(bus: Bus, district: str) -> None:
    """Return when the stream holds what was registered: it is announced a moment after the command is answered."""
    async with asyncio.timeout(20):
        # Nobody tells when the outbox has been emptied.
        while not await newest_message_id(bus, CREDIT_RECOGNISED, district):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_newest_announcement_is_known_from_the_stream_or_not_at_all(house: Any, bus: Bus) -> None:
    assert await newest_message_id(bus, CREDIT_RECOGNISED, house.district) == ""
    await house.register("t1", facts={"hours": "30"})
    await announced(bus, house.district)
    assert await newest_message_id(bus, CREDIT_RECOGNISED, house.district)
    assert await newest_message_id(bus, CREDIT_RECOGNISED, "none-of-ours") == ""
