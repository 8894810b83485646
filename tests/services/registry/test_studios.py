"""Studios through the service: entered, stationed elsewhere from a day on, kept from who may not enter them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from yanxiu_registry.context import Registry
from yanxiu_wire import studio as wire
from yanxiu_wire.deadline import Deadline

from tests.services.registry.conftest import TODAY, Client, codes
from tests.stores import never_changed

SEPTEMBER = date(2024, 9, 1)


async def opened(officer: Client, **more: Any) -> Any:
    """A studio of a new teacher, stationed at his school."""
    school = await officer.school("0001")
    leader = await officer.teacher(school.id, "T1")
    given: dict[str, Any] = {"name": "语文名师工作室", "level": "区级", "leader": leader.id, "begins_on": SEPTEMBER}
    return await officer.ask(wire.OPEN_STUDIO, **{"schools": (school.id,), **given, **more})


async def test_a_studio_is_stationed_elsewhere_from_a_day_on_and_earlier_days_keep_what_they_had(
    puer: Client, registry: Registry
) -> None:
    studio = await opened(puer)
    other = await puer.school("0002")
    moved = await puer.ask(
        wire.CORRECT_STUDIO, studio=studio.id, since=TODAY, changes={"schools": [other.id], "level": "市级"}
    )
    assert (moved.schools, moved.level, moved.version) == ((other.id,), "市级", 2)

    async def there(**asked: Any) -> list[tuple[str, ...]]:
        return [one.schools for one in (await puer.ask(wire.LIST_STUDIOS, **asked)).items]

    assert await there() == await there(school=other.id) == [(other.id,)]
    assert await there(as_of=SEPTEMBER) == [studio.schools]
    assert await there(as_of=date(2024, 8, 31)) == await there(school=studio.schools[0]) == []
    await puer.ask(wire.CORRECT_STUDIO, studio=studio.id, since=TODAY, changes={"ends_on": str(TODAY)})
    again = await puer.ask(
        wire.OPEN_STUDIO, name=studio.name, level="区级", leader=studio.leader, begins_on=date(2027, 9, 1)
    )
    assert (again.name, again.schools) == (studio.name, ())
    for statement in ("DELETE FROM studio_fact", "UPDATE studio_fact SET level = '' WHERE superseded IS NOT NULL"):
        with never_changed():
            async with registry.dbs.write("puer", Deadline.after(5)) as conn:
                await conn.execute(sa.text(statement))


async def test_what_a_studio_cannot_be_is_refused(puer: Client) -> None:
    studio = await opened(puer)
    same = {"name": studio.name, "level": "区级", "leader": studio.leader, "begins_on": TODAY}
    assert codes(await puer.ask(wire.OPEN_STUDIO, **same)) == ["STUDIO_NAME_TAKEN"]
    assert codes(await puer.ask(wire.OPEN_STUDIO, **{**same, "name": "甲", "leader": "none"})) == ["TEACHER_UNKNOWN"]
    assert codes(await puer.ask(wire.OPEN_STUDIO, **{**same, "name": " "})) == ["VALUE_INVALID"]
    nowhere = await puer.ask(wire.OPEN_STUDIO, **{**same, "name": "甲"}, schools=("none", *studio.schools * 2))
    assert codes(nowhere) == ["NAMED_TWICE", "SCHOOL_UNKNOWN"]

    async def changed(**changes: Any) -> list[str]:
        return codes(await puer.ask(wire.CORRECT_STUDIO, studio=studio.id, since=TODAY, changes=changes))

    assert await changed(schools=["none"]) == ["SCHOOL_UNKNOWN"]
    assert await changed(leader=None) == ["VALUE_INVALID"]
    assert await changed(colour="red") == ["FIELD_UNKNOWN"]
    assert await changed(ends_on="2020-01-01") == ["DATE_OUT_OF_ORDER"]
    unknown = await puer.ask(wire.CORRECT_STUDIO, studio="none", since=TODAY, changes={})
    assert codes(unknown) == ["STUDIO_UNKNOWN"]
    stale = await puer.ask(wire.CORRECT_STUDIO, studio=studio.id, since=TODAY, expected_version=7, changes={})
    assert codes(stale) == ["VERSION_CONFLICT"]
    leader = puer.as_("school-leader", school=studio.schools[0])
    assert codes(await leader.ask(wire.OPEN_STUDIO, **{**same, "name": "甲"})) == ["FORBIDDEN"]
    assert (await leader.ask(wire.LIST_STUDIOS)).items == (studio,)
