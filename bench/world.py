"""The data of the benchmark: 20 schools x 50 teachers x 12 records, the same credits in both stacks."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from yanxiu_wire import credits as credit
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.process import Evidence
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

SCHOOLS = 20
TEACHERS_EACH = 50
RECORDS_EACH = 12
COURSES = 12
DISTRICT = "bench"
FIRST_DAY = date(2024, 3, 1)
# A lecture at county level counts 4 credits an hour under Pu'er's law; the peer is given the product.
LECTURE_CREDITS = 4

OPERATOR = Caller(subject="bench", role="platform-operator", district=PLATFORM)
OFFICER = Caller(subject="bench", role="district-officer", district=DISTRICT)
INSTITUTE = Caller(subject="bench-institute", role="institute-officer", district=DISTRICT)
NOTICE = Evidence(title="测量课程的批准（虚构）", reference="虚构〔2024〕1号", sha256="b" * 64)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Ids in Yanxiu of the schools, teachers and courses, in the order in which the peer holds them."""

    schools: tuple[str, ...]
    teachers: tuple[str, ...]
    courses: tuple[str, ...]


def records() -> list[tuple[int, date, int]]:
    """Return (teacher number, day, hours) of every record entered beforehand."""
    return [
        (teacher, FIRST_DAY + timedelta(days=20 * k), 1 + (teacher + k) % 4)
        for teacher in range(SCHOOLS * TEACHERS_EACH)
        for k in range(RECORDS_EACH)
    ]


async def enter(bus: Bus, *, schools_in_all: int = SCHOOLS, with_records: bool = True) -> World:
    """Enter everything through the services' own commands and return the ids; without records, the people alone."""
    await _ask(
        bus,
        registry.CREATE_DISTRICT,
        registry.CreateDistrict(
            caller=OPERATOR, key="bench-district", name_zh="测量（虚构）", name_en="Bench (synthetic)", synthetic=True
        ),
    )
    binding = registry.BindRulePack(caller=OPERATOR, key="bench-binding", pack="puer", since=date(2024, 1, 1))
    await _ask(bus, registry.BIND_RULE_PACK, binding)
    schools = [await _ask(bus, registry.CREATE_SCHOOL, _school(number)) for number in range(schools_in_all)]
    teachers = await _each(
        bus,
        wire_teacher.CREATE_TEACHER,
        [_teacher(schools[number // TEACHERS_EACH].id, number) for number in range(schools_in_all * TEACHERS_EACH)],
    )
    courses = [await _course(bus, number) for number in range(COURSES)]
    ids = tuple(teacher.id for teacher in teachers)
    await _each(
        bus,
        credit.REGISTER_TRAINING,
        [
            credit.RegisterTraining(
                caller=OFFICER,
                key=f"bench-{teacher}-{on}",
                teacher=ids[teacher],
                on=on,
                facts={"kind": "lecture", "level": "county", "class_hours": str(hours)},
            )
            for teacher, on, hours in (records() if with_records else ())
        ],
    )
    return World(schools=tuple(one.id for one in schools), teachers=ids, courses=tuple(one.id for one in courses))


def enter_peer(database: Path, world: World) -> None:
    """Write the same schools, teachers and credits into the peer's file, keyed by the same ids."""
    connection = sqlite3.connect(database)
    connection.executescript("""
        pragma journal_mode=wal;
        create table school (code text primary key, name text not null);
        create table teacher (id text primary key, school text not null, name text not null, title text);
        create index teacher_school on teacher (school);
        create table entry (id integer primary key autoincrement, teacher text not null, completed_on text not null,
            hours_micro integer not null, credits_micro integer not null, status text not null default 'COUNTED',
            unit text not null default '学分');
        create index entry_teacher on entry (teacher);
    """)
    connection.executemany("insert into school values (?, ?)", [(one, one) for one in world.schools])
    connection.executemany(
        "insert into teacher (id, school, name) values (?, ?, ?)",
        [(one, world.schools[number // TEACHERS_EACH], name_of(number)) for number, one in enumerate(world.teachers)],
    )
    connection.executemany(
        "insert into entry (teacher, completed_on, hours_micro, credits_micro) values (?, ?, ?, ?)",
        [
            (world.teachers[teacher], on.isoformat(), hours * 10**6, hours * LECTURE_CREDITS * 10**6)
            for teacher, on, hours in records()
        ],
    )
    connection.commit()
    connection.execute("analyze")
    connection.commit()
    connection.close()


def name_of(number: int) -> str:
    """Return a made-up name that says so."""
    return f"虚构{number:04d}"


def _school(number: int) -> registry.CreateSchool:
    return registry.CreateSchool(
        caller=OFFICER,
        key=f"bench-school-{number}",
        code=f"B{number:02d}",
        name=f"测量{number:02d}校",
        stage="primary",
        location="town",
        opened_on=date(2000, 9, 1),
    )


def _teacher(school: str, number: int) -> wire_teacher.CreateTeacher:
    return wire_teacher.CreateTeacher(
        caller=OFFICER,
        key=f"bench-teacher-{number}",
        staff_number=f"B{number:04d}",
        name=name_of(number),
        school=school,
        employed_since=date(2010, 9, 1),
        hired_on=date(2010, 9, 1),
    )


async def _course(bus: Bus, number: int) -> credit.Project:
    proposed = await _ask(
        bus,
        credit.PROPOSE_PROJECT,
        credit.ProposeProject(
            caller=INSTITUTE,
            key=f"bench-course-{number}",
            title=f"测量课程{number}",
            organiser="测量（虚构）",
            facts={"mode": "network", "level": "provincial", "project_credit": "1", "hours_planned": "8"},
        ),
    )
    return await _ask(
        bus,
        credit.DECIDE_PROJECT,
        credit.DecideProject(
            caller=OFFICER,
            key=f"bench-approval-{number}",
            project=proposed.id,
            approve=True,
            on=FIRST_DAY,
            document=NOTICE,
        ),
    )


async def _each(bus: Bus, endpoint: Any, requests: list[Any]) -> list[Any]:
    slots = asyncio.Semaphore(16)

    async def one(request: Any) -> Any:
        async with slots:
            return await _ask(bus, endpoint, request)

    return await asyncio.gather(*(one(request) for request in requests))


async def _ask(bus: Bus, endpoint: Any, request: Any) -> Any:
    reply = await bus.call(endpoint, request, district=DISTRICT)
    if isinstance(reply, Refused):
        raise RuntimeError(f"{endpoint}: {reply.errors[0].message_en} ({reply.errors[0].field})")
    return reply
