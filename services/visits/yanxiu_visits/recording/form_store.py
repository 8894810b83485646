"""Forms as they are stored: one draft each, and every published version for ever."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.forms import Form

from yanxiu_visits.recording.tables import form_draft, form_version
from yanxiu_visits.visiting.visit_store import put


async def put_draft(conn: AsyncConnection, district: str, draft: Form) -> None:
    """Store a draft in place of the one before."""
    await put(conn, form_draft, {"district": district, "name": draft.name, "body": encode(draft).decode()})


async def read_draft(conn: AsyncConnection, district: str, name: str) -> Form | None:
    """Return the draft of a form, or None when there is none."""
    its = form_draft.c
    body = await conn.scalar(sa.select(its.body).where(its.district == district, its.name == name))
    return decode(Form, body.encode()) if body is not None else None


async def read_drafts(conn: AsyncConnection, district: str) -> list[Form]:
    """Return every draft, by name."""
    its = form_draft.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.name))
    return [decode(Form, body.encode()) for body in found.scalars()]


async def add_version(conn: AsyncConnection, district: str, published: Form) -> None:
    """Keep a published version."""
    row = {"district": district, "name": published.name, "version": published.version}
    await conn.execute(sa.insert(form_version), {**row, "body": encode(published).decode()})


async def read_versions(conn: AsyncConnection, district: str, name: str | None = None) -> list[Form]:
    """Return every published version by name and version, the newest of each form marked as current."""
    its = form_version.c
    where = [its.district == district, *([its.name == name] if name is not None else [])]
    found = await conn.execute(sa.select(its.body).where(*where).order_by(its.name, its.version))
    forms = [decode(Form, body.encode()) for body in found.scalars()]
    newest = {one.name: one.version for one in forms}
    return [msgspec.structs.replace(one, current=newest[one.name] == one.version) for one in forms]


async def read_forms(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, Form]:
    """Return published versions by id (`lesson.2`)."""
    names = {one.rpartition(".")[0] for one in ids}
    found = [form for name in sorted(names) for form in await read_versions(conn, district, name)]
    return {one.id: one for one in found}
