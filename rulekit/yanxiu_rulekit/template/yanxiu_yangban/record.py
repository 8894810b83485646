"""One training (YANGBAN-2): its hours, its credits, or why it may not be entered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import Facts, Law, RecordFacts, decision

CLAUSE = "YANGBAN-2"


class Training(RecordFacts, frozen=True, kw_only=True):
    """One teacher's part in one training; hours are hours of training (学时)."""

    hours: Decimal
    form: Literal["线下", "线上"] = "线下"


class TrainingFacts(Facts, frozen=True, kw_only=True):
    """What `record` is asked about."""

    record: Training


@decision(
    "record",
    asks_zh="一次研修计多少学分",
    facts=TrainingFacts,
    clauses=(CLAUSE,),
    day=lambda facts: facts.record.date,
)
def record(facts: TrainingFacts, law: Law) -> Mapping[str, Any]:
    """YANGBAN-2: so many hours make a credit; a part of them makes a part of a credit."""
    hours = facts.record.hours
    if hours <= 0:
        law.refuse(
            "HOURS_OUT_OF_RANGE",
            field="hours",
            value=hours,
            clauses=(CLAUSE,),
            zh="学时须大于0，现为{value}。",
            en="Hours must be above 0; found {value}.",
            remedy=("按实际参加的时间填写学时。", "Give the hours that were attended."),
        )
        return {"status": "REJECTED", "hours": Decimal(0), "total": Decimal(0), "reasons": [CLAUSE]}
    rate = law.hours_per_credit
    total = law.step(
        "credits",
        hours / rate,
        unit="学分",
        clauses=(CLAUSE,),
        zh="{hours}学时，每{rate}学时1学分，计{value}学分。",
        en="{hours} hours at {rate} for a credit; credit: {value}.",
        hours=hours,
        rate=rate,
    )
    return {"status": "COUNTED", "hours": hours, "total": total, "reasons": []}


def kept_of(facts: TrainingFacts, _result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a credit line keeps of a training: its form."""
    return {"form": facts.record.form}
