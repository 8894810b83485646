"""Credited lines as a period is judged from them: typed, on their year, with modules and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import CreditLine, Law, cut_portion

from yanxiu_puer.wording import NOTHING, SCHOOL_MODULE

# A level below the county; everything else is county-and-above (G-P13, G-P30).
SCHOOL_LEVEL = "school"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One line as the year and the cycle see it: hours, credits and basic credits are what counts of it.

    `module` is one module or hours by module as registered, `self_chosen` what the record says (None: nothing),
    `logged` whether it has a log of hours by year, `begun_before` whether it began in an earlier year.
    """

    id: str
    on: date
    kind: str
    mode: str | None
    level: str | None
    hours: Decimal
    credits: Decimal
    basic: Decimal
    module: str | Mapping[str, Decimal] | None
    self_chosen: bool | None
    head_teacher_topic: bool
    studio: str | None = None
    work: str | None = None
    study_year: int | None = None
    logged: bool = False
    begun_before: bool = False
    induction_hours: Decimal = NOTHING
    practical_hours: Decimal = NOTHING


def read_line(line: CreditLine) -> Counted:
    """Return a line with the attributes that this pack gave it, whichever way they were stored."""
    said = line.attributes
    return Counted(
        id=line.id,
        on=line.on,
        kind=str(said.get("kind", "training")),
        mode=said.get("mode"),
        level=said.get("level"),
        hours=line.hours,
        credits=line.credits,
        basic=_exact(said.get("basic", line.credits)),
        module=said.get("module"),
        self_chosen=said.get("self_chosen"),
        head_teacher_topic=bool(said.get("head_teacher_topic", False)),
        studio=said.get("studio"),
        work=said.get("work"),
        study_year=None if said.get("study_year") is None else int(str(said["study_year"])),
        logged=bool(said.get("hours_by_year")),
        begun_before=bool(said.get("started_on")),
        induction_hours=_exact(said.get("induction_hours", NOTHING)),
        practical_hours=_exact(said.get("practical_hours", NOTHING)),
    )


def _exact(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def spread_of(line: Counted, law: Law) -> Mapping[str, Decimal]:
    """Return a line's weight by module: school-based is its own module (G-P29), nothing stated the default (G-P28)."""
    if line.mode == "school":
        return {SCHOOL_MODULE: line.hours}
    if isinstance(line.module, Mapping):
        return {str(name): _exact(part) for name, part in line.module.items()}
    return {line.module or law.art13_default_module: line.hours}


def splits_by_log(law: Law) -> bool:
    """Return whether the district divides a project over years by its log of hours (G-P38), in any of the words."""
    return law.year_attribution not in ("completion_date", "start_date")


def by_first_day(law: Law) -> bool:
    """Return whether the district puts a project on the year in which it began (G-P38)."""
    return law.year_attribution == "start_date"


def touched(on: date, attributes: Mapping[str, Any], law: Law) -> tuple[date, ...]:
    """Return a day of each year that a counted record changes (G-P38)."""
    line = CreditLine(id="", on=on, hours=NOTHING, credits=NOTHING, attributes=attributes)
    return tuple(part.on for part in split_by_year(line, law))


def split_by_year(line: CreditLine, law: Law) -> tuple[CreditLine, ...]:
    """Return a line on the years it belongs to: one, or several where the district splits by hour log (G-P38)."""
    began = line.attributes.get("started_on")
    if by_first_day(law) and began:
        own = {"id": line.id, "hours": line.hours, "credits": line.credits, "attributes": line.attributes}
        return (CreditLine(on=_day(began), **own),)
    log = line.attributes.get("hours_by_year")
    if not splits_by_log(law) or not log:
        return (line,)
    hours = {int(year): _exact(part) for year, part in log.items()}
    whole = sum(hours.values(), NOTHING)
    parts = spread_over(line.credits, hours.values(), law)
    basics = spread_over(_exact(line.attributes.get("basic", line.credits)), hours.values(), law)
    return tuple(
        CreditLine(
            id=line.id,
            on=min(max(line.on, date(year, 1, 1)), last_day_of(year)),
            hours=portion(line.hours, part, whole, law),
            credits=earned,
            attributes={**line.attributes, "basic": basic},
        )
        for (year, part), earned, basic in zip(hours.items(), parts, basics, strict=True)
    )


def last_day_of(year: int) -> date:
    """Return 31 December."""
    return date.max.replace(year=year)


def portion(amount: Decimal, part: Decimal, whole: Decimal, law: Law) -> Decimal:
    """Return amount * part / whole: exact where it ends, else cut (never raised) at the law's places for portions."""
    return cut_portion(amount, part, whole, int(law.portion_places))


def spread_over(amount: Decimal, weights: Iterable[Decimal], law: Law) -> list[Decimal]:
    """Return `amount` divided by weight so that the parts add up to it exactly; all 0 where there is no weight."""
    listed = list(weights)
    whole = sum(listed, NOTHING)
    parts: list[Decimal] = []
    reached, told = NOTHING, NOTHING
    for weight in listed:
        reached += weight
        upto = portion(amount, reached, whole, law) if reached != whole else amount
        parts.append(upto - told if whole else NOTHING)
        told = upto
    return parts


def scaled(line: Counted, hours: Decimal, law: Law) -> Counted:
    """Return the line with only `hours` of its hours, credits in proportion (what is cut by the yearly cap)."""
    if hours == line.hours:
        return line
    return replace(
        line,
        hours=hours,
        credits=portion(line.credits, hours, line.hours, law),
        basic=portion(line.basic, hours, line.hours, law),
    )


def is_county_above(line: Counted, law: Law) -> bool:
    """PUER-10-8, 10-9: of county level or above and not school-based (G-P13); degree study as the law says."""
    if line.kind == "degree":
        return law.degree_counts_as_county_above
    return line.mode != "school" and line.level != SCHOOL_LEVEL


def chosen_by_self(line: Counted, law: Law) -> bool:
    """PUER-8-2b, 8-3: self-chosen as registered; school-based unless it carries out a directive (G-P10, G-P11)."""
    if line.mode == "school":
        return law.school_based_is_self_chosen and line.self_chosen is not False
    if line.self_chosen is not None:
        return line.self_chosen
    return law.art13_self_chosen if line.kind in ("studio", "lecture", "contest", "research", "degree") else False
