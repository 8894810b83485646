"""Columns and the judge that explains say the same of every teacher under both laws, for real laws and their drafts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.laws import InForce
from yanxiu_credits.policy import judge_both as judging
from yanxiu_credits.policy.judge_both import TwoLaws, by_columns, judge_alone, judge_both
from yanxiu_credits.policy.lines import effect, figures, why_standing
from yanxiu_credits.policy.worth import Worth
from yanxiu_footing.registry_facts import Person
from yanxiu_footing.stored import freeze
from yanxiu_rulekit.columns import standings_of
from yanxiu_rulekit.decision import StandingRule
from yanxiu_wire.policy import Cause
from yanxiu_wire.teacher import Teacher, TeacherChanged

from tests.columns.conftest import PACKS, Pool, Shown, lines_shown, shown_by, some_settings
from tests.examples import with_service

LAWS = ("puer", "putuo", "ouhai")
TEACHERS = 14
WHY = (Cause(clause="X", label="a record", before="1", after="2"),)


class Row(NamedTuple):
    """A line as the ledger gives it."""

    teacher: str
    record: str
    on: date
    micro_hours: int
    micro_credits: int
    attributes: str


class Case(NamedTuple):
    """A school's teachers and lines, and what a draft makes of some of its records."""

    laws: TwoLaws
    people: list[Person]
    rows: list[Row]
    changed: dict[str, Any]
    causes: dict[str, Any]

    def lines(self, teacher: str) -> tuple[list[Row], dict[str, Any]]:
        own = {key: one for key, one in self.changed.items() if one[0]["teacher"] == teacher}
        return [row for row in self.rows if row.teacher == teacher], own


@pytest.fixture(scope="module", params=LAWS)
def shown(request: pytest.FixtureRequest) -> Shown:
    return shown_by(PACKS[request.param])


@pytest.fixture(scope="module")
def pool(shown: Shown) -> Pool:
    return Pool(lines_shown(shown, random.Random(11)))


def person(name: str, chance: random.Random, start: date) -> Person:
    hired = start + timedelta(days=chance.randint(-4000, 200))
    led = (start + timedelta(days=chance.randint(-400, 400)), None)
    entry = Teacher(
        id=name, staff_number=name, name="-", hired_on=chance.choice((None, hired)),
        head_teacher_periods=(led,) if chance.random() < 0.5 else (),
    )  # fmt: skip
    since = start + timedelta(days=chance.choice((-900, -900, 30)))
    return Person(TeacherChanged(teacher=name, version=1, history=((since, entry),), recorded_at=datetime.now(UTC)))


def some_rows(pool: Pool, chance: random.Random, laws: TwoLaws) -> Iterator[Row]:
    days = (laws.period.end - laws.period.start).days
    for teacher in range(TEACHERS):
        for place in sorted(chance.randint(-40, days) for _ in range(chance.choice((0, 2, 12, 40)))):
            line = chance.choice(pool)
            on = laws.period.start + timedelta(days=place)
            record, attributes = f"r{teacher:02}.{chance.random()}", freeze(line.attributes)
            yield Row(f"t{teacher:02}", record, on, line.micro_hours, line.micro_credits, attributes)


def some_changes(pool: Pool, chance: random.Random, rows: list[Row]) -> Iterator[tuple[str, Any]]:
    """Records worth other amounts, nothing, or refused; and some that counted for nothing and now count."""
    for row in chance.sample(rows, len(rows) // 6):
        new = chance.choice(pool)
        counted = Worth(
            status="COUNTED", micro_hours=new.micro_hours, micro_credits=new.micro_credits,
            attributes=freeze(new.attributes),
        )  # fmt: skip
        worth = chance.choice((counted, counted, Worth(status="ZERO"), Worth(status="REJECTED")))
        record = row.record if chance.random() < 0.8 else f"zero-{row.record}"
        yield record, ({"teacher": row.teacher, "on": row.on}, worth)


def some_case(shown: Shown, pool: Pool, rule: StandingRule, chance: random.Random, *, draft: Any = None) -> Case:
    pack = shown.pack
    assert pack.credit is not None
    present, wanted = some_settings(pack, chance), some_settings(pack, chance)
    # A period that began before the law: the next one.
    day = pack.source.applies_from + timedelta(days=chance.randint(400, 1200))
    while (period := pack.period(rule.period, day, wanted)).start < pack.source.applies_from:
        day = period.end + timedelta(days=1)
    today = period.start + timedelta(days=chance.randint(0, 900))
    under = [
        InForce(pack=pack, credit=pack.credit, settings=one) for one in (present, wanted if draft is None else draft)
    ]
    laws = TwoLaws(period=period, present=under[0], draft=under[1], today=today)
    people = [person(f"t{number:02}", chance, period.start) for number in range(TEACHERS)]
    rows = list(some_rows(pool, chance, laws))
    changed = dict(some_changes(pool, chance, rows))
    causes = {one[0]["teacher"]: [WHY] for one in changed.values()}
    return Case(laws, people, rows, changed, causes)


@with_service(12)
@given(seed=st.integers(0, 2**32))
def test_columns_say_of_each_teacher_what_the_judge_says_alone(shown: Shown, pool: Pool, seed: int) -> None:
    assert shown.pack.credit is not None
    chance = random.Random(seed)
    for rule in shown.pack.credit.standings:
        case = some_case(shown, pool, rule, chance)
        both = judge_both(*case)
        columns = by_columns(case.laws, case.people, case.rows, case.changed)
        assert list(both) == [one.id for one in case.people]
        told_by_columns = [standings_of(side) for side in columns]
        for row, one in enumerate(case.people):
            alone = judge_alone(case.laws, one, *case.lines(one.id))
            told = tuple(figures(side) for side in alone)
            assert tuple(figures(side[row]) for side in told_by_columns) == told
            found = both[one.id]
            assert found.figures == told
            assert effect(found.before, found.after) == effect(*alone)
            wanted = why_standing(*alone, case.causes.get(one.id, ())) if told[0] != told[1] else ()
            assert found.why == wanted


def test_reasons_are_looked_for_only_where_something_differs(
    shown: Shown, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        judging, "judge_alone", lambda _laws, one, *_: asked.append(one.id) or judge_alone(_laws, one, *_)
    )
    assert shown.pack.credit is not None
    for rule in shown.pack.credit.standings:
        asked.clear()
        case = some_case(shown, pool, rule, random.Random(3))
        same = case._replace(
            laws=TwoLaws(
                period=case.laws.period, present=case.laws.present, draft=case.laws.present, today=case.laws.today
            ),
            changed={}, causes={},
        )  # fmt: skip
        assert all(not one.why and one.before == one.after for one in judge_both(*same).values())
        assert asked == []
        both = judge_both(*same._replace(changed=case.changed, causes=case.causes))
        moved = [name for name, one in both.items() if one.figures[0] != one.figures[1]]
        assert 0 < len(moved) < TEACHERS
        assert asked == moved
        assert all(WHY[0] in both[name].why for name in moved)
