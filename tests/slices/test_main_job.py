"""The main job: a Pu'er teacher's training is registered through GraphQL and comes back as an explained credit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id

from tests.slices.district import NOTICE, District
from tests.slices.platform import Platform

RECORD = (
    "record { id status hours credits hoursUnit creditsUnit entry teacher { name } school { name } project { id }"
    " explanation { pack version on source"
    " steps { name value unit zh en clauses readings { parameter label value unit since clause } }"
    " clauses { code heading quotation } } } replayed"
)
ME = """
{ me { role teacher { name total { hours credits records }
  standings(kinds: ["year", "cycle"], on: "2024-12-31") {
    kind startsOn endsOn verdict hours credits
    findings { clause labelZh labelEn unit threshold earned shortfall met }
  } } } }
"""
KEY = "main-job-training"
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[ -~]+ [ -~]+")


async def roster(district: District) -> str:
    """Enter one teacher by a roster, as the district's officer; returns the teacher's id."""
    cells = {
        "staff_number": "T001", "name": "虚构教师", "school_code": "S001", "subject": "语文",
        "employed_since": "2020-09-01", "hired_on": "2015-09-01",
    }  # fmt: skip
    row = {"number": 2, "cells": [{"column": name, "text": text} for name, text in cells.items()]}
    await district.enter("stageRoster", {"rosterId": "roster-2024", "rows": [row]}, "staged { rows }")
    short = {"rosterId": "roster-2024", "rows": 2, "idempotencyKey": "a-piece-is-missing"}
    refused = await district.platform.write(district.token(), "applyRoster", short)
    assert [(one["code"], one["field"], one["value"]) for one in refused["errors"]] == [
        ("ROSTER_INCOMPLETE", "input.rows", "2")
    ]
    whole = {"rosterId": "roster-2024", "rows": 1}
    applied = await district.enter("applyRoster", whole, "report { created applied }")
    assert applied["report"] == {"created": 1, "applied": True}
    query = '{ teachers(search: "T001") { edges { node { id staffNumber school { code } } } } }'
    (edge,) = (await district.platform.read(district.token(), query))["teachers"]["edges"]
    assert (edge["node"]["staffNumber"], edge["node"]["school"]["code"]) == ("T001", "S001")
    return edge["node"]["id"]


async def codes(district: District, token: str, name: str, given: dict[str, Any]) -> set[str]:
    """The codes for which a write is refused."""
    payload = await district.platform.write(token, name, {"idempotencyKey": district.key(), **given})
    return {one["code"] for one in payload["errors"]}


async def test_a_puer_teachers_training_is_registered_and_comes_back_as_an_explained_credit(platform: Platform) -> None:
    # The platform's operator opens the district and binds its law; the officer enters a school and a roster.
    district = await District(platform, "main-job").open()
    teacher = await roster(district)
    # The school proposes a project; the institute sets its coefficient and approves it.
    project = await approved_project(district)
    # The school registers its teacher: 26 hours at 0.75 with a mark of 83.
    training = {"teacherId": teacher, "projectId": project, "completedOn": "2024-06-28", "score": "83"}
    await only_officers_register(district, training)
    answer = await district.enter("registerTraining", training, RECORD, token=district.school_officer, key=KEY)
    record = answer["record"]
    assert (record["status"], record["entry"], answer["replayed"]) == ("COUNTED", 1, False)
    assert (record["hours"], record["credits"]) == ("26", "22.425")
    assert (record["hoursUnit"], record["creditsUnit"]) == ("学时", "学分")
    assert (record["teacher"], record["school"]) == ({"name": "虚构教师"}, {"name": "虚构小学"})
    assert record["project"]["id"] == project
    explained(record["explanation"])
    await registered_once(district, training, answer)
    # The teacher reads what is missing in the year and in the cycle; the ledger holds one entry and verifies.
    me = (await platform.read(himself(district, teacher), ME))["me"]
    assert me["role"] == "TEACHER"
    assert me["teacher"]["total"] == {"hours": "26", "credits": "22.425", "records": 1}
    falls_short(*me["teacher"]["standings"])
    ledger = "{ ledger { edges { node { seq credits record { id } } } } ledgerVerification { intact entries } }"
    found = await platform.read(district.token("auditor"), ledger)
    (edge,) = found["ledger"]["edges"]
    assert edge["node"] == {"seq": 1, "credits": "22.425", "record": {"id": record["id"]}}
    assert found["ledgerVerification"] == {"intact": True, "entries": 1}


def himself(district: District, teacher: str) -> str:
    """The teacher's own token."""
    return district.token("teacher", teacher=plain_id("Teacher", teacher))


async def approved_project(district: District) -> str:
    """Have the school propose 26 hours that the department approved on paper at 0.75; returns the project's id."""
    proposed = {
        "title": "虚构小学校本研修", "organiser": "虚构小学", "startsOn": "2024-03-01", "endsOn": "2024-06-28",
        "mode": "school", "level": "school", "hoursPlanned": "26",
    }  # fmt: skip
    school = district.school_officer
    project = (await district.enter("proposeProject", proposed, "project { id state }", token=school))["project"]
    assert project["state"] == "PROPOSED"
    coefficient = [{"name": "project_credit", "value": "0.75"}]
    approval = {"projectId": project["id"], "on": "2024-02-20", "facts": coefficient, "document": NOTICE}
    assert await codes(district, school, "approveProject", approval) == {"FORBIDDEN"}
    assert await codes(district, district.token("institute-officer"), "approveProject", approval) == {
        "APPROVAL_NOT_YOURS"
    }
    fields = "project { state approvedOn approvalDocument { title } facts { name value } }"
    approved = (await district.enter("approveProject", approval, fields))["project"]
    assert (approved["state"], approved["approvedOn"]) == ("APPROVED", "2024-02-20")
    assert approved["approvalDocument"] == {"title": NOTICE["title"]}
    assert {"name": "project_credit", "value": "0.75"} in approved["facts"]
    return project["id"]


async def only_officers_register(district: District, training: dict[str, Any]) -> None:
    """Who may not register at all is told so; for another school's officer the teacher does not exist."""
    auditor, researcher = district.token("auditor"), district.token("researcher")
    for outsider in (himself(district, training["teacherId"]), auditor, researcher):
        assert await codes(district, outsider, "registerTraining", training) == {"FORBIDDEN"}
    elsewhere = district.token("school-training-officer", school="another-school")
    assert await codes(district, elsewhere, "registerTraining", training) == {"TEACHER_UNKNOWN"}


async def registered_once(district: District, training: dict[str, Any], answer: dict[str, Any]) -> None:
    """The same key answers the same; the same training under another key is refused and names the record."""
    school = district.school_officer
    again = await district.enter("registerTraining", training, RECORD, token=school, key=KEY)
    assert again == {**answer, "replayed": True}
    second = await district.platform.write(school, "registerTraining", {"idempotencyKey": district.key(), **training})
    (error,) = second["errors"]
    assert (error["code"], error["field"]) == ("ALREADY_REGISTERED", "input.teacherId")
    assert error["value"] == answer["record"]["id"]


def explained(explanation: dict[str, Any]) -> None:
    """PUER-11-4: 26 hours at 0.75 are 19.5; a good mark adds 15 %, 2.925; 22.425 in all, not rounded."""
    assert (explanation["pack"], explanation["on"]) == ("yanxiu-puer", "2024-06-28")
    assert explanation["source"]
    steps = {step["name"]: step for step in explanation["steps"]}
    worth = {name: Decimal(steps[name]["value"]) for name in ("basic", "merit", "total")}
    assert worth == {"basic": Decimal("19.5"), "merit": Decimal("2.925"), "total": Decimal("22.425")}
    assert "PUER-11-4" in steps["total"]["clauses"]
    for step in steps.values():
        assert CHINESE.search(step["zh"]), step
        assert ENGLISH.match(step["en"]), step
        assert all(all(one.values()) for one in step["readings"]), step
    readings = [one for step in steps.values() for one in step["readings"]]
    assert {"PUER-11-3M", "PUER-11-3"} & {one["clause"] for one in readings}
    assert all(one["since"] == "2024-01-01" for one in readings)
    quoted = {one["code"]: one for one in explanation["clauses"]}
    cited = {clause for step in steps.values() for clause in step["clauses"]} | {one["clause"] for one in readings}
    assert cited == set(quoted)
    assert all(one["heading"] and one["quotation"] for one in quoted.values())


def falls_short(year: dict[str, Any], cycle: dict[str, Any]) -> None:
    """72 hours a year and 360 in five are asked for; 26 are there."""
    assert (year["kind"], year["startsOn"], year["endsOn"]) == ("year", "2024-01-01", "2024-12-31")
    assert (cycle["kind"], cycle["startsOn"]) == ("cycle", "2024-01-01")
    for standing in (year, cycle):
        assert (standing["verdict"], standing["hours"], standing["credits"]) == ("FAIL", "26", "22.425")
        missing = [one for one in standing["findings"] if not one["met"]]
        assert missing
        for one in missing:
            assert one["clause"].startswith("PUER-")
            assert CHINESE.search(one["labelZh"]), one
            assert ENGLISH.match(one["labelEn"]), one
            assert Decimal(one["shortfall"]) > 0 or one["earned"] is None, one
    of_year, of_cycle = ({one["clause"]: one["shortfall"] for one in it["findings"]} for it in (year, cycle))
    assert (of_year["PUER-10-2"], of_year["PUER-10-6"]) == ("46", "49.575")
    # A year that falls short adds nothing to its cycle.
    assert (of_cycle["PUER-10-1"], of_cycle["PUER-10-5"]) == ("360", "360")


async def test_what_is_not_ones_own_does_not_exist(platform: Platform) -> None:
    district = await District(platform, "its-own").open()
    other = await District(platform, "not-its-own", pack="putuo").open()
    teacher = await district.hire("T1")
    record = (await district.register(teacher, await district.project()))["record"]["id"]
    ids = [district.school, teacher, record]
    query = (
        "query($ids: [ID!]!, $t: ID!, $s: ID!) { nodes(ids: $ids) { id } teacher(id: $t) { name }"
        " school(id: $s) { name } teachers { totalCount }"
        " records { totalCount } ledger { totalCount } }"
    )
    answer = await platform.read(other.token(), query, ids=ids, t=teacher, s=district.school)
    nothing = {name: {"totalCount": 0} for name in ("teachers", "records", "ledger")}
    assert answer == {"nodes": [None, None, None], "teacher": None, "school": None, **nothing}
    change = {"idempotencyKey": other.key(), "teacherId": teacher, "since": "2024-09-01", "name": "虚构改名"}
    (error,) = (await platform.write(other.token(), "correctTeacher", change))["errors"]
    assert error["field"] == "input.teacherId"
    own = await platform.read(district.token(), "query($t: ID!) { teacher(id: $t) { name } }", t=teacher)
    assert own["teacher"] == {"name": "虚构教师"}


async def test_a_slip_that_was_worth_nothing_is_registered_again_and_stays_as_history(platform: Platform) -> None:
    district = await District(platform, "slip").open()
    teacher = await roster(district)
    project = await approved_project(district)
    school = district.school_officer
    slip = {"teacherId": teacher, "projectId": project, "completedOn": "2024-06-28", "score": "83"}
    shown = "record { id status hours supersedes { id } supersededBy { id } }"
    first = (await district.enter("registerTraining", {**slip, "hoursCompleted": "2"}, shown, token=school))["record"]
    assert (first["status"], first["hours"]) == ("ZERO", "0")
    second = (await district.enter("registerTraining", {**slip, "hoursCompleted": "26"}, shown, token=school))["record"]
    assert (second["status"], second["hours"], second["supersedes"]) == ("COUNTED", "26", {"id": first["id"]})
    query = f'{{ record(id: "{first["id"]}") {{ supersededBy {{ id }} }} records {{ totalCount }} }}'
    found = await platform.read(district.token("auditor"), query)
    assert found["record"]["supersededBy"] == {"id": second["id"]}
