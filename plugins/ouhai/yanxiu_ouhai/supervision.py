"""Supervision (OUHAI-6-9b): one regular supervision of every school in each school year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, decision

from yanxiu_ouhai.organisation import held


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
    "supervision", asks_zh="每所学校一学年一次定期督导是否完成", facts=SupervisionQuestion, clauses=("OUHAI-6-9b",)
)
def supervision(question: SupervisionQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-9b: at least the regular supervisions set; random ones come beside them, with no number (G-O08)."""
    this_year = [one for one in question.events if one.school_year == question.school_year]
    regular = {
        school: sum(one.school == school and one.kind == "regular" for one in this_year) for school in question.schools
    }
    missing = [school for school, count in regular.items() if count < law.regular_supervisions]
    failed = held(
        (
            (
                "OUHAI-6-9b",
                not missing,
                f"{question.school_year}学年未作定期督导{len(missing)}所",
                f"{len(missing)} schools without a regular supervision",
            ),
        ),
        law,
    )
    return {"regular_count": regular, "missing": missing, "failed": failed}
