"""The periods that Yueqing's workflows run by, and the days on which their steps may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from yanxiu_rulekit import FactsRefused, Law, Moment, Period, Span, Window, last_day_of_years
from yanxiu_rulekit.decision import PeriodOf

DAY = timedelta(days=1)


def batch_of(day: date, law: Law) -> Period:
    """Return the two years of a batch that contain the day, counted from the first batch's first day (G-Y09)."""
    first, years = date.fromisoformat(law.first_batch_start), int(law.batch_years)
    passed = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    start = first.replace(year=first.year + passed // years * years)
    end = last_day_of_years(start, years)
    return Period(kind="batch", label=f"{start.year}—{end.year}年一批", start=start, end=end)


def school_year_of(day: date, law: Law) -> Period:
    """Return the school year of a day, 1 September to 31 August."""
    month = int(law.school_year_start_month)
    first = day.year if day.month >= month else day.year - 1
    start = date(first, month, 1)
    return Period(kind="school_year", label=f"{first}-{first + 1}学年", start=start, end=last_day_of_years(start, 1))


def batch_end(moment: Moment, _law: Law) -> Span:
    """YUEQING-2-2: the batch is summed up when its two years have ended."""
    if moment.period is None:
        raise FactsRefused(field="period", value=None, problem="missing; a batch lasts two years")
    return Span(opens=moment.period.end + DAY)


PERIODS: Mapping[str, PeriodOf] = {"batch": batch_of, "school_year": school_year_of}
WINDOWS: Mapping[str, Window] = {"batch_end": batch_end}
