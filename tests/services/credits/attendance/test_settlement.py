"""Settling and closing: the school's word with its reason, every word kept, nothing more than the session has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.attendance.tables import APPEND_ONLY
from yanxiu_wire import attendance as wire
from yanxiu_wire.deadline import Deadline

from tests.services.credits.attendance.conftest import END, MINUTE, START, MovingClock, School, china
from tests.stores import never_changed


async def test_the_school_settles_who_came_without_checking_in(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    answer = (await school.settle(session, hours=Decimal("1.5"), reason="纸质签到")).attendance
    assert (answer.state, answer.hours, answer.checked_in_at) == ("present", Decimal("1.5"), None)
    (settlement,) = answer.settlements
    assert (settlement.reason, settlement.by, settlement.after_closing) == (
        "纸质签到", "test-school-training-officer", False,
    )  # fmt: skip


async def test_the_school_lowers_the_hours_or_settles_an_absence(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1")
    assert (await school.settle(session, hours=Decimal(1))).attendance.hours == 1
    absent = (await school.settle(session, present=False, reason="中途离开")).attendance
    assert (absent.state, absent.hours) == ("absent", 0)
    assert [one.number for one in absent.settlements] == [1, 2]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hours": Decimal("2.000001")}, "HOURS_OUT_OF_RANGE"),
        ({"hours": Decimal(-1)}, "HOURS_OUT_OF_RANGE"),
        ({"hours": Decimal("0.0000001")}, "HOURS_OUT_OF_RANGE"),
        ({"hours": Decimal(1), "present": False}, "HOURS_WITHOUT_PRESENCE"),
        ({"reason": "  "}, "REASON_MISSING"),
        ({"reason": "长" * 1001}, "REASON_MISSING"),
        ({"teacher": "t3"}, "TEACHER_UNKNOWN"),
        ({"teacher": "nobody"}, "TEACHER_UNKNOWN"),
    ],
)
async def test_a_settlement_that_cannot_be_is_refused(
    school: School, clock: MovingClock, error_of: Any, more: dict[str, Any], code: str
) -> None:
    session = await school.session()
    clock.set(START)
    error_of(await school.settle(session, **more), code)
    assert (await school.house.counts())["attendance_settlement"] == 0


async def test_nobody_is_settled_before_the_session_begins(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START - MINUTE)
    error_of(await school.settle(session), "SESSION_NOT_BEGUN")


async def test_a_guest_who_checked_in_is_settled_by_the_school_he_came_to(school: School, clock: MovingClock) -> None:
    session = await school.session()
    issued = await school.call(wire.ISSUE_CHECK_IN, school.officer, session=session.id, teachers=("t3",))
    clock.set(china(8, 59))
    clock.set(START)
    issued = await school.call(wire.ISSUE_CHECK_IN, school.officer, session=session.id, teachers=("t3",))
    await school.use(issued.tokens[0].token, "t3")
    assert (await school.settle(session, "t3", hours=Decimal(1))).attendance.hours == 1


async def test_a_session_closes_when_it_is_over_and_nothing_is_in_doubt(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1", "one phone")
    await school.arrive(session, "t2", "one phone")
    error_of(await school.close(session), "SESSION_NOT_OVER")
    clock.set(END)
    assert error_of(await school.close(session), "FLAGS_UNSETTLED").value == "t1, t2"
    await school.settle(session, "t1")
    assert error_of(await school.close(session), "FLAGS_UNSETTLED").value == "t2"
    await school.settle(session, "t2", present=False, reason="由t1代签")
    assert (await school.close(session)).state == "closed"
    error_of(await school.close(session), "SESSION_CLOSED")
    seen = await school.attendance(session)
    assert {name: (one.state, one.hours) for name, one in seen.items()} == {"t1": ("present", 2), "t2": ("absent", 0)}


async def test_a_closed_session_takes_corrections_as_new_settlements_and_nothing_else(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.held("t1")
    error_of(await school.call(wire.CHECK_OUT, school.teacher("t1"), session=session.id), "SESSION_CLOSED")
    error_of(await school.call(wire.ISSUE_CHECK_IN, school.teacher("t2"), session=session.id), "SESSION_CLOSED")
    answer = (await school.settle(session, present=False, reason="查实未到")).attendance
    assert (answer.state, answer.settlements[0].after_closing) == ("absent", True)
    assert answer.checked_in_at is not None


async def test_a_flag_raised_after_a_settlement_is_open_again(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1", "one phone")
    await school.settle(session, "t1")
    await school.arrive(session, "t2", "one phone")
    seen = (await school.attendance(session))["t1"]
    assert (seen.state, seen.flags[0].open) == ("unsettled", True)
    assert (await school.attendance(session, open=True)).keys() == {"t1", "t2"}
    assert (await school.attendance(session, open=False)) == {}


async def test_settling_presence_at_two_places_at_once_flags_the_other(school: School, clock: MovingClock) -> None:
    one, other = await school.session(), await school.session(title="并行")
    clock.set(START)
    await school.arrive(one)
    settled = (await school.settle(other)).attendance
    assert (settled.state, settled.flags[0].kind, settled.flags[0].open) == ("present", "overlap", False)
    first = (await school.attendance(one))["t1"]
    assert (first.state, first.flags[0].open) == ("unsettled", True)
    # The school decides on this one too; the other, once settled, stays settled.
    assert (await school.settle(one, present=False, reason="在另一场")).attendance.state == "absent"
    assert (await school.attendance(other))["t1"].state == "present"


async def test_a_teacher_sees_his_own_attendance_alone(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1")
    await school.arrive(session, "t2")
    assert (await school.attendance(session, school.teacher("t1"))).keys() == {"t1"}
    assert (await school.attendance(session)).keys() == {"t1", "t2"}


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
async def test_what_was_said_of_attendance_is_never_changed_or_deleted(
    school: School, clock: MovingClock, table: Any
) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1", "one phone")
    await school.arrive(session, "t2", "one phone")
    await school.settle(session, "t1")
    await school.settle(session, "t2")
    await school.call(wire.CHECK_OUT, school.teacher("t1"), session=session.id)
    await school.settle(session, "t1", reason="已核")
    clock.set(END)
    await school.close(session)
    await school.register(session=session.id)
    assert (await school.house.counts())[table.name] > 0
    for statement in (table.delete(), table.update().values(teacher="t9")):
        with never_changed():
            async with school.house.service.databases.write(school.house.district, Deadline.after(10)) as conn:
                await conn.execute(statement)
