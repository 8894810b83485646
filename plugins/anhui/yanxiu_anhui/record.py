"""One training (ANHUI-4): its hours, counted where it is school-based, or why it may not be entered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, Law, RecordFacts, decision, must_be_one_of, rows_that_hold

CLAUSE = "ANHUI-4"
CONTENT = "ANHUI-6"


class Training(RecordFacts, frozen=True, kw_only=True):
    """One person's part in one training; hours are hours of training (学时).

    `content` is one of the three of ANHUI-6, where it is one. Hours held count as attended unless `attended_hours`
    says otherwise.
    """

    hours: Decimal
    attended_hours: Decimal | None = None
    school_based: bool = True
    content: str | None = None


class TrainingFacts(Facts, frozen=True, kw_only=True):
    """What `record` is asked about."""

    record: Training


@decision(
    "record",
    asks_zh="一次培训计多少学时",
    facts=TrainingFacts,
    clauses=(CLAUSE, CONTENT),
    day=lambda facts: facts.record.date,
)
def record(facts: TrainingFacts, law: Law) -> Mapping[str, Any]:
    """ANHUI-4: the hours of a school-based training; this text knows no credits, so that `total` is always 0."""
    training = facts.record
    if training.content is not None:
        must_be_one_of(rows_that_hold(law.contents), "record.content", training.content)
    attended = training.hours if training.attended_hours is None else training.attended_hours
    _check(training, attended, law)
    if law.refusals:
        return _result("REJECTED")
    if not training.school_based or attended == 0:
        law.step(
            "hours",
            Decimal(0),
            unit="学时",
            clauses=(CLAUSE,),
            zh="没有参加，不计学时。" if training.school_based else "不是校本培训，不计入本规定的学时。",
            en="Not attended: no hours." if training.school_based else "Not school-based: it does not count here.",
        )
        return _result("ZERO")
    law.step(
        "hours",
        attended,
        unit="学时",
        clauses=(CLAUSE,),
        zh="校本培训，计{value}学时。",
        en="School-based training; hours: {value}.",
    )
    return {"status": "COUNTED", "hours": attended, "total": Decimal(0), "reasons": []}


def attended_facts(_given: Mapping[str, Any], planned: Decimal, attended: Decimal, _law: Law) -> Mapping[str, Any]:
    """Return the hours of one session as it was held and attended."""
    return {"hours": planned, "attended_hours": min(attended, planned)}


def kept_of(facts: TrainingFacts, _result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a line keeps of a training: what it was about."""
    return {"content": facts.record.content}


def _check(training: Training, attended: Decimal, law: Law) -> None:
    if training.hours <= 0:
        law.refuse(
            "HOURS_OUT_OF_RANGE",
            field="hours",
            value=training.hours,
            clauses=(CLAUSE,),
            zh="学时须大于0，现为{value}。",
            en="Hours must be above 0; found {value}.",
            remedy=("按实际安排填写学时。", "Give the hours that were held."),
        )
    elif not 0 <= attended <= training.hours:
        law.refuse(
            "HOURS_OUT_OF_RANGE",
            field="attended_hours",
            value=attended,
            clauses=(CLAUSE,),
            zh="参加学时须在0与安排的学时之间，现为{value}。",
            en="Hours attended must lie between 0 and the hours held; found {value}.",
            remedy=("按签到填写参加学时。", "Give the hours from the attendance list."),
        )


def _result(status: str) -> dict[str, Any]:
    return {"status": status, "hours": Decimal(0), "total": Decimal(0), "reasons": [CLAUSE]}
