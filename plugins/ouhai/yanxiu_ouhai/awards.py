"""Yearly awards (OUHAI-6-10): a fixed number in each of five categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision

from yanxiu_ouhai.plan import CLAUSE as PLAN
from yanxiu_ouhai.plan import outside_plan

SUB_ID = {"精品课程": "A", "优质学校": "B", "先进教研组": "C", "优秀教研组长": "D", "精品案例": "E"}
CLAUSE = "OUHAI-6-10"


class AwardsQuestion(Facts, frozen=True, kw_only=True):
    """Do the awards of a year keep to their numbers? Awards by category."""

    year: int
    awards: Mapping[str, int]


class AwardPlanQuestion(Facts, frozen=True, kw_only=True):
    """How many awards do these years give?"""

    years: tuple[int, ...]


@decision("award_quota", asks_zh="当年各项评比是否合乎名额", facts=AwardsQuestion, clauses=(CLAUSE, PLAN))
def award_quota(question: AwardsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-10: the numbers are fixed: more breaks them, fewer has to be explained (G-O06). A year outside warns."""
    quota = {category: int(law.award_quota[category]) for category in law.award_quota}
    for category, number in question.awards.items():
        if category not in quota or number < 0:
            problem = f"count the awards of one of {', '.join(quota)}"
            raise FactsRefused(field=f"awards.{category}", value=number, problem=problem)
    given = {category: question.awards.get(category, 0) for category in quota}
    over = {category: given[category] - most for category, most in quota.items() if given[category] > most}
    short = {category: least - given[category] for category, least in quota.items() if given[category] < least}
    total = sum(given.values())
    law.step(
        "total",
        total,
        clauses=(CLAUSE,),
        zh=f"{question.year}年共评出{{value}}项" + _differences(over, "超出") + _differences(short, "不足") + "。",
        en=f"{{value}} awards in {question.year}; over in {len(over)} categories, short in {len(short)}.",
    )
    breaks = {"over": law.award_over == "violation", "short": law.award_under == "violation"}
    failed = [*(over if breaks["over"] else ()), *(short if breaks["short"] else ())]
    warned = [*(() if breaks["over"] else over), *(() if breaks["short"] else short)]
    return {
        "total": total,
        "over": over,
        "shortfall": short,
        "failed": [f"{CLAUSE}{SUB_ID[category]}" for category in failed],
        "warnings": [*(f"{CLAUSE}{SUB_ID[category]}" for category in warned), *outside_plan([question.year], law)],
    }


def _differences(by_category: Mapping[str, int], word: str) -> str:
    return "".join(f"，{category}{word}{number}项" for category, number in by_category.items())


@decision("award_quota_plan", asks_zh="若干年共有多少评比名额", facts=AwardPlanQuestion, clauses=(CLAUSE,))
def award_quota_plan(question: AwardPlanQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-10: every year's number, over the years asked about."""
    years = len(set(question.years))
    per_category = {category: int(law.award_quota[category]) * years for category in law.award_quota}
    total = law.step(
        "total",
        sum(per_category.values()),
        clauses=(CLAUSE,),
        zh=f"{years}年共{{value}}项。",
        en=f"{{value}} awards in {years} years.",
    )
    return {"per_category": per_category, "total": total}
