"""The ledger of a district as columns: the lines that each teacher is judged by, whatever was reversed or sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.prefecture import read_columns as reading
from yanxiu_credits.prefecture.read_columns import read_columns, twelve_months
from yanxiu_credits.standings.judge import judge_teachers, teacher_on
from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_footing.clock import to_us
from yanxiu_rulekit.columns import LineColumns
from yanxiu_wire.deadline import Deadline

START, END = date(2024, 1, 1), date(2024, 12, 31)


def told(columns: LineColumns) -> Mapping[str, list[Any]]:
    """Return each teacher's lines without their places."""
    return {
        teacher: [(one.on, one.hours, one.credits, one.attributes) for one in columns.lines_of(index)]
        for index, teacher in enumerate(columns.teachers)
    }


async def filled(house: Any) -> None:
    for teacher, on, hours in (
        ("t1", date(2024, 5, 20), "10"), ("t1", date(2024, 3, 1), "8"), ("t1", date(2023, 12, 31), "4"),
        ("t2", date(2024, 12, 31), "40"), ("t2", date(2025, 1, 1), "2"),
    ):  # fmt: skip
        done = await house.course(teacher, on=on, facts={"hours": hours, "score": "85"})
        assert getattr(done, "record", None) is not None, done


async def test_columns_hold_what_each_teacher_is_judged_by_and_who_has_nothing_too(
    house: Any, databases: Databases
) -> None:
    await filled(house)
    await house.employ("t3", head_teacher_periods=())
    found = told(await read_columns(databases, house.district, START, END))
    assert list(found) == ["t1", "t2", "t3"]
    assert [(on, str(hours)) for on, hours, *_rest in found["t1"]] == [
        (date(2024, 3, 1), "8"),
        (date(2024, 5, 20), "1E+1"),
    ]
    assert [on for on, *_rest in found["t2"]] == [date(2024, 12, 31)]
    assert found["t3"] == []


async def test_a_district_judged_as_columns_is_judged_as_each_teacher_is(house: Any, databases: Databases) -> None:
    await filled(house)
    service = house.service
    async with databases.read(house.district) as conn:
        law = service.laws.pack_of("made")
        period = law.period("year", START)
        alone = await judge_teachers(conn, service, house.district, InForceLike(law), period, ("t1", "t2"))
    columns = await read_columns(
        databases, house.district, START, END, known=lambda person: teacher_on(person, period, END)
    )
    found = law.standing_columns(period, columns)
    for row, teacher in enumerate(found.teachers):
        assert found.verdict_of(row) == alone[teacher].verdict
        assert found.credits.decimal(row) == alone[teacher].credits
        assert [one.shortfall for one in found.findings_of(row)] == [one.shortfall for one in alone[teacher].findings]


class InForceLike:
    """A law in force without settings of its own."""

    def __init__(self, pack: Any) -> None:
        self.pack = pack
        self.settings: dict[str, Any] = {}


async def test_progress_is_told_page_by_page_and_pages_leave_nothing_out(
    house: Any, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(house)
    whole = told(await read_columns(databases, house.district, START, END))
    monkeypatch.setattr(reading, "_PAGE", 2)
    seen: list[tuple[int, int]] = []
    paged = await read_columns(databases, house.district, START, END, progress=lambda *done: seen.append(done))
    assert told(paged) == whole
    assert seen == [(2, 5), (4, 5), (5, 5)]


async def test_what_was_recorded_later_is_not_known_at_an_earlier_instant(house: Any, databases: Databases) -> None:
    await filled(house)
    known_us = to_us(house.service.clock.now())
    await house.course("t1", on=date(2024, 6, 1), facts={"hours": "30", "score": "85"})
    now = await read_columns(databases, house.district, START, END)
    then = await read_columns(databases, house.district, START, END, known_us=known_us)
    assert len(now) == len(then) + 1


async def test_a_district_that_is_not_there_is_not_read(databases: Databases) -> None:
    with pytest.raises(DistrictUnknown):
        await read_columns(databases, "nowhere", START, END)


def test_a_cycle_is_cut_into_years_and_a_school_year_is_one() -> None:
    years = twelve_months(date(2024, 1, 1), date(2028, 12, 31))
    assert [(start.year, end) for start, end in years] == [(year, date(year, 12, 31)) for year in range(2024, 2029)]
    assert twelve_months(date(2024, 9, 1), date(2025, 8, 31)) == [(date(2024, 9, 1), date(2025, 8, 31))]
    assert twelve_months(date(2025, 2, 1), date(2025, 8, 31)) == [(date(2025, 2, 1), date(2025, 8, 31))]


async def test_a_reversed_entry_is_netted_out(house: Any, databases: Databases) -> None:
    await filled(house)
    before = told(await read_columns(databases, house.district, START, END))
    ledger = metadata.tables["ledger"]
    async with databases.write(house.district, Deadline.after(20)) as conn:
        wanted = sa.select(ledger.c.entry_id).where(ledger.c.teacher == "t1", ledger.c.on == date(2024, 5, 20))
        entry_id = await conn.scalar(wanted)
        done = await reverse(
            conn, house.service, house.district, entry_id, reason="登记有误", by=house.officer, why="correction"
        )
        assert done.reverses == entry_id, done
    found = told(await read_columns(databases, house.district, START, END))
    assert [on for on, *_rest in found["t1"]] == [date(2024, 3, 1)]
    assert found["t2"] == before["t2"]
