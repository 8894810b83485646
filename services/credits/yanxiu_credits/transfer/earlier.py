"""What became here of the trainings that a transcript brings: what stands of them, and why what does not stand fell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.refusal import RefusalItem

from yanxiu_credits.books.kinds import TRANSFERRED
from yanxiu_credits.books.lineage import fate_of, last_of
from yanxiu_credits.tables import record
from yanxiu_credits.transfer import refusals
from yanxiu_credits.transfer.assess_transfer import BroughtRecord
from yanxiu_credits.transfer.tables import transfer, transfer_decision, transfer_item

# Databases bound the number of values in one statement.
AT_ONCE = 500


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """By source: the record that counts here, the newest generation, and what makes it an official's to decide.

    `doubts` hold that an earlier or later wording of the same training stands here, or that the record was taken back
    or declined here: none of that comes back by itself.
    """

    standing: Mapping[str, str]
    newest: Mapping[str, int]
    doubts: Mapping[str, RefusalItem]


async def read_earlier(conn: AsyncConnection, district: str, teacher: str, brought: Sequence[BroughtRecord]) -> Earlier:
    """Return what is known here of the records of a transcript of one teacher, whichever transcript brought it."""
    of_training = await _by_training(conn, district, teacher, brought)
    sources = {one.source for one in brought} | {source for known in of_training.values() for source in known}
    standing, newest, gone = await standing_records(conn, district, sorted(sources))
    gone |= await _declined(conn, district, sorted(sources - standing.keys()))
    # What one transcript gives as standing side by side are two trainings of that name, not two wordings of one.
    beside = {one.source for one in brought if not one.reversed}
    doubts = dict(gone)
    for one in brought:
        others = sorted(of_training.get(one.training, set()) - beside)
        fell = next((gone[other] for other in others if other in gone), None)
        replaced = next((standing[other] for other in others if other in standing), None)
        if replaced is not None and one.source not in standing:
            doubts[one.source] = refusals.other_wording_stands(replaced)
        elif fell is not None:
            doubts.setdefault(one.source, fell)
    return Earlier(standing=standing, newest=newest, doubts=doubts)


async def other_wording(conn: AsyncConnection, district: str, transfer_id: str, number: int) -> str | None:
    """Return the record that stands here of another wording of an item's training, None where there is none."""
    at = transfer_item.c
    mine = sa.select(at.source, at.training, transfer.c.teacher).join_from(
        transfer_item, transfer, sa.and_(transfer.c.district == at.district, transfer.c.id == at.transfer)
    )
    found = await conn.execute(mine.where(at.district == district, at.transfer == transfer_id, at.number == number))
    row: Any = found.one()
    if row.training is None:
        return None
    beside = await conn.execute(
        sa.select(at.source).where(
            at.district == district, at.transfer == transfer_id, ~at.doubts.contains(refusals.REVERSED_AT_ORIGIN)
        )
    )
    known = await _known(conn, district, row.teacher, [row.training])
    others = sorted(known.get(row.training, set()) - set(beside.scalars()) - {row.source})
    standing, _, _ = await standing_records(conn, district, others)
    return next((standing[other] for other in others if other in standing), None)


async def _by_training(
    conn: AsyncConnection, district: str, teacher: str, brought: Iterable[BroughtRecord]
) -> dict[str, set[str]]:
    """Return the sources known of each training: those of the transcript and those received before."""
    mine: dict[str, set[str]] = {}
    for one in brought:
        mine.setdefault(one.training, set()).add(one.source)
    for training, known in (await _known(conn, district, teacher, sorted(mine))).items():
        mine[training] |= known
    return mine


async def _known(conn: AsyncConnection, district: str, teacher: str, trainings: Sequence[str]) -> dict[str, set[str]]:
    at = transfer_item.c
    known: dict[str, set[str]] = {}
    for start in range(0, len(trainings), AT_ONCE):
        found = await conn.execute(
            sa.select(at.training, at.source)
            .join_from(
                transfer_item, transfer, sa.and_(transfer.c.district == at.district, transfer.c.id == at.transfer)
            )
            .where(
                at.district == district,
                transfer.c.teacher == teacher,
                at.training.in_(trainings[start : start + AT_ONCE]),
            )
            .distinct()
        )
        for training, source in found:
            known.setdefault(training, set()).add(source)
    return known


async def standing_records(
    conn: AsyncConnection, district: str, sources: Sequence[str]
) -> tuple[dict[str, str], dict[str, int], dict[str, RefusalItem]]:
    """Return by source the record that counts, a correction of it too, the newest generation, and why one fell."""
    standing: dict[str, str] = {}
    newest: dict[str, int] = {}
    gone: dict[str, RefusalItem] = {}
    for start in range(0, len(sources), AT_ONCE):
        found = await conn.execute(
            sa.select(record.c.activity, record.c.id, record.c.generation)
            .where(
                record.c.district == district,
                record.c.kind == TRANSFERRED,
                record.c.activity.in_(list(sources[start : start + AT_ONCE])),
            )
            .order_by(record.c.generation)
        )
        for row in found.all():
            newest[row.activity] = row.generation
            first = await fate_of(conn, district, row.id)
            last = await last_of(conn, district, first) if first is not None else None
            if last is not None and last.counts:
                standing[row.activity] = last.record
            elif last is not None:
                gone[row.activity] = refusals.taken_back_here(last.record, last.reversed_why or "law")
    return standing, newest, {source: why for source, why in gone.items() if source not in standing}


async def _declined(conn: AsyncConnection, district: str, sources: Sequence[str]) -> dict[str, RefusalItem]:
    """Return by source that an official has declined it, in his words; the last word counts."""
    item, word = transfer_item.c, transfer_decision.c
    declined: dict[str, RefusalItem] = {}
    for start in range(0, len(sources), AT_ONCE):
        found = await conn.execute(
            sa.select(item.source, word.recognise, word.reason)
            .join_from(
                transfer_item,
                transfer_decision,
                sa.and_(word.district == item.district, word.transfer == item.transfer, word.number == item.number),
            )
            .where(item.district == district, item.source.in_(sources[start : start + AT_ONCE]))
            .order_by(word.recorded_us)
        )
        for source, recognise, reason in found:
            if recognise:
                declined.pop(source, None)
            else:
                declined[source] = refusals.declined_here(reason)
    return declined
