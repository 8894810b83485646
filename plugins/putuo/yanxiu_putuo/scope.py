"""Whom the opinions speak to (PUTUO-0-1): head teachers of primary, secondary and secondary-vocational schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import Facts, Law, decision, must_be_one_of

CLAUSE = "PUTUO-0-1"


class ScopeQuestion(Facts, frozen=True, kw_only=True):
    """Is this person addressed? `stage` is the school's, such as 初中; `deputy`: a deputy head teacher (副班主任)."""

    stage: str
    head_teacher: bool = True
    deputy: bool = False


@decision("scope", asks_zh="是否为本意见所指的班主任", facts=ScopeQuestion, clauses=(CLAUSE,))
def scope(question: ScopeQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-0-1: a head teacher of a school that the notice was sent to; deputies where the district says so."""
    must_be_one_of(tuple(law.addressed_stages), "stage", question.stage)
    school = bool(law.addressed_stages[question.stage])
    person = question.head_teacher or (question.deputy and bool(law.deputy_head_teachers))
    law.step(
        "in_scope",
        school and person,
        clauses=(CLAUSE,),
        zh="{stage}" + ("属于收文学校" if school else "不是收文学校") + ("，" if school == person else "；")
        + ("担任班主任。" if person else "不担任班主任。"),
        en="A school ({stage}) that is " + ("addressed" if school else "not addressed")
        + (", a head teacher." if person else ", not a head teacher."),
        stage=question.stage,
    )  # fmt: skip
    return {"in_scope": school and person, "school_addressed": school}
