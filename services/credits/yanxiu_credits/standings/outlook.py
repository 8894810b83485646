"""What is still possible before a period ends: per requirement that is not met, and per part still to come. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.headroom import Headroom, Headrooms
from yanxiu_rulekit.numbers import plain
from yanxiu_wire.standings import Outlook, PeriodToCome

from yanxiu_credits.explain import finding
from yanxiu_credits.laws import InForce

_UNLIMITED = Headroom()


def days_left(period: outcome.Period, today: date) -> int:
    """Return how many days of the period are left, today included; all of them before it begins, 0 after its end."""
    return max(0, (period.end - max(period.start, today)).days + 1)


def outlook_of(
    law: InForce, judged: outcome.Standing, lines: tuple[CreditLine, ...], teacher: Teacher, today: date
) -> tuple[Outlook, ...]:
    """Say of each requirement that is not met what is missing, until when, and whether the law still lets it be added.

    Where the period is over nothing can be added. Else the pack's headroom bounds what can; a measure it does not name
    has no limit.
    """
    unmet = [one for one in judged.findings if not one.met]
    if not unmet:
        return ()
    left = days_left(judged.period, today)
    room: Headrooms = law.pack.headroom(judged, lines, teacher, law.settings, today=today) if left else {}
    return tuple(_outlook(one, room.get(one.measure, _UNLIMITED), judged.period, left) for one in unmet)


def _outlook(found: outcome.Finding, room: Headroom, period: outcome.Period, left: int) -> Outlook:
    missing = found.shortfall if room.missing is None else room.missing
    # What must be at most so much cannot be taken back by adding.
    possible = Decimal(0) if not left or found.operator != "at_least" else room.most
    reachable = bool(left) and (possible is None or possible >= missing)
    zh, en = _said(found, room, period, left, missing, possible, reachable=reachable)
    return Outlook(
        clause=found.clause,
        measure=found.measure,
        unit=found.unit,
        missing=missing,
        days_left=left,
        still_possible=possible,
        reachable=reachable,
        zh=zh,
        en=en,
        clauses=room.clauses if left else (),
    )


def _said(
    found: outcome.Finding,
    room: Headroom,
    period: outcome.Period,
    left: int,
    missing: Decimal,
    possible: Decimal | None,
    *,
    reachable: bool,
) -> tuple[str, str]:
    end = period.end
    end_zh = f"{end.year}年{end.month}月{end.day}日"
    if found.earned is None:
        short_zh, short_en = f"{found.label_zh}尚无总数可计", f"{found.label_en}: nothing yet to take a share of"
    else:
        short_zh = f"{found.label_zh}还差{plain(missing)}{found.unit}"
        short_en = f"{found.label_en}: {plain(missing)} missing"
    if not left:
        return f"{short_zh}；本期已于{end_zh}结束，不能再补。", f"{short_en}; the period ended on {end}: too late."
    until_zh = f"{short_zh}，到{end_zh}还有{left}天"
    until_en = f"{short_en}, {left} day{'' if left == 1 else 's'} left until {end}"
    why_zh = f"：{room.zh}" if room.zh else ""
    why_en = f" ({room.en})" if room.en else ""
    if reachable:
        return f"{until_zh}，仍可补足{why_zh}。", f"{until_en}: still possible{why_en}."
    most = plain(possible or Decimal(0))
    return (
        f"{until_zh}，依规定至多还可计入{most}{found.unit}，本期已无法达到{why_zh}。",
        f"{until_en}; the law lets at most {most} be added: out of reach in this period{why_en}.",
    )


def to_come(law: InForce, period: outcome.Period, teacher: Teacher, today: date) -> tuple[PeriodToCome, ...]:
    """Return the parts of the period that begin after today, each with its duties, of which nothing is met yet."""
    inner = law.pack.standing_rule(period.kind).inner
    if inner is None or today >= period.end:
        return ()
    found: list[PeriodToCome] = []
    day = max(period.start, today)
    while day <= period.end:
        part = law.pack.period(inner, day, law.settings)
        if part.start > today and part.start >= period.start:
            found.append(_to_come(law, part, teacher))
        if part.end == date.max:
            break
        day = part.end + timedelta(days=1)
    return tuple(found)


def _to_come(law: InForce, part: outcome.Period, teacher: Teacher) -> PeriodToCome:
    try:
        duties = law.pack.standing(part, (), teacher, law.settings).findings
    except RuleNotInForce:
        # No value is known for that day yet: the part is named without duties.
        duties = ()
    return PeriodToCome(
        kind=part.kind,
        label=part.label,
        starts_on=part.start,
        ends_on=part.end,
        duties=tuple(finding(one) for one in duties),
    )
