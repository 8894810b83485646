"""A district's ledger from the database into columns: `python -m bench.prefecture_cold FOLDER [TEACHERS]`, as JSON.

The district is made up with the lines of `prefecture_data`, entered as registration leaves them: day after day, the
teachers mixed, ledger and record side by side, one line in five hundred taken back. What is read is checked to the
millionth against what was entered.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
import yanxiu_credits
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.prefecture.read_columns import read_columns
from yanxiu_credits.standings.judge import teacher_on
from yanxiu_durable.databases import Databases, open_databases
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_footing.stored import freeze
from yanxiu_rulekit.columns import load_segment
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.teacher import Employment, Teacher, TeacherChanged

from bench.prefecture_data import YEARS, facts_of, write
from bench.prefecture_engines import pack

DISTRICT = "bench"
MIGRATIONS = Path(yanxiu_credits.__file__).parent / "migrations"
TAKEN_BACK = 500
_AT_ONCE = 10_000
_HASH = "0" * 64
_SINCE = date(2015, 9, 1)


def name_of(number: int) -> str:
    """Return an id as long as a real one."""
    return str(uuid.UUID(int=number << 80 | 7 << 76 | 2 << 62))


def entered(folder: Path) -> Iterator[tuple[int, int, int, int, int]]:
    """Give (teacher, ordinal of the day, hours, credits, code) of every line in the order in which it was entered."""
    for year in YEARS:
        columns, _seal = load_segment(folder / f"{year}.npz")
        (part,) = columns.parts
        teacher = np.repeat(np.arange(len(columns.teachers)), np.diff(part.starts))
        order = np.lexsort((teacher * 7919 % 100_003, part.day))
        whole = (teacher, part.day, part.micro_hours, part.micro_credits, part.code)
        yield from zip(*(column[order].tolist() for column in whole), strict=True)


def texts_of(folder: Path) -> list[str]:
    """Return what the pack keeps of every kind of record, as registration writes it."""
    columns, _seal = load_segment(folder / f"{YEARS[0]}.npz")
    return [freeze({**said, "basic": Decimal(said["basic"])}) for said in columns.attributes]


async def fill(databases: Databases, folder: Path, count: int) -> dict[str, int]:
    """Enter everything; returns how many lines stand, with the sums of their millionths."""
    await databases.ensure(DISTRICT)
    tables, texts = metadata.tables, texts_of(folder)
    people = iter(range(count))
    while numbers := list(islice(people, _AT_ONCE)):
        async with databases.write(DISTRICT, Deadline.after(3600)) as conn:
            await conn.execute(sa.insert(tables["teacher_fact"]), [_teacher(number) for number in numbers])
    stand = {"lines": 0, "hours": 0, "credits": 0}
    seq = 0
    given = entered(folder)
    while lines := list(islice(given, _AT_ONCE)):
        records: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for line in lines:
            seq += 1
            records.append(_record(seq, line, texts))
            entries.append(_entry(seq, records[-1], "registration"))
            if seq % TAKEN_BACK:
                stand = {
                    "lines": stand["lines"] + 1,
                    "hours": stand["hours"] + line[2],
                    "credits": stand["credits"] + line[3],
                }
                continue
            seq += 1
            entries.append(_entry(seq, records[-1], "registration-reversal", reverses=entries[-1]["entry_id"]))
        async with databases.write(DISTRICT, Deadline.after(3600)) as conn:
            await conn.execute(sa.insert(tables["record"]), records)
            await conn.execute(sa.insert(tables["ledger"]), entries)
    async with databases.write(DISTRICT, Deadline.after(3600)) as conn:
        head = {"district": DISTRICT, "seq": seq, "hash": _HASH}
        await conn.execute(sa.insert(tables["ledger_head"]), head)
    return stand


def _teacher(number: int) -> dict[str, Any]:
    name, known = name_of(number), facts_of(number)
    work = Employment(school=name_of(number // 80), since=_SINCE)
    since = ((date(2015, 9, 1), None),) if known.head_teacher else ()
    teacher = Teacher(
        id=name, staff_number=name, name="", school=work.school, version=1, employments=(work,),
        hired_on=known.hired_on, head_teacher_periods=since,
    )  # fmt: skip
    changed = TeacherChanged(
        teacher=name, version=1, history=((_SINCE, teacher),), recorded_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    return {"district": DISTRICT, "teacher": name, "version": 1, "body": msgspec.json.encode(changed).decode()}


def _record(seq: int, line: tuple[int, int, int, int, int], texts: list[str]) -> dict[str, Any]:
    teacher, day, hours, credit, code = line
    facts = {"kind": "training", "hours_planned": str(hours // 10**6), "date": date.fromordinal(day).isoformat()}
    return {
        "district": DISTRICT, "id": name_of(10**9 + seq), "teacher": name_of(teacher), "school": name_of(teacher // 80),
        "project": None, "activity": f"activity {seq}", "kind": "record", "generation": 1,
        "on": date.fromordinal(day), "status": "COUNTED", "micro_hours": hours, "micro_credits": credit,
        "hours_unit": "学时", "credits_unit": "学分", "facts": json.dumps(facts), "attributes": texts[code],
        "reasons": "[]", "entry": seq, "evidence": _HASH, "registered_by": "bench", "recorded_us": seq,
    }  # fmt: skip


def _entry(seq: int, record: dict[str, Any], kind: str, reverses: str | None = None) -> dict[str, Any]:
    sign = 1 if reverses is None else -1
    return {
        "district": DISTRICT, "seq": seq, "entry_id": name_of(2 * 10**9 + seq), "teacher": record["teacher"],
        "record": record["id"], "activity": record["activity"], "kind": kind, "generation": 1, "on": record["on"],
        "micro_hours": sign * record["micro_hours"], "micro_credits": sign * record["micro_credits"],
        "hours_unit": "学时", "credits_unit": "学分", "reverses": reverses, "pack": "yanxiu-puer", "version": "2023.1",
        "evidence": _HASH, "recorded_us": seq, "previous": _HASH, "hash": _HASH,
    }  # fmt: skip


async def read(databases: Databases, stand: dict[str, int]) -> dict[str, float]:
    """Read everything once; returns seconds by the clock and of the processor."""
    period = pack().period("cycle", date(YEARS[0], 6, 1))
    begun, used = time.perf_counter(), time.process_time()
    told: list[tuple[int, int]] = []
    columns = await read_columns(
        databases, DISTRICT, period.start, period.end,
        known=lambda person: teacher_on(person, period, period.end),
        progress=lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    found = {
        "lines": len(columns),
        "hours": sum(int(part.micro_hours.sum(dtype=np.int64)) for part in columns.parts),
        "credits": sum(int(part.micro_credits.sum(dtype=np.int64)) for part in columns.parts),
    }
    if found != stand:
        raise RuntimeError(f"entered {stand}, read {found}")
    return {
        "seconds": seconds,
        "cpu": cpu,
        "pages": len(told),
        "lines": len(columns),
        "teachers": len(columns.teachers),
    }


async def main(folder: Path, count: int) -> None:
    """Fill a district that is not there yet, else read it, and print figures."""
    settings = DatabaseSettings(data=folder)
    databases = open_databases("credits", settings, metadata, MIGRATIONS)
    await databases.open_all()
    known = folder / "stand.json"
    try:
        if count:
            write(folder, count)
            begun = time.perf_counter()
            known.write_text(json.dumps(await fill(databases, folder, count)))
            print(json.dumps({"filled": time.perf_counter() - begun}))
            return
        found = await read(databases, json.loads(known.read_text()))
    finally:
        await databases.close()
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2] if len(sys.argv) > 2 else 0)))
