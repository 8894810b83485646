"""A year and a cycle of every teacher at once, from the measures, duties and gates by which one teacher is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from yanxiu_rulekit import Finding, Law, Measure, Period, choose, hold
from yanxiu_rulekit.columns import Column, ColumnRule, Judged, Mask, Outcomes, Sheet, capped, each, met_where, total

from yanxiu_puer.annual import Settled, in_first_year, settle
from yanxiu_puer.counted import Counted, by_first_day, last_day_of, read_line, splits_by_log
from yanxiu_puer.cycle import cycle_verdict, first_year_of, is_head_teacher
from yanxiu_puer.measures import CYCLE_MEASURES, SCHOOL_CAP, YEAR_MEASURES, has_mode
from yanxiu_puer.requirements import HEAD_TEACHER, cycle_requirements, year_requirements
from yanxiu_puer.wording import MODES, NOTHING

AMOUNTS = ("hours", "credits", "basic")


def irregular(line: Counted, law: Law) -> bool:
    """Return whether a line must be seen beside others: degree study, a studio, a work, hours of another year."""
    return line.kind == "degree" or bool(line.studio or line.work) or _on_another_year(line, law)


def _on_another_year(line: Counted, law: Law) -> bool:
    return (line.logged and splits_by_log(law)) or (line.begun_before and by_first_day(law))


class _Year(NamedTuple):
    """A year of all teachers: its measures, duties and outcomes, and what a gate leaves of another list of measures."""

    figures: Mapping[str, Column]
    findings: tuple[Finding, ...]
    settled: Outcomes[Settled]
    open_modes: Mapping[str, Mask]
    recognised: Mapping[str, Column]


def _mode(line: Counted) -> str | None:
    return line.mode


def _year(sheet: Sheet, first: Mask, law: Law, gated: tuple[Measure, ...], whole: Law) -> _Year:
    """Judge a year, in the order of the scalar judge: the cap, the duties, the gate.

    `gated` are measures of what is recognised, under the law `whole`.
    """
    sums = capped(sheet.keeping(has_mode, law), SCHOOL_CAP, law).sums(((YEAR_MEASURES, law), (gated, whole)), _mode)
    figures = sums.figures(0)
    findings = hold(year_requirements(law), figures, law)
    clauses = [finding.clause for finding in findings]

    def settled(first_year: bool, *met: bool) -> Settled:
        breaches = (clause for clause, holds in zip(clauses, met, strict=True) if not holds)
        return settle(breaches, law, first_year=first_year)

    found = each(settled, first, *(finding.met for finding in findings))
    open_modes = {mode: found.truth(lambda one, mode=mode: mode in one.open_modes) for mode in MODES}
    return _Year(figures, findings, found, open_modes, sums.figures(1, open_modes) if gated else {})


def judge_years(period: Period, sheet: Sheet, law: Law) -> Judged:
    """Judge a calendar year of all teachers of a sheet."""
    sheet = sheet.needing((YEAR_MEASURES, law))
    sheet.mark(irregular, law)
    year = period.start.year
    judged = _year(_own(sheet, year, law), sheet.known(lambda teacher: in_first_year(teacher, year)), law, (), law)
    return Judged(
        verdict=judged.settled.verdict(lambda one: one.verdict),
        hours=judged.figures["hours"],
        credits=judged.figures["credits"],
        recognised_hours=_recognised(judged, "hours"),
        recognised_credits=_recognised(judged, "credits"),
        findings=judged.findings,
    )


def _recognised(judged: _Year, amount: str) -> Column:
    """Add up the modes that the gate lets through."""
    parts = [choose((judged.open_modes[mode], judged.figures[f"{mode}_{amount}"]), otherwise=NOTHING) for mode in MODES]
    return total(parts)


def judge_cycles(period: Period, sheet: Sheet, law: Law) -> Judged:
    """Judge a five-year cycle of all teachers of a sheet: each year by its own law, then what the years recognise."""
    sheet = sheet.needing((YEAR_MEASURES, law), (CYCLE_MEASURES, law))
    sheet.mark(irregular, law)
    years = tuple(range(period.start.year, period.end.year + 1))
    own = {year: _own(sheet, year, law) for year in years}
    begun = _begun(own, law)
    judged = {year: _judged_year(own[year], year, years, law) for year in years}
    names = [one.name for one in CYCLE_MEASURES]
    measures = {name: total(judged[year].recognised[name] for year in years) for name in names}
    findings = hold(cycle_requirements(law, head_teacher=True), measures, law)
    head = sheet.known(lambda teacher: is_head_teacher(teacher, years))
    duties = {place: head for place, finding in enumerate(findings) if finding.clause == HEAD_TEACHER.clause}
    met = [met_where(finding, duties.get(place)) for place, finding in enumerate(findings)]
    late = [~begun[year] | judged[year].settled.truth(lambda one: one.verdict == "FAIL") for year in years]
    return Judged(
        verdict=each(lambda failing: cycle_verdict(failing=failing), reduce(or_, late, ~reduce(and_, met))).verdict(
            str
        ),
        hours=total(judged[year].figures["hours"] for year in years),
        credits=total(judged[year].figures["credits"] for year in years),
        recognised_hours=measures["hours"],
        recognised_credits=measures["credits"],
        findings=findings,
        applies=duties,
    )


def _own(sheet: Sheet, year: int, law: Law) -> Sheet:
    """Return the lines of a year; of one that is still to come nothing counts."""
    if law.today is not None and year > law.today.year:
        return sheet.nothing()
    return sheet.between(last_day_of(year).replace(month=1, day=1), last_day_of(year))


def _judged_year(sheet: Sheet, year: int, years: Sequence[int], law: Law) -> _Year:
    first = sheet.known(lambda teacher: first_year_of(teacher, year, years))
    return _year(sheet, first, law.quiet(last_day_of(year)), CYCLE_MEASURES, law)


def _begun(own: Mapping[int, Sheet], law: Law) -> dict[int, Mask]:
    """Return for each year whose turn has come: until today's, or where no day is given, the last with a line."""
    begun: dict[int, Mask] = {}
    later: Mask | bool = False
    for year in sorted(own, reverse=True):
        later = own[year].any_line() | later if law.today is None else own[year].always(truth=year <= law.today.year)
        begun[year] = later
    return begun


YEAR_COLUMNS = ColumnRule(read=read_line, amounts=AMOUNTS, judge=judge_years)
CYCLE_COLUMNS = ColumnRule(read=read_line, amounts=AMOUNTS, judge=judge_cycles)
