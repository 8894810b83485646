"""A national id in a field that is kept in the clear is refused, however it is written there."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.roster_file import read_roster
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import check_character, holds_id, without_ids
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import TODAY, Client, caller, codes, synthetic_id
from tests.services.registry.test_import_teachers import HEADINGS, command, write_xlsx

NUMBER = synthetic_id(41)
MASKED = NUMBER[:3] + "*" * 11 + NUMBER[-4:]
FULL_WIDTH = NUMBER.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
GROUPED = f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}"
ENDING_IN_X = next(one for one in map(synthetic_id, range(200)) if one.endswith("X"))


@pytest.mark.parametrize(
    "written",
    [NUMBER, FULL_WIDTH, GROUPED, f"甲（{NUMBER}）", ENDING_IN_X.lower(), f"工号12 {NUMBER}", NUMBER.replace("", " ")],
)
def test_a_number_is_noticed_however_it_is_written(written: str) -> None:
    assert holds_id(written)
    assert not any(number[6:14] in without_ids(written).replace(" ", "") for number in (NUMBER, ENDING_IN_X))


@pytest.mark.parametrize(
    "written",
    [
        "甲一",
        "13800000000",
        NUMBER[:-1] + check_character(NUMBER[1:-1] + "0"),
        "9" + NUMBER,
        NUMBER + "7",
        "2024-09-01 2025-01-18",
        "530802199913310019",
    ],
)
def test_other_numbers_are_left_alone(written: str) -> None:
    assert not holds_id(written)


@pytest.mark.parametrize("field", ["staff_number", "name", "subject", "title", "post"])
async def test_a_new_teachers_texts_hold_no_national_id(puer: Client, field: str) -> None:
    school = await puer.school("0001")
    given: dict[str, Any] = {"staff_number": "T1", "name": "甲", field: GROUPED}
    refused = await puer.ask(wire_teacher.CREATE_TEACHER, school=school.id, employed_since=date(2020, 9, 1), **given)
    assert codes(refused) == ["NATIONAL_ID_MISPLACED"]
    assert (refused.errors[0].field, refused.errors[0].value) == (field, MASKED)
    assert (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].items == ()


@pytest.mark.parametrize("field", ["staff_number", "name", "subject", "title"])
async def test_a_correction_of_a_teacher_holds_no_national_id(puer: Client, field: str) -> None:
    school = await puer.school("0001")
    made = await puer.teacher(school.id, "T1")
    refused = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=made.id, since=TODAY, changes={field: FULL_WIDTH})
    assert codes(refused) == ["NATIONAL_ID_MISPLACED"]
    assert (refused.errors[0].field, refused.errors[0].value) == (f"changes.{field}", MASKED)
    moved = await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=made.id, school=school.id, since=TODAY, post=NUMBER)
    assert codes(moved) == ["NATIONAL_ID_MISPLACED"]


@pytest.mark.parametrize("field", ["code", "name"])
async def test_a_schools_texts_hold_no_national_id(puer: Client, field: str) -> None:
    given = {"code": "0002", "name": "某校", "stage": "primary", "location": "town", "opened_on": date(2000, 9, 1)}
    refused = await puer.ask(wire.CREATE_SCHOOL, **(given | {field: NUMBER}))
    assert (codes(refused), refused.errors[0].field) == (["NATIONAL_ID_MISPLACED"], field)
    made = await puer.school("0001")
    refused = await puer.ask(wire.CORRECT_SCHOOL, school=made.id, since=TODAY, changes={field: NUMBER})
    assert (codes(refused), refused.errors[0].value) == (["NATIONAL_ID_MISPLACED"], MASKED)


async def test_a_districts_name_and_a_reveals_reason_hold_no_national_id(
    registry: Registry, bus: Bus, puer: Client
) -> None:
    operator = Client(bus, "new", caller("platform-operator", "platform"))
    refused = await operator.ask(wire.CREATE_DISTRICT, name_zh=NUMBER, name_en="New")
    assert (codes(refused), refused.errors[0].field) == (["NATIONAL_ID_MISPLACED"], "name_zh")
    assert not await registry.dbs.has("new")
    refused = await puer.ask(wire_teacher.GET_TEACHERS, ids=("x",), reveal=True, reason=f"核对 {NUMBER}")
    assert (codes(refused), refused.errors[0].value) == (["NATIONAL_ID_MISPLACED"], f"核对 {MASKED}")


async def test_a_search_by_national_id_is_no_place_to_keep_it(puer: Client) -> None:
    assert (await puer.ask(wire_teacher.LIST_TEACHERS, search=NUMBER)).pages[0].items == ()


async def test_a_roster_row_with_a_number_in_another_column_is_an_error(puer: Client, tmp_path: Path) -> None:
    await puer.school("0001")
    rows = [
        ["T1", NUMBER, "", "0001", "语文", "小学", "", "", "女", ""],
        ["T2", "乙", "", "0001", FULL_WIDTH, "小学", GROUPED, "", "男", ""],
        [NUMBER, "丙", "", NUMBER, "", "", "", NUMBER, NUMBER, ""],
    ]
    path = tmp_path / "r.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    code, out, _ = await command(puer, str(path))
    assert code == 1
    assert out.count("此处填写了身份证号") == 5
    assert MASKED in out
    assert not any(one in out for one in (NUMBER, FULL_WIDTH, GROUPED))
    assert (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].items == ()


def test_a_number_that_a_spreadsheet_rounded_is_hidden_in_any_column(tmp_path: Path) -> None:
    row = ["T1", float(NUMBER[:17] + "0"), *[""] * 8]
    (problem,) = read_roster(write_xlsx(tmp_path / "r.xlsx", HEADINGS, row), "puer").problems
    assert (problem.column, problem.value) == ("姓名", "***")
