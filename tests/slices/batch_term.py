"""A term of the two who lead base schools in Yueqing: one works by the regulation week after week, one falls short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.slices.actors import PAPER
from tests.slices.field_town import FieldTown, next_day

TERM, STARTS, ENDS = "2020-2021-2", "2021-03-01", "2021-06-30"
# A Tuesday of seventeen weeks, and three Thursdays, one of them in the first week: twenty days in eighteen weeks.
TUESDAYS = tuple((date(2021, 3, 9) + timedelta(weeks=week)).isoformat() for week in range(17))
DAYS = tuple(sorted({*TUESDAYS, "2021-03-04", "2021-03-11", "2021-04-15"}))
SUMMED_UP = {"2021-03-30", "2021-04-27", "2021-05-25", "2021-06-29"}
TASKS = (
    "指导学校完善课程建设", "协助完善教学常规管理制度", "分析学校教学管理疑难问题", "助推学校课堂精准教学改革",
    "指导学校优化校本研训活动", "提升学校教师命题与评价能力", "发现推广学校先进教学经验",
)  # fmt: skip
PLANS = ("总体工作计划", "学期工作安排", "学年整体工作方案")
HELD = (
    ("2021-03-16", "PREPARATION", "SCHOOL", True, "语文"),
    ("2021-04-13", "THEME", "SCHOOL", True, "语文"),
    ("2021-05-11", "THEME", "SCHOOL", True, "语文"),
    ("2021-05-18", "OTHER", "SCHOOL", False, "数学"),
    ("2021-05-25", "SEMINAR", "AREA", True, "语文"),
    ("2021-06-08", "EXCHANGE", "DISTRICT", True, "语文"),
)
VISIT = "visit { id state missing unprepared { missing clauses } halfDays }"
MINIMA = """query($r: ID!, $t: ID!) { termMinima(researcher: $r, term: $t) { state placed failed warned weeksLeft
  papers { paper } minima { clause measure earned threshold shortfall state best aWeek ids } } }"""
SHORT = """query($t: ID!) { termMinimaList(term: $t, short: true) { edges { node {
  state researcher { teacher { id } } minima { measure state } } } } }"""
# What is asked of a term, with its threshold and what is done of it in the end.
ASKED = {
    "weeks_below_minimum": ("0", "0"), "visit_days": ("20", "20"), "observed_and_commented": ("40", "40"),
    "prep_and_theme": ("3", "3"), "seminars": ("1", "1"), "months_missing": ("0", "0"),
    "reports_per_owed": ("1", "1"), "exchanges": ("1", "1"),
}  # fmt: skip


class Lead(NamedTuple):
    """Who leads a base school."""

    name: str
    school: str
    residency: str


async def the_term_is_worked(town: FieldTown, leads: Iterable[Lead]) -> None:
    """Twenty days in eighteen weeks, two lessons a day; another comes once, and is listed as short."""
    lead, other = leads
    await who_comes_unprepared_is_marked(town, other)
    await the_plans_are_handed_in(town, lead)
    for at, day in enumerate(DAYS):
        await a_day_at_the_base_school(town, lead, day, number=at)
        if day == "2021-04-20":
            await what_is_short_can_still_be_made_good(town, lead)
    await the_term_is_reported(town, lead)
    town.stage.calendar.turn_to("2021-07-01")
    await all_is_met(town, lead)
    await who_fell_short_is_listed(town, lead, other)


async def who_comes_unprepared_is_marked(town: FieldTown, lead: Lead) -> None:
    """YUEQING-5-2b: recorded all the same, and what is set down afterwards is not before the visit."""
    town.stage.calendar.turn_to("2021-03-02")
    me, where = town.researcher(lead.name), {"schoolId": lead.school, "termId": TERM}
    helper = town.person("teacher", "Hua")
    tried = {"visitId": town.key(), **where}
    assert await town.not_his(helper, "arriveAtSchool", "2021-03-01T08:00", **tried) == ("FORBIDDEN",)
    came = await town.does(me, "arriveAtSchool", "2021-03-01T08:00", VISIT, visitId=town.key(), **where)
    unprepared = {"missing": ["GOAL", "FOCUS", "TASKS"], "clauses": ["YUEQING-5-2b"]}
    assert came["visit"]["unprepared"] == unprepared
    visit = {"visitId": came["visit"]["id"]}
    late = {"goal": "事后补填", "focus": "语文", "tasks": ["听课"]}
    done = await town.does(me, "prepareVisit", "2021-03-01T12:00", VISIT, **visit, **late)
    assert done["visit"]["unprepared"] == unprepared
    await town.does(me, "leaveSchool", "2021-03-01T16:00", VISIT, **visit, halfDays=2)


async def the_plans_are_handed_in(town: FieldTown, lead: Lead) -> None:
    """YUEQING-6-4, 5-2a: the plan of the cycle, the schedule of the term, and the school's plan of the year."""
    query = """query { schoolYearPlans(schoolYear: "2020-2021") { items { school { id } recordIds } failed } }"""
    leader = town.who("school-leader", school=lead.school)
    (mine,) = (await town.stage.read(leader, query))["schoolYearPlans"]["items"]
    assert mine == {"school": {"id": lead.school}, "recordIds": []}
    me, given = town.researcher(lead.name), {"on": "2021-03-02", "termId": TERM, "digest": PAPER["sha256"]}
    for paper in PLANS:
        said = {**given, "recordId": town.key(), "paper": paper, "title": f"虚构{paper}"}
        about = {"schoolId": lead.school} if paper == "学年整体工作方案" else {}
        await town.does(me, "handInPaper", "2021-03-02T07:00", **said, **about)
    (mine,) = (await town.stage.read(leader, query))["schoolYearPlans"]["items"]
    assert len(mine["recordIds"]) == 1


async def a_day_at_the_base_school(town: FieldTown, lead: Lead, day: str, *, number: int) -> None:
    """Goal, focus and tasks stand before he comes; two lessons with comments, what was held, a task at a time."""
    town.stage.calendar.turn_to(day)
    me, visit = town.researcher(lead.name), town.key()
    where = {"schoolId": lead.school, "termId": TERM}
    ready = {"goal": "提升作业设计", "focus": "三年级语文", "tasks": ["听评课", "座谈"]}
    plan = {**where, "days": [{"on": day, "halfDays": 2}], "residencyId": lead.residency}
    made = await town.does(me, "planVisit", f"{day}T07:00", VISIT, visitId=visit, **plan)
    assert (made["visit"]["state"], made["visit"]["missing"]) == ("PLANNED", ["GOAL", "FOCUS", "TASKS"])
    made = await town.does(me, "prepareVisit", f"{day}T07:10", VISIT, visitId=visit, **ready)
    assert made["visit"]["missing"] == []
    came = await town.does(me, "arriveAtSchool", f"{day}T08:00", VISIT, visitId=visit, **where)
    assert came["visit"]["unprepared"] is None
    town.stage.calendar.turn_to(next_day(day))
    await town.does(me, "leaveSchool", f"{day}T16:00", VISIT, visitId=visit, halfDays=2)
    where |= {"on": day, "visitId": visit}
    for hour in ("09", "10"):
        lesson = {"recordId": town.key(), "subject": "语文", "title": "虚构课题", "comment": "目标明确"}
        await town.does(me, "recordObservation", f"{day}T{hour}:00", **lesson, **where)
    for kind, reach, organised, subject in [one[1:] for one in HELD if one[0] == day]:
        held = {"kind": kind, "reach": reach, "organised": organised, "title": "虚构活动", "subject": subject}
        await town.does(me, "recordGathering", f"{day}T14:00", recordId=town.key(), **held, **where)
    if number < len(TASKS):
        task = {"recordId": town.key(), "task": TASKS[number], "text": "与学校一同梳理"}
        await town.does(me, "recordTask", f"{day}T15:00", **task, **where)
    if day in SUMMED_UP:
        await town.hands_in(lead.name, TERM, next_day(day), month=day[:7])


async def minima_of(town: FieldTown, lead: Lead) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a term against the regulation, and its minima by what they measure."""
    asked = {"r": town.people[lead.name], "t": TERM}
    found = (await town.stage.read(town.researcher(lead.name), MINIMA, **asked))["termMinima"]
    return found, {one["measure"]: one for one in found["minima"]}


async def what_is_short_can_still_be_made_good(town: FieldTown, lead: Lead) -> None:
    """In the eighth week ten days and twenty lessons are done: ten weeks are left for the rest."""
    found, minima = await minima_of(town, lead)
    assert (found["state"], found["placed"]) == ("OPEN", True)
    days, lessons = minima["visit_days"], minima["observed_and_commented"]
    assert (days["earned"], days["shortfall"], days["state"], len(days["ids"])) == ("10", "10", "OPEN", 10)
    assert (lessons["earned"], lessons["shortfall"], lessons["state"]) == ("20", "20", "OPEN")
    assert float(days["aWeek"]) > 0
    assert {one["state"] for one in found["minima"]} == {"MET", "OPEN"}
    assert minima["weeks_below_minimum"]["state"] == "MET"


async def the_term_is_reported(town: FieldTown, lead: Lead) -> None:
    """YUEQING-5-2d, 6-4: the report drafted from the records, and the summary of the term."""
    told = await town.hands_in(lead.name, TERM, ENDS, paper="蹲点调研工作报告")
    counted = ("visits", "half_days", "lessons_commented", "preparations", "themes", "seminars", "exchanges", "tasks")
    assert [told[one] for one in counted] == [20, 40, 40, 1, 2, 1, 1, 7]
    last = {"recordId": town.key(), "paper": "总结", "title": "虚构总结", "digest": PAPER["sha256"]}
    await town.does(town.researcher(lead.name), "handInPaper", f"{ENDS}T08:40", on=ENDS, termId=TERM, **last)


async def all_is_met(town: FieldTown, lead: Lead) -> None:
    """YUEQING-6-3, 5-2, 5-3: every minimum is reached by what was recorded, and no paper is missing."""
    found, minima = await minima_of(town, lead)
    held = {name: (one["threshold"], one["earned"]) for name, one in minima.items() if name in ASKED}
    assert held == ASKED, held
    assert {one["state"] for one in found["minima"]} == {"MET"}
    assert (found["state"], found["failed"], found["papers"], found["weeksLeft"]) == ("MET", [], [], 0)


async def who_fell_short_is_listed(town: FieldTown, lead: Lead, other: Lead) -> None:
    """Whoever came for one day has missed the days, the weeks and the lessons; nobody else is in the list."""
    rows = (await town.stage.read(town.who("institute-officer"), SHORT, t=TERM))["termMinimaList"]["edges"]
    (row,) = [edge["node"] for edge in rows]
    assert row["researcher"]["teacher"]["id"] == town.people[other.name] != town.people[lead.name]
    missed = {one["measure"] for one in row["minima"] if one["state"] == "MISSED"}
    assert {"visit_days", "weeks_below_minimum", "observed_and_commented", "reports_per_owed"} <= missed
    answer = (await town.stage.post(town.researcher(lead.name), SHORT, {"t": TERM})).json()
    assert not (answer.get("data") or {}).get("termMinimaList"), "a researcher reads his own term alone"


COLUMNS = [
    {"heading": "到校天数", "kind": "EARNED", "of": "visit_days"},
    {"heading": "听评课还差", "kind": "SHORTFALL", "of": "observed_and_commented", "term": 2},
    {"heading": "任务记录", "kind": "FIGURE", "of": "tasks"},
    {"heading": "未达到的项数", "kind": "MISSED", "term": 2},
]
ASSESSED = """query($c: [SheetColumnInput!]) { workAssessments(schoolYear: "2020-2021", columns: $c) {
  terms edges { node { researcher { teacher { id } } values rulings { kind failed warnings } } } } }"""


async def the_year_is_assessed(town: FieldTown, lead: Lead, other: Lead) -> None:
    """YUEQING-6-5b: what the year rests on, in the institute's own columns; its first term began before the law did."""
    found = (await town.stage.read(town.who("institute-officer"), ASSESSED, c=COLUMNS))["workAssessments"]
    rows = {edge["node"]["researcher"]["teacher"]["id"]: edge["node"] for edge in found["edges"]}
    assert found["terms"] == [TERM]
    good, short = rows[town.people[lead.name]], rows[town.people[other.name]]
    assert good["values"] == ["20", "0", "7", "0"], good
    assert short["values"][:3] == ["1", "40", "0"], short
    assert int(short["values"][3]) >= 4
    assert {one["kind"]: (one["failed"], one["warnings"]) for one in good["rulings"]} == {
        "yearly_assessment": ([], []), "task_log": ([], []),
    }, good["rulings"]  # fmt: skip
    log = next(one for one in short["rulings"] if one["kind"] == "task_log")
    assert len(log["warnings"]) == len(TASKS)


async def the_groups_are_filed(town: FieldTown) -> None:
    """A school forms its group and files it; another school's leader finds none, and the institute archives it."""
    query = "{ researchGroups { edges { node { id name filedOn archivedOn school { id } } } } }"
    given = {
        "kind": "学科教研组", "name": "语文组", "subject": "语文", "schoolId": town.school,
        "leaderId": town.people["Lan"], "memberIds": [town.people["Yu"]], "formedOn": STARTS,
    }  # fmt: skip
    leader = town.who("school-leader")
    town.stage.calendar.turn_to(STARTS)
    made = await town.enter("formResearchGroup", given, "researchGroup { id filedOn }", token=leader)
    filing = {"groupId": made["researchGroup"]["id"], "filedOn": STARTS}
    assert made["researchGroup"]["filedOn"] is None
    allowed = ("district-officer", "institute-officer", "school-leader")
    fields = "researchGroup { filedOn }"
    done = await town.acts("school-leader", "fileResearchGroup", filing, fields, allowed=allowed)
    assert done["researchGroup"]["filedOn"] == STARTS
    kept = {"groupId": filing["groupId"], "archivedOn": STARTS}
    officers = ("district-officer", "institute-officer")
    await town.acts("institute-officer", "archiveResearchGroup", kept, fields, allowed=officers)
    (edge,) = (await town.stage.read(leader, query))["researchGroups"]["edges"]
    assert edge["node"] == {
        "id": filing["groupId"], "name": "语文组", "filedOn": STARTS, "archivedOn": STARTS,
        "school": {"id": town.school},
    }  # fmt: skip
