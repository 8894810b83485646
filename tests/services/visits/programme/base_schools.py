"""A district of Yueqing with base schools: a batch as an adopted plan left it, and what its people record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from yanxiu_visits.planning.plan_store import put_plan
from yanxiu_visits.planning.residency_store import add_residencies
from yanxiu_wire import programme as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.registry import PackBinding
from yanxiu_wire.residency import Residency
from yanxiu_wire.rotation_plan import PlanAdditions, PlanContents, PlanEntry, RotationPlan

from tests.services.visits.conftest import House

FIRST = date(2020, 10, 20)
LAST = date(2022, 10, 19)
BRAND = wire.Achieved(kind="brand", reached_on=date(2021, 5, 4), title="溪山阅读")
EVIDENCE = "乐教研〔2021〕8号"


async def yueqing(service: Any, district: str) -> House:
    """Schools s1 to s3 with teachers t1 to t3, r1 and r2 at s3; s1 and s2 are the first batch, r1 is placed at s1."""
    house = House(service, service.bus, district)
    await house.bind(PackBinding(pack="yueqing", since=FIRST))
    await house.open("s1", "s2", "s3")
    for teacher, school in (("t1", "s1"), ("t2", "s1"), ("t3", "s2"), ("r1", "s3"), ("r2", "s3")):
        await house.employ(teacher, school, since=date(2015, 9, 1))
    await house.enrol("r1")
    await house.enrol("r2")
    await house.settle()
    await adopted(house, FIRST, LAST, ("r1", "s1"), ("r2", "s2"))
    return house


async def adopted(house: House, first: date, last: date, *placed: tuple[str, str]) -> None:
    """Store the plan of a batch as adopted, with its residencies."""
    plan = f"batch-{first}"
    entries = tuple(PlanEntry(person=who, school=where, term=first.isoformat(), role="lead") for who, where in placed)
    made = RotationPlan(
        id=plan, name="研训基地学校", kind="batch", state="adopted", terms=(first.isoformat(),), starts_on=first,
        ends_on=last, drafted_by="test", drafted_at=datetime(2020, 10, 1, tzinfo=UTC),
    )  # fmt: skip
    contents = PlanContents(id=plan, additions=PlanAdditions(), placed=entries)
    residencies = [
        Residency(id=f"{plan}-{who}", plan=plan, person=who, school=where, role="lead", starts_on=first, ends_on=last)
        for who, where in placed
    ]
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await put_plan(conn, house.district, made, contents, problem=None, seconds=1)
        await add_residencies(conn, house.district, residencies)


def contest(*entrants: wire.Entrant, held_on: date = date(2021, 4, 10), name: str = "优质课评比") -> wire.ContestHeld:
    return wire.ContestHeld(name=name, held_on=held_on, entrants=entrants)


def entrant(teacher: str, *, took_part: bool = True, award: str = "", born: date = date(1990, 1, 1)) -> wire.Entrant:
    return wire.Entrant(teacher=teacher, born_on=born, took_part=took_part, award=award)


async def record(house: Any, content: wire.EntryContent, school: str = "s1", caller: Any = None, **more: Any) -> Any:
    given = {"batch": FIRST, "evidence": EVIDENCE, "key": house.key(), **more}
    command = wire.RecordProgrammeEntry(caller=caller or house.officer, school=school, content=content, **given)
    return await house.call(wire.RECORD_PROGRAMME_ENTRY, command)


async def correct(house: Any, entry: Any, content: wire.EntryContent, caller: Any = None, **more: Any) -> Any:
    given = {"evidence": EVIDENCE, "reason": "日期有误", "key": house.key(), "expected_version": entry.version, **more}
    command = wire.CorrectProgrammeEntry(caller=caller or house.officer, entry=entry.id, content=content, **given)
    return await house.call(wire.CORRECT_PROGRAMME_ENTRY, command)


async def withdraw(house: Any, entry: Any, caller: Any = None, **more: Any) -> Any:
    given = {"reason": "系误记", "key": house.key(), "expected_version": entry.version, **more}
    command = wire.WithdrawProgrammeEntry(caller=caller or house.officer, entry=entry.id, **given)
    return await house.call(wire.WITHDRAW_PROGRAMME_ENTRY, command)


async def programme(house: Any, caller: Any = None, **asked: Any) -> Any:
    query = wire.GetBaseSchoolProgramme(caller=caller or house.officer, **{"batch": FIRST, **asked})
    return await house.call(wire.GET_BASE_SCHOOL_PROGRAMME, query)


async def entries(house: Any, caller: Any = None, **asked: Any) -> Any:
    query = wire.ListProgrammeEntries(caller=caller or house.officer, **asked)
    return await house.call(wire.LIST_PROGRAMME_ENTRIES, query)
