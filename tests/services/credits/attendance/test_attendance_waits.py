"""Attendance that is not registered, or whose record was taken back, is not typed over by the school."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.attendance.attendance_waits import WHERE_HE_WAS
from yanxiu_wire import attendance as wire
from yanxiu_wire.books import CORRECT_TRAINING, REVERSE_RECORD, CorrectTraining, RecordReversed, ReverseRecord
from yanxiu_wire.credits import TrainingRegistered

from tests.services.credits.attendance.conftest import DAY, END, START, School, china
from tests.services.credits.attendance.test_register_attended import hours_of

# What is decided is decided by the same statement on both: one test of it on both is enough.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MUCH = {"hours": "30", "score": "85"}


async def enter(school: School, caller: Any = None, **changes: Any) -> Any:
    given = {"on": DAY, "facts": MUCH, **changes}
    return await school.house.register("t1", caller=caller or school.staff, **given)


async def reverse(school: School, record: str) -> None:
    command = ReverseRecord(caller=school.staff, key=school.house.key(), record=record, reason="误登")
    assert isinstance(await school.house.call(REVERSE_RECORD, command), RecordReversed)


async def test_what_was_attended_is_not_entered_by_hand_before_it_is_registered(school: School, error_of: Any) -> None:
    session = await school.held("t1")
    error = error_of(await enter(school), "ATTENDANCE_WAITS")
    assert (error.field, error.value) == ("session", session.id)
    (made,) = (await school.register(school.staff, session=session.id)).results
    assert (made.errors, await hours_of(school, "t1")) == ((), [2])


@ON_SQLITE
async def test_a_reversed_record_of_attendance_is_made_anew_of_the_attendance_alone(
    school: School, error_of: Any
) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    await reverse(school, made.record)
    assert error_of(await enter(school), "ATTENDANCE_WAITS").value == session.id
    # To say that he was not there at all does not free the hours either: he had checked in.
    await school.settle(session, present=False)
    error_of(await enter(school), "ATTENDANCE_WAITS")
    await school.settle(session, hours=Decimal(1))
    (again,) = (await school.register(school.staff, session=session.id)).results
    assert (again.errors, await hours_of(school, "t1")) == ((), [0])
    # Half of it is worth nothing by this law, and stays so.
    error_of(await enter(school), "ATTENDANCE_WAITS")


@ON_SQLITE
async def test_a_session_that_nobody_closes_binds_too_and_one_called_off_does_not(
    school: School, error_of: Any
) -> None:
    off, session = await school.session(title="取消"), await school.session()
    school.clock.set(off.check_in_from)
    await school.arrive(off)
    await school.call(wire.CANCEL_SESSION, session=off.id, reason="停办")
    assert isinstance(await enter(school, facts={"hours": "1"}), TrainingRegistered)
    school.clock.set(START)
    await school.arrive(session)
    school.clock.set(END)
    assert error_of(await enter(school), "ATTENDANCE_WAITS").value == session.id


@ON_SQLITE
async def test_an_officer_enters_by_hand_what_waits(school: School) -> None:
    await school.held("t1")
    assert isinstance(await enter(school, school.officer), TrainingRegistered)


@ON_SQLITE
async def test_who_was_not_there_and_another_day_sort_or_project_are_free(school: School) -> None:
    project = await school.house.project({})
    session = await school.held("t1", project=project.id)
    await school.settle(session, "t2", present=False)
    other = await school.house.project({})
    for changes in (
        {"on": DAY.replace(day=13)},
        {"facts": {**MUCH, "mode": "network"}},
        {"project": other.id},
    ):
        assert isinstance(await enter(school, **changes), TrainingRegistered), changes
    absent = await school.house.register("t2", on=DAY, facts=MUCH, caller=school.staff)
    assert isinstance(absent, TrainingRegistered), absent


@ON_SQLITE
async def test_the_project_of_a_session_waits_on_every_day(school: School, error_of: Any) -> None:
    project = await school.house.project({})
    session = await school.held("t1", project=project.id)
    school.clock.set(china(9, day=DAY.replace(day=20)))
    late = {"on": DAY.replace(day=20), "project": project.id}
    assert error_of(await enter(school, **late), "ATTENDANCE_WAITS").value == session.id


@ON_SQLITE
async def test_what_was_entered_before_is_not_raised_by_a_correction_but_reversed(
    school: School, error_of: Any
) -> None:
    entered = await enter(school, facts={"hours": "1"})
    session = await school.held("t1")

    async def correct(caller: Any) -> Any:
        its = {"record": entered.record.id, "facts": MUCH, "reason": "核对"}
        return await school.house.call(CORRECT_TRAINING, CorrectTraining(caller=caller, key=school.house.key(), **its))

    error_of(await correct(school.staff), "ATTENDANCE_WAITS")
    await reverse(school, entered.record.id)
    (made,) = (await school.register(school.staff, session=session.id)).results
    assert (made.errors, await hours_of(school, "t1")) == ((), [2])


@ON_SQLITE
async def test_a_corrected_record_of_attendance_does_not_wait_for_another_session(school: School) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    school.clock.set(china(13))
    await school.held("t1", title="下午", starts_at=china(14), ends_at=china(16))
    marked = {"record": made.record, "facts": {"hours": "2", "score": "85"}, "reason": "补登成绩"}
    command = CorrectTraining(caller=school.staff, key=school.house.key(), **marked)
    corrected = await school.house.call(CORRECT_TRAINING, command)
    assert not hasattr(corrected, "errors"), corrected


@ON_SQLITE
@pytest.mark.parametrize("said", [{"form": "专题讲座"}, {"class": "lecture"}])
async def test_a_real_law_knows_the_lecture_by_its_form_and_by_its_class(
    putuo: School, error_of: Any, said: dict[str, str]
) -> None:
    await putuo.held("t1", facts={"form": "专题讲座"})
    error_of(await enter(putuo, facts={**said, "class_hours": "4"}), "ATTENDANCE_WAITS")
    practice = {"form": "教学观摩", "class": "practice", "class_hours": "4"}
    assert isinstance(await enter(putuo, facts=practice), TrainingRegistered)


@ON_SQLITE
async def test_where_the_law_makes_no_record_of_attendance_nothing_waits(by_hand: School) -> None:
    await by_hand.held("t1")
    assert isinstance(await enter(by_hand), TrainingRegistered)


@ON_SQLITE
async def test_where_the_law_registers_projects_a_session_of_none_does_not_wait(by_project: School) -> None:
    await by_project.held("t1")
    assert isinstance(await enter(by_project), TrainingRegistered)


@ON_SQLITE
async def test_a_teacher_of_no_session_costs_a_look_into_an_index(school: School) -> None:
    """However many sessions a district holds: the search begins at the teacher's own rows."""
    asked = {"of": school.house.district, "who": "t1", "day": DAY, "under": None}
    async with school.house.service.databases.read(school.house.district) as conn:
        stated = WHERE_HE_WAS.params(asked).compile(dialect=conn.dialect, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in await conn.execute(sa.text(f"EXPLAIN QUERY PLAN {stated}"))]
        assert [step for step in plan if step.startswith(("SEARCH", "SCAN"))] == [
            "SEARCH check_in USING INDEX ix_check_in_district_teacher (district=? AND teacher=?)",
            "SEARCH training_session USING INDEX sqlite_autoindex_training_session_1 (district=? AND id=?)",
            "SEARCH attendance_settlement USING INDEX ix_attendance_settlement_district_teacher "
            "(district=? AND teacher=?)",
            "SEARCH training_session USING INDEX sqlite_autoindex_training_session_1 (district=? AND id=?)",
        ], plan
