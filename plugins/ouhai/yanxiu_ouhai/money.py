"""Money (OUHAI-7-5): the district's yearly fund, and what a school must spend on training."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, choose, decision, plain, rows_that_hold

from yanxiu_ouhai.organisation import held
from yanxiu_ouhai.spellings import must_be_one_of

NOTHING = Decimal(0)
FED, REWARD, BUDGETED, BLOCK = "OUHAI-7-4a", "OUHAI-7-4b", "OUHAI-7-5b", "OUHAI-7-5d"


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
    strange = [purpose for purpose in question.spend if purpose not in rows_that_hold(law.fund_purposes)]
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


class RewardFund(Facts, frozen=True, kw_only=True):
    """Do the rewards paid keep within the reward fund? Yuan."""

    balance: Decimal
    payments: tuple[Decimal, ...] = ()


class SchoolBudget(Facts, frozen=True, kw_only=True):
    """Does a school's budget of the year hold its school-based research? Yuan; what is not stated is in order."""

    budgeted: bool = True
    projects: tuple[Decimal, ...] = ()
    block: Decimal | None = None
    training_budget: Decimal | None = None


class Fed(Facts, frozen=True, kw_only=True):
    """Into which evaluations were the year's results given?"""

    year: int
    into: tuple[str, ...]


@decision("reward_fund", asks_zh="专项奖励是否在基金之内", facts=RewardFund, clauses=(REWARD,))
def reward_fund(question: RewardFund, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-4b: what is paid is in the fund; its sum is not given."""
    _not_below_zero("balance", question.balance)
    for index, amount in enumerate(question.payments):
        _not_below_zero(f"payments[{index}]", amount)
    paid = sum(question.payments, NOTHING)
    over = max(NOTHING, paid - question.balance)
    said = (REWARD, not over, f"超出基金{plain(over)}元", f"{plain(over)} yuan more than the fund holds")
    return {"paid": paid, "over": over, "failed": held((said,), law)}


@decision("school_budget", asks_zh="校本研修是否纳入年度预算、切块列支", facts=SchoolBudget, clauses=(BUDGETED, BLOCK))
def school_budget(question: SchoolBudget, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-5b: in the yearly budget; 7-5d: the projects within their block, the block within the training money."""
    for field, amount in (("block", question.block), ("training_budget", question.training_budget)):
        _not_below_zero(field, amount or NOTHING)
    for index, amount in enumerate(question.projects):
        _not_below_zero(f"projects[{index}]", amount)
    projects, block, money = sum(question.projects, NOTHING), question.block, question.training_budget
    failed = held(
        (
            (BUDGETED, question.budgeted, "没有纳入年度预算计划", "not in the yearly budget"),
            (BLOCK, block is None or projects <= block, "各项目之和超过切块", "the projects exceed the block"),
            (
                BLOCK,
                money is None or (block or NOTHING) <= money,
                "切块超过培训经费",
                "the block exceeds the training money",
            ),
        ),
        law,
    )
    return {"projects": projects, "failed": failed}


@decision("results_fed", asks_zh="研修成效是否纳入三项考核", facts=Fed, clauses=(FED,))
def results_fed(question: Fed, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-4a: into the school's, the principal's and the teachers' evaluation; the weights are not given."""
    for index, one in enumerate(question.into):
        must_be_one_of(rows_that_hold(law.evaluations_fed), f"into[{index}]", one)
    missing = [one for one in rows_that_hold(law.evaluations_fed) if one not in question.into]
    said = (FED, not missing, f"{question.year}年未纳入{'、'.join(missing)}", f"not given into {', '.join(missing)}")
    return {"missing": missing, "failed": held((said,), law)}


def _not_below_zero(field: str, amount: Decimal) -> None:
    if amount < NOTHING:
        raise FactsRefused(field=field, value=amount, problem="below zero; give the amount in yuan")
