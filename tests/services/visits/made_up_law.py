"""A made-up law of visits: preparation before a visit, three phases, seven tasks, papers, and one minimum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit.decision import decision
from yanxiu_rulekit.facts import Facts
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Finding
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import DatedValue, Parameter, Parameters
from yanxiu_rulekit.requirement import Requirement, breached, hold
from yanxiu_rulekit.setting import Allowed
from yanxiu_rulekit.source import Clause, Source
from yanxiu_rulekit.visitfacts import Preparation, TermWork
from yanxiu_rulekit.visits import Asked, Limit, Named, Paper, TermPlacing, VisitQuestion, VisitRules

LAW_SINCE = date(2020, 1, 1)
PARTS = {"goal": "目标", "focus": "重点", "tasks": "任务"}
MINIMA = (
    Requirement(
        clause="MADE-3", measure="lessons", operator="at_least", parameter="lessons", label_zh="听评课",
        label_en="lessons", unit="节",
    ),
)  # fmt: skip


class BeforeVisit(Facts, frozen=True, kw_only=True):
    """What was set down in time, in this law's own spelling."""

    present: tuple[str, ...]


class Lessons(Facts, frozen=True, kw_only=True):
    """Lessons of a term, observed and commented on."""

    seen: int


@decision("before", facts=BeforeVisit, clauses=("MADE-1",))
def before(facts: BeforeVisit, _law: Law) -> Mapping[str, Any]:
    missing = [part for part in PARTS.values() if part not in facts.present]
    return {"missing": missing, "failed": ["MADE-1"] if missing else [], "warnings": []}


@decision("term", facts=Lessons, clauses=("MADE-3",))
def term(facts: Lessons, law: Law) -> Mapping[str, Any]:
    findings = hold(MINIMA, {"lessons": Decimal(facts.seen)}, law)
    return {"lessons": facts.seen, "failed": list(breached(findings)), "warnings": []}


def _asks_before(facts: Preparation, _law: Law) -> Iterable[Asked]:
    """What was written after the start does not count as set before it."""
    in_time = facts.prepared_at is not None and facts.prepared_at < facts.starts_at
    present = [zh for part, zh in PARTS.items() if in_time and getattr(facts, part)]
    yield Asked(kind="before", given={"present": present})


def _asks_term(work: TermWork, _law: Law) -> Iterable[Asked]:
    yield Asked(kind="term", given={"seen": sum(1 for one in work.lessons if one.commented)})


def _minima(work: TermWork, law: Law) -> tuple[Finding, ...]:
    return hold(MINIMA, {"lessons": Decimal(sum(1 for one in work.lessons if one.commented))}, law)


def _placing(_law: Law) -> TermPlacing:
    """One school a term, another the next, every school in four terms."""
    one = Limit(value=1, clauses=("MADE-2",), zh="一所", en="one")
    no, four = (Limit(value=value, clauses=("MADE-2",), zh="", en="") for value in (False, 4))
    stages = Limit(value=("primary", "junior"), clauses=("MADE-2",), zh="", en="")
    yes = Limit(value=True, clauses=("MADE-2",), zh="每学期更换", en="changes")
    return TermPlacing(schools_a_term=one, changes=yes, no_return=no, window_terms=four, covers=yes, stages=stages)


def _months(term: Any, teaching_days: tuple[date, ...], _law: Law) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{day:%Y-%m}" for day in teaching_days if term.start <= day <= term.end))


PHASES = tuple(Named(name=name, clauses=("MADE-2",)) for name in ("期初", "期中", "期末"))
TASKS = tuple(Named(name=name, clauses=("MADE-4",)) for name in ("课程指导", "常规检查", "问题分析"))
PAPERS = (
    Paper(name="总体工作计划", label_en="overall plan", per="cycle", of="researcher", clauses=("MADE-4",)),
    Paper(name="学期工作安排", label_en="term schedule", per="term", of="researcher", clauses=("MADE-4",)),
)
VISITS = VisitRules(
    placing=_placing,
    plan=VisitQuestion(kinds=("term",), asks=lambda _plan, _law: ()),
    term=VisitQuestion(kinds=("term",), asks=_asks_term),
    minima=_minima,
    papers=lambda _law: PAPERS,
    phases=lambda _law: PHASES,
    tasks=lambda _law: TASKS,
    months=_months,
    before_visit=VisitQuestion(kinds=("before",), asks=_asks_before),
)


def made_up_pack(jurisdiction: str, *, visits: VisitRules | None = VISITS) -> RulePack:
    """Return the law of a jurisdiction; without `visits` it says nothing of researchers."""
    clauses = {f"MADE-{n}": Clause(id=f"MADE-{n}", heading=f"第{n}条", quotation=f"条文{n}") for n in range(1, 5)}
    source = Source(
        jurisdiction=jurisdiction, title="试行办法", issuer="某教育局", signed_on=LAW_SINCE, published_on=LAW_SINCE,
        applies_from=LAW_SINCE, clauses=clauses, not_modelled={},
    )  # fmt: skip
    values = (DatedValue(since=LAW_SINCE, value=Decimal(3), cite="MADE-3"),)
    lessons = Parameter(
        name="lessons", label="听评课", label_en="lessons", unit="节", values=values,
        allowed=Allowed(min=Decimal(1), max=Decimal(40)),
    )  # fmt: skip
    return RulePack(
        name=f"made-up-{jurisdiction}", version="1.0", source=source,
        parameters=Parameters({"lessons": lessons}, file="made-up"), decisions=[before, term], visits=visits,
    )  # fmt: skip
