"""How far a cycle has come, and whether a school may stand for an award."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, Requirement, decision, hold, plain, share

from yanxiu_puer.requirements import CYCLE_MINIMA
from yanxiu_puer.spellings import OF_A_SCHOOL, fold, refuse_contradictions
from yanxiu_puer.wording import MODULES, NOTHING, UNIT_EN

MINIMA = (
    ("hours", "cycle_hours", "PUER-10-1", "学时", "Hours in all"),
    ("credits", "cycle_credits", "PUER-10-5", "学分", "Credits in all"),
    ("network_hours", "cycle_mode_hours", "PUER-F2-3-1N", "网络研修学时", "Network research"),
    ("central_hours", "cycle_mode_hours", "PUER-F2-3-1C", "集中研修学时", "Centralised research"),
    ("school_hours", "cycle_mode_hours", "PUER-F2-3-1S", "校本研修学时", "School-based research"),
    ("county_above", "cycle_county_above", "PUER-10-8", "县级以上培训", "County-and-above training"),
    ("专业理念与师德", "cycle_ethics", "PUER-10-11", "专业理念与师德模块学分", "Professional ideals and ethics"),
    ("专业知识", "cycle_knowledge", "PUER-10-12", "专业知识模块学分", "Professional knowledge"),
    ("专业能力", "cycle_ability", "PUER-10-13", "专业能力模块学分", "Professional ability"),
    ("班级管理", "cycle_class_management", "PUER-10-14", "班级管理模块学分", "Class management"),
    ("校本研修", "cycle_school_module", "PUER-10-15", "校本研修模块学分", "Module of school-based research"),
)
FAILURES = Requirement(
    clause="PUER-F2-5-3",
    measure="not_completed",
    operator="below",
    parameter="school_failure_share",
    of="roster",
    label_zh="未完成规定学时学分的教师",
    label_en="teachers who did not complete",
    unit="人",
)


class ProgressQuestion(Facts, frozen=True, kw_only=True):
    """What is still to be earned in the cycle? `recognised` names hours, credits, modes, county_above and modules."""

    recognised: Mapping[str, Decimal]
    years_done: int | None = None
    teacher: Mapping[str, Any] = {}


class RatioQuestion(Facts, frozen=True, kw_only=True):
    """May the school stand for awards? Counts of people; a reasoned exception (原则上) is reported beside the rule."""

    roster: int
    not_completed: int
    reasoned_exception: bool | str | None = None
    exception: bool | str | None = None
    exception_reason: str | None = None

    def __post_init__(self) -> None:
        """Read the other words."""
        fold(self, OF_A_SCHOOL)


@decision(
    "plan_progress",
    asks_zh="周期内各项最低要求还差多少",
    facts=ProgressQuestion,
    clauses=CYCLE_MINIMA,
)
def plan_progress(question: ProgressQuestion, law: Law) -> Mapping[str, Any]:
    """Return the gap to each minimum of the cycle; credits still needed are the larger of total gap and module gaps.

    A surplus in one module does not fill another, and yearly duties are no part of it.
    """
    remaining: dict[str, Decimal] = {}
    for name, parameter, clause, zh, en in MINIMA:
        unit = _unit(name, law)
        least: Decimal = getattr(law, parameter)
        earned = question.recognised.get(name, NOTHING)
        if earned < NOTHING:
            raise FactsRefused(field=f"recognised.{name}", value=earned, problem="below zero; give what is recognised")
        remaining[name] = law.step(
            name,
            max(NOTHING, least - earned),
            unit=unit,
            zh=f"{zh}：要求{plain(least)}{unit}，已认定{plain(earned)}{unit}，还差{{value}}{unit}。",
            en=f"{en}: {plain(earned)} of {plain(least)} {UNIT_EN[unit]}, {{value}} to go.",
            clauses=(clause,),
        )
    gaps = sum((remaining[module] for module in MODULES), NOTHING)
    law.step(
        "cycle_gap_credits",
        max(remaining["credits"], gaps),
        unit="学分",
        zh=f"总量还差{plain(remaining['credits'])}学分，各模块差额合计{plain(gaps)}学分，实际还需{{value}}学分。",
        en=f"{plain(remaining['credits'])} short in all, {plain(gaps)} over the modules: {{value}} credits to earn.",
        clauses=("PUER-10-5",),
    )
    return {
        "remaining": remaining,
        "sum_module_gaps": gaps,
        "cycle_gap_credits": max(remaining["credits"], gaps),
    }


def _unit(name: str, law: Law) -> str:
    """Return the unit of a minimum: hours or credits, and of county-and-above what the law says (G-P12)."""
    if name == "county_above":
        return "学时" if law.county_above_unit == "hours" else "学分"
    return "学时" if name.endswith("hours") else "学分"


@decision(
    "school_ratio",
    asks_zh="学校未完成教师是否达到五分之一，能否参加先进评选",
    facts=RatioQuestion,
    clauses=("PUER-F2-5-3",),
)
def school_ratio(question: RatioQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-5-3: from a fifth of the teachers on, exactly, the school is out.

    `disqualified` states the rule; `excepted` says whether a reasoned decision departs from it.
    """
    refuse_contradictions(question, OF_A_SCHOOL)
    roster, failing = Decimal(question.roster), Decimal(question.not_completed)
    if roster < NOTHING or not NOTHING <= failing <= roster:
        raise FactsRefused(
            field="not_completed", value=question.not_completed, problem="count people: from 0 to the whole roster"
        )
    finding = hold((FAILURES,), {"not_completed": failing, "roster": roster}, law)[0]
    barred = bool(roster) and not finding.met
    shown = share(failing, roster, int(law.ratio_places)) if roster else None
    excepted = barred and any(map(_reasoned, (question.reasoned_exception, question.exception_reason)))
    law.step(
        "ratio",
        shown,
        zh=f"名册{question.roster}人，未完成{question.not_completed}人，"
        + ("已达到" if barred else "未达到")
        + f"名册人数的{law.school_failure_share:.0%}（{plain(finding.threshold)}人）"
        + (
            "，原则上当年不得参加县级以上先进评选" + ("；已另有附理由的决定。" if excepted else "。")
            if barred
            else "，不受限制。"
        ),
        en=f"{question.not_completed} of {question.roster} teachers did not complete "
        f"(the limit is {plain(finding.threshold)}): "
        + ("out of this year's selections" if barred else "no bar")
        + ("; a reasoned decision excepts the school." if barred and excepted else "."),
        clauses=("PUER-F2-5-3",),
        readings=finding.readings,
    )
    return {
        "ratio": shown,
        "disqualified": barred,
        "excepted": excepted,
        "failed": ["PUER-F2-5-3"] if barred else [],
    }


def _reasoned(said: bool | str | None) -> bool:
    return bool(said.strip()) if isinstance(said, str) else bool(said)
