"""Employments corrected afterwards: begun on another day, at another school, in another post, or never."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_registry.context import Registry
from yanxiu_registry.tables import employment, outbox
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher

from tests.services.registry.conftest import TODAY, Client, codes, fresh_key

FIRST = date(2020, 9, 1)
MOVED = date(2024, 9, 1)
MISTAKEN = date(2099, 9, 1)
ONE_DAY = timedelta(days=1)
Work = list[tuple[str, date, date | None]]


async def moved_teacher(puer: Client, since: date = MOVED) -> tuple[wire_teacher.Teacher, wire.School, wire.School]:
    """A teacher who began at the first school and moved to the second; the second opened in 2023."""
    first, second = await puer.school("0001"), await puer.school("0002", opened_on=date(2023, 9, 1))
    made = await puer.teacher(first.id, "T1")
    moved = await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=made.id, school=second.id, since=since)
    return moved, first, second


async def correct(puer: Client, teacher: wire_teacher.Teacher, begun_on: date, **given: Any) -> Any:
    key = given.pop("key", None)
    more = {name: given.pop(name) for name in ("take_back", "expected_version") if name in given}
    return await puer.ask(
        wire_teacher.CORRECT_EMPLOYMENT, key=key, teacher=teacher.id, begun_on=begun_on, changes=given, **more
    )


async def work_of(puer: Client, teacher: wire_teacher.Teacher) -> Work:
    (found,) = (await puer.ask(wire_teacher.GET_TEACHERS, ids=(teacher.id,), as_of=date.max)).items
    return [(one.school, one.since, one.until) for one in found.employments]


async def test_a_move_entered_for_2099_is_taken_back_and_the_work_before_it_goes_on(puer: Client) -> None:
    teacher, first, _ = await moved_teacher(puer, MISTAKEN)
    after = await correct(puer, teacher, MISTAKEN, take_back=True)
    assert (after.school, after.version) == (first.id, 3)
    assert await work_of(puer, teacher) == [(first.id, FIRST, None)]
    third = await puer.ask(
        wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=first.id, since=TODAY, post="principal"
    )
    assert third.employments[-1].post == "principal", "a real move is possible again"


async def test_a_move_entered_for_2099_is_brought_to_its_right_day(puer: Client) -> None:
    teacher, first, second = await moved_teacher(puer, MISTAKEN)
    after = await correct(puer, teacher, MISTAKEN, since="2025-09-01")
    assert after.school == second.id
    right = date(2025, 9, 1)
    assert await work_of(puer, teacher) == [(first.id, FIRST, right - ONE_DAY), (second.id, right, None)]


@pytest.mark.parametrize("day", [date(2024, 3, 1), date(2025, 3, 1)])
async def test_the_day_of_a_move_is_corrected_without_gap_or_overlap(puer: Client, day: date) -> None:
    teacher, first, second = await moved_teacher(puer)
    await correct(puer, teacher, MOVED, since=day)
    assert await work_of(puer, teacher) == [(first.id, FIRST, day - ONE_DAY), (second.id, day, None)]


async def test_school_and_post_of_an_employment_are_corrected(puer: Client) -> None:
    teacher, first, second = await moved_teacher(puer)
    third = await puer.school("0003")
    after = await correct(puer, teacher, MOVED, school=third.id, post="principal")
    assert (after.school, after.employments[-1].post) == (third.id, "principal")
    joined = await correct(puer, teacher, MOVED, school=first.id, post="teacher")
    assert joined.employments == (wire_teacher.Employment(school=first.id, since=FIRST),), "no move at all"
    assert second.id not in str(joined)


@pytest.mark.parametrize("day", [date(2019, 9, 1), date(2021, 9, 1)])
async def test_with_the_first_day_at_work_the_teachers_file_begins(puer: Client, day: date) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    after = await correct(puer, teacher, FIRST, since=day)
    assert after.employments[0].since == day
    asked = {"ids": (teacher.id,)}
    assert (await puer.ask(wire_teacher.GET_TEACHERS, **asked, as_of=day)).items[0].school == school.id
    assert (await puer.ask(wire_teacher.GET_TEACHERS, **asked, as_of=day - ONE_DAY)).items == (None,)


async def test_who_is_taken_back_from_a_return_has_left_again(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    left, back = date(2022, 9, 1), date(2024, 9, 1)
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=left, changes={"status": "left"})
    await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=school.id, since=back)
    overlap = await correct(puer, teacher, back, since="2022-08-31")
    assert (codes(overlap), overlap.errors[0].field) == (["EMPLOYMENT_OVERLAP"], "changes.since")
    earlier = await correct(puer, teacher, back, since="2024-02-01")
    assert await work_of(puer, teacher) == [
        (school.id, FIRST, left - ONE_DAY),
        (school.id, date(2024, 2, 1), None),
    ]
    (then,) = (await puer.ask(wire_teacher.GET_TEACHERS, ids=(teacher.id,), as_of=date(2024, 3, 1))).items
    assert (earlier.status, then.status) == ("active", "active")
    gone = await correct(puer, teacher, date(2024, 2, 1), take_back=True)
    assert (gone.status, gone.school) == ("left", None)


@pytest.mark.parametrize(
    ("begun_on", "given", "code", "field"),
    [
        (date(2021, 1, 1), {"post": "x"}, "EMPLOYMENT_UNKNOWN", "begun_on"),
        (MOVED, {}, "VALUE_INVALID", "changes"),
        (MOVED, {"until": "2025-01-01"}, "FIELD_UNKNOWN", "changes.until"),
        (MOVED, {"since": None}, "VALUE_INVALID", "changes.since"),
        (MOVED, {"since": "2020-09-01"}, "EMPLOYMENT_OVERLAP", "changes.since"),
        (MOVED, {"since": "2023-08-31"}, "DATE_OUT_OF_ORDER", "changes.since"),
        (FIRST, {"since": "2024-09-01"}, "EMPLOYMENT_OVERLAP", "changes.since"),
        (FIRST, {"since": "2000-08-31"}, "DATE_OUT_OF_ORDER", "changes.since"),
        (MOVED, {"school": "nowhere"}, "SCHOOL_UNKNOWN", "changes.school"),
        (MOVED, {"post": "x", "take_back": True}, "VALUE_INVALID", "changes"),
        (MOVED, {"post": "x", "expected_version": 1}, "VERSION_CONFLICT", "expected_version"),
    ],
)
async def test_a_wrong_correction_of_an_employment_is_refused_and_changes_nothing(
    puer: Client, begun_on: date, given: dict[str, Any], code: str, field: str
) -> None:
    teacher, first, second = await moved_teacher(puer)
    refused = await correct(puer, teacher, begun_on, **given)
    assert code in codes(refused)
    assert field in [error.field for error in refused.errors]
    assert await work_of(puer, teacher) == [(first.id, FIRST, MOVED - ONE_DAY), (second.id, MOVED, None)]


async def test_a_first_day_before_the_day_of_hiring_is_refused(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1", hired_on=date(2019, 7, 1))
    refused = await correct(puer, teacher, FIRST, since="2019-06-30")
    assert codes(refused) == ["DATE_OUT_OF_ORDER"]
    assert "2019-07-01" in refused.errors[0].remedy_zh


async def test_the_only_employment_is_not_taken_back_and_nobody_unknown_is_corrected(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    assert codes(await correct(puer, teacher, FIRST, take_back=True)) == ["EMPLOYMENT_ONLY"]
    nobody = wire_teacher.Teacher(id="nobody", staff_number="", name="")
    assert codes(await correct(puer, nobody, FIRST, take_back=True)) == ["TEACHER_UNKNOWN"]


async def test_a_correction_repeated_is_done_once_announced_once_and_keeps_what_stood(
    puer: Client, registry: Registry
) -> None:
    teacher, _, second = await moved_teacher(puer)
    key = fresh_key()
    first = await correct(puer, teacher, MOVED, since="2025-09-01", key=key)
    assert await correct(puer, teacher, MOVED, since="2025-09-01", key=key) == first
    assert codes(await correct(puer, teacher, MOVED, since="2025-10-01", key=key)) == ["KEY_REUSED"]
    same = await correct(puer, teacher, date(2025, 9, 1), since="2025-09-01")
    assert same.version == first.version == 3, "nothing differs, nothing is written"
    async with registry.dbs.read("puer") as conn:
        kept = (await conn.execute(sa.select(employment).where(employment.c.school == second.id))).all()
        announced = (await conn.execute(sa.select(sa.func.count()).select_from(outbox))).scalar_one()
    assert sorted((row.since, row.version, row.superseded) for row in kept) == [
        (MOVED, 2, 3),
        (date(2025, 9, 1), 3, None),
    ]
    assert announced == 6, "the district, two schools, and the teacher three times"
