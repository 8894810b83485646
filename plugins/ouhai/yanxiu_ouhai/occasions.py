"""What the credits service brings up besides records: attendance of a session, a teacher who moves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Law, Moved

CLAUSE = "OUHAI-2-2"


def attended_facts(given: Mapping[str, Any], planned: Decimal, attended: Decimal, _law: Law) -> Mapping[str, Any]:
    """Return the hours of a session as attended; its credits are those stated for it.

    The text gives no rate and no rule on partial attendance, so that what is stated stands (G-O01).
    """
    return {"source": given.get("source", "school"), "hours": min(attended, planned)}


def move(moved: Moved, law: Law) -> Mapping[str, Any]:
    """Leave every record from elsewhere to an official: the text does not speak of transfers."""
    law.step(
        "carried",
        Decimal(0),
        unit="学分",
        clauses=(CLAUSE,),
        zh="文件没有规定调入教师在外区取得的{hours}{hours_unit}、{credits}{credits_unit}如何计入360学分，由区教育局逐条核定。",
        en="The text does not say how the {hours} {hours_unit} and {credits} {credits_unit} of another district count "
        "towards the 360; the bureau reviews each record.",
        hours=moved.hours,
        hours_unit=moved.hours_unit,
        credits=moved.credits,
        credits_unit=moved.credits_unit,
    )
    return {"recognised": None, "hours": Decimal(0), "credits": Decimal(0), "reasons": (CLAUSE,)}
