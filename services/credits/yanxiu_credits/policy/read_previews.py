"""Previews as they are stored and as they travel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.policy import (
    Cause,
    Preview,
    PreviewedRecord,
    PreviewLine,
    PreviewSchool,
    RecordWorth,
    StandingFigures,
)

from yanxiu_credits.jobs.tables import job
from yanxiu_credits.policy.tables import preview, preview_line, preview_record

_EFFECTS = ("gains", "loses", "mixed", "same")


async def read_row(conn: AsyncConnection, district: str, preview_id: str) -> Any:
    """Return a preview's row, None where there is none."""
    query = sa.select(preview).where(preview.c.district == district, preview.c.id == preview_id)
    return (await conn.execute(query)).first()


async def read_previews(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, Preview]:
    """Return the previews among `ids`, by id."""
    found = await conn.execute(WITH_JOB.where(preview.c.district == district, preview.c.id.in_(list(ids))))
    return {row.id: view(row) for row in found}


# A job that failed leaves its preview where it stood: the state is read from both.
WITH_JOB = sa.select(preview, job.c.state.label("job_state")).join(
    job, sa.and_(job.c.district == preview.c.district, job.c.id == preview.c.job)
)


def view(row: Any) -> Preview:
    """Return a row of `WITH_JOB` as it travels."""
    summary = msgspec.json.decode(row.summary) if row.summary is not None else {}
    draft, law = msgspec.json.decode(row.draft), msgspec.json.decode(row.law)
    ended = row.state == "running" and row.job_state in ("failed", "cancelled")
    return Preview(
        id=row.id,
        job=row.job,
        state="failed" if ended else row.state,
        draft=draft,
        binding=None if draft["values"] else law["bindings"][0],
        since=row.since,
        kind=row.kind,
        label=row.label,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        hours_unit=row.hours_unit,
        credits_unit=row.credits_unit,
        head_seq=row.head_seq,
        head_hash=row.head_hash,
        facts=row.facts,
        asked_by=row.asked_by,
        created_at=from_us(row.created_us),
        total=_school(None, summary["total"]) if summary else None,
        records=summary.get("records"),
        locked_records=summary.get("locked_records"),
        locks=tuple(summary.get("locks", ())),
        adoption=row.adoption,
    )


async def sum_up(conn: AsyncConnection, district: str, preview_id: str) -> dict[str, Any]:
    """Return the sums of a preview over all schools, and how many records it changes, locked ones apart."""
    total = (await conn.execute(sa.select(*_sums()).where(*_of(preview_line, district, preview_id)))).mappings().one()
    locked = sa.func.coalesce(sa.func.sum(sa.case((preview_record.c.locked.is_not(None), 1), else_=0)), 0)
    counted = sa.select(sa.func.count(), locked).where(*_of(preview_record, district, preview_id))
    records, closed = (await conn.execute(counted)).one()
    return {
        "total": {name: int(value or 0) for name, value in total.items()},
        "records": int(records) - int(closed),
        "locked_records": int(closed),
    }


async def known_previews(conn: AsyncConnection, district: str, ids: Sequence[str]) -> set[str]:
    """Return which of the previews there are."""
    mine = (preview.c.district == district, preview.c.id.in_(list(ids)))
    return set((await conn.execute(sa.select(preview.c.id).where(*mine))).scalars())


async def schools_of(conn: AsyncConnection, district: str, previews: Sequence[str]) -> dict[str, list[PreviewSchool]]:
    """Return the sums of each preview by school, in one statement."""
    its, school = preview_line.c.preview, preview_line.c.school
    mine = (preview_line.c.district == district, its.in_(list(previews)))
    query = sa.select(its, school, *_sums()).where(*mine).group_by(its, school).order_by(its, school)
    found: dict[str, list[PreviewSchool]] = {one: [] for one in previews}
    for row in (await conn.execute(query)).mappings():
        sums = {key: int(row[key] or 0) for key in row if key not in ("preview", "school")}
        found[row["preview"]].append(_school(row["school"] or None, sums))
    return found


def _of(table: sa.Table, district: str, preview_id: str) -> list[sa.ColumnElement[bool]]:
    return [table.c.district == district, table.c.preview == preview_id]


def _sums() -> list[sa.ColumnElement[Any]]:
    line = preview_line.c

    def count(when: sa.ColumnElement[bool], name: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((when, 1), else_=0)).label(name)

    passed = (line.before_verdict == "PASS", line.after_verdict == "PASS")
    return [
        sa.func.count().label("teachers"),
        *(count(line.effect == one, one) for one in _EFFECTS),
        count(sa.and_(passed[1], sa.not_(passed[0])), "now_pass"),
        count(sa.and_(passed[0], line.after_verdict == "FAIL"), "now_fail"),
        *(
            sa.func.sum(line[f"after_micro_{name}"] - line[f"before_micro_{name}"]).label(f"micro_{name}")
            for name in ("recognised_hours", "recognised_credits")
        ),
    ]


def _school(name: str | None, sums: Mapping[str, int]) -> PreviewSchool:
    counts = {key: value for key, value in sums.items() if not key.startswith("micro_")}
    return PreviewSchool(
        school=name,
        recognised_hours=from_micro(sums["micro_recognised_hours"]),
        recognised_credits=from_micro(sums["micro_recognised_credits"]),
        **counts,
    )


def line_view(row: Any) -> PreviewLine:
    """Return a stored line as it travels."""
    return PreviewLine(
        teacher=row["teacher"],
        school=row["school"] or None,
        effect=row["effect"],
        records=row["records"],
        before=_figures(row, "before"),
        after=_figures(row, "after"),
        causes=_causes(row["causes"]),
        locked=row["locked"],
        matched=row["matched"],
    )


def _figures(row: Any, side: str) -> StandingFigures:
    exact = msgspec.json.decode(row[f"{side}_figures"])
    names = ("hours", "credits", "recognised_hours", "recognised_credits")
    return StandingFigures(verdict=row[f"{side}_verdict"], **{name: Decimal(exact[name]) for name in names})


def record_view(row: Any) -> PreviewedRecord:
    """Return a stored record's change as it travels."""
    before, after = (
        RecordWorth(
            status=row[f"{side}_status"],
            hours=from_micro(row[f"{side}_micro_hours"]),
            credits=from_micro(row[f"{side}_micro_credits"]),
        )
        for side in ("before", "after")
    )
    return PreviewedRecord(
        record=row["record"],
        teacher=row["teacher"],
        school=row["school"] or None,
        on=row["on"],
        before=before,
        after=after,
        causes=_causes(row["causes"]),
        locked=row["locked"],
        matched=row["matched"],
    )


def _causes(text: str) -> tuple[Cause, ...]:
    return msgspec.json.decode(text, type=tuple[Cause, ...])
