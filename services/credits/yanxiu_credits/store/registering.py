"""What registering a training reads, in two statements made once: what is known, and where the ledger stands."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import rows_of
from yanxiu_footing.registry_facts import Person
from yanxiu_wire.codec import decode
from yanxiu_wire.credits import Project
from yanxiu_wire.registry import District
from yanxiu_wire.teacher import TeacherChanged

from yanxiu_credits.books.locks import closed_on
from yanxiu_credits.books.tables import lock_event, reversal
from yanxiu_credits.ledger import GENESIS
from yanxiu_credits.store.projects import VIEW, project_view
from yanxiu_credits.tables import district_fact, ledger_head, ledger_state, project, record, teacher_fact

_ONE = sa.select(sa.literal(1).label("one")).subquery()
_DISTRICT = sa.bindparam("district")

_KNOWN = sa.select(
    teacher_fact.c.body.label("teacher_body"),
    district_fact.c.body.label("district_body"),
    ledger_state.c.closed,
    *VIEW,
).select_from(
    _ONE.outerjoin(
        teacher_fact,
        sa.and_(teacher_fact.c.district == _DISTRICT, teacher_fact.c.teacher == sa.bindparam("teacher")),
    )
    .outerjoin(district_fact, district_fact.c.district == _DISTRICT)
    .outerjoin(ledger_state, ledger_state.c.district == _DISTRICT)
    .outerjoin(project, sa.and_(project.c.district == _DISTRICT, project.c.id == sa.bindparam("project")))
)

_corrected = record.alias("corrected")
_NEWEST = (
    sa.select(
        record.c.id, record.c.generation, record.c.entry, record.c.facts, record.c.status,
        record.c.micro_hours, record.c.micro_credits,
        reversal.c.why, reversal.c.integrity, _corrected.c.id.label("replaced_by"),
    )
    .select_from(
        record.outerjoin(
            reversal, sa.and_(reversal.c.district == record.c.district, reversal.c.record == record.c.id)
        ).outerjoin(
            _corrected, sa.and_(_corrected.c.district == record.c.district, _corrected.c.replaces == record.c.id)
        )
    )
    .where(
        record.c.district == _DISTRICT,
        record.c.teacher == sa.bindparam("teacher"),
        record.c.activity == sa.bindparam("activity"),
        record.c.kind == sa.bindparam("kind"),
    )
    .order_by(record.c.generation.desc())
    .limit(1)
    .subquery()
)  # fmt: skip

_CLOSED = sa.exists(
    sa.select(lock_event.c.id).where(
        closed_on(
            sa.bindparam("school"), sa.bindparam("on", type_=sa.Date), sa.bindparam("today", type_=sa.Date),
            teacher=sa.bindparam("teacher"), district=_DISTRICT,
        )
    )
)  # fmt: skip

_PLACE = sa.select(ledger_head.c.seq, ledger_head.c.hash, _CLOSED.label("locked"), _NEWEST).select_from(
    _ONE.outerjoin(ledger_head, ledger_head.c.district == _DISTRICT).outerjoin(_NEWEST, sa.true())
)


class Known(msgspec.Struct, frozen=True):
    """The teacher, the district and the project of a command, each None where unknown; whether the ledger is closed."""

    person: Person | None
    district: District | None
    project: Project | None
    closed: bool


class Standing(msgspec.Struct, frozen=True):
    """The newest record of an activity: its generation, its entry if it counted, and what it was found to be worth.

    `reversed_why` says that its entry was taken back, `integrity` by which finding of fraud, `replaced_by` which
    record corrects it.
    """

    record: str
    generation: int
    entry: int | None
    facts: str
    status: str
    micro_hours: int
    micro_credits: int
    reversed_why: str | None = None
    integrity: str | None = None
    replaced_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is in the ledger and nothing took it back."""
        return self.entry is not None and self.reversed_why is None


class DayOfWork(msgspec.Struct, frozen=True, kw_only=True):
    """The day of a training at a school, and the day on which it is entered: what locks are asked by."""

    district: str
    school: str | None
    on: date
    today: date


class Place(msgspec.Struct, frozen=True):
    """Where the ledger stands, whether the day is locked, and the newest record of the same activity, if any."""

    seq: int
    hash: str
    locked: bool
    standing: Standing | None


async def read_known(conn: AsyncConnection, district: str, teacher: str, project_id: str | None) -> Known:
    """Return what a registration needs to know, in one statement."""
    asked = {"district": district, "teacher": teacher, "project": project_id}
    (row,) = await rows_of(conn, _KNOWN, asked)
    changed = decode(TeacherChanged, row.teacher_body.encode()) if row.teacher_body else None
    return Known(
        # An empty history: the entry was taken back, there is no such teacher.
        person=Person(changed) if changed is not None and changed.history else None,
        district=_district(row.district_body) if row.district_body else None,
        project=_project(tuple(row[3:])) if row.id is not None else None,
        closed=bool(row.closed),
    )


# What many commands of a while have in common, read once as long as it stands there word for word.
@functools.lru_cache(maxsize=8)
def _district(body: str) -> District:
    return decode(District, body.encode())


@functools.lru_cache(maxsize=64)
def _project(row: tuple[Any, ...]) -> Project:
    return project_view(dict(zip(Project.__struct_fields__, row, strict=True)))


async def read_place(conn: AsyncConnection, day: DayOfWork, teacher: str, activity: str, kind: str) -> Place:
    """Return the head of the ledger, the record of the same activity and whether the day is locked; one statement."""
    asked = {
        "district": day.district, "school": day.school or "", "on": day.on, "today": day.today,
        "teacher": teacher, "activity": activity, "kind": kind,
    }  # fmt: skip
    (row,) = await rows_of(conn, _PLACE, asked)
    return Place(
        row.seq or 0, row.hash or GENESIS, bool(row.locked), Standing(*row[3:]) if row.id is not None else None
    )
