"""Every workflow of every installed law runs from its first step to an end, each step on its day by its own role."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_credits.service import Service
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import load_packs
from yanxiu_rulekit.workflow import Workflow, WorkStep
from yanxiu_wire import registry
from yanxiu_wire import term as wire_term
from yanxiu_wire.process import Evidence, Process
from yanxiu_wire.rpc import Bus

from tests.services.credits.conftest import FixedClock, House
from tests.services.credits.workflow.conftest import Town

PACKS = load_packs().packs
WALKS = [(name, flow) for name, pack in sorted(PACKS.items()) for flow in pack.workflows]
TERM = wire_term.Term(
    id="2025-2026-2", school_year="2025-2026", number=2, starts_on=date(2026, 3, 2), ends_on=date(2026, 7, 10)
)
FIRST_TERM = wire_term.Term(
    id="2025-2026-1", school_year="2025-2026", number=1, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 23)
)
SCHOOL_ROLES = {"school-leader", "school-training-officer", "teacher"}
ANSWERS = {"text": "虚构内容", "number": "1", "day": "2026-03-05", "flag": "true"}
# What a project must state before it is approved, and what an institute sets for it.
PROJECTS: Mapping[str, dict[str, Any]] = {
    "school_plan": {"mode": "school", "level": "school"},
    "project_publication": {"mode": "central", "level": "county", "project_credit": "1"},
}
_serial = itertools.count()


async def settled(service: Service, bus: Bus, clock: FixedClock, pack: RulePack, **settings: str) -> Town:
    """A district under the law since it applies, with two schools, two terms and two teachers."""
    town = Town(House(service, bus, f"law-{next(_serial)}"), clock)
    since = pack.source.applies_from
    own = {"settings": settings, "decided_by": "虚构文件1号"} if settings else {}
    await town.bind(registry.PackBinding(pack=pack.jurisdiction, since=since, **own))
    for school in ("school-1", "school-2"):
        await town.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school=school, version=1, history=()))
    for term in (FIRST_TERM, TERM):
        await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=term))
    await town.employ("t1", wait=False)
    await town.employ("t2")
    return town


def signer(town: Town, step: WorkStep) -> Any:
    """Somebody else for each step, in the first role that may take it."""
    role: Any = step.by[0]
    narrow = {"school": "school-1"} if role in SCHOOL_ROLES else {}
    return town.person(f"who-{step.name}", role, **narrow)


def answers(step: WorkStep, projects: tuple[str, ...]) -> dict[str, Any]:
    """What a step's signer states so that nothing is missing."""
    return {
        "statements": {ask.name: ANSWERS[ask.form] for ask in step.asks if ask.form in ANSWERS and ask.required},
        "evidence": tuple(
            Evidence(name=ask.name, title="虚构附件", reference="file://x", sha256="a" * 64)
            for ask in step.asks
            if ask.form == "document"
        ),
        "project_facts": {
            one: {"project_credit": "0.75"} for one in projects if any(ask.form == "projects" for ask in step.asks)
        },
    }


async def first(town: Town, workflow: Workflow, projects: tuple[str, ...]) -> Process:
    """Open the process on the first day on which the law takes it, of a year that is over or a term that runs."""
    (step, *_) = workflow.open_steps(workflow.start)
    given: dict[str, Any] = {"projects": projects, "on": date(2026, 3, 3), **answers(step, projects)}
    if workflow.per == "year":
        given["on"] = date(2025, 6, 2)
    if workflow.scope == "school":
        given["school"] = "school-1"
    town.clock.day = date(2026, 3, 4)
    answer = await town.open(signer(town, step), workflow.name, **given)
    if getattr(answer, "errors", None) and answer.errors[0].code == "STEP_TOO_EARLY":
        town.clock.day = date(2027, 1, 4)
        answer = await town.open(signer(town, step), workflow.name, **given)
    assert isinstance(answer, Process), answer
    return answer


@pytest.mark.parametrize(("jurisdiction", "name"), WALKS, ids=[f"{one}-{flow}" for one, flow in WALKS])
async def test_a_workflow_runs_to_its_end(
    under_installed_laws: Service, bus: Bus, clock: FixedClock, jurisdiction: str, name: str
) -> None:
    pack = PACKS[jurisdiction]
    workflow = pack.workflows[name]
    town = await settled(under_installed_laws, bus, clock, pack)
    clock.day = date(2026, 3, 4)
    projects: tuple[str, ...] = ()
    if workflow.carries == "projects":
        projects = ((await town.project(PROJECTS[name], approve=False)).id,)
    process = await first(town, workflow, projects)
    for _ in range(30):
        if process.ended:
            break
        shown = process.steps[0]
        step = workflow.step(shown.name)
        assert step is not None
        assert shown.clauses
        if shown.opens is not None and clock.day < shown.opens:
            clock.day = shown.opens
        moved = await town.take(signer(town, step), process, step.name, **answers(step, projects))
        assert isinstance(moved, Process), (step.name, moved)
        process = moved
        clock.day += timedelta(days=1)
    assert process.ended, process.state
    assert {one.subject for one in process.signatures} == {f"who-{one.step}" for one in process.signatures}
    recognised = sum(step.effect == "recognise" for step in workflow.steps)
    assert len([row for row in await town.rows("ledger") if row["kind"] == "recognition"]) == 2 * recognised


# Hours and project credits of a year's school-based trainings: 49 hours, of which 48 count, at two rates.
IN_SCHOOL = (("35", "1"), ("14", "0.7"))
OTHER_MODES = ({"mode": "central", "level": "county"}, {"mode": "network", "level": "provincial"})


async def enter_year(town: Town) -> None:
    """Give t1 a year in all three modes; t2 has nothing."""
    courses = [(PROJECTS["school_plan"] | {"project_credit": rate}, hours) for hours, rate in IN_SCHOOL]
    courses += [(facts, "24") for facts in OTHER_MODES]
    for place, (of_project, hours) in enumerate(courses):
        project = await town.project(of_project)
        facts = {"kind": "training", "hours_planned": hours, "score": "85"}
        done = await town.register("t1", project=project.id, on=date(2025, 3, 3 + place), facts=facts)
        assert getattr(done, "record", None) is not None, done


async def test_a_teacher_whose_records_the_cap_cuts_into_endless_fractions_is_recognised_to_the_millionth(
    under_installed_laws: Service, bus: Bus, clock: FixedClock
) -> None:
    pack = PACKS["puer"]
    town = await settled(under_installed_laws, bus, clock, pack, cap_order="proportional")
    clock.day = date(2026, 1, 4)
    await enter_year(town)
    workflow = pack.workflows["year_recognition"]
    process = await first(town, workflow, ())
    while process.state != "recognised":
        step = workflow.step(process.steps[0].name)
        assert step is not None
        clock.day = max(clock.day, process.steps[0].opens or clock.day)
        process = await town.take(signer(town, step), process, step.name, **answers(step, ()))
        assert isinstance(process, Process), (step.name, process)
    of_school = sum(row["micro_credits"] for row in await town.rows("record") if row["on"].day < 5)
    others = sum(row["micro_credits"] for row in await town.rows("record")) - of_school
    assert of_school * 48 % 49, "the credits divide, and the test shows nothing"
    rows = {row["teacher"]: row for row in await town.rows("recognition")}
    assert (rows["t1"]["micro_hours"], rows["t1"]["micro_credits"]) == (96_000_000, of_school * 48 // 49 + others)
    assert (rows["t2"]["micro_hours"], rows["t2"]["micro_credits"]) == (0, 0)
    posted = {row["teacher"]: row["micro_credits"] for row in await town.rows("ledger") if row["kind"] == "recognition"}
    assert posted == {"t1": rows["t1"]["micro_credits"], "t2": 0}
