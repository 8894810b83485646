"""Every workflow of every law that is installed runs to its end, each step by its proper role and by no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_rulekit import WorkStep, load_packs
from yanxiu_rulekit.workflow import ROLES
from yanxiu_wire import registry
from yanxiu_wire import term as wire_term
from yanxiu_wire.credits import DECIDE_PROJECT, DecideProject
from yanxiu_wire.process import Evidence, Process

from tests.services.credits.conftest import LAW_SINCE, FixedClock, House
from tests.services.credits.workflow.conftest import TERM, Town

RULEBOOK = load_packs()
LAST_YEAR, THIS_TERM = date(2024, 6, 1), date(2025, 3, 11)
COURSE = {"kind": "training", "mode": "school", "level": "school", "hours_planned": "24"}
COUNTY_COURSE = {"kind": "training", "mode": "central", "level": "county", "hours_planned": "24"}
ANSWERS = {"text": "已办理", "number": "1", "day": "2025-06-27", "flag": "true"}

# Law and workflow: a day of its period, the steps with the day on which each is taken, what a project of it says.
RUNS: dict[tuple[str, str], tuple[date | None, list[tuple[str, date]], dict[str, str] | None]] = {
    ("puer", "school_plan"): (
        THIS_TERM,
        [("declare", THIS_TERM), ("review", THIS_TERM), ("approve", THIS_TERM)],
        COURSE,
    ),
    ("puer", "project_publication"): (
        None,
        [("set", THIS_TERM), ("publish_county", THIS_TERM)],
        COUNTY_COURSE,
    ),
    ("puer", "year_recognition"): (
        LAST_YEAR,
        [
            ("review", date(2025, 2, 24)),
            ("publicise", date(2025, 3, 3)),
            ("submit", date(2025, 3, 10)),
            ("recognise", date(2025, 3, 12)),
            ("stamp", date(2025, 3, 12)),
            ("feed_back", date(2025, 3, 13)),
        ],
        None,
    ),
    ("putuo", "school_year_plan"): (
        THIS_TERM,
        [(step, THIS_TERM) for step in ("survey_district", "survey_school", "draft", "adopt", "sum_up")],
        None,
    ),
    ("putuo", "term_posting"): (
        THIS_TERM,
        [("evaluate", date(2025, 7, 1)), ("post", TERM.ends_on), ("feed_back", TERM.ends_on)],
        None,
    ),
    ("putuo", "featured_course"): (
        None,
        [(step, THIS_TERM) for step in ("apply", "guide", "accept", "share")],
        None,
    ),
    ("putuo", "district_year"): (
        THIS_TERM,
        [(step, THIS_TERM) for step in ("assess_teams", "spread")],
        None,
    ),
    ("ouhai", "plan"): (
        THIS_TERM,
        [(step, THIS_TERM) for step in ("set_themes", "report_groups", "file", "show_results")],
        None,
    ),
    ("ouhai", "year_recognition"): (
        LAST_YEAR,
        [(step, THIS_TERM) for step in ("check", "enter", "feed_back")],
        None,
    ),
    ("anhui", "year_certificate"): (
        LAST_YEAR,
        [(step, THIS_TERM) for step in ("gather", "assess", "enter")],
        None,
    ),
    ("antu", "year_end_inspection"): (
        THIS_TERM,
        [
            *((step, THIS_TERM) for step in ("design", "appraise", "carry_out", "reflect", "sum_up")),
            ("inspect", date(2025, 12, 1)),
            ("feed_back", date(2025, 12, 2)),
        ],
        None,
    ),
    ("antu", "county_year"): (
        THIS_TERM,
        [(step, THIS_TERM) for step in ("give_standard", "exchange", "reward")],
        None,
    ),
    ("yueqing", "batch"): (
        THIS_TERM,
        [
            *((step, THIS_TERM) for step in ("screen", "write_rules", "assign", "announce")),
            ("sum_up", date(2026, 10, 20)),
        ],
        None,
    ),
    ("yueqing", "base_school_year"): (
        THIS_TERM,
        [(step, THIS_TERM) for step in ("plan", "feed_back", "put_right", "sum_up")],
        None,
    ),
}


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Any, clock: FixedClock) -> AsyncIterator[Service]:
    """The credits service under the laws that are installed."""
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, RULEBOOK, clock=clock) as made:
        yield made


@pytest.fixture
async def place(empty_house: House, clock: FixedClock) -> AsyncIterator[Town]:
    """A district whose law is still to be named, with a school, its teacher and a term."""
    clock.day = THIS_TERM
    town = Town(empty_house, clock)
    await town.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="school-1", version=1, history=()))
    await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=TERM))
    yield town
    clock.day = THIS_TERM


def answers(step: WorkStep, project: str | None) -> dict[str, Any]:
    """Return what the signer of a step states and attaches, everything it asks for."""
    documents = tuple(
        Evidence(name=ask.name, title=ask.label, reference="file://made.pdf", sha256="a" * 64)
        for ask in step.asks
        if ask.form == "document"
    )
    facts = {ask.name: "1" for ask in step.asks if ask.form == "projects"}
    return {
        "statements": {ask.name: ANSWERS[ask.form] for ask in step.asks if ask.form in ANSWERS},
        "evidence": documents,
        "project_facts": {project: facts} if project and facts else {},
    }


def signer(town: Town, role: Any) -> Any:
    narrow = {"school": "school-1"} if role.startswith("school-") else {}
    return town.person(f"a-{role}", role, **narrow, **({"teacher": "t1"} if role == "teacher" else {}))


async def propose(town: Town, facts: dict[str, str] | None) -> str | None:
    if facts is None:
        return None
    town.officer = town.training_officer if facts["level"] == "school" else town.department
    return (await town.project(facts, approve=False)).id


@pytest.mark.parametrize("run", RUNS, ids="-".join)
async def test_a_workflow_runs_to_its_end_by_the_roles_that_its_law_names(town_of: Any, run: tuple[str, str]) -> None:
    law, name = run
    day, steps, facts = RUNS[run]
    town = await town_of(law)
    workflow = RULEBOOK.pack(law).workflow(name)
    project = await propose(town, facts)
    process: Any = None
    for number, (step_name, taken_on) in enumerate(steps):
        step = workflow.step(step_name)
        assert step is not None
        town.clock.day = taken_on
        given = answers(step, project)
        for role in (*(one for one in ROLES if one not in step.by), step.by[0]):
            who = signer(town, role)
            if process is None:
                scope = {"school": "school-1"} if workflow.scope == "school" and not role.startswith("school-") else {}
                asked = {"step": step_name, "on": day, "projects": (project,) if project else (), **scope}
                answer = await town.open(who, name, **asked, **given)
            else:
                answer = await town.take(who, process, step_name, **given)
            assert isinstance(answer, Process) == (role in step.by), (step_name, role, answer)
            process = answer if isinstance(answer, Process) else process
        assert process.signatures[-1].step == step_name
        assert process.ended == (number == len(steps) - 1)
    assert process.state in workflow.final
    recognised = [one["teacher"] for one in await town.rows("ledger") if one["kind"] == "recognition"]
    assert recognised == (["t1"] if any(step.effect == "recognise" for step in workflow.steps) else [])


def test_no_workflow_of_an_installed_law_is_left_out() -> None:
    installed = {(law, name) for law, pack in RULEBOOK.packs.items() for name in pack.workflows}
    assert set(RUNS) == installed


@pytest.fixture
async def town_of(place: Town) -> Any:
    """Return the district under a law, when its teacher is known."""

    async def bound(law: str) -> Town:
        await place.bind(registry.PackBinding(pack=law, since=LAW_SINCE))
        await place.employ("t1")
        return place

    return bound


async def test_a_school_based_project_counts_with_the_coefficient_that_the_institute_set(town_of: Any) -> None:
    town = await town_of("puer")
    project = await propose(town, COURSE)
    assert project is not None
    workflow = RULEBOOK.pack("puer").workflow("school_plan")
    declare, review, approve = workflow.steps
    beside = DecideProject(caller=town.institute, key=town.key(), project=project, approve=True, on=THIS_TERM)
    assert (await town.call(DECIDE_PROJECT, beside)).errors[0].code == "PROCESS_REQUIRED"
    plan = await town.open(town.training_officer, "school_plan", projects=(project,), **answers(declare, project))
    by_hand = DecideProject(caller=town.institute, key=town.key(), project=project, approve=True, on=THIS_TERM)
    assert (await town.call(DECIDE_PROJECT, by_hand)).errors[0].code == "PROCESS_OPEN"
    too_much = await town.take(town.institute, plan, "review", project_facts={project: {"project_credit": "1.2"}})
    assert {clause for error in too_much.errors for clause in error.clauses} >= {"PUER-11-1S"}
    half = await town.take(town.institute, plan, "review", project_facts={project: {"project_credit": "0.5"}})
    done = await town.take(town.department, half, "approve", **answers(approve, project))
    assert done.state == "approved"
    facts = {"hours_completed": "24", "score": "85"}
    answer = await town.register("t1", on=THIS_TERM, project=project, facts=facts)
    # 24 hours at 0.5, and the merit of a good mark on top.
    assert (answer.record.hours, answer.record.credits) == (
        24,
        12 + 12 * RULEBOOK.pack("puer").law(THIS_TERM).merit["良"],
    )
    assert review.asks[0].name == "project_credit"
