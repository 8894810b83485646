"""What counts of a period's lines: one role per studio, one award per work, a year of study once, capped hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from yanxiu_rulekit import Law

from yanxiu_puer.counted import Counted, portion, scaled, spread_over
from yanxiu_puer.measures import SCHOOL_CAP
from yanxiu_puer.wording import NOTHING


def without_overlaps(lines: Iterable[Counted], law: Law) -> list[Counted]:
    """Drop lower roles in one studio (G-P22) and lower awards of one work (G-P25), unless the district adds them."""
    kept = list(lines)
    if any(line.studio for line in kept) and law.studio_overlap == "highest_per_studio":
        kept = _highest(kept, lambda line: line.studio)
    if any(line.work for line in kept) and law.same_work == "highest":
        kept = _highest(kept, lambda line: line.work)
    return kept


def without_repeated_study(lines: Iterable[Counted], law: Law) -> list[Counted]:
    """PUER-13-5 (G-P27): a year of study is entered once, and so many years at most; the earliest entries count.

    An entry that does not say which year of study it is stands for the one of its calendar year.
    """
    kept = list(lines)
    entries = sorted((line for line in kept if line.kind == "degree"), key=lambda line: line.on)
    if not entries:
        return kept
    counts: dict[tuple[str, int], str] = {}
    for line in entries:
        if len(counts) < law.degree_max_years:
            counts.setdefault(_study(line), line.id)
    good = [line for line in kept if line.kind != "degree" or counts.get(_study(line)) == line.id]
    _tell_study(len(kept) - len(good), law)
    return good


def _study(line: Counted) -> tuple[str, int]:
    return ("study", line.study_year) if line.study_year is not None else ("calendar", line.on.year)


def _tell_study(dropped: int, law: Law) -> None:
    if dropped:
        law.step(
            "degree",
            dropped,
            unit="条",
            zh="学历提高教育同一学习年度只登记一次，最多登记{most}年：{value}条不计。",
            en="A year of degree study is entered once, and {most} years at most: entries not counted: {value}.",
            clauses=("PUER-13-5",),
            most=law.degree_max_years,
        )


def _highest(lines: list[Counted], key: Callable[[Counted], str | None]) -> list[Counted]:
    best: dict[str, int] = {}
    for index, line in enumerate(lines):
        name = key(line)
        if name is not None and (name not in best or _rank(line) > _rank(lines[best[name]])):
            best[name] = index
    return [line for index, line in enumerate(lines) if (name := key(line)) is None or best[name] == index]


def _rank(line: Counted) -> tuple[Decimal, Decimal]:
    return line.credits, line.hours


def capped(lines: Iterable[Counted], law: Law) -> list[Counted]:
    """PUER-F3-3-2: count school-based hours up to the yearly cap, in the district's order; the rest is not a fault.

    `chronological` fills the cap by date, `best_credits_first` by credits per hour, `proportional` cuts every
    school-based line alike.
    """
    kept = list(lines)
    school = [index for index, line in enumerate(kept) if SCHOOL_CAP.counts(line, law)]
    room: Decimal = law.school_hours_cap
    if sum((kept[index].hours for index in school), NOTHING) <= room:
        return kept
    if law.cap_order == "proportional":
        for index, line in zip(school, _cut_alike([kept[index] for index in school], law), strict=True):
            kept[index] = line
        return kept
    school.sort(key=lambda index: kept[index].on)
    if law.cap_order == "best_credits_first":
        school.sort(key=lambda index: -_rate(kept[index]))
    for index in school:
        counts = min(kept[index].hours, room)
        kept[index] = scaled(kept[index], counts, law)
        room -= counts
    return kept


def _rate(line: Counted) -> Fraction:
    return Fraction(line.credits) / Fraction(line.hours) if line.hours else Fraction(0)


def _cut_alike(lines: list[Counted], law: Law) -> list[Counted]:
    hours = [line.hours for line in lines]
    parts = zip(
        lines,
        spread_over(law.school_hours_cap, hours, law),
        _cut([line.credits for line in lines], hours, law),
        _cut([line.basic for line in lines], hours, law),
        strict=True,
    )
    return [replace(line, hours=counts, credits=earned, basic=basic) for line, counts, earned, basic in parts]


def _cut(amounts: list[Decimal], hours: list[Decimal], law: Law) -> list[Decimal]:
    total = portion(sum(amounts, NOTHING), law.school_hours_cap, sum(hours, NOTHING), law)
    return spread_over(total, amounts, law)
