"""The base-school programme as the law's facts have it, and how far schools and targets are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from yanxiu_rulekit.visitfacts import BaseSchool, ContestEntry, Programme
from yanxiu_rulekit.visits import Achievement, Target
from yanxiu_wire.programme import (
    Achieved,
    AchievementKind,
    BaseSchoolBatch,
    ContestHeld,
    ProgrammeEntry,
    SchoolAchievement,
    TargetHeld,
)


def until(entries: Iterable[ProgrammeEntry], as_of: date) -> list[ProgrammeEntry]:
    """Return the entries of what had happened by a day."""
    return [one for one in entries if day_of(one) <= as_of]


def day_of(entry: ProgrammeEntry) -> date:
    """Return the day on which it was reached, or held."""
    content = entry.content
    return content.reached_on if isinstance(content, Achieved) else content.held_on


def programme_of(batch: BaseSchoolBatch, entries: Sequence[ProgrammeEntry], ever: Iterable[str]) -> Programme:
    """Return a batch as the law's facts have it; what a school reached in an earlier batch it still has."""
    return Programme(
        schools=tuple(_school(id_, entries) for id_ in batch.schools),
        ever=tuple(_school(id_, entries) for id_ in sorted(set(ever) - set(batch.schools))),
        entries=tuple(_contests(one for one in entries if one.batch == batch.starts_on)),
        starts_on=batch.starts_on,
    )


def of_school(batch: BaseSchoolBatch, entries: Sequence[ProgrammeEntry], school: str) -> Programme:
    """Return the batch as if it had this school alone."""
    own = [one for one in entries if one.school == school]
    return Programme(
        schools=(_school(school, own),),
        entries=tuple(_contests(one for one in own if one.batch == batch.starts_on)),
        starts_on=batch.starts_on,
    )


def _school(school: str, entries: Iterable[ProgrammeEntry]) -> BaseSchool:
    days: dict[str, date] = {}
    for one in entries:
        if one.school == school and isinstance(one.content, Achieved):
            field = f"{one.content.kind.replace('-', '_')}_on"
            days[field] = min(days.get(field, date.max), one.content.reached_on)
    return BaseSchool(id=school, **days)


def _contests(entries: Iterable[ProgrammeEntry]) -> Iterable[ContestEntry]:
    for one in entries:
        if isinstance(one.content, ContestHeld):
            for entrant in one.content.entrants:
                if entrant.born_on is not None:
                    yield ContestEntry(
                        teacher=entrant.teacher,
                        born_on=entrant.born_on,
                        contest_on=one.content.held_on,
                        took_part=entrant.took_part,
                        won=bool(entrant.award.strip()),
                    )


def achievements_of(
    school: str, known: Iterable[Achievement], entries: Sequence[ProgrammeEntry]
) -> tuple[SchoolAchievement, ...]:
    """Return each thing that a school can reach, with since when it has and the entries that say so."""
    found = []
    for one in known:
        kind = cast("AchievementKind", one.kind.replace("_", "-"))
        saying = [
            entry
            for entry in entries
            if entry.school == school and isinstance(entry.content, Achieved) and entry.content.kind == kind
        ]
        since = min((day_of(entry) for entry in saying), default=None)
        ids = tuple(entry.id for entry in saying)
        found.append(
            SchoolAchievement(
                kind=kind, name=one.name, label_en=one.label_en, clauses=one.clauses, since=since, entries=ids
            )
        )
    return tuple(found)


def held(target: Target) -> TargetHeld:
    """Return a target as it travels."""
    one = target.finding
    return TargetHeld(
        clause=one.clause,
        measure=one.measure,
        label_zh=one.label_zh,
        label_en=one.label_en,
        unit=one.unit,
        aimed=one.threshold,
        reached=one.earned,
        to_go=one.shortfall,
        of=target.of,
        met=one.met,
        due_on=target.due_on,
    )
