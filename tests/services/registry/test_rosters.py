"""Rosters through the service: dry run, one transaction, second import, undo, and 20,000 rows in reasonable time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_durable.tables import OUTBOX
from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import check_character
from yanxiu_wire import registry as wire
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire import roster_import
from yanxiu_wire import teacher as wire_teacher

from tests.services.registry.conftest import TODAY, Client, codes, synthetic_id
from tests.stores import Store

# In PostgreSQL a long transaction keeps no reader waiting: fewer rows show it.
LARGE = {"sqlite": 20_000, "postgresql": 4_000}
REASONABLE = 60.0  # seconds for a step on a busy machine; on two idle cores applying took 3.6 and checking 1.7


def row(number: int, **cells: str) -> roster_import.RosterRow:
    given = {"staff_number": f"T{number:05}", "name": f"教师{number}", "school_code": "0001"}
    return roster_import.RosterRow(number=number, cells=given | cells)


async def stage(client: Client, roster: str, *rows: roster_import.RosterRow) -> None:
    staged = await client.ask(roster_import.STAGE_ROSTER, roster=roster, rows=rows)
    assert isinstance(staged, roster_import.RosterStaged), staged


async def content(registry: Registry) -> dict[str, int]:
    """How many rows each table of the district has; the relay's own notes come and go beside what is entered."""
    async with registry.dbs.read("puer") as conn:
        counts = {}
        for table in (one for one in METADATA.sorted_tables if one.name != "outbox_progress"):
            counts[table.name] = (await conn.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
    return counts


async def everyone(client: Client, as_of: date | None = None) -> list[wire_teacher.Teacher]:
    (page,) = (await client.ask(wire_teacher.LIST_TEACHERS, page=wire.Page(first=500), as_of=as_of)).pages
    return list(page.items)


def counts(report: roster_import.RosterReport) -> tuple[int, int, int, int, int]:
    return report.created, report.corrected, report.moved, report.unchanged, report.error_count


async def test_a_dry_run_tells_everything_and_writes_nothing(puer: Client, registry: Registry) -> None:
    school = await puer.school("0001")
    await puer.school("0002")
    await puer.teacher(school.id, "T00002", name="教师2", title="一级教师")
    await puer.teacher(school.id, "T00003", name="教师3")
    await puer.teacher(school.id, "T00004", name="教师4")
    rows = (row(1), row(2, title="高级教师"), row(3, school_code="0002"), row(4), row(5, national_id="1"))
    await stage(puer, "r", *rows)
    before = await content(registry)
    report = await puer.ask(roster_import.CHECK_ROSTER, roster="r")
    assert counts(report) == (1, 1, 1, 1, 1)
    assert (report.rows, report.applied) == (5, False)
    assert any("一级教师 → 高级教师" in sample for sample in report.samples)
    assert (report.errors[0].row, report.errors[0].column, report.errors[0].value) == (5, "身份证号", "*")
    assert await content(registry) == before


async def test_one_wrong_row_keeps_every_row_out(puer: Client, registry: Registry) -> None:
    await puer.school("0001")
    await stage(puer, "r", row(1), row(2, school_code="nowhere"))
    before = await content(registry)
    refused = await puer.ask(roster_import.APPLY_ROSTER, roster="r")
    assert codes(refused) == ["ROSTER_HAS_ERRORS", "SCHOOL_UNKNOWN"]
    assert refused.errors[1].field == "rows[2].school_code"
    assert await content(registry) == before
    await stage(puer, "r", row(2))
    assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (2, 0, 0, 0, 0)


async def test_the_second_import_of_the_same_rows_changes_nothing(puer: Client, registry: Registry) -> None:
    await puer.school("0001")
    rows = tuple(row(number, national_id=synthetic_id(number), subject="语文") for number in range(1, 40))
    await stage(puer, "r", *rows)
    assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (39, 0, 0, 0, 0)
    first, before = await everyone(puer), await content(registry)
    await stage(puer, "r", *rows)
    assert counts(await puer.ask(roster_import.CHECK_ROSTER, roster="r")) == (0, 0, 0, 39, 0)
    assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (0, 0, 0, 39, 0)
    assert await everyone(puer) == first
    after = await content(registry)
    assert {name for name in after if after[name] != before[name]} == {"inbox", "audit_record"}


async def test_an_applied_roster_asked_for_again_is_told_again(puer: Client) -> None:
    await puer.school("0001")
    await stage(puer, "r", row(1))
    report = await puer.ask(roster_import.APPLY_ROSTER, roster="r", key="one")
    assert await puer.ask(roster_import.APPLY_ROSTER, roster="r", key="one") == report
    assert await puer.ask(roster_import.APPLY_ROSTER, roster="r", key="two") == report


async def test_undo_restores_what_was_before(puer: Client, registry: Registry) -> None:
    school = await puer.school("0001")
    await puer.school("0002")
    await puer.teacher(school.id, "T00002", name="教师2", title="一级教师")
    await puer.teacher(school.id, "T00003", name="教师3", national_id=synthetic_id(3))
    before = await everyone(puer)
    await stage(
        puer,
        "r",
        row(1, national_id=synthetic_id(1)),
        row(2, title="高级教师", national_id=synthetic_id(2)),
        row(3, school_code="0002"),
    )
    assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (1, 1, 1, 0, 0)
    assert len(await everyone(puer)) == 3
    undone = await puer.ask(roster_import.UNDO_ROSTER, roster="r")
    assert undone == roster_import.RosterUndone(roster="r", undone=3)

    def without_version(teachers: list[wire_teacher.Teacher]) -> list[dict[str, Any]]:
        return [{name: getattr(one, name) for name in one.__struct_fields__ if name != "version"} for one in teachers]

    assert without_version(await everyone(puer)) == without_version(before)
    assert [one.version for one in await everyone(puer)] == [3, 3]
    assert codes(await puer.ask(roster_import.UNDO_ROSTER, roster="r")) == ["ROSTER_NOT_APPLIED"]
    async with registry.dbs.read("puer") as conn:
        last = (await conn.execute(sa.select(OUTBOX.c.body).order_by(OUTBOX.c.seq.desc()).limit(3))).scalars().all()
    assert sum(b'"history":[]' in body for body in last) == 1, "the created one is announced as gone"


async def test_whom_the_district_needs_by_now_stays_on_the_register(puer: Client) -> None:
    school = await puer.school("0001")
    await stage(puer, "r", row(1), row(2), row(3))
    assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (3, 0, 0, 0, 0)
    first, second, _third = await everyone(puer)
    enrolled = {"teacher": first.id, "begins_on": TODAY, "subjects": ("数学",), "stages": ("primary",)}
    await puer.ask(wire_researcher.ENROL_RESEARCHER, **enrolled)
    group = {"kind": "学科教研组", "name": "数学组", "school": school.id, "leader": second.id, "formed_on": TODAY}
    await puer.ask(wire_group.FORM_RESEARCH_GROUP, **group)
    refused = await puer.ask(roster_import.UNDO_ROSTER, roster="r")
    assert codes(refused) == ["ROSTER_TEACHER_NEEDED"] * 2
    assert [error.value for error in refused.errors] == [first.staff_number, second.staff_number]
    assert len(await everyone(puer)) == 3


async def test_after_an_undo_the_same_roster_can_be_applied_again(puer: Client) -> None:
    await puer.school("0001")
    await stage(puer, "r", row(1, national_id=synthetic_id(1)))
    for _ in range(2):
        await stage(puer, "r", row(1, national_id=synthetic_id(1)))
        assert counts(await puer.ask(roster_import.APPLY_ROSTER, roster="r")) == (1, 0, 0, 0, 0)
        assert (await puer.ask(roster_import.UNDO_ROSTER, roster="r")).undone == 1
    assert await everyone(puer) == []


async def test_undo_is_refused_where_somebody_was_changed_since(puer: Client) -> None:
    await puer.school("0001")
    await stage(puer, "r", row(1), row(2))
    await puer.ask(roster_import.APPLY_ROSTER, roster="r")
    second = (await everyone(puer))[1]
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=second.id, since=TODAY, changes={"title": "一级教师"})
    refused = await puer.ask(roster_import.UNDO_ROSTER, roster="r")
    assert codes(refused) == ["ROSTER_CHANGED_SINCE"]
    assert (refused.errors[0].field, refused.errors[0].value) == ("rows[2]", "T00002")
    assert len(await everyone(puer)) == 2


async def test_what_is_not_there_cannot_be_checked_applied_or_undone(puer: Client) -> None:
    assert codes(await puer.ask(roster_import.CHECK_ROSTER, roster="none")) == ["ROSTER_UNKNOWN"]
    assert codes(await puer.ask(roster_import.APPLY_ROSTER, roster="none")) == ["ROSTER_UNKNOWN"]
    assert codes(await puer.ask(roster_import.UNDO_ROSTER, roster="none")) == ["ROSTER_NOT_APPLIED"]
    too_many = tuple(row(number) for number in range(1001))
    assert codes(await puer.ask(roster_import.STAGE_ROSTER, roster="r", rows=too_many)) == ["TOO_MANY"]
    assert codes(await puer.ask(roster_import.STAGE_ROSTER, roster="", rows=())) == ["VALUE_INVALID"]


async def test_a_stage_repeated_with_its_key_is_done_once_and_other_rows_are_refused(puer: Client) -> None:
    first = await puer.ask(roster_import.STAGE_ROSTER, roster="r", rows=(row(1),), key="stage")
    assert await puer.ask(roster_import.STAGE_ROSTER, roster="r", rows=(row(1),), key="stage") == first
    assert codes(await puer.ask(roster_import.STAGE_ROSTER, roster="r", rows=(row(2),), key="stage")) == ["KEY_REUSED"]


async def test_twenty_thousand_rows_come_in_while_others_are_answered(
    puer: Client, database: Store, record_property: Callable[[str, object], None]
) -> None:
    large = LARGE[database.kind]
    for number in range(60):
        await puer.school(f"{number:04}")
    rows = [
        row(number, school_code=f"{number % 60:04}", national_id=large_id(number), subject="数学", gender="女")
        for number in range(1, large + 1)
    ]
    took: dict[str, float] = {}

    async def timed(name: str, work: Any) -> Any:
        started = time.monotonic()
        done = await work
        took[name] = time.monotonic() - started
        return done

    async def stage_all() -> None:
        for start in range(0, large, 1000):
            await stage(puer, "large", *rows[start : start + 1000])

    await timed("stage", stage_all())
    waits: list[float] = []
    watching = asyncio.create_task(keep_asking(puer, waits))
    assert counts(await timed("check", puer.ask(roster_import.CHECK_ROSTER, roster="large"))) == (large, 0, 0, 0, 0)
    assert counts(await timed("apply", puer.ask(roster_import.APPLY_ROSTER, roster="large"))) == (large, 0, 0, 0, 0)
    await stage_all()
    assert counts(await timed("again", puer.ask(roster_import.APPLY_ROSTER, roster="large"))) == (0, 0, 0, large, 0)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    record_property("seconds", {name: round(seconds, 2) for name, seconds in took.items()})
    assert max(took.values()) < REASONABLE, took
    assert waits, "somebody was answered meanwhile"
    assert max(waits) < wire.GET_DISTRICT.seconds, "no reader waited as long as a call may take"


def large_id(number: int) -> str:
    """Synthetic ids beyond what `synthetic_id` can tell apart."""
    first17 = f"999999{1960 + number // 8000}{1 + number // 1000 % 8:02}{1 + number % 28:02}{number % 1000:03}"
    return first17 + check_character(first17)


async def keep_asking(client: Client, waits: list[float]) -> None:
    """Somebody looks something up now and then; without a pause the readers would be the load that is measured."""
    while True:
        await asyncio.sleep(0.05)
        started = time.monotonic()
        found = await client.ask(wire.GET_DISTRICT)
        assert isinstance(found, wire.District)
        waits.append(time.monotonic() - started)
