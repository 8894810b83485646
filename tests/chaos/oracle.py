"""What must be true after all faults, asked of the platform and of its stores; a list of what is not."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from nats.errors import Error as NatsError
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.credits import (
    LIST_ENTRIES,
    REBUILD_PROJECTION,
    VERIFY_LEDGER,
    LedgerEntry,
    LedgerVerified,
    ListEntries,
    ProjectionRebuilt,
    RebuildProjection,
    VerifyLedger,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault
from yanxiu_wire.followed import durable_name
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import stream_of

from tests.chaos.load import Acknowledged, Load
from tests.chaos.world import World
from tests.slices.announced import announced_entries
from tests.slices.platform import NoAnswer

_TOTALS = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Teacher { id total { credits records } } } }"
_AT_ONCE = 100
_PAGE_SECONDS = 60.0
_VERIFY_SECONDS = 900.0
# What two hosts' clocks may differ by.
_CLOCK_PLAY = timedelta(seconds=60)
# The registry's facts as the credits service keeps them.
_COPY = ("district_fact", "school_fact", "teacher_fact", "teacher_place", "term_fact")


async def violations(world: World, load: Load, nobody: str) -> list[str]:
    """Everything that is not as it must be; empty when all holds. `nobody` may have no entry at all.

    Looks at: lost, doubled, altered and late commands, the chain, the announced events, each teacher's total, and the
    copy of the registry's facts beside the one that is made anew.
    """
    code = load.district.code
    async with world.bus() as bus:
        entries = await ledger_of(bus, code)
        found = [*_of_ledger(entries, load, nobody), *_of_time(entries)]
        found += await _of_chain(bus, load, entries)
        found += await _of_events(world, bus, entries)
        found += await _of_totals(world, load, entries)
        found += await _of_copy(world, bus, code)
    return found


async def after_all(world: World, load: Load) -> list[str]:
    """What can be held against the platform although the load broke off: lost commands, events, the copy of the facts.

    Whoever cannot be asked by then is not held to that.
    """
    found: list[str] = []
    # Where one part does not come back, as after its own data were lost, the others are asked all the same.
    with contextlib.suppress(WireFault, TimeoutError):
        await world.whole(within=world.platform.patience)
    with contextlib.suppress(WireFault, TimeoutError):
        async with world.bus() as bus:
            entries = await ledger_of(bus, load.district.code)
            found += _lost(entries, load)
            found += await _of_events(world, bus, entries)
            found += await _of_copy(world, bus, load.district.code)
    return found


def _lost(entries: list[LedgerEntry], load: Load) -> list[str]:
    missing = {answer.record for answer in load.answers.values()} - {entry.record for entry in entries}
    return [f"lost: {len(missing)} acknowledged commands are not in the ledger"] if missing else []


async def ledger_of(bus: Bus, district: str) -> list[LedgerEntry]:
    """Every entry of a district's ledger, in its order."""
    officer = Caller(subject="test-officer", role="district-officer", district=district)
    entries: list[LedgerEntry] = []
    after = None
    while True:
        asked = ListEntries(caller=officer, page=Page(first=200, after=after))
        # The machine has other work, and nobody waits for this answer in vain.
        page = await bus.call(LIST_ENTRIES, asked, district=district, deadline=Deadline.after(_PAGE_SECONDS))
        entries += page.items
        if not page.has_next:
            return entries
        after = page.cursors[-1]


def _of_ledger(entries: list[LedgerEntry], load: Load, nobody: str) -> Iterator[str]:
    if (seqs := [entry.seq for entry in entries]) != list(range(1, len(entries) + 1)):
        yield f"ledger: entries are not numbered from 1 without a gap, {len(seqs)} of them up to {max(seqs, default=0)}"
    if len(load.answers) < load.sent:
        yield f"acknowledged: {len(load.answers)} of {load.sent} commands"
    written = {entry.record: Acknowledged(entry.record, entry.seq, entry.credits, entry.teacher) for entry in entries}
    told = {answer.record: answer for answer in load.answers.values()}
    if lost := told.keys() - written.keys():
        yield f"lost: {len(lost)} acknowledged commands are not in the ledger"
    if altered := [one for one in told.keys() & written.keys() if told[one] != written[one]]:
        yield f"altered: {len(altered)} entries are not what their client was told"
    if len(told) != len(load.answers):
        yield f"merged: {len(load.answers)} commands were told of {len(told)} records"
    if doubled := [record for record, count in Counter(entry.record for entry in entries).items() if count > 1]:
        yield f"doubled: {len(doubled)} records have several entries"
    if late := [entry for entry in entries if entry.teacher == plain_id("Teacher", nobody)]:
        yield f"late: {len(late)} commands were done after their deadline"
    if extra := {one for one in written.keys() - told.keys() if written[one].teacher != plain_id("Teacher", nobody)}:
        yield f"extra: {len(extra)} entries that nobody was told of"


def _of_time(entries: list[LedgerEntry]) -> Iterator[str]:
    if back := [one for before, one in pairwise(entries) if one.recorded_at < before.recorded_at - _CLOCK_PLAY]:
        yield f"clock: {len(back)} entries say that they were written before the one before them"
    if wrong := [one for one in entries if one.recorded_at > datetime.now(UTC) + _CLOCK_PLAY]:
        yield f"clock: {len(wrong)} entries say that they were written in the future"


async def _of_chain(bus: Bus, load: Load, entries: list[LedgerEntry]) -> list[str]:
    officer = Caller(subject="test-officer", role="district-officer", district=load.district.code)
    # Every entry and record is hashed anew, and nobody waits for it in vain: 100,000 take longer than a caller would.
    until = Deadline.after(_VERIFY_SECONDS)
    found = await bus.call(VERIFY_LEDGER, VerifyLedger(caller=officer), district=load.district.code, deadline=until)
    wanted = LedgerVerified(entries=len(entries), head=entries[-1].hash)
    same = isinstance(found, LedgerVerified) and (found.entries, found.head) == (wanted.entries, wanted.head)
    return [] if same and found.problem is None else [f"chain: {found}, wanted {wanted}"]


async def _of_events(world: World, bus: Bus, entries: list[LedgerEntry]) -> list[str]:
    try:
        announced = await announced_entries(bus, len(entries), seconds=world.platform.patience)
    except TimeoutError as late:
        return [f"events: {late}"]
    wanted = {entry.id: entry for entry in entries}
    return [] if announced == wanted else [f"events: {len(announced)} announced, {len(wanted)} entries, not the same"]


async def _of_totals(world: World, load: Load, entries: list[LedgerEntry]) -> list[str]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[entry.teacher] = sums.get(entry.teacher, Decimal(0)) + entry.credits
    counts = Counter(entry.teacher for entry in entries)
    wrong = 0
    teachers = [*load.teachers, *load.newcomers]
    for start in range(0, len(teachers), _AT_ONCE):
        ids = teachers[start : start + _AT_ONCE]
        for node in await _totals(world, load, ids):
            teacher = plain_id("Teacher", node["id"])
            total = Decimal(node["total"]["credits"]), node["total"]["records"]
            wrong += total != (sums.get(teacher, Decimal(0)), counts[teacher])
    return [f"totals: those of {wrong} teachers are not the sum of their entries"] if wrong else []


async def _totals(world: World, load: Load, ids: list[str]) -> list[dict[str, Any]]:
    async with asyncio.timeout(world.platform.patience):
        while True:
            with contextlib.suppress(NoAnswer):
                return (await world.platform.read(load.district.token(), _TOTALS, ids=ids))["nodes"]
            await asyncio.sleep(0.5)  # the machine has other work: a reader asks again


async def _of_copy(world: World, bus: Bus, district: str) -> list[str]:
    await _told_all(world, bus)
    before = world.database.rows("credits", district, _COPY)
    operator = Caller(subject="test-operator", role="platform-operator", district=PLATFORM)
    command = RebuildProjection(caller=operator, key="chaos-rebuild")
    until = time.monotonic() + world.platform.patience
    while not isinstance(made := await bus.call(REBUILD_PROJECTION, command, district=district), ProjectionRebuilt):
        # The registry may still be sending again what its stream has lost.
        if made.errors[0].code != "STREAM_BEHIND" or time.monotonic() > until:
            return [f"copy: it could not be made anew: {made}"]
        await asyncio.sleep(0.2)  # the registry tells nobody that its stream has all again
    after = world.database.rows("credits", district, _COPY)
    return [
        f"copy: {name} has {len(before[name])} rows, made anew {len(after[name])}, not the same"
        for name in _COPY
        if before[name] != after[name]
    ]


async def _told_all(world: World, bus: Bus) -> None:
    """Return when the credits service has taken all that the registry announced, or had its time for it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(world.platform.patience):
            while True:
                with contextlib.suppress(NatsError):
                    place = await bus.jetstream.consumer_info(
                        stream_of("registry"), durable_name("credits", "registry")
                    )
                    if not place.num_pending and not place.num_ack_pending:
                        return
                await asyncio.sleep(0.1)  # the server tells nobody that a consumer has all
