"""Public lists, objections and notices as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.process import Objection, PublicLine

from yanxiu_credits.workflow.tables import notice, objection, public_line, publicity

# Notices read by one statement.
PART = 500


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a process was made public."""

    district: str
    process: str
    round: int
    teachers: int
    opened_on: date
    digest: str
    open: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a public list says of one teacher; amounts in millionths."""

    teacher: str
    verdict: str
    micro_hours: int
    micro_credits: int
    micro_recognised_hours: int
    micro_recognised_credits: int
    hours_unit: str
    credits_unit: str


# ---- publicity -------------------------------------------------------------------------------------------------


async def add_round(conn: AsyncConnection, one: Round, lines: Sequence[Line]) -> None:
    """Make a list public; its lines are never changed."""
    await conn.execute(sa.insert(publicity), msgspec.structs.asdict(one))
    key = {"district": one.district, "process": one.process, "round": one.round}
    if lines:
        await conn.execute(sa.insert(public_line), [{**key, **msgspec.structs.asdict(line)} for line in lines])


async def newest_rounds(conn: AsyncConnection, district: str, processes: Sequence[str]) -> dict[str, Round]:
    """Return each process's newest round."""
    its = publicity.c
    rows = await conn.execute(
        sa.select(publicity)
        .where(its.district == district, its.process.in_(list(processes)))
        .order_by(its.process, its.round)
    )
    return {row["process"]: Round(**row) for row in rows.mappings()}


async def close_rounds(conn: AsyncConnection, district: str, process: str) -> None:
    """Say that the publicity of a process is over."""
    its = publicity.c
    await conn.execute(
        sa.update(publicity).where(its.district == district, its.process == process, its.open).values(open=False)
    )


async def read_lines(conn: AsyncConnection, district: str, process: str, of: int) -> list[Line]:
    """Return the lines of a round in the order of teachers."""
    its = public_line.c
    rows = await conn.execute(
        sa.select(*(its[name] for name in Line.__struct_fields__))
        .where(its.district == district, its.process == process, its.round == of)
        .order_by(its.teacher)
    )
    return [Line(**row) for row in rows.mappings()]


async def page_lines(
    conn: AsyncConnection, one: Round, *, first: int, after: str | None, only: Sequence[str] | None = None
) -> tuple[list[PublicLine], int]:
    """Return at most `first` lines of a round after a teacher, and how many there are."""
    its = public_line.c
    where = [its.district == one.district, its.process == one.process, its.round == one.round]
    if only is not None:
        where.append(its.teacher.in_(only))
    total = await conn.scalar(sa.select(sa.func.count()).select_from(public_line).where(*where))
    beyond = [its.teacher > after] if after else []
    rows = await conn.execute(sa.select(public_line).where(*where, *beyond).order_by(its.teacher).limit(first))
    return [line_view(row) for row in rows], int(total or 0)


def line_view(row: Any) -> PublicLine:
    """Return a line as it travels."""
    return PublicLine(
        teacher=row.teacher,
        verdict=row.verdict,
        hours=from_micro(row.micro_hours),
        credits=from_micro(row.micro_credits),
        recognised_hours=from_micro(row.micro_recognised_hours),
        recognised_credits=from_micro(row.micro_recognised_credits),
        hours_unit=row.hours_unit,
        credits_unit=row.credits_unit,
    )


# ---- objections ------------------------------------------------------------------------------------------------


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """An objection as it is stored."""

    district: str
    id: str
    process: str
    teacher: str | None
    record: str | None
    text: str
    raised_by: str
    raised_on: date
    state: str = "open"
    reason: str | None = None
    settled_by: str | None = None
    settled_on: date | None = None
    reversed_entry: str | None = None

    @property
    def view(self) -> Objection:
        """The objection as it travels."""
        known = msgspec.structs.asdict(self)
        return Objection(**{name: known[name] for name in Objection.__struct_fields__})


async def add_objection(conn: AsyncConnection, one: Raised) -> None:
    """Store a new objection."""
    await conn.execute(sa.insert(objection), msgspec.structs.asdict(one))


async def settle(conn: AsyncConnection, one: Raised) -> None:
    """Store how an objection was settled."""
    its = objection.c
    settled = {name: getattr(one, name) for name in ("state", "reason", "settled_by", "settled_on", "reversed_entry")}
    await conn.execute(sa.update(objection).where(its.district == one.district, its.id == one.id).values(**settled))


async def read_objection(conn: AsyncConnection, district: str, objection_id: str) -> Raised | None:
    """Return one objection, or None."""
    its = objection.c
    row = (
        (await conn.execute(sa.select(objection).where(its.district == district, its.id == objection_id)))
        .mappings()
        .first()
    )
    return Raised(**row) if row is not None else None


async def objections_of(conn: AsyncConnection, district: str, processes: Sequence[str]) -> dict[str, list[Raised]]:
    """Return each process's objections, oldest first."""
    its = objection.c
    rows = await conn.execute(
        sa.select(objection).where(its.district == district, its.process.in_(list(processes))).order_by(its.id)
    )
    found: dict[str, list[Raised]] = {}
    for row in rows.mappings():
        found.setdefault(row["process"], []).append(Raised(**row))
    return found


# ---- notices ---------------------------------------------------------------------------------------------------


async def add_notices(conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Store what teachers are told; never changed."""
    if rows:
        await conn.execute(sa.insert(notice), list(rows))


async def told_of(conn: AsyncConnection, district: str, recognitions: Sequence[str]) -> list[Any]:
    """Return process and recognition of every notice of these recognitions, in parts of bounded size."""
    found: list[Any] = []
    its = notice.c
    for start in range(0, len(recognitions), PART):
        part = list(recognitions[start : start + PART])
        rows = await conn.execute(
            sa.select(its.process, its.recognition).where(its.district == district, its.recognition.in_(part))
        )
        found += rows.all()
    return found
