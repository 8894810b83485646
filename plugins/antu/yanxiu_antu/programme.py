"""The programme on effective teaching (ANTU-4-2): two to three years in three phases."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain, rows_that_hold, share

DAY = dt.timedelta(days=1)


class ProgrammeQuestion(Facts, frozen=True, kw_only=True):
    """Does the programme last two to three years, both days included, with its three phases?"""

    start: dt.date
    end: dt.date
    phases: tuple[str, ...] = ()


@decision(
    "programme_duration",
    asks_zh="研修周期是否为2至3年、三个阶段是否齐全",
    facts=ProgrammeQuestion,
    clauses=("ANTU-4-2",),
    day=lambda question: question.start,
)
def programme_duration(question: ProgrammeQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-4-2: from two to three years, both included (G-A04); theory, action research, practice."""
    if question.end < question.start:
        raise FactsRefused(field="end", value=question.end, problem="before the start")
    if question.end == dt.date.max:
        raise FactsRefused(field="end", value=question.end, problem="no day comes after it; give the programme's last")
    months = _whole_months(question.start, question.end + DAY, law)
    beyond = _after(question.start, months, law) < question.end + DAY
    years = share(Decimal(months), law.months_of_a_year, int(law.year_places))
    least, most = law.programme_years["least"], law.programme_years["most"]
    bounds = (int(least * law.months_of_a_year), int(most * law.months_of_a_year))
    lasts = months >= bounds[0] and (months < bounds[1] or (months == bounds[1] and not beyond))
    missing = [phase for phase in rows_that_hold(law.programme_phases) if phase not in question.phases]
    ok = lasts and not missing
    law.step(
        "months",
        months,
        unit="月",
        clauses=("ANTU-4-2",),
        zh=f"满{{value}}个月，要求{plain(least)}至{plain(most)}年"
        + ("" if lasts else "，不合要求")
        + (f"；缺{'、'.join(missing)}。" if missing else "；三个阶段齐全。"),
        en=f"{{value}} whole months, {plain(least)} to {plain(most)} years wanted"
        + ("" if lasts else " (not so)")
        + (f"; missing: {', '.join(missing)}." if missing else "; all three phases."),
    )
    return {"years": years, "months": months, "ok": ok, "failed": [] if ok else ["ANTU-4-2"]}


def _whole_months(start: dt.date, until: dt.date, law: Law) -> int:
    """Return the whole months from a day up to another, which is not counted."""
    months = (until.year - start.year) * int(law.months_of_a_year) + until.month - start.month
    return months if _after(start, months, law) <= until else months - 1


def _after(start: dt.date, months: int, law: Law) -> dt.date:
    """Return the day so many months later; a day that its month does not have becomes the next month's first."""
    years, month = divmod(start.month - 1 + months, int(law.months_of_a_year))
    first = dt.date(start.year + years, month + 1, 1)
    _, days = calendar.monthrange(first.year, first.month)
    return first + DAY * min(start.day - 1, days)
