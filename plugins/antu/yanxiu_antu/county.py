"""What the county does: whom the guidance addresses and for how long, its leading group, its credits, its results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    rows_that_hold,
)

BASIS, GROUP, STANDARD, USES = "ANTU-0-1", "ANTU-6-1", "ANTU-6-2b", "ANTU-7-2b"


class ScopeQuestion(Facts, frozen=True, kw_only=True):
    """Is a school addressed on that day? `stage` is the school's, such as 初中."""

    stage: str
    on: dt.date


class CountyProblem(Facts, frozen=True, kw_only=True):
    """A major problem of school-based research: when it was reported, and when it was dealt with (None: not yet)."""

    problem: str
    reported_on: dt.date
    reviewed_on: dt.date | None = None


class CountyQuestion(Facts, frozen=True, kw_only=True):
    """Is there a county leading group of departments, and does it see to major problems?"""

    departments: tuple[str, ...] = ()
    problems: tuple[CountyProblem, ...] = ()


class Awarded(Facts, frozen=True, kw_only=True):
    """Credits given for an item."""

    item: str
    credits: Decimal


class StandardQuestion(Facts, frozen=True, kw_only=True):
    """Are credits given by the teacher college's standard alone? `standard`: credits by item, as set."""

    awarded: tuple[Awarded, ...]
    standard: Mapping[str, Decimal] = {}
    set_by: str | None = None


class UsesQuestion(Facts, frozen=True, kw_only=True):
    """Where does the result of the assessment go?"""

    uses: tuple[str, ...] = ()


@decision("scope", asks_zh="学校当日是否适用本意见", facts=ScopeQuestion, clauses=(BASIS,))
def scope(question: ScopeQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-0-1: primary and secondary schools; after the action plan it goes on where the bureau renewed it (G-A08)."""
    must_be_one_of(tuple(law.addressed_stages), "stage", question.stage)
    addressed = bool(law.addressed_stages[question.stage])
    ended = question.on > dt.date.fromisoformat(law.action_plan_last_day)
    archived = ended and not law.renewed
    told = (
        (
            BASIS,
            not archived,
            "行动计划期满，县教育局没有写明继续适用",
            "the action plan has ended and was not renewed",
        ),
    )
    return {
        "in_scope": addressed and not archived,
        "archived": archived,
        "failed": [],
        "warnings": clauses_to_watch(told, law),
    }


@decision("county_group", asks_zh="县级领导小组是否成立、重大问题是否处理", facts=CountyQuestion, clauses=(GROUP,))
def county_group(question: CountyQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-1: a group of several departments; a problem that was reported is dealt with, on that day or later."""
    for index, one in enumerate(question.problems):
        if one.reviewed_on is not None and one.reviewed_on < one.reported_on:
            problem = "before it was reported"
            raise FactsRefused(field=f"problems[{index}].reviewed_on", value=one.reviewed_on, problem=problem)
    unreviewed = [one.problem for one in question.problems if one.reviewed_on is None]
    enough = len(set(question.departments)) >= law.group_departments
    told = (
        (GROUP, enough, "没有由各相关部门组成的县级领导小组", "no county leading group of departments"),
        (GROUP, not unreviewed, f"尚未处理：{'、'.join(unreviewed)}", f"not dealt with: {', '.join(unreviewed)}"),
    )
    return {"unreviewed": unreviewed, "failed": clauses_broken(told, law)}


@decision("credit_standard", asks_zh="学分是否只按教师进修学校的标准认定", facts=StandardQuestion, clauses=(STANDARD,))
def credit_standard(question: StandardQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-2b: the college sets the standard and manages the credits; the text itself has no number (G-A02)."""
    own = question.set_by in (None, law.credit_authority)
    outside = [
        one.item for one in question.awarded if not own or question.standard.get(one.item) != one.credits
    ]  # fmt: skip
    named = list(dict.fromkeys(outside))
    told = (
        (STANDARD, own, f"标准由{question.set_by}制定，应由{law.credit_authority}制定", f"set by {question.set_by}"),
        (STANDARD, not named, f"不合标准：{'、'.join(named)}", f"not by the standard: {', '.join(named)}"),
    )
    return {"outside": named, "failed": clauses_broken(told, law)}


@decision("result_uses", asks_zh="考评结果用于哪几项", facts=UsesQuestion, clauses=(USES,))
def result_uses(question: UsesQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-2b: the credit system and five uses; the text gives no figures, so that one left out is pointed out."""
    for index, use in enumerate(question.uses):
        must_be_one_of(rows_that_hold(law.result_uses), f"uses[{index}]", use)
    missing = [use for use in rows_that_hold(law.result_uses) if use not in question.uses]
    told = ((USES, not missing, f"尚未用于：{'、'.join(missing)}", f"not used for {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}
