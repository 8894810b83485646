"""A school year and a term of every head teacher at once, from the measures and formulas by which one is judged."""

from __future__ import annotations

from datetime import timedelta

from yanxiu_rulekit import CreditLine, Law, Period, hold
from yanxiu_rulekit.columns import ColumnRule, Judged, Mask, Sheet, Verdicts, each, met_where, total

from yanxiu_putuo.credits import posted_credits
from yanxiu_putuo.facts import TermHours
from yanxiu_putuo.measures import BY_CLASS, BY_SLOT, CREDITS
from yanxiu_putuo.school_year import PERSON_HOURS, person_hours, school_year_of, second_term, term_hours, verdict_of

AMOUNTS = ("hours", "credits")


def judge_school_years(period: Period, sheet: Sheet, law: Law) -> Judged:
    """Judge a school year of all teachers of a sheet."""
    figures = sheet.measured((*BY_SLOT, *CREDITS), law)
    hours = person_hours(figures["fixed_hours"], figures["flexible_hours"], law)
    findings = hold([PERSON_HOURS], {PERSON_HOURS.measure: hours}, law)
    return Judged(
        verdict=_verdicts(sheet, *map(met_where, findings)),
        hours=figures["fixed_hours"] + figures["flexible_hours"],
        credits=figures["credits"],
        recognised_hours=hours,
        recognised_credits=total(posted_credits(_terms(period, sheet, law), law)),
        findings=findings,
    )


def judge_terms(period: Period, sheet: Sheet, law: Law) -> Judged:
    """Return what all teachers of a sheet are posted for a term; its lines reach back to the school year's start.

    Who has something posted of the school year, or has not though it is asked, is judged alone in the second term.
    """
    year = school_year_of(period.start, law)
    both = _terms(year, sheet, law)
    second = period.start >= second_term(year, law)
    if second:
        sheet.mark_teachers(lambda teacher: teacher.posted is not None)
    figures = sheet.between(period.start, period.end).measured((*BY_SLOT, *CREDITS), law)
    return Judged(
        verdict=_verdicts(sheet, sheet.always(truth=True)),
        hours=figures["fixed_hours"] + figures["flexible_hours"],
        credits=figures["credits"],
        recognised_hours=person_hours(figures["fixed_hours"], figures["flexible_hours"], law),
        recognised_credits=posted_credits(both if second else both[:1], law)[-1],
        findings=(),
    )


def _terms(year: Period, sheet: Sheet, law: Law) -> tuple[TermHours, ...]:
    second = second_term(year, law)
    halves = (sheet.between(year.start, second - timedelta(days=1)), sheet.between(second, year.end))
    return tuple(term_hours(number, half.measured(BY_CLASS, law)) for number, half in enumerate(halves, start=1))


def _verdicts(sheet: Sheet, met: Mask) -> Verdicts:
    addressed = sheet.known(lambda teacher: teacher.head_teacher)
    return each(lambda addressed, met: verdict_of(addressed=addressed, met=met), addressed, met).verdict(str)


def as_it_is(line: CreditLine) -> CreditLine:
    """Return a line as the ledger holds it: the rules read its attributes by name."""
    return line


SCHOOL_YEAR_COLUMNS = ColumnRule(read=as_it_is, amounts=AMOUNTS, judge=judge_school_years)
TERM_COLUMNS = ColumnRule(read=as_it_is, amounts=AMOUNTS, judge=judge_terms)
