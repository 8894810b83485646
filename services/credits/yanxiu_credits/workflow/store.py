"""Processes and their signatures as they are stored; every function works on a connection that it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.outcome import Period

from yanxiu_credits.ledger import GENESIS
from yanxiu_credits.tables import school_fact
from yanxiu_credits.workflow.signing import Signed, Stored
from yanxiu_credits.workflow.tables import delegation, process, process_project, signature


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A process as it is stored: natural key, period, the law it was opened under, and where it stands."""

    district: str
    id: str
    workflow: str
    carries: str
    school: str
    period: str
    kind: str | None
    label: str | None
    starts_on: date | None
    ends_on: date | None
    jurisdiction: str
    pack: str
    pack_version: str
    law_on: date
    state: str
    phase: str
    ended: bool
    version: int
    entered: date
    opened_on: date

    @property
    def its_period(self) -> Period | None:
        """The term or year that it is about."""
        if self.kind is None or self.starts_on is None or self.ends_on is None:
            return None
        return Period(kind=self.kind, label=self.label or "", start=self.starts_on, end=self.ends_on)


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation as it is stored."""

    district: str
    id: str
    from_subject: str
    role: str
    school: str | None
    to_subject: str
    workflows: tuple[str, ...]
    since: date
    until: date
    reason: str
    made_us: int
    ended_on: date | None = None
    ended_by: str | None = None

    def holds(self, today: date) -> bool:
        """Say whether it may be used today."""
        return self.ended_on is None and self.since <= today <= self.until


_COLUMNS = tuple(process.c[name] for name in Row.__struct_fields__)
_SIGNED = tuple(signature.c[name] for name in Signed.__struct_fields__)


def row_of(found: Mapping[Any, Any]) -> Row:
    """Return a row of the table as it is read."""
    return Row(**{name: found[name] for name in Row.__struct_fields__})


# ---- processes -------------------------------------------------------------------------------------------------


async def add_process(conn: AsyncConnection, one: Row) -> None:
    """Store a new process."""
    await conn.execute(sa.insert(process), msgspec.structs.asdict(one))


async def move_process(conn: AsyncConnection, one: Row) -> None:
    """Store where a process stands now; the caller holds the district's write transaction."""
    moved = {name: getattr(one, name) for name in ("state", "phase", "ended", "version", "entered")}
    await conn.execute(
        sa.update(process).where(process.c.district == one.district, process.c.id == one.id).values(**moved)
    )


async def read_process(conn: AsyncConnection, district: str, process_id: str) -> Row | None:
    """Return one process, or None; on a database with row locks it is held until the transaction ends."""
    found = await conn.execute(
        sa.select(*_COLUMNS).where(process.c.district == district, process.c.id == process_id).with_for_update()
    )
    row = found.mappings().first()
    return row_of(row) if row is not None else None


async def find_process(conn: AsyncConnection, district: str, workflow: str, school: str, period: str) -> Row | None:
    """Return the process of a natural key, or None."""
    found = await conn.execute(
        sa.select(*_COLUMNS).where(
            process.c.district == district,
            process.c.workflow == workflow,
            process.c.school == school,
            process.c.period == period,
        )
    )
    row = found.mappings().first()
    return row_of(row) if row is not None else None


async def read_processes(conn: AsyncConnection, seen: sa.ColumnElement[bool], ids: Sequence[str]) -> dict[str, Row]:
    """Return the visible processes among `ids`, by id, in one statement."""
    if not ids:
        return {}
    found = await conn.execute(sa.select(*_COLUMNS).where(seen, process.c.id.in_(list(dict.fromkeys(ids)))))
    return {row["id"]: row_of(row) for row in found.mappings()}


async def page_processes(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, before: str | None = None
) -> tuple[list[Row], int]:
    """Return at most `first` processes older than `before`, newest first, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(process).where(*where))
    after = [process.c.id < before] if before else []
    rows = await conn.execute(sa.select(*_COLUMNS).where(*where, *after).order_by(process.c.id.desc()).limit(first))
    return [row_of(row) for row in rows.mappings()], int(total or 0)


async def open_processes(conn: AsyncConnection, district: str, schools: Sequence[str] | None, most: int) -> list[Row]:
    """Return at most `most` processes that have not ended, of these schools (None: of all), oldest first."""
    where = [process.c.district == district, process.c.ended.is_(False)]
    if schools is not None:
        where.append(process.c.school.in_(schools))
    rows = await conn.execute(sa.select(*_COLUMNS).where(*where).order_by(process.c.id).limit(most))
    return [row_of(row) for row in rows.mappings()]


async def waiting_processes(
    conn: AsyncConnection, district: str, workflow: str, states: Sequence[str], period: str | None
) -> list[Row]:
    """Return the processes of a workflow that stand in one of these states, of a period's label if one is given."""
    its = process.c
    where = [its.district == district, its.workflow == workflow, its.state.in_(list(states)), its.ended.is_(False)]
    if period is not None:
        where.append(its.label == period)
    rows = await conn.execute(sa.select(*_COLUMNS).where(*where).order_by(its.id))
    return [row_of(row) for row in rows.mappings()]


async def processes_after(conn: AsyncConnection, district: str, after: str, most: int) -> list[Row]:
    """Return the next processes in the order of their ids."""
    rows = await conn.execute(
        sa.select(*_COLUMNS)
        .where(process.c.district == district, process.c.id > after)
        .order_by(process.c.id)
        .limit(most)
    )
    return [row_of(row) for row in rows.mappings()]


async def keys_there(conn: AsyncConnection, district: str, periods: Iterable[str]) -> set[tuple[str, str, str]]:
    """Return the (workflow, school, period) of the processes of these periods."""
    found = await conn.execute(
        sa.select(process.c.workflow, process.c.school, process.c.period).where(
            process.c.district == district, process.c.period.in_(list(periods))
        )
    )
    return {(row.workflow, row.school, row.period) for row in found}


# ---- projects of a process -------------------------------------------------------------------------------------


async def set_projects(conn: AsyncConnection, district: str, process_id: str, projects: Sequence[str]) -> None:
    """Name the projects that a process is about, in the place of those named before."""
    its = process_project.c
    await conn.execute(sa.delete(process_project).where(its.district == district, its.process == process_id))
    if projects:
        rows = [{"district": district, "process": process_id, "project": one} for one in dict.fromkeys(projects)]
        await conn.execute(sa.insert(process_project), rows)


async def projects_of(conn: AsyncConnection, district: str, processes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the projects of each process, in the order of their ids."""
    its = process_project.c
    rows = await conn.execute(
        sa.select(its.process, its.project)
        .where(its.district == district, its.process.in_(list(processes)))
        .order_by(its.project)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.process] = (*found.get(row.process, ()), row.project)
    return found


async def open_process_of(conn: AsyncConnection, district: str, project: str) -> Row | None:
    """Return a process under way that is about the project, or None."""
    its = process_project.c
    found = await conn.execute(
        sa.select(*_COLUMNS)
        .join(process_project, sa.and_(its.district == process.c.district, its.process == process.c.id))
        .where(its.district == district, its.project == project, process.c.ended.is_(False))
        .order_by(process.c.id)
        .limit(1)
    )
    row = found.mappings().first()
    return row_of(row) if row is not None else None


# ---- signatures ------------------------------------------------------------------------------------------------


async def add_signature(conn: AsyncConnection, signed: Signed, its_hash: str) -> None:
    """Store a signature; it is never changed."""
    await conn.execute(sa.insert(signature), {**msgspec.structs.asdict(signed), "hash": its_hash})


async def signatures_of(
    conn: AsyncConnection, district: str, processes: Sequence[str]
) -> dict[str, tuple[Stored, ...]]:
    """Return each process's signatures in their order, in one statement."""
    rows = await conn.execute(
        sa.select(*_SIGNED, signature.c.hash)
        .where(signature.c.district == district, signature.c.process.in_(list(processes)))
        .order_by(signature.c.process, signature.c.seq)
    )
    found: dict[str, list[Stored]] = {}
    for row in rows.mappings():
        signed = Signed(**{name: row[name] for name in Signed.__struct_fields__})
        found.setdefault(signed.process, []).append(Stored(signed, row["hash"]))
    return {name: tuple(chain) for name, chain in found.items()}


async def stray_signature(conn: AsyncConnection, district: str) -> str | None:
    """Return a process that is signed and no longer there, or None."""
    there = sa.exists().where(process.c.district == signature.c.district, process.c.id == signature.c.process)
    return await conn.scalar(sa.select(signature.c.process).where(signature.c.district == district, ~there).limit(1))


def head_of(chain: Sequence[Stored]) -> str:
    """Return the hash that the next signature continues."""
    return chain[-1].hash if chain else GENESIS


# ---- delegations -----------------------------------------------------------------------------------------------


async def add_delegation(conn: AsyncConnection, one: Mandate) -> None:
    """Store a new delegation."""
    await conn.execute(
        sa.insert(delegation),
        {**msgspec.structs.asdict(one), "workflows": msgspec.json.encode(one.workflows).decode()},
    )


async def end_delegation_row(conn: AsyncConnection, one: Mandate, *, on: date, by: str) -> None:
    """Store that a delegation has ended."""
    its = delegation.c
    await conn.execute(
        sa.update(delegation).where(its.district == one.district, its.id == one.id).values(ended_on=on, ended_by=by)
    )


async def read_delegations(conn: AsyncConnection, *where: sa.ColumnElement[bool]) -> list[Mandate]:
    """Return the delegations for which the conditions hold, newest first."""
    rows = await conn.execute(sa.select(delegation).where(*where).order_by(delegation.c.id.desc()).limit(1000))
    return [Mandate(**{**row, "workflows": tuple(msgspec.json.decode(row["workflows"]))}) for row in rows.mappings()]


async def schools_of(conn: AsyncConnection, district: str) -> list[str]:
    """Return the district's schools, by id."""
    its = school_fact.c
    found = await conn.execute(sa.select(its.school).where(its.district == district).order_by(its.school))
    return list(found.scalars())


async def school_exists(conn: AsyncConnection, district: str, school: str) -> bool:
    """Say whether the district has the school, as far as the copy of the registry's facts knows."""
    its = school_fact.c
    found = await conn.execute(sa.select(its.school).where(its.district == district, its.school == school))
    return found.first() is not None
