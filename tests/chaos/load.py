"""Registrations by several workers at once, each sent again until it is acknowledged; every answer is kept."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_gateway.schema.nodes import plain_id

from tests.chaos.promises import Broken
from tests.slices.district import NETWORK, District
from tests.slices.platform import LATE, NoAnswer, chance

WORKERS = 16
NEWCOMERS = 12
SENT_TWICE = 0.1
# Clients that are wrong: the same training under another key, and another training under the same key.
WRONGED = 0.04
FIELDS = "record { id entry credits } replayed"


class Acknowledged(msgspec.Struct, frozen=True):
    """What the client was told of one command: the record, its place in the ledger, its credits, its teacher."""

    record: str
    entry: int
    credits: Decimal
    teacher: str


class Load:
    """Idempotent registrations, a tenth of them sent twice at once; `answers` by the command's key.

    `calls` divides evenly among the teachers: each course has every teacher once, as the law counts it once. Not more
    than `rate` are sent a second, and none after `seconds`.
    """

    def __init__(
        self, district: District, calls: int, teachers: int, seed: int, *, rate: float = math.inf,
        seconds: float = math.inf,
    ) -> None:  # fmt: skip
        assert calls % teachers == 0
        self.district = district
        self.calls = calls
        self.teachers: list[str] = []
        # Entered while faults came: of these above all a follower may not have heard.
        self.newcomers: list[str] = []
        self.answers: dict[str, Acknowledged] = {}
        self.told: Callable[[], None] = lambda: None
        # The longest that one command took from its first try to its answer, in seconds.
        self.slowest = 0.0
        self._many = teachers
        self._pace = WORKERS / rate
        self._projects: list[str] = []
        # Of whoever looks whether a late-comer can be registered by now.
        self._scouted = ""
        self._choice = chance(seed)
        self._waiting: list[tuple[int, asyncio.Event]] = []
        self._numbers = iter(range(calls))
        self._late = itertools.count()
        # So many were sent, which is all of them unless the time was over before.
        self.sent = 0
        self._until = time.monotonic() + seconds
        self._ended = asyncio.Event()

    async def prepare(self) -> None:
        """Open the district with its teachers and courses."""
        await self.district.open()
        self.teachers += await _in_turn(lambda number: self.district.hire(f"T{number}"), self._many)
        self._scouted = await self.district.project(**NETWORK, hoursPlanned="7")
        courses = self.calls // self._many
        self._projects += await _in_turn(
            lambda number: self.district.project(**NETWORK, hoursPlanned=str(1 + number % 200)), courses
        )

    async def run(self) -> None:
        """Send everything, or what the time is enough for; ends when all of that is acknowledged."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(WORKERS):
                workers.create_task(self._work())
        self._ended.set()

    async def hire(self) -> None:
        """Enter one more teacher and register something of his: whoever follows the registry must hear of him."""
        number = next(self._late)
        teacher = await self.district.hire(f"L{number}")
        self.newcomers.append(teacher)
        given = {
            "idempotencyKey": f"late-comer-{number}", "teacherId": teacher, "projectId": self._projects[0],
            "completedOn": "2024-04-15", "score": "89",
        }  # fmt: skip
        await self._first_of(teacher, given)
        self.answers[given["idempotencyKey"]] = await self._acknowledged(teacher, given, 1)

    async def _first_of(self, teacher: str, given: dict[str, Any]) -> None:
        """What was refused because nobody had heard of him, is done under the same key as soon as somebody has."""
        if not _passing(await self._told_of(given)):
            return
        async with asyncio.timeout(self.district.platform.patience):
            await self._heard_of(teacher, given)
        if still := _codes(await self._told_of(given)) & set(LATE):
            said = ", ".join(sorted(still))
            raise Broken("refusal", f"{said} is told again under its key; under another the like was done by then")

    async def _heard_of(self, teacher: str, given: dict[str, Any]) -> None:
        """Return when the like of the command is done for him, under a key that was never refused."""
        for attempt in itertools.count():
            scout = {
                **given,
                "idempotencyKey": f"{given['idempotencyKey']}-scout-{attempt}",
                "projectId": self._scouted,
            }
            payload = await self._told_of(scout)
            if not _passing(payload):
                self.answers[scout["idempotencyKey"]] = _acknowledged(teacher, payload)
                return
            await asyncio.sleep(0.2)  # a client is not told when a service has heard of somebody

    async def _told_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """What is answered to the command, whatever it is; sent again, as it was, until a clock is right and it is."""
        platform, token, pause = self.district.platform, self.district.token(), 0.05
        async with asyncio.timeout(platform.patience):
            while True:
                with contextlib.suppress(NoAnswer):
                    payload = await platform.write(token, "registerTraining", given, FIELDS)
                    # It may have been done before: only under its own key it tells.
                    if "CLOCK_NOT_BELIEVED" not in _codes(payload):
                        return payload
                await asyncio.sleep(pause)  # a client is not told when a killed server is back
                pause = min(pause * 1.5, 0.5)

    async def reached(self, count: int) -> bool:
        """Return whether that many commands are acknowledged, as soon as they are; not when none is sent any more."""
        reached = asyncio.Event()
        self._waiting.append((count, reached))
        self._tell()
        waits = [asyncio.create_task(one.wait()) for one in (reached, self._ended)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        return reached.is_set()

    async def _work(self) -> None:
        for number in self._numbers:
            if time.monotonic() > self._until:
                return
            self.sent += 1
            teacher = await self._teacher(number)
            key = f"command-{number}"
            given = {
                "idempotencyKey": key, "teacherId": teacher, "projectId": self._projects[number // self._many],
                "completedOn": f"2024-{1 + number % 12:02}-15", "score": "89",
            }  # fmt: skip
            copies = 2 if self._choice.random() < SENT_TWICE else 1
            began = time.monotonic()
            if teacher in self.newcomers:
                await self._first_of(teacher, given)
            self.answers[key] = await self._acknowledged(teacher, given, copies)
            self.slowest = max(self.slowest, time.monotonic() - began)
            if self._choice.random() < WRONGED:
                await self._wronged(given)
            self._tell()
            # No faster than the rate, were there no faults.
            await asyncio.sleep(self._pace - (time.monotonic() - began))

    async def _acknowledged(self, teacher: str, given: dict[str, Any], copies: int) -> Acknowledged:
        """Send the copies at once until each is answered; they must be told the same."""
        platform, token = self.district.platform, self.district.token()
        # The registry may have been killed between its answer and its announcement: that teacher arrives late.
        sent = (platform.persist(token, "registerTraining", given, FIELDS) for _ in range(copies))
        first, *others = await asyncio.gather(*sent)
        assert all(other["record"] == first["record"] for other in others), (first, others)
        return _acknowledged(teacher, first)

    async def _wronged(self, given: dict[str, Any]) -> None:
        """Both are refused, however often they come: what is refused leaves nothing behind."""
        again = {**given, "idempotencyKey": f"{given['idempotencyKey']}-again"}
        for _ in range(2):
            assert await self._refusals(again) == {"ALREADY_REGISTERED"}, "the same training twice"
        assert await self._refusals({**given, "score": "90"}) == {"KEY_REUSED"}, "the same key, another training"

    async def _refusals(self, given: dict[str, Any]) -> set[str]:
        async with asyncio.timeout(self.district.platform.patience):
            while _passing(payload := await self._told_of(given)):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)  # a client is not told when what it was refused for has passed
        return _codes(payload)

    async def _teacher(self, number: int) -> str:
        """Mostly one of the old teachers, now and then one who is entered at this moment."""
        if number % max(self.calls // NEWCOMERS, 1) == 7:
            self.newcomers.append(await self.district.hire(f"N{number}"))
            return self.newcomers[-1]
        return self.teachers[number % self._many]

    def _tell(self) -> None:
        self.told()
        for count, reached in self._waiting:
            if len(self.answers) >= count:
                reached.set()
        self._waiting = [one for one in self._waiting if not one[1].is_set()]


def _codes(payload: dict[str, Any]) -> set[str]:
    return {one["code"] for one in payload["errors"]}


def _passing(payload: dict[str, Any]) -> set[str]:
    """What it was refused for that may be over a moment later."""
    return _codes(payload) & set(LATE)


def _acknowledged(teacher: str, payload: dict[str, Any]) -> Acknowledged:
    assert payload["errors"] == [], payload
    record = payload["record"]
    return Acknowledged(
        plain_id("Record", record["id"]), record["entry"], Decimal(record["credits"]), plain_id("Teacher", teacher)
    )


async def _in_turn(make: Callable[[int], Any], count: int) -> list[str]:
    """Make so many, some at a time."""
    places = asyncio.Semaphore(WORKERS)

    async def one(number: int) -> str:
        async with places:
            return await make(number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))
