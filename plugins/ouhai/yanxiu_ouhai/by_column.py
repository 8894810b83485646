"""A year and five years of every teacher at once, from the measures and requirements by which one is judged."""

from __future__ import annotations

from functools import reduce
from operator import and_

from yanxiu_rulekit import CreditLine, Finding, Law, Period, hold
from yanxiu_rulekit.columns import Column, ColumnRule, Judged, Sheet, each, met_where

from yanxiu_ouhai.credits import at_most, demanded, greatest_share, verdict_of
from yanxiu_ouhai.measures import BY_SOURCE, IN_ALL


def judge_years(_period: Period, sheet: Sheet, law: Law) -> Judged:
    """Add up a year of all teachers of a sheet; the text asks nothing of a single year."""
    figures = sheet.measured((*BY_SOURCE, *IN_ALL), law)
    return _judged(sheet, figures, figures["school_credits"] + figures["other_credits"], ())


def judge_cycles(_period: Period, sheet: Sheet, law: Law) -> Judged:
    """Judge the five years of all teachers of a sheet."""
    figures = sheet.measured((*BY_SOURCE, *IN_ALL), law)
    counted = at_most(figures["school_credits"], greatest_share(law), law) + figures["other_credits"]
    measures = {**figures, "total_counted": counted, "cycle_credits": law.cycle_credits}
    return _judged(sheet, figures, counted, hold(demanded(law), measures, law))


def _judged(sheet: Sheet, figures: dict[str, Column], recognised: Column, findings: tuple[Finding, ...]) -> Judged:
    met = reduce(and_, map(met_where, findings), sheet.always(truth=True))
    return Judged(
        verdict=each(lambda met: verdict_of(met=met), met).verdict(str),
        hours=figures["hours"],
        credits=figures["credits"],
        recognised_hours=figures["hours"],
        recognised_credits=recognised,
        findings=findings,
    )


def as_it_is(line: CreditLine) -> CreditLine:
    """Return a line as the ledger holds it: the rules read its attributes by name."""
    return line


YEAR_COLUMNS = ColumnRule(read=as_it_is, amounts=("hours", "credits"), judge=judge_years)
CYCLE_COLUMNS = ColumnRule(read=as_it_is, amounts=("hours", "credits"), judge=judge_cycles)
