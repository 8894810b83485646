"""A made-up Pu'er district as its books hold it: teachers with 30 assessed records of one year each, in one chain."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from rich.console import Console
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import GENESIS, Entry, evidence_of, seal
from yanxiu_credits.policy.worth import Worth, worth_under
from yanxiu_credits.settings import Settings
from yanxiu_credits.store.facts import COPY
from yanxiu_credits.store.ledger import append_all
from yanxiu_credits.tables import record
from yanxiu_durable.databases import open_databases
from yanxiu_footing.stored import canonical
from yanxiu_rulekit import load_packs
from yanxiu_wire import credits as wire
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.deadline import Deadline

DISTRICT = "bench"
SINCE = date(2024, 1, 1)
EACH = 30
IN_A_SCHOOL = 80
_AT_ONCE = 500
_KNOWN = datetime(2024, 1, 1, tzinfo=UTC)
COURSES = (("network", "county"), ("network", "provincial"), ("central", "county"), ("school", "school"))
# What `canonical` writes of texts and truths, without looking for decimals.
_PLAIN = msgspec.json.Encoder(order="deterministic")
MARKS = ("55", "65", "75", "85", "95")


async def write(settings: Settings, teachers: int) -> None:
    """Write the district into databases that no service has open."""
    databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS)
    try:
        await databases.open_all()
        await databases.ensure(DISTRICT)
        bound = registry.PackBinding(pack="puer", since=SINCE)
        district = registry.District(
            id=DISTRICT, name_zh="测量（虚构）", name_en="Bench", bindings=(bound,), synthetic=True
        )
        head = (0, GENESIS)
        made = _Made()
        for low in range(0, teachers, _AT_ONCE):
            numbers = range(low, min(low + _AT_ONCE, teachers))
            async with databases.write(DISTRICT, Deadline.after(120)) as conn:
                facts: list[Any] = [] if low else [registry.DistrictChanged(district=district), *_schools(teachers)]
                await COPY.apply(conn, DISTRICT, [*facts, *map(_teacher, numbers)])
                rows, sealed = made.books(numbers, head)
                await append_all(conn, sealed)
                await conn.execute(sa.insert(record), rows)
                head = (sealed[-1][0].seq, sealed[-1][1])
    finally:
        await databases.close()


def district_in(settings: Settings, teachers: int, kept: Path | None, console: Console) -> None:
    """Write the district, or copy the one that stands in a folder from an earlier run; without one it is left there."""
    if kept is None or not kept.exists():
        begun = time.perf_counter()
        asyncio.run(write(settings, teachers))
        console.print(f"{teachers * EACH:,} records written in {time.perf_counter() - begun:.0f} s")
        if kept is not None:
            shutil.copytree(settings.data, kept)
    else:
        shutil.copytree(kept, settings.data)


def _teacher(number: int) -> wire_teacher.TeacherChanged:
    name, school = f"t{number:06}", _school(number)
    work = (wire_teacher.Employment(school=school, since=date(2015, 9, 1)),)
    told = wire_teacher.Teacher(
        id=name, staff_number=name, name="合成教师", hired_on=date(2000 + number % 20, 9, 1), school=school,
        employments=work,
        head_teacher_periods=((date(2023, 9, 1), None),) if number % 3 == 0 else (),
    )  # fmt: skip
    return wire_teacher.TeacherChanged(teacher=name, version=1, history=((date(2015, 9, 1), told),), recorded_at=_KNOWN)


def _schools(teachers: int) -> list[registry.SchoolChanged]:
    names = dict.fromkeys(map(_school, range(teachers)))
    return [registry.SchoolChanged(school=one, version=1, history=()) for one in names]


def _school(number: int) -> str:
    return f"school-{number // IN_A_SCHOOL:04}"


class _Made:
    """Records and their entries, seeded; what the law makes of equal facts is asked once."""

    def __init__(self) -> None:
        pack = load_packs().pack("puer")
        assert pack.credit is not None
        self._law = InForce(pack=pack, credit=pack.credit, settings={})
        self._worths: dict[Any, Worth] = {}
        self._chance = random.Random(5)  # noqa: S311 - made-up data, the same each time

    def books(self, numbers: range, head: tuple[int, str]) -> tuple[list[Any], list[tuple[Entry, str]]]:
        """Return the rows of these teachers' records, and their entries behind a head."""
        seq, previous = head
        rows: list[Any] = []
        sealed: list[tuple[Entry, str]] = []
        for row in (one for number in numbers for one in self._records(number)):
            if row["status"] == "COUNTED":
                seq += 1
                row["entry"] = seq
            row["evidence"] = evidence_of(row, {})
            rows.append(row)
            if row["entry"] is not None:
                entry = self._entry(row, seq, previous)
                previous = seal(entry)
                sealed.append((entry, previous))
        return rows, sealed

    def _records(self, number: int) -> Iterator[dict[str, Any]]:
        chance, credit = self._chance, self._law.credit
        diligent = 1 + number % 5
        for place in range(EACH):
            on = SINCE + timedelta(days=place * 12 + chance.randint(0, 11))
            (mode, level), hours = chance.choice(COURSES), chance.randint(1, 1 + diligent)
            facts = {"kind": "training", "mode": mode, "level": level, "hours_planned": str(hours)}
            facts |= {"score": chance.choice(MARKS), "project_approved": True, "project_approved_on": "2024-01-01"}
            if mode == "school":
                facts["project_credit"] = "0.7"
            worth = self._worth(on, facts)
            yield {
                "district": DISTRICT, "id": f"r{number:06}.{place:02}", "teacher": f"t{number:06}",
                "school": _school(number), "project": "p", "activity": f"a{place}", "kind": "training", "generation": 1,
                "on": on, "status": worth.status,
                "micro_hours": worth.micro_hours, "micro_credits": worth.micro_credits,
                "hours_unit": credit.hours_unit, "credits_unit": credit.credits_unit,
                "facts": _PLAIN.encode({**facts, "date": on.isoformat()}).decode(),
                "attributes": worth.attributes, "reasons": "[]", "entry": None,
                "registered_by": "bench", "recorded_us": 1, "replaces": None,
            }  # fmt: skip

    def _worth(self, on: date, facts: dict[str, Any]) -> Worth:
        key = tuple(facts.values())
        if key not in self._worths:
            given = {**facts, "date": on.isoformat()}
            self._worths[key] = worth_under(self._law, {"on": on, "project": "p", "facts": canonical(given)})
            if self._worths[key].refused:
                raise RuntimeError(f"the law refuses {facts}")
        return self._worths[key]

    def _entry(self, row: dict[str, Any], seq: int, previous: str) -> Entry:
        names = (
            "teacher",
            "activity",
            "generation",
            "on",
            "micro_hours",
            "micro_credits",
            "hours_unit",
            "credits_unit",
        )
        return Entry(
            district=DISTRICT, seq=seq, entry_id=f"e{seq}", record=row["id"], kind="registration", reverses=None,
            pack=self._law.pack.name, version=self._law.pack.version, evidence=row["evidence"], recorded_us=1,
            previous=previous, **{name: row[name] for name in names},
        )  # fmt: skip
