"""What a school in Pu'er does in 2024: its plan, the projects of the county and the province, sessions, records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_wire.caller import Role

from tests.slices.actors import ATTENDED, OFFICERS, REGISTRARS, SCHOOL_ROLES, Town, paper, stated
from tests.slices.district import NOTICE, District
from tests.slices.stage import Stage

RECORD = "record { id status hours credits }"
SIGNED = {"evidence": [paper("plan", "2024年春季学期校本研修计划")]}
WHY = {"statements": stated(problem="课堂提问流于形式", outcome="二十节研讨课例")}


class Year(Town):
    """A school of five: Hua, Lin, Mei and Tao complete the year, Bao misses a session."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "puer-year", "puer")
        self.records: dict[tuple[str, str], str] = {}
        self.projects: dict[str, str] = {}


async def the_district_is_opened(year: Year) -> None:
    await year.opens_district("2024-01-01")
    year.elsewhere = await District(year.stage, "puer-elsewhere").open()
    await year.sets_term("2023-2024", 2, "2024-03-04", "2024-07-05")
    await year.sets_term("2024-2025", 1, "2024-09-02", "2025-01-10")
    await year.employs("Hua", "Lin", "Mei", "Tao", "Bao")


BY_MODE: dict[str, Role] = {
    "school": "school-training-officer",
    "central": "district-officer",
    "network": "institute-officer",
}


async def proposes(year: Year, name: str, **given: Any) -> str:
    """A school's officer, or the county's, proposes a project; returns its id."""
    by: Role = BY_MODE[given["mode"]]
    said = {"title": f"虚构研修：{name}", "organiser": "虚构教科所", **given}
    made = await year.acts(by, "proposeProject", said, "project { id }", allowed=REGISTRARS, strangers=False)
    year.projects[name] = made["project"]["id"]
    return year.projects[name]


async def the_plan_is_declared_returned_and_approved(year: Year) -> None:
    year.stage.calendar.turn_to("2024-03-05")
    lessons = await proposes(
        year, "课例", mode="school", level="school", hoursPlanned="16", startsOn="2024-03-18", endsOn="2024-06-14"
    )
    reading = await proposes(
        year, "共读", mode="school", level="school", hoursPlanned="16", startsOn="2024-03-18", endsOn="2024-06-28"
    )
    both = {"schoolId": year.school, "projectIds": [lessons, reading]}
    plan = await year.opens("school-training-officer", "school_plan", SCHOOL_ROLES, **both, **WHY, **SIGNED)
    # PUER-14-6: a week after the 4th, that day not counted.
    assert plan["state"] == "declared"
    assert [one["mark"] for one in plan["signatures"]] == ["IN_TIME"]
    back = {"processId": plan["id"], "version": plan["version"], "reason": "预期成果不可检验"}
    plan = (await year.acts("institute-officer", "returnProcess", back, PLAN))["process"]
    assert plan["state"] == "drafting"
    year.stage.calendar.turn_to("2024-03-07")
    better = {"statements": stated(problem="课堂提问流于形式", outcome="每人两节公开课例")}
    plan = await year.takes("school-leader", plan, "declare", SCHOOL_ROLES, **better, **SIGNED)
    assert await year.refused(year.who("district-officer"), "takeStep", step(plan, "review")) == ("STEP_NOT_YOURS",)
    await no_coefficient_above_one(year, plan, lessons, reading)
    plan = await year.takes("institute-officer", plan, "review", projectFacts=coefficients(lessons, reading, "0.75"))
    await the_department_approves_by_its_deputy(year, plan)


PLAN = "process { id version state signatures { step subject onBehalfOf mark } }"


def step(process: Mapping[str, Any], name: str, **given: Any) -> dict[str, Any]:
    return {"processId": process["id"], "step": name, "version": process["version"], **given}


def coefficients(lessons: str, reading: str, of_lessons: str) -> list[dict[str, Any]]:
    return [
        {"projectId": lessons, "facts": stated(project_credit=of_lessons)},
        {"projectId": reading, "facts": stated(project_credit="1")},
    ]


async def no_coefficient_above_one(year: Year, plan: Mapping[str, Any], lessons: str, reading: str) -> None:
    """PUER-11-1S: from 0.5 to 1 credit for an hour; another one is returned, and nothing of it is kept."""
    too_much = step(plan, "review", projectFacts=coefficients(lessons, reading, "1.2"))
    before = await year.written()
    (error,) = await year.errors(year.who("institute-officer"), "takeStep", too_much)
    assert (error["code"], error["clauses"]) == ("COEFFICIENT_OUT_OF_RANGE", ["PUER-11-1S"]), error
    assert await year.written() == before


async def the_department_approves_by_its_deputy(year: Year, plan: Mapping[str, Any]) -> None:
    """The department's officer is away for a day and delegates; the deputy signs once, and both names stand there."""
    deputy = year.who("researcher", name="deputy")
    given = {"toSubject": "deputy", "since": "2024-03-08", "until": "2024-03-08", "reason": "外出开会"}
    made = await year.enter(
        "delegate", {**given, "workflows": ["school_plan"]}, "delegation { id }", token=year.who("district-officer")
    )
    behalf = {"onBehalfOf": made["delegation"]["id"]}
    early = await year.refused(deputy, "takeStep", step(plan, "approve", **behalf))
    assert early == ("DELEGATION_NOT_IN_FORCE",)
    year.stage.calendar.turn_to("2024-03-08")
    assert await year.refused(deputy, "takeStep", step(plan, "approve")) == ("STEP_NOT_YOURS",)
    approve = step(plan, "approve", **behalf)
    stolen = await year.refused(year.who("institute-officer"), "takeStep", approve)
    assert stolen == ("DELEGATION_UNKNOWN",)
    await year.refused_to_others("takeStep", step(plan, "approve"), ("district-officer",))
    done = (await year.enter("takeStep", approve, PLAN, token=deputy))["process"]
    assert done["state"] == "approved"
    steps = ["declare", "return", "declare", "review", "approve"]
    assert [one["step"] for one in done["signatures"]] == steps
    signed = done["signatures"][-1]
    assert (signed["subject"], signed["onBehalfOf"]) == ("deputy", f"{year.code}:district-officer")


async def the_county_publishes_its_project(year: Year) -> None:
    """PUER-5-3: the county's projects are published in March; PUER-11-1: 1 to 1.5 credits for an hour."""
    year.stage.calendar.turn_to("2024-03-11")
    county = await proposes(
        year, "集中", mode="central", level="county", daysPlanned="4", projectCredit="1.2",
        startsOn="2024-07-08", endsOn="2024-07-11",
    )  # fmt: skip
    made = await year.opens("district-officer", "project_publication", projectIds=[county])
    done = await year.takes("district-officer", made, "publish_county")
    assert (done["state"], done["signatures"][-1]["mark"]) == ("published", "IN_TIME")
    found = await year.stage.read(year.who("auditor"), PROJECT, id=county)
    assert found["project"] == {"state": "APPROVED", "publishedOn": "2024-03-11"}


PROJECT = "query($id: ID!) { project(id: $id) { state publishedOn } }"


async def the_network_project_is_approved(year: Year) -> None:
    """PUER-21-1: what the province approved the institute proposes, and the department enters with its notice."""
    given = {"mode": "network", "level": "provincial", "hoursPlanned": "24"}
    network = await proposes(year, "网络", **given, startsOn="2024-04-01", endsOn="2024-11-29")
    bare = {"projectId": network, "on": "2024-03-11"}
    assert await year.refused(year.who("district-officer"), "approveProject", bare) == ("DOCUMENT_MISSING",)
    await year.acts("district-officer", "approveProject", {**bare, "document": NOTICE})


# ---- what is attended and registered -----------------------------------------------------------------------------


async def the_sessions_are_held(year: Year) -> None:
    """Two sessions of eight hours; Hua and Lin use one phone, which the school looks into; Bao misses the second."""
    lessons = year.projects["课例"]
    first = await year.schedules("2024-03-20", "8", projectId=lessons)
    assert await year.checks_in(first, "Hua", "one phone") == {"state": "PRESENT", "flags": []}
    shared = await year.checks_in(first, "Lin", "one phone")
    assert shared == {"state": "UNSETTLED", "flags": [{"kind": "SHARED_DEVICE"}]}
    await year.attend(first, "Mei", "Tao", "Bao")
    year.stage.calendar.turn_to("2024-03-21")
    officer = year.who("school-training-officer")
    assert await year.refused(officer, "closeSession", {"sessionId": first}) == ("FLAGS_UNSETTLED",)
    for name in ("Hua", "Lin"):
        seen = {"sessionId": first, "teacherId": year.people[name], "present": True, "reason": "签名册与照片相符"}
        await year.acts("school-training-officer", "settleAttendance", seen, ATTENDED, allowed=REGISTRARS)
    await year.acts("school-leader", "closeSession", {"sessionId": first}, "session { state }", allowed=REGISTRARS)
    second = await year.schedules("2024-04-17", "8", projectId=lessons)
    await year.attend(second, "Hua", "Lin", "Mei", "Tao")
    await year.closes(second, "2024-04-18")


MARKS = {"Hua": "95", "Lin": "85", "Mei": "72", "Tao": "61", "Bao": "95"}
# PUER-11-3, 11-4: 16 hours at 0.75 are 12 credits; excellent adds 20 %, good 15 %, fair 10 %, a bare pass nothing.
LESSONS = {"Hua": "14.4", "Lin": "13.8", "Mei": "13.2", "Tao": "12", "Bao": "0"}


async def who_attended_is_registered(year: Year) -> None:
    """PUER-F2-3-3: who missed a session of the project earns nothing of it, and no part of it."""
    own = [{"teacherId": year.people[name], "facts": stated(score=mark)} for name, mark in MARKS.items()]
    given = {"projectId": year.projects["课例"], "own": own}
    fields = "results { teacher { staffNumber } record { status hours credits } errors { code } }"
    made = await year.acts("school-training-officer", "registerAttended", given, fields, allowed=REGISTRARS)
    found = {one["teacher"]["staffNumber"]: one["record"] for one in made["results"]}
    assert {name: one["credits"] for name, one in found.items()} == LESSONS
    assert (found["Bao"]["status"], found["Bao"]["hours"]) == ("ZERO", "0")


async def registers(year: Year, name: str, day: str, **given: Any) -> dict[str, Any]:
    """The school registers a training of one of its teachers; returns the record."""
    said = {"teacherId": year.people[name], "completedOn": day, **given}
    made = await year.enter("registerTraining", said, RECORD, token=year.who("school-training-officer"))
    return made["record"]


async def the_other_trainings_are_registered(year: Year) -> None:
    """Sixteen hours of reading at 1, four days at 1.2, 24 hours online at 1; marks of 80, 92 and 85."""
    for day, project, mark, worth in (
        ("2024-06-28", "共读", {"score": "80", "hoursCompleted": "16"}, ("16", "18.4")),  # 16 + 15 %
        ("2024-07-11", "集中", {"score": "92", "daysAttended": "4"}, ("24", "34.56")),  # 4 x 6 x 1.2 = 28.8, + 20 %
        ("2024-11-29", "网络", {"score": "85", "hoursCompleted": "24"}, ("24", "27.6")),  # 24 + 15 %
    ):
        year.stage.calendar.turn_to(day)
        given = {"projectId": year.projects[project], **mark}
        first = {"teacherId": year.people["Hua"], "completedOn": day, **given}
        if project == "网络":
            await year.refused_to_others("registerTraining", first, REGISTRARS)
        for name in year.people:
            slip = {"score": "95"} if (name, project) == ("Mei", "网络") else {}
            record = await registers(year, name, day, **{**given, **slip})
            assert slip or (record["hours"], record["credits"]) == worth
            year.records[name, project] = record["id"]


async def one_record_is_corrected_and_one_voided(year: Year) -> None:
    """Mei's mark was copied wrongly; Tao's prize was forged (PUER-22-1)."""
    year.stage.calendar.turn_to("2024-12-10")
    wrong = {"recordId": year.records["Mei", "网络"], "facts": stated(score="85"), "reason": "成绩抄录有误"}
    made = await year.acts("school-training-officer", "correctTraining", wrong, RECORD, allowed=REGISTRARS)
    assert (made["record"]["hours"], made["record"]["credits"]) == ("24", "27.6")
    year.records["Mei", "网络"] = made["record"]["id"]
    prize = {"kind": "contest", "level": "county", "prize": "一等奖"}
    forged = await registers(year, "Tao", "2024-12-06", **prize)
    assert (forged["hours"], forged["credits"]) == ("6", "10.8")  # PUER-13-3: 6 x 1.5 = 9, + 20 %
    void = {"recordId": forged["id"], "reason": "证书系伪造", "proof": "主办单位来函"}
    fields = "integrityEntry { clauses actor } entry { kind hours credits }"
    made = await year.acts("institute-officer", "voidForFraud", void, fields, allowed=OFFICERS)
    assert "PUER-22-1" in made["integrityEntry"]["clauses"]
    assert made["entry"] == {"kind": "registration-reversal", "hours": "-6", "credits": "-10.8"}
