"""Money (OUHAI-7-5): the district's yearly fund, and what a school must spend on training."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, choose, decision, plain

NOTHING = Decimal(0)


class SchoolFunding(Facts, frozen=True, kw_only=True):
    """Did the school spend enough on training? Yuan of one year."""

    training_special_fund: Decimal
    public_funds: Decimal
    training_spend: Decimal


class DistrictFund(Facts, frozen=True, kw_only=True):
    """Did the district provide its fund and keep within it? Yuan of one year, spending by purpose."""

    year: int
    allocation: Decimal
    spend: Mapping[str, Decimal] = {}


@decision("school_funding", asks_zh="学校教师培训经费是否足额使用", facts=SchoolFunding, clauses=("OUHAI-7-5c",))
def school_funding(question: SchoolFunding, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-5c: all of the special fund and a tenth of the public funds (G-O09)."""
    special, public = question.training_special_fund, question.public_funds
    for field, amount in (("training_special_fund", special), ("public_funds", public)):
        _not_below_zero(field, amount)
    _not_below_zero("training_spend", question.training_spend)
    share = law.public_funds_share
    required = choose((law.funding_reading == "S+0.1P", special + share * public), otherwise=share * (special + public))
    short = max(NOTHING, required - question.training_spend)
    law.step(
        "required",
        required,
        unit="元",
        clauses=("OUHAI-7-5c",),
        zh="应用于教师培训{value}元，实际{spend}元，" + ("已足额。" if not short else "尚差{short}元。"),
        en="{value} yuan are due for training, {spend} were spent; " + ("enough." if not short else "{short} short."),
        spend=question.training_spend,
        short=short,
    )
    return {"required": required, "ok": not short, "shortfall": short, "failed": ["OUHAI-7-5c"] if short else []}


@decision(
    "district_fund", asks_zh="区教师专业发展专项资金是否足额、是否超支", facts=DistrictFund, clauses=("OUHAI-7-5a",)
)
def district_fund(question: DistrictFund, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-5a: the yearly sum is provided, spent on the purposes named, and not exceeded; nothing carries over."""
    for purpose, amount in question.spend.items():
        _not_below_zero(f"spend.{purpose}", amount)
    total = sum(question.spend.values(), NOTHING)
    over = max(NOTHING, total - question.allocation)
    strange = [purpose for purpose in question.spend if purpose not in law.fund_purposes]
    enough = question.allocation == law.district_fund
    ok = enough and not over and not strange
    law.step(
        "spend_total",
        total,
        unit="元",
        clauses=("OUHAI-7-5a",),
        zh=f"{question.year}年安排{plain(question.allocation)}元"
        + ("" if enough else "，与规定数额不符")
        + "，支出{value}元"
        + (f"，超支{plain(over)}元" if over else "")
        + (f"，用途不在所列之内：{'、'.join(strange)}。" if strange else "。"),
        en=f"{plain(question.allocation)} yuan provided in {question.year}"
        + ("" if enough else " (not the sum set)")
        + ", {value} spent"
        + (f", {plain(over)} too much" if over else "")
        + (f"; other purposes: {', '.join(strange)}." if strange else "."),
    )
    return {"spend_total": total, "over": over, "failed": [] if ok else ["OUHAI-7-5a"]}


def _not_below_zero(field: str, amount: Decimal) -> None:
    if amount < NOTHING:
        raise FactsRefused(field=field, value=amount, problem="below zero; give the amount in yuan")
