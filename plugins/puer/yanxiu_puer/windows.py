"""Days that bind: declaring a plan, publishing projects, recognising a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain

from yanxiu_puer.facts import Level, calendar_year
from yanxiu_puer.wording import LEVEL_ZH, day_zh

DAY = dt.timedelta(days=1)


class PlanDeadlineQuestion(Facts, frozen=True, kw_only=True):
    """Was the plan declared within a week of term start?

    `holidays` are public holidays that fall on weekdays, `workdays` weekend days on which people work instead.
    """

    term_start: dt.date
    declared_on: dt.date | None = None
    holidays: tuple[dt.date, ...] = ()
    workdays: tuple[dt.date, ...] = ()
    affiliation: str | None = None
    term: str | None = None


class PublicationQuestion(Facts, frozen=True, kw_only=True):
    """Was a project published in a month of publication?"""

    level: Level
    published_on: dt.date


class RecognitionQuestion(Facts, frozen=True, kw_only=True):
    """Was a year recognised in the window of the next year?"""

    assessment_year: int
    recognised_on: dt.date


def in_reach(field: str, day: dt.date) -> dt.date:
    """Return a day from which days can be counted on; raises `FactsRefused` for one in the calendar's last year."""
    if day.year == dt.MAXYEAR:
        raise FactsRefused(field=field, value=day, problem="no day of a term; check the year")
    return day


def is_rest_day(day: dt.date, holidays: Collection[dt.date], workdays: Collection[dt.date], law: Law) -> bool:
    """Return whether nobody works on a day: a weekly day of rest or a holiday, unless named as a workday."""
    if day in workdays:
        return False
    weekly = tuple(law.rest_days[name] for name in law.rest_days)
    return day in holidays or day.isoweekday() in weekly


def last_day_to_declare(
    term_start: dt.date, holidays: Collection[dt.date], workdays: Collection[dt.date], law: Law
) -> dt.date:
    """PUER-14-6: a week after the term's first day, which is not counted; a last day of rest rolls on (G-P35)."""
    last = in_reach("term_start", term_start) + DAY * int(law.plan_deadline_days)
    if law.plan_deadline_roll_to_workday:
        while is_rest_day(last, holidays, workdays, law):
            last += DAY
    return last


def last_day_of_publicity(
    first: dt.date, holidays: Collection[dt.date], workdays: Collection[dt.date], law: Law
) -> dt.date:
    """PUER-F2-4-2: the day on which the working days of publicity are complete, the first day counted (G-P39)."""
    day, held = first, int(not is_rest_day(first, holidays, workdays, law))
    while held < law.publicity_days:
        day = in_reach("publicity", day) + DAY
        held += not is_rest_day(day, holidays, workdays, law)
    return day


def recognition_days(year: int, law: Law) -> tuple[dt.date, dt.date]:
    """PUER-F2-4-3b: the first and last day on which the year is recognised, in March and April of the next."""
    following = calendar_year("assessment_year", year) + 1
    first, last = (dt.date.fromisoformat(f"{following:04}-{law.recognition_window[end]}") for end in ("first", "last"))
    return first, last


@decision(
    "plan_deadline",
    asks_zh="校本研修计划是否按期申报",
    facts=PlanDeadlineQuestion,
    clauses=("PUER-9-1", "PUER-14-6", "PUER-F3-6-5b"),
    day=lambda question: question.term_start,
)
def plan_deadline(question: PlanDeadlineQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-14-6, F3-6-5b: one week, the first day not counted, a last day of rest rolls on (G-P35)."""
    days = law.plan_deadline_days
    last = last_day_to_declare(question.term_start, question.holidays, question.workdays, law)
    rolls = "，遇休息日顺延" if law.plan_deadline_roll_to_workday else ""
    law.step(
        "deadline",
        last,
        zh=f"{day_zh(question.term_start)}开学，当日不计，{plain(days)}天内申报{rolls}，截止{day_zh(last)}。",
        en=f"Term starts on {question.term_start}; that day not counted, {plain(days)} days end on {{value}}.",
        clauses=("PUER-14-6", "PUER-F3-6-5b"),
    )
    declared = question.declared_on
    on_time = declared is not None and declared <= last
    law.step(
        "on_time",
        on_time,
        zh=f"{f'{day_zh(declared)}申报' if declared else '未申报'}，"
        + ("按期。" if on_time else "逾期；未经审核通过不得实施。"),
        en=f"{f'Declared on {declared}' if declared else 'Not declared'}: "
        + ("on time." if on_time else "late; it must not run before it is approved."),
        clauses=("PUER-14-6", "PUER-F3-6-5b"),
    )
    failed = [] if on_time else ["PUER-14-6", "PUER-F3-6-5b"]
    return {"deadline": last, "on_time": on_time, "failed": failed}


@decision(
    "publication_window",
    asks_zh="项目是否在规定月份发布",
    facts=PublicationQuestion,
    clauses=("PUER-5-3",),
    day=lambda question: question.published_on,
)
def publication_window(question: PublicationQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-5-3: municipal and county projects appear in March and September; other levels are not bound (G-P37)."""
    bound = question.level in ("municipal", "county")
    months = [law.publication_months["spring"], law.publication_months["autumn"]] if bound else []
    if bound and law.publication_mode != "both":
        months = months[:1] if question.level == "municipal" else months[1:]
    ok = not bound or question.published_on.month in months
    said = "、".join(f"{plain(month)}月" for month in months) or "不限月份"
    law.step(
        "published",
        ok,
        zh=f"{LEVEL_ZH[question.level]}项目（{said}）于{day_zh(question.published_on)}发布，"
        + ("合规。" if ok else "不在规定月份。"),
        en=f"A {question.level} project published on {question.published_on}: "
        + ("in order." if ok else "not in a month of publication."),
        clauses=("PUER-5-3",),
    )
    return {"ok": ok, "failed": [] if ok else ["PUER-5-3"]}


@decision(
    "recognition_window",
    asks_zh="认定是否在规定期限内",
    facts=RecognitionQuestion,
    clauses=("PUER-F2-4-3b",),
    day=lambda question: question.recognised_on,
)
def recognition_window(question: RecognitionQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-4-3b: recognition takes place in March and April of the next year, both ends included."""
    first, last = recognition_days(question.assessment_year, law)
    ok = first <= question.recognised_on <= last
    law.step(
        "recognised",
        ok,
        zh=f"{question.assessment_year}年度应于{day_zh(first)}至{day_zh(last)}认定，实际于{day_zh(question.recognised_on)}认定，"
        + ("合规。" if ok else "不在期限内。"),
        en=f"The year {question.assessment_year} is recognised from {first} to {last}; {question.recognised_on} is "
        + ("within." if ok else "outside."),
        clauses=("PUER-F2-4-3b",),
    )
    return {"ok": ok, "failed": [] if ok else ["PUER-F2-4-3b"]}
