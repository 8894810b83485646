"""The refusals of planning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yanxiu_footing.refusals import refuse, shown
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import PlanState

from yanxiu_visits.planning.solver.refused import Reason
from yanxiu_visits.planning.solver.say_breach import BreachSaid

STATES_ZH: dict[PlanState, str] = {
    "draft": "草案",
    "planning": "正在排定",
    "planned": "已排定",
    "impossible": "无解",
    "undecided": "未有结果",
    "cancelled": "已中止",
    "failed": "运算失败",
    "adopted": "已采用",
    "replaced": "已被替换",
}


def plan_unknown(plan: str) -> Refused:
    """No plan of that id."""
    return refuse(
        "PLAN_UNKNOWN",
        field="plan",
        value=plan,
        zh="没有这个蹲点方案。",
        en="There is no such rotation plan.",
        remedy=("请核对方案编号。", "Check the plan's id."),
    )


def plan_not_so(plan: str, state: PlanState, wanted: Iterable[PlanState]) -> Refused:
    """The plan stands otherwise than the command needs."""
    wanted = tuple(wanted)
    return refuse(
        "PLAN_NOT_SO",
        field="plan",
        value=plan,
        zh=f"方案{STATES_ZH[state]}，此操作只适用于：{'、'.join(STATES_ZH[one] for one in wanted)}。",
        en=f"The plan is {state}; this needs one that is {' or '.join(wanted)}.",
        remedy=("请刷新方案后再操作。", "Look at the plan again first."),
    )


def terms_missing(first: str, wanted: int, found: Iterable[str], clauses: tuple[str, ...]) -> Refused:
    """The calendar does not reach as far as the law's window."""
    there = tuple(found)
    return refuse(
        "TERMS_MISSING",
        field="first_term",
        value=first,
        clauses=clauses,
        zh=f"自{first}起须有连续{wanted}个学期，校历中只有{len(there)}个（{'、'.join(there)}）。",
        en=f"The window needs {wanted} terms from {first} on; the calendar has {len(there)} ({', '.join(there)}).",
        remedy=("请先在校历中登记其后的学期。", "Enter the terms that follow in the calendar first."),
    )


def period_wanted(*, by_terms: bool) -> Refused:
    """The law places by terms and no term is named, or by batches and no day is."""
    field = "first_term" if by_terms else "starts_on"
    return refuse(
        "PERIOD_WANTED",
        field=field,
        value=None,
        zh="本区县按学期安排蹲点，请写明首个学期。" if by_terms else "本区县按批次确定基地学校，请写明本批首日。",
        en="The law places by terms: name the first term."
        if by_terms
        else "The law places by batches: name its first day.",
        remedy=("请补充后重新提交。", "Fill it in and send it again."),
    )


def plan_contradicts(field: str, value: str, why: Reason) -> Refused:
    """What the district adds contradicts itself, names somebody or something that is not there, or has no use."""
    return refuse(
        "PLAN_CONTRADICTS",
        field=f"additions.{field}",
        value=value,
        zh=f"方案的附加要求“{shown(value)}”不成立：{why.zh}。",
        en=f"What is added to the plan, {shown(value)}, does not hold: {why.en}.",
        remedy=(f"{why.remedy_zh}。", f"{why.remedy_en}."),
    )


def plan_overlaps(other: str, starts_on: date, ends_on: date) -> Refused:
    """Another adopted plan has these days."""
    return refuse(
        "PLAN_OVERLAPS",
        field="plan",
        value=other,
        zh=f"{starts_on.isoformat()}至{ends_on.isoformat()}已有采用的方案。",
        en=f"Another plan was adopted for days between {starts_on.isoformat()} and {ends_on.isoformat()}.",
        remedy=("请从已采用的方案重新排定。", "Plan anew from the adopted plan instead."),
    )


def plan_outdated(breach: BreachSaid) -> Refused:
    """Facts have changed since the plan was made: it does not keep to them any more."""
    return refuse(
        "PLAN_OUTDATED",
        field="plan",
        value=" ".join(breach.about) or None,
        clauses=breach.clauses,
        zh=f"方案排定之后情况有变，方案已不成立：{shown(breach.said.zh)}。",
        en=f"Since the plan was made things have changed, and it no longer holds: {shown(breach.said.en)}.",
        remedy=("请重新排定后再采用。", "Start the planner again, then adopt."),
    )


def plan_over(term: str) -> Refused:
    """A period that the plan still arranges has ended: what was stays as it was."""
    return refuse(
        "PLAN_OVER",
        field="plan",
        value=term,
        zh=f"方案所安排的{shown(term)}已经结束，不能再采用。",
        en=f"The plan arranges {shown(term)}, which is over; it cannot be adopted any more.",
        remedy=("请从尚未结束的学期起重新调整。", "Plan anew from a period that is not over."),
    )


def term_not_open(term: str | None) -> Refused:
    """The plan has no such term, or none that has not begun yet."""
    return refuse(
        "TERM_NOT_OPEN",
        field="from_term",
        value=term,
        zh="方案中没有这个学期，或该学期已经结束，或其后没有可调整的学期。",
        en="The plan has no such term, or it is over, or no term of the plan lies ahead.",
        remedy=("请指定方案中尚可调整的学期。", "Name a term of the plan that can still be changed."),
    )
