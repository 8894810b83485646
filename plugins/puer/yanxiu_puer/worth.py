"""What each kind of record is worth: its hours, coefficient, grade and merit, told step by step."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from yanxiu_rulekit import Law, plain

from yanxiu_puer.amounts import attended, by_days, days_planned, planned
from yanxiu_puer.coefficient import FIXED_CLAUSE, SUB_ID, coefficient_of, range_of, row_of
from yanxiu_puer.facts import Record, certified_level, mode_of
from yanxiu_puer.grading import merit_of, prize_of, stated_grade, tell_mark
from yanxiu_puer.wording import LEVEL_ZH, MODE_ZH, NOTHING, ROLE_ZH, credits_en, grade_en


class Worth(NamedTuple):
    """Hours (学时), coefficient (credits per hour) and grade; the merit coefficient follows from the grade."""

    hours: Decimal
    coefficient: Decimal
    grade: str | None


class Earned(NamedTuple):
    """Basic credit, merit coefficient, merit credit and their total, in 学分."""

    basic: Decimal
    coefficient: Decimal
    merit: Decimal
    total: Decimal


def course(record: Record, law: Law) -> Worth:
    """Articles 10 to 12: days or hours, the coefficient of the notice, the grade of the mark."""
    hours = _course_hours(record, law)
    coefficient = _course_coefficient(record, law)
    return Worth(hours, coefficient, tell_mark(record, law))


def _course_hours(record: Record, law: Law) -> Decimal:
    hours = planned(record, law) or NOTHING
    beyond_zh, beyond_en, beyond = _beyond_the_plan(record, law)
    if by_days(record, law):
        days = days_planned(record) or NOTHING
        return law.step(
            "hours",
            hours,
            unit="学时",
            zh=f"短期集中培训{beyond_zh or '{days}天'}，每天{{rate}}学时，计{{value}}学时。",
            en=f"{{days}} days of short centralised training at {{rate}} hours a day make {{value}} hours{beyond_en}.",
            clauses=("PUER-10-16", *beyond),
            days=days,
            rate=law.hours_per_day,
        )
    said = MODE_ZH.get(mode_of(record) or "", "")
    return law.step(
        "hours",
        hours,
        unit="学时",
        zh=f"{said}{beyond_zh or '按实际学时数计，计'}{{value}}学时。",
        en=f"Counted by {'the hours planned' if beyond else 'the actual hours'}: {{value}} hours{beyond_en}.",
        clauses=("PUER-10-17" if mode_of(record) == "network" else "PUER-11-2", *beyond),
    )


def _beyond_the_plan(record: Record, law: Law) -> tuple[str, str, tuple[str, ...]]:
    """Return what to say of attendance beyond the plan, and its clause: the plan counts (PUER-F2-3-3)."""
    whole, done = planned(record, law), attended(record, law)
    if whole is None or done is None or done <= whole:
        return "", "", ()
    if by_days(record, law):
        days, came = plain(days_planned(record) or NOTHING), plain(record.days_attended or NOTHING)
        zh, en = f"计划{days}天、参加{came}天，按计划计{days}天", f"{days} days were planned and {came} attended"
    else:
        zh = f"计划{plain(whole)}学时、完成{plain(done)}学时，按计划计"
        en = f"{plain(whole)} were planned and {plain(done)} completed"
    return zh, f"; {en}, and what goes beyond the plan does not count", ("PUER-F2-3-3",)


# Who set the coefficient of a course, and whether it is the default.
SET_BY = {
    ("notice", False): ("通知规定", "as the notice says"),
    ("notice", True): ("通知未规定，按", "the notice is silent"),
    ("school", False): ("县（区）级机构规定", "as the county institute set it"),
    ("school", True): ("县（区）统一规定", "as the district set it for all"),
}


def _course_coefficient(record: Record, law: Law) -> Decimal:
    coefficient, row = coefficient_of(record, law) or NOTHING, row_of(record) or ""
    least, most = range_of(record, law) or (coefficient, coefficient)
    by_default = record.project_credit is None and row != "network"
    clause = "PUER-11-1D" if by_default and row != "school" else SUB_ID[row]
    said = MODE_ZH.get(row) if row in ("network", "school") else f"{LEVEL_ZH[row]}集中研修"
    source_zh, source_en = SET_BY["school" if row == "school" else "notice", by_default]
    fixed = least == most
    limits_zh = "固定" if fixed else f"（每学时{plain(least)}—{plain(most)}项目学分）：{source_zh}"
    limits_en = "fixed" if fixed else f"{source_en}; the range is {plain(least)} to {plain(most)}"
    return law.step(
        "project_credit",
        coefficient,
        unit="学分/学时",
        zh=f"{said}{limits_zh}每学时计{{value}}项目学分。",
        en=f"Coefficient: {credits_en(coefficient)} per hour ({limits_en}).",
        clauses=(clause, "PUER-F3-6-4b") if row == "school" else (clause,),
    )


def studio(record: Record, law: Law) -> Worth:
    """PUER-13-1, 13-1L, 13-1M: hours by role, coefficient by level, merit by the yearly result."""
    role = record.role or ""
    hours = law.step(
        "hours",
        law.studio_hours[role],
        unit="学时",
        zh="工作室{role}每人每年计{value}学时，列入集中研修。",
        en=f"A studio {role} has {{value}} hours a year, counted as centralised research.",
        clauses=("PUER-13-0", "PUER-13-1"),
        role=ROLE_ZH[role],
    )
    return _fixed(record, law, hours, _tell_grade(record, law))


def lecture(record: Record, law: Law) -> Worth:
    """PUER-13-2: class-hours taught are hours; the coefficient falls with the level; no merit."""
    taught = record.class_hours if record.class_hours is not None else record.hours
    hours = law.step(
        "hours",
        taught or NOTHING,
        unit="学时",
        zh="授课{value}课时即为{value}学时，列入集中研修。",
        en="{value} class-hours taught are {value} hours, counted as centralised research.",
        clauses=("PUER-13-0", "PUER-13-2"),
    )
    return _fixed(record, law, hours, None)


def contest(record: Record, law: Law) -> Worth:
    """PUER-13-3, 13-3Z: hours per award, coefficient by the certificate's level, merit by the prize."""
    hours = law.step(
        "hours",
        law.contest_hours,
        unit="学时",
        zh="获奖的教研活动或教学比赛每次计{value}学时，列入集中研修。",
        en="An awarded activity or contest has {value} hours, counted as centralised research.",
        clauses=("PUER-13-0", "PUER-13-3"),
    )
    return _fixed(record, law, hours, prize_of(record))


def research(record: Record, law: Law) -> Worth:
    """PUER-13-4, 13-4L: hours by role, once on conclusion; merit by the grade of the certificate, if it has one."""
    role = record.role or ""
    hours = law.step(
        "hours",
        law.research_hours[role],
        unit="学时",
        zh="结题课题{role}计{value}学时，列入集中研修。",
        en=f"A {role} of a concluded project has {{value}} hours, counted as centralised research.",
        clauses=("PUER-13-0", "PUER-13-4"),
        role=ROLE_ZH[role],
    )
    return _fixed(record, law, hours, _tell_grade(record, law))


def degree(record: Record, law: Law) -> Worth:
    """PUER-13-5: a fixed number of hours for each of the years that count; no merit."""
    most = law.degree_max_years
    hours = law.step(
        "hours",
        law.degree_hours,
        unit="学时",
        zh="学历提高教育凭年度成绩证明登记{value}学时（最多{most}年），列入集中研修。",
        en="A year of degree study has {value} hours (for {most} years at most), counted as centralised research.",
        clauses=("PUER-13-0", "PUER-13-5"),
        most=most,
    )
    return _fixed(record, law, hours, None)


def _tell_grade(record: Record, law: Law) -> str | None:
    """Say the grade of a studio or a research project, if it has one; a passed one without a grade has no merit."""
    return tell_mark(record, law) if record.score is not None or stated_grade(record) else None


def _fixed(record: Record, law: Law, hours: Decimal, grade: str | None) -> Worth:
    level = certified_level(record)
    per = ("课时", "class-hour") if record.kind == "lecture" else ("学时", "hour")
    of_zh, of_en = (LEVEL_ZH[level], f" at {level} level") if level else ("", "")
    fixed = coefficient_of(record, law) or NOTHING
    coefficient = law.step(
        "project_credit",
        fixed,
        unit=f"学分/{per[0]}",
        zh=f"{of_zh}每{per[0]}计{{value}}学分。",
        en=f"Coefficient{of_en}: {credits_en(fixed)} per {per[1]}.",
        clauses=(FIXED_CLAUSE[record.kind],),
    )
    return Worth(hours, coefficient, grade)


WORTH: dict[str, Callable[[Record, Law], Worth]] = {
    "training": course,
    "special": course,
    "external": course,
    "studio": studio,
    "lecture": lecture,
    "contest": contest,
    "research": research,
    "degree": degree,
}


# The clause that gives merit, and the one that gives none.
MERIT_CLAUSES = {
    "studio": ("PUER-13-1M", "PUER-13-1M"),
    "lecture": ("PUER-13-2", "PUER-13-2"),
    "contest": ("PUER-13-3", "PUER-13-3Z"),
    "research": ("PUER-13-4L", "PUER-13-4L"),
    "degree": ("PUER-13-5", "PUER-13-5"),
}
COURSE_MERIT = ("PUER-11-3M", "PUER-11-3Z")


def tell_total(record: Record, worth: Worth, law: Law) -> Earned:
    """Say and return basic credit, merit credit and their sum: c*h, c*h*m, c*h*(1+m) (PUER-11-2 to 11-4)."""
    basic = law.step(
        "basic",
        worth.coefficient * worth.hours,
        unit="学分",
        zh="基本学分 = 项目学分{c} × {h}学时 = {value}学分。",
        en="Basic credit = coefficient {c} × {h} hours = {value} credits.",
        clauses=("PUER-11-2",),
        c=worth.coefficient,
        h=worth.hours,
    )
    rate = merit_of(record, worth.grade, law)
    given, none = MERIT_CLAUSES.get(record.kind, COURSE_MERIT)
    graded = f"“{worth.grade}”" if worth.grade else "无等级"
    merit = law.step(
        "merit",
        basic * rate,
        unit="学分",
        zh=f"绩效学分：{graded}，系数{{m}}，{{b}} × {{m}} = {{value}}学分。" if rate else f"{graded}，不计绩效学分。",
        en=f"Merit credit for {grade_en(worth.grade)}: {{b}} × {{m}} = {{value}} credits."
        if rate
        else f"No merit credit{f' for {grade_en(worth.grade)}' if worth.grade else ''}.",
        clauses=(given if rate else none,),
        m=rate,
        b=basic,
    )
    total = law.step(
        "total",
        basic + merit,
        unit="学分",
        zh=f"总学分 = 基本学分 + 绩效学分 = {plain(basic)} + {plain(merit)} = {{value}}学分。",
        en=f"Total = basic + merit = {plain(basic)} + {plain(merit)} = {{value}} credits.",
        clauses=("PUER-11-0", "PUER-11-4"),
    )
    return Earned(basic, rate, merit, total)
