"""The copy of the registry's facts: newer replaces older, once, and a rebuild gives the same again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.tables import PROJECTION, metadata
from yanxiu_durable.migrate import differences
from yanxiu_wire import registry
from yanxiu_wire.credits import REBUILD_PROJECTION, ProjectionRebuilt, RebuildProjection
from yanxiu_wire.deadline import Deadline


def test_the_migrations_make_the_tables() -> None:
    assert differences(metadata, MIGRATIONS) == []


async def copy(house: Any) -> dict[str, list[Any]]:
    """Everything the copy holds, in a comparable order."""
    return {table.name: sorted(map(str, await house.rows(table.name))) for table in PROJECTION}


async def filled(house: Any) -> None:
    await house.employ(
        "mover",
        registry.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 8, 31)),
        registry.Employment(school="school-2", since=date(2024, 9, 1)),
        version=3,
    )
    term = registry.Term(
        id="2024-2025-1", school_year="2024-2025", number=1, starts_on=date(2024, 9, 1), ends_on=date(2025, 1, 20)
    )
    school = registry.School(
        id="school-1", code="1", name="第一小学", stage="primary", location="town", opened_on=date(1990, 9, 1)
    )
    await house.tell(registry.TERM_CHANGED, registry.TermChanged(term=term))
    history = ((date(1990, 9, 1), school),)
    await house.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school=school.id, version=1, history=history))
    await house.until(bool, "school_fact")


async def test_an_older_announcement_changes_nothing(house: Any) -> None:
    await filled(house)
    before = await copy(house)
    await house.employ("mover", registry.Employment(school="school-9", since=date(2021, 9, 1)), version=2, wait=False)
    await house.employ("t1", version=1, wait=False)
    await house.employ("last")
    after = await copy(house)
    assert [row for row in after["teacher_fact"] if "last" not in row] == before["teacher_fact"]
    assert [row for row in after["teacher_place"] if "last" not in row] == before["teacher_place"]


async def test_a_newer_announcement_replaces_the_whole_history(house: Any) -> None:
    await filled(house)
    await house.employ("mover", registry.Employment(school="school-7", since=date(2022, 9, 1)), version=4)
    places = [row for row in await house.rows("teacher_place") if row["teacher"] == "mover"]
    assert [(row["school"], row["since"], row["until"]) for row in places] == [("school-7", date(2022, 9, 1), None)]


async def test_versions_in_any_order_end_with_the_newest(house: Any) -> None:
    for version in (5, 2, 7, 1, 6):
        work = registry.Employment(school=f"school-{version}", since=date(2021, 9, 1))
        await house.employ("shuffled", work, version=version, wait=False)
    await house.employ("last")
    (row,) = [row for row in await house.rows("teacher_fact") if row["teacher"] == "shuffled"]
    assert (row["version"], json.loads(row["body"])["history"][0][1]["school"]) == (7, "school-7")


async def test_a_rebuild_gives_the_same_copy_and_mends_a_damaged_one(house: Any) -> None:
    await filled(house)
    whole = await copy(house)
    async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
        await conn.execute(sa.text("DELETE FROM teacher_fact WHERE teacher = 't1'"))
        await conn.execute(sa.text("UPDATE teacher_fact SET version = 99, body = '{}' WHERE teacher = 't2'"))
        await conn.execute(sa.text("DELETE FROM term_fact"))
    command = RebuildProjection(caller=house.caller("platform-operator"), key=house.key())
    answer = await house.call(REBUILD_PROJECTION, command)
    assert answer == ProjectionRebuilt(schools=1, teachers=3, terms=1)
    assert await copy(house) == whole
    assert await house.call(REBUILD_PROJECTION, command) == answer
    assert (await house.register()).record.school == "school-1"


async def test_a_rebuild_without_a_stream_leaves_the_copy_as_it_is(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    """A district that the stream knows nothing of, as after the stream was lost."""
    databases = house.service.databases
    lost = type(house)(house.service, house.bus, f"{house.district}-lost")
    await databases.ensure(lost.district)
    async with databases.read(house.district) as old, databases.write(lost.district, Deadline.after(5)) as new:
        for table in PROJECTION:
            rows = [dict(row) | {"district": lost.district} for row in (await old.execute(sa.select(table))).mappings()]
            if rows:
                await new.execute(sa.insert(table), rows)
    before = await copy(lost)
    command = RebuildProjection(caller=lost.caller("district-officer"), key="k")
    error_of(await lost.call(REBUILD_PROJECTION, command), "STREAM_EMPTY")
    assert await copy(lost) == before
