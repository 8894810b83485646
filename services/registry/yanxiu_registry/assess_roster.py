"""Pure: a roster's rows against the register as of a day, row by row: what would change, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.roster_import import RosterRow, RowError
from yanxiu_wire.teacher import Employment

from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.assess_teacher import hired_faults, move_faults, returned
from yanxiu_registry.erasing.assess_erasure import erased_faults
from yanxiu_registry.erasing.refusals import being_erased
from yanxiu_registry.history import amend, arrival, begin_on, employed, known, move, restart, spans
from yanxiu_registry.national_id import mask
from yanxiu_registry.refusals import item, national_id_taken, out_of_order, school_unknown, too_late
from yanxiu_registry.register import SchoolFile, SealedId, TeacherFacts, TeacherFile
from yanxiu_registry.roster_row import Entry, missing, read_row, row_error

DATED = ("name", "gender", "subject", "stage", "title", "hired_on")
POST = "teacher"
Faults = list[tuple[str, RefusalItem]]


class Register(msgspec.Struct, frozen=True):
    """What the rows are compared with: teachers by staff number and by blind index, schools by code.

    `erasing` are the ids of those whose erasure has begun.
    """

    teachers: Mapping[str, TeacherFile]
    holders: Mapping[bytes, str]
    schools: Mapping[str, SchoolFile]
    erasing: Collection[str] = ()


class Means(msgspec.Struct, frozen=True):
    """The day the changes hold from, today, how a national id is indexed, and where new ids come from."""

    as_of: date
    today: date
    index: Callable[[str], bytes]
    new_id: Callable[[], str]


class Action(msgspec.Struct, frozen=True):
    """One row's effect. `national_id` is the plain number that is new to the register: `after` holds its index only."""

    row: int
    kind: Literal["created", "corrected", "moved"]
    before: TeacherFile | None
    after: TeacherFile
    national_id: str | None


class Assessment(msgspec.Struct, frozen=True):
    """The effects of the good rows, how many rows change nothing, and every error in row order."""

    actions: list[Action]
    unchanged: int
    errors: list[RowError]


def register_of(
    teachers: Iterable[TeacherFile], schools: Iterable[SchoolFile], erasing: Collection[str] = ()
) -> Register:
    """The register by its natural keys."""
    by_number = {one.staff_number: one for one in teachers}
    holders = {one.sealed.index: one.staff_number for one in by_number.values() if one.sealed}
    return Register(by_number, holders, {one.code: one for one in schools}, erasing)


def assess_roster(rows: Iterable[RosterRow], register: Register, means: Means) -> Assessment:
    """Compare every row; a row with an error has no effect, and so has a row that repeats another one's person."""
    found = Assessment([], 0, [])
    unchanged = 0
    seen: dict[str | bytes, int] = {}
    for row in rows:
        entry, errors = read_row(row, means.today)
        if entry is None:
            found.errors.extend(errors)
            continue
        index = means.index(entry.national_id) if entry.national_id else None
        faults = _repeated(entry, index, seen)
        action = None
        if not faults:
            action, faults = _assess(entry, index, register, means)
        cells = {key: row.cells.get(key, "") for key, _ in faults}
        found.errors.extend(row_error(row.number, key, cells[key], reason) for key, reason in faults)
        if action is not None:
            found.actions.append(action)
        unchanged += action is None and not faults
    return msgspec.structs.replace(found, unchanged=unchanged)


def _repeated(entry: Entry, index: bytes | None, seen: dict[str | bytes, int]) -> Faults:
    faults: Faults = []
    for key, value, shown in (
        ("staff_number", entry.staff_number, entry.staff_number),
        ("national_id", index, mask(entry.national_id or "")),
    ):
        if value is None:
            continue
        first = seen.setdefault(value, entry.row)
        if first != entry.row:
            zh = (f"与第 {first} 行重复", "同一教师只保留一行")
            en = (f"row {first} has it already", "keep one row for each teacher")
            faults.append((key, item("ROW_REPEATED", key, shown, zh, en)))
    return faults


def _assess(entry: Entry, index: bytes | None, register: Register, means: Means) -> tuple[Action | None, Faults]:
    before = register.teachers.get(entry.staff_number)
    if before is not None and (erased := erased_faults(before)):
        return None, [("staff_number", one) for one in erased]
    if before is not None and before.id in register.erasing:
        return None, [("staff_number", being_erased(before.id))]
    school = register.schools.get(entry.school_code) if entry.school_code else None
    faults: Faults = []
    if entry.school_code and school is None:
        faults.append(("school_code", school_unknown("school_code", entry.school_code)))
    faults += _identity_faults(entry, index, before, register)
    if before is None and not entry.school_code:
        faults.append(("school_code", missing("school_code")))
    if faults:
        return None, faults
    if before is None:
        assert school is not None, "a new teacher's row names a known school"  # noqa: S101 - checked above
        after, faults = _created(entry, school, means)
    else:
        after, faults = _changed(entry, before, school, means)
    new_number = None
    if index is not None and after.sealed is None:
        new_number = entry.national_id
        after = msgspec.structs.replace(after, sealed=SealedId(b"", index))
    if faults or after == before:
        return None, faults
    return Action(entry.row, _kind(before, after), before, after, new_number), []


def _kind(before: TeacherFile | None, after: TeacherFile) -> Literal["created", "corrected", "moved"]:
    if before is None:
        return "created"
    places = [[one.school for one in file.employments[-1:]] for file in (before, after)]
    return "moved" if places[0] != places[1] else "corrected"


def _identity_faults(entry: Entry, index: bytes | None, before: TeacherFile | None, register: Register) -> Faults:
    if index is None or entry.national_id is None:
        return []
    key = "national_id"
    if before is not None and before.sealed is not None:
        if before.sealed.index == index:
            return []
        zh = (f"工号 {entry.staff_number} 登记的是另一个身份证号", "请核对工号与身份证号；如登记有误，请先更正该教师")
        en = (
            f"staff number {entry.staff_number} is registered with another national id",
            "check both numbers; if the register is wrong, correct that teacher first",
        )
        return [(key, item("NATIONAL_ID_DIFFERS", key, mask(entry.national_id), zh, en))]
    holder = register.holders.get(index)
    if holder is not None and holder != entry.staff_number:
        return [(key, national_id_taken(key, entry.national_id, holder))]
    return []


def _created(entry: Entry, school: SchoolFile, means: Means) -> tuple[TeacherFile, Faults]:
    since = entry.employed_since or means.as_of
    given = {name: value for name in DATED if (value := getattr(entry, name)) is not None}
    faults: Faults = [("employed_since", one) for one in open_faults("employed_since", since, school)]
    faults += [("hired_on", one) for one in hired_faults("hired_on", entry.hired_on, since)]
    teacher = TeacherFile(
        id=means.new_id(),
        staff_number=entry.staff_number,
        facts=spans([(since, TeacherFacts(**given))]),
        employments=(Employment(school=school.id, since=since, post=entry.post or POST),),
    )
    return teacher, faults


def _changed(entry: Entry, before: TeacherFile, school: SchoolFile | None, means: Means) -> tuple[TeacherFile, Faults]:
    after, faults = (before, []) if school is None else _at_school(entry, before, school, means)
    if faults:
        return before, faults
    first = after.facts[0].since
    held = known(after.facts, means.as_of)
    given = {
        name: value for name in DATED if (value := getattr(entry, name)) is not None and value != getattr(held, name)
    }
    if "hired_on" in given and after.employments:
        begun = after.employments[0].since
        faults = [("hired_on", one) for one in hired_faults("hired_on", entry.hired_on, begun)]
    if given:
        facts = amend(after.facts, max(means.as_of, first), lambda value: msgspec.structs.replace(value, **given))
        after = msgspec.structs.replace(after, facts=facts)
    if after != before:
        after = msgspec.structs.replace(after, version=before.version + 1)
    return after, faults


def _at_school(entry: Entry, before: TeacherFile, school: SchoolFile, means: Means) -> tuple[TeacherFile, Faults]:
    """The teacher at work at the row's school: as the register has it, begun on another day, or moved there."""
    work = before.employments
    place = _place(work, school.id, means.as_of)
    if place is None:
        since = entry.employed_since or means.as_of
        reasons = move_faults("employed_since", before, since) + open_faults("employed_since", since, school)
        if reasons:
            return before, [("employed_since", one) for one in reasons]
        moved = move(work, school.id, since, entry.post or POST)
        return returned(msgspec.structs.replace(before, employments=moved), since), []
    after, faults = _begun(entry, before, place, school)
    if faults or not entry.post or entry.post == after.employments[place].post:
        return after, faults
    since = max(means.as_of, after.employments[place].since)
    if reasons := move_faults("post", after, since):
        return before, [("post", one) for one in reasons]
    return msgspec.structs.replace(after, employments=move(after.employments, school.id, since, entry.post)), []


def _place(work: tuple[Employment, ...], school: str, as_of: date) -> int | None:
    """Where the register has the teacher at this school on the day, or, before the first day at work, at first."""
    at_work = employed(work, as_of)
    if at_work is None and work and work[0].since > as_of:
        at_work = work[0]
    return work.index(at_work) if at_work is not None and at_work.school == school else None


def _begun(entry: Entry, before: TeacherFile, place: int, school: SchoolFile) -> tuple[TeacherFile, Faults]:
    """The teacher with the day of arrival that the row gives."""
    work = before.employments
    begun = arrival(work, place)
    since = entry.employed_since
    if since is None or since == work[begun].since:
        return before, []
    key = "employed_since"
    reasons = open_faults(key, since, school)
    if begun and since <= work[begun - 1].since:
        zh, en = "上一段任职的起始日", "the beginning of the stretch before"
        reasons.append(out_of_order(key, since, work[begun - 1].since, zh, en))
    until = work[begun].until
    if until is not None and since > until:
        reasons.append(too_late(key, since, until, "该段任职的结束日", "the end of that stretch"))
    facts = begin_on(before.facts, since) if since < before.facts[0].since else before.facts
    after = msgspec.structs.replace(before, employments=restart(work, begun, since), facts=facts)
    return after, [(key, one) for one in reasons]
