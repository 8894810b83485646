"""Supervision (OUHAI-6-9b): one regular supervision of every school in each school year, and random ones beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, decision

from yanxiu_ouhai.organisation import held
from yanxiu_ouhai.plan import CLAUSE as PLAN
from yanxiu_ouhai.plan import outside_plan
from yanxiu_ouhai.spellings import must_be_one_of

CLAUSE = "OUHAI-6-9b"
KINDS = ("regular", "random")
_YEAR = re.compile(r"[0-9]{4}")


class SupervisionEvent(Facts, frozen=True, kw_only=True):
    """One supervision of a school: regular or random."""

    school: str
    kind: str
    school_year: str


class SupervisionQuestion(Facts, frozen=True, kw_only=True):
    """Was every school supervised in the school year?"""

    school_year: str
    schools: tuple[str, ...]
    events: tuple[SupervisionEvent, ...] = ()


@decision(
    "supervision", asks_zh="每所学校一学年一次定期督导是否完成", facts=SupervisionQuestion, clauses=(CLAUSE, PLAN)
)
def supervision(question: SupervisionQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-9b: at least the regular supervisions set; random ones where the district sets a number (G-O08)."""
    for index, event in enumerate(question.events):
        must_be_one_of(KINDS, f"events[{index}].kind", event.kind)
    regular, random = (_count(question, kind) for kind in KINDS)
    missing = [school for school, count in regular.items() if count < law.regular_supervisions]
    unvisited = [school for school, count in random.items() if count < law.random_min]
    year = question.school_year
    failed = held(
        (
            (
                CLAUSE,
                not missing,
                f"{year}学年未作定期督导{len(missing)}所",
                f"{len(missing)} schools without a regular supervision",
            ),
            (
                CLAUSE,
                not unvisited,
                f"{year}学年随机督导不足{len(unvisited)}所",
                f"{len(unvisited)} schools with too few random supervisions",
            ),
        ),
        law,
    )
    return {
        "regular_count": regular,
        "missing": missing,
        "random_missing": unvisited,
        "failed": failed,
        "warnings": outside_plan(_year_in_plan(year, law), law),
    }


def _year_in_plan(school_year: str, law: Law) -> list[int]:
    """Return the calendar year by which a school year is held against the plan; none where its name tells none.

    It is the first of its two, or the second where the first lies before the plan.
    """
    first = school_year.partition("-")[0]
    if not _YEAR.fullmatch(first):
        return []
    return [int(first) + (int(first) < law.plan_first_year)]


def _count(question: SupervisionQuestion, kind: str) -> dict[str, int]:
    """Return how often each school was supervised in this way within the school year."""
    of_kind = [one.school for one in question.events if (one.kind, one.school_year) == (kind, question.school_year)]
    return {school: of_kind.count(school) for school in question.schools}
