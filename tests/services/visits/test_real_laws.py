"""Field work under the laws of Yueqing and Ouhai: what their packs ask is asked of what was noted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.plugins import load_packs
from yanxiu_visits.__main__ import MIGRATIONS, running
from yanxiu_visits.laws import InForce
from yanxiu_visits.reporting.collect import collect, facts_of_term
from yanxiu_visits.service import Service
from yanxiu_visits.settings import Settings
from yanxiu_wire import field_records, registry, visiting
from yanxiu_wire import term_work as wire
from yanxiu_wire.field_records import Paper, Report, TaskDone
from yanxiu_wire.visits import SERVICE

from tests.services.visits.conftest import TERMS, FixedClock, House
from tests.services.visits.field import TERM, Sender, new_id
from tests.stores import Stores

DIGEST = "0" * 64


@pytest.fixture(scope="module")
async def service(own_server: Any, stores: Stores) -> AsyncIterator[Service]:
    settings = Settings(nats_url=own_server.url, **stores.new("sqlite", (SERVICE, MIGRATIONS)).fields)
    async with running(settings, load_packs(), clock=FixedClock()) as made:
        yield made


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.conftest import NatsServer

    server = NatsServer(tmp_path_factory.mktemp("laws-nats"))
    yield server
    server.stop()


async def bound_to(service: Service, pack: str, since: date) -> House:
    house = House(service, service.bus, pack)
    await house.bind(registry.PackBinding(pack=pack, since=since))
    await house.open("s1", "s2")
    await house.employ("t1")
    await house.enrol("r1")
    await house.settle()
    return house


async def judged(house: House) -> tuple[InForce, Any]:
    """The law of the term, and the term as its facts."""
    async with house.service.databases.read(house.district) as conn:
        law = house.service.laws.in_force(await read_district(conn, house.district), TERMS[0].starts_on)
        assert isinstance(law, InForce)
        recorded = await collect(conn, house.district, "r1", TERM)
        return law, await facts_of_term(conn, house.district, "r1", TERMS[0], recorded, law, placed=("s1",))


async def test_a_term_in_yueqing(service: Service) -> None:
    house = await bound_to(service, "yueqing", date(2020, 10, 20))
    me = Sender(district=house.district)
    hasty, careful = new_id("hasty"), new_id("careful")
    there = await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(hasty, "10-08 08:00"))
    assert there.visit.unprepared == visiting.Unprepared(missing=("goal", "focus", "tasks"), clauses=("YUEQING-5-2b",))
    late = await house.call(visiting.PREPARE_VISIT, me.prepare(hasty, "10-08 09:00"))
    assert late.visit.unprepared == there.visit.unprepared
    await house.call(visiting.PLAN_VISIT, me.plan(careful))
    assert (await house.call(visiting.PREPARE_VISIT, me.prepare(careful))).visit.missing == ()
    assert (await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(careful))).visit.unprepared is None
    await house.call(visiting.LEAVE_SCHOOL, me.leave(careful))
    await house.call(field_records.RECORD_WORK, me.observe(new_id("lesson"), lesson={"comment": "好"}))
    law, facts = await judged(house)
    tasks = [one.name for one in law.visits.tasks(law.law())]
    assert len(tasks) == 7
    for content in (
        TaskDone(task=tasks[0], text="梳理课程方案"),
        Paper(paper="总体工作计划", title="蹲点总体计划", digest=DIGEST),
        Report(title="调研报告", paper="蹲点调研工作报告", text="报告"),
    ):
        noted = await house.call(field_records.RECORD_WORK, me.work(new_id("work"), content))
        assert getattr(noted, "effect", noted) == "applied"
    law, facts = await judged(house)
    findings = {one.measure: one for one in law.visits.minima(facts, law.law(today=TERMS[0].ends_on))}
    assert {str(one.shortfall) for one in findings.values() if one.clause in ("YUEQING-6-3b", "YUEQING-6-3c")} == {
        "19",
        "39",
    }
    failed = {clause for answer in law.answers("term", facts) for clause in answer.failed}
    assert {"YUEQING-6-3b", "YUEQING-6-3c"} <= failed
    assert "YUEQING-5-2d" not in failed  # the report is there
    page = await house.call(wire.GET_TERM_WORK, wire.GetTermWork(caller=me.caller, researcher="r1", term=TERM))
    assert page.months == ("2024-09",)
    assert [one.paper for one in page.papers] == ["学期工作安排", "总结"]


async def test_the_phases_of_a_term_in_ouhai(service: Service) -> None:
    house = await bound_to(service, "ouhai", date(2024, 1, 1))
    me = Sender(district=house.district)
    for day, phase in (("09-03", "期初"), ("10-14", "期中")):
        visit = new_id("visit")
        there = await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(visit, f"{day} 08:00", phase=phase))
        assert (there.visit.phase, there.visit.unprepared) == (phase, None)  # Ouhai asks for no preparation
        await house.call(visiting.LEAVE_SCHOOL, me.leave(visit, f"{day} 16:00"))
    wrong = await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(new_id("visit"), phase="开学"))
    assert (wrong.errors[0].code, wrong.errors[0].field) == ("NOT_ONE_OF", "phase")
    law, facts = await judged(house)
    assert {one.phase for one in facts.days} == {"期初", "期中"}
    failed = {clause for answer in law.answers("term", facts) for clause in answer.failed}
    assert "OUHAI-6-6b" in failed  # no visit at the end of the term
    page = await house.call(wire.GET_TERM_WORK, wire.GetTermWork(caller=me.caller, researcher="r1", term=TERM))
    assert (page.months, page.papers) == ((), ())
