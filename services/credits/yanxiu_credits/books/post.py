"""Post entries to the ledger: many at once, each onto the one before, with one move of the head."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce_all
from yanxiu_wire.credits import CREDIT_RECOGNISED, CreditRecognised, LedgerEntry

from yanxiu_credits.books.entries import entry_view
from yanxiu_credits.ledger import Entry, seal
from yanxiu_credits.store.ledger import append_all, read_head


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry before it has its place: everything but district, sequence number and the hash of the one before.

    `entry_id` is given where another row already names the entry, else it is made.
    """

    teacher: str
    record: str
    activity: str
    kind: str
    generation: int
    on: date
    micro_hours: int
    micro_credits: int
    hours_unit: str
    credits_unit: str
    pack: str
    version: str
    evidence: str
    recorded_us: int
    reverses: str | None = None
    entry_id: str | None = None


async def post(
    conn: AsyncConnection, district: str, drafts: Sequence[Draft], *, head: tuple[int, str] | None = None
) -> list[LedgerEntry]:
    """Write entries in the order given, move the head once and announce them; the caller's transaction holds it all.

    `head` is the ledger's newest (sequence number, hash), read under the same write lock; without it it is read here.
    The first entry gets the next number, and so on. Three statements, however many entries there are.
    """
    if not drafts:
        return []
    seq, previous = head if head is not None else await read_head(conn, district)
    sealed: list[tuple[Entry, str]] = []
    for draft in drafts:
        seq += 1
        entry = _placed(district, draft, seq, previous)
        previous = seal(entry)
        sealed.append((entry, previous))
    await append_all(conn, sealed)
    told = [entry_view(entry, its_hash) for entry, its_hash in sealed]
    await announce_all(conn, district, [(CREDIT_RECOGNISED, CreditRecognised(entry=one)) for one in told])
    return told


def _placed(district: str, draft: Draft, seq: int, previous: str) -> Entry:
    return Entry(
        district=district,
        seq=seq,
        entry_id=draft.entry_id or str(uuid_utils.uuid7()),
        teacher=draft.teacher,
        record=draft.record,
        activity=draft.activity,
        kind=draft.kind,
        generation=draft.generation,
        on=draft.on,
        micro_hours=draft.micro_hours,
        micro_credits=draft.micro_credits,
        hours_unit=draft.hours_unit,
        credits_unit=draft.credits_unit,
        reverses=draft.reverses,
        pack=draft.pack,
        version=draft.version,
        evidence=draft.evidence,
        recorded_us=draft.recorded_us,
        previous=previous,
    )
