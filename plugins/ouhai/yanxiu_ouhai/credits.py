"""Credits by source (OUHAI-2-2, 7-2a): one record, and 360 in five years with an elastic share of school-based ones."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import Amount, Facts, Finding, Law, RecordFacts, Requirement, breached, choose, decision, hold

NOTHING = Decimal(0)
OPEN = "none"
CLAUSE = "OUHAI-2-2"
ELASTIC = "OUHAI-7-2a"
CROSSED = (
    "校本研修学分比例的下限{least}高于上限{most}，两者矛盾。",
    "The least share of school-based credits, {least}, lies above the greatest, {most}.",
)
SOURCE_ZH = {"school": "校本研修", "other": "其他研修"}
SOURCE_EN = {"school": "school-based research", "other": "other training"}

TOTAL = Requirement(
    clause=CLAUSE,
    measure="total_counted",
    operator="at_least",
    parameter="cycle_credits",
    label_zh="五年学分合计",
    label_en="credits in five years",
    unit="学分",
)
LEAST_SHARE = Requirement(
    clause=CLAUSE,
    measure="school_credits",
    operator="at_least",
    parameter="min_share",
    of="cycle_credits",
    label_zh="校本研修学分占必修学分的比例下限",
    label_en="school-based credits, at least this share of those required",
    unit="学分",
)


class Training(RecordFacts, frozen=True, kw_only=True):
    """One teacher's training as it is registered: where it comes from, its hours (学时), its credits (学分).

    The text gives no rate between hours and credits; both are stated. No hours attended earn nothing.
    """

    source: Literal["school", "other"]
    credits: Decimal
    hours: Decimal | None = None


class RecordQuestion(Facts, frozen=True, kw_only=True):
    """What is this record worth?"""

    record: Training


class ShareQuestion(Facts, frozen=True, kw_only=True):
    """Are the 360 reached? Credits of five years by source; shares given here stand for those announced."""

    school_based: Decimal
    other: Decimal
    min_share: Decimal | None = None
    max_share: Decimal | None = None


@decision(
    "record",
    asks_zh="一条研修记录登记多少学时学分",
    facts=RecordQuestion,
    clauses=(CLAUSE,),
    day=lambda question: question.record.date,
)
def record(question: RecordQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-2-2: hours and credits are entered as stated, by source (G-O01: the text gives no rate)."""
    said = question.record
    hours = NOTHING if said.hours is None else said.hours
    for field, amount in (("hours", hours), ("credits", said.credits)):
        if amount < NOTHING:
            _refuse_below_zero(field, amount, law)
    if law.refusals:
        return {"status": "REJECTED", "hours": None, "total": None, "source": said.source, "reasons": [CLAUSE]}
    counted = said.credits > NOTHING and said.hours != NOTHING
    total = choose((counted, said.credits), otherwise=NOTHING)
    law.step(
        "credits",
        total,
        unit="学分",
        clauses=(CLAUSE,),
        zh="{source}登记{hours}学时、{value}学分；文件没有规定学时与学分的折算，按登记计入。"
        if counted
        else "{source}没有参加学时或没有学分，不计学分。",
        en="{hours} hours and {value} credits of {source_en} are entered as stated; the text gives no rate."
        if counted
        else "No hours or no credits of {source_en}: nothing counts.",
        source=SOURCE_ZH[said.source],
        source_en=SOURCE_EN[said.source],
        hours=hours,
    )
    return {
        "status": "COUNTED" if counted else "ZERO",
        "hours": hours if counted else NOTHING,
        "total": total,
        "source": said.source,
        "reasons": [] if counted else [CLAUSE],
    }


def _refuse_below_zero(field: str, amount: Decimal, law: Law) -> None:
    law.refuse(
        "AMOUNT_BELOW_ZERO",
        field=field,
        value=amount,
        clauses=(CLAUSE,),
        zh="学时、学分不能小于0，现为{value}。",
        en="Hours and credits cannot be below zero; found {value}.",
        remedy=("按实际填写。", "Give what was earned."),
    )


@decision("credits_360", asks_zh="五年360学分及校本研修比例是否达到", facts=ShareQuestion, clauses=(CLAUSE, ELASTIC))
def credits_360(question: ShareQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-2-2, 7-2a: 360 in five years; school-based ones count up to the greatest share and reach the least."""
    for field, amount in (("school_based", question.school_based), ("other", question.other)):
        if amount < NOTHING:
            _refuse_below_zero(field, amount, law)
    _check_shares(question, law)
    if law.refusals:
        return {"school_counted": None, "total_counted": None, "gap": None, "failed": [CLAUSE]}
    counted = school_counted(question.school_based, question.max_share, law)
    total = counted + question.other
    findings = share_findings(question.school_based, total, question.min_share, law)
    return {
        "school_counted": counted,
        "total_counted": total,
        "gap": max(NOTHING, law.cycle_credits - total),
        "failed": list(dict.fromkeys(breached(findings))),
    }


def _check_shares(question: ShareQuestion, law: Law) -> None:
    """Refuse a share outside 0 to 1, and a least share above the greatest, be they stated or announced."""
    for field, share in (("min_share", question.min_share), ("max_share", question.max_share)):
        if share is not None and not NOTHING <= share <= 1:
            law.refuse(
                "SHARE_OUT_OF_RANGE",
                field=field,
                value=share,
                clauses=(CLAUSE, ELASTIC),
                zh="校本研修学分的比例须在0与1之间，现为{value}。",
                en="A share of school-based credits lies between 0 and 1; found {value}.",
                remedy=("按小数填写，如40%写0.4。", "Give a fraction: 40 % is 0.4."),
            )
    crossed = None if law.refusals else shares_crossed(law, question.min_share, question.max_share)
    if crossed is None:
        return
    least, most = crossed
    only_greatest = question.min_share is None and question.max_share is not None
    law.refuse(
        "SHARES_CROSSED",
        field="max_share" if only_greatest else "min_share",
        value=most if only_greatest else least,
        clauses=(CLAUSE, ELASTIC),
        zh=CROSSED[0],
        en=CROSSED[1],
        remedy=("改正其中一个；区公布的取值按区的文件改正。", "Correct one of them; an announced one as announced."),
        least=least,
        most=most,
    )


def shares_crossed(
    law: Law, least: Decimal | None = None, most: Decimal | None = None
) -> tuple[Decimal, Decimal] | None:
    """Return least and greatest share (stated, else announced) where the least lies above the greatest, else None."""
    least, most = _share(least, law.quiet().min_share), _share(most, law.quiet().max_share)
    if least is None or most is None or least <= most:
        return None
    return least, most


def tell_crossed(law: Law) -> None:
    """Say in an explanation that the announced shares contradict each other: a standing has nothing to refuse."""
    crossed = shares_crossed(law)
    if crossed is not None:
        law.step(
            "shares_crossed",
            crossed[0],
            clauses=(CLAUSE, ELASTIC),
            zh=CROSSED[0] + "请区教育局改正。",
            en=CROSSED[1] + " The bureau should correct them.",
            least=crossed[0],
            most=crossed[1],
        )


def school_counted(school: Decimal, stated: Decimal | None, law: Law) -> Decimal:
    """Return the school-based credits that count: all of them, or up to the greatest share of those required."""
    most = _share(stated, law.max_share)
    if most is None:
        return school
    return law.step(
        "school_counted",
        at_most(school, most, law),
        unit="学分",
        clauses=(CLAUSE, ELASTIC),
        zh="校本研修{school}学分，最多计必修{required}学分的{most}，计入{value}学分。",
        en="School-based credits {school}; at most {most} of the {required} required count: {value}.",
        school=school,
        required=law.cycle_credits,
        most=most,
    )


def at_most(school: Amount, most: Decimal | None, law: Law) -> Amount:
    """Return the school-based credits up to a share of those required; all of them where none is set."""
    if most is None:
        return school
    limit = most * law.cycle_credits
    return choose((school <= limit, school), otherwise=limit)


def greatest_share(law: Law) -> Decimal | None:
    """Return the greatest share of school-based credits that the district announced, None where it announced none."""
    return _share(None, law.max_share)


def demanded(law: Law) -> tuple[Requirement, ...]:
    """Return what five years ask for under the shares that the district announced."""
    return (TOTAL,) if _share(None, law.min_share) is None else (TOTAL, LEAST_SHARE)


def verdict_of(*, met: bool) -> str:
    """Return the verdict of a period in which everything asked is met, or not."""
    return "PASS" if met else "FAIL"


def share_findings(school: Decimal, total: Decimal, stated: Decimal | None, law: Law) -> tuple[Finding, ...]:
    """Hold the total against what is required, and the school-based credits against the least share if one is set."""
    measures = {"total_counted": total, "school_credits": school, "cycle_credits": law.cycle_credits}
    findings = list(hold((TOTAL,), measures, law))
    if stated is not None:
        findings.append(_least_share(school, stated, law))
    else:
        findings += hold(demanded(law)[1:], measures, law)
    for one in findings:
        law.step(
            one.measure,
            one.earned,
            unit="学分",
            clauses=(one.clause,),
            readings=one.readings,
            zh="{label}{value}，应不少于{threshold}，" + ("已达到。" if one.met else "尚缺{shortfall}。"),
            en="{label_en}: {value}, at least {threshold} wanted; "
            + ("reached." if one.met else "{shortfall} are missing."),
            label=one.label_zh,
            label_en=one.label_en,
            threshold=one.threshold,
            shortfall=one.shortfall,
        )
    return tuple(findings)


def _least_share(school: Decimal, least: Decimal, law: Law) -> Finding:
    """Return the finding of a least share that the question states itself."""
    wanted = least * law.cycle_credits
    return Finding(
        clause=LEAST_SHARE.clause,
        measure=LEAST_SHARE.measure,
        label_zh=LEAST_SHARE.label_zh,
        label_en=LEAST_SHARE.label_en,
        unit=LEAST_SHARE.unit,
        operator=LEAST_SHARE.operator,
        threshold=wanted,
        earned=school,
        shortfall=max(NOTHING, wanted - school),
        met=school >= wanted,
    )


def _share(stated: Decimal | None, announced: Any) -> Decimal | None:
    """Return the share in force: the one stated, else the one that the district announced; None where none is."""
    return choose((stated is not None, stated), (announced == OPEN, None), otherwise=lambda: Decimal(announced))
