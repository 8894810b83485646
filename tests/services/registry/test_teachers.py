"""Teachers: entered, corrected, moved, read as of a day, and refused with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_registry.context import Registry
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher

from tests.services.registry.conftest import TODAY, Client, codes, fresh_key, synthetic_id

MOVED = date(2024, 9, 1)


async def at(client: Client, teacher: str, day: date | None) -> wire_teacher.Teacher | None:
    return (await client.ask(wire_teacher.GET_TEACHERS, ids=(teacher,), as_of=day)).items[0]


async def test_a_move_ends_the_running_work_the_day_before(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    teacher = await puer.teacher(first.id, "T1")
    moved = await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=second.id, since=MOVED, post="head")
    assert moved.employments == (
        wire_teacher.Employment(school=first.id, since=date(2020, 9, 1), until=date(2024, 8, 31)),
        wire_teacher.Employment(school=second.id, since=MOVED, post="head"),
    )
    assert (await at(puer, teacher.id, MOVED - timedelta(days=1))).school == first.id
    assert (await at(puer, teacher.id, MOVED)).school == second.id
    assert await at(puer, teacher.id, date(2020, 8, 31)) is None


async def test_lists_follow_the_place_of_work_of_the_day(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    teacher = await puer.teacher(first.id, "T1")
    await puer.teacher(first.id, "T2")
    await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=second.id, since=MOVED)

    async def lists(day: date) -> list[list[str]]:
        found = await puer.ask(wire_teacher.LIST_TEACHERS, schools=(first.id, "nowhere", second.id), as_of=day)
        return [[one.staff_number for one in page.items] for page in found.pages]

    assert await lists(MOVED - timedelta(days=1)) == [["T1", "T2"], [], []]
    assert await lists(MOVED) == [["T2"], [], ["T1"]]


async def test_a_correction_leaves_the_earlier_days_as_they_were(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1", title="二级教师", subject="语文")
    after = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=MOVED, changes={"title": "一级教师"})
    assert (after.title, after.subject, after.version) == ("一级教师", "语文", 2)
    assert (await at(puer, teacher.id, MOVED - timedelta(days=1))).title == "二级教师"
    assert (await at(puer, teacher.id, MOVED)).title == "一级教师"


async def test_a_correction_that_changes_nothing_is_no_new_version(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1", title="二级教师", national_id=synthetic_id(5))
    changes = {"title": "二级教师", "national_id": synthetic_id(5)}
    after = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=TODAY, changes=changes)
    assert after == teacher


async def test_who_leaves_has_no_school_any_more_and_may_come_back(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    gone = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=MOVED, changes={"status": "left"})
    assert (gone.status, gone.school) == ("left", None)
    assert gone.employments[-1].until == MOVED - timedelta(days=1)
    back = date(2025, 9, 1)
    returned = await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=school.id, since=back)
    assert (returned.status, returned.school) == ("active", school.id)
    assert (await at(puer, teacher.id, back - timedelta(days=1))).school is None


async def test_head_teacher_periods_are_kept_as_given(puer: Client) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    periods = [["2021-09-01", "2023-07-31"], ["2024-09-01", None]]
    changes = {"head_teacher_periods": periods}
    after = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=date(2021, 9, 1), changes=changes)
    assert after.head_teacher_periods == ((date(2021, 9, 1), date(2023, 7, 31)), (date(2024, 9, 1), None))
    changes = {"head_teacher_periods": list(reversed(periods))}
    wrong = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=TODAY, changes=changes)
    assert codes(wrong) == ["DATE_OUT_OF_ORDER"]


async def test_a_move_back_on_the_same_day_undoes_a_mistaken_move(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    teacher = await puer.teacher(first.id, "T1")
    await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=second.id, since=MOVED)
    back = await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=first.id, since=MOVED)
    assert back.employments == (wire_teacher.Employment(school=first.id, since=date(2020, 9, 1)),)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"staff_number": "T1"}, "STAFF_NUMBER_TAKEN", "staff_number"),
        ({"staff_number": " "}, "VALUE_INVALID", "staff_number"),
        ({"name": "甲\n乙"}, "VALUE_INVALID", "name"),
        ({"school": "nowhere"}, "SCHOOL_UNKNOWN", "school"),
        ({"employed_since": date(2000, 8, 31)}, "DATE_OUT_OF_ORDER", "employed_since"),
        ({"hired_on": date(2021, 1, 1)}, "DATE_OUT_OF_ORDER", "hired_on"),
        ({"national_id": "12345"}, "NATIONAL_ID_INVALID", "national_id"),
        ({"national_id": "999999197001010010"}, "NATIONAL_ID_INVALID", "national_id"),
        ({"national_id": synthetic_id(1)}, "NATIONAL_ID_TAKEN", "national_id"),
    ],
)
async def test_a_teacher_who_cannot_be_entered_is_refused_and_not_there(
    puer: Client, fields: dict[str, Any], code: str, field: str
) -> None:
    school = await puer.school("0001")
    await puer.teacher(school.id, "T1", national_id=synthetic_id(1))
    given: dict[str, Any] = {
        "school": school.id,
        "staff_number": "T2",
        "name": "甲",
        "employed_since": date(2020, 9, 1),
    }
    refused = await puer.ask(wire_teacher.CREATE_TEACHER, **(given | fields))
    assert codes(refused) == [code]
    assert refused.errors[0].field == field
    assert (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].total == 1


@pytest.mark.parametrize(
    ("since", "changes", "expected", "code"),
    [
        (TODAY, {"shoe_size": 42}, None, "FIELD_UNKNOWN"),
        (TODAY, {"gender": "x"}, None, "VALUE_INVALID"),
        (TODAY, {"staff_number": "T2"}, None, "STAFF_NUMBER_TAKEN"),
        (TODAY, {"national_id": synthetic_id(2)}, None, "NATIONAL_ID_TAKEN"),
        (TODAY, {"national_id": "1"}, None, "NATIONAL_ID_INVALID"),
        (TODAY, {"hired_on": "2021-01-01"}, None, "DATE_OUT_OF_ORDER"),
        (date(2019, 1, 1), {"title": "高级教师"}, None, "DATE_OUT_OF_ORDER"),
        (TODAY, {"title": "高级教师"}, 3, "VERSION_CONFLICT"),
    ],
)
async def test_a_wrong_correction_is_refused_and_changes_nothing(
    puer: Client, since: date, changes: dict[str, Any], expected: int | None, code: str
) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1", national_id=synthetic_id(1))
    await puer.teacher(school.id, "T2", national_id=synthetic_id(2))
    refused = await puer.ask(
        wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=since, expected_version=expected, changes=changes
    )
    assert codes(refused) == [code]
    assert await at(puer, teacher.id, None) == await at(puer, teacher.id, TODAY)
    assert (await at(puer, teacher.id, None)).version == 1


async def test_a_wrong_move_is_refused(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002", opened_on=date(2023, 9, 1))
    teacher = await puer.teacher(first.id, "T1")

    async def move(**fields: Any) -> list[str]:
        given = {"teacher": teacher.id, "school": second.id, "since": MOVED}
        return codes(await puer.ask(wire_teacher.EMPLOY_TEACHER, **(given | fields)))

    assert await move(teacher="nobody") == ["TEACHER_UNKNOWN"]
    assert await move(school="nowhere") == ["SCHOOL_UNKNOWN"]
    assert await move(since=date(2023, 8, 31)) == ["DATE_OUT_OF_ORDER"]
    assert await move(school=first.id, since=date(2020, 8, 31)) == ["DATE_OUT_OF_ORDER", "EMPLOYMENT_UNCHANGED"]
    assert await move(school=first.id) == ["EMPLOYMENT_UNCHANGED"]
    assert (await at(puer, teacher.id, None)).version == 1


async def test_a_repeated_command_is_answered_again_and_done_once(puer: Client) -> None:
    school = await puer.school("0001")
    given = {"staff_number": "T1", "name": "甲", "school": school.id, "employed_since": date(2020, 9, 1)}
    key = fresh_key()
    first = await puer.ask(wire_teacher.CREATE_TEACHER, key=key, national_id=synthetic_id(1), **given)
    assert await puer.ask(wire_teacher.CREATE_TEACHER, key=key, national_id=synthetic_id(1), **given) == first
    assert (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].total == 1
    other = await puer.ask(wire_teacher.CREATE_TEACHER, key=key, national_id=synthetic_id(2), **given)
    assert codes(other) == ["KEY_REUSED"]


async def test_pages_of_several_schools_come_in_one_answer(puer: Client) -> None:
    schools = [await puer.school(f"{number:04}") for number in range(3)]
    for place, school in enumerate(schools):
        for number in range(4):
            await puer.teacher(school.id, f"T{place}{number}", subject="数学" if number % 2 else "语文")
    found = await puer.ask(
        wire_teacher.LIST_TEACHERS, schools=tuple(one.id for one in reversed(schools)), page=wire.Page(first=3)
    )
    assert [[one.staff_number for one in page.items] for page in found.pages] == [
        ["T20", "T21", "T22"],
        ["T10", "T11", "T12"],
        ["T00", "T01", "T02"],
    ]
    assert [(page.has_next, page.total) for page in found.pages] == [(True, 4)] * 3
    rest = await puer.ask(
        wire_teacher.LIST_TEACHERS, schools=(schools[1].id,), page=wire.Page(first=3, after=found.pages[1].cursors[-1])
    )
    assert [one.staff_number for one in rest.pages[0].items] == ["T13"]
    gone = found.pages[0].items[0]
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=gone.id, since=MOVED, changes={"status": "left"})
    for narrowed in ({"status": "left"}, {"status": "left", "subject": gone.subject, "search": "T"}):
        (page,) = (await puer.ask(wire_teacher.LIST_TEACHERS, **narrowed)).pages
        assert ([one.id for one in page.items], page.total) == ([gone.id], 1)
    assert (await puer.ask(wire_teacher.LIST_TEACHERS, status="active", title="高级教师")).pages[0].total == 0
    assert (await puer.ask(wire_teacher.LIST_TEACHERS, stage="primary", fields=("id", "name"))).pages[0].total == 0
    chosen = await puer.ask(wire_teacher.LIST_TEACHERS, subject="数学", search="T1")
    assert [one.staff_number for one in chosen.pages[0].items] == ["T11", "T13"]


async def test_batched_reads_take_the_same_number_of_statements_for_any_number(
    puer: Client, registry: Registry, statements: list[str]
) -> None:
    schools = [await puer.school(f"{number:04}") for number in range(6)]
    teachers = [await puer.teacher(one.id, f"T{one.code}", national_id=synthetic_id(int(one.code))) for one in schools]

    async def counted(endpoint: Any, **fields: Any) -> int:
        statements.clear()
        await puer.ask(endpoint, **fields)
        return len(statements)

    for endpoint, name, rows, expected in (
        (wire.GET_SCHOOLS, "ids", schools, 2),
        (wire_teacher.GET_TEACHERS, "ids", teachers, 3),
        (wire_teacher.LIST_TEACHERS, "schools", schools, 5),
    ):
        one = await counted(endpoint, **{name: (rows[0].id,)})
        many = await counted(endpoint, **{name: tuple(row.id for row in rows)})
        assert one == many == expected, endpoint
