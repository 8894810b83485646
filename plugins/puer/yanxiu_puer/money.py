"""Money: what is budgeted and spent, course fees, and who bears the costs of a failed training."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain

from yanxiu_puer.credits import worth_of
from yanxiu_puer.facts import Record, last_day, sound
from yanxiu_puer.wording import NOTHING


class FundingQuestion(Facts, frozen=True, kw_only=True):
    """Is enough money set aside? Amounts are in yuan; a school states public funds, a county wages and surcharge."""

    scope: Literal["county", "municipal", "city", "school"]
    teacher_wages: Decimal | None = None
    education_surcharge: Decimal | None = None
    allocated: Decimal | None = None
    public_funds: Decimal | None = None
    training_budget: Decimal | None = None
    training_spend: Decimal | None = None
    spent_on_other: Decimal = NOTHING


class FeeQuestion(Facts, frozen=True, kw_only=True):
    """Who pays for a paid course? The fee is in yuan."""

    course_fee: Decimal
    payer: str


class FailedCostsQuestion(Facts, frozen=True, kw_only=True):
    """Who bears the costs of this training? They are in yuan."""

    record: Record
    related_costs: Decimal = NOTHING


def _amount(question: FundingQuestion, name: str) -> Decimal:
    value = getattr(question, name)
    if value is None or value < NOTHING:
        raise FactsRefused(field=name, value=value, problem="give an amount in yuan, 0 or more")
    return value


@decision(
    "funding",
    asks_zh="培训经费是否足额安排",
    facts=FundingQuestion,
    clauses=("PUER-25-1", "PUER-25-2", "PUER-25-3", "PUER-F3-7-4"),
)
def funding(question: FundingQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-25-1 of an authority; PUER-25-2 (budget) and PUER-F3-7-4 (spending) of a school; earmarked (PUER-25-3)."""
    result = _of_school(question, law) if question.scope == "school" else _of_authority(question, law)
    if question.spent_on_other > NOTHING:
        law.step(
            "earmarked",
            question.spent_on_other,
            unit="元",
            zh="{value}元用于培训以外的支出，培训经费须专项使用。",
            en="{value} yuan went to other purposes; training funds are earmarked.",
            clauses=("PUER-25-3",),
        )
        result["failed"].append("PUER-25-3")
        result["ok"] = False
    return result


def _of_authority(question: FundingQuestion, law: Law) -> dict[str, Any]:
    wages, surcharge = _amount(question, "teacher_wages"), _amount(question, "education_surcharge")
    allocated = _amount(question, "allocated")
    required = law.step(
        "required",
        wages * law.wage_share + surcharge * law.surcharge_share,
        unit="元",
        zh=f"应安排：教师工资总额{plain(wages)}元的{law.wage_share:.0%}，加教育费附加{plain(surcharge)}元的"
        f"{law.surcharge_share:.0%}，合计{{value}}元。",
        en=f"Required: {law.wage_share:.0%} of wages of {plain(wages)} yuan and {law.surcharge_share:.0%} "
        f"of the surcharge of {plain(surcharge)} yuan, together {{value}} yuan.",
        clauses=("PUER-25-1",),
    )
    ok = allocated >= required
    law.step(
        "allocated",
        allocated,
        unit="元",
        zh=f"已安排{{value}}元，{'足额' if ok else f'少{plain(required - allocated)}元'}。",
        en=f"Allocated {{value}} yuan: {'enough' if ok else f'{plain(required - allocated)} short'}.",
        clauses=("PUER-25-1",),
    )
    result: dict[str, Any] = {"required": required, "ok": ok, "failed": [] if ok else ["PUER-25-1"]}
    return result if ok else {**result, "shortfall": required - allocated}


def _of_school(question: FundingQuestion, law: Law) -> dict[str, Any]:
    funds = _amount(question, "public_funds")
    budget = None if question.training_budget is None else _amount(question, "training_budget")
    spend = None if question.training_spend is None else _amount(question, "training_spend")
    if budget is None and spend is None:
        raise FactsRefused(field="training_budget", value=None, problem="give the budget, the spending, or both")
    result: dict[str, Any] = {"failed": []}
    for name, amount, share, clause, zh in (
        ("budget", budget, "public_funds_budget_share", "PUER-25-2", "预算安排"),
        ("spend", spend, "public_funds_spend_share", "PUER-F3-7-4", "实际支出"),
    ):
        if amount is None:
            continue
        required = funds * getattr(law, share)
        result.setdefault("required", required)
        result[f"{name}_ok"] = ok = amount >= required
        law.step(
            name,
            amount,
            unit="元",
            zh=f"公用经费{plain(funds)}元，应不少于{plain(required)}元；{zh}{{value}}元，"
            + ("达到。" if ok else "未达到。"),
            en=f"At least {plain(required)} of {plain(funds)} yuan of public funds; {name} {{value}}: "
            + ("enough." if ok else "short."),
            clauses=(clause,),
        )
        if not ok:
            result["failed"].append(clause)
    return {**result, "ok": not result["failed"]}


@decision("fee", asks_zh="课程收费由谁支付", facts=FeeQuestion, clauses=("PUER-18-2",))
def fee(question: FeeQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-18-2: a paid course is paid from the school's training funds, never by the teacher."""
    charged = question.course_fee > NOTHING
    ok = not charged or question.payer == "school"
    law.step(
        "payer",
        question.payer,
        zh=f"课程收费{plain(question.course_fee)}元，"
        + ("由学校教师培训经费列支，合规。" if ok else "应由学校教师培训经费列支，不得向教师个人收取。"),
        en=f"Course fee {plain(question.course_fee)} yuan: "
        + ("in order." if ok else "the school's training funds must pay it, not the teacher."),
        clauses=("PUER-18-2",),
    )
    result = {"ok": ok, "failed": [] if ok else ["PUER-18-2"]}
    return {**result, "must_be_paid_by": "school"} if charged else result


@decision(
    "failed_costs",
    asks_zh="考核不合格的费用由谁承担",
    facts=FailedCostsQuestion,
    clauses=("PUER-11-5", "PUER-25-3", "PUER-F2-4-3e"),
    day=lambda question: last_day(question.record),
)
def failed_costs(question: FailedCostsQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-11-5: who fails bears the related costs; otherwise they stay with those who set the project (PUER-25-3)."""
    result = worth_of(sound(question.record, "record"), law)
    failed = "PUER-11-5" in result["reasons"]
    payer = "teacher" if failed else "school"
    law.step(
        "costs",
        question.related_costs,
        unit="元",
        zh="相关费用{value}元" + ("由本人承担。" if failed else "不由本人承担。"),
        en="Related costs of {value} yuan " + ("fall on the teacher." if failed else "do not fall on the teacher."),
        clauses=("PUER-11-5",) if failed else ("PUER-25-3",),
    )
    return {
        "credit": result["total"],
        "hours": result["hours"],
        "cost_payer": payer,
        "amount": question.related_costs,
    }
