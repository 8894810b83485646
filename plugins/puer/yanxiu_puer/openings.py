"""The days on which a step of Pu'er's workflows may be taken, for a process in its period."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from yanxiu_rulekit import FactsRefused, Law, Moment, Period, Span, Window

from yanxiu_puer.windows import DAY, last_day_of_publicity, last_day_to_declare, recognition_days


def plan_declaration(moment: Moment, law: Law) -> Span:
    """PUER-14-6, F3-6-5b: until a week after the term's first day; declaring before the term is in order (G-P35)."""
    start = _period(moment).start
    return Span(closes=last_day_to_declare(start, moment.holidays, moment.workdays, law))


def municipal_publication(moment: Moment, law: Law) -> Span:
    """PUER-5-3: the next month in which municipal projects are published, or the present one (G-P37)."""
    spring, autumn = law.publication_months["spring"], law.publication_months["autumn"]
    return _next_month((spring, autumn) if law.publication_mode == "both" else (spring,), moment.entered)


def county_publication(moment: Moment, law: Law) -> Span:
    """PUER-5-3: the next month in which county projects are published, or the present one (G-P37)."""
    spring, autumn = law.publication_months["spring"], law.publication_months["autumn"]
    return _next_month((spring, autumn) if law.publication_mode == "both" else (autumn,), moment.entered)


def after_the_year(moment: Moment, _law: Law) -> Span:
    """PUER-F2-4-3b: the year runs to 31 December; nothing of it is reviewed as a whole before it has ended."""
    return Span(opens=_period(moment).end + DAY)


def publicity_over(moment: Moment, law: Law) -> Span:
    """PUER-F2-4-2: from the day after the last working day of publicity (G-P39)."""
    return Span(opens=last_day_of_publicity(moment.entered, moment.holidays, moment.workdays, law) + DAY)


def recognition_season(moment: Moment, law: Law) -> Span:
    """PUER-F2-4-3b: March and April of the next year, both ends included."""
    first, last = recognition_days(_period(moment).start.year, law)
    return Span(opens=first, closes=last)


def _period(moment: Moment) -> Period:
    if moment.period is None:
        raise FactsRefused(field="period", value=None, problem="missing; this step belongs to a term or a year")
    return moment.period


def _next_month(months: Sequence[int], entered: dt.date) -> Span:
    return next(span for span in _months_from(months, entered.year) if span.closes and span.closes >= entered)


def _months_from(months: Sequence[int], year: int) -> Iterator[Span]:
    for one in (year, year + 1):
        for month in map(int, months):
            _, days = calendar.monthrange(one, month)
            yield Span(opens=dt.date(one, month, 1), closes=dt.date(one, month, days))


WINDOWS: Mapping[str, Window] = {
    "plan_declaration": plan_declaration,
    "municipal_publication": municipal_publication,
    "county_publication": county_publication,
    "after_the_year": after_the_year,
    "publicity_over": publicity_over,
    "recognition_season": recognition_season,
}
