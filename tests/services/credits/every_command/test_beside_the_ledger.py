"""What stands beside the entries is under the signed head: no row of it is changed or removed unnoticed."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_footing.clock import CHINA
from yanxiu_wire import attendance as attending
from yanxiu_wire.books import SignedHead
from yanxiu_wire.process import Process

from tests.services.credits.attendance.conftest import School
from tests.services.credits.every_command.conftest import MINUTE, Districts, Everyone
from tests.services.credits.workflow.conftest import IN_YEAR
from tests.services.credits.workflow.test_delegation import delegate, end

MAY, LAST_MONTH = date(2024, 5, 1), date(2025, 2, 1)
# Of each kind a table, and what somebody with a shell would change of it.
ALTERED = {
    "signature": ("signature", "subject = 'somebody'"),
    "objection": ("objection", "text = 'nothing'"),
    "settling of objection": ("objection", "state = 'open', reason = NULL, settled_by = NULL, settled_on = NULL"),
    "delegation": ("delegation", "to_subject = 'somebody'"),
    "end of delegation": ("delegation", "ended_on = NULL"),
    "check-ins": ("check_in", "device = 'another'"),
    "check-outs": ("check_out", "recorded_us = recorded_us - 1"),
    "flags on attendance": ("attendance_flag", "other_teacher = 't3'"),
    "settlements of attendance": ("attendance_settlement", "micro_hours = 3000000"),
    "attendance of records": ("attended_record", "micro_hours = 3000000"),
    "notices": ("notice", "verdict = 'FAIL'"),
    "approval of project": ("project", "approved_on = '2020-01-01'"),
    "transfer": ("transfer", "within_city = NOT within_city"),
    "transcript of transfer": ("transfer", "document = '{}'"),
    "item of a transfer": ("transfer_item", "micro_credits = 1"),
    "decision on an item of a transfer": ("transfer_decision", "reason = 'x'"),
}
REMOVED = ("objection", "delegation", "attended_record", "attendance_settlement", "check_in", "transfer_item", "notice")


async def year_told(h: Everyone) -> None:
    """Take the year of school-1 through an objection that is dismissed, to the notices."""
    leader = h.leaders["school-1"]
    record = (await h.register("t1", on=MAY, facts={"hours": "80", "score": "85"})).record.id
    opened = await h.open(leader, "recognition", on=IN_YEAR)
    assert isinstance(opened, Process), opened
    shown = await h.take(leader, opened, "publicise")
    raised = await h.object_to("school-1", shown.id, record)
    await h.settle_objection("school-1", raised.objection.id, upheld=False)
    h.going.day += timedelta(days=6)
    submitted = await h.take(leader, await h.show(shown.id), "submit")
    recognised = await h.take(h.institute, submitted, "recognise")
    told = await h.take(leader, recognised, "feed_back")
    assert told.ended, told


async def session_held(h: Everyone) -> None:
    """Hold a session to which two come with one telephone; one of them leaves, is settled and registered."""
    hosts, staff = School(h, h.clock), h.caller("school-training-officer", school="school-1")  # type: ignore[arg-type]
    starts = (h.clock.now() + MINUTE).astimezone(CHINA)
    planned = {"on": h.clock.day, "starts_at": starts, "ends_at": starts + MINUTE, "hours": Decimal(1)}
    session = await hosts.session(staff, **planned)
    for teacher in ("t1", "t2"):
        arrived = await hosts.arrive(session, teacher, device="one telephone")
        assert isinstance(arrived, attending.AttendanceTaken), arrived
    h.going.passed += MINUTE * 2
    await hosts.call(attending.CHECK_OUT, hosts.teacher("t1"), session=session.id)
    for teacher in ("t1", "t2"):
        await hosts.settle(session, teacher, caller=staff)
    h.going.passed += MINUTE
    await hosts.call(attending.CLOSE_SESSION, staff, session=session.id)
    assert [one.errors for one in (await hosts.register(session=session.id)).results] == [(), ()]


async def busy_district(districts: Districts) -> Everyone:
    """A district in which everything was done that leaves a row beside the ledger, two days ago; its head is signed."""
    left = await districts.open()
    await left.earn("t2", on=LAST_MONTH)
    document = await left.transcript("t2")
    h = await districts.open()
    given = await delegate(h, h.leader, "deputy")
    await end(h, h.leader, given.id)
    await h.project()
    await year_told(h)
    await session_held(h)
    received = await h.receive(document, "t2", within_city=False)
    await h.decide(received.transfer.id)
    h.going.day += timedelta(days=2)
    assert isinstance(await h.sign(), SignedHead)
    assert (await h.verify()).problem is None
    return h


async def found(h: Everyone, database: Any, table: str, change: str) -> str:
    """Return what `ledger verify` says of a change, which is undone again."""

    def edit(sql: str) -> None:
        database.edit("credits", h.district, sql, force=True)

    await asyncio.to_thread(edit, f"CREATE TABLE kept AS SELECT * FROM {table}; {change}")  # noqa: S608
    problem = (await h.verify()).problem or ""
    restore = f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"  # noqa: S608
    await asyncio.to_thread(edit, restore)
    assert (await h.verify()).problem is None
    return problem


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_row_beside_the_ledger_is_altered_or_removed_unnoticed(districts: Districts, database: Any) -> None:
    h = await busy_district(districts)
    missed = []
    for what, (table, change) in ALTERED.items():
        problem = await found(h, database, table, f"UPDATE {table} SET {change}")  # noqa: S608
        missed += [] if "altered" in problem or f"missing: {what}" in problem else [(what, problem)]
    for table in REMOVED:
        problem = await found(h, database, table, f"DELETE FROM {table}")  # noqa: S608
        missed += [] if "missing" in problem else [(table, problem)]
    assert missed == []
    # One row more under a day that a head answers for is found as well.
    more = "SELECT district, session, 't3', number, present, micro_hours, reason, by, after_closing, recorded_us"
    again = f"INSERT INTO attendance_settlement {more} FROM attendance_settlement WHERE teacher = 't1'"
    assert "altered: settlements of attendance" in await found(h, database, "attendance_settlement", again)


async def test_every_kind_of_row_is_under_a_head_once_its_day_is_over(districts: Districts) -> None:
    h = await busy_district(districts)
    before = {(row["what"], row["key"]) for row in await h.rows("anchor")}
    kinds = {what for what, _ in before}
    assert len(kinds) == 17, sorted(kinds)
    await session_held(h)
    h.going.passed += MINUTE
    assert isinstance(await h.sign(), SignedHead)
    assert len(await h.rows("anchor")) == len(before), "today goes on"
    h.going.day += timedelta(days=1)
    assert isinstance(await h.sign(), SignedHead)
    new = {(row["what"], row["key"]) for row in await h.rows("anchor")} - before
    assert {what for what, _ in new} == {
        "check-in",
        "check-out",
        "attendance-flag",
        "attendance-settlement",
        "attended-record",
    }
    assert (await h.verify()).problem is None
