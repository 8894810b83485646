"""What stands before a school year's training: the needs surveyed, a fixed time, a plan that says what and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import (
    Facts,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    last_day_of_years,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

SURVEY, SLOT, PRINCIPAL, PLAN = "PUTUO-3-1", "PUTUO-5-1a", "PUTUO-6-1a", "PUTUO-6-1c"
PARTS = {"aims": "研修目标", "content": "研修内容", "methods": "实施方式"}


class Survey(Facts, frozen=True, kw_only=True):
    """A survey of needs: its level (区级, 校级), its day, by which method, and whether ability was assessed."""

    level: str
    on: dt.date
    method: str = ""
    ability_assessed: bool = True


class SurveyQuestion(Facts, frozen=True, kw_only=True):
    """Were the needs surveyed at both levels before the plan was adopted?"""

    plan_adopted_on: dt.date
    surveys: tuple[Survey, ...] = ()


class TermSlot(Facts, frozen=True, kw_only=True):
    """A term by its number, and the fixed time of its timetable, such as `每周三15:30`."""

    term: int
    slot: str = ""


class SlotQuestion(Facts, frozen=True, kw_only=True):
    """Is there a fixed time in each term of the school year?"""

    terms: tuple[TermSlot, ...]


class PlanQuestion(Facts, frozen=True, kw_only=True):
    """Does the plan say what it must, was it supervised, and who answers for it first?

    `supervised` counts the entries on its supervision; None: not stated.
    """

    aims: str = ""
    content: str = ""
    methods: str = ""
    supervised: int | None = None
    first_responsible: str | None = None


@decision("needs_survey", asks_zh="制定计划前是否做了区校两级调研", facts=SurveyQuestion, clauses=(SURVEY,))
def needs_survey(question: SurveyQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-3-1: a survey with assessment of ability at each level, before the plan and no older than a year."""
    adopted, years = question.plan_adopted_on, int(law.survey_years)
    done = set()
    for index, one in enumerate(question.surveys):
        must_be_one_of(rows_that_hold(law.survey_levels), f"surveys[{index}].level", one.level)
        if one.ability_assessed and one.on < adopted <= last_day_of_years(one.on, years):
            done.add(one.level)
    missing = [level for level in rows_that_hold(law.survey_levels) if level not in done]
    told = ((SURVEY, not missing, f"没有{'、'.join(missing)}调研", f"no survey: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("fixed_slot", asks_zh="每学期是否设立固定的研修时间", facts=SlotQuestion, clauses=(SLOT,))
def fixed_slot(question: SlotQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-1a: a fixed time in each of the terms of a school year."""
    fixed = {one.term for one in question.terms if one.slot.strip()}
    missing = [number for number in range(1, int(law.terms_a_year) + 1) if number not in fixed]
    named = "、".join(map(str, missing))
    told = ((SLOT, not missing, f"第{named}学期没有固定时间", f"no fixed time in term {named}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("school_plan", asks_zh="班主任校本研修计划是否完整并监督实施", facts=PlanQuestion, clauses=(PLAN, PRINCIPAL))
def school_plan(question: PlanQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-1c: aims, content, way of implementation, and supervision; 6-1a: the principal answers first."""
    must_count("supervised", question.supervised)
    missing = [name for part, name in PARTS.items() if not getattr(question, part).strip()]
    supervised = question.supervised is None or question.supervised >= law.supervisions
    told = (
        (PLAN, not missing, f"没有写明{'、'.join(missing)}", f"not said: {', '.join(missing)}"),
        (PLAN, supervised, "没有监督实施的记录", "no entry on its supervision"),
    )
    failed = clauses_broken(told, law)
    principal = question.first_responsible is None or question.first_responsible == law.first_responsible
    who = (
        PRINCIPAL,
        principal,
        f"第一责任人应为{law.first_responsible}，现为{question.first_responsible}",
        f"{question.first_responsible} answers first, not the principal",
    )
    return {"missing": missing, "failed": failed, "warnings": clauses_to_watch((who,), law)}
