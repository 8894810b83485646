"""A batch of base schools in Yueqing through GraphQL, from its plan to the batch after it, each step by its role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id

from tests.slices import batch_term as term
from tests.slices.actors import HEARD_LATER, OFFICERS
from tests.slices.district import District
from tests.slices.field_town import FieldTown
from tests.slices.isolation import asked_from_elsewhere
from tests.slices.platform import guarded
from tests.slices.rotation_district import nobody_else_sees_any_of_it
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")

ONE = """query($id: ID!) { rotationPlan(id: $id) { id state kind startsOn endsOn gap proven
  contents { entries { personId schoolId role } none { messageZh causes { kind clauses } least {
    changes { kind count } } } } } }"""
CALENDAR = """{ residencies(first: 200) { totalCount edges { node {
  id role term startsOn endsOn school { id } person { id } } } } }"""
HEARD = (*HEARD_LATER, "PLAN_CONTRADICTS")
TARGETS = """query($b: Date!, $on: Date) { baseSchoolProgramme(batch: $b, asOf: $on) {
  batch { startsOn endsOn schoolCount schools { id } planId }
  targets { clause reached aimed toGo met dueOn }
  schools { school { id } achievements { kind since } teachers { clause reached of } } } }"""
ENTRY = "entry { id version reason }"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[FieldTown]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2020-10-20").playing() as stage:
            yield FieldTown(stage, "yueqing-batch", "yueqing")
    finally:
        nats.stop()


async def test_a_batch_is_planned_adopted_worked_assessed_and_followed_by_one_of_other_schools(town: FieldTown) -> None:
    schools = await the_district_stands(town)
    await without_helpers_there_is_no_batch(town, schools)
    first = await planned(town, schools, "2020-10-20")
    assert (first["kind"], first["endsOn"], first["proven"]) == ("BATCH", "2022-10-19", True)
    await it_is_adopted_by_an_officer(town, first)
    await it_keeps_to_the_law(town, first)
    second = await planned(town, schools, "2022-10-20")
    assert not {one["schoolId"] for one in second["contents"]["entries"]} & {
        one["schoolId"] for one in first["contents"]["entries"]
    }
    leads = await who_leads(town)
    await term.the_groups_are_filed(town)
    await term.the_term_is_worked(town, leads)
    await term.the_year_is_assessed(town, *leads)
    await what_it_reached_is_recorded_and_told(town, first)
    await nobody_else_sees_any_of_it(town, first["id"], term.TERM, term.STARTS)
    await the_next_batch_takes_its_place(town, second)
    officer = town.who("institute-officer")
    query = "{ programmeEntries(first: 1) { edges { node { id } } } }"
    (entry,) = (await town.stage.read(officer, query))["programmeEntries"]["edges"]
    assert town.elsewhere is not None
    await asked_from_elsewhere(town.elsewhere, town, {entry["node"]["id"]: officer})


async def who_leads(town: FieldTown) -> list[term.Lead]:
    """Two base schools, each led by one of the two researchers."""
    names = {of: name for name, of in town.people.items()}
    nodes = [edge["node"] for edge in (await town.stage.read(town.who("auditor"), CALENDAR))["residencies"]["edges"]]
    leads = [
        term.Lead(names[one["person"]["id"]], one["school"]["id"], one["id"]) for one in nodes if one["role"] == "LEAD"
    ]
    assert {one.name for one in leads} == {"Lan", "Yu"}
    return sorted(leads)


async def the_next_batch_takes_its_place(town: FieldTown, second: dict[str, Any]) -> None:
    """YUEQING-2-2: two years later other schools are base schools, and those of the first batch no longer."""
    town.stage.calendar.turn_to("2022-10-20")
    await it_is_adopted_by_an_officer(town, second)
    supervisor = town.who("supervisor")
    nodes = [edge["node"] for edge in (await town.stage.read(supervisor, CALENDAR))["residencies"]["edges"]]
    periods = {(one["startsOn"], one["endsOn"]): set[str]() for one in nodes}
    for one in nodes:
        periods[one["startsOn"], one["endsOn"]].add(one["school"]["id"])
    before, after = periods["2020-10-20", "2022-10-19"], periods["2022-10-20", "2024-10-19"]
    assert (len(periods), len(before), len(after), before & after) == (2, 2, 2, set())
    found = await town.stage.read(supervisor, "{ baseSchoolBatches { startsOn endsOn } }")
    assert {one["startsOn"] for one in found["baseSchoolBatches"]} == {"2020-10-20", "2022-10-20"}


async def the_district_stands(town: FieldTown) -> list[str]:
    """Two schools in the country and two in town; two researchers, two who may help."""
    await town.opens_district("2020-10-20")
    town.elsewhere = await District(town.stage, "yueqing-elsewhere", "yueqing").open()
    for number, starts_on, ends_on in ((1, "2020-09-01", "2021-01-22"), (2, term.STARTS, term.ENDS)):
        given = {"schoolYear": term.TERM[:-2], "number": number, "startsOn": starts_on, "endsOn": ends_on}
        await town.enter("setTerm", given, "term { id }")
    made = []
    for at in range(2):
        given = {"code": f"T{at}", "name": "虚构小学", "stage": "PRIMARY", "location": "TOWN", "openedOn": "1990-09-01"}
        made.append((await town.enter("createSchool", given, "school { id }"))["school"]["id"])
    await town.employs("Lan", "Yu", "Hua", "Mei")
    for name in ("Lan", "Yu"):
        given = {"teacherId": town.people[name], "beginsOn": "2020-10-20", "subjects": ["语文"], "stages": ["PRIMARY"]}
        await town.enter("enrolResearcher", given | {"capacity": 2}, "researcher { id }")
    return [town.school, town.neighbour, *made]


def asked(town: FieldTown, schools: list[str], *helpers: str) -> dict[str, Any]:
    """Two of four schools; that the last researcher's pairing is known says that all before has been heard of."""
    known = {"personId": town.people["Yu"], "schoolId": town.school}
    return {
        "helpers": [{"personId": town.people[name], "kind": "AREA_STAFF"} for name in helpers],
        "candidateIds": schools,
        "baseSchools": 2,
        "excepted": [known],
    }


async def solved(town: FieldTown, starts_on: str, additions: dict[str, Any]) -> dict[str, Any]:
    officer = town.who("institute-officer")
    given = {"idempotencyKey": town.key(), "name": "研训基地学校", "startsOn": starts_on, "additions": additions}
    made = await town.stage.persist(officer, "draftRotationPlan", given, "plan { id }", waits_for=HEARD)
    plan = made["plan"]["id"]
    await town.enter("startPlanning", {"planId": plan, "seconds": 60}, "plan { state }", token=officer)
    async with asyncio.timeout(90):
        while True:
            found = (await town.stage.read(officer, ONE, id=plan))["rotationPlan"]
            if found["state"] != "PLANNING":
                return found
            await asyncio.sleep(0.05)  # the same question that a page asks which has no live connection


async def without_helpers_there_is_no_batch(town: FieldTown, schools: list[str]) -> None:
    """YUEQING-5-1b: one leads, several help; nobody may help, so two more are needed."""
    found = await solved(town, "2020-10-20", asked(town, schools))
    assert found["state"] == "IMPOSSIBLE"
    none = found["contents"]["none"]
    clauses = {clause for cause in none["causes"] for clause in cause["clauses"]}
    assert "YUEQING-5-1b" in clauses
    assert [(one["kind"], one["count"]) for one in none["least"]["changes"]] == [("collaborator", 2)]


async def planned(town: FieldTown, schools: list[str], starts_on: str) -> dict[str, Any]:
    found = await solved(town, starts_on, asked(town, schools, "Hua", "Mei"))
    assert found["state"] == "PLANNED", found
    return found


async def it_is_adopted_by_an_officer(town: FieldTown, plan: dict[str, Any]) -> None:
    given = {"planId": plan["id"]}
    made = await town.acts("institute-officer", "adoptRotationPlan", given, "plan { state }", allowed=OFFICERS)
    assert made["plan"]["state"] == "ADOPTED"


async def it_keeps_to_the_law(town: FieldTown, plan: dict[str, Any]) -> None:
    """Of two base schools one is in town and one in the country, each with a lead and two who help, for two years."""
    officer = town.who("institute-officer")
    nodes = [edge["node"] for edge in (await town.stage.read(officer, CALENDAR))["residencies"]["edges"]]
    assert sorted(one["role"] for one in nodes) == ["COLLABORATOR"] * 4 + ["LEAD"] * 2
    assert {(one["startsOn"], one["endsOn"], one["term"]) for one in nodes} == {("2020-10-20", "2022-10-19", None)}
    chosen = {plain_id("School", one["school"]["id"]) for one in nodes}
    rural = {plain_id("School", town.school), plain_id("School", town.neighbour)}
    assert len(chosen) == 2
    assert len(chosen & rural) == 1
    assert len({one["schoolId"] for one in plan["contents"]["entries"]}) == 2


async def what_it_reached_is_recorded_and_told(town: FieldTown, plan: dict[str, Any]) -> None:
    """YUEQING-3: a base named by the city and a contest, each recorded by who may; nobody has failed anything."""
    nodes = [edge["node"] for edge in (await town.stage.read(town.who("auditor"), CALENDAR))["residencies"]["edges"]]
    school = nodes[0]["school"]["id"]
    young = await two_young_teachers(town, school)
    town.stage.calendar.turn_to("2021-07-05")
    named = {
        "batch": "2020-10-20", "schoolId": school, "evidence": "乐教研〔2021〕3号",
        "content": {"kind": "DEMONSTRATION", "reachedOn": "2021-05-20", "title": "语文学科示范基地", "level": "COUNTY"},
    }  # fmt: skip
    made = (await town.acts("institute-officer", "recordAchievement", named, ENTRY, allowed=OFFICERS))["entry"]
    taken = [{"teacherId": one, "bornOn": "1992-02-03", "tookPart": at == 0} for at, one in enumerate(young)]
    held = {
        "batch": "2020-10-20", "schoolId": school, "evidence": "参评名单",
        "content": {"name": "优质课评比", "heldOn": "2021-04-10", "entrants": taken},
    }  # fmt: skip
    own = town.who("school-training-officer", school=school)
    other = town.who(
        "school-training-officer", school=next(one for one in (town.school, town.neighbour) if one != school)
    )
    assert await town.refused(other, "recordContest", held) == ("BASE_SCHOOL_UNKNOWN",)
    assert await town.refused(own, "recordAchievement", named) == ("FORBIDDEN",)
    said = {"idempotencyKey": town.key(), **held}
    await town.stage.persist(own, "recordContest", said, ENTRY, waits_for=(*HEARD_LATER, "PERSON_UNKNOWN"))

    await it_is_told_of_the_batch_and_of_each_school(town, plan, own, school)
    # It was named in June: a second version says so, and what had been reached in May is told anew.
    later = {**named["content"], "reachedOn": "2021-06-01"}
    change = {
        "entryId": made["id"],
        "expectedVersion": 1,
        "evidence": "文号有误",
        "reason": "日期有误",
        "content": later,
    }
    again = await town.acts("institute-officer", "correctAchievement", change, ENTRY, allowed=OFFICERS)
    assert again["entry"].pop("id") != made["id"], "each version is an object of its own"
    assert again["entry"] == {"version": 2, "reason": "日期有误"}
    may = await town.stage.read(town.who("supervisor"), TARGETS, b="2020-10-20", on="2021-05-31")
    assert may["baseSchoolProgramme"]["targets"][0]["reached"] == "0"


async def it_is_told_of_the_batch_and_of_each_school(
    town: FieldTown, plan: dict[str, Any], own: str, school: str
) -> None:
    """One of twenty bases, one of two young teachers; the school sees itself alone."""
    found = await town.stage.read(town.who("supervisor"), TARGETS, b="2020-10-20")
    batch = found["baseSchoolProgramme"]["batch"]
    assert (batch["schoolCount"], len(batch["schools"]), batch["planId"]) == (2, 2, plan["id"])
    assert [
        one["startsOn"]
        for one in (await town.stage.read(own, "{ baseSchoolBatches { startsOn } }"))["baseSchoolBatches"]
    ] == ["2020-10-20"]
    targets = {one["clause"]: one for one in found["baseSchoolProgramme"]["targets"]}
    bases, contest = targets["YUEQING-3-1a"], targets["YUEQING-3-2b"]
    assert (bases["reached"], bases["aimed"], bases["toGo"], bases["dueOn"]) == ("1", "20", "19", "2022-06-30")
    assert (contest["reached"], contest["aimed"], contest["toGo"]) == ("1", "2", "1")
    (mine,) = (await town.stage.read(own, TARGETS, b="2020-10-20"))["baseSchoolProgramme"]["schools"]
    assert mine["school"]["id"] == school
    assert {one["kind"] for one in mine["achievements"] if one["since"]} == {"DEMONSTRATION"}
    assert [(one["reached"], one["of"]) for one in mine["teachers"]] == [("1", "2")]


async def two_young_teachers(town: FieldTown, school: str) -> list[str]:
    made = []
    for name in ("Ye", "Lin"):
        given = {"staffNumber": name, "name": f"虚构教师{name}", "schoolId": school, "employedSince": "2018-09-01"}
        entered = await town.enter("createTeacher", given, "teacher { id }", token=town.who("district-officer"))
        made.append(entered["teacher"]["id"])
    return made
