"""The comparison of a roster with the register, without a database: each kind of row, each error, and its laws."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_registry.assess_roster import Assessment, Means, Register, assess_roster, register_of
from yanxiu_registry.history import employed, in_force, spans
from yanxiu_registry.register import SchoolFacts, SchoolFile, SealedId, TeacherFacts, TeacherFile
from yanxiu_registry.roster_row import read_date
from yanxiu_wire.roster_import import RosterRow
from yanxiu_wire.teacher import Employment

from tests.services.registry.conftest import TODAY, synthetic_id

OPENED = date(2010, 9, 1)
CLOSED = date(2025, 7, 31)


def school(code: str, closed_on: date | None = None) -> SchoolFile:
    facts = SchoolFacts(name=f"{code}小学", stage="primary", location="town")
    return SchoolFile(id=f"id-{code}", code=code, opened_on=OPENED, closed_on=closed_on, facts=spans([(OPENED, facts)]))


SCHOOLS = (school("A"), school("B"), school("C", CLOSED))


def index(number: str) -> bytes:
    return number[::-1].encode()


def teacher(number: str, at: str = "A", since: date = date(2020, 9, 1), **fields: Any) -> TeacherFile:
    national_id = fields.pop("national_id", None)
    return TeacherFile(
        id=f"id-{number}",
        staff_number=number,
        sealed=SealedId(b"sealed", index(national_id)) if national_id else None,
        facts=spans([(since, TeacherFacts(**({"name": f"教师{number}"} | fields)))]),
        employments=(Employment(school=f"id-{at}", since=since),),
    )


def assess(rows: list[dict[str, str]], *teachers: TeacherFile, as_of: date = TODAY) -> Assessment:
    ids = itertools.count()
    means = Means(as_of=as_of, today=TODAY, index=index, new_id=lambda: f"new-{next(ids)}")
    staged = [RosterRow(number=place, cells=cells) for place, cells in enumerate(rows, start=2)]
    return assess_roster(staged, register_of(teachers, SCHOOLS), means)


def row(number: str = "T1", **cells: str) -> dict[str, str]:
    return {"staff_number": number, "name": f"教师{number}", "school_code": "A"} | cells


def test_a_row_that_says_what_the_register_says_changes_nothing() -> None:
    known = teacher("T1", subject="语文", national_id=synthetic_id(1))
    found = assess([row(subject="语文", national_id=synthetic_id(1), title="")], known)
    assert (found.actions, found.unchanged, found.errors) == ([], 1, [])


def test_an_unknown_staff_number_is_a_new_teacher_from_the_day_of_arrival() -> None:
    cells = row(employed_since="2019年9月1日", hired_on="2018/7/1", gender="女", stage="小学", title="一级教师")
    (action,) = assess([cells | {"national_id": synthetic_id(3).lower()}]).actions
    assert (action.kind, action.before, action.national_id) == ("created", None, synthetic_id(3))
    assert action.after.employments == (Employment(school="id-A", since=date(2019, 9, 1)),)
    facts = action.after.facts[0]
    assert (facts.since, facts.value.gender, facts.value.stage) == (date(2019, 9, 1), "female", "primary")
    assert facts.value.hired_on == date(2018, 7, 1)


def test_another_school_is_a_move_from_the_day_of_the_roster() -> None:
    (action,) = assess([row(school_code="B")], teacher("T1")).actions
    assert action.kind == "moved"
    assert [one.school for one in action.after.employments] == ["id-A", "id-B"]
    assert action.after.employments[1].since == TODAY
    assert action.after.version == 2


def test_other_facts_are_a_correction_from_the_day_of_the_roster() -> None:
    (action,) = assess([row(title="高级教师")], teacher("T1", title="一级教师")).actions
    assert action.kind == "corrected"
    assert [span.value.title for span in action.after.facts] == ["一级教师", "高级教师"]


def test_another_day_of_arrival_corrects_the_beginning_of_the_work() -> None:
    (action,) = assess([row(employed_since="2015-09-01")], teacher("T1")).actions
    assert action.after.employments == (Employment(school="id-A", since=date(2015, 9, 1)),)
    assert action.after.facts[0].since == date(2015, 9, 1)


def test_a_missing_national_id_is_added() -> None:
    (action,) = assess([row(national_id=synthetic_id(9))], teacher("T1")).actions
    assert (action.kind, action.national_id) == ("corrected", synthetic_id(9))


def test_who_had_left_comes_back() -> None:
    left = teacher("T1", status="left")
    left = msgspec.structs.replace(
        left, employments=(Employment(school="id-A", since=date(2020, 9, 1), until=date(2023, 7, 31)),)
    )
    (action,) = assess([row()], left).actions
    assert action.after.facts[-1].value.status == "active"
    assert employed(action.after.employments, TODAY) == Employment(school="id-A", since=TODAY)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"national_id": "110105194912310021"}, "身份证号", "NATIONAL_ID_INVALID"),
        ({"national_id": synthetic_id(7)}, "身份证号", "NATIONAL_ID_TAKEN"),
        ({"school_code": "Z"}, "学校代码", "SCHOOL_UNKNOWN"),
        ({"school_code": ""}, "学校代码", "CELL_MISSING"),
        ({"name": " "}, "姓名", "CELL_MISSING"),
        ({"staff_number": ""}, "工号", "CELL_MISSING"),
        ({"gender": "?"}, "性别", "VALUE_INVALID"),
        ({"stage": "大学"}, "学段", "VALUE_INVALID"),
        ({"hired_on": "2020-13-01"}, "入职日期", "VALUE_INVALID"),
        ({"hired_on": "2026-03-03"}, "入职日期", "DATE_OUT_OF_ORDER"),
        ({"employed_since": "2009-09-01"}, "到校日期", "DATE_OUT_OF_ORDER"),
        ({"school_code": "C"}, "到校日期", "DATE_OUT_OF_ORDER"),
        ({"title": "一级\x07教师"}, "职称", "VALUE_INVALID"),
        ({"shoe": "42"}, "shoe", "VALUE_INVALID"),
    ],
)
def test_an_error_names_row_column_value_and_remedy(cells: dict[str, str], column: str, code: str) -> None:
    found = assess([row("T9") | cells], teacher("T7", national_id=synthetic_id(7)))
    (error,) = found.errors
    assert (error.row, error.column, error.item.code) == (2, column, code)
    assert error.item.remedy_zh
    assert error.item.remedy_en
    given = cells.get(error.item.field, "")
    assert error.value == (given.strip() if column != "身份证号" else given[:3] + "*" * 11 + given[-4:])
    assert (found.actions, found.unchanged) == ([], 0)


def test_a_staff_number_with_another_national_id_is_an_error() -> None:
    found = assess([row(national_id=synthetic_id(2))], teacher("T1", national_id=synthetic_id(1)))
    assert [error.item.code for error in found.errors] == ["NATIONAL_ID_DIFFERS"]


def test_the_same_person_on_two_rows_is_an_error_that_names_the_first_row() -> None:
    found = assess([row("T1", national_id=synthetic_id(1)), row("T1"), row("T2", national_id=synthetic_id(1))])
    assert [(error.row, error.column, error.item.code) for error in found.errors] == [
        (3, "工号", "ROW_REPEATED"),
        (4, "身份证号", "ROW_REPEATED"),
    ]
    assert all("2" in error.item.message_zh for error in found.errors)


def test_a_planned_move_is_not_overruled_by_todays_roster() -> None:
    planned = msgspec.structs.replace(
        teacher("T1"),
        employments=(
            Employment(school="id-A", since=date(2020, 9, 1), until=date(2026, 8, 31)),
            Employment(school="id-B", since=date(2026, 9, 1)),
        ),
    )
    assert assess([row()], planned).unchanged == 1


@pytest.mark.parametrize("text", ["2024-09-01", "2024/9/1", "2024.9.1", "2024年9月1日", "20240901"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert read_date(text) == date(2024, 9, 1)


@pytest.mark.parametrize("text", ["2024-09", "24-9-1", "2024-02-30", "1.9.2024", "202409011", "昨天"])
def test_what_is_no_full_date_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


# ---- laws ------------------------------------------------------------------------------------------------------

days = st.integers(-60, 6000).map(lambda ahead: OPENED + timedelta(days=ahead))
texts = st.sampled_from(["", "语文", "数学", "一级教师"])


@st.composite
def rosters(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of few people, so that they meet those of the register and each other."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "staff_number": st.sampled_from(["T1", "T2", "T3", "T4"]),
                    "name": st.sampled_from(["甲", "乙"]),
                    "school_code": st.sampled_from(["A", "B", "C", ""]),
                    "national_id": st.sampled_from(["", *map(synthetic_id, range(4))]),
                    "employed_since": st.one_of(st.just(""), days.map(date.isoformat)),
                    "hired_on": st.one_of(st.just(""), days.map(date.isoformat)),
                    "subject": texts,
                    "title": texts,
                    "post": st.sampled_from(["", "teacher", "head"]),
                }
            ),
            max_size=5,
        )
    )


@st.composite
def registers(draw: st.DrawFn) -> list[TeacherFile]:
    """Teachers with one or two stretches of work, some of whom have left."""
    found = []
    for number in draw(st.sets(st.sampled_from(["T1", "T2", "T3"]))):
        since = draw(days.filter(lambda day: day >= OPENED))
        file = teacher(number, draw(st.sampled_from("AB")), since, subject=draw(texts) or None)
        if draw(st.booleans()):
            file = msgspec.structs.replace(file, sealed=SealedId(b"s", index(synthetic_id(int(number[1])))))
        stretches = list(file.employments)
        if draw(st.booleans()):
            begun = since + timedelta(days=draw(st.integers(2, 900)))
            gap = draw(st.integers(1, 2))
            stretches[0] = msgspec.structs.replace(stretches[0], until=begun - timedelta(days=gap))
            place = draw(st.sampled_from(["id-A", "id-B"]))
            stretches.append(Employment(school=place, since=begun, post=draw(st.sampled_from(["teacher", "head"]))))
        found.append(msgspec.structs.replace(file, employments=tuple(stretches)))
    return found


def applied(teachers: list[TeacherFile], found: Assessment) -> list[TeacherFile]:
    files = {one.id: one for one in teachers} | {action.after.id: action.after for action in found.actions}
    return list(files.values())


@settings(max_examples=400, deadline=None)
@given(rosters(), registers(), days)
def test_what_was_applied_is_unchanged_when_it_is_compared_again(
    rows: list[dict[str, str]], teachers: list[TeacherFile], as_of: date
) -> None:
    found = assess(rows, *teachers, as_of=as_of)
    faulty = {error.row for error in found.errors}
    good = [cells for place, cells in enumerate(rows, start=2) if place not in faulty]
    again = assess(good, *applied(teachers, found), as_of=as_of)
    assert again.errors == []
    assert (again.actions, again.unchanged) == ([], len(good))


@settings(max_examples=400, deadline=None)
@given(rosters(), registers(), days)
def test_every_row_is_counted_once_and_every_result_is_sound(
    rows: list[dict[str, str]], teachers: list[TeacherFile], as_of: date
) -> None:
    found = assess(rows, *teachers, as_of=as_of)
    faulty = {error.row for error in found.errors}
    assert len(found.actions) + found.unchanged + len(faulty) == len(rows)
    for action in found.actions:
        after = action.after
        assert action.row not in faulty
        for earlier, later in itertools.pairwise(after.employments):
            assert earlier.until is not None
            assert earlier.since <= earlier.until < later.since
        for earlier, later in itertools.pairwise(after.facts):
            assert earlier.until == later.since - timedelta(days=1)
        for stretch in after.employments:
            assert in_force(after.facts, stretch.since) is not None, "whoever works is on file"
        if action.before is not None:
            assert after.version == action.before.version + 1
            assert action.before != after


def test_the_register_is_found_by_each_natural_key() -> None:
    made: Register = register_of([teacher("T1", national_id=synthetic_id(1)), teacher("T2")], SCHOOLS)
    assert set(made.teachers) == {"T1", "T2"}
    assert made.holders == {index(synthetic_id(1)): "T1"}
    assert set(made.schools) == {"A", "B", "C"}


@pytest.mark.parametrize("column", ["gender", "stage", "hired_on", "employed_since"])
def test_a_wrong_words_remedy_is_chinese_in_chinese_and_english_in_english(column: str) -> None:
    row = {"staff_number": "T1", "name": "甲", "school_code": "A", column: "?"}
    (error,) = assess([row]).errors
    assert not re.search("[a-zA-Z]", error.item.message_zh + error.item.remedy_zh)
    assert (error.item.message_en + error.item.remedy_en).isascii()
