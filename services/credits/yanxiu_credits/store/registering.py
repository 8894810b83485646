"""What registering a training reads, in two statements made once: what is known, and where the ledger stands."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode
from yanxiu_wire.credits import Project
from yanxiu_wire.registry import District, TeacherChanged

from yanxiu_credits.ledger import GENESIS
from yanxiu_credits.store.facts import Person
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

_NEWEST = (
    sa.select(
        record.c.id, record.c.generation, record.c.entry, record.c.facts, record.c.status,
        record.c.micro_hours, record.c.micro_credits,
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

_PLACE = sa.select(ledger_head.c.seq, ledger_head.c.hash, _NEWEST).select_from(
    _ONE.outerjoin(ledger_head, ledger_head.c.district == _DISTRICT).outerjoin(_NEWEST, sa.true())
)


class Known(msgspec.Struct, frozen=True):
    """The teacher, the district and the project of a command, each None where unknown; whether the ledger is closed."""

    person: Person | None
    district: District | None
    project: Project | None
    closed: bool


class Standing(msgspec.Struct, frozen=True):
    """The newest record of an activity: its generation, its entry if it counts, and what it was found to be worth."""

    record: str
    generation: int
    entry: int | None
    facts: str
    status: str
    micro_hours: int
    micro_credits: int


class Place(msgspec.Struct, frozen=True):
    """Where the ledger stands, and the record that stands for the same activity already, if any."""

    seq: int
    hash: str
    standing: Standing | None


async def read_known(conn: AsyncConnection, district: str, teacher: str, project_id: str | None) -> Known:
    """Return what a registration needs to know, in one statement."""
    asked = {"district": district, "teacher": teacher, "project": project_id}
    row: Any = (await conn.execute(_KNOWN, asked)).mappings().one()
    changed = decode(TeacherChanged, row["teacher_body"].encode()) if row["teacher_body"] else None
    return Known(
        # An empty history: the entry was taken back, there is no such teacher.
        person=Person(changed) if changed is not None and changed.history else None,
        district=decode(District, row["district_body"].encode()) if row["district_body"] else None,
        project=project_view(row) if row["id"] is not None else None,
        closed=bool(row["closed"]),
    )


async def read_place(conn: AsyncConnection, district: str, teacher: str, activity: str, kind: str) -> Place:
    """Return the head of the ledger and the record of the same activity, in one statement."""
    asked = {"district": district, "teacher": teacher, "activity": activity, "kind": kind}
    row = (await conn.execute(_PLACE, asked)).one()
    return Place(row.seq or 0, row.hash or GENESIS, Standing(*row[2:]) if row.id is not None else None)
