"""Enter every staged row of a roster in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce_all, once
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.roster_import import ApplyRoster, RosterReport
from yanxiu_wire.teacher import TEACHER_CHANGED

from yanxiu_registry.announce import teacher_news
from yanxiu_registry.assess_roster import Action, Assessment
from yanxiu_registry.context import Registry
from yanxiu_registry.diff_roster import diff_roster, report_of, roster_applied_otherwise, roster_unknown
from yanxiu_registry.identity import seal
from yanxiu_registry.refusals import item, refused
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.store.dated import CHUNK, Stamp
from yanxiu_registry.store.rosters import RosterChange, finish, read_roster, record_changes
from yanxiu_registry.store.teachers import save_teachers

_TOLD = 20


async def apply_roster(
    registry: Registry, district: str, command: ApplyRoster, deadline: Deadline
) -> RosterReport | Refused:
    """The report of what was done; a roster without staged rows that was applied before answers with that report.

    Refused: ROSTER_UNKNOWN, ROSTER_INCOMPLETE where not as many rows lie ready as were said to be, and
    ROSTER_HAS_ERRORS with the first rows' reasons while any row has an error.
    """

    async def work(conn: AsyncConnection) -> RosterReport | Refused:
        roster = await read_roster(conn, district, command.roster)
        found = await diff_roster(registry, conn, district, command)
        if roster is None or (found is None and roster.report is None):
            return roster_unknown(command.roster)
        if found is None:
            before = decode(RosterReport, (roster.report or "").encode())
            return roster_applied_otherwise(command.roster, before.rows, command.rows) or before
        if isinstance(found, Refused):
            return found
        if found.errors:
            return _has_errors(found)
        application = roster.application + bool(found.actions)
        await _enter(
            registry, conn, district, command.roster, application, found.actions, registry.stamp(command.caller)
        )
        report = report_of(command.roster, found, applied=True)
        await finish(conn, district, command.roster, application, encode(report).decode())
        return report

    return await once(registry.dbs, district, command, RosterReport, deadline, work)


def _has_errors(found: Assessment) -> Refused:
    count = len(found.errors)
    first = item(
        "ROSTER_HAS_ERRORS",
        "roster",
        count,
        (f"名册有 {count} 处错误，未写入任何一行", "请按各行提示修改后重新导入"),
        (f"the roster has {count} errors; no row was entered", "mend the rows as told and import it again"),
    )
    told = (
        msgspec.structs.replace(error.item, field=f"rows[{error.row}].{error.item.field}", value=error.value)
        for error in found.errors[:_TOLD]
    )
    return refused(first, *told)


def _sealed(registry: Registry, district: str, action: Action) -> TeacherFile:
    if action.national_id is None:
        return action.after
    return msgspec.structs.replace(action.after, sealed=seal(registry, district, action.after.id, action.national_id))


def _change(action: Action, after: TeacherFile) -> RosterChange:
    before = action.before.sealed if action.before else None
    return RosterChange(
        teacher=after.id,
        row=action.row,
        kind=action.kind,
        version=after.version,
        national_id=before.cipher if before else None,
        national_id_index=before.index if before else None,
    )


async def _enter(
    registry: Registry,
    conn: AsyncConnection,
    district: str,
    roster: str,
    application: int,
    actions: Sequence[Action],
    stamp: Stamp,
) -> None:
    """Write the rows' effects and their announcements, a run at a time, so that the loop breathes in between."""
    for start in range(0, len(actions), CHUNK):
        some = actions[start : start + CHUNK]
        files = await asyncio.to_thread(lambda run=some: [_sealed(registry, district, one) for one in run])
        pairs = [(one.before, after) for one, after in zip(some, files, strict=True)]
        await save_teachers(conn, district, pairs, stamp)
        changes = [_change(one, after) for one, after in zip(some, files, strict=True)]
        await record_changes(conn, district, roster, application, changes)
        await announce_all(conn, district, [(TEACHER_CHANGED, teacher_news(after, stamp.at)) for after in files])
