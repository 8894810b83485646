"""From records to credited lines: each record judged by the law of its day, and put on the year it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yanxiu_rulekit import CreditLine, FactsRefused, Law, Step

from yanxiu_puer.counted import Counted, by_first_day, last_day_of, read_line, split_by_year, splits_by_log
from yanxiu_puer.credits import attributes, worth_of
from yanxiu_puer.facts import Record, RecordQuestion, first_day, hour_log, last_day, sound

# A record that earns nothing: its id if it has one, its place, and why.
Passed = tuple[str | None, int, Sequence[Step]]


def lines_of(records: Sequence[Record], years: Sequence[int], law: Law) -> list[Counted]:
    """Return what the records of these years earn, in their order, and tell which earn nothing.

    Records of other years are passed over, except induction, whose first year in post may cross the year end
    (PUER-10-4). Raises `FactsRefused` for a record without a date where several years are asked about, for one that
    contradicts itself, and for one that stands there twice.
    """
    refuse_repeated(records)
    lines: list[Counted] = []
    nothing: list[Passed] = []
    for index, record in enumerate(records):
        if not _belongs(sound(record, f"records[{index}]"), index, years, law):
            continue
        name = record.id or f"#{index + 1}"
        line, reasons = _line(record, name, _day(record, years, law), law)
        if line is None:
            nothing.append((record.id, index, reasons))
            continue
        parts = [read_line(part) for part in split_by_year(line, law)]
        lines += [part for part in parts if part.on.year in years or part.kind == "induction"]
    _tell(len(lines), nothing, law)
    return lines


def refuse_repeated(records: Sequence[Record]) -> None:
    """Raise `FactsRefused` for a record that stands there twice, to the letter: a training counts once.

    An id alone is only the asker's label: two trainings under one label are two trainings.
    """
    for index, record in enumerate(records):
        if record.id is not None and record in records[:index]:
            problem = f"the same as records[{records.index(record)}]; give each record once"
            raise FactsRefused(field=f"records[{index}].id", value=record.id, problem=problem)


def of_year(lines: Iterable[Counted], year: int) -> list[Counted]:
    """Return the lines of a calendar year, 1 January and 31 December included (PUER-F2-4-3b)."""
    return [line for line in lines if line.on.year == year]


def _belongs(record: Record, index: int, years: Sequence[int], law: Law) -> bool:
    if record.kind == "induction":
        return True
    if record.hours_by_year and splits_by_log(law):
        return any(year in years for year in hour_log(record))
    day = first_day(record) if by_first_day(law) else last_day(record)
    if day is None and len(years) > 1:
        raise FactsRefused(field=f"records[{index}].date", value=None, problem="missing; give the day of completion")
    return day is None or day.year in years


def _day(record: Record, years: Sequence[int], law: Law) -> date:
    day = first_day(record) if by_first_day(law) else last_day(record)
    return day or last_day_of(years[0])


def _line(record: Record, name: str, on: date, law: Law) -> tuple[CreditLine | None, Sequence[Step]]:
    question = RecordQuestion(record=record)
    own = law.quiet(law.on if record.kind == "induction" else last_day(record) or on)
    result = worth_of(record, own)
    if result["status"] != "COUNTED":
        return None, own.steps
    said = attributes(question, result)
    return CreditLine(id=name, on=on, hours=result["hours"], credits=result["total"], attributes=said), []


def _tell(count: int, nothing: list[Passed], law: Law) -> None:
    zh = "".join(
        f"{name or f'第{index + 1}条'}：{''.join(step.zh for step in steps)}" for name, index, steps in nothing
    )
    en = " ".join(
        f"{name or f'No. {index + 1}'}: {' '.join(step.en for step in steps)}" for name, index, steps in nothing
    )
    law.step(
        "records",
        count,
        unit="条",
        zh="计入{value}条记录" + (f"，不计{len(nothing)}条。{_literal(zh)}" if nothing else "。"),
        en="Records that count: {value}" + (f"; that do not: {len(nothing)}. {_literal(en)}" if nothing else "."),
        clauses=("PUER-F2-4-3b",),
    )


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
