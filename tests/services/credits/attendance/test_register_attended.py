"""Records of attendance: through the ordinary registration, once, with the sessions as their evidence."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from yanxiu_credits.attendance.register_attended import Attender, _evidence, agreed_facts
from yanxiu_wire import attendance as wire
from yanxiu_wire.books import REVERSE_RECORD, RecordReversed, ReverseRecord
from yanxiu_wire.credits import GET_RECORDS, GET_TOTALS, GetRecords, GetTotals

from tests.services.credits.attendance.conftest import END, START, MovingClock, School, china


async def record_of(school: School, record: str) -> Any:
    return (await school.house.call(GET_RECORDS, GetRecords(caller=school.officer, ids=(record,), explain=True))).items[
        0
    ]


async def hours_of(school: School, *teachers: str) -> list[Any]:
    answer = await school.house.call(GET_TOTALS, GetTotals(caller=school.officer, teachers=teachers))
    return [one.hours for one in answer.items]


async def test_each_attender_of_a_session_gets_an_explained_record(school: School) -> None:
    session = await school.held("t1", "t2", facts={"coefficient": "1.5"})
    answer = await school.register(session=session.id)
    assert [(one.teacher, one.errors) for one in answer.results] == [("t1", ()), ("t2", ())]
    record = await record_of(school, answer.results[0].record)
    assert (record.status, record.hours, record.credits, record.on) == ("COUNTED", 2, 3, session.on)
    assert record.explanation.steps
    rows = await school.house.rows("attended_record")
    assert {(row["record"], row["session"], row["teacher"], row["micro_hours"]) for row in rows} == {
        (one.record, session.id, one.teacher, 2_000_000) for one in answer.results
    }
    assert (await school.attendance(session))["t1"].record == answer.results[0].record


async def test_two_sessions_of_a_day_with_equal_facts_are_two_records(school: School) -> None:
    one = await school.held("t1")
    other = await school.held("t1", title="下午", starts_at=china(14), ends_at=china(16))
    for session in (one, other):
        (result,) = (await school.register(session=session.id)).results
        assert result.errors == ()
    assert await hours_of(school, "t1") == [4]


async def test_a_session_is_registered_once_whatever_the_key(school: School) -> None:
    session = await school.held("t1")
    first = await school.register(session=session.id, key="register-1")
    again = await school.call(wire.REGISTER_ATTENDED, school.officer, key="register-1", session=session.id)
    assert (again.results[0].record, again.results[0].replayed) == (first.results[0].record, True)
    (other,) = (await school.register(session=session.id)).results
    assert [one.code for one in other.errors] == ["ALREADY_REGISTERED"]
    assert await hours_of(school, "t1") == [2]


async def test_many_at_once_register_each_attender_once(school: School) -> None:
    session = await school.held("t1", "t2")
    answers = await asyncio.gather(*(school.register(session=session.id) for _ in range(8)))
    made = [one for answer in answers for one in answer.results if not one.errors]
    assert sorted(one.teacher for one in made) == ["t1", "t2"]
    assert await hours_of(school, "t1", "t2") == [2, 2]
    assert (await school.house.counts())["attended_record"] == 2


async def test_facts_for_all_and_for_one_go_into_the_records(school: School) -> None:
    session = await school.held("t1", "t2")
    own = {"t2": {"score": "59.5"}}
    answer = await school.register(session=session.id, facts={"coefficient": "2"}, own=own)
    one, other = [await record_of(school, result.record) for result in answer.results]
    assert (one.status, one.credits) == ("COUNTED", 4)
    assert (other.status, other.credits) == ("ZERO", 0)


async def test_what_the_law_refuses_of_one_leaves_the_others_registered(school: School) -> None:
    session = await school.held("t1", "t2")
    answer = await school.register(session=session.id, own={"t1": {"score": "101"}, "t2": {}})
    assert [[error.code for error in one.errors] for one in answer.results] == [["MARK_OUT_OF_RANGE"], []]
    (refused,) = (await school.register(session=session.id, facts={"colour": "red"}, teachers=("t1",))).results
    assert [error.code for error in refused.errors] == ["FACT_MALFORMED"]
    assert await hours_of(school, "t1", "t2") == [0, 2]


async def test_only_who_was_there_is_registered(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1")
    await school.settle(session, "t1", present=False, reason="代签")
    await school.settle(session, "t2", hours=Decimal(0), reason="只来签到")
    clock.set(END)
    await school.close(session)
    error_of(await school.register(session=session.id), "NOBODY_ATTENDED")


async def test_a_session_is_closed_before_it_is_registered(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session)
    clock.set(END)
    error_of(await school.register(session=session.id), "SESSION_NOT_CLOSED")


async def test_what_the_law_registers_by_is_asked_for(school: School, error_of: Any) -> None:
    project = (await school.house.project()).id
    session = await school.held("t1", project=project)
    error_of(await school.register(project=project), "ATTENDANCE_PER_OTHER")
    error_of(await school.register(project=project, session=session.id), "SESSION_OR_PROJECT")
    error_of(await school.register(), "SESSION_OR_PROJECT")
    error_of(await school.register(project="none"), "PROJECT_UNKNOWN")
    error_of(await school.register(session="none"), "SESSION_UNKNOWN")


async def test_a_law_of_projects_registers_no_single_session(by_project: School, error_of: Any) -> None:
    session = await by_project.held("t1", project=(await by_project.house.project()).id)
    error_of(await by_project.register(session=session.id), "ATTENDANCE_PER_OTHER")


async def test_a_law_that_says_nothing_of_attendance_registers_none(by_hand: School, error_of: Any) -> None:
    session = await by_hand.held("t1")
    error_of(await by_hand.register(session=session.id), "LAW_TAKES_NO_ATTENDANCE")


async def test_in_puer_a_project_half_attended_earns_nothing_and_a_whole_one_its_hours(puer: School) -> None:
    fixed = {"mode": "network", "level": "provincial", "hours_planned": "4"}
    project = (await puer.house.project(fixed)).id
    await puer.held("t1", "t2", project=project)
    await puer.held("t1", project=project, title="下午", starts_at=china(14), ends_at=china(16))
    answer = await puer.register(project=project, facts={"score": "89"})
    assert [one.errors for one in answer.results] == [(), ()]
    whole, part = [await record_of(puer, one.record) for one in answer.results]
    assert (whole.status, whole.hours) == ("COUNTED", 4)
    assert (part.status, part.hours, part.reasons) == ("ZERO", 0, ("PUER-F2-3-3",))


async def test_in_putuo_each_session_gives_its_part_of_a_credit(putuo: School) -> None:
    session = await putuo.held("t1", hours=Decimal(4), facts={"form": "专题讲座"})
    (result,) = (await putuo.register(session=session.id)).results
    record = await record_of(putuo, result.record)
    assert (record.hours, record.credits, record.hours_unit) == (4, Decimal("0.4"), "课时")


async def test_a_project_is_one_record_of_all_its_sessions(by_project: School) -> None:
    school = by_project
    project = (await school.house.project({"coefficient": "1.5"})).id
    await school.held("t1", "t2", project=project)
    await school.held("t1", project=project, title="下午", starts_at=china(14), ends_at=china(16))
    answer = await school.register(project=project)
    whole, part = [await record_of(school, one.record) for one in answer.results]
    # The made-up law takes all of a project or nothing: that t2 earns nothing is its word, with its clause.
    assert (whole.status, whole.hours, whole.credits) == ("COUNTED", 4, 6)
    assert (part.status, part.hours, part.reasons) == ("ZERO", 0, ("MADE-2",))
    assert len(await school.house.rows("attended_record")) == 3
    again = await school.register(project=project)
    assert [one.errors[0].code for one in again.results] == ["ALREADY_REGISTERED", "ALREADY_REGISTERED"]


async def test_a_school_registers_its_own_teachers_of_a_session_of_the_district(
    school: School, clock: MovingClock
) -> None:
    session = await school.session(school.officer)
    clock.set(START)
    await school.arrive(session, "t1")
    await school.arrive(session, "t3")
    clock.set(END)
    await school.call(wire.CLOSE_SESSION, school.officer, session=session.id)
    assert [one.teacher for one in (await school.register(school.staff, session=session.id)).results] == ["t1"]
    everybody = (await school.register(session=session.id)).results
    assert [(one.teacher, len(one.errors)) for one in everybody] == [("t1", 1), ("t3", 0)]


async def test_what_counts_is_reversed_before_the_attendance_is_corrected(school: School, error_of: Any) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    error = error_of(await school.settle(session, present=False, reason="查实代签"), "ATTENDANCE_REGISTERED")
    assert error.value == made.record


async def test_after_a_reversal_the_attendance_is_corrected_and_registered_again(school: School) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    command = ReverseRecord(caller=school.officer, key=school.house.key(), record=made.record, reason="误登")
    assert isinstance(await school.house.call(REVERSE_RECORD, command), RecordReversed)
    absent = (await school.settle(session, present=False, reason="代签")).attendance
    assert (absent.state, absent.settlements[0].after_closing) == ("absent", True)
    assert (await school.settle(session, reason="查明确已到场")).attendance.hours == 2
    (again,) = (await school.register(session=session.id)).results
    assert (again.errors, again.record != made.record) == ((), True)
    assert await hours_of(school, "t1") == [2]
    assert (await school.attendance(session))["t1"].record == again.record


async def test_what_changes_while_it_is_registered_makes_no_record(school: School, error_of: Any) -> None:
    """The hours are read again in the transaction that writes the record."""
    session = await school.held("t1")
    read = Attender(teacher="t1", sessions=(session,), hours={session.id: Decimal(1)})
    beside = _evidence(school.house.district, read)
    async with school.house.service.databases.read(school.house.district) as conn:
        error_of(await beside(conn, None), "ATTENDANCE_CHANGED")


def test_facts_that_sessions_state_differently_are_nobodys() -> None:
    def session(**facts: Any) -> wire.Session:
        return wire.Session(
            id="s", project=None, school=None, title="", on=START.date(), starts_at=START, ends_at=END,
            hours=Decimal(1), facts=facts, check_in_from=START, check_in_until=END, scheduled_by="x",
        )  # fmt: skip

    assert agreed_facts([session(mode="a", form="x"), session(mode="a", form="y"), session(slot="z")]) == {
        "mode": "a",
        "slot": "z",
    }
