"""What the district of a rotation sees: coverage, a finding to its closure, the assessment; and who sees nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller, Role

from tests.slices.field_town import FieldTown, next_day
from tests.slices.rotation_terms import DAYS, Stay

COVERAGE = """{ coverage(first: 200) { schools placed visited alerts terms rulingsVisited { kind failed }
  edges { node { school { id } state alerts visits cells { term visitors { person { id } visits halfDays } } } } } }"""
FINDING = "finding { id state steps remedies { text checkedById passed } }"
ASSESSED = """query($y: String!) { workAssessments(schoolYear: $y) { terms sheetVersion columns { heading }
  edges { node { researcher { teacher { id } } values terms { termId state away } rulings { kind } } } } }"""
ROOTS = """query($v: ID!, $p: ID!) { visit(id: $v) { id } rotationPlan(id: $p) { id } visits { totalCount }
  residencies { totalCount } fieldRecords { totalCount } visitFindings { totalCount } }"""
HIS = "query($r: ID!, $t: ID!) { termWork(researcher: $r, term: $t) { startsOn } }"


async def notes_are_refused_to_all_but_the_visitor_and_his_typist(town: FieldTown, stay: Stay) -> None:
    """Nobody else writes a visit, and nobody writes one as somebody else."""
    day = "2024-09-02"
    town.stage.calendar.turn_to(day)
    where = {"visitId": "nobodys-visit", "schoolId": stay.school, "termId": stay.term}
    others: tuple[Role, ...] = ("school-leader", "school-training-officer", "supervisor", "auditor")
    for role in others:
        assert await town.not_his(town.who(role), "arriveAtSchool", f"{day}T08:00", **where) == ("FORBIDDEN",), role
    teacher = town.person("teacher", stay.name)
    assert await town.not_his(teacher, "arriveAtSchool", f"{day}T08:00", **where) == ("FORBIDDEN",)
    named = {**where, "researcherId": town.people["Lan"]}
    assert await town.not_his(town.researcher("Yu"), "arriveAtSchool", f"{day}T08:00", **named) == ("NOT_YOUR_WORK",)
    assert town.elsewhere is not None
    for role in ("institute-officer", "district-officer"):
        token = town.who(role, district=town.elsewhere.code)
        codes = await town.not_his(token, "arriveAtSchool", f"{day}T08:00", **named)
        assert set(codes) <= {"RESEARCHER_UNKNOWN", "TERM_UNKNOWN", "SCHOOL_UNKNOWN"}, codes
    assert (await covered(town))["visited"] == 0


async def covered(town: FieldTown) -> dict[str, Any]:
    return (await town.stage.read(town.who("supervisor"), COVERAGE))["coverage"]


async def one_school_is_gone_to_too_often(town: FieldTown, stay: Stay) -> None:
    """Five visits at one school where others have one: an alert, as other schools still wait for anybody."""
    assert (await covered(town))["alerts"] == 0
    for day in ("2024-09-17", "2024-09-24", "2024-10-08", "2024-10-15"):
        town.stage.calendar.turn_to(next_day(day))
        where = {"visitId": town.key(), "schoolId": stay.school, "termId": stay.term}
        me = town.researcher(stay.name)
        await town.does(me, "arriveAtSchool", f"{day}T08:00", **where)
        await town.does(me, "leaveSchool", f"{day}T11:30", visitId=where["visitId"], halfDays=1)
    found = await covered(town)
    alerted = {edge["node"]["school"]["id"]: edge["node"]["alerts"] for edge in found["edges"]}
    assert {school: alerts for school, alerts in alerted.items() if alerts} == {stay.school: ["REPEATED"]}
    assert found["alerts"] == 1


async def the_map_shows(town: FieldTown, worked: Collection[Stay], *, whole: bool) -> None:
    """OUHAI-6-6d: the law is answered of the visits made; each cell names who came and how often."""
    found = await covered(town)
    reached = {stay.school for stay in worked}
    assert (found["schools"], found["placed"], found["visited"]) == (9, 9, len(reached))
    nodes = {edge["node"]["school"]["id"]: edge["node"] for edge in found["edges"]}
    assert {school for school, one in nodes.items() if one["state"] == "VISITED"} == reached
    came = {
        (one["term"], who["person"]["id"], school)
        for school, node in nodes.items() for one in node["cells"] for who in one["visitors"]
    }  # fmt: skip
    assert came == {(stay.term, town.people[stay.name], stay.school) for stay in worked}
    failed = {clause for ruling in found["rulingsVisited"] for clause in ruling["failed"]}
    assert ("OUHAI-6-6d" in failed) is not whole
    if whole:
        assert (len(reached), found["alerts"], failed) == (9, 0, set())


async def a_finding_is_closed_by_a_second_person(town: FieldTown, stay: Stay) -> None:
    """The finder does not check it himself; the school of another finding has no part in it."""
    day = DAYS[stay.term][1]
    given = {"staffNumber": "Ke", "name": "虚构教师Ke", "schoolId": stay.school, "employedSince": "2018-09-01"}
    made = await town.enter("createTeacher", given, "teacher { id }", token=town.who("district-officer"))
    me, finding = town.researcher(stay.name), {"findingId": town.key()}
    whose = {"schoolId": stay.school, "ownerId": made["teacher"]["id"], "dueOn": "2024-11-29", "text": "作业批改不及时"}
    found = await town.does(me, "recordFinding", f"{day}T15:00", FINDING, **finding, **whose)
    assert found["finding"]["state"] == "OPEN"
    finding = {"findingId": found["finding"]["id"]}
    town.stage.calendar.turn_to("2024-11-26")
    elsewhere = next(one for one in (town.school, town.neighbour) if one != stay.school)
    remedy = {**finding, "text": "已逐本补批，并定每周抽查"}
    stranger = town.who("school-leader", school=elsewhere)
    unseen = await town.notes(stranger, "reportRemedy", "2024-11-25T09:00", FINDING, **remedy)
    assert (unseen["effect"], (unseen["finding"] or {}).get("text")) == ("WAITING", None)
    leader = town.who("school-leader", school=stay.school)
    told = (await town.does(leader, "reportRemedy", "2024-11-25T10:00", FINDING, **remedy))["finding"]
    assert (told["state"], [one["text"] for one in told["remedies"]]) == ("REMEDIED", [remedy["text"]])
    check = {**finding, "passed": True, "seen": told["steps"]}
    own = await town.notes(me, "recheckFinding", "2024-11-25T15:00", FINDING, **check)
    assert (own["effect"], [one["code"] for one in own["cautions"]]) == ("WITHOUT_EFFECT", ["SAME_PERSON"])
    second = town.researcher(next(name for name in ("Mei", "Yu") if name != stay.name))
    seen = await town.stage.read(second, "query($f: ID!) { visitFinding(id: $f) { steps } }", f=finding["findingId"])
    check["seen"] = seen["visitFinding"]["steps"]
    done = (await town.does(second, "recheckFinding", "2024-11-26T08:00", FINDING, **check))["finding"]
    assert (done["state"], [one["passed"] for one in done["remedies"]]) == ("CLOSED", [True])


async def the_sheet_of_the_assessment_is_set(town: FieldTown) -> None:
    """The district decides its own columns, as no official sheet is published."""
    columns = [
        {"heading": "期初视导", "kind": "EARNED", "of": "期初"},
        {"heading": "第二学期期末还差", "kind": "SHORTFALL", "of": "期末", "term": 2},
        {"heading": "听评课", "kind": "FIGURE", "of": "lessons_commented"},
        {"heading": "到校半天", "kind": "FIGURE", "of": "half_days", "term": 1},
    ]
    given = {"since": "2024-09-02", "columns": columns, "decidedBy": "瓯教研〔2024〕5号"}
    await town.acts("district-officer", "setAssessmentSheet", given, "sheet { version }", strangers=False)


async def a_year_is_assessed(town: FieldTown, year: str, values: dict[str, list[str]], away: Collection[str]) -> None:
    """Each researcher's row of the district's own sheet; Ouhai's law answers nothing about a year."""
    found = (await town.stage.read(town.who("institute-officer"), ASSESSED, y=year))["workAssessments"]
    assert (found["terms"], found["sheetVersion"], len(found["columns"])) == ([f"{year}-1", f"{year}-2"], 1, 4)
    rows = {edge["node"]["researcher"]["teacher"]["id"]: edge["node"] for edge in found["edges"]}
    told = {name: rows[town.people[name]]["values"] for name in values}
    assert told == values, told
    gone = {name for name in values if any(one["away"] for one in rows[town.people[name]]["terms"])}
    assert gone == set(away)
    answer = (await town.stage.post(town.researcher("Yu"), ASSESSED, {"y": year})).json()
    assert not (answer.get("data") or {}).get("workAssessments"), "an assessment is not a researcher's to read"


async def nobody_else_sees_any_of_it(town: FieldTown, plan: str, term: str, starts_on: str) -> None:
    """Another district finds nothing; a researcher finds his own alone."""
    officer = town.who("institute-officer")
    query = "{ visits(first: 1) { totalCount edges { node { id } } } }"
    visit = (await town.stage.read(officer, query))["visits"]["edges"][0]["node"]["id"]
    assert town.elsewhere is not None
    there = town.who("institute-officer", district=town.elsewhere.code)
    empty = {"totalCount": 0}
    lists = dict.fromkeys(("visits", "residencies", "fieldRecords", "visitFindings"), empty)
    assert await town.stage.read(there, ROOTS, v=visit, p=plan) == {"visit": None, "rotationPlan": None, **lists}
    stranger = town.stage.issuer.issue(
        Caller(
            subject="stranger", role="researcher", district=town.elsewhere.code,
            teacher=plain_id("Teacher", town.people["Lan"]),
        )
    )  # fmt: skip
    of_lan = {"r": town.people["Lan"], "t": term}
    for token in (there, stranger, town.researcher("Yu"), town.who("school-leader")):
        answer = (await town.stage.post(token, HIS, of_lan)).json()
        assert not (answer.get("data") or {}).get("termWork"), answer
    assert (await town.stage.read(town.researcher("Lan"), HIS, **of_lan))["termWork"] == {"startsOn": starts_on}
