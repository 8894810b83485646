"""Take an applied roster back, where nothing has been changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce_all, once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.roster_import import RosterUndone, UndoRoster
from yanxiu_wire.teacher import TEACHER_CHANGED

from yanxiu_registry.announce import teacher_gone, teacher_news
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import being_erased
from yanxiu_registry.groups.people_on_file import people_on_file
from yanxiu_registry.refusals import item, refused
from yanxiu_registry.register import SealedId, TeacherFile
from yanxiu_registry.store.dated import CHUNK, Stamp
from yanxiu_registry.store.rosters import RosterChange, mark_undone, read_changes, read_roster
from yanxiu_registry.store.teachers import remove_teachers, save_teachers, teachers_of_roster

_TOLD = 20


async def undo_roster(
    registry: Registry, district: str, command: UndoRoster, deadline: Deadline
) -> RosterUndone | Refused:
    """How many teachers were taken back to before the last application.

    Teachers it created leave the register; the others get a new version equal to the one before it. Refused:
    ROSTER_NOT_APPLIED, and naming the rows, ROSTER_CHANGED_SINCE whose teachers were changed afterwards, and
    ROSTER_TEACHER_NEEDED who became a researcher or is in a group, ERASURE_BEGUN who is being erased.
    """

    async def work(conn: AsyncConnection) -> RosterUndone | Refused:
        roster = await read_roster(conn, district, command.roster)
        application = roster.application if roster else 0
        changes = await read_changes(conn, district, command.roster, application)
        if not changes:
            return _not_applied(command.roster)
        now, before = await teachers_of_roster(conn, district, command.roster, application)
        if late := [one for one in changes if one.teacher not in now or now[one.teacher].version != one.version]:
            return refused(*(_changed_since(one, now) for one in late[:_TOLD]))
        erasing = await being_erased(conn, district)
        if begun := [one for one in changes if one.teacher in erasing]:
            return refused(*(_being_erased(one) for one in begun[:_TOLD]))
        on_file = await people_on_file(conn, district)
        if needed := [one for one in changes if one.kind == "created" and one.teacher in on_file]:
            return refused(*(_needed(one, now) for one in needed[:_TOLD]))
        stamp = registry.stamp(command.caller)
        await _take_back(conn, district, changes, now, before, stamp)
        await mark_undone(conn, district, command.roster, application, stamp.at)
        return RosterUndone(roster=command.roster, undone=len(changes))

    return await once(registry.dbs, district, command, RosterUndone, deadline, work)


async def _take_back(
    conn: AsyncConnection,
    district: str,
    changes: Sequence[RosterChange],
    now: Mapping[str, TeacherFile],
    before: Mapping[str, TeacherFile],
    stamp: Stamp,
) -> None:
    for start in range(0, len(changes), CHUNK):
        some = changes[start : start + CHUNK]
        gone = [now[one.teacher] for one in some if one.kind == "created"]
        pairs = [(now[one.teacher], _restored(one, before[one.teacher])) for one in some if one.kind != "created"]
        await remove_teachers(conn, district, [file.id for file in gone])
        if pairs:
            await save_teachers(conn, district, pairs, stamp)
        news = [teacher_gone(file, stamp.at) for file in gone]
        news += [teacher_news(file, stamp.at) for _, file in pairs]
        await announce_all(conn, district, [(TEACHER_CHANGED, one) for one in news])


def _restored(change: RosterChange, before: TeacherFile) -> TeacherFile:
    sealed = None
    if change.national_id is not None and change.national_id_index is not None:
        sealed = SealedId(change.national_id, change.national_id_index)
    return msgspec.structs.replace(before, sealed=sealed, version=change.version + 1)


def _not_applied(roster: str) -> Refused:
    return refused(
        item(
            "ROSTER_NOT_APPLIED",
            "roster",
            roster,
            ("此名册没有可撤销的导入", "请核对名册标识；只有已生效且未撤销的导入可以撤销"),
            ("this roster has no import to take back", "check its id; only an applied import can be taken back, once"),
        )
    )


def _needed(change: RosterChange, now: Mapping[str, TeacherFile]) -> RefusalItem:
    number = now[change.teacher].staff_number
    return item(
        "ROSTER_TEACHER_NEEDED",
        f"rows[{change.row}]",
        number,
        (f"第 {change.row} 行的教师（工号 {number}）已是研训员或教研组、小组成员", "整批未撤销；请单独更正该教师"),
        (
            f"the teacher of row {change.row} (staff number {number}) is a researcher or in a group by now",
            "nothing was taken back; correct the teachers one by one",
        ),
    )


def _being_erased(change: RosterChange) -> RefusalItem:
    return item(
        "ERASURE_BEGUN",
        f"rows[{change.row}]",
        change.teacher,
        (f"第 {change.row} 行的教师的个人信息正在删除", "整批未撤销，此后也不能整批撤销；请单独更正其他教师"),
        (
            f"the data of the teacher of row {change.row} are being erased",
            "nothing was taken back, nor can this roster be any more; correct the other teachers one by one",
        ),
    )


def _changed_since(change: RosterChange, now: Mapping[str, TeacherFile]) -> RefusalItem:
    number = now[change.teacher].staff_number if change.teacher in now else ""
    return item(
        "ROSTER_CHANGED_SINCE",
        f"rows[{change.row}]",
        number,
        (f"第 {change.row} 行的教师（工号 {number}）导入后又有变更", "整批未撤销；请单独更正该教师"),
        (
            f"the teacher of row {change.row} (staff number {number}) was changed after the import",
            "nothing was taken back; correct the teachers one by one",
        ),
    )
