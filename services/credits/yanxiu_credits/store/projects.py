"""Training projects as they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.stored import canonical
from yanxiu_wire.credits import Project
from yanxiu_wire.process import Evidence

from yanxiu_credits.tables import project

VIEW = tuple(project.c[name] for name in Project.__struct_fields__)


def project_view(row: Mapping[Any, Any]) -> Project:
    """Return a stored project as it travels; the row may hold other columns too."""
    fields = {name: row[name] for name in Project.__struct_fields__}
    paper = fields["approval_document"]
    fields["approval_document"] = msgspec.json.decode(paper, type=Evidence) if paper is not None else None
    return Project(**{**fields, "facts": msgspec.json.decode(fields["facts"])})


async def add_project(conn: AsyncConnection, district: str, one: Project, *, proposed_by: str) -> None:
    """Store a new project."""
    await conn.execute(sa.insert(project).values(district=district, proposed_by=proposed_by, **_columns(one)))


async def change_project(conn: AsyncConnection, district: str, one: Project) -> None:
    """Store a project's new state; the caller holds the district's write transaction."""
    columns = _columns(one)
    await conn.execute(
        sa.update(project).where(project.c.district == district, project.c.id == one.id).values(**columns)
    )


async def read_project(conn: AsyncConnection, district: str, project_id: str) -> Project | None:
    """Return one project, or None."""
    return (await read_projects(conn, district, [project_id])).get(project_id)


async def proposer_of(conn: AsyncConnection, district: str, project_id: str) -> str | None:
    """Return who entered a project."""
    its = project.c
    return await conn.scalar(sa.select(its.proposed_by).where(its.district == district, its.id == project_id))


async def read_projects(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, Project]:
    """Return the projects that exist, by id, in one statement."""
    if not ids:
        return {}
    found = await conn.execute(
        sa.select(*VIEW).where(project.c.district == district, project.c.id.in_(list(dict.fromkeys(ids))))
    )
    return {row["id"]: project_view(row) for row in found.mappings()}


async def page_projects(
    conn: AsyncConnection,
    district: str,
    *,
    first: int,
    beyond: str | None,
    state: str | None,
    search: str | None,
    oldest_first: bool = False,
) -> tuple[list[Project], int]:
    """Return at most `first` projects `beyond` one of them, newest or oldest first, and how many match in all."""
    matching = [project.c.district == district]
    if state:
        matching.append(project.c.state == state)
    if search:
        matching.append(
            sa.or_(
                project.c.title.contains(search, autoescape=True), project.c.organiser.contains(search, autoescape=True)
            )
        )
    total = await conn.scalar(sa.select(sa.func.count()).select_from(project).where(*matching))
    # Ids are UUIDv7: their order is the order in which projects came in.
    its = project.c.id
    after = [] if beyond is None else [its > beyond if oldest_first else its < beyond]
    order = its if oldest_first else its.desc()
    rows = await conn.execute(sa.select(*VIEW).where(*matching, *after).order_by(order).limit(first))
    return [project_view(row) for row in rows.mappings()], int(total or 0)


def _columns(one: Project) -> dict[str, Any]:
    paper = canonical(one.approval_document) if one.approval_document is not None else None
    return {**msgspec.structs.asdict(one), "facts": canonical(one.facts), "approval_document": paper}
