"""Whose attendance a teacher and a school see, and what follows a correction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yanxiu_wire import attendance as wire
from yanxiu_wire import books

from tests.services.credits.attendance.conftest import School, china


async def titles(school: School, caller: Any, teacher: str) -> list[str]:
    page = await school.call(wire.LIST_SESSIONS, caller, teacher=teacher)
    return [one.title for one in page.items]


async def test_nobody_asks_for_the_sessions_of_another_person(school: School) -> None:
    await school.held("t2", title="课堂观察")
    assert await titles(school, school.teacher("t1"), "t2") == []
    assert await titles(school, school.teacher("t2"), "t2") == ["课堂观察"]
    assert await titles(school, school.staff, "t2") == ["课堂观察"]
    assert await titles(school, school.officer, "t2") == ["课堂观察"]


async def test_at_a_session_of_the_district_a_school_sees_its_own_teachers_alone(school: School) -> None:
    session = await school.session(school.officer, title="区级", starts_at=china(14), ends_at=china(16))
    school.clock.set(session.starts_at)
    for teacher in ("t1", "t3"):
        await school.arrive(session, teacher)
    assert list(await school.attendance(session, school.officer)) == ["t1", "t3"]
    assert list(await school.attendance(session, school.staff)) == ["t1"]
    assert await titles(school, school.staff, "t3") == []
    assert await titles(school, school.house.caller("school-leader", school="school-2"), "t3") == ["区级"]


async def test_a_school_sees_the_guests_of_its_own_session(school: School) -> None:
    session = await school.session()
    school.clock.set(session.starts_at)
    await school.settle(session, "t3", caller=school.officer)
    assert list(await school.attendance(session, school.staff)) == ["t3"]


async def test_an_attendance_is_not_settled_under_a_record_that_was_corrected(school: School, error_of: Any) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    command = books.CorrectTraining(
        caller=school.officer, key=school.house.key(), record=made.record, facts={"hours": "1"}, reason="核对"
    )
    corrected = await school.house.call(books.CORRECT_TRAINING, command)
    refused = error_of(await school.settle(session, "t1", present=False), "ATTENDANCE_REGISTERED")
    assert refused.value == corrected.record.id


async def test_a_device_is_one_however_it_is_written(school: School) -> None:
    session = await school.session()
    school.clock.set(session.starts_at)
    tokens = {teacher: await school.token(session, teacher) for teacher in ("t1", "t2")}
    await school.use(tokens["t1"], "t1", "Phone-A")
    second = await school.use(tokens["t2"], "t2", " phone-a ")
    assert [flag.kind for flag in second.attendance.flags] == ["shared-device"]


async def test_more_hours_than_fit_between_start_and_end_are_warned_of(school: School) -> None:
    assert (await school.announce(hours=Decimal(3))).warnings == ()
    late: dict[str, Any] = {"starts_at": china(14), "ends_at": china(16)}
    (warned,) = (await school.announce(hours=Decimal("3.5"), **late)).warnings
    assert (warned.code, warned.value) == ("HOURS_BEYOND_DURATION", "3.5")
