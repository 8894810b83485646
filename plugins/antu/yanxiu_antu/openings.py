"""The periods that Antu's workflow runs by, and the days on which its steps may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from yanxiu_rulekit import FactsRefused, Law, Moment, Period, Span, Window
from yanxiu_rulekit.decision import PeriodOf


def year_of(day: date, _law: Law) -> Period:
    """Return the calendar year of a day: the inspection is at its end."""
    last = date(day.year + 1, 1, 1) - timedelta(days=1)
    return Period(kind="year", label=f"{day.year}年度", start=date(day.year, 1, 1), end=last)


def year_end(moment: Moment, law: Law) -> Span:
    """ANTU-7-4: the end of the year, which is its last month (G-A05)."""
    if moment.period is None:
        raise FactsRefused(field="period", value=None, problem="missing; a school is inspected for a year")
    year = moment.period.end
    return Span(opens=year.replace(month=int(law.inspection_month), day=1), closes=year)


PERIODS: Mapping[str, PeriodOf] = {"year": year_of}
WINDOWS: Mapping[str, Window] = {"year_end": year_end}
