"""`yanxiu dead-letters` over a real bus: letters of the visits service, from the list to a reason for dropping one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from yanxiu_cli.__main__ import run
from yanxiu_wire.dead_letters import LIST_DEAD_LETTERS_OF_VISITS, ListDeadLetters
from yanxiu_wire.events import MESSAGE_ID
from yanxiu_wire.researcher import RESEARCHER_CHANGED


async def open_letters(house: Any) -> int:
    query = ListDeadLetters(caller=house.caller("platform-operator"))
    return (await house.call(LIST_DEAD_LETTERS_OF_VISITS, query)).total


async def test_letters_are_listed_shown_tried_again_and_dropped(
    quick_house: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    house = quick_house
    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    odd = f"odd-{house.district}"
    with capture_logs():
        await house.bus.jetstream.publish(
            RESEARCHER_CHANGED.subject(house.district), b'{"researcher":7}', headers={MESSAGE_ID: odd}
        )
        async with asyncio.timeout(15):
            while not await open_letters(house):  # noqa: ASYNC110  putting aside has no event
                await asyncio.sleep(0.02)

    async def said(*words: str, code: int = 0) -> str:
        given = ["dead-letters", *words, "--district", house.district, "--service", "visits"]
        assert await asyncio.to_thread(run, given) == code
        told = capsys.readouterr()
        return told.out + told.err

    listed = await said("list")
    assert all(word in listed for word in (odd, "visits-registry", "researcher-changed", "open", "1 letters"))
    assert '{"researcher":7}' in await said("show", odd)
    assert "0 applied, 1 still not" in await said("replay", odd, code=1)
    assert "0 applied, 1 still not" in await said("replay", "--all-of", "visits-registry", code=1)
    assert "没有死信 nothing" in await said("show", "nothing", code=1)
    assert "1 dropped" in await said("drop", odd, "--reason", "测试用的坏消息")
    assert "0 letters" in await said("list")
    assert "测试用的坏消息" in await said("show", odd)
    assert "已丢弃" in await said("replay", odd, code=1)
