"""Judge a part's teachers under the present and the draft law: by columns, and with its reasons who differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
from yanxiu_footing.registry_facts import Person
from yanxiu_footing.stored import thaw
from yanxiu_rulekit import outcome
from yanxiu_rulekit.columns import LineBuilder, LineColumns, StandingColumns, standings_of
from yanxiu_rulekit.facts import Teacher
from yanxiu_wire.policy import Cause

from yanxiu_credits.laws import InForce
from yanxiu_credits.policy.lines import compared_by, figures, lines_after, lines_of, why_standing
from yanxiu_credits.policy.worth import Worth
from yanxiu_credits.standings.judge import judge, teacher_on

# Records whose worth changes: by id, with what the draft makes of each.
Changed = Mapping[str, tuple[Mapping[str, Any], Worth]]
# Making columns costs as much as judging so many teachers alone.
FEW = 12


class TwoLaws(msgspec.Struct, frozen=True, kw_only=True):
    """One period under two laws, as it is on a day."""

    period: outcome.Period
    present: InForce
    draft: InForce
    today: date


class Both(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's standing under both laws with all its figures; `why` is empty where nothing of it differs."""

    before: outcome.Standing
    after: outcome.Standing
    figures: tuple[Mapping[str, Any], Mapping[str, Any]]
    why: tuple[Cause, ...] = ()


def judge_both(
    laws: TwoLaws,
    people: Sequence[Person],
    rows: Sequence[Any],
    changed: Changed,
    causes: Mapping[str, Sequence[Sequence[Cause]]],
) -> dict[str, Both]:
    """Return every teacher's standings, by teacher.

    `rows` are lines of the ledger, those of one teacher together; `causes` are why records of a teacher changed.
    Whoever comes out alike has standings without steps; who does not is judged again by the judge that explains.
    Raises `RuleNotInForce`.
    """
    lines = {teacher: list(own) for teacher, own in groupby(rows, key=lambda row: row.teacher)}
    of_teacher: dict[str, dict[str, Any]] = {}
    for record, one in changed.items():
        of_teacher.setdefault(one[0]["teacher"], {})[record] = one
    alike = _alike(laws, people, rows, changed)
    found: dict[str, Both] = {}
    for person in people:
        both = alike.get(person.id)
        if both is None:
            own, moved = lines.get(person.id, []), of_teacher.get(person.id, {})
            both = _alone(laws, person, own, moved, causes.get(person.id, ()))
        found[person.id] = both
    return found


def judge_alone(
    laws: TwoLaws, person: Person, rows: Sequence[Any], changed: Changed
) -> tuple[outcome.Standing, outcome.Standing]:
    """Judge one teacher under both laws, with the explanation of each."""
    period, present, draft = laws.period, laws.present, laws.draft
    (first_now, last_now), (first, last) = (one.pack.lines_between(period, one.settings) for one in (present, draft))
    before = lines_of(row for row in rows if first_now <= row.on <= last_now)
    after = lines_after([row for row in rows if first <= row.on <= last], changed, first, last)
    return judge(present, period, before, person, laws.today), judge(draft, period, after, person, laws.today)


def _alone(
    laws: TwoLaws, person: Person, rows: Sequence[Any], changed: Changed, causes: Sequence[Sequence[Cause]]
) -> Both:
    before, after = judge_alone(laws, person, rows, changed)
    told = figures(before), figures(after)
    why = why_standing(before, after, causes) if told[0] != told[1] else ()
    return Both(before=before, after=after, figures=told, why=why)


def _alike(laws: TwoLaws, people: Sequence[Person], rows: Sequence[Any], changed: Changed) -> dict[str, Both]:
    """Return the teachers whom columns show to stand alike under both laws."""
    kind = laws.period.kind
    columned = all(one.pack.standing_rule(kind).columns is not None for one in (laws.present, laws.draft))
    if len(people) < FEW or not columned:
        return {}
    before, after = by_columns(laws, people, rows, changed)
    found: dict[str, Both] = {}
    own = range(len(people))
    for person, one, other in zip(people, standings_of(before, own), standings_of(after, own), strict=True):
        if compared_by(one) == compared_by(other):
            told = figures(one)
            found[person.id] = Both(before=one, after=other, figures=(told, told))
    return found


def by_columns(
    laws: TwoLaws, people: Sequence[Person], rows: Sequence[Any], changed: Changed
) -> tuple[StandingColumns, StandingColumns]:
    """Judge them all under both laws by columns; row `n` of each is the n-th of `people`."""
    present, draft = laws.present, laws.draft
    known = {one.id: teacher_on(one, laws.period, laws.today) for one in people}
    now = _columns(known, [(one.teacher, one.on, *_amounts(one)) for one in rows])
    then = _columns(known, _rows_after(rows, changed)) if changed else now
    before = present.pack.standing_columns(laws.period, now, present.settings, today=laws.today)
    return before, draft.pack.standing_columns(laws.period, then, draft.settings, today=laws.today)


def _columns(known: Mapping[str, Teacher], rows: Iterable[Any]) -> LineColumns:
    builder = LineBuilder(known, read=thaw)
    builder.add(rows)
    return builder.columns().knowing(known)


def _amounts(row: Any) -> tuple[int, int, str]:
    return row.micro_hours, row.micro_credits, row.attributes


def _rows_after(rows: Sequence[Any], changed: Changed) -> Iterable[Any]:
    """Give the lines as they would stand after an adoption: what is entered anew comes behind all others of its day."""
    for row in rows:
        if row.record not in changed:
            yield row.teacher, row.on, *_amounts(row)
    for _record, (row, worth) in sorted(changed.items(), key=lambda one: one[0]):
        if worth.status == "COUNTED":
            yield row["teacher"], row["on"], *_amounts(worth)
