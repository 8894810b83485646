"""Transfers as they are stored, and who sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_footing.registry_facts import works_at
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.codec import decode
from yanxiu_wire.explanation import Explanation, Step
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.transfer import Transfer, TransferDecision, TransferItem

from yanxiu_credits.explain import explanation, read_decision
from yanxiu_credits.laws import Laws
from yanxiu_credits.scope import Scope
from yanxiu_credits.transfer.tables import transfer, transfer_decision, transfer_item


def may_see(district: str, scope: Scope, today: date) -> sa.ColumnElement[bool]:
    """Return the condition for the transfers a scope may see: a school those of the teachers who work there today."""
    mine: sa.ColumnElement[bool]
    if scope.kind == "district":
        mine = sa.true()
    elif scope.kind == "school":
        mine = works_at(district, transfer.c.teacher, scope.id, today)
    elif scope.kind == "self":
        mine = transfer.c.teacher == scope.id
    else:
        mine = sa.false()
    return sa.and_(transfer.c.district == district, mine)


WAITING = sa.exists().where(
    transfer_item.c.district == transfer.c.district,
    transfer_item.c.transfer == transfer.c.id,
    transfer_item.c.outcome == "review",
    ~sa.exists().where(
        transfer_decision.c.district == transfer_item.c.district,
        transfer_decision.c.transfer == transfer_item.c.transfer,
        transfer_decision.c.number == transfer_item.c.number,
    ),
)


async def add(conn: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a table of transfers."""
    if rows:
        await conn.execute(sa.insert(table), [dict(row) for row in rows])


async def received_as(conn: AsyncConnection, district: str, digest: str) -> str | None:
    """Return the transfer under which a document was received, or None."""
    mine = sa.and_(transfer.c.district == district, transfer.c.digest == digest)
    return await conn.scalar(sa.select(transfer.c.id).where(mine))


async def pairs_with(conn: AsyncConnection, district: str, origin: str, teacher: str, there: str) -> bool:
    """Say whether earlier transfers from the origin agree that this teacher is that person."""
    found = await conn.execute(
        sa.select(transfer.c.teacher, transfer.c.origin_teacher)
        .where(
            transfer.c.district == district,
            transfer.c.origin == origin,
            sa.or_(transfer.c.teacher == teacher, transfer.c.origin_teacher == there),
        )
        .distinct()
    )
    return all(tuple(row) == (teacher, there) for row in found)


async def source_of(conn: AsyncConnection, district: str, transfer_id: str, number: int) -> str:
    """Return where an item's record was first entered."""
    at = transfer_item.c
    mine = sa.and_(at.district == district, at.transfer == transfer_id, at.number == number)
    return str((await conn.execute(sa.select(at.source).where(mine))).scalar_one())


async def page_transfers(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, before: str | None
) -> tuple[list[str], int]:
    """Return the ids of at most `first` transfers before the cursor, newest first, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(transfer).where(*where))
    older = [transfer.c.id < before] if before else []
    # Ids are UUIDv7: their order is the order in which transfers came in.
    found = await conn.execute(
        sa.select(transfer.c.id).where(*where, *older).order_by(transfer.c.id.desc()).limit(first)
    )
    return list(found.scalars()), int(total or 0)


async def read_transfers(
    conn: AsyncConnection,
    laws: Laws,
    district: str,
    seen: sa.ColumnElement[bool],
    ids: Sequence[str],
    *,
    explain: bool = False,
) -> dict[str, Transfer]:
    """Return the visible transfers among `ids` with their items, by id, in three statements."""
    if not ids:
        return {}
    wanted = list(dict.fromkeys(ids))
    heads = (await conn.execute(sa.select(transfer).where(seen, transfer.c.id.in_(wanted)))).mappings().all()
    shown = [head["id"] for head in heads]
    decided = {(row["transfer"], row["number"]): row for row in await _rows(conn, district, transfer_decision, shown)}
    items: dict[str, list[TransferItem]] = {one: [] for one in shown}
    for row in await _rows(conn, district, transfer_item, shown):
        items[row["transfer"]].append(_item(laws, row, decided.get((row["transfer"], row["number"])), explain=explain))
    return {head["id"]: _transfer(head, items[head["id"]]) for head in heads}


async def _rows(conn: AsyncConnection, district: str, table: sa.Table, transfers: Sequence[str]) -> Sequence[Any]:
    found = await conn.execute(
        sa.select(table)
        .where(table.c.district == district, table.c.transfer.in_(list(transfers)))
        .order_by(table.c.transfer, table.c.number)
    )
    return found.mappings().all()


def _transfer(head: Any, items: Sequence[TransferItem]) -> Transfer:
    outcomes = [one.outcome for one in items]
    return Transfer(
        id=head["id"],
        teacher=head["teacher"],
        origin=head["origin"],
        issued_at=from_us(head["issued_us"]),
        received_at=from_us(head["recorded_us"]),
        received_by=head["received_by"],
        within_city=head["within_city"],
        same_stage=head["same_stage"],
        digest=head["digest"],
        recognised=outcomes.count("recognised"),
        not_recognised=outcomes.count("not-recognised"),
        review=outcomes.count("review"),
        items=tuple(items),
    )


def _item(laws: Laws, row: Any, decided: Any, *, explain: bool) -> TransferItem:
    outcome, hours, credit, made = row["outcome"], row["given_hours"], row["given_credits"], row["record"]
    if decided is not None:
        outcome = "recognised" if decided["recognise"] else "not-recognised"
        hours, credit, made = decided["given_hours"], decided["given_credits"], decided["record"]
    return TransferItem(
        number=row["number"],
        origin_entry=row["origin_entry"],
        on=row["on"],
        hours=from_micro(row["micro_hours"]),
        credits=from_micro(row["micro_credits"]),
        hours_unit=row["hours_unit"],
        credits_unit=row["credits_unit"],
        jurisdiction=row["jurisdiction"],
        facts=msgspec.json.decode(row["facts"]),
        outcome=outcome,
        recognised_hours=from_micro(hours),
        recognised_credits=from_micro(credit),
        clauses=tuple(msgspec.json.decode(row["clauses"])),
        doubts=decode(tuple[RefusalItem, ...], row["doubts"].encode()),
        decision=_decision(decided) if decided is not None else None,
        record=made,
        explanation=_told(laws, row) if explain and row["body"] is not None else None,
    )


def _decision(row: Any) -> TransferDecision:
    return TransferDecision(
        recognise=row["recognise"],
        hours=from_micro(row["given_hours"]),
        credits=from_micro(row["given_credits"]),
        reason=row["reason"],
        by=row["decided_by"],
        role=row["role"],
        recorded_at=from_us(row["recorded_us"]),
    )


def _told(laws: Laws, row: Any) -> Explanation:
    pack = laws.pack_of(row["law"])
    steps = read_decision(row["body"]).steps
    told = explanation(pack, name=row["pack"], version=row["version"], on=row["judged_on"], steps=steps)
    # The clauses that the law gave as reasons are told with their words, whether or not a step cites them.
    cited = {one.id for one in told.clauses}
    missing = [clause for clause in msgspec.json.decode(row["clauses"]) if clause not in cited]
    if not missing:
        return told
    more = explanation(pack, name="", version="", on=row["judged_on"], steps=(_citing(missing),)).clauses
    return msgspec.structs.replace(told, clauses=(*told.clauses, *more))


def _citing(clauses: Sequence[str]) -> Step:
    return Step(name="", value="", unit="", zh="", en="", clauses=tuple(clauses), readings=())
