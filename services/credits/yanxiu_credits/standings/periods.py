"""Which period contains a day, and which law judges it. Pure."""

from __future__ import annotations

from datetime import date

from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_credits import refusals
from yanxiu_credits.laws import InForce, Laws


def period_and_law(
    laws: Laws, district: District | None, kind: str, day: date, today: date
) -> tuple[outcome.Period, InForce] | Refused:
    """Return the period of a kind that contains the day, and the law that judges it: that of its last day, or today's.

    A district that came under another pack within the period is judged by the one in force at its end.
    """
    begun = min(day, today)
    law = laws.in_force(district, begun)
    period = _period(law, kind, day)
    if isinstance(period, Refused):
        return period
    at_end = laws.in_force(district, max(min(period.end, today), begun))
    if isinstance(at_end, InForce) and isinstance(law, InForce) and at_end.pack is not law.pack:
        period = _period(at_end, kind, day)
    if isinstance(period, Refused):
        return period
    return at_end if isinstance(at_end, Refused) else (period, at_end)


def _period(law: InForce | Refused, kind: str, day: date) -> outcome.Period | Refused:
    if isinstance(law, Refused):
        return law
    kinds = [one.period for one in law.credit.standings]
    if kind not in kinds:
        return refusals.period_unknown(kind, kinds)
    try:
        return law.pack.period(kind, day, law.settings)
    except RuleNotInForce:
        return refusals.law_not_in_force(day)
