"""Pure: whether the days of a calendar year may be entered as asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from yanxiu_wire.calendar_year import CalendarYear, SetCalendarDays
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.refusals import item, value_invalid

_FIRST, _LAST = 2000, 2100
_SATURDAY = 6


def year_of(command: SetCalendarDays, before: int) -> CalendarYear:
    """The year that the command describes, one version after `before`; its days in order."""
    return CalendarYear(
        year=command.year,
        holidays=tuple(sorted(command.holidays)),
        workdays=tuple(sorted(command.workdays)),
        notice=command.notice.strip(),
        version=before + 1,
    )


def calendar_faults(command: SetCalendarDays) -> list[RefusalItem]:
    """A year out of range, a day outside it or named twice, a workday that is no weekend day, a notice left out."""
    faults: list[RefusalItem] = []
    if not _FIRST <= command.year <= _LAST:
        zh, en = f"{_FIRST} 至 {_LAST} 之间的年份", f"a year from {_FIRST} to {_LAST}"
        faults.append(value_invalid("year", command.year, zh, en))
    if (fault := text_fault("notice", command.notice)) is not None:
        faults.append(fault)
    faults += _outside("holidays", command.holidays, command.year)
    faults += _outside("workdays", command.workdays, command.year)
    faults += _twice(command)
    faults += [_no_weekend(day) for day in command.workdays if day.isoweekday() < _SATURDAY]
    return faults


def _outside(field: str, days: Sequence[date], year: int) -> Iterator[RefusalItem]:
    for day in days:
        if day.year != year:
            yield item(
                "DAY_OUTSIDE_YEAR",
                field,
                day,
                (f"{day} 不在 {year} 年内", "请把它登记到所在的年份"),
                (f"{day} does not lie in {year}", "enter it in its own year"),
            )


def _twice(command: SetCalendarDays) -> Iterator[RefusalItem]:
    """A day that stands twice in one list, or in both."""
    for field, days in (("holidays", command.holidays), ("workdays", command.workdays)):
        for day in sorted(one for one, times in Counter(days).items() if times > 1):
            yield _day_twice(field, day)
    for day in sorted({*command.holidays} & {*command.workdays}):
        yield _day_twice("workdays", day)


def _day_twice(field: str, day: date) -> RefusalItem:
    return item(
        "DAY_TWICE",
        field,
        day,
        (f"{day} 出现两次", "每一天只能是放假或调休上班之一，且只写一次"),
        (f"{day} is named twice", "name each day once, as a holiday or as a workday"),
    )


def _no_weekend(day: date) -> RefusalItem:
    return item(
        "WORKDAY_NOT_WEEKEND",
        "workdays",
        day,
        (f"{day} 不是星期六或星期日，本来就要上班", "请只写因调休而上班的星期六、星期日"),
        (f"{day} is no Saturday or Sunday: people work on it anyway", "name only weekend days on which people work"),
    )
