"""How head teachers are evaluated (PUTUO-5-2): process, outcome and feedback; no credit depends on it (G-T08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, clauses_to_watch, decision, rows_that_hold, share

from yanxiu_putuo.school_year import school_year_named

PROCESS, OUTCOME, FEEDBACK = "PUTUO-5-2a", "PUTUO-5-2b", "PUTUO-5-2c"


class ProcessQuestion(Facts, frozen=True, kw_only=True):
    """What does the process come to? Participation, homework and discussion, each from 0 to 1."""

    participation: Decimal
    homework: Decimal
    discussion: Decimal


class Deliverable(Facts, frozen=True, kw_only=True):
    """What a head teacher handed in: 研修总结报告, 案例分析, 教学实践成果 or another form, and when."""

    form: str
    on: dt.date


class OutcomeQuestion(Facts, frozen=True, kw_only=True):
    """Did a head teacher hand something in that school year, such as 2024-2025?"""

    school_year: str
    deliverables: tuple[Deliverable, ...] = ()


class FeedbackQuestion(Facts, frozen=True, kw_only=True):
    """Was the evaluation told to the head teacher? None: not yet."""

    evaluated_on: dt.date
    feedback_on: dt.date | None = None


@decision("process_evaluation", asks_zh="过程性评价得多少", facts=ProcessQuestion, clauses=(PROCESS,))
def process_evaluation(question: ProcessQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-2a: the mean of the indicators by their weights; there is no pass mark."""
    weights, total, weighed = law.process_weights, Decimal(0), Decimal(0)
    for indicator in weights:
        value: Decimal = getattr(question, indicator)
        if not 0 <= value <= 1:
            raise FactsRefused(field=indicator, value=value, problem="an indicator is from 0 to 1")
        total += weights[indicator]
        weighed += value * weights[indicator]
    if not total:
        raise FactsRefused(field="process_weights", value=total, problem="every weight is zero; set one at least")
    score = law.step(
        "score",
        share(weighed, total, int(law.share_places)),
        clauses=(PROCESS,),
        zh="参与度{participation}、作业提交{homework}、讨论互动{discussion}，按权重得{value}；不影响学分。",
        en="Participation {participation}, homework {homework}, discussion {discussion}: {value}; credits aside.",
        participation=question.participation,
        homework=question.homework,
        discussion=question.discussion,
    )
    return {"score": score, "failed": []}


@decision("outcome_evaluation", asks_zh="一学年是否有成果性评价材料", facts=OutcomeQuestion, clauses=(OUTCOME,))
def outcome_evaluation(question: OutcomeQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-2b: something handed in during the school year; how much is a reading, so that none is pointed out."""
    year = school_year_named("school_year", question.school_year, law)
    own = [one.form for one in question.deliverables if year.start <= one.on <= year.end]
    told = ((OUTCOME, len(own) >= law.deliverables, "没有研修总结报告等成果材料", "nothing was handed in"),)
    forms = {form: own.count(form) for form in rows_that_hold(law.deliverable_forms)}
    return {"count": len(own), "forms": forms, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("feedback", asks_zh="评价后是否反馈", facts=FeedbackQuestion, clauses=(FEEDBACK,))
def feedback(question: FeedbackQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-5-2c: told after the evaluation; the text sets no time, so that what is missing is pointed out."""
    told_on = question.feedback_on
    told = (
        (FEEDBACK, told_on is not None, "尚未反馈", "not told yet"),
        (FEEDBACK, told_on is None or told_on >= question.evaluated_on, "反馈早于评价", "told before it was evaluated"),
    )
    warnings = clauses_to_watch(told, law)
    return {"given": not warnings, "failed": [], "warnings": warnings}
