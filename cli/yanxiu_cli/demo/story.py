"""What is going on in the synthetic districts today: plans, publicity, attendance, credits posted, each by its role.

Every step is signed on the day of the first start, as a step always is. So no school of Pu'er can have been recognised:
its publicity lasts working days that nobody can skip. Putuo knows no such wait, and shows what comes afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_wire import attendance
from yanxiu_wire import credits as credit
from yanxiu_wire import workflow as work
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.process import Evidence, Process

from yanxiu_cli.demo.people import DemoDistrict, DemoTerm, terms_through

Ask = Callable[[Endpoint[Any, Any], Any], Awaitable[Any]]

CHINA_OFFSET = timedelta(hours=8)
LASTS = timedelta(hours=2)
CHECK_IN_MINUTES = 110  # as long as anybody may want to try it
YEAR_END = date(2025, 12, 31)  # of the year whose records were entered in Pu'er
POSTED = date(2025, 6, 1)  # in the term of which Putuo posts credits
PROBLEM = "课堂提问流于形式（虚构示例）"
OUTCOME = "二十节研讨课例（虚构示例）"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The district with the ids that its register gave: school code -> id, staff number -> id of a teacher."""

    district: DemoDistrict
    schools: Mapping[str, str]
    teachers: Mapping[str, str]

    def school(self, number: int) -> str:
        """Return the id of the school of that number, from 1."""
        return self.schools[f"{self.district.mark}-S{number:02}"]

    def teacher(self, number: int) -> str:
        """Return the id of the teacher of that number, from 1; the first fifty are at the first school."""
        return self.teachers[f"{self.district.mark}{number:04}"]

    def caller(self, role: Role, *, school: int | None = None, teacher: int | None = None) -> Caller:
        """Return a caller; those of the first school are the ones whose tokens are printed."""
        own = "" if school in (None, 1) else f"S{school:02}:"
        who = "" if teacher in (None, 1) else f":{teacher:04}"
        return Caller(
            subject=f"demo:{self.district.id}:{own}{role}{who}",
            role=role,
            district=self.district.id,
            school=None if school is None else self.school(school),
            teacher=None if teacher is None else self.teacher(teacher),
        )


async def tell_story(ask: Ask, place: Place, now: datetime) -> None:
    """Bring the district to where somebody of each role has something to do; `now` is this instant, with its offset."""
    today = (now.astimezone(UTC) + CHINA_OFFSET).date()
    if place.district.pack == "puer":
        await _plans(ask, place, today)
        await _publicity(ask, place)
        await _sessions(ask, place, now)
    else:
        await _postings(ask, place)


# ---- Pu'er ------------------------------------------------------------------------------------------------------


async def _plans(ask: Ask, place: Place, today: date) -> None:
    """This term the first school's plan is approved, the second's waits for review, the third's for the approval."""
    term = terms_through(today)[-1]
    plan = await _reviewed(ask, place, 1, term, today)
    await _step(ask, place.caller("district-officer"), plan, "approve")
    await _declared(ask, place, 2, term, today)
    await _reviewed(ask, place, 3, term, today)


async def _reviewed(ask: Ask, place: Place, school: int, term: DemoTerm, today: date) -> Process:
    plan = await _declared(ask, place, school, term, today)
    coefficients = {project: {"project_credit": "0.75"} for project in plan.projects}
    opinion = {"opinion": "同意，每学时0.75学分（虚构示例）"}
    institute = place.caller("institute-officer")
    return await _step(ask, institute, plan, "review", project_facts=coefficients, statements=opinion)


async def _declared(ask: Ask, place: Place, school: int, term: DemoTerm, today: date) -> Process:
    officer = place.caller("school-training-officer", school=school)
    starts = max(today, term.starts_on)
    key = f"demo-plan-{term.school_year}-{term.number}-{school}"
    proposal = credit.ProposeProject(
        caller=officer,
        key=f"{key}-project",
        title="课堂提问校本研修（虚构示例）",
        organiser=f"示例第{school:02}校",
        facts={"mode": "school", "level": "school", "hours_planned": "16"},
        starts_on=starts,
        ends_on=max(term.ends_on, starts),
    )
    project: credit.Project = await ask(credit.PROPOSE_PROJECT, proposal)
    return await _opened(
        ask,
        officer,
        key,
        "school_plan",
        term.ends_on,
        projects=(project.id,),
        statements={"problem": PROBLEM, "outcome": OUTCOME},
        evidence=(_paper("plan", "学校校本研修计划"),),
    )


async def _publicity(ask: Ask, place: Place) -> None:
    """Last year of the first school is public, with an objection; that of the third has been reviewed by its school."""
    for school in (1, 3):
        officer = place.caller("school-training-officer", school=school)
        form = (_paper("form_2_2", "全员培训学时学分申报表"),)
        reviewed = await _opened(ask, officer, f"demo-year-{school}", "year_recognition", YEAR_END, evidence=form)
        if school != 1:
            continue
        shown = await _step(ask, officer, reviewed, "publicise", statements={"place": "校务公开栏（虚构示例）"})
        objection = work.RaiseObjection(
            caller=place.caller("teacher", school=1, teacher=1),
            key=f"{shown.id}-objection",
            process=shown.id,
            teacher=place.teacher(1),
            text="请核对本人集中研修的学时（虚构示例）。",
        )
        await ask(work.RAISE_OBJECTION, objection)


async def _sessions(ask: Ask, place: Place, now: datetime) -> None:
    """One session next week; one that runs now, where two people came with one device and one left early."""
    china = now.astimezone(UTC) + CHINA_OFFSET
    day, at = china.date(), time(china.hour, china.minute)
    if datetime.combine(day, at) + LASTS >= datetime.combine(day + timedelta(days=1), time()):
        day, at = day + timedelta(days=1), time()  # a session lies in one day; people check in before midnight
    running = await _session(ask, place, "课堂提问研讨（虚构示例）", day, at)
    await _session(ask, place, "课例展示与评议（虚构示例）", china.date() + timedelta(days=7), time(15))
    for number, device in ((2, "demo-phone-a"), (3, "demo-phone-b"), (4, "demo-phone-b")):
        teacher = place.caller("teacher", school=1, teacher=number)
        issue = attendance.IssueCheckIn(caller=teacher, key=f"{running}-token-{number}", session=running)
        token = (await ask(attendance.ISSUE_CHECK_IN, issue)).tokens[0].token
        arrival = attendance.CheckIn(caller=teacher, key=f"{running}-in-{number}", token=token, device=device)
        await ask(attendance.CHECK_IN, arrival)
    early = attendance.CheckOut(
        caller=place.caller("teacher", school=1, teacher=2), key=f"{running}-out-2", session=running
    )
    await ask(attendance.CHECK_OUT, early)


async def _session(ask: Ask, place: Place, title: str, day: date, at: time) -> str:
    starts = datetime.combine(day, at, UTC) - CHINA_OFFSET
    announcement = attendance.ScheduleSession(
        caller=place.caller("school-training-officer", school=1),
        key=f"demo-session-{starts:%Y%m%d%H%M}",
        title=title,
        on=day,
        starts_at=starts,
        ends_at=starts + LASTS,
        hours=Decimal(2),
        opens_before=CHECK_IN_MINUTES + 10,
        closes_after=CHECK_IN_MINUTES,
    )
    scheduled: attendance.SessionScheduled = await ask(attendance.SCHEDULE_SESSION, announcement)
    return scheduled.session.id


# ---- Putuo ------------------------------------------------------------------------------------------------------


async def _postings(ask: Ask, place: Place) -> None:
    """A term's credits of the first school are posted and told; those of the second wait for the institute."""
    for school in (1, 2):
        officer = place.caller("school-training-officer", school=school)
        papers = (_paper("process", "过程性评价表"), _paper("outcome", "成果性评价表"))
        evaluated = await _opened(ask, officer, f"demo-posting-{school}", "term_posting", POSTED, evidence=papers)
        if school == 1:
            posted = await _step(ask, place.caller("institute-officer"), evaluated, "post")
            await _step(ask, officer, posted, "feed_back")


# ---- steps ------------------------------------------------------------------------------------------------------


async def _opened(ask: Ask, caller: Caller, key: str, workflow: str, on: date, **given: Any) -> Process:
    moved: work.ProcessMovedOn = await ask(
        work.OPEN_PROCESS, work.OpenProcess(caller=caller, key=key, workflow=workflow, on=on, **given)
    )
    return moved.process


async def _step(ask: Ask, caller: Caller, process: Process, step: str, **given: Any) -> Process:
    command = work.TakeStep(
        caller=caller, key=f"{process.id}-{step}", process=process.id, step=step, version=process.version, **given
    )
    moved: work.ProcessMovedOn = await ask(work.TAKE_STEP, command)
    return moved.process


def _paper(name: str, title: str) -> Evidence:
    """An attachment that exists in name only: the platform keeps its title, its place and its digest."""
    whole = f"{title}（虚构示例）"
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Evidence(name=name, title=whole, reference=f"示例档案/{name}.pdf", sha256=digest)
