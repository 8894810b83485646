"""The periods that Ouhai's workflows run by, and the days on which their steps may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from yanxiu_rulekit import FactsRefused, Law, Moment, Period, Span, Window
from yanxiu_rulekit.decision import PeriodOf

DAY = timedelta(days=1)


def school_year_of(day: date, law: Law) -> Period:
    """Return the school year of a day, 1 September to 31 August (G-O02)."""
    month = int(law.school_year_start_month)
    first = day.year if day.month >= month else day.year - 1
    return Period(
        kind="school_year",
        label=f"{first}-{first + 1}学年",
        start=date(first, month, 1),
        end=date(first + 1, month, 1) - DAY,
    )


def group_filing(moment: Moment, law: Law) -> Span:
    """OUHAI-6-4b: groups are filed within the days set, counted from the first term's first day (G-O14)."""
    period = moment.period
    if period is None:
        raise FactsRefused(field="period", value=None, problem="missing; groups are filed for a school year")
    begun = [term.start for term in moment.terms if period.start <= term.start <= period.end]
    return Span(closes=min(begun, default=period.start) + DAY * int(law.filing_days))


def after_the_year(moment: Moment, _law: Law) -> Span:
    """OUHAI-2-2: credits are recorded year by year, when the year has ended."""
    period = moment.period
    if period is None:
        raise FactsRefused(field="period", value=None, problem="missing; credits are recorded for a year")
    return Span(opens=period.end + DAY)


PERIODS: Mapping[str, PeriodOf] = {"school_year": school_year_of}
WINDOWS: Mapping[str, Window] = {"group_filing": group_filing, "after_the_year": after_the_year}
