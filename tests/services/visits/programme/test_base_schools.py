"""What base schools of Yueqing reached: recorded by its proper role, corrected, and held against the targets."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_visits.programme.assess_programme import programme_of
from yanxiu_visits.programme.tables import programme_entry
from yanxiu_wire import programme as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from tests.services.visits.programme.base_schools import (
    BRAND,
    FIRST,
    LAST,
    adopted,
    contest,
    correct,
    entrant,
    entries,
    programme,
    record,
    withdraw,
    yueqing,
)
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]
_numbers = itertools.count(1)


@pytest.fixture
async def base(quick_visits: Any) -> Any:
    return await yueqing(quick_visits, f"base-{next(_numbers)}")


@pytest.fixture
async def base_on_each(visits: Any) -> Any:
    return await yueqing(visits, f"base-each-{next(_numbers)}")


def by_clause(found: wire.BaseSchoolProgramme) -> dict[str, tuple[Any, ...]]:
    return {one.clause: (one.reached, one.aimed, one.to_go, one.met) for one in found.targets}


async def test_what_was_reached_is_told_against_each_target_and_of_each_school(base_on_each: Any) -> None:
    base = base_on_each
    await record(base, BRAND)
    base_level = wire.Achieved(kind="demonstration", reached_on=date(2022, 6, 30), title="示范基地", level="county")
    late = msgspec.structs.replace(base_level, reached_on=date(2022, 7, 1))
    await record(base, base_level)
    await record(base, late, "s2")
    young = contest(entrant("t1", award="一等奖"), entrant("t2", took_part=False))
    await record(base, young, caller=base.school("s1"))
    found = await programme(base)
    assert by_clause(found) == {
        "YUEQING-3-1a": (1, 20, 19, False),
        "YUEQING-3-1b": (1, Decimal("1.6"), Decimal("0.6"), False),
        "YUEQING-3-1c": (0, Decimal("1.7"), Decimal("1.7"), False),
        "YUEQING-3-2a": (0, 2, 2, False),
        "YUEQING-3-2b": (1, 2, 1, False),
    }
    assert {one.due_on for one in found.targets} == {date(2022, 6, 30)}
    first, second = found.schools
    assert [(one.kind, one.since) for one in first.achievements if one.since] == [
        ("demonstration", date(2022, 6, 30)), ("brand", date(2021, 5, 4)),
    ]  # fmt: skip
    assert [(one.clause, one.reached, one.of) for one in first.teachers] == [("YUEQING-3-2b", 1, 2)]
    assert [(one.clause, one.reached, one.of) for one in second.teachers] == [("YUEQING-3-2b", None, 0)]
    assert all(not one.failed for one in found.rulings)
    # As it stood before the contest, and of the batch as nobody may be told of it.
    early = by_clause(await programme(base, as_of=date(2021, 4, 9)))
    assert (early["YUEQING-3-2b"][0], early["YUEQING-3-1b"][0]) == (None, 0)


async def test_a_correction_is_another_version_and_the_old_one_stays(base_on_each: Any, error_of: ErrorOf) -> None:
    base = base_on_each
    made = await record(base, BRAND)
    error_of(await record(base, msgspec.structs.replace(BRAND, reached_on=date(2021, 6, 1))), "ALREADY_RECORDED")
    later = msgspec.structs.replace(BRAND, reached_on=date(2022, 7, 1))
    second = await correct(base, made, later)
    assert (second.id, second.version, second.reason) == (made.id, 2, "日期有误")
    assert by_clause(await programme(base))["YUEQING-3-1b"][0] == 0
    assert error_of(await correct(base, made, BRAND), "VERSION_CHANGED").value == 2
    error_of(await correct(base, second, contest(entrant("t1"))), "ANOTHER_KIND")
    gone = await withdraw(base, second)
    assert (gone.version, gone.withdrawn) == (3, True)
    error_of(await correct(base, gone, BRAND), "ENTRY_WITHDRAWN")
    assert (await entries(base)).total == 0
    every = await entries(base, history=True)
    assert [(one.version, one.content.reached_on, one.withdrawn) for one in every.items] == [
        (1, BRAND.reached_on, False), (2, later.reached_on, False), (3, later.reached_on, True),
    ]  # fmt: skip
    named = await entries(
        base, history=True, ids=(f"{made.id}/1", f"{made.id}/3", f"{made.id}/9", f"{made.id}/x", "none/1")
    )
    assert [one.version for one in named.items] == [1, 3]
    assert (await entries(base, history=True, ids=(made.id,))).total == 3
    first = await entries(base, history=True, page=Page(first=2))
    rest = await entries(base, history=True, page=Page(first=2, after=first.cursors[-1]))
    assert [one.version for one in (*first.items, *rest.items)] == [1, 2, 3]
    # What was withdrawn may be recorded again; of two who correct it at once one is told of the other.
    again = await record(base, BRAND)
    both = await asyncio.gather(*(correct(base, again, later, reason=f"{n}") for n in range(4)))
    assert sorted(one.errors[0].code if hasattr(one, "errors") else f"v{one.version}" for one in both) == [
        *["VERSION_CHANGED"] * 3, "v2",
    ]  # fmt: skip
    with never_changed():
        async with base.service.databases.write(base.district, Deadline.after(10)) as conn:
            await conn.execute(sa.update(programme_entry).values(school="s2"))


async def test_each_records_what_is_his_to_record(base: Any, error_of: ErrorOf) -> None:
    brand = BRAND
    error_of(await record(base, brand, caller=base.school("s1")), "FORBIDDEN")
    list_ = contest(entrant("t1"))
    error_of(await record(base, list_, caller=base.school("s2")), "BASE_SCHOOL_UNKNOWN")
    error_of(await record(base, brand, "s2", caller=base.researcher("r1")), "BASE_SCHOOL_UNKNOWN")
    mine = await record(base, brand, caller=base.researcher("r1"))
    error_of(await correct(base, mine, brand, caller=base.researcher("r2")), "ENTRY_UNKNOWN")
    held = await record(base, list_, caller=base.school("s1"))
    error_of(await withdraw(base, held, caller=base.school("s2")), "ENTRY_UNKNOWN")
    error_of(await withdraw(base, mine, caller=base.school("s1")), "FORBIDDEN")
    error_of(await record(base, brand, caller=base.caller("supervisor")), "FORBIDDEN")
    assert [one.id for one in (await entries(base, base.school("s2"))).items] == []
    assert {one.id for one in (await entries(base, base.researcher("r1"))).items} == {mine.id, held.id}
    assert [one.school for one in (await programme(base, base.school("s2"))).schools] == ["s2"]
    assert [one.school for one in (await programme(base, base.researcher("r1"))).schools] == ["s1"]
    # Days of birth are for those who record them.
    (seen,) = (await entries(base, base.caller("auditor"), kind="contest")).items
    assert [one.born_on for one in seen.content.entrants] == [None]
    (own,) = (await entries(base, base.school("s1"), kind="contest")).items
    assert [one.born_on for one in own.content.entrants] == [date(1990, 1, 1)]


GROUP = wire.Achieved(kind="advanced-group", reached_on=date(2021, 5, 4), title="先进", level="county", subject="语文")
FAMOUS = wire.Achieved(kind="famous-teacher", reached_on=date(2021, 5, 4), title="名师", teacher="t1")


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        (msgspec.structs.replace(GROUP, level="area"), "LEVEL_NOT_COUNTED", "content.level"),
        (msgspec.structs.replace(GROUP, level=None), "LEVEL_NOT_COUNTED", "content.level"),
        (msgspec.structs.replace(GROUP, subject=" "), "TEXT_MALFORMED", "content.subject"),
        (msgspec.structs.replace(GROUP, teacher="t1"), "NOT_ONE_OF", "content.teacher"),
        (msgspec.structs.replace(FAMOUS, teacher="t3"), "PERSON_UNKNOWN", "content.teacher"),
        (msgspec.structs.replace(BRAND, title=""), "TEXT_MALFORMED", "content.title"),
        (msgspec.structs.replace(BRAND, reached_on=date(2022, 10, 20)), "OUTSIDE_BATCH", "content.reached_on"),
        (msgspec.structs.replace(BRAND, reached_on=date(2030, 1, 1)), "DAY_IN_FUTURE", "content.reached_on"),
        (contest(), "TOO_MANY", "content.entrants"),
        (contest(entrant("t1"), held_on=date(2020, 10, 19)), "OUTSIDE_BATCH", "content.held_on"),
        (contest(entrant("t1"), entrant("t1")), "ENTRANTS_MALFORMED", "content.entrants[1].teacher"),
        (contest(entrant("t1", born=date(2021, 4, 10))), "ENTRANTS_MALFORMED", "content.entrants[0].born_on"),
        (contest(entrant("t1", took_part=False, award="一等")), "ENTRANTS_MALFORMED", "content.entrants[0].award"),
        (contest(entrant("t1"), entrant("t3")), "PERSON_UNKNOWN", "content.entrants[1].teacher"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    base: Any, error_of: ErrorOf, content: wire.EntryContent, code: str, field: str
) -> None:
    assert error_of(await record(base, content), code).field == field
    assert (await entries(base, history=True)).total == 0


def test_a_school_has_a_thing_since_the_first_of_them_and_keeps_it_in_a_later_batch() -> None:
    def entry(name: str, on: date, school: str = "s1", batch: date = FIRST) -> wire.ProgrammeEntry:
        return wire.ProgrammeEntry(
            id=name, version=1, batch=batch, school=school, content=msgspec.structs.replace(BRAND, reached_on=on),
            evidence="x", recorded_by="x", recorded_at=datetime(2021, 1, 1, tzinfo=UTC),
        )  # fmt: skip

    found = [entry("b", date(2021, 3, 1)), entry("a", date(2021, 2, 1)), entry("c", date(2021, 5, 1))]
    later = wire.BaseSchoolBatch(
        starts_on=date(2024, 10, 20), ends_on=date(2026, 10, 19), plan="p", schools=("s1", "s2")
    )
    programme_ = programme_of(later, [*found, entry("d", date(2021, 4, 1), "s9")], ("s1", "s9"))
    assert [(one.id, one.brand_on) for one in programme_.schools] == [("s1", date(2021, 2, 1)), ("s2", None)]
    assert [(one.id, one.brand_on) for one in programme_.ever] == [("s9", date(2021, 4, 1))]


async def test_a_level_that_does_not_count_names_the_clause(base: Any, error_of: ErrorOf) -> None:
    refused = error_of(await record(base, msgspec.structs.replace(GROUP, level="school")), "LEVEL_NOT_COUNTED")
    assert refused.clauses == ("YUEQING-3-1c",)
    assert not hasattr(await record(base, GROUP), "errors")
    assert by_clause(await programme(base))["YUEQING-3-1c"][0] == 1


async def test_only_base_schools_of_a_batch_that_was_adopted(base: Any, ouhai: Any, error_of: ErrorOf) -> None:
    error_of(await record(base, BRAND, "s3"), "BASE_SCHOOL_UNKNOWN")
    error_of(await record(base, BRAND, batch=date(2020, 10, 21)), "BATCH_UNKNOWN")
    error_of(await programme(base, batch=date(2021, 1, 1)), "BATCH_UNKNOWN")
    error_of(await programme(ouhai), "BATCH_UNKNOWN")
    await adopted(ouhai, date(2024, 10, 1), date(2026, 9, 30), ("r1", "s1"))
    error_of(await programme(ouhai, batch=date(2024, 10, 1)), "NO_SUCH_RULE")
    error_of(await record(ouhai, BRAND, batch=date(2024, 10, 1)), "NO_SUCH_RULE")


async def test_the_next_batch_has_its_own_schools_and_no_targets_until_their_day_is_set(base: Any) -> None:
    base_level = wire.Achieved(kind="demonstration", reached_on=date(2022, 6, 1), title="示范基地", level="county")
    await record(base, base_level)
    again = date(2022, 10, 20)
    await adopted(base, again, date(2024, 10, 19), ("r1", "s3"))
    query = wire.ListBaseSchoolBatches(caller=base.school("s2"))
    found = (await base.call(wire.LIST_BASE_SCHOOL_BATCHES, query)).items
    assert [(one.starts_on, one.schools) for one in found] == [(again, ("s3",)), (FIRST, ("s1", "s2"))]
    assert found[1].ends_on == LAST
    second = await programme(base, batch=again)
    assert (second.targets, second.rulings, [one.school for one in second.schools]) == ((), (), ["s3"])
    assert by_clause(await programme(base))["YUEQING-3-1a"][0] == 1
