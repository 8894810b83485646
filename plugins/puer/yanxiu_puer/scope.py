"""Whom the rules address, and from which day (articles 2, 26 and 28 of annex 1, parts 1 and 6 of annex 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, clauses_broken, decision, must_be_one_of, rows_that_hold

SCHOOLS, TEACHERS, OTHERS, IN_FORCE = "PUER-2-1", "PUER-2-2", "PUER-26-1", "PUER-28-1"
RECOGNISED, CERTIFIED, ISSUED = "PUER-F2-1-1", "PUER-F2-6-2", "PUER-F2-6-3"


class ScopeQuestion(Facts, frozen=True, kw_only=True):
    """Do the rules apply to this person on this day? What is not stated of the person is in order.

    `school_kind` and `staff` are words of the text, the rows of `school_kinds` and `staff_kinds`. A private school is
    in scope as a public one is.
    """

    school_kind: str
    staff: str = "专任教师"
    in_service: bool = True
    on_post: bool = True
    certificate: bool = True
    private: bool = False
    on: dt.date | None = None


@decision(
    "scope",
    asks_zh="规定是否适用于这名教师",
    facts=ScopeQuestion,
    clauses=(SCHOOLS, TEACHERS, OTHERS, IN_FORCE, RECOGNISED, CERTIFIED, ISSUED),
)
def scope(question: ScopeQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-2-1, 2-2: full-time teachers in post at a school named; F2-1-1, F2-6-2: certified staff of institutes too.

    PUER-26-1: vocational schools have rules of their own, other staff follow where the district says so (G-P42).
    PUER-28-1, F2-6-3: nothing before the day of issue is judged (G-P45).
    """
    must_be_one_of((*law.school_kinds, *law.training_institutes), "school_kind", question.school_kind)
    must_be_one_of(tuple(law.staff_kinds), "staff", question.staff)
    institute = question.school_kind in rows_that_hold(law.training_institutes)
    begun = question.on is None or question.on >= dt.date.fromisoformat(law.rules_apply_from)
    named = institute or law.school_kinds[question.school_kind]
    failed = clauses_broken(
        (
            (IN_FORCE, begun, "早于适用之日", "before the day from which the rules apply"),
            (SCHOOLS, named, "学校不在适用范围之内", "the school is not one of those named"),
            (
                OTHERS,
                institute or law.staff_kinds[question.staff],
                "此类人员未定为参照执行",
                "such staff do not follow",
            ),
            (TEACHERS, question.in_service and question.on_post, "不在职或不在岗", "not in service, or not on post"),
            (CERTIFIED, not institute or question.certificate, "研训机构人员无教师资格证", "no teacher's certificate"),
        ),
        law,
    )
    return {"applies": not failed, "failed": failed}
