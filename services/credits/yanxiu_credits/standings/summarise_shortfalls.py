"""How many pass, fail or are exempt, school by school, and how many miss each requirement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import SchoolShortfalls, ShortfallSummary, SummariseShortfalls

from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch import up_to_date
from yanxiu_credits.standings.batch_state import Batch
from yanxiu_credits.standings.schools_asked import schools_asked
from yanxiu_credits.standings.tables import standing_row


async def summarise_shortfalls(
    service: Service, district: str, query: SummariseShortfalls, deadline: Deadline
) -> ShortfallSummary | Refused:
    """Return the counts of each school in scope, in the order of their ids, and of all of them together.

    One grouped query over the rows: teachers who miss the same requirements are one group. Refuses as
    `list_shortfalls` does.
    """
    named = (query.school,) if query.school is not None else ()
    schools = schools_asked(query.caller, *named)

    async def read(conn: AsyncConnection, batch: Batch) -> ShortfallSummary:
        groups = await read_groups(conn, batch, schools)
        return _summary(batch, groups)

    return await up_to_date(service, district, query.kind, query.on, deadline, read)


async def read_groups(conn: AsyncConnection, batch: Batch, schools: frozenset[str] | None) -> list[Any]:
    """Return (school, verdict, mask of what is short, how many teachers), by school."""
    row = standing_row.c
    where = batch.rows() if schools is None else [*batch.rows(), row.school.in_(sorted(schools))]
    found = await conn.execute(
        sa.select(row.school, row.verdict, row.short_mask, sa.func.count().label("teachers"))
        .where(*where)
        .group_by(row.school, row.verdict, row.short_mask)
        .order_by(row.school)
    )
    return list(found)


def _summary(batch: Batch, groups: Iterable[Any]) -> ShortfallSummary:
    by_school: dict[str, list[Any]] = {}
    for group in groups:
        by_school.setdefault(group.school, []).append(group)
    duties = len(batch.duties)
    every = [group for own in by_school.values() for group in own]
    return ShortfallSummary(
        duties=batch.duties,
        schools=tuple(_counts(school, own, duties) for school, own in by_school.items()),
        total=_counts("", every, duties),
        as_of_seq=batch.up_to_seq,
        label=batch.period.label,
        starts_on=batch.period.start,
        ends_on=batch.period.end,
    )


def _counts(school: str, groups: Iterable[Any], duties: int) -> SchoolShortfalls:
    verdicts = {"PASS": 0, "FAIL": 0, "EXEMPT": 0}
    short = [0] * duties
    for group in groups:
        verdicts[group.verdict] += group.teachers
        for number in range(duties):
            if group.verdict != "EXEMPT" and group.short_mask >> number & 1:
                short[number] += group.teachers
    return SchoolShortfalls(
        school=school,
        teachers=sum(verdicts.values()),
        passed=verdicts["PASS"],
        failed=verdicts["FAIL"],
        exempt=verdicts["EXEMPT"],
        short=tuple(short),
    )
