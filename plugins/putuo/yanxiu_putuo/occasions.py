"""What the credits service brings up besides records: attendance of a session, a head teacher who moves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Law, Moved


def attended_facts(_given: Mapping[str, Any], planned: Decimal, attended: Decimal, _law: Law) -> Mapping[str, Any]:
    """Return the class hours of one session as it was held and attended."""
    return {"class_hours": planned, "attended_hours": min(attended, planned)}


def move(moved: Moved, law: Law) -> Mapping[str, Any]:
    """Leave every record from elsewhere to an official: the text does not speak of transfers (PUTUO-5-3d)."""
    law.step(
        "carried",
        Decimal(0),
        unit="学分",
        clauses=("PUTUO-5-3d",),
        zh="文件没有规定调入教师在外区取得的{hours}{hours_unit}、{credits}{credits_unit}如何承认，由师训部门逐条核定。",
        en="The text does not say how the {hours} {hours_unit} and {credits} {credits_unit} of another district are "
        "recognised; the training department reviews each record.",
        hours=moved.hours,
        hours_unit=moved.hours_unit,
        credits=moved.credits,
        credits_unit=moved.credits_unit,
    )
    return {"recognised": None, "hours": Decimal(0), "credits": Decimal(0), "reasons": ("PUTUO-5-3d",)}
