"""A school year of supervision, two competitions and an award year in Ouhai, through GraphQL, each by its proper role.

The law is Ouhai's own with Pu'er's credits beside it, so that a school can be barred; what changes is also seen live.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.draw_check import PublishedDraw, checks
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.caller import Role

from tests.services.credits.standings.live import gate
from tests.services.visits.field import new_id
from tests.services.visits.live_both import Next, subscribed
from tests.slices.actors import OFFICERS, SCHOOL_ROLES
from tests.slices.awards_district import AwardStage, Play
from tests.slices.district import District
from tests.slices.isolation import asked_from_elsewhere
from tests.slices.law_of_two import NAME, law_of_two
from tests.slices.ouhai_award_year import (
    a_school_short_of_its_teachers_is_barred,
    an_objection_strikes_one_and_the_next_moves_up_to_the_quota,
    nominations_are_reviewed_blind,
    ties_are_parted_as_the_rules_said,
)
from tests.slices.platform import guarded

pytestmark = pytest.mark.usefixtures("on_both")

SCHOOL_YEAR = "2024-2025"
TERMS = (("2024-09-02", "2025-01-17"), ("2025-02-17", "2025-06-30"))
SUPERVISORS: tuple[Role, ...] = (*OFFICERS, "supervisor")
STANDING = """query($y: String!) { supervisionStanding(schoolYear: $y) {
  missing { id } reportedRegular reportedRandom rulings { failed } } }"""
INSPECTIONS = """{ inspections(schoolYear: "2024-2025", first: 100) { edges { node {
  id kind state form school { id } } } } }"""
DRAW = """query($d: ID!) { supervisionDraw(id: $d) { id algorithm roster count rosterSha256 seedSha256
  seed witness drawnIds } }"""
ROTATION = "{ competitionRotation { stages { stage turns } rulings { failed warnings } } }"
LIVE_INSPECTIONS = """subscription { inspectionsChanged(schoolYear: "2024-2025", state: REPORTED) { totalCount } }"""
LIVE_DRAWS = "subscription { supervisionDrawsChanged { edges { node { state } } } }"
AWARDED = """{ nominations(year: 2024, first: 1) { edges { node { id } } }
  awardObjections(year: 2024, first: 1) { edges { node { id } } } awardReviewers(year: 2024) { id } }"""
LIVE_YEAR = "subscription { awardYearChanged(year: 2024) { state } }"
LIVE_CONFIRMED = "subscription { nominationsChanged(year: 2024, state: CONFIRMED) { totalCount } }"


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Play]:
    nats = guarded(tmp_path)
    try:
        async with AwardStage(nats, tmp_path, "2024-08-26", law_of_two()).playing() as stage:
            made = Play(stage, "ouhai-awards", NAME)
            async with gate(nats.url, stage.keys, access=stage.access("gateway")) as made.door:
                yield made
    finally:
        nats.stop()


async def test_a_year_of_supervision_two_competitions_and_the_awards(play: Play) -> None:
    await the_district_stands(play)
    officer = play.who("institute-officer")
    async with (
        subscribed(play.door, officer, "sse", LIVE_INSPECTIONS) as reported,
        subscribed(play.door, play.of_school("B"), "websocket", LIVE_DRAWS) as draws,
        subscribed(play.door, play.person("teacher", "Bao"), "sse", LIVE_YEAR) as years,
        subscribed(play.door, officer, "websocket", LIVE_CONFIRMED) as confirmed,
    ):
        assert ((await reported())["totalCount"], (await draws())["edges"], await years()) == (0, [], None)
        assert (await confirmed())["totalCount"] == 0
        team = await a_team_of_both_sides(play)
        regular = await the_regular_inspections_are_entered_at_once(play, team)
        await a_random_one_is_drawn_so_that_anyone_can_repeat_it(play, team, draws)
        await a_report_leads_to_a_remedy_that_another_person_checks(play, regular["A"], reported)
        await nobody_is_missing_in_the_end(play, reported)
        await the_stages_take_turns_in_three_rounds(play)
        await a_school_short_of_its_teachers_is_barred(play)
        await nominations_are_reviewed_blind(play, years)
        await ties_are_parted_as_the_rules_said(play)
        await an_objection_strikes_one_and_the_next_moves_up_to_the_quota(play, confirmed)
    await another_district_hears_of_none_of_it(play)


async def another_district_hears_of_none_of_it(play: Play) -> None:
    """A nomination, an objection and a reviewer, asked for by everybody elsewhere."""
    officer = play.who("institute-officer")
    found = await play.stage.read(officer, AWARDED)
    ids = [found[name]["edges"][0]["node"]["id"] for name in ("nominations", "awardObjections")]
    ids.append(found["awardReviewers"][0]["id"])
    elsewhere = await District(play.stage, "ouhai-elsewhere", NAME).open()
    await asked_from_elsewhere(elsewhere, play, dict.fromkeys(ids, officer))


async def the_district_stands(play: Play) -> None:
    """Two schools, a kindergarten, and the institute where the researchers are employed."""
    await play.opens_district("2024-04-07")
    play.schools = {"A": play.school, "B": play.neighbour}
    for code, stage in (("K", "KINDERGARTEN"), ("E", "JUNIOR")):
        given = {"code": code, "name": f"虚构{code}校", "stage": stage, "location": "TOWN", "openedOn": "1990-09-01"}
        play.schools[code] = (await play.enter("createSchool", given, "school { id }"))["school"]["id"]
    for number, (starts_on, ends_on) in enumerate(TERMS, start=1):
        given = {"schoolYear": SCHOOL_YEAR, "number": number, "startsOn": starts_on, "endsOn": ends_on}
        await play.enter("setTerm", given, "term { id }")
    for name, school in (("An", "A"), ("Ai", "A"), ("Bao", "B"), ("Ke", "K"), ("Lan", "E"), ("Mei", "E")):
        await play.hires(name, school)
    for name in ("Lan", "Mei"):
        given = {"teacherId": play.people[name], "beginsOn": "2024-01-01", "subjects": ["语文"], "stages": ["PRIMARY"]}
        await play.enter("enrolResearcher", given, "researcher { id }")


# ---- supervision ---------------------------------------------------------------------------------------------------


async def a_team_of_both_sides(play: Play) -> str:
    """OUHAI-6-9a: administrative and professional; a researcher is of the professional side."""
    members = [
        {"personId": "bureau-1", "side": "ADMINISTRATIVE"},
        {"personId": play.people["Lan"], "side": "PROFESSIONAL"},
    ]
    given = {"name": "督导一组", "since": "2024-09-01", "members": members}
    officer = play.who("institute-officer")
    made = await play.step(officer, "appointSupervisionTeam", given, "team { id }", OFFICERS)
    (refused,) = await play.errors(officer, "appointSupervisionTeam", {**given, "members": members[1:]})
    assert (refused["code"], refused["clauses"]) == ("AGAINST_THE_LAW", ["OUHAI-6-9a"])
    return made["team"]["id"]


async def the_regular_inspections_are_entered_at_once(play: Play, team: str) -> dict[str, dict[str, Any]]:
    """OUHAI-6-9b: one for every school; what cannot be entered is told beside what is."""
    play.stage.calendar.turn_to("2024-09-10")
    rows: list[dict[str, Any]] = [
        {"schoolId": school, "dueOn": "2024-10-15"} for school in (*play.schools.values(), play.school)
    ]
    rows[list(play.schools).index("E")]["supervisorIds"] = ["bureau-1"]  # Lan works there
    given = {"schoolYear": SCHOOL_YEAR, "teamId": team, "supervisorIds": [play.people["Lan"]], "rows": rows}
    fields = "inspections { entered { id form school { id } } refused { row errors { code field value } } }"
    token = play.who("supervisor")
    made = (await play.step(token, "scheduleRegularInspections", given, fields, SUPERVISORS))["inspections"]
    by_school = {one["school"]["id"]: one for one in made["entered"]}
    twice = {"code": "ALREADY_SCHEDULED", "field": "input.rows[4].schoolId", "value": by_school[play.school]["id"]}
    assert made["refused"] == [{"row": 4, "errors": [twice]}], "it names the inspection that there is"
    assert len(by_school) == len(play.schools)
    standing = await play.ask(token, STANDING, y=SCHOOL_YEAR)
    assert {one["id"] for one in standing["missing"]} == set(play.schools.values())
    return {name: by_school[school] for name, school in play.schools.items()}


async def a_random_one_is_drawn_so_that_anyone_can_repeat_it(play: Play, team: str, draws: Next) -> None:
    """Committed to by one, revealed by another, and repeated from what is public alone."""
    first, second = play.who("supervisor"), play.who("institute-officer")
    given = {"schoolYear": SCHOOL_YEAR, "count": 1, "exempted": [{"schoolId": play.schools["E"], "reason": "教研机构"}]}
    fields = "draw { id seed rosterSha256 }"
    draw = (await play.step(first, "commitDraw", given, fields, SUPERVISORS))["draw"]
    assert [edge["node"]["state"] for edge in (await draws())["edges"]] == ["committed"]
    reveal = {"drawId": draw["id"], "witness": "双色球 24105"}
    assert await play.refused(first, "revealDraw", reveal) == ("SAME_PERSON",)
    await play.step(second, "revealDraw", reveal, "draw { state }", SUPERVISORS)
    assert [edge["node"]["state"] for edge in (await draws())["edges"]] == ["revealed"]
    public = await play.ask(play.of_school("B"), DRAW, d=draw["id"])
    found = checks(
        PublishedDraw(
            id=public["id"], algorithm=public["algorithm"], roster=tuple(public["roster"]), count=public["count"],
            roster_sha256=draw["rosterSha256"], seed_sha256=public["seedSha256"], seed=public["seed"],
            witness=public["witness"], drawn=tuple(public["drawnIds"]),
        )
    )  # fmt: skip
    assert [one.holds for one in found] == [True, True, True]
    (drawn,) = public["drawnIds"]
    random = {
        "schoolYear": SCHOOL_YEAR, "kind": "RANDOM", "dueOn": "2024-11-05", "teamId": team, "drawId": draw["id"],
        "supervisorIds": [play.people["Lan"]],
    }  # fmt: skip
    other = next(one for one in public["roster"] if one != drawn)
    assert await play.refused(second, "scheduleInspection", {**random, "schoolId": other}) == ("NOT_DRAWN",)
    given = {**random, "schoolId": global_id("School", drawn)}
    await play.step(second, "scheduleInspection", given, "inspection { id }", SUPERVISORS)


async def reports(play: Play, inspection: Mapping[str, Any], held_on: str, token: str = "") -> dict[str, Any]:
    lines = [{"name": name, "remark": "已查看，落实到位"} for name in inspection["form"]]
    given = {"inspectionId": inspection["id"], "heldOn": held_on, "lines": lines, "summary": "总体落实"}
    allowed = (*SUPERVISORS, "researcher", "teacher")
    token = token or play.person("researcher", "Lan")
    made = await play.step(token, "reportInspection", given, "inspection { state }", allowed)
    return made["inspection"]


async def a_report_leads_to_a_remedy_that_another_person_checks(
    play: Play, inspection: Mapping[str, Any], reported: Next
) -> None:
    """The researcher who held it reports and finds; the school remedies; a second person checks and closes."""
    play.stage.calendar.turn_to("2024-10-15")
    lan, mei = play.person("researcher", "Lan"), play.person("researcher", "Mei")
    short = {"inspectionId": inspection["id"], "heldOn": "2024-10-15", "lines": [], "summary": "x"}
    assert await play.refused(mei, "reportInspection", short) == ("INSPECTION_UNKNOWN",)
    assert await play.refused(lan, "reportInspection", short) == ("FORM_INCOMPLETE",)
    assert (await reports(play, inspection, "2024-10-15")) == {"state": "REPORTED"}
    assert (await reported())["totalCount"] == 1
    finding = {
        "findingId": new_id("finding"), "occurredAt": "2024-10-15T08:30:00+08:00", "schoolId": play.schools["A"],
        "text": "研修次数不足", "ownerId": play.people["Ai"], "dueOn": "2024-11-15", "inspectionId": inspection["id"],
    }  # fmt: skip
    allowed = (*SUPERVISORS, "researcher")
    made = (await play.step(lan, "recordFinding", finding, "finding { id state }", allowed))["finding"]
    play.stage.calendar.turn_to("2024-11-10")
    remedy = {"findingId": made["id"], "occurredAt": "2024-11-10T08:30:00+08:00", "text": "已补足并排入计划"}
    done = await play.step(
        play.of_school("A"), "reportRemedy", remedy, "finding { steps state }", (*SCHOOL_ROLES, "teacher")
    )
    check = {"findingId": made["id"], "occurredAt": "2024-11-10T08:40:00+08:00", "passed": True}
    check["seen"] = done["finding"]["steps"]
    own = await play.take(lan, "recheckFinding", check, "effect cautions { code } finding { state }")
    assert (own["effect"], own["cautions"]) == ("WITHOUT_EFFECT", [{"code": "SAME_PERSON"}])
    closed = await play.take(play.who("supervisor"), "recheckFinding", check, "finding { state }")
    assert closed["finding"] == {"state": "CLOSED"}


async def nobody_is_missing_in_the_end(play: Play, reported: Next) -> None:
    """The rest are held; an officer types for the researcher; the law has nothing to say any more."""
    officer = play.who("institute-officer")
    edges = (await play.ask(officer, INSPECTIONS))["edges"]
    waiting = [edge["node"] for edge in edges if edge["node"]["state"] == "SCHEDULED"]
    assert len(waiting) == len(play.schools), "three regular ones and the random one"
    for count, one in enumerate(waiting, start=2):
        lines = [{"name": name, "remark": "已查看"} for name in one["form"]]
        given = {
            "inspectionId": one["id"], "heldOn": "2024-11-08", "lines": lines, "summary": "总体落实",
            "reporterId": "bureau-1" if one["school"]["id"] == play.schools["E"] else play.people["Lan"],
        }  # fmt: skip
        await play.take(officer, "reportInspection", given, "inspection { state }")
        assert (await reported())["totalCount"] == count
    standing = await play.ask(officer, STANDING, y=SCHOOL_YEAR)
    assert (standing["missing"], standing["reportedRegular"], standing["reportedRandom"]) == ([], 4, 1)
    assert all(one["failed"] == [] for one in standing["rulings"])
    own = (await play.ask(play.of_school("B"), INSPECTIONS))["edges"]
    assert {edge["node"]["school"]["id"] for edge in own} == {play.schools["B"]}


# ---- the competition -----------------------------------------------------------------------------------------------


async def the_stages_take_turns_in_three_rounds(play: Play) -> None:
    """OUHAI-6-7: primary schools in the first term, kindergartens in the second; each in three rounds, in order."""
    for term, stage, school, head, days in (
        ("2024-2025-1", "小学", "A", "An", ("2024-11-11", "2024-12-02", "2025-01-10")),
        ("2024-2025-2", "幼儿园", "K", "Ke", ("2025-02-20", "2025-04-10", "2025-06-20")),
    ):
        opened = {"name": f"{stage}校本研修比拼", "termId": term, "stage": stage, "categories": ["特色"]}
        fields = "competition { id rounds }"
        officer = play.who("institute-officer")
        play.stage.calendar.turn_to(days[0])
        made = (await play.step(officer, "openCompetition", opened, fields, OFFICERS))["competition"]
        entry = {"competitionId": made["id"], "schoolId": play.schools[school], "leaderId": play.people[head]}
        leader = play.of_school(school)
        (vice,) = await play.errors(leader, "enterCompetition", {**entry, "leaderPost": "副校长"})
        assert (vice["code"], vice["clauses"]) == ("WRONG_LEADER", ["OUHAI-6-7a"])
        stranger = play.of_school("B")
        assert await play.refused(stranger, "enterCompetition", {**entry, "leaderPost": "校长"}) == ("SCHOOL_UNKNOWN",)
        entering = {**entry, "leaderPost": "校长"}
        await play.step(leader, "enterCompetition", entering, "competition { id }", (*OFFICERS, *SCHOOL_ROLES))
        results = [{"schoolId": play.schools[school], "category": "特色", "mark": 90}]
        last = {"competitionId": made["id"], "round": made["rounds"][-1], "heldOn": days[0], "results": results}
        assert await play.refused(officer, "recordRound", last) == ("ROUND_OUT_OF_ORDER",)
        for round_, day in zip(made["rounds"], days, strict=True):
            if day != days[0]:
                play.stage.calendar.turn_to(day)
            held = {"competitionId": made["id"], "round": round_, "heldOn": day, "results": results}
            await play.step(officer, "recordRound", held, "competition { id }", OFFICERS)
    rotation = await play.ask(play.of_school("B"), ROTATION)
    turns = {one["stage"]: one["turns"] for one in rotation["stages"]}
    assert (turns["小学"], turns["幼儿园"], turns["中学"]) == (1, 1, 0)
    # Within the five years the third stage still has its turn to come, and the law says so by its clause.
    told = {clause for one in rotation["rulings"] for clause in (*one["failed"], *one["warnings"])}
    assert told == {"OUHAI-6-7b"}
