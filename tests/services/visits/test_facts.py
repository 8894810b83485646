"""The copy of the registry's facts: researchers as of a day, groups, and a rebuild that gives the same again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_durable.migrate import differences
from yanxiu_visits.__main__ import MIGRATIONS
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.endpoints import TABLE
from yanxiu_visits.laws import InForce
from yanxiu_visits.store.facts import COPY, read_researcher, researcher_on
from yanxiu_wire import visiting
from yanxiu_wire import visits as wire
from yanxiu_wire.caller import ROLES_ZH
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import RECORD_WORK
from yanxiu_wire.findings import RECORD_FINDING
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, PackBinding
from yanxiu_wire.researcher import Researcher, ResearcherChanged

from tests.services.visits.field import Sender, new_id
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]


def test_the_migrations_make_the_tables() -> None:
    assert differences(metadata, MIGRATIONS) == []


def test_every_message_of_the_service_has_its_use_case_and_its_roles() -> None:
    assert set(TABLE) == set(endpoints_of(wire.SERVICE))
    assert all(offer[1] and offer[1] <= set(ROLES_ZH) for offer in TABLE.values())


async def test_a_rebuild_gives_the_same_copy_again(house: Any) -> None:
    async def copy() -> dict[str, list[str]]:
        return {table.name: sorted(map(str, await house.rows(table.name))) for table in COPY.tables}

    before = await copy()
    assert all(before[name] for name in ("school_fact", "teacher_place", "researcher_fact", "term_fact"))
    command = wire.RebuildVisitFacts(caller=house.caller("platform-operator"), key=house.key())
    answer = await house.call(wire.REBUILD_VISIT_FACTS, command)
    counts = {"schools": 3, "teachers": 5, "researchers": 2, "groups": 0, "leading_groups": 0, "terms": 2}
    assert answer == wire.VisitFactsRebuilt(**counts, before=answer.before, after=answer.before)
    assert len(answer.after) == 64
    assert await copy() == before


async def test_a_district_that_nobody_announced_is_unknown(empty_house: Any, error_of: ErrorOf) -> None:
    command = wire.RebuildVisitFacts(caller=empty_house.caller("platform-operator"), key="k")
    error_of(await empty_house.call(wire.REBUILD_VISIT_FACTS, command), "DISTRICT_UNKNOWN")


async def test_a_researcher_is_one_from_his_first_day_to_his_last(quick_house: Any) -> None:
    async with quick_house.service.databases.read(quick_house.district) as conn:
        found = await read_researcher(conn, quick_house.district, "r1", date(2024, 9, 2))
        assert found is not None
        assert found.subjects == ("语文",)
        assert await read_researcher(conn, quick_house.district, "r1", date(2022, 8, 31)) is None
        assert await read_researcher(conn, quick_house.district, "t1", date(2024, 9, 2)) is None
    ended = msgspec.structs.replace(found, ends_on=date(2024, 9, 30))
    history = ResearcherChanged(researcher="r1", version=2, history=((date(2022, 9, 1), ended),))
    assert isinstance(researcher_on(history, date(2024, 9, 30)), Researcher)
    assert researcher_on(history, date(2024, 10, 1)) is None


@pytest.mark.parametrize(
    ("pack", "code"), [("credits-only", "NO_VISIT_RULES"), ("broken", "LAW_UNUSABLE"), ("made", None)]
)
async def test_the_law_of_a_day_orders_visits_or_says_why_not(
    quick_visits: Any, error_of: ErrorOf, pack: str, code: str | None
) -> None:
    bound = District(id="x", name_zh="区", name_en="x", bindings=(PackBinding(pack=pack, since=date(2024, 9, 1)),))
    found = quick_visits.laws.in_force(bound, date(2024, 10, 1))
    if code is None:
        assert isinstance(found, InForce)
        assert [one.name for one in found.visits.phases(found.law())] == ["期初", "期中", "期末"]
    else:
        error_of(found, code)
    earlier = quick_visits.laws.in_force(bound, date(2024, 8, 31))
    assert isinstance(earlier, Refused)
    assert earlier.errors[0].code == "LAW_NOT_IN_FORCE"


async def test_all_that_follows_from_notes_is_made_of_them_again(house: Any) -> None:
    """Rows that somebody spoiled are as before once the notes are folded anew; the notes cannot be spoiled at all."""
    me = Sender(district=house.district)
    visit, record, finding = new_id("visit"), new_id("lesson"), new_id("finding")
    for endpoint, command in (
        (visiting.LEAVE_SCHOOL, me.leave(visit)),
        (visiting.ARRIVE_AT_SCHOOL, me.arrive(visit)),
        (RECORD_WORK, me.observe(record, visit=visit)),
        (RECORD_FINDING, me.find(finding)),
    ):
        await house.call(endpoint, command)
    tables = ("visit", "field_record", "finding", "note")
    before = {name: sorted(map(str, await house.rows(name))) for name in tables}
    async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
        for name in ("visit", "field_record", "finding"):
            await conn.execute(sa.delete(metadata.tables[name]))
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
            await conn.execute(sa.delete(metadata.tables["note"]))
    command = wire.RebuildVisitFacts(caller=house.caller("district-officer"), key=house.key())
    assert (await house.call(wire.REBUILD_VISIT_FACTS, command)).refolded == 3
    assert {name: sorted(map(str, await house.rows(name))) for name in tables} == before
