"""A staged roster against the register, read from one state of the database; the pure work runs beside the loop."""

from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_wire.refusal import Refused
from yanxiu_wire.roster_import import ApplyRoster, CheckRoster, RosterReport, RosterRow

from yanxiu_registry.assess_roster import Action, Assessment, Means, Register, assess_roster, register_of
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import being_erased
from yanxiu_registry.refusals import item, refused
from yanxiu_registry.store.rosters import SealedRow, staged_rows
from yanxiu_registry.store.schools import all_schools
from yanxiu_registry.store.teachers import all_teachers

SHOWN_ERRORS = 200
SHOWN_SAMPLES = 20
_CELLS = msgspec.json.Decoder(dict[str, str])


def row_owner(roster: str, number: int) -> str:
    """What the encrypted cells of a staged row are bound to."""
    return f"roster|{roster}|{number}"


def roster_unknown(roster: str) -> Refused:
    """No rows lie ready under this id."""
    return refused(
        item(
            "ROSTER_UNKNOWN",
            "roster",
            roster,
            ("没有以此标识暂存的名册", "请先上传名册各行"),
            ("no rows of this roster lie ready", "stage its rows first"),
        )
    )


def roster_incomplete(roster: str, ready: int, wanted: int | None) -> Refused | None:
    """Not as many rows lie ready as the file has: a piece did not come, an erasure has let go of those laid ready, or
    there are rows of an earlier file. None where as many do, and where nobody said how many there are.
    """
    if wanted is None or wanted == ready:
        return None
    return _incomplete(
        wanted,
        f"名册 {roster} 应有 {wanted} 行，暂存的有 {ready} 行，未写入任何一行",
        f"the roster {roster} should have {wanted} rows, and {ready} lie ready; no row was entered",
    )


def roster_applied_otherwise(roster: str, entered: int, wanted: int | None) -> Refused | None:
    """It was applied before, with another number of rows than the file has, and nothing lies ready."""
    if wanted is None or wanted == entered:
        return None
    return _incomplete(
        wanted,
        f"名册 {roster} 应有 {wanted} 行，此前已按 {entered} 行导入，现无暂存的行",
        f"the roster {roster} should have {wanted} rows; it was applied before with {entered}, and no row lies ready",
    )


def _incomplete(wanted: int, zh: str, en: str) -> Refused:
    """A new id has no rows left from before, whichever those were."""
    zh_remedy = "请以新的名册标识和幂等键重新上传全部各行，再导入（命令行：再次运行同一命令）"
    en_remedy = "stage all rows under a new roster id and new idempotency keys, then apply it (CLI: run it again)"
    return refused(item("ROSTER_INCOMPLETE", "rows", wanted, (zh, zh_remedy), (en, en_remedy)))


async def diff_roster(
    registry: Registry, conn: AsyncConnection, district: str, asked: CheckRoster | ApplyRoster
) -> Assessment | Refused | None:
    """What the staged rows would change; None when none lie ready, refused when not as many as were said to be."""
    roster, as_of = asked.roster, asked.as_of
    rows = await staged_rows(conn, district, roster)
    if not rows:
        return None
    if incomplete := roster_incomplete(roster, len(rows), asked.rows):
        return incomplete
    teachers = await all_teachers(conn, district)
    schools = await all_schools(conn, district)
    erasing = await being_erased(conn, district)
    today = registry.today()
    means = Means(
        as_of=as_of or today,
        today=today,
        index=lambda number: registry.vault.index(district, number),
        new_id=lambda: str(uuid7()),
    )
    register = register_of(teachers.values(), schools.values(), erasing)
    return await asyncio.to_thread(_assess, registry, district, roster, rows, register, means)


def _assess(
    registry: Registry,
    district: str,
    roster: str,
    rows: list[SealedRow],
    register: Register,
    means: Means,
) -> Assessment:
    opened = (
        RosterRow(
            number=row.number,
            cells=_CELLS.decode(registry.vault.open(district, row_owner(roster, row.number), row.cells)),
        )
        for row in rows
    )
    return assess_roster(opened, register, means)


def report_of(roster: str, found: Assessment, *, applied: bool = False) -> RosterReport:
    """The assessment as it is told."""
    kinds = [action.kind for action in found.actions]
    faulty = {error.row for error in found.errors}
    return RosterReport(
        roster=roster,
        rows=len(kinds) + found.unchanged + len(faulty),
        created=kinds.count("created"),
        corrected=kinds.count("corrected"),
        moved=kinds.count("moved"),
        unchanged=found.unchanged,
        errors=tuple(found.errors[:SHOWN_ERRORS]),
        error_count=len(found.errors),
        samples=tuple(_sample(action) for action in found.actions[:SHOWN_SAMPLES]),
        applied=applied,
    )


_SAYS = {"created": "新增 created", "corrected": "更正 corrected", "moved": "调动 moved"}


def _sample(action: Action) -> str:
    """One line on what a row does: the fields that change with their newest values, never a national id."""
    after = action.after.facts[-1].value
    head = f"{action.row}: {_SAYS[action.kind]} {action.after.staff_number} {after.name}"
    if action.before is None:
        return head
    before = action.before.facts[-1].value
    pairs = [
        f"{name}: {getattr(before, name)} → {getattr(after, name)}"
        for name in ("name", "gender", "subject", "stage", "title", "hired_on", "status")
        if getattr(before, name) != getattr(after, name)
    ]
    if action.national_id is not None:
        pairs.append("national_id: → ***")
    if action.before.employments != action.after.employments:
        newest = action.after.employments[-1]
        pairs.append(f"employed: {newest.since} {newest.post}")
    return f"{head} ({', '.join(pairs)})"
