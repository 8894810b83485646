"""The years of the plan (OUHAI-0-1): what is dated outside them is answered with a warning."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_rulekit import Law

CLAUSE = "OUHAI-0-1"


def outside_plan(years: Iterable[int], law: Law) -> list[str]:
    """Return the warning OUHAI-0-1, with its step, where a calendar year lies outside the plan; else none."""
    first, last = law.plan_first_year, law.plan_last_year
    outside = sorted({year for year in years if not first <= year <= last})
    if not outside:
        return []
    named = ", ".join(map(str, outside))
    law.step(
        "outside_plan",
        len(outside),
        clauses=(CLAUSE,),
        zh="{named}年不在方案的{first}至{last}年之内，请核对。",
        en="{named} lies outside the plan of {first} to {last}; check the date.",
        named=named,
        first=first,
        last=last,
    )
    return [CLAUSE]
