"""What a process is about and by when: its period, and the days on which a step may be taken under its law."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_days, read_terms
from yanxiu_footing.laws import Bound
from yanxiu_rulekit.errors import DecisionUnknown, FactsRefused, RuleNotInForce
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.workflow import Moment, Workflow, WorkStep
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow.assess_step import Opening

TERM = "term"
NONE = "none"
_YEAR = timedelta(days=366)
_LAST_COUNTED = date.max - _YEAR


async def period_of(
    conn: AsyncConnection, district: str, workflow: Workflow, law: Bound, on: date
) -> Period | Refused | None:
    """Return the period of the workflow's kind that contains a day, None where it runs by none.

    Refuses with TERM_UNKNOWN, PERIOD_UNKNOWN or LAW_NOT_IN_FORCE.
    """
    if workflow.per == NONE:
        return None
    try:
        return law.pack.period(workflow.per, on, law.settings)
    except RuleNotInForce:
        return refusals.law_not_in_force(on)
    except DecisionUnknown:
        if workflow.per != TERM:
            return refusals.period_unknown(workflow.per, (TERM,))
    terms = await read_terms(conn, district, on, on)
    return terms[0] if terms else no.term_unknown(on)


async def moment_of(conn: AsyncConnection, district: str, period: Period | None, entered: date) -> Moment:
    """Return what a window may depend on.

    The calendar's days are those of the period's years and of the year in which the present state was entered, with
    the year after, into which a window may run.
    """
    terms = await read_terms(conn, district, period.start, period.end) if period is not None else ()
    begins = min(entered, period.start) if period is not None else entered
    ends = max(entered, period.end) if period is not None else entered
    holidays, workdays = await read_days(conn, district, begins, min(ends, _LAST_COUNTED) + _YEAR)
    return Moment(period=period, entered=entered, holidays=holidays, workdays=workdays, terms=terms)


def opening_of(law: Bound, step: WorkStep, moment: Moment, law_on: date) -> Opening:
    """Return the days on which the step may be taken, with what the law read to find them.

    A step without a window, and one whose window the law cannot tell for this process, may be taken on any day.
    """
    window = law.pack.windows.get(step.window) if step.window is not None else None
    if window is None:
        return Opening()
    asked = law.pack.law(law_on, law.settings)
    try:
        span = window(moment, asked)
    except (FactsRefused, RuleNotInForce):
        return Opening()
    said = tuple(reading for one in asked.steps for reading in one.readings)
    return Opening(span=span, readings=said + asked.take_readings())
