"""Replies come to who asked, each under a secret of its own; one that is late or forged comes to nobody."""

from __future__ import annotations

import asyncio

import pytest
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from yanxiu_wire.replies import Replies
from yanxiu_wire.rpc import Bus

SUBJECT = "test.replies"


async def test_each_of_many_gets_his_own_reply_under_a_secret_of_his_own(bus: Bus) -> None:
    subjects: list[str] = []

    async def echo(message: Msg) -> None:
        subjects.append(message.reply)
        await message.respond(message.data)

    answering = await bus.nats.subscribe(SUBJECT, cb=echo)
    replies = Replies(bus.nats)
    found = await asyncio.gather(*(replies.request(SUBJECT, b"%d" % n, seconds=5, headers={}) for n in range(600)))
    await answering.unsubscribe()
    assert [int(one.data) for one in found] == list(range(600))
    secrets = {one.rpartition(".")[2][:24] for one in subjects}
    assert len(secrets) == 600


async def test_a_late_reply_is_nobodys_and_the_next_request_is_not_given_it(bus: Bus) -> None:
    came: list[Msg] = []
    both = asyncio.Event()

    async def slow(message: Msg) -> None:
        came.append(message)
        if len(came) == 2:
            both.set()

    answering = await bus.nats.subscribe(SUBJECT, cb=slow)
    replies = Replies(bus.nats)
    with pytest.raises(TimeoutError):
        await replies.request(SUBJECT, b"first", seconds=0.05, headers={})
    second = asyncio.ensure_future(replies.request(SUBJECT, b"second", seconds=5, headers={}))
    async with asyncio.timeout(5):
        await both.wait()
    await came[0].respond(b"late")
    await bus.flush()
    await came[1].respond(b"right")
    assert (await second).data == b"right"
    await answering.unsubscribe()


async def test_who_asks_where_nobody_answers_is_told_at_once(bus: Bus) -> None:
    with pytest.raises(NoRespondersError):
        await Replies(bus.nats).request("test.nobody", b"", seconds=5, headers={})
