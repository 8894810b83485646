"""Which weeks of a term are teaching weeks, and which of its months want a summary (YUEQING-6-3a, 5-2c)."""

from __future__ import annotations

from datetime import date, timedelta

from yanxiu_rulekit import Law, SchoolTerm

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def teaching_weeks(_term: SchoolTerm, teaching_days: tuple[date, ...], law: Law) -> tuple[tuple[date, date], ...]:
    """Return the weeks, Monday to Sunday, with as many teaching days as make a teaching week (G-Y02)."""
    mondays: dict[date, int] = {}
    for day in sorted(set(teaching_days)):
        monday = day - DAY * day.weekday()
        mondays[monday] = mondays.get(monday, 0) + 1
    return tuple((monday, monday + WEEK - DAY) for monday, days in mondays.items() if days >= law.teaching_week_days)


def summary_months(_term: SchoolTerm, teaching_days: tuple[date, ...], law: Law) -> tuple[str, ...]:
    """Return the months with a teaching day, without those of the holidays (G-Y11)."""
    months = sorted({(day.year, day.month) for day in teaching_days})
    return tuple(f"{year}-{month:02}" for year, month in months if law.summary_months[str(month)])


def is_over(month: str, today: date | None) -> bool:
    """Return whether a month such as `2021-03` lies before that of `today`; where no day is asked about, it does."""
    return today is None or month < f"{today:%Y-%m}"
