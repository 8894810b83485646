"""Whether a pack's formulas run as columns: for a whole prefecture at once, and exactly as they answer one at a time.

Records like those of the cases, and teachers who have such records, are answered both ways. What differs is a fault;
what gains nothing from columns is told too, since a prefecture would wait for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, Inexact
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.columns.building import LineBuilder
from yanxiu_rulekit.columns.lines import LineColumns
from yanxiu_rulekit.columns.records import AssessedColumns, Assessor, varying_facts
from yanxiu_rulekit.compare import told
from yanxiu_rulekit.decision import StandingRule
from yanxiu_rulekit.errors import FactsRefused, RulekitError, RuleNotInForce
from yanxiu_rulekit.facts import Teacher
from yanxiu_rulekit.numbers import from_micro, to_micro
from yanxiu_rulekit.outcome import Finding
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.problem import Problem

# Records of one kind that differ in their numbers alone, a little more each.
ALIKE = 12
TEACHERS = 12
_ENOUGH = 40  # records of the cases; more show no further formula

Record = tuple[date, Mapping[str, Any]]


@dataclass(frozen=True)
class _Place:
    """Where a function of the pack stands."""

    file: str
    line: int | None


def check_columns(pack: RulePack, home: Path, cases: Sequence[Case]) -> Iterator[Problem]:
    """Yield what keeps the credit rules of a pack from running as columns; a pack without credit rules has none."""
    if pack.credit is None:
        return
    place = _defined(pack.record_decision.answer, home)
    shown = list(_records(pack, cases))[:_ENOUGH]
    try:
        yield from _check_records(pack, place, shown)
    except Exception as error:  # noqa: BLE001 - a formula is foreign code: that it raises is what is told
        yield _raised(
            f"裁定 {pack.record_decision.kind}", f"the decision {pack.record_decision.kind!r}", error, home, place
        )
    for rule in pack.credit.standings:
        place = _defined(rule.judge, home)
        if rule.columns is None:
            yield _cannot(
                place,
                (
                    f"{rule.label_zh}（{rule.period}）只能一人一人地核算",
                    f"the period {rule.period!r} is judged one teacher at a time",
                ),
                ("给 StandingRule 写上 columns=ColumnRule(...)", "give its StandingRule columns=ColumnRule(...)"),
            )
            continue
        try:
            yield from _check_standing(pack, rule, _defined(rule.columns.judge, home), shown)
        except Exception as error:  # noqa: BLE001 - as above
            yield _raised(f"{rule.label_zh}（{rule.period}）", f"the period {rule.period!r}", error, home, place)


def _records(pack: RulePack, cases: Sequence[Case]) -> Iterator[tuple[Case, Record]]:
    """Yield the records of the cases that ask what one is worth, each with the day of its law."""
    kind = pack.record_decision.kind
    for case in cases:
        facts = case.given.get("record")
        if case.kind != kind or not isinstance(facts, Mapping):
            continue
        try:
            day = case.on or pack.record_decision.day(msgspec.convert({"record": facts}, pack.record_decision.facts))
        except msgspec.ValidationError:
            continue
        yield case, (day or pack.source.applies_from, facts)


def _check_records(pack: RulePack, place: _Place, shown: Sequence[tuple[Case, Record]]) -> Iterator[Problem]:
    numbers, _days = varying_facts(pack)
    for case, record in shown:
        many = _alike(record, numbers)
        found = Assessor(pack, case.settings, few=0).assess(many)
        for row, (on, facts) in enumerate(many):
            by_column, alone = _named(found.answer(row)), _named(_answer(pack, on, facts, case.settings))
            if by_column != alone:
                yield _differs(
                    place,
                    f"与用例“{case.id}”同类的记录 {_told(facts, numbers)}",
                    f"a record like the case {case.id!r}, {_told(facts, numbers)}",
                    by_column,
                    alone,
                )
                return
        if _gains_nothing(found):
            yield _cannot(
                place,
                (
                    f"与用例“{case.id}”只差数字的{len(many)}条记录不能按列核算",
                    f"{len(many)} records that differ from the case {case.id!r} in numbers alone cannot run as columns",
                ),
                (
                    "不要由数字做文本、用 int(...) 取整或另作 Decimal(...)；用 choose、whole_below、half_up 与四则运算",
                    "make no text, int() or Decimal() of a number; use choose, whole_below, half_up and arithmetic",
                ),
            )
            return


def _alike(record: Record, numbers: frozenset[str]) -> list[Record]:
    """Return the record and others that have a little more of each number."""
    on, facts = record
    varied = {name: value for name, value in facts.items() if name in numbers and _is_number(value)}
    if not varied:
        return [record]
    more = [Decimal(step) / ALIKE for step in range(ALIKE)]
    return [(on, {**facts, **{name: _plus(value, part) for name, value in varied.items()}}) for part in more]


def _plus(value: Any, part: Decimal) -> str:
    """Return a number and a part of 1, to the place that any regulation counts in."""
    return format((Decimal(str(value)) + part).quantize(Decimal("0.01")), "f")


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except ArithmeticError:
        return False


def _gains_nothing(found: AssessedColumns) -> bool:
    """Whether most records of one kind each took a way of their own."""
    return len(found) == ALIKE and found.paths + found.scalar > ALIKE / 2


def _answer(pack: RulePack, on: date, facts: Mapping[str, Any], settings: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the decision says of one record, in the words of the columns."""
    try:
        assessed = pack.assess(facts, on=on, settings=settings)
    except (FactsRefused, RuleNotInForce):
        return "UNREADABLE", 0, 0, {}, ()
    except Inexact:
        return "INEXACT", 0, 0, {}, ()
    reasons = tuple(map(str, assessed.decided.result.get("reasons", ())))
    try:
        amounts = to_micro(assessed.hours), to_micro(assessed.credits)
    except ValueError:
        return "INEXACT", 0, 0, {}, reasons
    return assessed.status, *amounts, assessed.attributes if assessed.status == "COUNTED" else {}, reasons


def _named(answer: tuple[Any, ...]) -> dict[str, Any]:
    status, hours, credit, attributes, reasons = answer
    amounts = {"hours": from_micro(hours), "credits": from_micro(credit)}
    return {"status": status, **amounts, "attributes": attributes, "reasons": reasons}


def _told(facts: Mapping[str, Any], numbers: frozenset[str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in facts.items() if name in numbers)


def _check_standing(
    pack: RulePack, rule: StandingRule, place: _Place, shown: Sequence[tuple[Case, Record]]
) -> Iterator[Problem]:
    for settings in _settings_of(shown):
        for day in _days_of(pack):
            period = pack.period(rule.period, day, settings)
            columns = _teachers(pack, shown, period.start, period.end)
            found = pack.standing_columns(period, columns, settings)
            first, last = pack.lines_between(period, settings)
            for row in range(len(columns.teachers)):
                lines = [line for line in columns.lines_of(row) if first <= line.on <= last]
                wanted = pack.standing(period, lines, columns.teacher(row), settings)
                by_column = {"verdict": found.verdict_of(row), **_figures(found, row), **_met(found.findings_of(row))}
                alone = {"verdict": wanted.verdict, **_figures(wanted), **_met(wanted.findings)}
                if by_column != alone:
                    zh = f"{rule.label_zh}（{period.label}）一名有{len(lines)}条记录的教师"
                    en = f"a teacher with {len(lines)} lines in {period.start} to {period.end}"
                    yield _differs(place, zh, en, by_column, alone)
                    return
            if found.scalar == len(columns.teachers):
                yield _cannot(
                    place,
                    (
                        f"{rule.label_zh}（{rule.period}）的列式没有核算任何人",
                        f"the columns of {rule.period!r} judge nobody",
                    ),
                    ("不要把每名教师都标出（mark）", "do not mark every teacher"),
                )
                return


def _settings_of(shown: Sequence[tuple[Case, Record]]) -> list[Mapping[str, Any]]:
    """Return no settings, and each other set under which a case asks."""
    found: list[Mapping[str, Any]] = [{}]
    for case, _record in shown:
        if case.settings not in found:
            found.append(case.settings)
    return found


def _days_of(pack: RulePack) -> list[date]:
    """Return a day under each state of the law: in its first year, and after each change."""
    changes = {dated.since for parameter in pack.parameters.values() for dated in parameter.values}
    return sorted({pack.source.applies_from + timedelta(days=200), *(day + timedelta(days=200) for day in changes)})


def _teachers(pack: RulePack, shown: Sequence[tuple[Case, Record]], first: date, last: date) -> LineColumns:
    """Return teachers with none, some or all of the counted records of the cases, on days of a period."""
    chance = random.Random(17)  # noqa: S311 - the same teachers on every run
    counted = []
    for _case, (on, facts) in shown:
        try:
            assessed = pack.assess(facts, on=on)
            amounts = to_micro(assessed.hours), to_micro(assessed.credits)
        except (RulekitError, ValueError, Inexact):
            continue
        if assessed.status == "COUNTED":
            counted.append((*amounts, msgspec.json.encode(assessed.attributes).decode()))
    names = [f"t{number}" for number in range(TEACHERS)]
    builder = LineBuilder(names)
    for number, name in enumerate(names):
        for _ in range(number * 2 if counted else 0):
            hours, credit, attributes = chance.choice(counted)
            on = first + timedelta(days=chance.randint(0, (last - first).days))
            builder.add([(name, on, hours, credit, attributes)])
    teachers = {name: Teacher(head_teacher=bool(number % 2)) for number, name in enumerate(names)}
    return builder.columns().knowing(teachers)


_AMOUNTS = ("hours", "credits", "recognised_hours", "recognised_credits")


def _figures(found: Any, row: int | None = None) -> dict[str, Any]:
    """Return the amounts of a standing, or those of a row of standings."""
    amounts = {name: getattr(found, name) for name in _AMOUNTS}
    return amounts if row is None else {name: one.decimal(row) for name, one in amounts.items()}


def _met(findings: Sequence[Finding]) -> dict[str, Any]:
    return {f"{one.clause} {one.measure}": (one.met, one.earned, one.shortfall) for one in findings}


def _defined(function: Any, home: Path) -> _Place:
    """Return where a function of the pack is written."""
    code = getattr(function, "__code__", None)
    if code is None or home.resolve() not in Path(code.co_filename).resolve().parents:
        return _Place(str(home / "__init__.py"), None)
    return _Place(str(home / Path(code.co_filename).resolve().relative_to(home.resolve())), code.co_firstlineno)


def _raised(zh: str, en: str, error: Exception, home: Path, place: _Place) -> Problem:
    """Tell an error at the pack's own line that it came from."""
    at = place
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename).resolve()
        if home.resolve() in file.parents:
            at = _Place(str(home / file.relative_to(home.resolve())), trace.tb_lineno)
        trace = trace.tb_next
    said = f"{type(error).__name__}: {error}"
    return _cannot(
        at,
        (f"{zh}按列核算时出错：{said}", f"{en} raises as columns: {said}"),
        (
            "公式里用 choose、half_up、whole_below 与四则运算",
            "use choose, half_up, whole_below and plain arithmetic there",
        ),
    )


def _cannot(place: _Place, said: tuple[str, str], remedy: tuple[str, str]) -> Problem:
    return Problem(
        code="NO_COLUMNS",
        file=place.file,
        line=place.line,
        zh=said[0],
        en=said[1],
        remedy_zh=remedy[0],
        remedy_en=remedy[1],
    )


def _differs(place: _Place, zh: str, en: str, by_column: Mapping[str, Any], alone: Mapping[str, Any]) -> Problem:
    """Tell the first figure that differs."""
    name = next(name for name in (*alone, *by_column) if by_column.get(name) != alone.get(name))
    as_columns, by_itself = (_shown(one.get(name)) for one in (by_column, alone))
    return Problem(
        code="COLUMNS_DIFFER",
        file=place.file,
        line=place.line,
        zh=f"{zh}：{name} 按列核算为 {as_columns}，逐一核算为 {by_itself}",
        en=f"{en}: {name} is {as_columns} as columns, {by_itself} alone",
        remedy_zh="两边用同一组度量、要求和 choose",
        remedy_en="let both sides use the same measures, requirements and choose",
    )


def _shown(value: Any) -> str:
    return "、".join(map(_shown, value)) if isinstance(value, tuple) else told(value)
