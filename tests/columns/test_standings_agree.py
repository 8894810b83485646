"""Teachers judged as columns come out exactly as the pack's judge says of each, for every period of every pack."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_rulekit import Standing, Teacher, from_micro, to_micro
from yanxiu_rulekit.columns import LineBuilder, StandingColumns

TEACHERS = 12


def as_text(attributes: Any) -> str:
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True, default=str)


def some_teacher(chance: random.Random) -> Teacher:
    hired = date(chance.choice((2005, 2023, 2024, 2025, 2026)), chance.choice((1, 9)), 1)
    return Teacher(
        hired_on=chance.choice((None, hired)),
        first_year=chance.choice((None, None, None, True, False)),
        head_teacher=chance.random() < 0.5,
    )


def by_kind(lines: list[Any]) -> dict[str, list[Any]]:
    """Return lines apart by all that they say but amounts, so that what is rare among the cases is drawn as often."""
    kinds: dict[str, list[Any]] = {}
    for line in lines:
        said = {name: value for name, value in line.attributes.items() if not isinstance(value, Decimal)}
        kinds.setdefault(as_text(said), []).append(line)
    return kinds


def some_years(pool: list[Any], chance: random.Random, first: date, last: date) -> Any:
    """Return the columns of some teachers, from none to many lines each, some of them around the period's borders."""
    names = [f"t{number}" for number in range(TEACHERS)]
    builder = LineBuilder(names)
    days = (last - first).days
    usual = [line for line in pool if not {"studio", "work", "study_year", "hours_by_year"} & set(line.attributes)]
    kinds = list(by_kind(usual).values())
    chosen = [kind for kind in kinds if kind[0].attributes.get("self_chosen", True)]
    for name in names:
        diligent = chance.random() < 0.2
        for _ in range(60 + days // 5 if diligent else chance.choice((0, 1, 5, 20, 60))):
            some = chance.choice(chosen if chance.random() < 0.7 else kinds) if diligent else pool
            line = chance.choice(usual if some is pool and chance.random() < 0.9 else some)
            border = chance.random() < 0.1
            on = first + timedelta(days=chance.choice((0, days, -1, days + 1)) if border else chance.randint(0, days))
            amounts = (line.micro_hours, line.micro_credits)
            if chance.random() < 0.02:
                # Hours and credits that do not divide: what a cap cuts of them has more places than millionths.
                amounts = (7_000_000, 10_000_001)
            builder.add([(name, on, *amounts, as_text(line.attributes))])
    return builder.columns().knowing({name: some_teacher(chance) for name in names})


def told(standing: Standing) -> Any:
    amounts = (standing.hours, standing.credits, standing.recognised_hours, standing.recognised_credits)
    findings = [
        (one.clause, one.measure, one.met, one.shortfall, one.earned, one.threshold, one.binding, one.unit)
        for one in standing.findings
    ]
    return standing.verdict, amounts, findings


def told_by(found: StandingColumns, row: int) -> Any:
    amounts = tuple(
        getattr(found, name).decimal(row) for name in ("hours", "credits", "recognised_hours", "recognised_credits")
    )
    findings = [
        (one.clause, one.measure, one.met, one.shortfall, one.earned, one.threshold, one.binding, one.unit)
        for one in found.findings_of(row)
    ]
    return found.verdict_of(row), amounts, findings


def agree(pack: Any, kind: str, columns: Any, policy: dict[str, Any], day: date, today: date | None) -> StandingColumns:
    period = pack.period(kind, day, policy)
    found = pack.standing_columns(period, columns, policy, today=today)
    start, until = pack.lines_between(period, policy)
    for row in range(len(columns.teachers)):
        lines = [line for line in columns.lines_of(row) if start <= line.on <= until]
        wanted = pack.standing(period, lines, columns.teacher(row), policy, today=today)
        assert told_by(found, row) == told(wanted), (kind, policy, today, lines)
        # What is recognised is entered in the ledger, which knows nothing finer.
        for amount in (wanted.hours, wanted.credits, wanted.recognised_hours, wanted.recognised_credits):
            to_micro(amount)
    return found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_teachers_under_any_settings(shown: Any, pool: list[Any], settle: Callable[..., Any], seed: int) -> None:
    chance = random.Random(seed)
    for rule in shown.pack.credit.standings:
        policy = settle(shown.pack, chance)
        day = shown.pack.source.applies_from + timedelta(days=chance.randint(0, 1500))
        period = shown.pack.period(rule.period, day, policy)
        columns = some_years(pool, chance, period.start, period.end)
        today = chance.choice((None, period.start + timedelta(days=chance.randint(0, 900))))
        if period.start >= shown.pack.source.applies_from:
            agree(shown.pack, rule.period, columns, policy, day, today)


def test_every_requirement_is_seen_met_and_short_and_columns_judge_most(shown: Any, pool: list[Any]) -> None:
    chance = random.Random(5)
    for rule in shown.pack.credit.standings:
        day = shown.pack.source.applies_from + timedelta(days=200)
        period = shown.pack.period(rule.period, day)
        met: set[str] = set()
        short: set[str] = set()
        verdicts: set[str] = set()
        alone = 0
        for _ in range(12):
            columns = some_years(pool, chance, period.start, period.end)
            found = agree(shown.pack, rule.period, columns, {}, day, None)
            for row in range(TEACHERS):
                verdicts.add(found.verdict_of(row))
                for one in found.findings_of(row):
                    (met if one.met else short).add(one.measure)
            alone += found.scalar
        asked = {one.measure for one in found.findings}
        assert met == asked
        assert short == asked
        assert not asked or {"PASS", "FAIL"} <= verdicts
        assert alone < 12 * TEACHERS / 2, "the columns hardly judged anybody"


def test_a_sum_that_64_bits_do_not_hold_is_judged_one_at_a_time(shown: Any, pool: list[Any]) -> None:
    rule = shown.pack.credit.standings[0]
    day = shown.pack.source.applies_from + timedelta(days=200)
    period = shown.pack.period(rule.period, day)
    builder = LineBuilder(["rich", "poor"])
    uncapped = next(line for line in pool if line.attributes.get("mode") != "school")
    builder.add([("rich", period.start, 10**15, 9 * 10**15, as_text(uncapped.attributes))] * 3)
    found = agree(shown.pack, rule.period, builder.columns(), {}, day, None)
    assert found.scalar == 2
    assert found.credits.decimal(0) == 3 * from_micro(9 * 10**15)
