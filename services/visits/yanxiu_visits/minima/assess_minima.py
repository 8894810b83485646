"""Hold a term against the law's minima: which records each number counts, and what the days left still allow. Pure.

Neither asks the law how it counts. A record belongs to a number when the number is another without it, or another by it
alone than by nothing. And what the days left allow is what the law would say if every one of them were used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

import msgspec
from yanxiu_rulekit.outcome import Finding
from yanxiu_rulekit.visitfacts import Gathering, LessonSeen, Scope, TermWork, VisitDay, VisitedSchool
from yanxiu_wire.minima import Minimum, MinimumState

HALF = Decimal("0.5")
HUNDREDTH = Decimal("0.01")
HALVES_A_DAY = 2
# A school that nobody has: ids of schools are never empty.
ANY_SCHOOL = VisitedSchool(id="", stage="primary")
_KINDS = ("preparation", "theme", "seminar", "exchange", "other")
_REACHES: tuple[Scope, ...] = ("school", "schools", "area", "district", "above")

Judge = Callable[[TermWork], tuple[Finding, ...]]
Facts = Mapping[str, tuple[Any, ...]]


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a term: the teaching days from a day on, itself included, and the teaching weeks not over."""

    days: tuple[date, ...]
    weeks: int


def assess_left(teaching_days: Iterable[date], weeks: Sequence[tuple[date, date]] | None, as_of: date) -> Left:
    """Return what is left; weeks are calendar weeks with a teaching day where the law names no teaching weeks."""
    days = tuple(day for day in teaching_days if day >= as_of)
    if weeks is None:
        return Left(days=days, weeks=len({day.isocalendar()[:2] for day in days}))
    return Left(days=days, weeks=sum(1 for first, last in weeks if any(first <= day <= last for day in days)))


def assess_minima(now: Sequence[Finding], best: Sequence[Finding], left: Left) -> tuple[Minimum, ...]:
    """Return the minima as they stand beside what the days left still allow."""
    reached = {(one.clause, one.measure): one for one in best}
    return tuple(_minimum(one, reached.get((one.clause, one.measure), one), left) for one in now)


def _minimum(one: Finding, best: Finding, left: Left) -> Minimum:
    state: MinimumState = "met" if one.met else "open" if best.met and left.days else "missed"
    pace = one.shortfall / left.weeks if state == "open" and left.weeks else None
    return Minimum(
        clause=one.clause,
        measure=one.measure,
        label_zh=one.label_zh,
        label_en=one.label_en,
        unit=one.unit,
        operator=one.operator,
        threshold=one.threshold,
        earned=one.earned,
        shortfall=one.shortfall,
        state=state,
        binding=one.binding,
        best=best.earned,
        a_week=None if pace is None else pace.quantize(HUNDREDTH, rounding=ROUND_CEILING),
    )


def worst(minima: Iterable[Minimum]) -> MinimumState:
    """Return the worst state of the minima that bind; met where there is none."""
    states = {one.state for one in minima if one.binding}
    return "missed" if "missed" in states else "open" if "open" in states else "met"


# ---- what is still possible ---------------------------------------------------------------------------------------


def with_the_rest(work: TermWork, left: Left, months: Iterable[str], phases: Sequence[str], most: Decimal) -> TermWork:
    """Return the term as it would end if each day left were used to the full.

    A day has two half days, each a visit of one phase to one school, those first that were made least often. Of
    lessons and gatherings of every kind as many as are `most` wanted happen on the last day: how many a day can hold is
    no rule, and `a_week` tells what it would take. Summaries and reports still to write are written. Who has no school
    may still be given one.
    """
    if not left.days:
        return work
    if not work.schools:
        work = msgspec.structs.replace(work, schools=(ANY_SCHOOL,))
    last, enough = left.days[-1], range(max(1, int(most.to_integral_value(rounding=ROUND_CEILING))))
    schools = [one.id for one in work.schools]
    held = (
        Gathering(on=last, kind=kind, scope=reach, own_subject=own, organised=True)  # type: ignore[arg-type]
        for kind in _KINDS
        for reach in _REACHES
        for own in (True, False)
        for _ in enough
    )
    return msgspec.structs.replace(
        work,
        days=(*work.days, *_visits_to_come(work, left, phases)),
        lessons=(*work.lessons, *(LessonSeen(on=last, school=school) for school in schools for _ in enough)),
        gatherings=(*work.gatherings, *held),
        summaries=tuple(sorted({*work.summaries, *months})),
        reports=(*work.reports, *schools, None),
    )


def _visits_to_come(work: TermWork, left: Left, phases: Sequence[str]) -> Iterator[VisitDay]:
    """Half days for the rest of the term, each where and for what there is least as yet."""
    wanted = [(one.id, phase) for one in work.schools for phase in (phases or (None,))]
    made = Counter((one.school, one.phase) for one in work.days)
    for day in left.days:
        for _ in range(HALVES_A_DAY if wanted else 0):
            school, phase = min(wanted, key=lambda one: made[one])
            made[school, phase] += 1
            yield VisitDay(on=day, school=school, days=HALF, phase=phase)


# ---- what each number counts ----------------------------------------------------------------------------------------


def assess_sources(work: TermWork, sources: Mapping[str, Facts], judge: Judge) -> dict[str, tuple[str, ...]]:
    """Return for each measure the ids of what it counts, in order.

    `sources` holds the facts that each record brought, by the field of the term (`days`, `lessons`); two records that
    brought the same are judged once.
    """
    bare = msgspec.structs.replace(work, **dict.fromkeys(_FIELDS, ()))
    whole, nothing = _earned(judge(work)), _earned(judge(bare))
    found: dict[str, list[str]] = {measure: [] for measure in whole}
    told: dict[str, set[str]] = {}
    for id_ in sorted(sources):
        facts = sources[id_]
        key = repr(sorted(facts.items()))
        if key not in told:
            alone = _earned(judge(msgspec.structs.replace(bare, **facts)))
            without = _earned(judge(msgspec.structs.replace(work, **_less(work, facts))))
            told[key] = {one for one in whole if alone.get(one) != nothing.get(one) or without.get(one) != whole[one]}
        for measure in told[key]:
            found[measure].append(id_)
    return {measure: tuple(ids) for measure, ids in found.items()}


_FIELDS = ("days", "lessons", "gatherings", "summaries", "reports")


def _earned(findings: Iterable[Finding]) -> dict[str, Decimal | None]:
    return {one.measure: one.earned for one in findings}


def _less(work: TermWork, facts: Facts) -> dict[str, tuple[Any, ...]]:
    """What is left of the term's facts without those; each is taken out once."""
    rest: dict[str, tuple[Any, ...]] = {}
    for name, brought in facts.items():
        kept = list(getattr(work, name))
        for one in brought:
            kept.remove(one)
        rest[name] = tuple(kept)
    return rest
