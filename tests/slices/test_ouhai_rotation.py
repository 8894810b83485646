"""Two years of rotation under the law of Ouhai, through GraphQL: planned, adopted, worked term by term to the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id

from tests.services.credits.standings.live import gate
from tests.services.visits.live_both import subscribed
from tests.slices import rotation_district as seen
from tests.slices import rotation_terms as terms
from tests.slices.actors import HEARD_LATER, OFFICERS
from tests.slices.district import District
from tests.slices.field_town import FieldTown
from tests.slices.isolation import asked_from_elsewhere
from tests.slices.platform import guarded
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")

TERMS = (
    ("2024-2025", 1, "2024-09-02", "2025-01-17"),
    ("2024-2025", 2, "2025-02-17", "2025-06-30"),
    ("2025-2026", 1, "2025-09-01", "2026-01-23"),
    ("2025-2026", 2, "2026-02-23", "2026-06-30"),
)
ONE = """query($id: ID!) { rotationPlan(id: $id) { id state terms gap proven score distance distanceBound
  replaces { id state } contents { entries { personId schoolId term role person { name } school { name } }
    parts { name units weight points items { units } } moved { term before { schoolId } after { schoolId } }
    none { messageZh causes { kind clauses } counted { slots short schools { id } }
      least { least changes { kind count lawful messageZh } } ways { changes { kind lawful } } } } } }"""
CALENDAR = """query($person: ID, $school: ID, $term: String) { residencies(person: $person, school: $school,
  term: $term, first: 200) { totalCount edges { node { id term role withdrawn school { id } plan { id } } } } }"""
DISTRICT = "{ schoolOrganisations { district { kind failed } } }"
# The platform's operator may draft and plan too, from the command line; he has no district here.
PLANNERS = (*OFFICERS, "platform-operator")
# What an answer needs that the visits service has not heard of yet.
HEARD = (*HEARD_LATER, "TERMS_MISSING", "PLAN_CONTRADICTS")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[FieldTown]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2024-08-26").playing() as stage:
            made = FieldTown(stage, "ouhai-rotation", "ouhai")
            async with gate(nats.url, stage.keys, access=stage.access("gateway")) as made.door:
                yield made
    finally:
        nats.stop()


async def test_two_years_of_rotation_from_the_first_draft_to_the_last_report_each_step_by_its_proper_role(
    town: FieldTown,
) -> None:
    await the_district_stands(town)
    await a_studio_is_stationed_at_a_weak_school(town)
    await two_researchers_are_too_few_and_it_says_so(town)
    adopted = await a_third_makes_a_plan_that_is_adopted(town)
    await everybody_sees_his_own_calendar(town, adopted)
    await seen.the_sheet_of_the_assessment_is_set(town)
    form = await terms.a_form_is_published(town)
    worked = await the_first_term_is_worked_and_heard_of(town, form)
    adopted = await an_absence_is_planned_around(town, adopted)
    for term in list(terms.DAYS)[1:]:
        worked += await terms.a_term_is_worked(town, term, form)
        await seen.the_map_shows(town, worked, whole=term == "2025-2026-2")
        if term == "2024-2025-2":
            await seen.a_year_is_assessed(town, "2024-2025", FIRST_YEAR, {"Lan"})
    await seen.a_year_is_assessed(town, "2025-2026", SECOND_YEAR, ())
    await seen.nobody_else_sees_any_of_it(town, adopted, "2024-2025-1", "2024-09-02")
    auditor = town.who("auditor")
    (stay, *_) = (await town.stage.read(auditor, CALENDAR))["residencies"]["edges"]
    assert town.elsewhere is not None
    await asked_from_elsewhere(town.elsewhere, town, {stay["node"]["id"]: auditor})


# First visits, last visits missing in the second term, lessons of the year, half days of the first term. The plan says
# nothing of those on leave: what Lan did not do in the second term is told, and beside it that she was away.
FIRST_YEAR = {"Lan": ["1", "1", "3", "9"], "Yu": ["2", "0", "6", "5"], "Mei": ["2", "0", "6", "5"]}
SECOND_YEAR = {name: ["2", "0", "6", "5"] for name in FIRST_YEAR}


async def the_first_term_is_worked_and_heard_of(town: FieldTown, form: str) -> list[terms.Stay]:
    """Lan's page comes by itself when she has come; she goes to her school too often; what she found is closed."""
    stays = await terms.stays_of(town, "2024-2025-1")
    lan = next(one for one in stays if one.name == "Lan")
    await seen.notes_are_refused_to_all_but_the_visitor_and_his_typist(town, lan)
    live = f"""subscription {{ termWorkChanged(researcher: "{town.people["Lan"]}", term: "2024-2025-1") {{
      figures {{ name value }} unfinished {{ id }} }} }}"""
    async with subscribed(town.door, town.researcher("Lan"), "sse", live) as pushed:
        assert {one["value"] for one in (await pushed())["figures"]} == {0}
        await terms.a_phase_is_worked(town, stays, "期初", form)
        async with asyncio.timeout(20):
            while {"name": "half_days", "value": 2} not in (await pushed())["figures"]:
                pass
    await seen.one_school_is_gone_to_too_often(town, lan)
    await terms.a_phase_is_worked(town, stays, "期中", form)
    await seen.a_finding_is_closed_by_a_second_person(town, lan)
    await terms.a_phase_is_worked(town, stays, "期末", form)
    await terms.the_term_is_reported(town, stays)
    await seen.the_map_shows(town, stays, whole=False)
    return stays


async def the_district_stands(town: FieldTown) -> None:
    """Nine schools, four terms, two researchers."""
    await town.opens_district("2024-01-01")
    for year, number, starts_on, ends_on in TERMS:
        given = {"schoolYear": year, "number": number, "startsOn": starts_on, "endsOn": ends_on}
        await town.enter("setTerm", given, "term { id }")
    for at in range(7):
        await town.found(f"M{at:02}")
    town.elsewhere = await District(town.stage, "ouhai-rotation-elsewhere", "ouhai").open()
    await town.employs("Lan", "Yu", "Mei")
    for name in ("Lan", "Yu"):
        await enrolled(town, name)


async def a_studio_is_stationed_at_a_weak_school(town: FieldTown) -> None:
    """OUHAI-6-5c: at a school that is none it is told with its clause; moved to one, it is in order."""
    weak = {"schoolId": town.neighbour, "since": "2024-01-01", "weakDecidedBy": "瓯教〔2023〕9号"}
    await town.enter("correctSchool", weak, "school { id }", token=town.who("district-officer"))
    given = {"name": "语文名师工作室", "level": "区级", "leaderId": town.people["Lan"], "schoolIds": [town.school]}
    entered = {**given, "beginsOn": "2024-01-01"}
    made = await town.acts("institute-officer", "openStudio", entered, "studio { id }", allowed=OFFICERS)
    supervisor = town.who("supervisor")

    async def told() -> list[list[str]]:
        page = (await town.stage.read(supervisor, DISTRICT))["schoolOrganisations"]
        return [one["failed"] for one in page["district"] if one["kind"] == "studios"]

    await town.hears(told, [["OUHAI-6-5c"]])
    moved = {"studioId": made["studio"]["id"], "since": "2024-08-26", "schoolIds": [town.neighbour]}
    await town.enter("correctStudio", moved, "studio { version }", token=town.who("institute-officer"))
    await town.hears(told, [[]])
    found = (await town.stage.read(supervisor, "{ studios { name level leader { id } schools { id } version } }"))[
        "studios"
    ]
    assert found == [
        {"name": "语文名师工作室", "level": "区级", "leader": {"id": town.people["Lan"]},
         "schools": [{"id": town.neighbour}], "version": 2},
    ]  # fmt: skip


async def enrolled(town: FieldTown, name: str) -> None:
    given = {"teacherId": town.people[name], "beginsOn": "2024-01-01", "subjects": ["语文"], "stages": ["PRIMARY"]}
    await town.enter("enrolResearcher", given, "researcher { id }")


async def drafted(town: FieldTown, last: str) -> str:
    """OUHAI-6-6: the window of four terms; `last` is who was enrolled last: where he is known, all before is."""
    known = {"personId": town.people[last], "schoolId": town.school, "term": "2024-2025-1"}
    given = {"name": "两年蹲点安排", "firstTerm": "2024-2025-1", "additions": {"forbidden": [known]}}
    said = {"idempotencyKey": town.key(), **given}
    officer = town.who("institute-officer")
    await town.refused_to_others("draftRotationPlan", given, PLANNERS, strangers=False)
    made = await town.stage.persist(officer, "draftRotationPlan", said, "plan { id state }", waits_for=HEARD)
    assert made["plan"]["state"] == "DRAFT"
    return made["plan"]["id"]


async def solved(town: FieldTown, plan: str) -> dict[str, Any]:
    officer = town.who("institute-officer")
    await town.enter("startPlanning", {"planId": plan, "seconds": 60}, "plan { state }", token=officer)
    async with asyncio.timeout(90):
        while True:
            found = (await town.stage.read(officer, ONE, id=plan))["rotationPlan"]
            if found["state"] != "PLANNING":
                return found
            await asyncio.sleep(0.05)  # the same question that a page asks which has no live connection


async def two_researchers_are_too_few_and_it_says_so(town: FieldTown) -> None:
    """OUHAI-6-6d: two researchers have eight places in four terms, and there are nine schools."""
    found = await solved(town, await drafted(town, "Yu"))
    assert found["state"] == "IMPOSSIBLE"
    none = found["contents"]["none"]
    assert (none["counted"]["slots"], none["counted"]["short"], len(none["counted"]["schools"])) == (8, 1, 9)
    assert "OUHAI-6-6d" in none["messageZh"]
    assert "虚构教师Yu" in none["messageZh"], "the officer reads names"
    assert none["least"]["least"]
    assert [(one["kind"], one["count"], one["lawful"]) for one in none["least"]["changes"]] == [("researcher", 1, True)]


async def a_third_makes_a_plan_that_is_adopted(town: FieldTown) -> str:
    await enrolled(town, "Mei")
    plan = await drafted(town, "Mei")
    await town.refused_to_others("startPlanning", {"planId": plan, "seconds": 60}, PLANNERS)
    found = await solved(town, plan)
    assert (found["state"], found["gap"], found["proven"]) == ("PLANNED", 0, True)
    entries = found["contents"]["entries"]
    assert len(entries) == 12
    assert len({one["schoolId"] for one in entries}) == 9
    assert sum(part["points"] for part in found["contents"]["parts"]) == found["score"]
    adopted = await town.acts(
        "institute-officer", "adoptRotationPlan", {"planId": plan}, "plan { state adoptedBy }", allowed=OFFICERS
    )
    assert adopted["plan"]["state"] == "ADOPTED"
    return plan


async def everybody_sees_his_own_calendar(town: FieldTown, plan: str) -> None:
    officer = town.who("institute-officer")
    every = (await town.stage.read(officer, CALENDAR))["residencies"]
    assert every["totalCount"] == 12
    assert {edge["node"]["plan"]["id"] for edge in every["edges"]} == {plan}
    first = (await town.stage.read(officer, CALENDAR, term="2024-2025-1"))["residencies"]
    assert first["totalCount"] == 3
    his = town.token("researcher", teacher=plain_id("Teacher", town.people["Lan"]))
    own = "{ residencies { totalCount edges { node { term school { name } person { id } } } } }"
    mine = (await town.stage.read(his, own))["residencies"]
    assert mine["totalCount"] == 4
    assert len({edge["node"]["term"] for edge in mine["edges"]}) == 4
    there = (await town.stage.read(town.school_officer, own))["residencies"]
    assert 1 <= there["totalCount"] < 12


async def an_absence_is_planned_around(town: FieldTown, plan: str) -> str:
    """Away for the second term: her place falls away, another covers the school; the first term stays as it was."""
    away = {"researcherId": town.people["Lan"], "since": "2025-02-17", "until": "2025-06-30", "kind": "产假"}
    await town.enter("recordAbsence", away, "researcher { id }")
    officer = town.who("institute-officer")
    given = {"planId": plan, "reason": "一名研训员产假"}
    await town.refused_to_others("redraftRotationPlan", given, PLANNERS)
    async with asyncio.timeout(60):
        while True:
            made = await town.enter("redraftRotationPlan", given, "plan { id openFrom }", token=officer)
            found = await solved(town, made["plan"]["id"])
            if found["distance"]:
                break
            await asyncio.sleep(0.05)  # the visits service has not heard of the absence yet, and tells nobody when
    assert found["distance"] == found["distanceBound"]
    gone = [one for one in found["contents"]["moved"] if not one["after"]]
    assert [one["term"] for one in gone] == ["2024-2025-2"]
    await town.enter("adoptRotationPlan", {"planId": found["id"]}, "plan { state }", token=officer)
    again = (await town.stage.read(officer, ONE, id=found["id"]))["rotationPlan"]
    assert (again["state"], again["replaces"]["state"]) == ("ADOPTED", "REPLACED")
    calendar = (await town.stage.read(officer, CALENDAR))["residencies"]
    assert calendar["totalCount"] == 11
    assert {stay.name for stay in await terms.stays_of(town, "2024-2025-2")} == {"Yu", "Mei"}
    return found["id"]
