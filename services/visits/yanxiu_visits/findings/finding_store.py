"""Findings as their notes make them: stored for lists, read in pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.findings import VisitFinding

from yanxiu_visits.findings.assess_finding import OVER, FoldedFinding, fold_finding
from yanxiu_visits.findings.tables import finding
from yanxiu_visits.scope import Scope
from yanxiu_visits.visiting.note_store import read_notes
from yanxiu_visits.visiting.visit_store import NO_DAY, put


async def fold_and_store(conn: AsyncConnection, district: str, id: str) -> FoldedFinding:  # noqa: A002
    """Fold a finding from all its notes and store it in place of before."""
    folded = fold_finding(id, await read_notes(conn, district, "finding", id))
    found = folded.finding
    row = {
        "district": district,
        "id": id,
        "finder": found.finder,
        "owner": found.owner,
        "school": found.school,
        "source_id": found.source_id,
        "state": found.state,
        "found_on": found.found_on,
        "due_on": found.due_on or NO_DAY,
        "body": encode(found).decode(),
    }
    await put(conn, finding, row)
    return folded


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a finding is in the scope: a school's own, what somebody found, owns, or may check."""
    its = finding.c
    mine = its.district == district
    match scope.kind:
        case "district":
            return mine
        case "school":
            return sa.and_(mine, its.school == scope.id)
        case "self":
            own = sa.or_(its.finder == scope.id, its.owner == scope.id)
            return sa.and_(mine, sa.or_(own, _to_check(scope)) if scope.rechecks else own)
    return sa.and_(mine, sa.false())


def _to_check(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a finding waits for a second person, or was checked by him.

    A text cannot look like the field: its quotes are escaped in JSON.
    """
    checked = finding.c.body.contains(f'"checked_by":{encode(scope.id).decode()}', autoescape=True)
    return sa.or_(finding.c.state == "remedied", checked)


def sees(scope: Scope, found: VisitFinding) -> bool:
    """Say the same of one finding."""
    to_check = found.state == "remedied" or scope.id in [one.checked_by for one in found.remedies]
    own = scope.covers(found.finder, found.school) or scope.covers(found.owner, found.school)
    return own or (scope.rechecks and to_check)


def is_open() -> sa.ColumnElement[bool]:
    """Return the condition that a finding is neither closed nor withdrawn, and known."""
    return finding.c.state.not_in([*OVER, "incomplete"])


def seen_on(found: VisitFinding, today: date) -> VisitFinding:
    """Return a finding as of a day: overdue when it is open and its deadline lies before."""
    late = found.due_on is not None and found.due_on < today and found.state in ("open", "remedied")
    return msgspec.structs.replace(found, overdue=late)


async def read_findings(
    conn: AsyncConnection, where: sa.ColumnElement[bool], ids: Sequence[str]
) -> dict[str, VisitFinding]:
    """Return findings by id, those that the condition lets through."""
    found = await conn.execute(sa.select(finding.c.body).where(where, finding.c.id.in_(list(dict.fromkeys(ids)))))
    return {one.id: one for one in (decode(VisitFinding, body.encode()) for body in found.scalars())}


async def findings_of(conn: AsyncConnection, district: str, finder: str) -> list[VisitFinding]:
    """Return what one person found that is not withdrawn, by the day on which it was found."""
    its = finding.c
    mine = sa.and_(its.district == district, its.finder == finder, its.state.not_in(["incomplete", "withdrawn"]))
    found = await conn.execute(sa.select(its.body).where(mine).order_by(its.found_on, its.id))
    return [decode(VisitFinding, body.encode()) for body in found.scalars()]


async def page_findings(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: tuple[date, str] | None
) -> tuple[list[VisitFinding], int]:
    """Return up to `first` findings behind a key, and how many match in all."""
    its = finding.c
    total = await conn.scalar(sa.select(sa.func.count()).select_from(finding).where(*where))
    beyond = [sa.tuple_(its.due_on, its.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))] if after else []
    found = await conn.execute(sa.select(its.body).where(*where, *beyond).order_by(its.due_on, its.id).limit(first))
    return [decode(VisitFinding, body.encode()) for body in found.scalars()], int(total or 0)
