"""A judged standing as a row of a list: what is short, exactly, and what the list is searched and sorted by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol

import msgspec
from yanxiu_footing.registry_facts import Person, places
from yanxiu_rulekit import outcome
from yanxiu_rulekit.facts import CreditLine
from yanxiu_rulekit.numbers import plain
from yanxiu_wire.standings import Duty, Shortfall, ShortfallRow

from yanxiu_credits.laws import InForce
from yanxiu_credits.standings.judge import judge

MOST_DUTIES = 62
_MILLION = 1_000_000


class Figure(msgspec.Struct, frozen=True, array_like=True):
    """One requirement that is not met: its place among the batch's duties, and its exact figures."""

    duty: int
    operator: str
    threshold: Decimal
    earned: Decimal | None
    shortfall: Decimal
    binding: bool


class Unnumbered(msgspec.Struct, frozen=True, kw_only=True):
    """A judged teacher before the batch has numbered the duties."""

    teacher: str
    school: str | None
    changes_on: date | None
    standing: outcome.Standing


def law_digest(law: InForce) -> str:
    """Return what tells one law from another: the pack, its version, and the district's settings."""
    said = msgspec.json.encode([law.pack.name, law.pack.version, law.settings], order="deterministic")
    return sha256(said).hexdigest()[:16]


def judged_rows(
    law: InForce,
    period: outcome.Period,
    people: Iterable[Person],
    lines: Mapping[str, tuple[CreditLine, ...]],
    today: date,
) -> list[Unnumbered]:
    """Judge the period of each; blocks, so a caller with many runs it in a thread. Raises `RuleNotInForce`."""
    day = min(period.end, today)
    return [
        Unnumbered(
            teacher=one.id,
            school=one.school_on(day) if one.at_work(day) else None,
            changes_on=next_change(one, day, period.end),
            standing=judge(law, period, lines.get(one.id, ()), one, today),
        )
        for one in people
    ]


def next_change(person: Person, day: date, end: date) -> date | None:
    """Return the first day after `day`, up to `end`, on which what is known of the person changes by itself."""
    days = [since for since, _entry in person.changed.history]
    for since, until, _school in places(person.changed):
        days.append(since)
        if until is not None and until < date.max:
            days.append(until + timedelta(days=1))
    days += [entry.hired_on for _since, entry in person.changed.history if entry.hired_on is not None]
    return min((one for one in days if day < one <= end), default=None)


class Named(Protocol):
    """What names a duty: a finding of one teacher, or the column of all."""

    @property
    def clause(self) -> str: ...  # noqa: D102
    @property
    def measure(self) -> str: ...  # noqa: D102
    @property
    def label_zh(self) -> str: ...  # noqa: D102
    @property
    def label_en(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102


class Duties:
    """The duties of a batch, numbered in the order in which they were first met with."""

    def __init__(self, known: Sequence[Duty]) -> None:
        self.known = list(known)
        self._numbers = {(one.clause, one.measure): number for number, one in enumerate(known)}

    def number(self, found: Named) -> int:
        """Return the number of a finding's duty; a new one gets the next."""
        key = (found.clause, found.measure)
        if key not in self._numbers:
            if len(self.known) >= MOST_DUTIES:
                raise ValueError(f"a period with more than {MOST_DUTIES} duties cannot be listed")
            self._numbers[key] = len(self.known)
            self.known.append(
                Duty(
                    clause=found.clause,
                    measure=found.measure,
                    label_zh=found.label_zh,
                    label_en=found.label_en,
                    unit=found.unit,
                )
            )
        return self._numbers[key]

    def mask(self, clause: str) -> int:
        """Return the bits of a clause's duties, 0 where none is known."""
        return sum(1 << number for number, one in enumerate(self.known) if one.clause == clause)


def numbered(one: Unnumbered, duties: Duties) -> dict[str, Any]:
    """Return the columns of a row; every duty is numbered, also one that is met."""
    judged = one.standing
    numbers = [(duties.number(found), found) for found in judged.findings]
    short = [(number, found) for number, found in numbers if not found.met]
    mask = 0
    for number, _found in short:
        mask |= 1 << number
    figures = [
        Figure(number, found.operator, found.threshold, found.earned, found.shortfall, found.binding)
        for number, found in short
    ]
    return {
        "teacher": one.teacher,
        "school": one.school,
        "changes_on": one.changes_on,
        "verdict": judged.verdict,
        "hours": plain(judged.hours),
        "credits": plain(judged.credits),
        "recognised_hours": plain(judged.recognised_hours),
        "recognised_credits": plain(judged.recognised_credits),
        "short_mask": mask,
        "gap_ppm": max((gap_of(one.threshold, one.earned, one.shortfall) for _number, one in short), default=0),
        "figures": msgspec.json.encode(figures).decode(),
    }


def gap_of(threshold: Decimal, earned: Decimal | None, shortfall: Decimal) -> int:
    """Return the shortfall in millionths of the threshold; all of it where there is nothing to take a share of."""
    if not threshold or earned is None:
        return _MILLION
    return int(shortfall * _MILLION // threshold)


def row_view(row: Any, duties: Sequence[Duty]) -> ShortfallRow:
    """Return a stored row as it travels."""
    return ShortfallRow(
        teacher=row.teacher,
        school=row.school,
        verdict=row.verdict,
        hours=Decimal(row.hours),
        credits=Decimal(row.credits),
        recognised_hours=Decimal(row.recognised_hours),
        recognised_credits=Decimal(row.recognised_credits),
        short=tuple(_shortfall(one, duties[one.duty]) for one in msgspec.json.decode(row.figures, type=list[Figure])),
    )


def _shortfall(one: Figure, duty: Duty) -> Shortfall:
    return Shortfall(
        clause=duty.clause,
        measure=duty.measure,
        label_zh=duty.label_zh,
        label_en=duty.label_en,
        unit=duty.unit,
        operator=one.operator,
        threshold=one.threshold,
        earned=one.earned,
        shortfall=one.shortfall,
        binding=one.binding,
    )
