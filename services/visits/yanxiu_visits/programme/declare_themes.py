"""Set a school's themes of a school year down, and file them with the district."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import CHINA
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.themes import DeclareThemes, FileThemes, SchoolThemes, ThemesDeclared

from yanxiu_visits import refusals as general
from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.assess_themes import assess_themes
from yanxiu_visits.programme.theme_ground import Ground, read_ground
from yanxiu_visits.programme.theme_store import add_themes, read_themes
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service

Change = DeclareThemes | FileThemes


async def declare_themes(
    service: Service, district: str, command: DeclareThemes, deadline: Deadline
) -> SchoolThemes | Refused:
    """Declare; kept whatever the law says of them, which the answer tells. What was filed is to be filed anew."""
    refused = assess_themes(command)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> SchoolThemes | Refused:
        found = await _as_seen(service, conn, district, command)
        if isinstance(found, Refused):
            return found
        ground, _before = found
        known = {one.id for one in ground.groups_of(command.school)}
        for at, one in enumerate(command.own):
            if one.group not in known:
                return refusals.group_unknown(one.group, f"own[{at}].group")
        made = ThemesDeclared(
            version=command.expected_version + 1,
            common=tuple(title.strip() for title in command.common),
            own=tuple(msgspec.structs.replace(one, title=one.title.strip()) for one in command.own),
            declared_by=command.caller.subject,
            declared_at=service.clock.now(),
        )
        return await _added(conn, district, ground, command, made)

    return await once(service.databases, district, command, SchoolThemes, deadline, work)


async def file_themes(
    service: Service, district: str, command: FileThemes, deadline: Deadline
) -> SchoolThemes | Refused:
    """File; FILED_ALREADY where this version is, VERSION_CHANGED where another is the newest or none is declared."""
    today = service.clock.today()
    if command.filed_on > today:
        return general.day_in_future(command.filed_on, today, field="filed_on")

    async def work(conn: AsyncConnection) -> SchoolThemes | Refused:
        found = await _as_seen(service, conn, district, command)
        if isinstance(found, Refused):
            return found
        ground, before = found
        if before is None:
            return refusals.themes_changed(0)
        if before.filed_on is not None:
            return refusals.filed_before(before.filed_on)
        declared_on = before.declared_at.astimezone(CHINA).date()
        if command.filed_on < declared_on:
            return refusals.filed_too_early(command.filed_on, declared_on)
        made = msgspec.structs.replace(
            before,
            version=before.version + 1,
            filed_on=command.filed_on,
            declared_by=command.caller.subject,
            declared_at=service.clock.now(),
        )
        return await _added(conn, district, ground, command, made)

    return await once(service.databases, district, command, SchoolThemes, deadline, work)


async def _as_seen(
    service: Service, conn: AsyncConnection, district: str, command: Change
) -> tuple[Ground, ThemesDeclared | None] | Refused:
    """Return the ground and the newest version of a school in the caller's scope, as he saw it."""
    if command.caller.role not in OFFICERS and command.caller.school != command.school:
        return general.school_unknown(command.school)
    today = service.clock.today()
    ground = await read_ground(service, conn, district, command.school_year, today)
    if isinstance(ground, Refused):
        return ground
    if command.school not in ground.schools:
        return general.school_unknown(command.school)
    before = (await read_themes(conn, district, command.school_year, today, command.school)).get(command.school)
    version = before.version if before is not None else 0
    return (ground, before) if version == command.expected_version else refusals.themes_changed(version)


async def _added(
    conn: AsyncConnection, district: str, ground: Ground, command: Change, made: ThemesDeclared
) -> SchoolThemes | Refused:
    if not await add_themes(conn, district, command.school, command.school_year, made):
        return refusals.themes_changed(made.version)
    return ground.held(command.school, made)
