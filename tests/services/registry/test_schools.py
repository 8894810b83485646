"""Schools: entered, corrected from a day on, read as of a day, and refused with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from yanxiu_wire import registry as wire

from tests.services.registry.conftest import TODAY, Client, codes, fresh_key


async def at(client: Client, school: str, day: date) -> wire.School | None:
    return (await client.ask(wire.GET_SCHOOLS, ids=(school,), as_of=day)).items[0]


async def test_a_correction_leaves_the_earlier_days_as_they_were(puer: Client) -> None:
    school = await puer.school("0001", name="一小")
    since = date(2024, 9, 1)
    after = await puer.ask(
        wire.CORRECT_SCHOOL, school=school.id, since=since, expected_version=1, changes={"name": "第一小学"}
    )
    assert (after.name, after.version) == ("第一小学", 2)
    assert (await at(puer, school.id, since - timedelta(days=1))).name == "一小"
    assert (await at(puer, school.id, since)).name == "第一小学"


async def test_before_it_opened_there_is_no_school(puer: Client) -> None:
    school = await puer.school("0001", opened_on=date(2010, 9, 1))
    assert await at(puer, school.id, date(2010, 8, 31)) is None
    assert (await at(puer, school.id, date(2010, 9, 1))).id == school.id
    assert (await puer.ask(wire.LIST_SCHOOLS, as_of=date(2010, 8, 31))).total == 0


async def test_a_school_that_opens_later_is_shown_as_it_will_open(puer: Client) -> None:
    school = await puer.school("0001", opened_on=TODAY + timedelta(days=100))
    assert (await puer.ask(wire.GET_SCHOOLS, ids=(school.id,))).items[0] == school


async def test_the_opening_can_be_moved_and_history_begins_with_it(puer: Client) -> None:
    school = await puer.school("0001", opened_on=date(2010, 9, 1))
    changes = {"opened_on": "2005-09-01"}
    await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes=changes)
    assert (await at(puer, school.id, date(2005, 9, 1))).opened_on == date(2005, 9, 1)
    assert await at(puer, school.id, date(2005, 8, 31)) is None


async def test_a_closed_school_leaves_the_list_and_takes_nobody(puer: Client) -> None:
    school = await puer.school("0001")
    await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes={"closed_on": "2025-07-31"})
    assert (await puer.ask(wire.LIST_SCHOOLS, as_of=date(2025, 8, 1))).items == ()
    assert len((await puer.ask(wire.LIST_SCHOOLS, as_of=date(2025, 7, 31))).items) == 1
    assert codes(await puer.teacher(school.id, "T1", employed_since=date(2025, 9, 1))) == ["DATE_OUT_OF_ORDER"]


async def test_the_answer_keeps_the_order_asked_for(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    found = await puer.ask(wire.GET_SCHOOLS, ids=(second.id, "unknown", first.id, second.id))
    assert [one and one.code for one in found.items] == ["0002", None, "0001", "0002"]


async def test_pages_follow_one_another_without_gap_or_repetition(puer: Client) -> None:
    for number in range(7):
        await puer.school(f"{number:04}", stage="primary" if number % 2 else "junior")
    seen, after = [], None
    while True:
        page = await puer.ask(wire.LIST_SCHOOLS, page=wire.Page(first=3, after=after))
        seen += [one.code for one in page.items]
        assert page.total == 7
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert seen == [f"{number:04}" for number in range(7)]
    junior = await puer.ask(wire.LIST_SCHOOLS, stage="junior")
    assert [one.code for one in junior.items] == ["0000", "0002", "0004", "0006"]
    assert [one.code for one in (await puer.ask(wire.LIST_SCHOOLS, search="0003")).items] == ["0003"]
    assert (await puer.ask(wire.LIST_SCHOOLS, search="%")).total == 0


async def test_a_code_is_one_schools_alone(puer: Client) -> None:
    await puer.school("0001")
    second = await puer.school("0002")
    assert codes(await puer.school("0001")) == ["SCHOOL_CODE_TAKEN"]
    changed = await puer.ask(wire.CORRECT_SCHOOL, school=second.id, since=TODAY, changes={"code": "0001"})
    assert codes(changed) == ["SCHOOL_CODE_TAKEN"]
    assert (changed.errors[0].field, changed.errors[0].value) == ("changes.code", "0001")


async def test_the_same_command_again_gets_the_same_answer_and_another_body_is_refused(puer: Client) -> None:
    key = fresh_key()
    given = {"name": "一小", "stage": "primary", "location": "rural", "opened_on": date(2000, 9, 1)}
    first = await puer.ask(wire.CREATE_SCHOOL, key=key, code="0001", **given)
    assert await puer.ask(wire.CREATE_SCHOOL, key=key, code="0001", **given) == first
    assert (await puer.ask(wire.LIST_SCHOOLS)).total == 1
    assert codes(await puer.ask(wire.CREATE_SCHOOL, key=key, code="0002", **given)) == ["KEY_REUSED"]


@pytest.mark.parametrize(
    ("since", "changes", "expected", "code", "field"),
    [
        (TODAY, {"motto": "勤"}, None, "FIELD_UNKNOWN", "changes.motto"),
        (TODAY, {"stage": "university"}, None, "VALUE_INVALID", "changes.stage"),
        (TODAY, {"name": ""}, None, "VALUE_INVALID", "changes.name"),
        (TODAY, {"closed_on": "yesterday"}, None, "VALUE_INVALID", "changes.closed_on"),
        (TODAY, {}, None, "VALUE_INVALID", "changes"),
        (TODAY, {"closed_on": "1999-01-01"}, None, "DATE_OUT_OF_ORDER", "changes.closed_on"),
        (date(1999, 1, 1), {"name": "旧名"}, None, "DATE_OUT_OF_ORDER", "since"),
        (TODAY, {"name": "新名"}, 7, "VERSION_CONFLICT", "expected_version"),
    ],
)
async def test_a_wrong_correction_is_refused_and_changes_nothing(
    puer: Client, since: date, changes: dict[str, str], expected: int | None, code: str, field: str
) -> None:
    school = await puer.school("0001")
    refused = await puer.ask(
        wire.CORRECT_SCHOOL, school=school.id, since=since, expected_version=expected, changes=changes
    )
    assert codes(refused) == [code]
    assert refused.errors[0].field == field
    assert (await puer.ask(wire.GET_SCHOOLS, ids=(school.id,))).items == (school,)


async def test_a_school_cannot_open_after_its_first_teacher_began(puer: Client) -> None:
    school = await puer.school("0001")
    await puer.teacher(school.id, "T1", employed_since=date(2015, 9, 1))
    refused = await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes={"opened_on": "2016-09-01"})
    assert codes(refused) == ["DATE_OUT_OF_ORDER"]
    assert "2015-09-01" in refused.errors[0].remedy_en


async def test_a_page_of_no_or_too_many_rows_is_refused(puer: Client) -> None:
    for first in (0, -1, 501):
        assert codes(await puer.ask(wire.LIST_SCHOOLS, page=wire.Page(first=first))) == ["VALUE_INVALID"]
    assert codes(await puer.ask(wire.GET_SCHOOLS, ids=tuple(map(str, range(1001))))) == ["TOO_MANY"]


@pytest.mark.parametrize("after", ["zzz", "S001", "=", "c" * 3_000])
async def test_a_cursor_that_was_not_given_out_is_refused(puer: Client, after: str) -> None:
    refused = await puer.ask(wire.LIST_SCHOOLS, page=wire.Page(first=3, after=after))
    assert (refused.errors[0].code, refused.errors[0].field) == ("CURSOR_MALFORMED", "page.after")
