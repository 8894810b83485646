"""What the visits service asks of the base-school programme: what schools can reach, and how far its targets are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Achievement,
    Asked,
    ContestEntry,
    Law,
    Programme,
    Target,
    age_on,
    read_facts,
)
from yanxiu_rulekit.visitfacts import HonourLevel

from yanxiu_yueqing.targets import (
    ADVANCED,
    BASES,
    BRAND,
    FAMOUS,
    TARGETS,
    YOUNG,
    TargetsQuestion,
    hold_targets,
    reference_day,
)
from yanxiu_yueqing.words import LEVELS


def achievements(law: Law) -> tuple[Achievement, ...]:
    """YUEQING-3-1a to 3-2a: what counts towards a target; a base and a group from the city's level on."""
    levels: tuple[HonourLevel, ...] = tuple(ours for ours, theirs in LEVELS.items() if law.honour_levels[theirs])
    return (
        Achievement(
            kind="demonstration",
            name="学科研训“示范”基地",
            label_en="demonstration base",
            clauses=(BASES,),
            levels=levels,
        ),
        Achievement(kind="brand", name="特色品牌项目", label_en="brand project", clauses=(BRAND,)),
        Achievement(
            kind="advanced_group",
            name="学科先进教研组",
            label_en="advanced research group",
            clauses=(ADVANCED,),
            levels=levels,
            of="subject",
        ),
        Achievement(kind="famous_teacher", name="名优教师", label_en="famous teacher", clauses=(FAMOUS,), of="teacher"),
    )


def asked_of_programme(programme: Programme, law: Law) -> Iterator[Asked]:
    """Ask after the targets as they stand on the day by which they are due; of a later batch nothing is asked."""
    if _is_set(programme, law):
        yield Asked(kind="programme_targets", given=programme_facts(programme, law))


def programme_targets(programme: Programme, law: Law) -> tuple[Target, ...]:
    """Hold each target against what was reached; none where they were due before the batch began."""
    if not _is_set(programme, law):
        return ()
    question = read_facts(TargetsQuestion, programme_facts(programme, law))
    shares_of = {one.clause: one.of for one in TARGETS}
    wholes = {"base_schools": question.base_schools, "young_teachers": question.young_teachers}
    due = date.fromisoformat(law.targets_due)
    return tuple(
        Target(
            finding=one,
            due_on=due,
            of=_whole(wholes.get(shares_of[one.clause] or "")),
            counts="teachers" if one.clause == YOUNG else "schools",
        )
        for one in hold_targets(question, law)
    )


def _whole(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _is_set(programme: Programme, law: Law) -> bool:
    """G-Y09: the day by which the targets are due; the next batches want a day of their own."""
    return programme.starts_on is None or programme.starts_on <= date.fromisoformat(law.targets_due)


def programme_facts(programme: Programme, law: Law) -> Mapping[str, Any]:
    """Return the facts of the question: first days up to the day due, each school and each teacher once."""
    due = date.fromisoformat(law.targets_due)
    schools = {school.id: school for school in programme.schools}
    ever = {school.id: school for school in (*programme.ever, *programme.schools)}
    young = list(_young(programme.entries, due, law))
    return {
        "base_schools": len(schools),
        "demo_bases_by_2022_06_30": _reached((school.demonstration_on for school in ever.values()), due),
        "schools_with_brand": _reached((school.brand_on for school in schools.values()), due),
        "schools_with_advanced_group": _reached((school.advanced_group_on for school in schools.values()), due),
        "schools_with_famous_teacher": _reached((school.famous_teacher_on for school in schools.values()), due),
        "young_teachers": len(young),
        "young_participants": sum(1 for one in young if one.took_part),
        "young_winners": sum(1 for one in young if one.took_part and one.won),
    }


def _reached(days: Iterable[date | None], due: date) -> int:
    return sum(1 for day in days if day is not None and day <= due)


def _young(entries: Iterable[ContestEntry], due: date, law: Law) -> Iterator[ContestEntry]:
    """YUEQING-3-2b: each teacher once who was young enough at a contest up to the day due; any of these will do.

    Who was too old for a contest has no part in it, neither for him nor against him.
    """
    eligible: dict[str, ContestEntry] = {}
    for at, entry in enumerate(sorted(entries, key=lambda one: one.contest_on)):
        day = reference_day(entry.contest_on, law) or entry.contest_on
        if entry.contest_on > due or age_on(entry.born_on, day) > law.young_age:
            continue
        who = entry.teacher or f"#{at}"
        before = eligible.get(who)
        if before is None or (entry.took_part, entry.won) > (before.took_part, before.won):
            eligible[who] = entry
    yield from eligible.values()
