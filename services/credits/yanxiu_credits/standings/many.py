"""Judge the period of a whole district by columns, and write the rows of its lists from them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from yanxiu_footing.registry_facts import Person
from yanxiu_rulekit.columns import StandingColumns
from yanxiu_rulekit.columns.number import Column
from yanxiu_rulekit.columns.standing import FindingColumn
from yanxiu_rulekit.facts import Teacher
from yanxiu_rulekit.numbers import plain
from yanxiu_wire.deadline import Deadline

from yanxiu_credits.prefecture.read_columns import read_people_in, twelve_months
from yanxiu_credits.sealing.kept_lines import lines_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch_state import State, put_rows, read_duties, save_batch, take_away
from yanxiu_credits.standings.judge import teacher_on
from yanxiu_credits.standings.known import last_fact
from yanxiu_credits.standings.rows import Duties, Figure, gap_of, next_change
from yanxiu_credits.store.ledger import last_seq

# Fewer are judged one by one: columns are read for everybody.
LEAST = 2000
ROWS = 5000


def worth_columns(state: State) -> bool:
    """Say whether so many are to be judged that reading everybody's lines pays."""
    return len(state.changed) >= LEAST and 2 * len(state.changed) >= state.everybody


@dataclass(slots=True)
class Places:
    """Where each teacher stands on the day, and when that changes: noted while the teachers are read."""

    state: State
    school: dict[str, str | None] = field(default_factory=dict)
    changes_on: dict[str, date | None] = field(default_factory=dict)

    def __call__(self, person: Person) -> Teacher:
        """Note the place and return what a rule may know of the teacher."""
        day, period = self.state.today, self.state.period
        self.school[person.id] = person.school_on(day) if person.at_work(day) else None
        self.changes_on[person.id] = next_change(person, day, period.end)
        return teacher_on(person, period, day)


async def judge_by_columns(service: Service, state: State, deadline: Deadline) -> None:
    """Judge everybody of the district in one state of the ledger, and write the rows in bounded transactions."""
    places, law = Places(state), state.law
    since, until = law.pack.lines_between(state.period, law.settings)
    async with service.databases.read(state.district) as conn:
        stamp = await last_seq(conn, state.district) + await last_fact(conn, state.district)
        people = await read_people_in(conn, state.district, places)
        lines = await lines_of(conn, service, state.district, twelve_months(since, until), people)
    columns = lines.knowing({one: facts for one, facts in people.items() if facts is not None})
    deadline.check()
    judged = await asyncio.to_thread(law.pack.standing_columns, state.period, columns, law.settings, today=state.today)
    async with service.databases.write(state.district, deadline) as conn:
        duties = Duties(await read_duties(conn, state))
        numbers = [duties.number(one) for one in judged.findings]
        await save_batch(conn, state, duties, complete=False)
        await take_away(conn, state, {*state.changed} - {*judged.teachers}, stamp)
    for low in range(0, len(judged), ROWS):
        rows = await asyncio.to_thread(rows_of, judged, numbers, places, low, min(low + ROWS, len(judged)))
        async with service.databases.write(state.district, deadline) as conn:
            await put_rows(conn, state, rows, stamp)


def rows_of(
    judged: StandingColumns, numbers: Sequence[int], places: Places, low: int, high: int
) -> list[dict[str, Any]]:
    """Return the rows of the teachers `low` to `high` (not included); `numbers` are those of the findings' duties."""
    mask = np.zeros(high - low, dtype=np.int64)
    figures: list[list[Figure]] = [[] for _ in range(high - low)]
    gaps = [0] * (high - low)
    for number, found in zip(numbers, judged.findings, strict=True):
        short = found.applies[low:high] & ~found.met[low:high]
        mask |= np.where(short, np.int64(1 << number), np.int64(0))
        figure = _Figures(found, number)
        for place in np.flatnonzero(short).tolist():
            one = figure.of(low + place)
            figures[place].append(one)
            gaps[place] = max(gaps[place], gap_of(one.threshold, one.earned, one.shortfall))
    texts = {name: _texts(getattr(judged, name), low, high) for name in _AMOUNTS}
    return [
        {
            "teacher": teacher,
            "school": places.school[teacher],
            "changes_on": places.changes_on[teacher],
            "verdict": judged.verdict_of(low + place),
            **{name: texts[name][place] for name in _AMOUNTS},
            "short_mask": int(mask[place]),
            "gap_ppm": gaps[place],
            "figures": msgspec.json.encode(figures[place]).decode(),
        }
        for place, teacher in enumerate(judged.teachers[low:high])
    ]


_AMOUNTS = ("hours", "credits", "recognised_hours", "recognised_credits")


class _Figures:
    """The exact figures of one requirement; equal ones, of which there are many, are made once."""

    def __init__(self, found: FindingColumn, number: int) -> None:
        self._found = found
        self._number = number
        self._made: dict[tuple[int, int | None, int], Figure] = {}

    def of(self, row: int) -> Figure:
        found = self._found
        unknown = found.earned.unknown
        earned = None if unknown is not None and unknown[row] else int(found.earned.values[row])
        key = (int(found.threshold.values[row]), earned, int(found.shortfall.values[row]))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Figure(
                self._number,
                found.operator,
                found.threshold.decimal(row) or Decimal(0),
                found.earned.decimal(row),
                found.shortfall.decimal(row) or Decimal(0),
                found.binding,
            )
        return made


def _texts(column: Column, low: int, high: int) -> Sequence[str]:
    """Return the amounts as exact text; each different one is written once."""
    _different, first, places = np.unique(column.values[low:high], return_index=True, return_inverse=True)
    written = [plain(column.decimal(low + int(row)) or Decimal(0)) for row in first]
    return [written[place] for place in places.tolist()]
